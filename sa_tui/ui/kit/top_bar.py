"""The line at the top: the organisation, the caller, and whether changes are possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.ui.kit.safe import Line

if TYPE_CHECKING:
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.host import Host


NAME_WIDTH = 24
"""A longer name is cut, so that the narrowest terminal shows the label and READ-ONLY."""


class TopBar(Line):
    """Shows the profile, its label, READ-ONLY, the organisation and the caller."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._text = Text("sa-tui")

    def show(self, host: Host) -> None:
        """Shows the present state; an unchanged text is not sent again."""
        profile = host.profile
        text = Text(" sa-tui", style="bold", no_wrap=True, overflow="ellipsis")
        if profile is None:
            text.append("  no profile", style="not bold")
        else:
            name = profile.name
            cut_name = name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"
            text.append(f"  {cut_name}", style="bold")
            # The colour's name in place of a label: not everybody sees colours.
            if label := profile.label or (profile.colour if profile.colour != "none" else ""):
                text.append(" ").append(f"[{label}]", style="bold reverse")
            if host.is_read_only:
                text.append(" ").append("READ-ONLY", style="bold reverse")
            state = "not connected" if host.problem else _organisation(host.snapshot)
            text.append(f"  {state}", style="not bold")
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
