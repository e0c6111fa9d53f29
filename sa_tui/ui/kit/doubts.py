"""What is unknown, in titles and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from sa_tui.konnect.models import Listing
    from sa_tui.org.snapshot import Part


def part_title(name: str, part: Part[Listing[object]], *, count: int | None = None) -> str:
    """The title of a list: its name, the number of rows or `count`, and what is wrong with it."""
    if part.value is None:
        return name
    incomplete = f" · INCOMPLETE: {part.value.incomplete}" if part.value.incomplete else ""
    outdated = " · NOT UP TO DATE" if part.error is not None else ""
    return f"{name} · {len(part.rows) if count is None else count:,}{incomplete}{outdated}"


def count_cell(part: Part[Listing[object]]) -> Text:
    """The number of rows, with a `?` if the part is incomplete; without a value `unread_cell`."""
    if part.value is None:
        return unread_cell(part)
    mark = "" if part.is_whole else "?"
    return Text(f"{len(part.rows)}{mark}", style="" if part.rows else "quiet")


def unread_cell(part: Part[Listing[object]]) -> Text:
    """The cell of a part without a value: `…` if it was not read yet, `?` if that failed."""
    return Text("?", style="bad") if part.error is not None else Text("…", style="quiet")
