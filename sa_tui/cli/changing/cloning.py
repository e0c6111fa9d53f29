"""Creates an account with the roles and teams of another, in one go.

The rule it keeps: an account that has the name already gets nothing, unless --existing says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.doubts import doubts
from sa_tui.base.text import one_line
from sa_tui.base.words import plural
from sa_tui.cli.changing.accounts import account_named, alike_note, taken, usable
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.changing.teams import read_what_they_give
from sa_tui.org.changes.accounts import create_account
from sa_tui.org.changes.cloning import lacking
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.reading.entities import unread_listings
from sa_tui.org.reading.naming import read_lists
from sa_tui.org.snapshot import UNREAD_DETAILS

if TYPE_CHECKING:
    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.changes.cloning import Lacking


async def clone(command: ChangeCommand) -> Wanted:
    """The new account, and the roles and teams that the other one has.

    Raises StoppedError if the name is taken by an account that lacks some of them.
    """
    options = command.options
    like, name = command.account(options.name), usable("name", options.new_name)
    namesake = account_named(command, name)
    if namesake is not None and namesake.id == like.id:
        raise taken(namesake)
    await _read(command, like, namesake)
    snapshot = command.snapshot
    held = UNREAD_DETAILS if namesake is None else snapshot.details_of(namesake.id)
    lacks = lacking(snapshot, like, held)
    notes = _unknown(command, like, lacks)
    if namesake is None:
        description = like.description if options.description is None else options.description
        new = NewId("account", key=name)
        creation = create_account(name, description=description, makes=new)
        return Wanted(
            changes=(creation, *lacks.changes_for_new(new)),
            notes=(*notes, *alike_note(command, name)),
            title=f"Create system account {name} like {like.name}",
        )
    there = NewId("account", key=name, value=namesake.id)
    already = (create_account(name, description=namesake.description, makes=there),)
    changes = lacks.changes_for(namesake)
    if changes and not options.existing:
        how = f"and it lacks {plural(len(changes), 'role or team', 'roles and teams')}"
        raise taken(namesake, f"{how} of {one_line(like.name)}. To give it those, add --existing")
    return Wanted(changes=tuple(changes), already=already, notes=tuple(notes))


async def _read(
    command: ChangeCommand, like: SystemAccount, namesake: SystemAccount | None
) -> None:
    """Reads what the accounts hold, through teams as well, and the names of the entities."""
    org = command.org
    ids = [account.id for account in (like, namesake) if account is not None]
    await org.read_details(ids, again=True)
    await org.read_teams()
    details = org.snapshot.details_of(like.id)
    await read_what_they_give(org, details.teams.rows)
    roles = details.roles.rows
    await read_lists(org, unread_listings(roles, org.snapshot), roles)


def _unknown(command: ChangeCommand, like: SystemAccount, lacks: Lacking) -> list[str]:
    """What may be missing from the copy, in sentences."""
    details = command.snapshot.details_of(like.id)
    unknown = [f"{like.name}: {doubt}." for doubt in doubts(details, "roles", "teams")]
    if lacks.left_out:
        roles = plural(lacks.left_out, "role")
        unknown.append(f"{roles} could not be read in full and are left out.")
    return unknown
