"""What a change of teams or memberships comes to, told before it; what is not known is said so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.text import Text

from sa_tui.access.answer import Answer
from sa_tui.access.grants import EVERY, MINT, covers
from sa_tui.access.overlap import Index, overlap_of
from sa_tui.access.reader import read_access
from sa_tui.base.words import plural
from sa_tui.konnect.models import Listing, SystemAccount
from sa_tui.org.snapshot import Details, Part
from sa_tui.ui.kit.safe import shown_line
from sa_tui.ui.roles.grant_words import grant_words
from sa_tui.ui.teams.rows import person_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Subject
    from sa_tui.konnect.models import Team
    from sa_tui.org.snapshot import Snapshot, TeamDetails

LINES_SHOWN = 5
ROLES_SHOWN = 4
MARGIN = 5
"""The cells of a review's line that a preview cannot use."""

_NOBODY = SystemAccount(id="-")
ADDED, TAKEN, DOUBT = "bold green", "bold red", "bold yellow"


# What a team gives


def given_by(snapshot: Snapshot, team: Team) -> Subject:
    """What somebody who holds nothing else can do as a member of the team."""
    nothing = Details(roles=Part(value=Listing(())), teams=Part(value=Listing((team,))))
    return _subject(snapshot, _NOBODY, nothing)


def is_mighty(snapshot: Snapshot, team: Team) -> bool:
    """Whether a member gets full write on all of a type, or more; so also when nobody can tell."""
    found = given_by(snapshot, team)
    return not found.is_complete or any(
        covers(grant, MINT) is Answer.YES or (grant.tier == "A" and grant.entity_id == EVERY)
        for grant in found.grants
    )


def _subject(snapshot: Snapshot, account: SystemAccount, details: Details) -> Subject:
    alone = replace(
        snapshot, accounts=Part(value=Listing((account,))), details={account.id: details}
    )
    return read_access(alone).subjects[0]


def roles_of_team(snapshot: Snapshot, team: Team) -> str:
    """What a team gives, on one line, as far as that is known."""
    found = given_by(snapshot, team)
    told = [grant_words(grant, snapshot) for grant in found.grants]
    more = [f"{len(told) - ROLES_SHOWN} more"] if len(told) > ROLES_SHOWN else []
    doubt = [f"perhaps more ({'; '.join(found.missing)})"] if found.missing else []
    return ", ".join((*told[:ROLES_SHOWN], *more, *doubt)) or "no role"


# Editing a team


def edits(opened: Team, now: Team, body: Mapping[str, Any]) -> Text:
    """What becomes of each field that is sent, and what somebody else made of it meanwhile."""
    lines = []
    labels = body.get("labels", {})
    before = {"name": opened.name, "description": opened.description}
    current = {"name": now.name, "description": now.description}
    wanted = {key: value for key, value in body.items() if key != "labels"}
    before |= {f"label {key}": opened.labels.get(key) or "" for key in labels}
    current |= {f"label {key}": now.labels.get(key) or "" for key in labels}
    wanted |= {f"label {key}": value for key, value in labels.items()}
    for field, value in wanted.items():
        line = Text(f"{field}: {current[field] or 'none'} → {value or 'none'}")
        if current[field] != before[field]:
            line.append(f" · somebody changed it, it was {before[field] or 'none'}", style=DOUBT)
        lines.append(line)
    return Text("\n").join(map(shown_line, lines))


# Deleting a team


def deletion(snapshot: Snapshot, team: Team, *, width: int) -> Text:
    """Who loses what with the team."""
    details = snapshot.team_details_of(team.id)
    lines = [
        Text(f"id {team.id} · cannot be brought back", style="bold"),
        Text(f"What it gives is taken from {reached(details)}:", style="bold"),
    ]
    grants = given_by(snapshot, team)
    lines += [Text(f"- {grant_words(each, snapshot)}", style=TAKEN) for each in grants.grants[:3]]
    if len(grants.grants) > 3:
        lines.append(Text(f"- {plural(len(grants.grants) - 3, 'more role')}", style=TAKEN))
    if grants.missing:
        lines.append(Text(f"NOT KNOWN: {'; '.join(grants.missing)}", style=DOUBT))
    elif not grants.grants:
        lines.append(Text("no role"))
    if names := _names(details):
        lines.append(Text(f"members: {names}"))
    return _page(lines, width)


def reached(details: TeamDetails) -> str:
    """How many belong to the team."""
    accounts = _count(details.accounts, "system account", "system accounts")
    return f"{accounts} and {_count(details.users, 'person', 'people')}"


def _count(part: Part[Listing[object]], noun: str, nouns: str) -> str:
    if part.value is None:
        return f"an unknown number of {nouns}"
    perhaps = "" if part.is_whole else "at least "
    return f"{perhaps}{plural(len(part.rows), noun, nouns)}"


def _names(details: TeamDetails) -> str:
    accounts = details.accounts.rows
    people = details.users.rows
    return ", ".join((*(a.name or a.id for a in accounts), *map(person_name, people)))


# Memberships


def membership(
    snapshot: Snapshot,
    account: SystemAccount,
    *,
    joined: Sequence[Team],
    left: Sequence[Team],
    width: int,
) -> Text:
    """What an account can do before and after it joins and leaves these teams."""
    return _page(_of_one(snapshot, account, joined, left), width)


def of_members(snapshot: Snapshot, team: Team, *, joining: int, leaving: int, width: int) -> Text:
    """What a team gives to those who join it and takes from those who leave it."""
    lines = []
    if joining:
        verb = "gets" if joining == 1 else "get"
        lines.append(Text(f"+ {joining:,} {verb} what {team.title} gives", style=ADDED))
    if leaving:
        verb = "loses" if leaving == 1 else "lose"
        lines.append(Text(f"- {leaving:,} {verb} what {team.title} gives", style=TAKEN))
    lines.append(Text(f"  {roles_of_team(snapshot, team)}"))
    return _page(lines, width)


def _of_one(
    snapshot: Snapshot, account: SystemAccount, joined: Sequence[Team], left: Sequence[Team]
) -> list[Text]:
    details = snapshot.details_of(account.id)
    before = _subject(snapshot, account, details)
    gone = {team.id for team in left}
    kept = [team for team in before.teams if team.id not in gone]
    teams = replace(details.teams, value=Listing((*kept, *joined)))
    after = _subject(snapshot, account, replace(details, teams=teams))
    gained = _through(after, {team.id for team in joined})
    lost = _through(before, gone)
    changed = [_gain(each, Index(before.grants), snapshot) for each in gained]
    changed += [_loss(each, Index(after.grants), snapshot) for each in lost]
    lines = [
        Text(f"{account.name} · before: {_sum(before)} · after: {_sum(after)}", style="bold"),
        *changed[:LINES_SHOWN],
    ]
    if len(changed) > LINES_SHOWN:
        lines.append(Text(f"and {plural(len(changed) - LINES_SHOWN, 'more role')}"))
    missing = dict.fromkeys((*before.missing, *after.missing))
    if missing:
        lines.append(Text(f"NOT KNOWN: {'; '.join(missing)}", style=DOUBT))
    elif not changed:
        lines.append(Text("no role comes or goes"))
    return lines


def _through(subject: Subject, team_ids: Collection[str]) -> list[Grant]:
    return [each for each in subject.grants if each.via and each.via.team_id in team_ids]


def _sum(subject: Subject) -> str:
    count = plural(len({each.scope for each in subject.grants}), "role")
    return count if subject.is_complete else f"at least {count}"


def _gain(grant: Grant, held: Index, snapshot: Snapshot) -> Text:
    line = Text(f"+ {grant_words(grant, snapshot)}", style=ADDED)
    found = overlap_of(grant, held)
    if found.duplicates:
        line.append(" · held already", style="not bold")
    elif found.wider:
        line.append(f" · covered by {grant_words(found.wider[0], snapshot)}", style="not bold")
    return line


def _loss(grant: Grant, kept: Index, snapshot: Snapshot) -> Text:
    line = Text(f"- {grant_words(grant, snapshot)}", style=TAKEN)
    found = overlap_of(grant, kept)
    if found.duplicates:
        via = found.duplicates[0].via
        line.append(
            f" · still held {f'through {via.title}' if via else 'directly'}", style="not bold"
        )
    elif found.wider:
        line.append(f" · still {grant_words(found.wider[0], snapshot)}", style="not bold")
    return line


def _page(lines: Sequence[Text], width: int) -> Text:
    """The lines, each cut where the page ends, so that none pushes another out of view."""
    shown = [shown_line(line) for line in lines]
    for line in shown:
        line.truncate(max(20, width - MARGIN), overflow="ellipsis")
    return Text("\n").join(shown)
