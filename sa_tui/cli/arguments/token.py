"""The arguments of `sa-tui token`; none of them takes a secret."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser, ArgumentTypeError
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.changing import add_sending
from sa_tui.cli.arguments.common import FORMATS, LISTED, add_command, add_output

if TYPE_CHECKING:
    from datetime import timedelta

SECRET_FORMATS = ("raw", "env", "json", "k8s")

_ISSUE = """\
The secret goes only to the destination and is never shown. A token that could not be delivered is
revoked again (exit code 6). Put --exec last: everything after it is the command."""

_RETIRE = """\
The old token of a rotation is revoked once its successor works and was handed over, and the old one
has not been used for the idle time since then. Until then the exit code is 7."""


def add_token(token: ArgumentParser) -> None:
    """Adds those of `token` and its verbs."""
    verbs = token.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, help: str, *, formats: tuple[str, ...] = FORMATS) -> ArgumentParser:
        parser = add_command(verbs, name, help)
        parser.add_argument("account", metavar="ACCOUNT", help="name or id of the account")
        if formats:
            add_output(parser, formats=formats)
        return parser

    verb("list", "list the access tokens of a system account", formats=LISTED)
    issue = verb("issue", "issue an access token and hand it over")
    issue.epilog = _ISSUE
    issue.add_argument("--name", required=True, help="the token's name, unique in its account")
    issue.add_argument("--lifetime", required=True, metavar="TIME", help="such as 30d")
    _add_destination(issue)
    rotate = verb("rotate", "issue the successor of a token; the old one keeps working")
    _add_rotate(rotate)
    retire = verb("retire", "revoke the old token of a rotation once it is idle")
    retire.epilog = _RETIRE
    retire.add_argument("token", metavar="TOKEN", help="name or id of the old token")
    _add_idle(retire, default=None)
    _add_yes(retire, "accepted as everywhere: nothing is asked here")
    retire.add_argument("--force", action="store_true", help="revoke it, even if it may be in use")
    _add_confirm(retire)
    _add_dry_run(retire)
    rename = verb("rename", "rename an access token", formats=())
    rename.add_argument("token", metavar="TOKEN", help="name or id of the token")
    rename.add_argument("--name", metavar="NAME", required=True, help="its new name")
    add_sending(rename)
    revoke = verb("revoke", "revoke access tokens of a system account")
    revoke.add_argument(
        "tokens", metavar="TOKEN", nargs="+", help="name or id of a token; - for a list"
    )
    _add_yes(revoke, "revoke it without a question")
    _add_confirm(revoke)
    _add_dry_run(revoke)


def _add_rotate(rotate: ArgumentParser) -> None:
    rotate.epilog = _ISSUE
    rotate.add_argument("token", metavar="TOKEN", help="name or id of the old token")
    rotate.add_argument(
        "--name", help="the successor's name; by default the next one, such as ci-4"
    )
    rotate.add_argument(
        "--lifetime", metavar="TIME", help="such as 30d; by default the old token's"
    )
    _add_idle(rotate, default="24h")
    _add_destination(rotate)


def _add_destination(parser: ArgumentParser) -> None:
    where = parser.add_argument_group("where the secret goes (one of)")
    one = where.add_mutually_exclusive_group(required=True)
    one.add_argument(
        "--to", metavar="NAME", help="a destination of profiles.toml, or a ready-made one"
    )
    one.add_argument("--to-file", metavar="PATH", help="a new file that you alone may read")
    one.add_argument(
        "--stdout", action="store_true", help="standard output, which gets nothing else"
    )
    one.add_argument(
        "--exec",
        nargs=REMAINDER,
        metavar="COMMAND",
        help="a program that gets it on standard input; the rest of the line, no shell",
    )
    where.add_argument(
        "--format", choices=SECRET_FORMATS, default="raw", help="of the file; raw is the default"
    )
    where.add_argument("--variable", metavar="NAME", help="the variable in a file of format env")
    where.add_argument("--force", action="store_true", help="with --stdout, also on a terminal")
    parser.add_argument(
        "--revoke-lost",
        action="store_true",
        help="revoke the new token if Konnect's answer with its secret was lost",
    )
    _add_yes(parser, "accepted as everywhere: nothing is asked here")
    _add_confirm(parser)
    _add_dry_run(parser)


def _add_yes(parser: ArgumentParser, help: str) -> None:
    parser.add_argument("-y", "--yes", action="store_true", help=help)


def _add_confirm(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--confirm",
        metavar="ACCOUNT",
        help="name or id of the account again, where a warning asks for it",
    )


def _add_idle(parser: ArgumentParser, *, default: str | None) -> None:
    parser.add_argument(
        "--idle",
        type=_idle,
        metavar="TIME",
        default=default,
        help="how long the old token must be unused, such as 24h"
        + (" (the default)" if default else "; by default as the rotation says"),
    )


def _add_dry_run(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="print the request as curl and send nothing"
    )


def _idle(text: str) -> timedelta:
    from sa_tui.org.rotating import parse_idle

    try:
        return parse_idle(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
