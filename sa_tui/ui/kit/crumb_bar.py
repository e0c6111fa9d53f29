"""The second line: the way to this page as crumbs, and the sections with their digits.

It takes what it shows from the pages that are open. What has no room gives way: the labels of the
sections, then their digits, then the middle of the way; where the operator is stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from sa_tui.base.text import ELLIPSIS, one_line
from sa_tui.ui.kit.safe import Line
from sa_tui.ui.kit.sections import SECTIONS
from sa_tui.ui.kit.top_bar import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events

    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.kit.sections import Section

SEPARATOR = " › "
LEAST_NAME = 8
"""A crumb that is cut keeps so many cells."""


class _Mark(NamedTuple):
    """The sections as text, and the cells of each."""

    text: str
    places: tuple[tuple[int, int, str], ...]


class CrumbBar(Line):
    """Shows crumbs and sections; a click on a section goes to it."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._places: Sequence[tuple[int, int, str]] = ()

    def show(self, crumbs: Sequence[str], section: str, *, width: int) -> None:
        """Shows the way to a page of this section; an unchanged text is not sent again."""
        text, self._places = _line([one_line(crumb) for crumb in crumbs], section, width)
        if self.content != text:
            self.update(text, layout=False)

    async def on_click(self, event: events.Click) -> None:
        """Goes to the section under the pointer."""
        for start, end, name in self._places:
            if start <= event.x < end:
                await self.app.run_action(f"section('{name}')")


def crumbs_of(host: Host, page: object) -> tuple[Sequence[str], str]:
    """The crumbs of the pages from the newest section up to `page`, and the section's name."""
    crumbs: list[str] = []
    section = ""
    for screen in host.screen_stack:
        crumb, name = getattr(screen, "crumb", ""), getattr(screen, "section", "")
        if name:
            crumbs, section = [], name
        if crumbs and crumb.startswith(f"{crumbs[-1]}{SEPARATOR}"):
            crumb = crumb.removeprefix(f"{crumbs[-1]}{SEPARATOR}")  # the page below names it
        crumbs += crumb.rsplit(SEPARATOR, 1) if crumb else []
        if screen is page:
            break
    return crumbs, section


def _line(
    crumbs: Sequence[str], section: str, width: int
) -> tuple[Text, Sequence[tuple[int, int, str]]]:
    is_root = len(crumbs) <= 1  # the mark says the same
    way = 1 + cell_len(SEPARATOR.join(crumbs))
    for with_labels in (True, False):
        mark = _marked(section, SECTIONS, with_labels=with_labels)
        if is_root and 0 <= width - cell_len(mark.text) < way + LEAST_NAME:
            return _joined((), mark, width)
        if way + cell_len(mark.text) <= width:
            return _joined(crumbs, mark, width)
    mark = _Mark(f" {SECTIONS[0].digit}-{SECTIONS[-1].digit} ", ())
    return _joined(_fitted(crumbs, width - 1 - cell_len(mark.text)), mark, width)


def _marked(section: str, sections: Sequence[Section], *, with_labels: bool) -> _Mark:
    """The sections on one line; brackets mark the present one, as not everybody sees colours."""
    text, places = "", []
    before = ""
    for item in sections:
        text += "[" if item.name == section else "]" if before == section and before else " "
        label = f"{item.digit} {item.label}" if with_labels else item.digit
        places.append((len(text), len(text) + len(label), item.name))
        text += label
        before = item.name
    return _Mark(text + ("]" if before == section else " "), tuple(places))


def _joined(
    crumbs: Sequence[str], mark: _Mark, width: int
) -> tuple[Text, Sequence[tuple[int, int, str]]]:
    text = Text(no_wrap=True)
    for number, crumb in enumerate(crumbs):
        text.append(SEPARATOR if number else " ", style="not bold")
        text.append(crumb, style="bold" if number == len(crumbs) - 1 else "not bold")
    start = max(cell_len(text.plain), width - cell_len(mark.text))
    text.append(" " * (start - cell_len(text.plain)))
    for part, is_here in _parts(mark.text):
        text.append(part, style="bold" if is_here else "not bold dim")
    return text, [(start + left, start + right, name) for left, right, name in mark.places]


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether a piece is the one in brackets."""
    before, opening, rest = text.partition("[")
    here, closing, after = rest.partition("]")
    yield before, False
    yield f"{opening}{here}{closing}", True
    yield after, False


def _fitted(crumbs: Sequence[str], room: int) -> Sequence[str]:
    """The crumbs cut to this room: the longest names first, then what is before the last page."""
    fitted = list(crumbs)
    while (excess := cell_len(SEPARATOR.join(fitted)) - room) > 0:
        longest = max(range(len(fitted)), key=lambda number: cell_len(fitted[number]))
        cells = cell_len(fitted[longest])
        if cells > LEAST_NAME:
            fitted[longest] = cut(fitted[longest], max(LEAST_NAME, cells - excess))
        elif len(fitted) > 2:
            fitted[:2] = [ELLIPSIS]
        else:
            break
    return fitted
