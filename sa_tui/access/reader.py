"""Makes the subjects of access from a snapshot, and reuses those that have not changed.

The rule it keeps: a subject is made again only when something that it was made from has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.access.subjects import Access, Source, Subject
from sa_tui.access.team_grants import TeamGrantMaker, gaps, implied_grants, undocumented
from sa_tui.org.reading.entities import regions_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from sa_tui.konnect.models import Row, SystemAccount, Team, User
    from sa_tui.org.snapshot import Details, Snapshot, UserDetails

STEP = 250
"""How many accounts are read in one step."""


def read_access(
    snapshot: Snapshot, *, before: Access | None = None, with_people: bool = False
) -> Access:
    """Who holds what in a snapshot: the system accounts, then with `with_people` the people.

    Subjects of `before`, an earlier reading, are reused if they have not changed.
    """
    steps = reading_access(snapshot, before=before, with_people=with_people)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            access: Access = end.value
            return access


def reading_access(
    snapshot: Snapshot, *, before: Access | None = None, with_people: bool = False
) -> Generator[None, None, Access]:
    """Reads access in steps of a few milliseconds, which keep the screen responsive."""
    is_named = before is not None and before.entities is snapshot.entities
    reader = _Reader(snapshot, before.subjects if before else (), is_named=is_named)
    subjects: list[Subject] = []
    missing = gaps(snapshot.accounts)
    for number, account in enumerate(snapshot.accounts.rows):
        if number % STEP == STEP - 1:
            yield
        subjects.append(reader.account(account))
    if with_people:
        subjects += [reader.person(user) for user in snapshot.people.rows]
        missing += [f"people: {reason}" for reason in gaps(snapshot.people)]
    return Access(
        subjects=tuple(subjects),
        missing=" ".join(missing) or None,
        entities=snapshot.entities,
        regions=regions_of(snapshot),
        teams=snapshot.teams.rows,
        teams_missing=snapshot.teams.why_incomplete,
    )


def account_subject(snapshot: Snapshot, account: SystemAccount) -> Subject:
    """One account as a subject, without making those of all others."""
    return _Reader(snapshot, ()).account(account)


def team_subjects(snapshot: Snapshot, *, before: Iterable[Subject] = ()) -> tuple[Subject, ...]:
    """The teams of a snapshot as subjects of what they give to their members.

    Subjects of `before`, an earlier reading, are reused if they have not changed.
    """
    reader = _Reader(snapshot, before)
    return tuple([reader.team(team) for team in snapshot.teams.rows])


class _Reader:
    """Makes subjects, or reuses those that were made from the same values."""

    def __init__(
        self, snapshot: Snapshot, before: Iterable[Subject], *, is_named: bool = False
    ) -> None:
        self._snapshot = snapshot
        self._is_named = is_named  # the lists of entities are the same as before
        self._before = {subject.id: subject for subject in before}
        sources = [subject.made_from for subject in self._before.values() if subject.made_from]
        shared = {given.team.id: given for source in sources for given in source.teams}
        self._team_grants = TeamGrantMaker(snapshot, shared)

    def account(self, account: SystemAccount) -> Subject:
        details = self._snapshot.details_of(account.id)
        return self._unchanged(account, details) or self._member(
            account,
            details,
            name=account.name,
            description=account.description,
            is_managed=account.konnect_managed,
            texts=(account.name, account.description, account.id),
        )

    def person(self, user: User) -> Subject:
        details = self._snapshot.user_details_of(user.id)
        return self._unchanged(user, details) or self._member(
            user,
            details,
            name=user.full_name or user.email or user.preferred_name or user.id,
            description=user.email,
            kind="person",
            can_sign_in=user.active,
            texts=(user.full_name, user.preferred_name, user.email, user.id),
        )

    def _member(
        self, row: SystemAccount | User, details: Details | UserDetails, **about: Any
    ) -> Subject:
        """An account or a person, who hold roles directly and through teams."""
        team_grants = tuple([self._team_grants.by_team(team) for team in details.teams.rows])
        missing = [f"its roles: {reason}" for reason in gaps(details.roles)]
        missing += [f"its teams: {reason}" for reason in gaps(details.teams)]
        grants = self._team_grants.listed(details.roles)
        for given in team_grants:
            grants += given.grants
            missing += given.missing
        return Subject(
            id=row.id,
            created_at=row.created_at,
            **about,
            grants=grants,
            missing=tuple(missing),
            roles_missing=details.roles.why_incomplete,
            teams=tuple(given.team for given in team_grants),
            teams_missing=details.teams.why_incomplete,
            tokens=details.tokens.rows,
            tokens_missing=details.tokens.why_incomplete,
            made_from=Source(row, details, team_grants),
        )

    def team(self, team: Team) -> Subject:
        roles = self._snapshot.team_details_of(team.id).roles
        if (before := self._unchanged(team, roles)) is not None:
            return before
        labels = (f"{key}={value}" for key, value in sorted(team.labels.items()))
        made_by = {True: ("predefined",), False: ("custom",), None: ()}[team.system_team]
        return Subject(
            id=team.id,
            name=team.title,
            other_names=team.names,
            description=team.description,
            created_at=team.created_at,
            kind="team",
            texts=(*team.names, team.description, team.id, *labels, *made_by),
            grants=(*self._team_grants.listed(roles), *implied_grants(team, via=None)),
            missing=(*(f"its roles: {reason}" for reason in gaps(roles)), *undocumented(team)),
            roles_missing=roles.why_incomplete,
            made_from=Source(team, roles),
        )

    def _unchanged(self, row: Row, read: object) -> Subject | None:
        """The subject of the earlier reading, if it was made from the same values."""
        before = self._before.get(row.id)
        if before is None or (source := before.made_from) is None or source.read is not read:
            return None
        # A list that was read again has new rows, which may be equal.
        if source.row is not row and source.row != row:
            return None
        for given in source.teams:
            if self._team_grants.by_team(given.team) is not given:
                return None
        if not self._is_named and not self._team_grants.is_placed(before.grants):
            return None
        return before
