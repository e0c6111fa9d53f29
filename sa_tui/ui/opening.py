"""The organisation that is open: one at most, and one that was left publishes nothing more."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile


class Opener(Protocol):
    """Opens an organisation for a profile. Raises ProfileError or KonnectError."""

    async def __call__(self, profile: Profile, *, on_change: Callable[[Snapshot], None]) -> Org: ...


class OpenOrganisation:
    """Opens one organisation after another.

    `publish` receives the snapshots of the newest one; `before_close` is awaited before one that
    was left is closed.
    """

    def __init__(
        self,
        connect: Opener,
        *,
        publish: Callable[[Snapshot], None],
        before_close: Callable[[], Awaitable[None]],
    ) -> None:
        self.org: Org | None = None
        self._connect = connect
        self._publish = publish
        self._before_close = before_close
        self._number = 0
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self, profile: Profile) -> Org:
        """Opens the profile's organisation, after `leave`. Raises what `connect` raises."""
        publish = partial(self._publish_newest, self._number)
        self.org = await self._connect(profile, on_change=publish)
        return self.org

    async def leave(self) -> None:
        """Leaves the organisation that is open; returns once it and all before it are closed."""
        self._number += 1
        org, self.org = self.org, None  # so that nobody begins to read it again
        if org is not None:
            # A task of its own: choosing another profile cancels this call, not the closing.
            task = asyncio.create_task(self._close(org))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        if self._closing:
            await asyncio.wait(self._closing)

    async def _close(self, org: Org) -> None:
        try:
            await self._before_close()
        finally:
            await org.aclose()

    def _publish_newest(self, number: int, snapshot: Snapshot) -> None:
        if number == self._number:
            self._publish(snapshot)
