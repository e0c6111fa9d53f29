"""A few options on one line, of which the arrows choose one, so that Enter is free to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.message import Message

from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import BindingType
    from textual.events import Click

_GAP = "  "


class ChoiceLine(Static, can_focus=True):
    """Shows `(•)` before the option that is chosen; `options` are labels by their keys."""

    HELP_TITLE = "Where one of several is chosen"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.LEFT, "choose(-1)", "Choose", "The option before", name="option-before"),
        bind(Means.RIGHT, "choose(1)", "Choose", "The next option", name="option"),
        bind(Means.UP, "leave(-1)", "Line above", name="line-above"),
        bind(Means.DOWN, "leave(1)", "Line below", name="line-below"),
    ]

    class Changed(Message):
        """Another option was chosen."""

    def __init__(self, options: Mapping[str, str], *, chosen: str, id: str) -> None:
        super().__init__(id=id, classes="choice-line", markup=False)
        self._options = options
        self.chosen = chosen

    def on_mount(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.update(Text(_GAP.join(self._labels())))

    def _labels(self) -> list[str]:
        return [
            f"({'•' if key == self.chosen else ' '}) {label}"
            for key, label in self._options.items()
        ]

    def action_choose(self, step: int) -> None:
        """Chooses the option so many places further; after the last comes the first."""
        keys = list(self._options)
        self._choose(keys[(keys.index(self.chosen) + step) % len(keys)])

    def action_leave(self, step: int) -> None:
        """Goes to the field above or below."""
        if step > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def _choose(self, key: str) -> None:
        if key != self.chosen:
            self.chosen = key
            self._draw()
            self.post_message(self.Changed())

    def on_click(self, event: Click) -> None:
        end = 0
        for key, label in zip(self._options, self._labels(), strict=True):
            end += len(label) + len(_GAP)
            if event.y == 0 and event.x < end:
                self._choose(key)
                return
