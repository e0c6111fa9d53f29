"""Creates, edits and deletes system accounts.

The rule it keeps: what needs no change is not sent. A name that is taken by
something else is never used for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.base.typable import is_typable
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.org.changes.accounts import (
    create_account,
    delete_account,
    describe_account,
    rename_account,
)
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.names import alike_words, looks_like

if TYPE_CHECKING:
    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.changes.change import Change


async def create(command: ChangeCommand) -> Wanted:
    """The accounts that are to be created; one of the same name and description is there already.

    Raises StoppedError if a name is taken by an account with another description.
    """
    description, changes, already, notes = command.options.description, [], [], []
    for new_name in dict.fromkeys(usable("name", name) for name in command.names):
        if (namesake := account_named(command, new_name)) is None:
            changes.append(create_account(new_name, description=description or ""))
            notes += alike_note(command, new_name)
            continue
        if description not in (None, namesake.description):
            raise taken(
                namesake,
                f"with another description: {one_line(namesake.description) or 'none'}. "
                f"To change that: sa-tui account edit {namesake.id} --description TEXT",
            )
        there = NewId("account", key=new_name, value=namesake.id)
        already.append(create_account(new_name, description=namesake.description, makes=there))
    return Wanted(changes=tuple(changes), already=tuple(already), notes=tuple(notes))


async def edit(command: ChangeCommand) -> Wanted:
    """The new name and the new description of an account, as far as they differ."""
    options = command.options
    account, name, description = (
        command.account(options.name),
        options.new_name,
        options.description,
    )
    if name is None and description is None:
        raise UsageError("Say what is to be changed: --name, --description or both.")
    changes: list[Change] = []
    already: list[Change] = []
    notes: list[str] = []
    # The description goes first: its title calls the account by the name that it still has.
    if description is not None:
        text = usable("description", description, least=0)
        wanted = already if text == account.description else changes
        wanted.append(describe_account(account, description=text))
    if name is not None:
        new_name = usable("name", name)
        namesake = account_named(command, new_name)
        if namesake is not None and namesake.id != account.id:
            raise taken(namesake)
        wanted = already if new_name == account.name else changes
        wanted.append(rename_account(account, name=new_name))
        notes += alike_note(command, new_name, but=account)
    title = f"Edit system account {account.name}" if len(changes) > 1 else ""
    return Wanted(changes=tuple(changes), already=tuple(already), notes=tuple(notes), title=title)


async def delete(command: ChangeCommand) -> Wanted:
    """The accounts that are to be deleted, after what is lost with them was read."""
    from sa_tui.access.stakes import read_powers
    from sa_tui.org.reading.entities import unread_listings
    from sa_tui.org.reading.naming import read_lists

    org, accounts = command.org, command.accounts(command.names)
    ids = [account.id for account in accounts]
    await org.read_details(ids, again=True)
    await read_powers(org, ids)
    roles = [role for id in ids for role in org.snapshot.details_of(id).roles.rows]
    await read_lists(org, unread_listings(roles, org.snapshot), roles)
    snapshot = command.snapshot
    return Wanted(
        changes=tuple(
            delete_account(account, snapshot.details_of(account.id)) for account in accounts
        )
    )


def account_named(command: ChangeCommand, name: str) -> SystemAccount | None:
    """The account of exactly this name, if it was listed."""
    rows = command.snapshot.accounts.rows
    return next((account for account in rows if account.name == name), None)


def taken(namesake: SystemAccount, how: str = "") -> StoppedError:
    """The error that a name is taken."""
    text = f"There is an account named {one_line(namesake.name)} already ({namesake.id})"
    return StoppedError(f"Nothing was sent. {text} {how}".rstrip(), code=Exit.CONFLICT)


def alike_note(command: ChangeCommand, name: str, but: SystemAccount | None = None) -> list[str]:
    """A warning, if another account could be mistaken for the one of this name."""
    rows = command.snapshot.accounts.rows
    others = (row.name for row in rows if but is None or row.id != but.id)
    return [alike_words(alike)] if (alike := looks_like(name, others)) else []


def usable(what: str, text: str, *, least: int = 1, most: int | None = None) -> str:
    """The text without blanks at its ends. Raises UsageError if it cannot be a name or the like."""
    text = text.strip()
    is_short = most is None or len(text) <= most
    if len(text) >= least and is_short and is_typable(text):
        return text
    limit = f"{least} to {most}" if most is not None else "1 or more" if least else "only"
    raise UsageError(
        f"The {what} {one_line(text)!r} cannot be used: give {limit} printable characters."
    )
