"""Prints a completion script, made from the parser itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shtab

from sa_tui.cli.arguments import build_parser
from sa_tui.cli.exits import Exit

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from sa_tui.cli.world import World

_PATHS = {"token_file": shtab.FILE, "ca_bundle": shtab.FILE, "config": shtab.DIRECTORY}


def run_completion(options: Namespace, world: World) -> int:
    """Writes the script for one shell."""
    parser = build_parser()
    _complete_paths(parser)
    world.put(shtab.complete(parser, shell=options.shell))
    return Exit.DONE


def _complete_paths(parser: ArgumentParser) -> None:
    for action in parser._actions:
        if action.dest in _PATHS:
            action.complete = _PATHS[action.dest]  # type: ignore[attr-defined]
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                _complete_paths(command)
