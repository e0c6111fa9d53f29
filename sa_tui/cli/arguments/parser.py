"""The parser of `sa-tui`, of all commands or of those that a command line names.

The rule it keeps: only argparse is imported, so that `--help` and `--version` are fast.
"""

from __future__ import annotations

from argparse import ArgumentParser, HelpFormatter, RawDescriptionHelpFormatter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn

import sa_tui
from sa_tui.cli.arguments.common import add_choice, add_command
from sa_tui.cli.commands import COMMANDS, load
from sa_tui.cli.exits import MEANINGS, MisusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_DESCRIPTION = """\
System accounts of a Kong Konnect organisation, in a terminal.
Without a command it opens the application; the commands do without one."""

_ENVIRONMENT = """\
environment:
  SA_TUI_PROFILE  the profile, unless --profile names one
  SA_TUI_CONFIG   the directory of profiles.toml, unless --config names one
  SA_TUI_COPY_COMMAND  your own program for the clipboard: copies its input
  Without a profile, what other tools use is found: KONNECT_SPAT, KONNECT_TOKEN, kongctl, decK."""


class Parser(ArgumentParser):
    """A parser that raises its errors: JSON needs them as well.

    It measures the terminal only when it prints something.
    """

    _width = 80

    def _get_formatter(self) -> HelpFormatter:
        """What argparse makes for each argument that is added, to look at its metavar."""
        return self.formatter_class(prog=self.prog, width=self._width)  # type: ignore[call-arg]

    def format_help(self) -> str:
        """The help, as wide as the terminal."""
        return self._as_wide_as_the_terminal(super().format_help)

    def format_usage(self) -> str:
        """The usage, as wide as the terminal."""
        return self._as_wide_as_the_terminal(super().format_usage)

    def _as_wide_as_the_terminal(self, form: Callable[[], str]) -> str:
        import shutil

        self._width = shutil.get_terminal_size().columns - 2
        return form()

    def error(self, message: str) -> NoReturn:
        """Raises MisusedError, whose message repeats no token that was given."""
        from sa_tui.base.secrets import redact

        command = self.prog.partition(" ")[2]
        raise MisusedError(redact(message), usage=self.format_usage(), command=command)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The options, with names that stand only behind options: argparse would leave those."""
        options, rest = super().parse_known_args(args, namespace)
        name = self.get_default("takes_rest")
        is_free = name is not None and rest and not getattr(options, name)
        if is_free and (rest[0] == "--" or all(w == "-" or w[:1] != "-" for w in rest)):
            setattr(options, name, rest[rest[0] == "--" :])
            rest = []
        return options, rest


def build_parser(words: Collection[str] | None = None) -> ArgumentParser:
    """The parser of the whole command line; it raises MisusedError.

    With `words`, only the commands that are among them are known, which is faster.
    """
    codes = "\n".join(f"  {code.value:<4}{meaning}" for code, meaning in MEANINGS.items())
    parser = Parser(
        "sa-tui",
        description=_DESCRIPTION,
        epilog=f"{_ENVIRONMENT}\n\nexit codes:\n{codes}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sa-tui {sa_tui.__version__}")
    add_choice(parser, level=0)
    parser.add_argument(
        "--unsafe-debug",
        action="store_true",
        help="let Textual's debugging write what is on the screen to files",
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog="sa-tui"
    )
    for command in COMMANDS:
        if words is None or command.name in words:
            load(command.arguments)(add_command(commands, command.name, command.help, level=1))
    return parser


def asks_for_json(argv: Sequence[str]) -> bool:
    """Whether a command line that cannot be parsed asks for JSON, and not for a secret."""
    words = list(argv)
    for end in ("--exec", "--"):  # what follows is another program's
        words = words[: words.index(end)] if end in words else words
    is_asked = any(pair in (("-o", "json"), ("--output", "json")) for pair in pairwise(words))
    is_asked = is_asked or not {"-ojson", "--output=json"}.isdisjoint(words)
    return is_asked and "--stdout" not in words
