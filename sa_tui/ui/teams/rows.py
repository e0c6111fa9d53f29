"""The rows of the list of teams, and their order.

`…` is a value that was not read yet, `?` one that could not be read; neither is ever shown as 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from sa_tui.base.text import sought
from sa_tui.base.words import short_id
from sa_tui.ui.kit.doubts import count_cell
from sa_tui.ui.kit.ordering import ordered
from sa_tui.ui.kit.table.cells import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sa_tui.konnect.models import Listing, Team
    from sa_tui.org.snapshot import Part, Snapshot, TeamDetails
    from sa_tui.ui.kit.ordering import Rank

COLUMNS: Final = (
    Column("name", "NAME", width=22, grow=2),
    Column("kind", "KIND", width=10),
    Column("roles", "ROLES", width=5, right=True),
    Column("accounts", "ACCTS", width=5, right=True),
    Column("people", "PEOPLE", width=6, right=True),
    Column("id", "ID", width=9),
    Column("labels", "LABELS", width=18, grow=2, priority=1),
    Column("description", "DESCRIPTION", width=24, grow=3, priority=2),
)


def kind_of(team: Team) -> str:
    """Whether Konnect made the team or somebody did; `?` if it is not known."""
    return {True: "predefined", False: "custom", None: "?"}[team.system_team]


def labels_of(team: Team) -> str:
    """The labels on one line, or what Konnect wrote if they could not be read."""
    if "labels" in team.unreadable:
        return f"unknown (Konnect wrote {team.unreadable['labels']})"
    return " ".join(f"{key}={value}" for key, value in sorted(team.labels.items()))


def cells(team: Team, details: TeamDetails) -> tuple[Text | str, ...]:
    """One cell per column."""
    return (
        team.title or "(no name)",
        kind_of(team),
        _roles(team, details),
        count_cell(details.accounts),
        count_cell(details.users),
        short_id(team.id),
        labels_of(team),
        team.description,
    )


def _roles(team: Team, details: TeamDetails) -> Text:
    listing = details.roles.value
    if team.system_team and listing is not None and not listing.rows:
        return Text("fixed", style="quiet")  # Konnect does not list what its own teams give
    return count_cell(details.roles)


class TeamList:
    """The ids of the teams in the order of a column.

    Unknown and absent values come last in every order. Teams are few: all are ordered at once.
    """

    def __init__(self) -> None:
        self.sort: tuple[str, bool] = ("name", False)
        self.order: tuple[str, ...] = ()
        self.texts: list[tuple[str, str]] = []
        self.unknown = 0
        self._seen: tuple[Listing[Team] | None, Mapping[str, TeamDetails]] | None = None
        self._sorted: tuple[str, bool] | None = None

    def update(self, snapshot: Snapshot) -> bool:
        """Follows the snapshot and `sort`; False when `order` is the same as before."""
        listing, details = snapshot.teams.value, snapshot.team_details
        if self._sorted == self.sort and self._seen is not None:
            is_same_list = self._seen[0] is listing
            if is_same_list and (self._seen[1] is details or self.sort[0] not in _COUNTED):
                return False
        self._seen, self._sorted = (listing, details), self.sort
        column, reverse = self.sort
        rank = _RANKS[column]
        teams = {team.id: team for team in sorted(snapshot.teams.rows, key=_by_name)}
        ranked_ids, unranked_ids = ordered(
            teams, lambda id: rank(teams[id], snapshot.team_details_of(id)), reverse=reverse
        )
        self.unknown = len(unranked_ids) if column in _COUNTED else 0
        self.order = (*ranked_ids, *unranked_ids)
        self.texts = [(id, haystack(teams[id])) for id in self.order]
        return True


def haystack(team: Team) -> str:
    """The text that a filter looks in: name, kind, labels, description and id, in lower case."""
    words = (*team.names, kind_of(team), labels_of(team), team.description, team.id)
    return sought(*words)


def _by_name(team: Team) -> tuple[str, str]:
    return team.title.casefold(), team.id


def _counted(pick: str) -> Callable[[Team, TeamDetails], Rank]:
    def rank(_: Team, details: TeamDetails) -> Rank:
        part: Part[Listing[object]] = getattr(details, pick)
        return None if part.value is None else len(part.rows)

    return rank


_RANKS: Final[dict[str, Callable[[Team, TeamDetails], Rank]]] = {
    "name": lambda team, _: _by_name(team),
    "kind": lambda team, _: kind_of(team),
    "roles": _counted("roles"),
    "accounts": _counted("accounts"),
    "people": _counted("users"),
    "id": lambda team, _: team.id,
    "labels": lambda team, _: labels_of(team) or None,
    "description": lambda team, _: team.description.casefold() or None,
}

_COUNTED: Final = frozenset({"roles", "accounts", "people"})
