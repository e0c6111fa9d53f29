"""Who decides which teams people belong to: operators here, or an identity provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sa_tui.org.snapshot import Snapshot

GOVERNED = "An identity provider decides which teams people belong to: a change may not last."
BOTH = "An identity provider also decides about memberships: it may undo a change."
NOT_KNOWN = "It is not known whether an identity provider decides which teams people belong to."


def governance(snapshot: Snapshot) -> str:
    """What to know before the memberships of people are changed; empty if there is nothing."""
    part = snapshot.authentication
    settings = part.value
    if settings is None:
        return "" if part.error is None else f"{NOT_KNOWN} {part.error}"
    if settings.idp_mapping_enabled is None:
        return NOT_KNOWN
    if not settings.idp_mapping_enabled:
        return ""
    return BOTH if settings.konnect_mapping_enabled else GOVERNED
