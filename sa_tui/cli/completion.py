"""Prints a completion script, made from the parser itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shtab

from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.completion_names import PREAMBLES, complete_names
from sa_tui.cli.exits import Exit

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import Environment

_ZSH_CONDITION = "[[ $zsh_eval_context[-1] == eval ]]"
"""How shtab's script tells that it is evaluated and not autoloaded; it misses being sourced."""
_ZSH_EVALUATED = "[[ $zsh_eval_context[-1] == (eval|file|filecode) ]]"
_ZSH_NEEDS = """\
  if (( ! $+functions[compdef] )); then  # completion is not on yet
    autoload -Uz compinit && compinit -i
  fi
"""


def run_completion(options: Namespace, env: Environment) -> int:
    """Writes the script for one shell."""
    parser = build_parser()
    complete_names(parser)
    preamble = PREAMBLES.get(options.shell, "")
    script = shtab.complete(parser, shell=options.shell, preamble=preamble)
    env.put(_sourceable(script) if options.shell == "zsh" else script)
    return Exit.DONE


def _sourceable(script: str) -> str:
    """The script for zsh, so that `source <(sa-tui completion zsh)` works as well."""
    condition = f"{_ZSH_CONDITION}; then\n"
    return script.replace(condition, f"{_ZSH_EVALUATED}; then\n{_ZSH_NEEDS}")
