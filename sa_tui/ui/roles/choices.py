"""What a form for roles offers at each of its steps, and what it says where it cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import EntityType, Tier, find_type, offered_types, tier_of
from sa_tui.org.reading.entities import EVERY, listings_for, regions_of
from sa_tui.ui.kit.ranking import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.org.snapshot import Snapshot

TIER_WORDS: dict[Tier, str] = {
    "A": "full write",
    "W": "writes part of it",
    "C": "creates new ones",
    "R": "reads",
    "?": "not described",
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something to choose: what is sent, what is shown of it, and what else finds it."""

    value: str
    title: str
    about: str = ""
    also: str = ""

    def matches(self, words: Iterable[str]) -> bool:
        """Whether each of these lower-case words is in it."""
        text = f"{self.title} {self.value} {self.also}".casefold()
        return all(word in text for word in words)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen, the likeliest first; `notice` is what to know of it."""

    rows: tuple[Choice, ...]
    notice: str = ""

    def found(self, query: str, *, as_typed: str, is_known: bool = False) -> tuple[Choice, ...]:
        """What a query finds, best first, and at the end the query itself as a free choice.

        `as_typed` describes that; it is left out for what is in the list, or `is_known`.
        """
        sought = query.casefold()
        rows = [row for row in self.rows if row.matches(sought.split())]
        rows.sort(key=lambda row: rank(row.title, sought.split()))
        exact = any(sought in (row.value.casefold(), row.title.casefold()) for row in self.rows)
        if query and query.isprintable() and not exact and not (is_known and rows):
            rows.append(Choice(value=query, title=query, about=as_typed))
        return tuple(rows)


def type_choices(snapshot: Snapshot) -> Choices:
    """The types of entities that roles are held on."""
    rows = []
    for offered in offered_types(snapshot.catalogue.value):
        roles = ", ".join(role.name for role in offered.roles)
        known = offered.known
        also = " ".join((known.short, *known.also)) if known else ""
        rows.append(Choice(value=offered.name, title=offered.name, about=roles, also=also))
    return Choices(rows=tuple(rows), notice=_catalogue_notice(snapshot))


def _catalogue_notice(snapshot: Snapshot) -> str:
    if (error := snapshot.catalogue.error) is not None:
        return f"Konnect's catalogue could not be read; these are those known here. {error}"
    return "" if snapshot.catalogue.value is not None else "Reading Konnect's catalogue…"


def role_choices(snapshot: Snapshot, type_name: str) -> Choices:
    """The roles on a type, with what Konnect says of each."""
    offered = offered_types(snapshot.catalogue.value)
    roles = next((each.roles for each in offered if each.name == type_name), ())
    rows = tuple(
        Choice(
            value=role.name,
            title=role.name,
            about=f"{TIER_WORDS[role.tier]} · {role.description}".removesuffix(" · "),
        )
        for role in roles
    )
    notice = "" if rows else "No role is known on this type: type its name."
    return Choices(rows=rows, notice=notice or _catalogue_notice(snapshot))


def region_choices(snapshot: Snapshot, type_name: str, *, own: Sequence[str]) -> Choices:
    """The regions, and all of them; `own` are those that the profile names."""
    read = snapshot.regions.value
    kinds = {} if read is None else {**dict.fromkeys(read.stable_opt_in, "to be opted in to")}
    kinds |= {} if read is None else dict.fromkeys(read.beta, "beta")
    person = snapshot.me.value
    near = (person.inferred_region or "",) if person else ()
    known = regions_of(snapshot)
    regions = dict.fromkeys((*own, *(each for each in near if each in known), *known))
    rows = [Choice(value=each, title=each, about=kinds.get(each, "")) for each in regions]
    everywhere = Choice(value=EVERY, title="*", about="every region, also those to come")
    rows.insert(0 if _is_everywhere(find_type(type_name)) else len(rows), everywhere)
    notice = ""
    if (error := snapshot.regions.error) is not None:
        notice = f"The regions could not be read; these are the documented ones. {error}"
    return Choices(rows=tuple(rows), notice=notice)


def _is_everywhere(known: EntityType | None) -> bool:
    return known is not None and (known.is_global or known.is_singular)


def entity_choices(
    snapshot: Snapshot, type_name: str, *, region: str, role_names: Sequence[str]
) -> Choices:
    """The entities of a type in a region, and all of them."""
    pairs = entity_pairs(snapshot, type_name, region=region, role_names=role_names)
    if any(pair not in snapshot.entities for pair in pairs):
        return Choices(rows=(), notice=f"Reading the names of {type_name}…")
    parts = [(pair, snapshot.entities[pair]) for pair in pairs]
    entities = [entity for _, part in parts for entity in part.rows]
    rows = [
        Choice(value=each.id, title=each.name, about=f"{each.region} · {each.id}")
        for each in sorted(entities, key=lambda each: each.name.casefold())
    ]
    everything = Choice(value=EVERY, title="* (all)", about="all there are, and those to come")
    known = find_type(type_name)
    creates = all(tier_of(type_name, name) == "C" for name in role_names)
    wants_all = creates or (known is not None and known.is_singular)
    doubts = [(pair[1], part.why_incomplete) for pair, part in parts]
    notices = [f"{region}: {why}" for region, why in doubts if why]
    notice = f"Names are missing; an id can be typed. {'; '.join(notices)}" if notices else ""
    if not pairs:
        notice = f"Konnect offers no list of {type_name}: choose all, or type an id."
    return Choices(rows=(everything, *rows) if wants_all else (*rows, everything), notice=notice)


def entity_pairs(
    snapshot: Snapshot, type_name: str, *, region: str, role_names: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """The lists that name the entities that these roles can be held on."""
    pairs = (
        pair
        for name in role_names
        for pair in listings_for(type_name, region, regions=regions_of(snapshot), role_name=name)
    )
    return tuple(dict.fromkeys(pairs))
