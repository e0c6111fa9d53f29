"""The regions of Konnect, and the values that stand for all regions or entities, or for none."""

from __future__ import annotations

EVERY = "*"
"""Every entity of a type, future ones included; every region."""

GLOBAL = "global"
"""The region of the entities of a global type."""

REGIONS = ("us", "eu", "au", "me", "in", "sg")
"""The documented regions; Konnect may have others."""
