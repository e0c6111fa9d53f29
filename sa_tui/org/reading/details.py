"""Reading what accounts hold, of each as much as is missing, into the snapshot.

The rule it keeps: what cannot be read is published as the error it met; nothing is raised.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from sa_tui.org.reading.reader import Reader

PUBLISH_EVERY = 50
"""Accounts whose details are gathered before they are published together."""

PUBLISH_SECONDS = 1.0
"""How long those that are read may wait for the others of their batch."""


class DetailsReader:
    """Reads the details of accounts."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._being_read: set[str] = set()

    async def read_details(self, account_ids: Iterable[str], *, again: bool = False) -> None:
        """Reads tokens, direct roles and teams of these accounts: three requests for each.

        What was read before, or is being read now, is left out unless `again`: a reading that began
        before may be cancelled, or too old. What cannot be read is published as the error it met.
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

    def _is_to_read(self, account_id: str) -> bool:
        details = self._reader.snapshot.details_of(account_id)
        # As long as everything is being read, what is missing of it is on its way.
        return details.is_unread or (bool(details.unread) and not self._reader.readings_of_all)

    async def _read_batch(self, account_ids: Iterable[str], *, again: bool) -> None:
        """Publishes what was read together, but makes none wait long for one that is slow."""
        asks: dict[str, Callable[..., Awaitable[object]]] = {
            "tokens": self._reader.client.list_access_tokens,
            "roles": self._reader.client.list_account_roles,
            "teams": self._reader.client.list_account_teams,
        }
        details_of = self._reader.snapshot.details_of
        reading = {
            asyncio.ensure_future(
                self._reader.read_parts(details_of(each), asks, each, again)
            ): each
            for each in account_ids
        }
        waiting = set(reading)
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, timeout=PUBLISH_SECONDS)
                if done:
                    read = {
                        reading[each]: replace(
                            self._reader.snapshot.details_of(reading[each]), **each.result()
                        )
                        for each in done
                    }
                    self._reader.publish(self._reader.snapshot.with_details(read))
        finally:
            for each in waiting:
                each.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
