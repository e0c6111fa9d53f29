"""Renames access tokens, and revokes several of an account at once."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.stakes import read_powers
from sa_tui.answers.problems import required
from sa_tui.base.text import one_line
from sa_tui.cli.changing.accounts import usable
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import Exit, StoppedError
from sa_tui.cli.finding import find_token_to_change
from sa_tui.org.changes.accounts import rename_token, revoke_token
from sa_tui.org.names import alike_words, looks_like
from sa_tui.org.rotating import NAME_CHARACTERS
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.org.changes.change import Outcome
    from sa_tui.records.journal import Journal
    from sa_tui.records.rotations import Rotations


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


async def revoke(command: ChangeCommand) -> Wanted:
    """The tokens of an account that are to be revoked."""
    account = command.account(command.options.account)
    await command.org.read_details([account.id], again=True)
    await read_powers(command.org, [account.id])
    tokens = required(command.snapshot.details_of(account.id).tokens, "tokens")
    found = (find_token_to_change(name, tokens, account=account) for name in command.names)
    each = {token.id: token for token in found}.values()
    return Wanted(
        changes=tuple(revoke_token(account, token) for token in each),
        on_sent=partial(_note_all, command),
    )


def _note_all(command: ChangeCommand, outcomes: Sequence[Outcome]) -> None:
    base_url, records = command.profile.base_url, command.records
    for outcome in outcomes:
        ids = outcome.change.ids
        if outcome.is_good and ids.token_id is not None and ids.account_id is not None:
            close_entries(ids.token_id, base_url=base_url, journal=records.journal)
            end_rotations(
                ids.token_id,
                account_id=ids.account_id,
                base_url=base_url,
                rotations=records.rotations,
            )


def close_entries(token_id: str, *, base_url: str, journal: Journal) -> None:
    """Closes the journal's entries about a token that no longer works."""
    with suppress(JournalError):
        for entry in journal.unfinished(base_url=base_url):
            if entry.label.token_id == token_id:
                journal.revoked(entry.id)


def end_rotations(token_id: str, *, account_id: str, base_url: str, rotations: Rotations) -> None:
    """Ends the rotation of an old token that is revoked: there is nothing left to replace."""
    for rotation in rotations.in_progress(base_url=base_url, account_id=account_id):
        if rotation.old_id == token_id:
            with suppress(JournalError):
                rotations.end(rotation.id, "revoked")
