"""An organisation that is open from a file: it is read and planned for, and nothing is sent.

The rule it keeps: what the file has stays as it is, and what it does not have is an error that says
so; nobody is asked.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from sa_tui.konnect.clock import KonnectClock
from sa_tui.konnect.errors import KonnectError, ReadOnly
from sa_tui.org.reading.reader import Reader
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.org.saved.model import Saved
    from sa_tui.org.snapshot import Part, Snapshot


class NotInFile(KonnectError):
    """The file does not have what was asked for."""

    default_advice = "Take another snapshot, of people with --people, or open the profile itself"


class FileOrg(Org):
    """The organisation of a file, at the time of its snapshot."""

    def __init__(self, saved: Saved, *, on_change: Callable[[Snapshot], None]) -> None:
        client = cast("KonnectClient", _NoClient(saved))
        now = lambda: saved.taken_at  # noqa: E731
        has_person = saved.snapshot.has_person
        super().__init__(
            client,
            now=now,
            on_change=on_change,
            has_person=has_person,
            reader=_FileReader(client, now=now, on_change=on_change, has_person=has_person),
        )
        self.reader.snapshot = saved.snapshot

    async def load(self) -> None:
        """Shows what the file has."""
        self.reader.publish(self.snapshot)

    async def refresh(self, account_ids: Iterable[str]) -> None:
        """Shows the same again: a file does not change."""
        await self.load()


class _FileReader(Reader):
    """Takes every part from the file."""

    async def read(self, before: Part[Any], ask: Callable[[], Awaitable[Any]]) -> Part[Any]:
        """The part as the file has it."""
        return replace(before, error=NotInFile("Not in the file")) if before.is_unread else before


class _NoClient:
    """Takes the place of a client, and refuses every request."""

    def __init__(self, saved: Saved) -> None:
        self.clock = KonnectClock(lambda: saved.taken_at)
        self.stopped = asyncio.Event()
        self.accounts = self.teams = self.users = self.calls = _Refusing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.accounts, name)

    def stop_waiting(self) -> None:
        """Nothing waits."""

    async def aclose(self) -> None:
        """Nothing is open."""


class _Refusing:
    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def refuse(*_: object, **__: object) -> Any:
            raise ReadOnly("This is a file: nothing is asked of Konnect", request=name)

        return refuse
