"""Two subjects side by side: what each can do, by which path, and where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on

from sa_tui.access.answer import Answer
from sa_tui.access.why import compare as compared
from sa_tui.base.words import plural
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.screen import EXPORT, SnapshotScreen
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.roles.grant_words import path_cell, place_cells, type_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Subject
    from sa_tui.access.why import Difference
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export
    from sa_tui.ui.kit.host import Host

HOW = "Space marks two to compare, or one to compare with the one chosen; then =."


def compare(host: Host, marked: Sequence[str], chosen: str | None) -> None:
    """Opens the comparison of two that are marked, or of one with the one under the cursor."""
    if len(marked) == 1 and chosen is not None:
        marked = (*marked, chosen)
    subject_ids = tuple(dict.fromkeys(marked))
    if len(subject_ids) == 2:
        host.push_screen(CompareScreen(*subject_ids))
    else:
        host.say(HOW, is_error=len(subject_ids) > 2)


class CompareScreen(SnapshotScreen):
    """What two subjects have, grant by grant; ! leaves out what both can do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "back"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
        bind(Means.DIFFERENCES, "differences", help="Show only what differs"),
        bind(Means.NEXT, "swap", "Swap", "Swap left and right", name="swap"),
        EXPORT,
    ]

    def __init__(self, left_id: str, right_id: str) -> None:
        super().__init__()
        self._ids = (left_id, right_id)
        self._differences: tuple[Difference, ...] = ()
        self._only_differences = False

    @property
    def crumb(self) -> str:
        return "Compare"

    @property
    def arguments(self) -> Mapping[str, Any]:
        return {"left_id": self._ids[0], "right_id": self._ids[1]}

    def compose_body(self) -> ComposeResult:
        yield LineTable(self._columns(), row=self._row, id="compared")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(LineTable).focus()
        self.host.reading.read_some(self._ids)

    def _columns(self) -> Sequence[Column]:
        titles = [(subject.name if subject else "(gone)") for subject in self._subjects]
        return (
            Column("role", "ROLE", width=12, grow=1),
            Column("type", "TYPE", width=8, grow=1, priority=1),
            Column("entity", "ENTITY", width=9, grow=1),
            Column("region", "REGION", width=7),
            Column("left", titles[0], width=14, grow=1),
            Column("right", titles[1], width=14, grow=1),
        )

    @property
    def _subjects(self) -> tuple[Subject | None, Subject | None]:
        access = self.host.access.current
        return access.subject(self._ids[0]), access.subject(self._ids[1])

    def show(self, snapshot: Snapshot) -> None:
        left, right = self._subjects
        differences = compared(left, right) if left is not None and right is not None else ()
        if self._only_differences:
            differences = tuple(row for row in differences if not row.is_same)
        self._differences = differences
        table = self.query_one(LineTable)
        table.set_columns(self._columns())
        table.set_keys([str(number) for number, _ in enumerate(differences)])
        table.set_message(self._why_empty())
        table.redraw()

    def _why_empty(self) -> str:
        if any(subject is not None and subject.missing for subject in self._subjects):
            return "Not read in full."
        if None in self._subjects:
            return "One of them is not listed any more."
        return "No difference." if self._only_differences else "Neither has any access."

    def export(self) -> Export | None:
        left, right = self._subjects
        if left is None or right is None:
            return None
        from sa_tui.ui.access.exports import compare_export

        return compare_export(
            self.host,
            left,
            right,
            self._differences,
            is_only_differences=self._only_differences,
        )

    def _row(self, key: str) -> Sequence[Text | str]:
        if int(key) >= len(self._differences):
            return ("",) * len(self._columns())
        difference = self._differences[int(key)]
        return (
            difference.grant.role or "?",
            type_cell(difference.grant),
            *place_cells(difference.grant, self.host.snapshot),
            _side(difference.left, difference.left_covered, difference.left_answer),
            _side(difference.right, difference.right_covered, difference.right_answer),
        )

    def summary(self, snapshot: Snapshot) -> Text:
        differing_count = sum(row.same is Answer.NO for row in self._differences)
        unknown_count = sum(row.same is Answer.UNKNOWN for row in self._differences)
        line = Text(
            f"{plural(len(self._differences), 'grant')}, {plural(differing_count, 'difference')}"
        )
        line.append(f", {unknown_count:,} not known" if unknown_count else "")
        for subject in self._subjects:
            if subject is not None and subject.missing:
                line.append(f" · {subject.name} NOT READ IN FULL", style="bold yellow")
        return line

    # What the operator does

    def action_differences(self) -> None:
        """Switches between what differs and all grants."""
        self._only_differences = not self._only_differences
        self.show(self.host.snapshot)
        self.update_status()

    def action_swap(self) -> None:
        """Swaps left and right."""
        self._ids = (self._ids[1], self._ids[0])
        self.show(self.host.snapshot)

    @on(LineTable.Opened, "#compared")
    def _open(self, event: LineTable.Opened) -> None:
        from sa_tui.ui.access.why import WhyScreen

        difference = self._differences[int(event.key)]
        side = 0 if difference.left or difference.left_covered else 1
        self.host.push_screen(WhyScreen(self._ids[side]))

    def action_back(self) -> None:
        """Goes back."""
        self.dismiss()


def _side(grants: Sequence[Grant], covering_grants: Sequence[Grant], has_it: Answer) -> Text:
    """How one of the two has it: by paths, by a wider grant, not at all, or not known."""
    if grants and has_it is Answer.NO:
        return Text("reaches nothing", style="bad")
    if grants:
        path_words = dict.fromkeys(path_cell(grant).plain for grant in grants)
        return Text(", ".join(path_words), style="good")
    if covering_grants:
        return Text(f"covered: {covering_grants[0].role or '?'}", style="good")
    if has_it is Answer.UNKNOWN:
        return Text("?", style="bad")
    return Text("-", style="quiet")
