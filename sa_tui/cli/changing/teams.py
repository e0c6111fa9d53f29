"""Creates, edits and deletes teams.

The rule it keeps: names of teams are not unique, so a team is created only where none has its name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.answers.problems import required
from sa_tui.base.text import one_line
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.konnect.errors import Unreadable
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.changes.teams import create_team, delete_team, update_team
from sa_tui.org.names import alike_words, looks_like
from sa_tui.org.reading.entities import unread_listings
from sa_tui.org.reading.naming import read_lists
from sa_tui.org.team_fields import check_team, read_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.konnect.models import Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.store import Org


async def create(command: ChangeCommand) -> Wanted:
    """The teams that are to be created; one of the same name and fields is there already.

    Raises StoppedError if a name is taken by a team that differs in them.
    """
    options = command.options
    labels = _labels(options.labels)
    await command.org.read_teams()
    listing = required(command.snapshot.teams, "teams")
    if listing.incomplete:  # there may be one of the name, and Konnect would take another
        raise Unreadable(f"Not every team could be read. {listing.incomplete}")
    teams, changes, already, notes = listing.rows, [], [], []
    for name in dict.fromkeys(text.strip() for text in command.names):
        _check(name, options.description or "", None)
        namesakes = [team for team in teams if team.name == name]
        if not namesakes:
            changes.append(create_team(name, description=options.description or "", labels=labels))
            if alike := looks_like(name, (team.name for team in teams)):
                notes.append(alike_words(alike))
            continue
        same = [team for team in namesakes if _is_so(team, options.description, labels)]
        if len(same) != 1:
            raise _taken(namesakes)
        there = NewId("team", key=name, value=same[0].id)
        description, kept = same[0].description, same[0].labels
        already.append(create_team(name, description=description, labels=kept, makes=there))
    return Wanted(changes=tuple(changes), already=tuple(already), notes=tuple(notes))


async def edit(command: ChangeCommand) -> Wanted:
    """The new name, description and labels of a team, as far as they differ."""
    options = command.options
    (team,) = await command.teams([options.name])
    labels: dict[str, str | None] = {**_labels(options.labels)}
    if both := labels.keys() & set(options.removed_labels):
        raise UsageError(f"The label {sorted(both)[0]} is to be set and taken away: choose one.")
    labels |= dict.fromkeys(options.removed_labels)
    name = None if options.new_name is None else options.new_name.strip()
    if name is None and options.description is None and not labels:
        raise UsageError("Say what is to be changed: --name, --description, --label or --no-label.")
    description = team.description if options.description is None else options.description
    _check(team.name if name is None else name, description, team)
    teams = required(command.snapshot.teams, "teams").rows
    others = [row for row in teams if row.id != team.id]
    if name is not None and (namesakes := [row for row in others if row.name == name]):
        raise _taken(namesakes)
    alike = None if name is None else looks_like(name, (row.name for row in others))
    is_renamed, is_described = name not in (None, team.name), description != team.description
    changed_labels = {key: value for key, value in labels.items() if team.labels.get(key) != value}
    change = update_team(
        team,
        name=name if is_renamed else None,
        description=description if is_described else None,
        labels=changed_labels or None,
    )
    await command.org.read_team_details([team.id], again=True)
    if is_renamed or is_described or changed_labels:
        return Wanted(changes=(change,), notes=(alike_words(alike),) if alike else ())
    return Wanted(changes=(), already=(replace(change, subject=team.name),))


async def delete(command: ChangeCommand) -> Wanted:
    """The teams that are to be deleted, after it was read who loses what with them."""
    teams = await command.teams(command.names)
    await read_what_they_give(command.org, teams)
    snapshot = command.snapshot

    def deletion(team: Team) -> Change:
        return delete_team(team, snapshot.team_details_of(team.id))

    return Wanted(changes=tuple(map(deletion, teams)))


async def read_what_they_give(org: Org, teams: Sequence[Team]) -> None:
    """Reads the roles and members of these teams, and the names of the entities in the roles."""
    await org.read_team_details([team.id for team in teams], again=True)
    details = (org.snapshot.team_details_of(team.id) for team in teams)
    roles = [role for of_team in details for role in of_team.roles.rows]
    await read_lists(org, unread_listings(roles, org.snapshot), roles)


def _labels(words: Sequence[str]) -> dict[str, str]:
    try:
        return read_labels(",".join(words))
    except ValueError as error:
        raise UsageError(f"--label: {error}") from error


def _check(name: str, description: str, team: Team | None) -> None:
    try:
        check_team(name, description, team)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _is_so(team: Team, description: str | None, labels: Mapping[str, str]) -> bool:
    """Whether the team has this description, and these labels among its own."""
    return description in (None, team.description) and labels.items() <= team.labels.items()


def _taken(namesakes: Sequence[Team]) -> StoppedError:
    ids = ", ".join(team.id for team in namesakes)
    name = one_line(namesakes[0].title)
    how = "There is a team" if len(namesakes) == 1 else f"There are {len(namesakes)} teams"
    return StoppedError(
        f"Nothing was sent. {how} {name} already ({ids}): edit it, or choose another name.",
        code=Exit.CONFLICT,
    )
