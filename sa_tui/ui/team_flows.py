"""What is done to teams and memberships, from any page: look first, then review, then send."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.ui.account_flows import READ_ONLY
from sa_tui.ui.format import short_id
from sa_tui.ui.session import DETAILS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sa_tui.api.models import SystemAccount, Team
    from sa_tui.org.changes import Change, Outcome
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.org.team_changes import Member
    from sa_tui.ui.app import SaTui

PREDEFINED = "Konnect made this team: it can be neither changed nor deleted, but its members can."
GOVERNED = "An identity provider decides which teams people belong to: a change may not last."
BOTH = "An identity provider decides about memberships too: what it maps, it may set again."
NOT_KNOWN = "Whether an identity provider decides about memberships of people is not known."


def why_unchangeable(app: SaTui, team_id: str | None) -> str:
    """Why this team can be neither edited nor deleted; empty when it can."""
    if app.is_read_only:
        return READ_ONLY
    team = app.snapshot.team(team_id) if team_id is not None else None
    if team is None:
        return "There is no team here to change."
    return PREDEFINED if team.system_team else ""


def governance(snapshot: Snapshot) -> str:
    """What to know before the memberships of people are changed; empty when that is nothing."""
    part = snapshot.authentication
    settings = part.value
    if settings is None:
        return "" if part.error is None else f"{NOT_KNOWN} {part.error}"
    if settings.idp_mapping_enabled is None:
        return NOT_KNOWN
    if not settings.idp_mapping_enabled:
        return ""
    return BOTH if settings.konnect_mapping_enabled else GOVERNED


# Reading


def read_teams(app: SaTui, *, again: bool = False) -> None:
    """Reads the list of teams and who decides about memberships."""
    if (org := app.org) is not None:
        app.run_worker(_read_teams(org, again=again), group=DETAILS)


async def _read_teams(org: Org, *, again: bool) -> None:
    await asyncio.gather(org.read_teams(again=again), org.read_authentication(again=again))


def read_team(app: SaTui, team_ids: Iterable[str], *, again: bool = False) -> None:
    """Reads what these teams hold and who belongs to them."""
    if app.org is not None:
        app.run_worker(app.org.read_team_details(team_ids, again=again), group=DETAILS)


# Teams


def new_team(app: SaTui, *, show: Callable[[str], object]) -> None:
    """Asks for a new team; `show` is given its id once it exists."""
    from sa_tui.ui.dialogs.team_form import TeamForm

    def made(team_id: str | None) -> None:
        if team_id is not None:
            show(team_id)
            app.say("The team is there. Enter opens it, to give it roles and members.")

    app.push_screen(TeamForm(), made)


def edit_team(app: SaTui, team_id: str) -> None:
    """Asks for another name, description or labels."""
    from sa_tui.ui.dialogs.team_form import TeamForm

    if (team := app.snapshot.team(team_id)) is not None:
        app.push_screen(TeamForm(team))


def delete_team(app: SaTui, team_id: str) -> None:
    """Reads who loses what with the team, shows it, and asks for the name."""
    if app.org is not None and (team := app.snapshot.team(team_id)) is not None:
        app.say(f"Reading who belongs to {team.title}…")
        app.run_worker(_delete(app, app.org, team), group=DETAILS)


async def _delete(app: SaTui, org: Org, team: Team) -> None:
    from sa_tui.org.team_changes import delete_team as change
    from sa_tui.ui.team_previews import deletion

    screen = app.screen
    await org.read_team_details([team.id], again=True)
    if app.screen is not screen:
        return
    accounts = org.snapshot.team_details_of(team.id).accounts.value
    listed = tuple(each.id for each in accounts.rows) if accounts is not None else ()
    known = tuple(each for each in listed if not org.snapshot.details_of(each).is_unread)
    app.review(
        f"Delete team {team.name}?",
        # What their pages show of it has to be read again.
        [replace(change(team), account_ids=known)],
        preview=lambda snapshot: deletion(snapshot, team, width=app.size.width),
    )
    _read_names(app, org, [team])


def _read_names(app: SaTui, org: Org, teams: Iterable[Team]) -> None:
    """Reads the names of what these teams hold roles on; a review shows them as they arrive."""
    from sa_tui.ui.entity_words import read_names

    held = (org.snapshot.team_details_of(team.id).roles.value for team in teams)
    read_names(app, [role for roles in held if roles is not None for role in roles.rows])


# Memberships


def end_memberships(app: SaTui, team: Team, members: Sequence[Member]) -> None:
    """Reviews the end of these memberships."""
    from sa_tui.org.team_changes import leave_team

    review_members(app, team, [(each, leave_team(each, team)) for each in members])


def review_members(
    app: SaTui,
    team: Team,
    wanted: Sequence[tuple[Member, Change]],
    *,
    then: Callable[[tuple[Outcome, ...] | None], None] | None = None,
) -> None:
    """Reviews who joins and who leaves one team."""
    if app.org is not None and wanted:
        app.say(f"Reading what {team.title} gives…")
        app.run_worker(_review_members(app, app.org, team, wanted, then), group=DETAILS)


async def _review_members(
    app: SaTui,
    org: Org,
    team: Team,
    wanted: Sequence[tuple[Member, Change]],
    then: Callable[[tuple[Outcome, ...] | None], None] | None,
) -> None:
    screen = app.screen
    accounts = [member.id for member, _ in wanted if member.kind == "account"]
    alone = org.snapshot.account(accounts[0]) if len(wanted) == 1 and accounts else None
    await org.read_team_details([team.id], again=True)
    if alone is not None:
        await _read_of_one(org, alone)
    if app.screen is not screen:
        return
    joining = sum(change.request.method == "POST" for _, change in wanted)

    def preview(snapshot: Snapshot) -> Text:
        told = _preview_of_members(app, snapshot, team, alone, joining, len(wanted))
        warning = governance(snapshot) if len(accounts) < len(wanted) else ""
        return Text("\n").join((Text(warning, style="bold yellow"), told)) if warning else told

    changes = [_careful(org.snapshot, team, change) for _, change in wanted]
    app.review(f"Change who belongs to team {team.title}?", changes, preview=preview, then=then)
    _read_names(app, org, [team])


def _preview_of_members(
    app: SaTui,
    snapshot: Snapshot,
    team: Team,
    alone: SystemAccount | None,
    joining: int,
    count: int,
) -> Text:
    from sa_tui.ui.team_previews import membership, of_members

    width = app.size.width
    if alone is None:
        leaving = count - joining
        return of_members(snapshot, team, joining=joining, leaving=leaving, width=width)
    joined, left = ((team,), ()) if joining else ((), (team,))
    return membership(snapshot, alone, joined=joined, left=left, width=width)


def review_teams(
    app: SaTui,
    account: SystemAccount,
    wanted: Sequence[tuple[Team, Change]],
    *,
    then: Callable[[tuple[Outcome, ...] | None], None] | None = None,
) -> None:
    """Reviews which teams one account joins and leaves."""
    if app.org is not None and wanted:
        app.say(f"Reading what {account.name} can do…")
        app.run_worker(_review_teams(app, app.org, account, wanted, then), group=DETAILS)


async def _review_teams(
    app: SaTui,
    org: Org,
    account: SystemAccount,
    wanted: Sequence[tuple[Team, Change]],
    then: Callable[[tuple[Outcome, ...] | None], None] | None,
) -> None:
    from sa_tui.ui.team_previews import membership

    screen = app.screen
    await _read_of_one(org, account, besides=[team.id for team, _ in wanted])
    if app.screen is not screen:
        return
    joined = [team for team, change in wanted if change.request.method == "POST"]
    left = [team for team, change in wanted if change.request.method != "POST"]

    def preview(snapshot: Snapshot) -> Text:
        return membership(snapshot, account, joined=joined, left=left, width=app.size.width)

    changes = [_careful(org.snapshot, team, change) for team, change in wanted]
    app.review(f"Change the teams of {account.name}?", changes, preview=preview, then=then)
    _read_names(app, org, (*joined, *left))


def review_many(
    app: SaTui,
    wanted: Sequence[tuple[Team, Member, Change]],
    *,
    then: Callable[[tuple[Outcome, ...] | None], None] | None = None,
) -> None:
    """Reviews which teams several accounts join and leave."""
    if app.org is None:
        return
    if wanted:
        app.say("Reading what these teams give…")
        app.run_worker(_review_many(app, app.org, wanted, then), group=DETAILS)
    else:
        app.say("All of them are in these teams already.")


async def _review_many(
    app: SaTui,
    org: Org,
    wanted: Sequence[tuple[Team, Member, Change]],
    then: Callable[[tuple[Outcome, ...] | None], None] | None,
) -> None:
    from sa_tui.ui.team_previews import of_members

    screen = app.screen
    teams = {team.id: team for team, _, _ in wanted}
    await org.read_team_details(teams, again=True)
    if app.screen is not screen:
        return
    joining = Counter(team.id for team, _, change in wanted if change.request.method == "POST")
    leaving = Counter(team.id for team, _, change in wanted if change.request.method != "POST")

    def preview(snapshot: Snapshot) -> Text:
        return Text("\n\n").join(
            of_members(
                snapshot, team, joining=joining[key], leaving=leaving[key], width=app.size.width
            )
            for key, team in teams.items()
        )

    changes = [_careful(org.snapshot, team, change) for team, _, change in wanted]
    accounts = len({member.id for _, member, _ in wanted})
    app.review(f"Change the teams of {accounts} accounts?", changes, preview=preview, then=then)
    _read_names(app, org, teams.values())


async def _read_of_one(org: Org, account: SystemAccount, *, besides: Iterable[str] = ()) -> None:
    """Reads again what an account holds, with what its teams give it."""
    await org.read_details([account.id], again=True)
    teams = org.snapshot.details_of(account.id).teams.value
    held = [team.id for team in teams.rows] if teams is not None else []
    await org.read_team_details([*held, *besides], again=True)


def _careful(snapshot: Snapshot, team: Team, change: Change) -> Change:
    """The same, to be typed where a member would get the widest access.

    Of several teams of one name it says which it is.
    """
    from sa_tui.ui.team_previews import is_mighty

    rows = snapshot.teams.value.rows if snapshot.teams.value is not None else ()
    if any(each.name == team.name and each.id != team.id for each in rows):
        change = replace(change, title=f"{change.title} ({short_id(team.id)})")
    if change.request.method == "POST" and is_mighty(snapshot, team):
        return replace(change, level="type", confirm_text=team.name or team.id)
    return change


# The picker


def pick_teams(app: SaTui, account_id: str) -> None:
    """Opens the picker of the teams that an account belongs to."""
    from sa_tui.ui.dialogs.membership import MembershipDialog
    from sa_tui.ui.memberships import TeamsOfAccount

    if (account := app.snapshot.account(account_id)) is not None:
        app.push_screen(MembershipDialog(TeamsOfAccount(account)))


def pick_teams_of_many(app: SaTui, account_ids: Iterable[str]) -> None:
    """Opens the picker of the teams that several accounts join or leave together."""
    from sa_tui.ui.dialogs.membership import MembershipDialog
    from sa_tui.ui.memberships import TeamsOfAccounts

    accounts = [account for key in account_ids if (account := app.snapshot.account(key))]
    if accounts:
        app.push_screen(MembershipDialog(TeamsOfAccounts(tuple(accounts))))


def pick_accounts(app: SaTui, team_id: str) -> None:
    """Opens the picker of the system accounts that belong to a team."""
    from sa_tui.ui.dialogs.membership import MembershipDialog
    from sa_tui.ui.memberships import AccountsOfTeam

    if (team := app.snapshot.team(team_id)) is not None:
        app.push_screen(MembershipDialog(AccountsOfTeam(team)))


def pick_people(app: SaTui, team_id: str) -> None:
    """Opens the picker of the people who belong to a team."""
    from sa_tui.ui.dialogs.membership import MembershipDialog
    from sa_tui.ui.memberships import PeopleOfTeam

    if (team := app.snapshot.team(team_id)) is not None:
        app.push_screen(MembershipDialog(PeopleOfTeam(team)))
