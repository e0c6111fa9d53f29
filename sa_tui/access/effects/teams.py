"""What changes of teams and memberships mean; they say what is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.effects.roles import reach_words
from sa_tui.access.effects.values import Effect, Line
from sa_tui.access.grants import MINT, covers
from sa_tui.access.overlap import Index, overlap_of
from sa_tui.access.reader import account_subject
from sa_tui.access.words import grant_words
from sa_tui.base.words import plural
from sa_tui.konnect.models import Listing, SystemAccount
from sa_tui.konnect.regions import EVERY
from sa_tui.org.names import person_name
from sa_tui.org.snapshot import Details, Part

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Subject
    from sa_tui.konnect.models import Team
    from sa_tui.org.snapshot import Snapshot, TeamDetails

_NOBODY = SystemAccount(id="-")


# What a team gives


def given_by(snapshot: Snapshot, team: Team) -> Subject:
    """A member of the team who has nothing else: what the team gives."""
    nothing = Details(roles=Part(value=Listing(())), teams=Part(value=Listing((team,))))
    return _subject(snapshot, _NOBODY, nothing)


def gives_full_write(snapshot: Snapshot, team: Team) -> bool:
    """Whether a member gets full write on all of a type, or more; True also if it is not known."""
    member = given_by(snapshot, team)
    return not member.is_complete or any(
        covers(grant, MINT) is Answer.YES or (grant.tier == "A" and grant.entity_id == EVERY)
        for grant in member.grants
    )


def _subject(snapshot: Snapshot, account: SystemAccount, details: Details) -> Subject:
    return account_subject(replace(snapshot, details={account.id: details}), account)


# Deleting a team


def deletion(snapshot: Snapshot, team: Team) -> Effect:
    """Who loses what when the team is deleted."""
    details = snapshot.team_details_of(team.id)
    lines = [
        Line(f"id {team.id} · cannot be restored", tone="strong"),
        Line(f"What it gives is taken from {reach_words(details)}:", tone="strong"),
    ]
    member = given_by(snapshot, team)
    lines += [Line(f"- {grant_words(grant, snapshot)}", tone="lost") for grant in member.grants]
    if not member.grants:
        lines.append(Line("no role" if not member.missing else "not known"))
    if names := _names(details):
        lines.append(Line(f"members: {names}"))
    return Effect(lines=tuple(lines), warnings=_doubts(team.title or team.id, member.missing))


def _names(details: TeamDetails) -> str:
    accounts = details.accounts.rows
    people = details.users.rows
    return ", ".join((*(a.name or a.id for a in accounts), *map(person_name, people)))


def _doubts(name: str, missing: Sequence[str]) -> tuple[str, ...]:
    return (f"What {name} gives is not known in full: {'; '.join(missing)}.",) if missing else ()


# Memberships


def of_members(snapshot: Snapshot, team: Team, *, joining: int, leaving: int) -> Effect:
    """What a team gives to those who join it and takes from those who leave it."""
    lines = []
    if joining:
        verb = "gets" if joining == 1 else "get"
        lines.append(Line(f"+ {joining:,} {verb} what {team.title} gives", tone="gained"))
    if leaving:
        verb = "loses" if leaving == 1 else "lose"
        lines.append(Line(f"- {leaving:,} {verb} what {team.title} gives", tone="lost"))
    member = given_by(snapshot, team)
    lines += [Line(f"  {grant_words(grant, snapshot)}") for grant in member.grants]
    if not member.grants:
        lines.append(Line("  no role" if not member.missing else "  not known"))
    return Effect(lines=tuple(lines), warnings=_doubts(team.title or team.id, member.missing))


def membership(
    snapshot: Snapshot,
    account: SystemAccount,
    *,
    joined: Sequence[Team],
    left: Sequence[Team],
    later: Snapshot,
) -> Effect:
    """What an account can do before and after it joins and leaves these teams.

    `later` has the roles that the account and the teams have by then.
    """
    details = snapshot.details_of(account.id)
    before = _subject(snapshot, account, details)
    left_ids = {team.id for team in left}
    kept_teams = [team for team in before.teams if team.id not in left_ids]
    teams = replace(details.teams, value=Listing((*kept_teams, *joined)))
    after = _subject(later, account, replace(later.details_of(account.id), teams=teams))
    gained_grants = _through(after, {team.id for team in joined})
    lost_grants = _through(before, left_ids)
    held_grants, kept_grants = Index(before.grants), Index(after.grants)
    lines_of_change = [_gain(grant, held_grants, snapshot) for grant in gained_grants]
    lines_of_change += [_loss(grant, kept_grants, snapshot) for grant in lost_grants]
    lines = [
        Line(f"{account.name} · before: {_sum(before)} · after: {_sum(after)}", tone="strong"),
        *lines_of_change,
    ]
    missing = dict.fromkeys((*before.missing, *after.missing))
    if not lines_of_change:
        lines.append(Line("no role is gained or lost" if not missing else "not known"))
    doubt = f"{account.name} may hold more than is shown: {'; '.join(missing)}."
    return Effect(lines=tuple(lines), warnings=(doubt,) if missing else ())


def _through(subject: Subject, team_ids: Collection[str]) -> list[Grant]:
    return [grant for grant in subject.grants if grant.via and grant.via.team_id in team_ids]


def _sum(subject: Subject) -> str:
    count = plural(len({grant.scope for grant in subject.grants}), "role")
    return count if subject.is_complete else f"at least {count}"


def _gain(grant: Grant, held_grants: Index, snapshot: Snapshot) -> Line:
    overlap, note = overlap_of(grant, held_grants), ""
    if overlap.duplicates:
        note = " · held already"
    elif overlap.wider:
        note = f" · covered by {grant_words(overlap.wider[0], snapshot)}"
    return Line(f"+ {grant_words(grant, snapshot)}", tone="gained", note=note)


def _loss(grant: Grant, kept_grants: Index, snapshot: Snapshot) -> Line:
    overlap, note = overlap_of(grant, kept_grants), ""
    if overlap.duplicates:
        via = overlap.duplicates[0].via
        note = f" · still held {f'through {via.title}' if via else 'directly'}"
    elif overlap.wider:
        note = f" · still {grant_words(overlap.wider[0], snapshot)}"
    return Line(f"- {grant_words(grant, snapshot)}", tone="lost", note=note)
