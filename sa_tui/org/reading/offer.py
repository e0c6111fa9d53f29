"""Reads entities, and the roles and regions that Konnect offers, into the snapshot.

The rule it keeps: errors are published, not raised.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.konnect.entities import list_entities
from sa_tui.org.snapshot import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from sa_tui.konnect.models import Entity, Listing
    from sa_tui.org.reading.reader import Reader


class OfferReader:
    """Reads the lists of entities, the catalogue of roles and the regions."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._being_read: set[tuple[str, str]] = set()

    @property
    def asked_for(self) -> Set[tuple[str, str]]:
        """The (type, region) of the lists that were read, or are being read now."""
        return self._reader.snapshot.entities.keys() | self._being_read

    async def read_entities(self, pairs: Iterable[tuple[str, str]], *, again: bool = False) -> None:
        """Reads the lists of these (type, region): one call for each.

        Lists that were read before are left out unless `again`, lists being read now always.
        """
        wanted = [
            pair
            for pair in dict.fromkeys(pairs)
            if pair not in self._being_read
            and (again or pair not in self._reader.snapshot.entities)
        ]
        self._being_read.update(wanted)
        try:
            await asyncio.gather(*map(self._read_entities_of, wanted))
        finally:
            self._being_read.difference_update(wanted)

    async def _read_entities_of(self, pair: tuple[str, str]) -> None:
        before: Part[Listing[Entity]] = self._reader.snapshot.entities.get(pair, Part())
        part = await self._reader.read(
            before, partial(list_entities, self._reader.client, pair[0], region=pair[1])
        )
        entities = MappingProxyType({**self._reader.snapshot.entities, pair: part})
        self._reader.publish(replace(self._reader.snapshot, entities=entities))

    async def read_offer(self) -> None:
        """Reads the roles and regions that Konnect offers, unless they were read before."""
        await asyncio.gather(self.load_catalogue(), self._load_regions())

    async def load_catalogue(self) -> None:
        """Reads the roles that Konnect offers, unless they were read before."""
        if (before := self._reader.snapshot.catalogue).value is None:
            part = await self._reader.read(before, self._reader.client.list_roles)
            self._reader.publish(replace(self._reader.snapshot, catalogue=part))

    async def _load_regions(self) -> None:
        if (before := self._reader.snapshot.regions).value is None:
            part = await self._reader.read(before, self._reader.client.list_regions)
            self._reader.publish(replace(self._reader.snapshot, regions=part))
