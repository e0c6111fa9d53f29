"""The line at the bottom: the keys that matter now, most used first, drawn by one widget.

Textual's Footer has a widget for each key and makes all of them again whenever one may have
changed: that is a third of the work of opening a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from sa_tui.ui.kit.key_table import ALWAYS_TOLD, Means, meaning_of
from sa_tui.ui.kit.keys import row_of
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.screen import Screen


_MARKING = (Means.MARK_ALL, Means.INVERT)
"""What the footer tells while rows are marked, beside what can be done to them."""


class _Key(NamedTuple):
    """A key as it is bound and as it is shown, what it does, and whether it may do that now."""

    name: str
    shown: str
    label: str
    is_enabled: bool
    is_always_told: bool

    @property
    def width(self) -> int:
        """The number of cells, with the blank after the label."""
        return len(self.shown) + len(self.label) + 2


class KeyBar(Widget):
    """Shows each action of the page with its key, dim while it is refused; a click presses the key.

    Actions that have no room are left out, except the way back and the help, which lists all keys.
    While rows are marked, what can be done to them comes first, with their number.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key"}
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        text-wrap: nowrap;
        color: $footer-description-foreground;
        background: $footer-background;
        & > .key-bar--key { color: $footer-key-foreground; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[_Key, ...] = ()
        self._is_waiting = False

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        # A terminal without the focus takes it from every widget, but the keys stay as they were.
        if screen.app.app_focus and not self._is_waiting:
            self._is_waiting = True
            self.call_after_refresh(self._update_keys)

    def _update_keys(self) -> None:
        self._is_waiting = False
        if self.is_attached and (keys := tuple(self._active_keys())) != self._keys:
            self._keys = keys
            self.refresh()

    def _active_keys(self) -> list[_Key]:
        """The keys of the page, those first that matter most."""
        keys: dict[str, tuple[tuple[int, int], _Key]] = {}
        marked = self._marked
        for node, binding, is_enabled, _ in self.screen.active_bindings.values():
            means = meaning_of(binding.key)
            is_marking = marked > 0 and means in _MARKING
            if not (binding.show or is_marking) or binding.action in keys:
                continue
            row, label = row_of(node, binding.action), binding.description
            takes_marked = marked > 0 and row is not None and row.takes_marked
            key = _Key(
                binding.key,
                self.app.get_key_display(binding),
                f"{label} {marked:,}" if takes_marked else label,
                is_enabled,
                means in ALWAYS_TOLD,
            )
            rank = 0 if takes_marked else 1 if is_marking else 2
            keys[binding.action] = ((rank, means.place if means is not None else 0), key)
        return [key for _, key in sorted(keys.values(), key=lambda ranked: ranked[0])]

    @property
    def _marked(self) -> int:
        """The number of marked rows in the table that has the focus."""
        focused = self.screen.focused
        return len(focused.marks) if isinstance(focused, LineTable) else 0

    def _fitting(self) -> Iterator[_Key]:
        """The keys that fit into the line, in their order."""
        room = self.size.width + 1  # the last key needs no blank after it
        room -= sum(key.width for key in self._keys if key.is_always_told)
        for key in self._keys:
            if key.is_always_told:
                yield key
            elif room >= key.width:
                room -= key.width
                yield key

    def render(self) -> Text:
        """The keys that fit, on one line."""
        style = self.get_component_rich_style("key-bar--key", partial=True)
        text = Text(no_wrap=True)
        for key in self._fitting():
            is_dim = Style(dim=not key.is_enabled or None)
            text.append(key.shown, style + is_dim).append(f" {key.label}", is_dim).append(" ")
        return text

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Presses the key under the pointer."""
        end = 0
        for key in self._fitting():
            start, end = end, end + key.width
            if start <= event.x < end - 1:
                if key.is_enabled:
                    self.app.simulate_key(key.name)
                else:
                    self.app.bell()
