"""The line at the top: which organisation this is, who we are in it, and what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.ui.kit.safe import Line

if TYPE_CHECKING:
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.host import Host


NAME_WIDTH = 24
"""Of a profile's name, so that its label and READ-ONLY are seen on the narrowest terminal."""


class TopBar(Line):
    """Says the profile, its label, the organisation, the caller, and READ-ONLY in words."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._text = Text("sa-tui")

    def show(self, app: Host) -> None:
        """Says what is so now; unchanged text costs nothing."""
        profile = app.profile
        text = Text(" sa-tui", style="bold", no_wrap=True, overflow="ellipsis")
        if profile is None:
            text.append("  no profile", style="not bold")
        else:
            name = profile.name
            shown = name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"
            text.append(f"  {shown}", style="bold")
            # A colour says nothing to who cannot see it: without a label it is a word.
            if mark := profile.label or (profile.colour if profile.colour != "none" else ""):
                text.append(" ").append(f"[{mark}]", style="bold reverse")
            if app.is_read_only:
                text.append(" ").append("READ-ONLY", style="bold reverse")
            said = "not connected" if app.problem else _organisation(app.snapshot)
            text.append(f"  {said}", style="not bold")
        self.set_classes(f"colour-{profile.colour}" if profile else "")
        if self._text != text:
            self._text = text
            self.update(text, layout=False)


def _organisation(snapshot: Snapshot) -> str:
    organization, me = snapshot.organization, snapshot.me
    if organization.value is None:
        name = "organisation unknown" if organization.error else "connecting…"
    else:
        name = organization.value.name or organization.value.id
    if me.value is not None:
        return f"{name} · {me.value.email or me.value.full_name or me.value.id}"
    return f"{name} · caller unknown" if me.error is not None else name
