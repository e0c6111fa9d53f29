"""What the arguments of every command are made of; an option means the same everywhere.

The rule it keeps: only argparse is imported, so that `--help` and `--version` are fast.
"""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace, _SubParsersAction

    from sa_tui.demo.faults import Fault

    Commands = _SubParsersAction[Any]

FORMATS = ("table", "json")
LISTED = ("table", "json", "csv", "md")
"""The formats of a command that lists something."""

JSON = """\
With -o json, a value that is not known is null, and its name is listed in "unknown". Otherwise null
means that there is none, such as the expiry of a token that never expires. CSV has ? and nothing.
Unless "complete" is true, something is missing: "incomplete" says what, and the exit code is 3.
Times are UTC. `sa-tui schema COMMAND` prints the JSON Schema."""


def add_command(commands: Commands, name: str, help: str, *, level: int = 2) -> ArgumentParser:
    """Adds a command, or at level 2 a verb of one, with the options that every command has."""
    parser: ArgumentParser = commands.add_parser(
        name, help=help, description=f"{help[0].upper()}{help[1:]}.", allow_abbrev=False
    )
    add_choice(parser, level=level)
    return parser


def add_choice(parser: ArgumentParser, *, level: int) -> None:
    """Adds the options that every command has.

    None has a default: the default of a command would replace what was given before it.
    """
    which = parser.add_argument_group("which organisation")
    which.add_argument(
        "--demo",
        action="store_true",
        default=SUPPRESS,
        help="a demo organisation, without a network",
    )
    which.add_argument("--profile", metavar="NAME", default=SUPPRESS, help="the profile to use")
    which.add_argument(
        "--from",
        metavar="FILE",
        dest="from_file",
        default=SUPPRESS,
        help="a file of `sa-tui snapshot` instead of Konnect, for what only reads",
    )
    which.add_argument(
        "--read-only", action="store_true", default=SUPPRESS, help="refuse to change anything"
    )
    which.add_argument(
        "--config", metavar="DIR", default=SUPPRESS, help="the directory of profiles.toml"
    )
    parser.add_argument(
        "--max-wait",
        type=_seconds,
        metavar="SECONDS",
        default=SUPPRESS,
        help="how long one request of a command may wait for Konnect: 300 is the default",
    )
    add_demo_options(parser, level=level, is_told=level == 0)


def add_demo_options(parser: ArgumentParser, *, level: int, is_told: bool = True) -> None:
    """Adds those that shape the demo organisation; the help says so only if it `is_told`."""
    demo = parser.add_argument_group("the demo organisation")

    def told(text: str) -> str:
        return text if is_told else SUPPRESS

    demo.add_argument(
        "--accounts",
        type=_count,
        metavar="N",
        default=SUPPRESS,
        help=told("how many system accounts"),
    )
    demo.add_argument(
        "--latency", type=_count, metavar="MS", default=SUPPRESS, help=told("how long answers take")
    )
    demo.add_argument(
        "--seed", type=int, metavar="N", default=SUPPRESS, help=told("another seed for its company")
    )
    demo.add_argument(
        "--odd",
        action="store_true",
        default=SUPPRESS,
        help=told("add names that attack a terminal and times that nothing can parse"),
    )
    demo.add_argument(
        "--fault",
        type=_fault,
        metavar="KIND[:METHOD[:PATH[:TIMES]]]",
        dest=f"faults_{level}",
        action="append",
        default=SUPPRESS,
        help=told(
            "make requests fail: 403, 404, 409, 429, 500, 503, cut-before, cut-after, slow-body, "
            "malformed"
        ),
    )


def add_output(parser: ArgumentParser, *, formats: tuple[str, ...] = FORMATS) -> None:
    """Adds the option for the format of the output."""
    parser.add_argument(
        "-o", "--output", choices=formats, default="table", help="table is the default"
    )
    if "csv" in formats:
        parser.add_argument(
            "--all-columns",
            action="store_true",
            help="every column of a table, in full; CSV always has them all",
        )


def faults_of(options: Namespace) -> tuple[Fault, ...]:
    """The faults that --fault asks for, before or after the command, in their order."""
    levels = (getattr(options, f"faults_{level}", ()) for level in range(3))
    return tuple(fault for faults in levels for fault in faults)


def _seconds(text: str) -> float:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    raise ArgumentTypeError(f"{text!r} is not a number of seconds")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def _fault(text: str) -> Fault:
    from sa_tui.demo.faults import parse_fault

    try:
        return parse_fault(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
