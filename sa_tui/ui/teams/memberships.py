"""Reviewing who joins and who leaves teams, from any page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.words import short_id
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS
from sa_tui.ui.teams.reading import read_names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.konnect.models import SystemAccount, Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.teams import Member
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host, Then


@dataclass(frozen=True, kw_only=True)
class Move:
    """One membership that begins or ends."""

    member: Member
    team: Team
    joins: bool

    @property
    def target(self) -> Target:
        """The target of the verb that joins or leaves."""
        is_account = self.member.kind == "account"
        return Target(
            account_id=self.member.id if is_account else None,
            user_id=None if is_account else self.member.id,
            team_id=self.team.id,
        )


def why_not_move(host: Host, moves: Sequence[Move]) -> str:
    """Why one of these cannot be made, in a sentence; empty when all can."""
    joining = [move.target for move in moves if move.joins]
    leaving = [move.target for move in moves if not move.joins]
    reasons = [guards.why_not(host, verbs.JOIN_TEAM, joining) if joining else ""]
    reasons += [guards.why_not(host, verbs.LEAVE_TEAM, leaving) if leaving else ""]
    return next(filter(None, reasons), "")


def end_memberships(host: Host, team: Team, members: Sequence[Member]) -> None:
    """Reviews removing these members from the team."""
    review_members(host, team, [Move(member=member, team=team, joins=False) for member in members])


def review_members(
    host: Host, team: Team, moves: Sequence[Move], *, then: Then | None = None
) -> None:
    """Reviews who joins and who leaves one team."""
    if reason := why_not_move(host, moves):
        host.say(reason, is_error=True)
    elif host.org is not None and moves:
        host.say(f"Reading what {team.title} gives…")
        host.run_worker(_review_members(host, host.org, team, moves, then), group=DETAILS)


async def _review_members(
    host: Host, org: Org, team: Team, moves: Sequence[Move], then: Then | None
) -> None:
    screen = host.screen
    account_ids = [move.member.id for move in moves if move.member.kind == "account"]
    only_account = org.snapshot.account(account_ids[0]) if len(moves) == 1 and account_ids else None
    await org.read_team_details([team.id], again=True)
    if only_account is not None:
        await _read_of_one(org, only_account)
    if host.screen is not screen:
        return

    _review(host, f"Change who belongs to team {team.title}?", moves, then=then)
    read_names_of(host, org, [team])


def review_teams(
    host: Host, account: SystemAccount, moves: Sequence[Move], *, then: Then | None = None
) -> None:
    """Reviews which teams one account joins and leaves."""
    if reason := why_not_move(host, moves):
        host.say(reason, is_error=True)
    elif host.org is not None and moves:
        host.say(f"Reading what {account.name} can do…")
        host.run_worker(_review_teams(host, host.org, account, moves, then), group=DETAILS)


async def _review_teams(
    host: Host, org: Org, account: SystemAccount, moves: Sequence[Move], then: Then | None
) -> None:
    screen = host.screen
    await _read_of_one(org, account, more_team_ids=[move.team.id for move in moves])
    if host.screen is not screen:
        return
    _review(host, f"Change the teams of {account.name}?", moves, then=then)
    read_names_of(host, org, (move.team for move in moves))


def review_many(
    host: Host, moves: Sequence[Move], *, then: Then | None = None, notes: Sequence[str] = ()
) -> None:
    """Reviews which teams several accounts join and leave."""
    if host.org is None:
        return
    if reason := why_not_move(host, moves):
        host.say(reason, is_error=True)
    elif moves:
        host.say("Reading what these teams give…")
        host.run_worker(_review_many(host, host.org, moves, then, notes), group=DETAILS)
    else:
        host.say("All of them are in these teams already.")


async def _review_many(
    host: Host, org: Org, moves: Sequence[Move], then: Then | None, notes: Sequence[str]
) -> None:
    screen = host.screen
    teams = {move.team.id: move.team for move in moves}
    await org.read_team_details(teams, again=True)
    if host.screen is not screen:
        return
    account_count = len({move.member.id for move in moves})
    title = f"Change the teams of {account_count} accounts?"
    _review(host, title, moves, then=then, notes=notes)
    read_names_of(host, org, teams.values())


def _review(
    host: Host,
    title: str,
    moves: Sequence[Move],
    *,
    then: Then | None,
    notes: Sequence[str] = (),
) -> None:
    """Opens the review of these moves."""

    def changes(snapshot: Snapshot) -> list[Change]:
        return [_change(snapshot, move) for move in moves]

    host.review(title, changes, notes=notes, then=then)


async def _read_of_one(
    org: Org, account: SystemAccount, *, more_team_ids: Iterable[str] = ()
) -> None:
    """Reads again the account's roles and teams, and the details of these and of more teams."""
    await org.read_details([account.id], again=True)
    teams = org.snapshot.details_of(account.id).teams.value
    team_ids = [team.id for team in teams.rows] if teams is not None else []
    await org.read_team_details([*team_ids, *more_team_ids], again=True)


def _change(snapshot: Snapshot, move: Move) -> Change:
    """The change for a move; it shows the id of the team if another has the same name."""
    from sa_tui.org.changes.teams import join_team, leave_team

    team = snapshot.team(move.team.id) or move.team
    roles = snapshot.team_details_of(team.id).roles.value
    change = (
        join_team(move.member, team) if move.joins else leave_team(move.member, team, roles=roles)
    )
    rows = snapshot.teams.rows
    if not any(row.name == team.name and row.id != team.id for row in rows):
        return change
    id = f"({short_id(team.id)})"
    fields = tuple(
        replace(
            field,
            before=field.before and f"{field.before} {id}",
            after=field.after and f"{field.after} {id}",
        )
        for field in change.fields
    )
    return replace(change, title=f"{change.title} {id}", fields=fields)
