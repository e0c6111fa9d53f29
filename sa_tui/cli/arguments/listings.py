"""The arguments of the commands that list accounts and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import JSON, LISTED, add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_accounts(accounts: ArgumentParser) -> None:
    """Adds those of `accounts`."""
    accounts.epilog = JSON
    accounts.add_argument(
        "--quick",
        action="store_true",
        help="leave out tokens, roles and teams, which take three requests for each account",
    )
    add_output(accounts, formats=LISTED)


def add_tokens(tokens: ArgumentParser) -> None:
    """Adds those of `tokens`."""
    tokens.epilog = JSON
    tokens.add_argument("account", metavar="ACCOUNT", help="name or id of the account")
    add_output(tokens, formats=LISTED)
