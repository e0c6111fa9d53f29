"""Makes the subjects of access out of a snapshot, or takes those made before from the same values.

The rule it keeps: a subject is made anew only when something that it was read off has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.access.subjects import Access, Source, Subject
from sa_tui.access.team_grants import TeamGrantMaker, implied_grants, undocumented, whys

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from sa_tui.konnect.models import Row, SystemAccount, Team, User
    from sa_tui.org.snapshot import Details, Snapshot, UserDetails

STEP = 250
"""Accounts that are looked at in one step of a reading."""


def read_access(
    snapshot: Snapshot, *, before: Access | None = None, with_people: bool = False
) -> Access:
    """Who holds what in a snapshot: the system accounts, and `with_people` the people after them.

    Subjects of an earlier reading, `before`, are taken as they are where nothing of theirs changed.
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
    """The same in steps of a few milliseconds, for where somebody waits for the screen."""
    from sa_tui.org.reading.entities import regions_of  # it loads pydantic

    is_named = before is not None and before.entities is snapshot.entities
    reader = _Reader(snapshot, before.subjects if before else (), is_named=is_named)
    subjects: list[Subject] = []
    missing = whys(snapshot.accounts)
    for number, account in enumerate(snapshot.accounts.rows):
        if number % STEP == STEP - 1:
            yield
        subjects.append(reader.account(account))
    if with_people:
        subjects += [reader.person(user) for user in snapshot.people.rows]
        missing += [f"people: {why}" for why in whys(snapshot.people)]
    return Access(
        subjects=tuple(subjects),
        missing=" ".join(missing) or None,
        entities=snapshot.entities,
        regions=regions_of(snapshot),
        teams=snapshot.teams.rows,
        teams_missing=snapshot.teams.why_incomplete,
    )


def team_subjects(snapshot: Snapshot, *, before: Iterable[Subject] = ()) -> tuple[Subject, ...]:
    """The teams of a snapshot, each as the subject of what it gives to its members.

    Subjects of an earlier reading, `before`, are taken as they are where nothing of theirs changed.
    """
    reader = _Reader(snapshot, before)
    return tuple([reader.team(team) for team in snapshot.teams.rows])


class _Reader:
    """Makes subjects, or takes those made before from the very same values."""

    def __init__(
        self, snapshot: Snapshot, before: Iterable[Subject], *, is_named: bool = False
    ) -> None:
        self._snapshot = snapshot
        self._is_named = is_named  # by the very lists that named entities before
        self._before = {subject.id: subject for subject in before}
        sources = [subject.made_from for subject in self._before.values() if subject.made_from]
        shared = {each.team.id: each for source in sources for each in source.teams}
        self._team_grants = TeamGrantMaker(snapshot, shared)

    def account(self, account: SystemAccount) -> Subject:
        details = self._snapshot.details_of(account.id)
        return self._kept(account, details) or self._member(
            account,
            details,
            name=account.name,
            description=account.description,
            is_managed=account.konnect_managed,
            texts=(account.name, account.description, account.id),
        )

    def person(self, user: User) -> Subject:
        details = self._snapshot.user_details_of(user.id)
        return self._kept(user, details) or self._member(
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
        """Who holds roles directly and through teams."""
        given = tuple([self._team_grants.by_team(team) for team in details.teams.rows])
        missing = [f"its roles: {why}" for why in whys(details.roles)]
        missing += [f"its teams: {why}" for why in whys(details.teams)]
        grants = self._team_grants.listed(details.roles)
        for each in given:
            grants += each.grants
            missing += each.missing
        return Subject(
            id=row.id,
            created_at=row.created_at,
            **about,
            grants=grants,
            missing=tuple(missing),
            roles_missing=details.roles.why_incomplete,
            teams=tuple(each.team for each in given),
            teams_missing=details.teams.why_incomplete,
            tokens=details.tokens.rows,
            tokens_missing=details.tokens.why_incomplete,
            made_from=Source(row, details, given),
        )

    def team(self, team: Team) -> Subject:
        roles = self._snapshot.team_details_of(team.id).roles
        if (kept := self._kept(team, roles)) is not None:
            return kept
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
            missing=(*(f"its roles: {why}" for why in whys(roles)), *undocumented(team)),
            roles_missing=roles.why_incomplete,
            made_from=Source(team, roles),
        )

    def _kept(self, row: Row, read: object) -> Subject | None:
        """The subject made before, when it was made from the same."""
        before = self._before.get(row.id)
        if before is None or (source := before.made_from) is None or source.read is not read:
            return None
        # A list that was read again has new rows that say the same.
        if source.row is not row and source.row != row:
            return None
        for each in source.teams:
            if self._team_grants.by_team(each.team) is not each:
                return None
        if not self._is_named and not self._team_grants.is_placed(before.grants):
            return None
        return before
