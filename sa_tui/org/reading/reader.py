"""Reads the parts of an organisation from Konnect, and publishes each new snapshot.

The rule it keeps: errors are published, not raised.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sa_tui.konnect.errors import Broken, KonnectError
from sa_tui.org.snapshot import Part, Snapshot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.org.snapshot import Details, TeamDetails

T = TypeVar("T")


class Reader:
    """The client of an organisation and its one current snapshot.

    `on_change` is called with each new snapshot, `on_fault` with each unexpected error; without it,
    the error is raised. Whether a change was done is then unknown.
    `readings_of_all` counts the full readings in progress.
    """

    def __init__(
        self,
        client: KonnectClient,
        *,
        now: Callable[[], datetime],
        on_change: Callable[[Snapshot], None],
        has_person: bool,
    ) -> None:
        self.client = client
        self.snapshot = Snapshot(has_person=has_person)
        self.on_fault: Callable[[Exception], None] | None = None
        self.readings_of_all = 0
        self._now = now
        self._on_change = on_change

    def now(self) -> datetime:
        """The present time by Konnect's clock, as far as that is known."""
        return self._now() + (self.client.clock.ahead or timedelta())

    def publish(self, snapshot: Snapshot) -> None:
        """Replaces the current snapshot."""
        self.snapshot = snapshot
        self._on_change(snapshot)

    async def read(self, before: Part[T], ask: Callable[[], Awaitable[T]]) -> Part[T]:
        """Reads a part; an error is set on the part as it was before."""
        try:
            return Part(value=await ask(), read_at=self.now())
        except KonnectError as error:
            return replace(before, error=error, is_reading=False)
        except Exception as error:
            if self.on_fault is None:
                raise
            self.on_fault(error)
            return replace(before, error=Broken.by(error), is_reading=False)

    async def read_parts(
        self,
        before: Details | TeamDetails,
        asks: Mapping[str, Callable[..., Awaitable[object]]],
        id: str,
        again: bool,
    ) -> dict[str, Part[Any]]:
        """Reads the parts of details that were never read, or with `again` all of them."""
        names = tuple(name for name in asks if again or name in before.unread)
        read = (self.read(getattr(before, name), partial(asks[name], id)) for name in names)
        return dict(zip(names, await asyncio.gather(*read), strict=True))
