"""Where a form makes its change, so that it is never made in the wrong organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.base.text import one_line
from sa_tui.base.words import short_id

if TYPE_CHECKING:
    from sa_tui.konnect.models import Row
    from sa_tui.ui.kit.host import Host


def place(host: Host, edited: Row | None) -> Text:
    """The organisation and the profile, and the id of the row that is edited."""
    profile, organization = host.profile, host.snapshot.organization.value
    text = Text(one_line(organization.name) if organization else "an unknown organisation")
    if profile is not None:
        text.append(f", profile {profile.name} ")
        text.append(f"[{profile.label}]" if profile.label else "", style="reverse")
    if edited is not None:
        text.append(f" · id {short_id(edited.id)}")
    return text


_NAME_LIMIT = 40
"""A longer name of an organisation is cut, so that the label is always in view."""


def destination(host: Host) -> Text:
    """Where a review sends its changes, or that it sends none: `Sends to Acme [PROD]`."""
    profile, organization = host.profile, host.snapshot.organization.value
    name = one_line(organization.name or organization.id, limit=_NAME_LIMIT) if organization else ""
    name = name or "an organisation whose name is not known"
    begin = "A plan for" if host.is_read_only else "Sends to"
    text = Text(f"{begin} {name}")
    if profile is not None:
        text.append(" ").append(f"[{profile.label}]" if profile.label else "", style="bold reverse")
        text.append(f" profile {one_line(profile.name, limit=_NAME_LIMIT)}")
    return text.append(". Nothing is sent." if host.is_read_only else "")
