"""A mute: findings that somebody has accepted until a day, and said why.

The rule it keeps: a mute always ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True)
class Mute:
    """One mute. `account` and `team` are an id, or a name in which * stands for anything.

    `object` is the id of a token, an assigned role's object or a fingerprint; empty for all. The
    mute holds on the day `expires`, and no longer. `line` is where it stands in its file.
    """

    rule: str
    reason: str
    approved_by: str
    created: date
    expires: date
    account: str = ""
    team: str = ""
    object: str = ""
    ticket: str = ""
    line: int | None = None

    @property
    def whom(self) -> str:
        """What it is about, in words."""
        names = (("account", self.account), ("team", self.team), ("object", self.object))
        return ", ".join(f"{kind} {name}" for kind, name in names if name) or "the organisation"
