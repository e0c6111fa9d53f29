"""The way between pages: sections by their digits, and back and forward through what was open.

A section keeps its page, with its filter, cursor and marks, until another organisation is opened;
every other page is made again from what it is about, with its focus and cursors. A key goes to its
page or says why not.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Protocol, cast

from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.host import Host
from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.patches.patched_app import ROOT_DEPTH
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.sections import ACCOUNTS, PROFILES, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App
    from textual.await_complete import AwaitComplete
    from textual.screen import Screen

    from sa_tui.ui.kit.screen import Standing
    from sa_tui.ui.kit.sections import Section

    Stop = tuple[type[SnapshotScreen], Mapping[str, Any]]
    Place = tuple[Stop, ...]

MOST_PLACES = 50
"""So many places are remembered."""


class Pages(Host, Protocol):
    """What the navigation needs of the application."""

    def pop_screen(self) -> AwaitComplete: ...

    def install_screen(self, screen: Screen[Any], name: str) -> None: ...

    def uninstall_screen(self, screen: Screen[Any]) -> str | None: ...


class Navigation:
    """Knows which page is open and which were open before."""

    def __init__(self, app: Pages) -> None:
        self._app = app
        self._kept: dict[str, SnapshotScreen] = {}
        self._places: list[Place] = []
        self._at = -1
        self._before: Place | None = None
        self._stood: list[tuple[Stop, Standing]] = []
        self._is_moving = False

    # What is open

    def watch(self) -> None:
        """Begins to remember the pages that are opened."""
        app = cast("App[int]", self._app)
        app.screen_change_signal.subscribe(app, self._arrived, immediate=True)

    @property
    def _pages(self) -> list[SnapshotScreen]:
        """The pages that are open, without dialogs."""
        return [page for page in self._app.screen_stack if isinstance(page, SnapshotScreen)]

    def _arrived(self, screen: Screen[Any]) -> None:
        if self._is_moving or not isinstance(screen, SnapshotScreen):
            return
        place = _place(self._pages)
        if self._at >= 0 and place == self._places[self._at]:
            return  # a dialog was closed
        is_return = self._at > 0 and place == self._places[self._at - 1]
        if is_return and place == self._places[self._at][: len(place)]:
            self._before = self._places[self._at]
            self._at -= 1
        else:
            self._remember(place)

    def _remember(self, place: Place) -> None:
        if self._at >= 0:
            self._before = self._places[self._at]
        self._places[self._at + 1 :] = [place]
        del self._places[:-MOST_PLACES]
        self._at = len(self._places) - 1

    # Where to go

    def open_section(self, name: str) -> bool:
        """Goes to the page with which a section begins; False after saying why not."""
        section = next(section for section in SECTIONS if section.name == name)
        if self._is_held(needs_organisation=name != PROFILES):
            return False
        place = _place(self._pages[:1])
        if name != ACCOUNTS:
            place = (*place, (type(self._page_of(section)), {}))
        self._leave_dialogs()
        if place != _place(self._pages):
            self._move(place)
            self._remember(place)
        return True

    def leave_section(self) -> None:
        """Goes back to where the section was opened."""
        if self._at > 0:
            self.go_back()
        else:
            self.open_section(ACCOUNTS)

    def go_back(self, steps: int = 1) -> None:
        """Goes back through the pages that were open, or forward with negative steps."""
        if self._is_held():
            return
        at = self._at - steps
        if not 0 <= at < len(self._places):
            word = "before" if steps > 0 else "after"
            self.say(f"No page was open {word} this one.")
            return
        self._leave_dialogs()
        self._before, self._at = self._places[self._at], at
        self._move(self._places[at])

    def go_to_previous(self) -> None:
        """Goes to the page that was open before; again comes back."""
        if self._is_held():
            return
        place = self._before
        if place is None:
            self.say("No page was open before this one.")
        elif self._at > 0 and self._places[self._at - 1] == place:
            self.go_back()
        elif self._places[self._at + 1 : self._at + 2] == [place]:
            self.go_back(-1)
        else:
            self._leave_dialogs()
            self._move(place)
            self._remember(place)

    def _is_held(self, *, needs_organisation: bool = True) -> bool:
        """Whether the page on top cannot be left now; it says why."""
        stay = [page.must_stay for page in self._app.screen_stack if isinstance(page, Page)]
        top, reason = self._app.screen, next(filter(None, reversed(stay)), "")
        if not reason and isinstance(top, Dialog) and top.is_without_focus:
            return True
        if not reason and needs_organisation and self._app.profile is None:
            reason = "No organisation is open: choose a profile first."
        if reason:
            self.say(reason)
        return bool(reason)

    def say(self, text: str) -> None:
        """Shows a sentence on the page or dialog on top."""
        if isinstance(self._app.screen, Dialog):
            self._app.screen.tell(text, tone="warn")
        else:
            self._app.say(text)

    # How to go

    def _leave_dialogs(self) -> None:
        """Leaves the dialogs on top."""
        while isinstance(dialog := self._app.screen, Dialog):
            dialog.abandon()
            if self._app.screen is dialog:  # it is being made, and goes as soon as it is there
                break

    def _move(self, place: Place) -> None:
        """Opens the pages of a place; those that it shares with the present one stay."""
        open_pages = self._app.screen_stack[1:]
        stay = 0
        for page, stop in zip(open_pages, place, strict=False):
            if not isinstance(page, SnapshotScreen) or _stop(page) != stop:
                break  # a dialog that a page was opened from goes, too
            stay += 1
        self._is_moving = True
        try:
            for page in reversed(open_pages[stay:]):
                if isinstance(page, Dialog):
                    page.abandon()
                else:
                    self._note(page)
                    self._app.pop_screen()
                if isinstance(page, SnapshotScreen):
                    page.left()
            for stop in place[stay:]:
                self._push(stop)
        finally:
            self._is_moving = False

    def _note(self, page: Screen[Any]) -> None:
        """Remembers where a page that will be made again stands."""
        if isinstance(page, SnapshotScreen) and page not in self._kept.values():
            stop = _stop(page)
            others = [(other, standing) for other, standing in self._stood if other != stop]
            self._stood = [*others, (stop, page.standing)][-MOST_PLACES:]

    def _push(self, stop: Stop) -> None:
        """Opens the kept page of a section, or another made again, which stands where it stood."""
        make, arguments = stop
        page = next((page for page in self._kept.values() if type(page) is make), None)
        if page is None:
            page = make(**arguments)
            page.stood = next((stood for other, stood in self._stood if other == stop), None)
        self._app.push_screen(page)

    def _page_of(self, section: Section) -> SnapshotScreen:
        """The page of a section, which is made when it is first opened."""
        if (page := self._kept.get(section.name)) is None:
            page = self._kept[section.name] = resolve_name(f"sa_tui.ui.{section.page}")()
            self._app.install_screen(page, section.name)
        return page

    # Another organisation

    async def start_over(self, *, is_elsewhere: bool) -> None:
        """Closes every page but the first, and forgets where the operator was.

        The first page forgets its filter, marks and order if the organisation `is_elsewhere`.
        """
        app = self._app
        while len(app.screen_stack) > ROOT_DEPTH:
            page = app.screen
            if isinstance(page, Page):
                await page.made()
            if page is app.screen:
                await app.pop_screen()
        for page in self._kept.values():
            app.uninstall_screen(page)
            if page.is_running:
                await page.remove()
        self._kept.clear()
        self._places, self._at, self._before, self._stood = [], -1, None, []
        for page in self._pages:
            if is_elsewhere:
                page.start_over()
            self._remember(_place([page]))


def _stop(page: SnapshotScreen) -> Stop:
    return (type(page), page.arguments)


def _place(pages: list[SnapshotScreen]) -> Place:
    return tuple(map(_stop, pages))
