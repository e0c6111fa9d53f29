"""The organisation that is open: never two, and nothing of one that was left is published."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile


class Opens(Protocol):
    """Opens an organisation. Raises ProfileError or KonnectError."""

    async def __call__(self, profile: Profile, *, on_change: Callable[[Snapshot], None]) -> Org: ...


class OpenOrganisation:
    """Opens one organisation after the other; `publish` is given what the newest one publishes.

    `part` is awaited before one that is left is closed.
    """

    def __init__(
        self,
        connect: Opens,
        *,
        publish: Callable[[Snapshot], None],
        part: Callable[[], Awaitable[None]],
    ) -> None:
        self.org: Org | None = None
        self._connect = connect
        self._publish = publish
        self._part = part
        self._number = 0
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self, profile: Profile) -> Org:
        """Opens the profile's organisation; the one before was left. Raises what `connect` does."""
        self.org = await self._connect(profile, on_change=partial(self._mirror, self._number))
        return self.org

    async def leave(self) -> None:
        """Leaves the organisation that is open; returns when nothing asks it, or one before."""
        self._number += 1
        left, self.org = self.org, None  # so that nobody begins to read it again
        if left is not None:
            # Also where another profile is chosen before this is done.
            closing = asyncio.create_task(self._close(left))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        if self._closing:
            await asyncio.wait(self._closing)

    async def _close(self, org: Org) -> None:
        try:
            await self._part()
        finally:
            await org.aclose()

    def _mirror(self, number: int, snapshot: Snapshot) -> None:
        if number == self._number:
            self._publish(snapshot)
