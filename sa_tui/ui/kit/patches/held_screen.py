"""A screen that costs nothing while the application holds back what it would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from textual.screen import Screen

    _Screen = Screen[Any]
else:  # no base class at run time: style sheets and handlers would find it
    _Screen = object


class Holder(Protocol):
    """What the screen needs of the application, which itself knows screens."""

    @property
    def is_holding(self) -> bool: ...


class HeldScreen(_Screen):
    """Draws nothing while its layout is found; the application then draws all of it."""

    def _compositor_refresh(self) -> None:
        if cast("Holder", self.app).is_holding:
            self._compositor._dirty_regions.clear()
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()
