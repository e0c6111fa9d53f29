"""The entities that a command line names, each in its region.

The rule it keeps: a name is looked up, never guessed. One that several entities have is refused
with the ids of all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import is_begin_of_id
from sa_tui.konnect.errors import Unreadable
from sa_tui.konnect.regions import EVERY, GLOBAL
from sa_tui.org.reading.entities import listings_for, regions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.konnect.models import Entity
    from sa_tui.org.snapshot import Snapshot

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a role is held; `region` is empty where none was given and the entity has none."""

    entity_id: str
    region: str
    entity_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Finds places of one type in these regions; without regions, in all of them.

    Without `needs_region`, an entity is found without one: a role on it is held in any region.
    """

    snapshot: Snapshot
    type_name: str
    role_names: tuple[str, ...]
    regions: tuple[str, ...]
    needs_region: bool = True

    @property
    def listings(self) -> tuple[tuple[str, str], ...]:
        """The lists that name the entities, as (type, region)."""
        every = regions_of(self.snapshot)
        pairs = (
            pair
            for role in self.role_names
            for region in self.regions or (EVERY,)
            for pair in listings_for(self.type_name, region, regions=every, role_name=role)
        )
        return tuple(dict.fromkeys(pairs))

    def find(self, texts: Iterable[str]) -> tuple[Place, ...]:
        """The places of these entities. Raises UsageError, or Unreadable if a list was not read."""
        return tuple(dict.fromkeys(place for text in texts for place in self._find(text)))

    def _find(self, text: str) -> list[Place]:
        if text == EVERY:
            return [Place(entity_id=EVERY, region=region) for region in self._given(text)]
        named = self._matching(text)
        if not named:
            if not _UUID.fullmatch(text):
                raise self._unknown(text)
            return [Place(entity_id=text, region=region) for region in self._given(text)]
        self._refuse_several(text, named)
        return [place for entity in named for place in self._places(entity)]

    def _matching(self, text: str) -> list[Entity]:
        """The entities with this id, else with this name, else with this beginning of an id."""
        entities = [row for pair in self.listings for row in self._rows(pair)]
        return (
            [entity for entity in entities if entity.id == text]
            or [entity for entity in entities if entity.name == text]
            or [entity for entity in entities if text and entity.bare_name == text]
            or [entity for entity in entities if is_begin_of_id(text, entity.id)]
        )

    def _rows(self, pair: tuple[str, str]) -> Sequence[Entity]:
        part = self.snapshot.entities.get(pair)
        return part.rows if part is not None else ()

    def _refuse_several(self, text: str, named: Sequence[Entity]) -> None:
        """Raises UsageError unless there is one of that name, or one in each region given."""
        ids = {entity.id: entity for entity in named}
        regions = {entity.region for entity in ids.values()}
        if len(ids) == 1 or (self.regions and len(regions) == len(ids)):
            return
        choices = ", ".join(f"{entity.id} ({entity.region})" for entity in ids.values())
        raise UsageError(f'"{one_line(text)}" is not clear. Name one by its id: {choices}')

    def _places(self, entity: Entity) -> list[Place]:
        """The entity in its own region, or in those given where it has none of its own."""
        if EVERY in self.regions:
            regions: tuple[str, ...] = (EVERY,)
        elif entity.region == GLOBAL:
            regions = self._given(entity.name)
        else:
            regions = (entity.region,)
        name = "" if entity.name == entity.id else entity.name
        return [Place(entity_id=entity.id, region=one, entity_name=name) for one in regions]

    def _given(self, text: str) -> tuple[str, ...]:
        """The regions that were given. Raises UsageError without one."""
        if not self.regions and not self.needs_region and text != EVERY:
            return ("",)
        if not self.regions:
            raise UsageError(
                f'Say in which region the role on "{one_line(text)}" is held: --region, '
                "with * for every one."
            )
        return self.regions

    def _unknown(self, text: str) -> Exception:
        shown, where = one_line(text), ", ".join(self.regions) or "any region"
        parts = [(pair, self.snapshot.entities.get(pair)) for pair in self.listings]
        why = {pair[1]: part.why_incomplete for pair, part in parts if part and part.why_incomplete}
        if why:
            reasons = "; ".join(f"{region}: {reason}" for region, reason in why.items())
            return Unreadable(
                f'There is no "{shown}" among the names of {self.type_name} that could be read. '
                f"{reasons}",
                advice="Give the id of the entity, or try again",
            )
        names = {
            row.name.casefold(): row.name for pair in self.listings for row in self._rows(pair)
        }
        near = [names[fold] for fold in get_close_matches(text.casefold(), names, n=3, cutoff=0.6)]
        guess = f" Did you mean {', '.join(map(one_line, near))}?" if near else ""
        if not parts:
            guess = f" Konnect has no list of {self.type_name}: give the id, or *."
        return UsageError(f'There is no entity "{shown}" of {self.type_name} in {where}.{guess}')
