"""What has to change for an organisation to be as it is wished, and what is so already.

The rule it keeps: what was not read is never taken away, and nothing is taken away outside the
stated scope. What needs an id that is not there yet waits for the change that makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.org.changes import accounts as of_accounts
from sa_tui.org.changes import teams as of_teams
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.team_fields import check_labels
from sa_tui.plans.errors import WishError, nearest
from sa_tui.plans.finding import (
    account_there,
    accounts_by_name,
    need_all_teams,
    teams_named,
    teams_there,
)
from sa_tui.plans.holdings import Owner, Steps, Unread, give_and_take, join_and_leave
from sa_tui.plans.scope import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sa_tui.konnect.models import Listing, SystemAccount, Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Part, Snapshot, TeamDetails
    from sa_tui.plans.holdings import Listed, Same
    from sa_tui.plans.scope import Scope
    from sa_tui.plans.wished import TeamName, Wished, WishedAccount, WishedTeam

    Lists = tuple[tuple[Listed, Part[Listing[object]]], ...]

_OWN_LABELS = "kongctl"
"""How the labels begin by which kongctl knows what it manages, in any case."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The changes in the order in which they are sent, and what is as it is wished.

    `notes` are sentences to know before. `unread` are the lists that could not be
    read in full: what is in them may be there already, and nothing of it is taken away.
    """

    changes: tuple[Change, ...]
    unchanged: tuple[Same, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()


def difference(wished: Wished, snapshot: Snapshot, *, scope: Scope = NOTHING) -> Difference:
    """What has to change. Raises WishError for what is not clear, Unreadable if a name is not.

    The details of what is wished for and is in the scope have to be read before, and the lists
    that name entities.
    """
    planner = _Planner(snapshot, scope)
    planner.claimed_ids = {account.id for account in wished.accounts if account.id}
    planner.claimed_ids |= {team.id for team in wished.teams if team.id}
    planner.steps.notes += wished.notes
    planner.steps.is_written = wished.is_written
    planner.find_teams(wished.teams)
    for team in wished.teams:
        planner.plan_team(team)
    by_name = accounts_by_name(snapshot, claimed_ids=planner.claimed_ids)
    for account in wished.accounts:
        planner.plan_account(account, by_name)
    planner.plan_others()
    return planner.result()


@dataclass
class _Planner:
    snapshot: Snapshot
    scope: Scope
    steps: Steps = field(init=False)
    errors: list[str] = field(default_factory=list)
    teams: dict[int, Owner] = field(default_factory=dict)
    by_ref: dict[str, Owner] = field(default_factory=dict)
    by_name: dict[str, Owner] = field(default_factory=dict)
    wished_ids: set[str] = field(default_factory=set)
    claimed_ids: set[str] = field(default_factory=set)
    """What is wished for by its id is not found by a name that it has got since."""

    def __post_init__(self) -> None:
        self.steps = Steps(self.snapshot)

    def result(self) -> Difference:
        if self.errors:
            raise WishError(self.errors)
        steps = self.steps
        return Difference(
            changes=steps.changes,
            unchanged=tuple(steps.unchanged),
            notes=tuple(dict.fromkeys(steps.notes)),
            unread=tuple(steps.unread),
        )

    # Teams

    def find_teams(self, teams: Sequence[WishedTeam]) -> None:
        """Finds the teams that are there, and plans the creation of the others."""
        names = [team.name for team in teams]
        there = teams_there(teams, self.snapshot, claimed_ids=self.claimed_ids)
        for wished, team in zip(teams, there, strict=True):
            if isinstance(team, str):
                self.errors.append(f"{wished.place}: {team}.")
                continue
            owner = self._team_owner(wished, team)
            self.teams[id(wished)] = owner
            if wished.ref:
                self.by_ref[wished.ref] = owner
            if names.count(wished.name) == 1:
                self.by_name[wished.name] = owner

    def _team_owner(self, wished: WishedTeam, team: Team | None) -> Owner:
        if team is not None:
            self.wished_ids.add(team.id)
            return Owner(kind="team", name=team.name, id=team.id, team=team)
        self._check_labels(wished, {})
        new = NewId("team", key=self._key(wished.name))
        change = of_teams.create_team(
            wished.name,
            description=wished.description or "",
            labels={**(wished.labels or {}), **dict(wished.own_labels)},
            makes=new,
        )
        self.steps.creations.append(change)
        return Owner(kind="team", name=wished.name, new=new)

    def _key(self, name: str) -> str:
        """A key that no other new team has: names of teams are not unique."""
        keys = {owner.new.key for owner in self.teams.values() if owner.new is not None}
        number, key = 1, name
        while key in keys:
            number += 1
            key = f"{name}#{number}"
        return key

    def plan_team(self, wished: WishedTeam) -> None:
        """Plans the fields and the roles of a team."""
        if (owner := self.teams.get(id(wished))) is None:
            return
        takes = self.scope.takes_from("teams", owner.name)
        if (team := owner.team) is not None:
            self._plan_fields(wished, team, takes=takes)
        roles = self.snapshot.team_details_of(owner.text).roles if owner.team is not None else None
        self.errors += give_and_take(
            self.steps, owner, wished.roles, wished.more_roles, roles, takes=takes
        )

    def _plan_fields(self, wished: WishedTeam, team: Team, *, takes: bool) -> None:
        name = wished.name if wished.id and wished.name != team.name else None
        description = wished.description
        if description == "" and team.description:
            note = f"{one_line(team.name)} keeps its description: Konnect takes no empty one."
            self.steps.notes.append(note)
            description = None
        labels = _labels(wished.labels, team.labels, takes=takes)
        self._check_labels(wished, team.labels)
        if description == team.description:
            description = None
        if wished.is_external or (name is None and description is None and not labels):
            self.steps.same(team.name, f"team {team.name}")
            return
        if name:
            self.steps.new_names[team.id] = name
        self.steps.edits.append(
            of_teams.update_team(
                team, name=name or None, description=description, labels=labels or None
            )
        )

    def _check_labels(self, wished: WishedTeam, there: Mapping[str, str]) -> None:
        """Notes an error if Konnect would refuse a label that is not there yet."""
        try:
            check_labels({k: v for k, v in (wished.labels or {}).items() if there.get(k) != v})
        except ValueError as error:
            self.errors.append(f"{wished.place}: {one_line(str(error))}")

    # System accounts

    def plan_account(
        self, wished: WishedAccount, by_name: Mapping[str, Sequence[SystemAccount]]
    ) -> None:
        """Plans a system account, its roles and its memberships."""
        found = account_there(wished, self.snapshot, by_name)
        if isinstance(found, str):
            self.errors.append(f"{wished.place}: {found}.")
            return
        owner = self._owner(wished, found)
        takes = self.scope.takes_from("accounts", owner.name)
        details = self.snapshot.details_of(owner.text) if found is not None else None
        self.errors += give_and_take(
            self.steps,
            owner,
            wished.roles,
            wished.more_roles,
            details.roles if details is not None else None,
            takes=takes,
        )
        named = [*(wished.teams or ()), *wished.more_teams]
        teams = [team for name in named if (team := self._team_named(name)) is not None]
        join_and_leave(
            self.steps,
            owner,
            teams,
            details.teams if details is not None else None,
            takes=takes and wished.teams is not None and len(teams) == len(named),
        )

    def _owner(self, wished: WishedAccount, account: SystemAccount | None) -> Owner:
        """The account as an owner; plans its creation, or what is different of it."""
        if account is None:
            new = NewId("account", key=wished.name)
            description = wished.description or ""
            change = of_accounts.create_account(wished.name, description=description, makes=new)
            self.steps.creations.append(change)
            return Owner(kind="account", name=wished.name, new=new)
        self.wished_ids.add(account.id)
        is_same = True
        if wished.id and wished.id != account.id:
            name = one_line(account.name)
            self.steps.notes.append(
                f"{name} is another account now: {account.id}, not {wished.id}."
            )
        if wished.id == account.id and wished.name not in ("", account.name):
            self.steps.edits.append(of_accounts.rename_account(account, name=wished.name))
            self.steps.new_names[account.id] = wished.name
            is_same = False
        if wished.description is not None and wished.description != account.description:
            change = of_accounts.describe_account(account, description=wished.description)
            self.steps.edits.append(change)
            is_same = False
        if is_same:
            self.steps.same(account.name, f"system account {account.name}")
        return Owner(
            kind="account",
            name=self.steps.new_names.get(account.id, account.name),
            id=account.id,
        )

    def _team_named(self, name: TeamName) -> Owner | None:
        """The team of a membership: by its ref in the files, else by its id or name."""
        if (owner := self.by_ref.get(name.text) or self.by_name.get(name.text)) is not None:
            return owner
        if (team := self.snapshot.team(name.text)) is not None:
            return Owner(kind="team", name=team.name, id=team.id, team=team)
        teams = teams_named(name.text, self.snapshot)
        if len(teams) == 1:
            return Owner(kind="team", name=teams[0].name, id=teams[0].id, team=teams[0])
        what = one_line(name.text)
        if teams:
            choices = ", ".join(team.id for team in teams)
            self.errors.append(f"{name.place}: more than one team is called {what}: {choices}.")
            return None
        need_all_teams(name.text, self.snapshot)
        names = [*self.by_ref, *(team.name for team in self.snapshot.teams.rows)]
        self.errors.append(
            f"{name.place}: there is no team {what}, here or in Konnect.{nearest(what, names)}"
        )
        return None

    # What is there and not wished for

    def plan_others(self) -> None:
        """Plans the end of what the scope holds and nobody wishes for."""
        scope, snapshot = self.scope, self.snapshot
        if scope.accounts and (why := snapshot.accounts.why_incomplete):
            self.steps.unread.append(Unread("system_accounts", why))
        if scope.teams and (why := snapshot.teams.why_incomplete):
            self.steps.unread.append(Unread("teams", why))
        for account in snapshot.accounts.rows:
            is_other = account.id not in self.wished_ids and account.konnect_managed is False
            if is_other and scope.holds("accounts", account.name):
                self._end_account(account)
        for team in snapshot.teams.rows:
            is_other = team.id not in self.wished_ids and team.system_team is False
            if is_other and scope.holds("teams", team.name) and not scope.keeps_others:
                self._end_team(team)

    def _details_left(self, team: Team) -> TeamDetails:
        """What a team still has when the changes before its deletion are made."""
        details, steps = self.snapshot.team_details_of(team.id), self.steps
        if (listing := details.accounts.value) is None:
            return details
        leaving = [change for change in steps.leaves if change.ids.team_id == team.id]
        gone_ids = {change.ids.account_id for change in (*leaving, *steps.deletions)}
        rows = tuple(row for row in listing.rows if row.id not in gone_ids)
        accounts = replace(details.accounts, value=replace(listing, rows=rows))
        return replace(details, accounts=accounts)

    def _end_team(self, team: Team) -> None:
        owner = Owner(kind="team", name=team.name, id=team.id)
        details = self._details_left(team)
        lists: Lists = (
            ("assigned_roles", details.roles),
            ("system_accounts", details.accounts),
            ("users", details.users),
        )
        if not self._is_any_unread(owner, lists):
            self.steps.deletions.append(of_teams.delete_team(team, details))

    def _end_account(self, account: SystemAccount) -> None:
        owner = Owner(kind="account", name=account.name, id=account.id)
        details = self.snapshot.details_of(account.id)
        if self.scope.keeps_others:
            give_and_take(self.steps, owner, (), (), details.roles, takes=True)
            join_and_leave(self.steps, owner, [], details.teams, takes=True)
            return
        lists: Lists = (
            ("access_tokens", details.tokens),
            ("assigned_roles", details.roles),
            ("teams", details.teams),
        )
        if not self._is_any_unread(owner, lists):
            self.steps.deletions.append(of_accounts.delete_account(account, details))

    def _is_any_unread(self, owner: Owner, lists: Lists) -> bool:
        """Whether it is not known what would be lost with this; every such list is noted."""
        unread = [what for what, part in lists if self.steps.is_unread(owner, what, part)]
        return bool(unread)


def _labels(
    wished: Mapping[str, str] | None, there: Mapping[str, str], *, takes: bool
) -> dict[str, str | None]:
    """The labels that have to be set, and with `takes` those that have to go."""
    if wished is None:
        return {}
    changed: dict[str, str | None] = {
        key: value for key, value in wished.items() if there.get(key) != value
    }
    if takes:
        for key in there:
            if key not in wished and not key.casefold().startswith(_OWN_LABELS):
                changed[key] = None
    return changed
