"""A screen that costs nothing while the application holds back what it would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from textual.screen import Screen

    from sa_tui.ui.kit.patches.patched_app import PatchedApp

    _Screen = Screen[Any]
else:  # no base class at run time: style sheets and handlers would find it
    _Screen = object


class HeldScreen(_Screen):
    """Draws nothing while its layout is found; the application then draws all of it."""

    def _compositor_refresh(self) -> None:
        if cast("PatchedApp", self.app).is_holding:
            self._compositor._dirty_regions.clear()
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()
