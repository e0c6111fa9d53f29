"""The steps of the form for roles, in their order, and the words of each."""

from __future__ import annotations

from typing import Literal

from sa_tui.ui.kit.table.table import Column, LineTable

Step = Literal["type", "roles", "entity", "region"]
STEPS: tuple[Step, ...] = ("type", "roles", "entity", "region")
MARKABLE: tuple[Step, ...] = ("roles", "entity")
"""The steps in which several can be chosen."""

COLUMNS = (
    Column("title", "CHOICE", width=26, grow=1),
    Column("about", "ABOUT", width=20, grow=3),
)
CAPTIONS: dict[Step, str] = {
    "type": "Type",
    "roles": "Roles",
    "entity": "Entities",
    "region": "Region",
}
HINTS: dict[Step, str] = {
    "type": "Which type of entity? Search, or type what is not listed. Enter takes it.",
    "roles": "Which roles? Type to search; Space marks several. Enter takes them.",
    "entity": (
        "On which entities? Search, or type an id; Space marks several, * is all. Enter takes them."
    ),
    "region": "In which region? * is all of them. Enter reviews.",
}
AS_TYPED: dict[Step, str] = {
    "type": "as typed: in no catalogue",
    "roles": "as typed: in no catalogue",
    "entity": "the id as typed",
    "region": "as typed",
}
OF_EACH = "as each entity"
"""The region where every entity that was chosen has its own."""

ALL_IS_ALONE = "All entities is a choice of its own: unmark it, or the others."

_MARKED_BY_LETTERS = ("mark_to", "mark_all", "invert")


class SearchedLines(LineTable):
    """Lines among which every letter searches, so that Space alone marks."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers no key that is a letter."""
        return action not in _MARKED_BY_LETTERS and super().check_action(action, parameters)
