"""Asks Konnect for the parts of an organisation, and publishes each new snapshot whole.

The rule it keeps: what cannot be read is published as the error it met; nothing is raised.
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

    `on_change` is called with each new snapshot. `on_fault` is told of each fault of our own: what
    was to be read, or whether a change was done, is then unknown. As long as there is none, it is
    raised. `readings_of_all` counts the readings of everything that are under way.
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
        """The present moment by Konnect's clock, as far as that is known."""
        return self._now() + (self.client.clock.ahead or timedelta())

    def publish(self, snapshot: Snapshot) -> None:
        """Puts a new snapshot in the place of the current one."""
        self.snapshot = snapshot
        self._on_change(snapshot)

    async def read(self, before: Part[T], ask: Callable[[], Awaitable[T]]) -> Part[T]:
        """The part as it is now, or with the error that the asking met."""
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
        """The parts of these details that were never read, or all of them, `again`."""
        names = tuple(asks) if again else before.unread
        read = (self.read(getattr(before, name), partial(asks[name], id)) for name in names)
        return dict(zip(names, await asyncio.gather(*read), strict=True))
