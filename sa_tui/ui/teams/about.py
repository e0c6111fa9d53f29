"""Everything that is known of one team: its roles, its system accounts and its people.

What was not read yet, or could not be read, is said; it is never nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from rich.text import Text

from sa_tui.access.words import role_line
from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.org.names import person_name
from sa_tui.ui.kit.doubts import part_title
from sa_tui.ui.roles.entity_words import read_names
from sa_tui.ui.teams.rows import kind_of, labels_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.konnect.models import Listing, Row, Team, User
    from sa_tui.org.snapshot import Part
    from sa_tui.ui.kit.host import Host

RowT = TypeVar("RowT", bound="Row")
FIXED: Final = "Konnect does not list the roles of its own teams: they are fixed."
_MOST: Final = 15
"""How many rows of a part are told beside the list; the page of the team has all."""


def about(host: Host, team: Team) -> Text:
    """The team in lines, for the space beside the list."""
    snapshot, details = host.snapshot, host.snapshot.team_details_of(team.id)
    text = Text.assemble((one_line(team.title) or "(no name)", "bold"), f" · {kind_of(team)}")
    for fact in (team.description, labels_of(team), team.id):
        if fact:
            text.append(f"\n{one_line(fact, limit=PROSE_LIMIT)}")
    read_names(host, details.roles.rows[:_MOST])
    is_fixed = bool(team.system_team)
    parts = (
        _part(
            "Roles",
            details.roles,
            lambda role: role_line(role, snapshot),
            none=FIXED if is_fixed else "none",
        ),
        _part("System accounts", details.accounts, lambda row: row.name or "(no name)"),
        _part("People", details.users, _person),
    )
    for part in parts:
        text.append("\n\n").append_text(part)
    return text


def _part(
    name: str, part: Part[Listing[RowT]], words: Callable[[RowT], str], *, none: str = "none"
) -> Text:
    text = Text.assemble((part_title(name, part), "bold"))
    if part.error is not None:
        text.append(f"\n{one_line(f'Not known: {part.error}', limit=PROSE_LIMIT)}", "bad")
    elif part.value is None:
        text.append("\nNot read yet…", "dim")
    elif not part.rows:
        text.append(f"\n{none}", "dim")
    for row in part.rows[:_MOST]:
        text.append(f"\n{one_line(words(row))}")
    if (more := len(part.rows) - _MOST) > 0:
        text.append(f"\nand {more:,} more: Enter", "dim")
    return text


def _person(user: User) -> str:
    state = {True: "", False: " · inactive", None: " · active or not is unknown"}[user.active]
    return f"{person_name(user)}{state}"
