"""What changes mean before they are sent: the effect, and what to know that must not be missed.

The rule it keeps: values only. Names in them are as Konnect sent them: whoever shows them makes
them safe.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sa_tui.org.changes.change import Change

Tone = Literal["", "strong", "warning", "gained", "lost"]


@dataclass(frozen=True)
class Line:
    """One line of an effect; its `note` stands out from the rest of it."""

    text: str
    _: KW_ONLY
    tone: Tone = ""
    note: str = ""

    @property
    def plain(self) -> str:
        """The words of the line, without a tone."""
        return f"{self.text}{self.note}"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Access before and after in lines, and the warnings and doubts in sentences."""

    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """Changes with the level that each needs, and what they mean together."""

    changes: tuple[Change, ...] = ()
    effect: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()
