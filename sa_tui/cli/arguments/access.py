"""The arguments of the commands that say who can do what."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import JSON, LISTED, add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

QUERY = """\
Queries: words find names, descriptions and ids; field:value asks "can it?", field=value "is it
written so?"; * stands for anything; AND, OR, NOT, -, ! and parentheses as usual. Terms side by side
must match the same grant. Quote the query for the shell; write -- before one that begins with -.
  role:Viewer entity:prod-eu     can view prod-eu, with Admin on everything too
  role:Admin type:cp region:eu   on one grant
  via:"Platform" is:armed        through a team, with a token that works
  can:mint   is:idle team:*   used:never expires:<30d   -has:owner   is:person
Fields about grants: role type entity region via tier; about tokens: token used expires created;
about accounts: name id desc owner team tokens is has can."""


_CHECKS = """\
A file of queries has one on each line; empty lines and those that begin with # are left out. What
is expected is a file of names or ids, one on each line, or an earlier answer with -o json or csv.
With --expect a table shows the differences alone: + found and not expected, - expected and not
found, ? not certain. The exit code is 1 for a certain difference, for a match with --fail-if-found,
or without one with --fail-if-none. Otherwise it is 3 if anything that matters is not certain."""


def add_who(who: ArgumentParser) -> None:
    """Adds those of `who`."""
    who.epilog = f"{QUERY}\n\n{_CHECKS}\n\n{JSON}"
    who.add_argument(
        "query", metavar="QUERY", nargs="?", help="such as 'role:Admin type:cp region:eu'"
    )
    who.add_argument(
        "-f", "--file", metavar="FILE", help="ask every query of a file, - for standard input"
    )
    who.add_argument(
        "--expect", metavar="FILE", help="who is expected to match, - for standard input"
    )
    fails = who.add_mutually_exclusive_group()
    fails.add_argument("--fail-if-found", action="store_true", help="exit 1 if somebody matches")
    fails.add_argument("--fail-if-none", action="store_true", help="exit 1 if nobody matches")
    add_people(who)


def add_access(access: ArgumentParser) -> None:
    """Adds those of `access`."""
    access.epilog = JSON
    access.add_argument(
        "account", metavar="ACCOUNT", help="name or id; with --people also an e-mail address"
    )
    add_people(access)


def add_matrix(matrix: ArgumentParser) -> None:
    """Adds those of `matrix`."""
    matrix.epilog = f"{QUERY}\n\n{JSON}"
    matrix.add_argument(
        "query", metavar="QUERY", nargs="?", default="", help="the accounts to show"
    )
    matrix.add_argument("--by", choices=("type", "role", "region"), default="type")
    matrix.add_argument(
        "--type", default="cp", metavar="TYPE", help="the type whose roles --by role shows"
    )
    add_people(matrix)


def add_people(parser: ArgumentParser) -> None:
    """Adds the option for people, and the formats of the answer."""
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.add_argument(
        "--people", action="store_true", help="people and their tokens as well; see is:person"
    )
    add_output(parser, formats=LISTED)
