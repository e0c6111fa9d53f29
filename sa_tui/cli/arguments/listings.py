"""The arguments of the commands that list accounts and tokens."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.access import QUERY
from sa_tui.cli.arguments.common import JSON, LISTED, add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

_TOKENS = """\
What is the name or the id of an account is taken for that account, anything else for a query. A
query is asked of each token: it finds the tokens that match, such as expired, unused, expires:<14d.
Quotes inside make a query of a name: sa-tui tokens '"ci"'."""


def add_accounts(accounts: ArgumentParser) -> None:
    """Adds those of `accounts`."""
    accounts.formatter_class = RawDescriptionHelpFormatter
    accounts.epilog = f"{QUERY}\n\n{JSON}"
    accounts.add_argument(
        "query", metavar="QUERY", nargs="?", default="", help="the accounts to list"
    )
    accounts.add_argument(
        "--quick",
        action="store_true",
        help="leave out tokens, roles and teams, which take three requests for each account",
    )
    add_output(accounts, formats=LISTED)


def add_tokens(tokens: ArgumentParser) -> None:
    """Adds those of `tokens`."""
    tokens.formatter_class = RawDescriptionHelpFormatter
    tokens.epilog = f"{_TOKENS}\n\n{QUERY}\n\n{JSON}"
    tokens.add_argument(
        "query",
        metavar="ACCOUNT|QUERY",
        nargs="?",
        default="",
        help="an account by name or id, or the tokens to list; all by default",
    )
    add_output(tokens, formats=LISTED)
