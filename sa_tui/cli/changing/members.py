"""Puts system accounts and people into teams, and takes them out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.changing.teams import read_what_they_give
from sa_tui.cli.exits import UsageError
from sa_tui.org.changes.teams import Member, join_team, leave_team

if TYPE_CHECKING:
    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.konnect.models import Team


async def join(command: ChangeCommand) -> Wanted:
    """The memberships that begin; who is in the team already is left out."""
    team, members = await _read(command)
    inside = _inside(command, team)
    return Wanted(
        changes=tuple(join_team(member, team) for member in members if member.id not in inside),
        already=tuple(join_team(member, team) for member in members if member.id in inside),
    )


async def leave(command: ChangeCommand) -> Wanted:
    """The memberships that end; who certainly is not in the team is left out."""
    team, members = await _read(command)
    details = command.snapshot.team_details_of(team.id)
    inside, roles = _inside(command, team), details.roles.value
    parts = {"account": details.accounts, "user": details.users}
    gone = {
        member.id for member in members if member.id not in inside and parts[member.kind].is_whole
    }
    return Wanted(
        changes=tuple(
            leave_team(member, team, roles=roles) for member in members if member.id not in gone
        ),
        already=tuple(leave_team(member, team) for member in members if member.id in gone),
    )


async def _read(command: ChangeCommand) -> tuple[Team, list[Member]]:
    """The team and those who are named, after what the team gives was read."""
    options, org = command.options, command.org
    accounts = command.accounts(command.names)
    if not accounts and not options.people:
        raise UsageError("Name the accounts, or people with --person.")
    (team,) = await command.teams([options.team])
    people = await command.people(options.people)
    await asyncio.gather(
        read_what_they_give(org, [team]),
        org.read_details([account.id for account in accounts], again=True),
        *([org.read_authentication()] if people else ()),
    )
    others = {
        row.id for account in accounts for row in org.snapshot.details_of(account.id).teams.rows
    }
    if len(accounts) == 1:  # what it can do before and after is shown
        await org.read_team_details(sorted(others - {team.id}))
    members = [Member(kind="account", id=one.id, name=one.name) for one in accounts]
    members += [Member(kind="user", id=one.id, name=one.email) for one in people]
    return team, members


def _inside(command: ChangeCommand, team: Team) -> set[str]:
    """The ids of the members of the team, as far as they were read."""
    details = command.snapshot.team_details_of(team.id)
    return {row.id for part in (details.accounts, details.users) for row in part.rows}
