"""The roles and memberships of one owner: which are given, which are taken away, which are so.

The rule it keeps: nothing is taken away from a list that was not read in full.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from sa_tui.access.catalogue import can_be_given
from sa_tui.base.text import one_line
from sa_tui.org.changes.change import once_made
from sa_tui.org.changes.roles import RoleOwner, assign_role, remove_role
from sa_tui.org.changes.teams import Member, join_team, leave_team, team_of_new
from sa_tui.plans.entities import NoEntityError, is_same, request_of, why_not_given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sa_tui.konnect.models import AssignedRole, Listing, Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.new_ids import NewId
    from sa_tui.org.changes.roles import RoleRequest
    from sa_tui.org.snapshot import Part, Snapshot
    from sa_tui.plans.errors import Place
    from sa_tui.plans.wished import WishedRole


@dataclass(frozen=True)
class Same:
    """Something that is as it is wished: whose it is, and what."""

    subject: str
    what: str


Listed = Literal["assigned_roles", "teams", "system_accounts", "access_tokens", "users"]
_WORDS: Mapping[Listed, str] = MappingProxyType(
    {
        "assigned_roles": "roles",
        "teams": "teams",
        "system_accounts": "accounts",
        "access_tokens": "tokens",
        "users": "people",
    }
)


@dataclass(frozen=True)
class Unread:
    """A list that was not read in full: what is in it, whose it is, and why."""

    what: Listed
    why: str
    owner: Owner | None = None

    def __str__(self) -> str:
        what = _WORDS[self.what]
        of = f" of {self.owner.name or self.owner.id}" if self.owner is not None else ""
        return f"The {what}{of}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """An account or a team that is there, or one that a change makes, whose id is `new`."""

    kind: Literal["account", "team"]
    name: str
    id: str = ""
    new: NewId | None = None
    team: Team | None = None

    @property
    def text(self) -> str:
        """Its id, or what stands for it."""
        return self.new.text if self.new is not None else self.id

    @property
    def needs(self) -> tuple[NewId, ...]:
        """The ids that have to be made before something is done to it."""
        return (self.new,) if self.new is not None else ()

    def as_role_owner(self) -> RoleOwner:
        """Who holds its roles."""
        return RoleOwner(kind=self.kind, id=self.text, name=self.name)

    def as_member(self) -> Member:
        """The member of a team, for an account."""
        return Member(kind="account", id=self.text, name=self.name)

    def as_team(self) -> Team:
        """The team that is joined."""
        if self.team is not None:
            return self.team
        if self.new is None:  # pragma: no cover - a team is there or is made
            raise ValueError(self.name)
        return team_of_new(self.new)


@dataclass
class Steps:
    """The changes of a plan by their kind, so that access is given before any is taken away.

    What `is_written` in a file and cannot be is an error; what a snapshot had is left out.
    """

    snapshot: Snapshot
    _: KW_ONLY
    is_written: bool = True
    creations: list[Change] = field(default_factory=list)
    edits: list[Change] = field(default_factory=list)
    gifts: list[Change] = field(default_factory=list)
    joins: list[Change] = field(default_factory=list)
    leaves: list[Change] = field(default_factory=list)
    removals: list[Change] = field(default_factory=list)
    deletions: list[Change] = field(default_factory=list)
    unchanged: list[Same] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    new_names: dict[str, str] = field(default_factory=dict)
    """The names that the edits give to what is there, by its ids."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, in the order in which they are sent."""
        return (
            *self.edits,  # a name that somebody else has taken since is free then
            *self.creations,
            *self.gifts,
            *self.joins,
            *self.leaves,
            *self.removals,
            *self.deletions,
        )

    def same(self, subject: str, what: str) -> None:
        """Notes that this is as it is wished."""
        self.unchanged.append(Same(subject, what))

    def is_unread(
        self,
        owner: Owner,
        what: Listed,
        part: Part[Listing[object]] | None,
    ) -> bool:
        """Whether a list of the owner was not read in full, which is noted."""
        if part is None or part.is_whole:
            return False
        self.unread.append(Unread(what, part.why_incomplete or "", owner))
        return True


def give_and_take(
    steps: Steps,
    owner: Owner,
    wished: Sequence[WishedRole] | None,
    more: Sequence[WishedRole],
    part: Part[Listing[AssignedRole]] | None,
    *,
    takes: bool,
) -> list[str]:
    """Plans the roles of an owner, and returns what is wrong with those that are wished.

    `part` is what it holds, None if it is not there yet. With `takes`, what is not wished goes, if
    anything is said of the roles.
    """
    if wished is None and not more:
        return []
    is_unread = steps.is_unread(owner, "assigned_roles", part)
    rows = part.rows if part is not None else ()
    requests, errors = _requests((*(wished or ()), *more), steps.snapshot)
    for request, place in requests.items():
        if any(is_same(request, row) for row in rows):
            steps.same(owner.name, f"role {request.describe()}")
        elif not (why_not := why_not_given(request, steps.snapshot)):
            steps.gifts.append(once_made(owner.needs, partial(_gift, owner, request)))
        elif steps.is_written:
            errors.append(f"{place}: {why_not}.")
        else:
            left_out = f"{one_line(request.describe())} of {one_line(owner.name)}"
            steps.notes.append(f"Left out: {left_out}: {why_not}.")
    if takes and wished is not None and not is_unread and not errors:
        for row in rows:
            if not any(is_same(request, row) for request in requests):
                steps.removals.append(_removal(steps.snapshot, owner, row))
    return errors


def _requests(
    wished: Sequence[WishedRole], snapshot: Snapshot
) -> tuple[dict[RoleRequest, Place], list[str]]:
    """The roles as they are asked of Konnect, each once, and what is wrong with the others."""
    requests: dict[RoleRequest, Place] = {}
    errors = []
    for role in wished:
        try:
            requests.setdefault(request_of(role, snapshot), role.place)
        except NoEntityError as error:
            errors.append(f"{role.place}: {error.reason}.")
    return requests, errors


def _gift(owner: Owner, request: RoleRequest) -> Change:
    return assign_role(owner.as_role_owner(), request)


def _removal(snapshot: Snapshot, owner: Owner, row: AssignedRole) -> Change:
    entity = snapshot.entity(row.entity_id or "")
    return remove_role(
        owner.as_role_owner(),
        row,
        entity_name=entity.name if entity is not None else "",
        can_be_given=can_be_given(row.entity_type_name or "", snapshot.catalogue.value),
    )


def join_and_leave(
    steps: Steps,
    account: Owner,
    teams: Sequence[Owner],
    part: Part[Listing[Team]] | None,
    *,
    takes: bool,
) -> None:
    """Plans the memberships of an account; with `takes`, it leaves every other team."""
    if not teams and not takes:
        return
    is_unread = steps.is_unread(account, "teams", part)
    there = {team.id: team for team in (part.rows if part is not None else ())}
    wished = {team.text: team for team in teams}
    for id, team in wished.items():
        if id in there:
            steps.same(account.name, f"member of team {team.name}")
        else:
            needs = (*account.needs, *team.needs)
            steps.joins.append(once_made(needs, partial(_join, account, team)))
    if takes and not is_unread:
        steps.leaves += [
            _leave(steps, account, team) for id, team in there.items() if id not in wished
        ]


def _leave(steps: Steps, account: Owner, team: Team) -> Change:
    """The end of a membership of a team as it is once the changes before it are made.

    Roles that the same plan changes are not compared with what was shown.
    """
    known = steps.snapshot.team(team.id) or team
    known = replace(known, name=steps.new_names.get(team.id, known.name))
    changed_ids = {change.ids.team_id for change in (*steps.gifts, *steps.removals)}
    roles = steps.snapshot.team_details_of(team.id).roles.value
    return leave_team(account.as_member(), known, roles=None if team.id in changed_ids else roles)


def _join(account: Owner, team: Owner) -> Change:
    return join_team(account.as_member(), team.as_team())
