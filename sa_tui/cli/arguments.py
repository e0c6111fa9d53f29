"""The arguments of `sa-tui`; an option means the same before and after a command.

The rule it keeps: only argparse is imported, so that `--help` and `--version` are fast.
"""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

import sa_tui
from sa_tui.cli.exits import MEANINGS, MisusedError
from sa_tui.cli.token_arguments import add_token

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from sa_tui.cli.token_arguments import Commands
    from sa_tui.demo.faults import Fault

SHELLS = ("bash", "zsh", "fish", "tcsh")

_DESCRIPTION = """\
System accounts of a Kong Konnect organisation, in a terminal.
Without a command it opens the application; the commands do without one."""

_ENVIRONMENT = """\
environment:
  SA_TUI_PROFILE  the profile, unless --profile names one
  SA_TUI_CONFIG   the directory of profiles.toml, unless --config names one
  SA_TUI_COPY_COMMAND  your own program for the clipboard: copies its input
  Without a profile, what other tools use is found: KONNECT_SPAT, KONNECT_TOKEN, kongctl, decK."""


_JSON = """\
With -o json, a value that is not known is null, and its name is listed in "unknown". Otherwise null
means that there is none, such as the expiry of a token that never expires. CSV has ? and nothing.
Unless "complete" is true, something is missing: "incomplete" says what, and the exit code is 3.
Times are UTC. `sa-tui schema COMMAND` prints the JSON Schema."""

_FORMATS = ("table", "json", "csv", "md")

_QUERY = """\
Queries: words find names, descriptions and ids; field:value asks "can it?", field=value "is it
written so?"; * stands for anything; AND, OR, NOT, -, ! and parentheses as usual. Terms side by side
must match the same grant. Quote the query for the shell; write -- before one that begins with -.
  role:Viewer entity:prod-eu     can view prod-eu, with Admin on everything too
  role:Admin type:cp region:eu   on one grant
  via:"Platform" is:armed        through a team, with a token that works
  can:mint   is:idle team:*   used:never expires:<30d   -has:owner   is:person
Fields about grants: role type entity region via tier; about tokens: token used expires created;
about accounts: name id desc owner team tokens is has can."""


class Parser(ArgumentParser):
    """A parser that raises its errors: JSON needs them as well."""

    def error(self, message: str) -> NoReturn:
        """Raises MisusedError."""
        command = self.prog.partition(" ")[2]
        raise MisusedError(message, usage=self.format_usage(), command=command)


def build_parser() -> ArgumentParser:
    """The parser of the whole command line; it raises MisusedError."""
    codes = "\n".join(f"  {code.value:<4}{meaning}" for code, meaning in MEANINGS.items())
    parser = Parser(
        "sa-tui",
        description=_DESCRIPTION,
        epilog=f"{_ENVIRONMENT}\n\nexit codes:\n{codes}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sa-tui {sa_tui.__version__}")
    _add_choice(parser, level=0)
    parser.add_argument(
        "--unsafe-debug",
        action="store_true",
        help="let Textual's debugging write what is on the screen to files",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_accounts(commands)
    _add_access(commands)
    add_token(commands, command=_command, add_output=_add_output)
    _add_profiles(commands)
    _add_demo(commands)
    completion = _command(commands, "completion", "print a completion script for a shell")
    completion.add_argument("shell", choices=SHELLS)
    info = _command(commands, "info", "show paths, versions and the features of this terminal")
    _add_output(info)
    schema = _command(commands, "schema", "print the JSON Schema of what a command writes as JSON")
    schema.add_argument(
        "of", metavar="COMMAND", nargs="*", help="such as who or token list; all of them by default"
    )
    return parser


def asks_for_json(argv: Sequence[str]) -> bool:
    """Whether a command line that cannot be parsed asks for JSON, and not for a secret."""
    words = list(argv)
    for end in ("--exec", "--"):  # what follows is another program's
        words = words[: words.index(end)] if end in words else words
    is_asked = any(pair in (("-o", "json"), ("--output", "json")) for pair in pairwise(words))
    is_asked = is_asked or not {"-ojson", "--output=json"}.isdisjoint(words)
    return is_asked and "--stdout" not in words


def faults_of(options: Namespace) -> tuple[Fault, ...]:
    """The faults that --fault asks for, before or after the command, in their order."""
    levels = (getattr(options, f"faults_{level}", ()) for level in range(3))
    return tuple(fault for faults in levels for fault in faults)


def _add_accounts(commands: Commands) -> None:
    accounts = _command(commands, "accounts", "list the system accounts")
    accounts.epilog = _JSON
    accounts.add_argument(
        "--quick",
        action="store_true",
        help="leave out tokens, roles and teams, which take three requests for each account",
    )
    _add_output(accounts, formats=_FORMATS)
    tokens = _command(commands, "tokens", "list the access tokens of a system account")
    tokens.epilog = _JSON
    tokens.add_argument("account", metavar="ACCOUNT", help="name or id of the account")
    _add_output(tokens, formats=_FORMATS)


def _add_access(commands: Commands) -> None:
    who = _command(commands, "who", "find the accounts that can do something, and through what")
    who.epilog = f"{_QUERY}\n\n{_JSON}"
    who.add_argument("query", metavar="QUERY", help="such as 'role:Admin type:cp region:eu'")
    access = _command(commands, "access", "list everything that an account can do, and why")
    access.epilog = _JSON
    access.add_argument(
        "account", metavar="ACCOUNT", help="name or id; with --people also an e-mail address"
    )
    matrix = _command(commands, "matrix", "show the accounts by type, role or region")
    matrix.epilog = f"{_QUERY}\n\n{_JSON}"
    matrix.add_argument(
        "query", metavar="QUERY", nargs="?", default="", help="the accounts to show"
    )
    matrix.add_argument("--by", choices=("type", "role", "region"), default="type")
    matrix.add_argument(
        "--type", default="cp", metavar="TYPE", help="the type whose roles --by role shows"
    )
    for parser in (who, access, matrix):
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument(
            "--people", action="store_true", help="people and their tokens as well; see is:person"
        )
        _add_output(parser, formats=_FORMATS)


def _add_profiles(commands: Commands) -> None:
    profiles = _command(commands, "profiles", "list, add, test and remove profiles")
    verbs = profiles.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_output(_command(verbs, "list", "list the profiles, and what other tools use", level=2))
    test = _command(verbs, "test", "ask Konnect whose token a profile has", level=2)
    test.add_argument(
        "name", metavar="NAME", nargs="?", help="the profile; by default the one that is chosen"
    )
    _add_output(test)
    remove = _command(verbs, "remove", "forget a profile; its token stays where it is", level=2)
    remove.add_argument("name", metavar="NAME")
    _add_new_profile(_command(verbs, "add", "test a new profile and keep it", level=2))


def _add_new_profile(add: ArgumentParser) -> None:
    add.add_argument("name", metavar="NAME")
    add.add_argument("--base-url", metavar="URL", default=SUPPRESS, help="Konnect's global address")
    add.add_argument(
        "--regional-url", metavar="URL", default=SUPPRESS, help="the pattern with {region}"
    )
    add.add_argument(
        "--region",
        metavar="REGION",
        dest="regions",
        action="append",
        default=SUPPRESS,
        help="a region to use, such as eu; repeatable",
    )
    add.add_argument("--label", default=SUPPRESS, help="shown at the top, such as PROD")
    add.add_argument("--colour", "--color", dest="colour", default=SUPPRESS)
    add.add_argument("--page-size", type=int, metavar="ROWS", default=SUPPRESS)
    add.add_argument(
        "--timeout", type=float, metavar="SECONDS", dest="timeout_seconds", default=SUPPRESS
    )
    add.add_argument(
        "--concurrency", type=int, metavar="N", default=SUPPRESS, help="reads at once, 1 to 16"
    )
    add.add_argument("--ca-bundle", metavar="FILE", default=SUPPRESS)
    add.add_argument("--default", action="store_true", help="make it the default profile")
    add.add_argument("--no-test", action="store_true", help="keep it without asking Konnect")
    where = add.add_argument_group("where the token is kept (one of)")
    source = where.add_mutually_exclusive_group(required=True)
    source.add_argument("--env", metavar="VARIABLE", help="an environment variable")
    source.add_argument("--token-file", metavar="FILE", help="a file that you alone may read")
    source.add_argument(
        "--command",
        metavar="COMMAND",
        dest="token_command",
        help="a program and its arguments in one quoted text; no shell",
    )
    source.add_argument("--keyring", metavar="SERVICE", help="the system's keyring")
    source.add_argument("--kongctl", metavar="PROFILE", help="a profile of kongctl, read in place")
    where.add_argument("--username", metavar="USER", help="with --keyring")


def _add_demo(commands: Commands) -> None:
    demo = _command(commands, "demo", "serve the demo organisation to any Konnect client")
    verbs = demo.add_subparsers(dest="verb", metavar="VERB", required=True)
    serve = verbs.add_parser(
        "serve", help="serve on a loopback socket until interrupted", allow_abbrev=False
    )
    serve.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    _add_demo_options(serve, level=2)
    _add_output(serve)


def _command(commands: Commands, name: str, help: str, *, level: int = 1) -> ArgumentParser:
    parser: ArgumentParser = commands.add_parser(
        name, help=help, description=f"{help[0].upper()}{help[1:]}.", allow_abbrev=False
    )
    _add_choice(parser, level=level)
    return parser


def _add_choice(parser: ArgumentParser, *, level: int) -> None:
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
    _add_demo_options(parser, level=level)


def _seconds(text: str) -> float:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    raise ArgumentTypeError(f"{text!r} is not a number of seconds")


def _add_demo_options(parser: ArgumentParser, *, level: int) -> None:
    demo = parser.add_argument_group("the demo organisation")
    demo.add_argument(
        "--accounts", type=_count, metavar="N", default=SUPPRESS, help="how many system accounts"
    )
    demo.add_argument(
        "--latency", type=_count, metavar="MS", default=SUPPRESS, help="how long answers take"
    )
    demo.add_argument(
        "--seed", type=int, metavar="N", default=SUPPRESS, help="another seed, another company"
    )
    demo.add_argument(
        "--odd",
        action="store_true",
        default=SUPPRESS,
        help="add names that attack a terminal and times that nothing can parse",
    )
    demo.add_argument(
        "--fault",
        type=_fault,
        metavar="KIND[:METHOD[:PATH[:TIMES]]]",
        dest=f"faults_{level}",
        action="append",
        default=SUPPRESS,
        help="make requests fail: 429, 500, 503, cut-before, cut-after, slow-body, malformed",
    )


def _add_output(parser: ArgumentParser, *, formats: tuple[str, ...] = ("table", "json")) -> None:
    parser.add_argument(
        "-o", "--output", choices=formats, default="table", help="table is the default"
    )
    if "csv" in formats:
        parser.add_argument(
            "--all-columns",
            action="store_true",
            help="every column of a table, in full; CSV always has them all",
        )


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
