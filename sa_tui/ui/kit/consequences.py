"""What changes mean before they are sent: the effect, and what to know that must not be missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from sa_tui.org.changes.change import Change


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Access before and after in lines, and the warnings and doubts in sentences."""

    lines: tuple[Text, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """Changes with the level that each needs, and what they mean together."""

    changes: tuple[Change, ...] = ()
    effect: tuple[Text, ...] = ()
    warnings: tuple[str, ...] = ()
