"""The copies of secrets that can still be pasted when the application ends.

tmux deletes a secret from its buffer by itself; a terminal's clipboard keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.handover.clipboard import Route


@dataclass(frozen=True, kw_only=True)
class _Copy:
    where: str
    until: float | None


class Copies:
    """The copies of secrets that this run has made, so that leaving can mention them."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._copies: dict[str, _Copy] = {}

    def remember(self, route: Route) -> None:
        """Notes a copy before it is made."""
        from sa_tui.handover.tmux import TmuxRoute

        until = None
        if isinstance(route, TmuxRoute) and route.keep_seconds is not None:
            until = self._monotonic() + route.keep_seconds
        where = "tmux" if until else f"the clipboard ({route.name})"
        self._copies[route.describe()] = _Copy(where=where, until=until)

    def forget(self, route: Route) -> None:
        """Notes that the copy was overwritten."""
        self._copies.pop(route.describe(), None)

    def remaining(self) -> str:
        """Where copies remain and for how long, in sentences; empty without any."""
        now, sentences = self._monotonic(), {}
        for copy in self._copies.values():
            if copy.until is None:
                sentences[copy.where] = f"A copy of the token may still be in {copy.where}."
            elif (left_seconds := ceil(copy.until - now)) > 0:
                sentences[copy.where] = (
                    f"A copy of the token stays in {copy.where} for {left_seconds} s more; "
                    "tmux deletes it then."
                )
        return " ".join(sentences.values())
