"""Reads the details of accounts into the snapshot, as far as they are missing.

The rule it keeps: errors are published, not raised.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

    from sa_tui.org.reading.reader import Reader

PUBLISH_EVERY = 50
"""How many accounts are read together."""

PUBLISH_SECONDS = 1.0
"""How long accounts that were read wait for the others of their batch."""

_PARTS = ("tokens", "roles", "teams")


class DetailsReader:
    """Reads the details of accounts."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._being_read: set[str] = set()

    async def read_details(self, account_ids: Iterable[str], *, again: bool = False) -> None:
        """Reads tokens, direct roles and teams of these accounts: three requests for each.

        What was read before, or is being read now, is left out unless `again`: the other reading
        may be cancelled, or too old.
        """
        wanted = [
            account_id
            for account_id in dict.fromkeys(account_ids)
            if again or (account_id not in self._being_read and self._is_to_read(account_id))
        ]
        self._being_read.update(wanted)
        stopped = self._reader.client.stopped
        try:
            for start in range(0, len(wanted), PUBLISH_EVERY):
                if stopped.is_set():
                    break
                await self._read_batch(wanted[start : start + PUBLISH_EVERY], again=again)
        finally:
            self._being_read.difference_update(wanted)

    async def read_tokens(self, account_ids: Sequence[str]) -> None:
        """Reads the tokens alone of these accounts, also again: one request for each."""
        for start in range(0, len(account_ids), PUBLISH_EVERY):
            batch = account_ids[start : start + PUBLISH_EVERY]
            await self._read_batch(batch, again=True, only=("tokens",))

    def _is_to_read(self, account_id: str) -> bool:
        details = self._reader.snapshot.details_of(account_id)
        # A full reading in progress reads the missing parts.
        return details.is_unread or (bool(details.unread) and not self._reader.readings_of_all)

    async def _read_batch(
        self, account_ids: Iterable[str], *, again: bool, only: Collection[str] = _PARTS
    ) -> None:
        """Reads a batch of accounts; a slow one does not delay the others for long."""
        asks: dict[str, Callable[..., Awaitable[object]]] = {
            "tokens": self._reader.client.accounts.tokens,
            "roles": self._reader.client.accounts.roles,
            "teams": self._reader.client.accounts.teams,
        }
        asks = {name: ask for name, ask in asks.items() if name in only}
        details_of = self._reader.snapshot.details_of
        reading = {
            asyncio.ensure_future(
                self._reader.read_parts(details_of(account_id), asks, account_id, again)
            ): account_id
            for account_id in account_ids
        }
        waiting = set(reading)
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, timeout=PUBLISH_SECONDS)
                if done:
                    read = {
                        reading[task]: replace(
                            self._reader.snapshot.details_of(reading[task]), **task.result()
                        )
                        for task in done
                    }
                    self._reader.publish(self._reader.snapshot.with_details(read))
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
