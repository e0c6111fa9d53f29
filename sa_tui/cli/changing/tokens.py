"""Renames access tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.problems import required
from sa_tui.base.text import one_line
from sa_tui.cli.changing.accounts import usable
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import Exit, StoppedError
from sa_tui.cli.finding import find_token_to_change
from sa_tui.org.changes.accounts import rename_token
from sa_tui.org.names import alike_words, looks_like
from sa_tui.org.rotating import NAME_CHARACTERS

if TYPE_CHECKING:
    from sa_tui.cli.changing.command import ChangeCommand


async def rename(command: ChangeCommand) -> Wanted:
    """The new name of a token. Raises StoppedError if another token of the account has it."""
    options = command.options
    account = command.account(options.account)
    await command.org.read_details([account.id], again=True)
    tokens = required(command.snapshot.details_of(account.id).tokens, "tokens")
    token = find_token_to_change(options.token, tokens, account=account)
    name = usable("name", options.name, most=NAME_CHARACTERS)
    change = rename_token(account, token, name=name)
    if name == token.name:
        return Wanted(changes=(), already=(change,))
    others = [row for row in tokens.rows if row.id != token.id]
    if any(row.name == name for row in others):
        raise StoppedError(
            f"Nothing was sent. {account.name} has a token named {one_line(name)} already.",
            code=Exit.CONFLICT,
        )
    alike = looks_like(name, (row.name for row in others))
    return Wanted(changes=(change,), notes=(alike_words(alike),) if alike else ())
