"""What the form for roles offers at each step, and what it says when it cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import EntityType, find_type, offered_types, tier_of
from sa_tui.konnect.regions import EVERY, GLOBAL
from sa_tui.org.changes.roles import RoleRequest
from sa_tui.org.reading.entities import listings_for, regions_of
from sa_tui.ui.kit.ranking import rank
from sa_tui.ui.roles.grant_words import TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sa_tui.konnect.models import Entity
    from sa_tui.org.changes.roles import RoleOwner
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.roles.steps import Step


NAMES_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One choice: the value that is sent, its text, and other words that a search finds it by.

    `region` is the region of an entity; empty if it is still to be chosen.
    """

    value: str
    title: str
    about: str = ""
    also: str = ""
    region: str = ""

    @property
    def name(self) -> str:
        """Its title, with the region of an entity."""
        return f"{self.title} ({self.region})" if self.region else self.title

    def matches(self, words: Iterable[str]) -> bool:
        """Whether each of these lower-case words is in it."""
        text = f"{self.title} {self.value} {self.also}".casefold()
        return all(word in text for word in words)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The choices, the likeliest first; `notice` says what to know about them."""

    rows: tuple[Choice, ...]
    notice: str = ""

    def matching(self, query: str, *, as_typed: str, is_known: bool = False) -> tuple[Choice, ...]:
        """The choices that match a query, best first, and last the query itself as a free choice.

        `as_typed` describes the free choice, which is left out if it is listed or `is_known`.
        """
        words = query.casefold()
        rows = [row for row in self.rows if row.matches(words.split())]
        rows.sort(key=lambda row: rank(row.title, words.split()))
        is_listed = any(words in (row.value.casefold(), row.title.casefold()) for row in self.rows)
        if query and query.isprintable() and not is_listed and not (is_known and rows):
            rows.append(Choice(value=query, title=query, about=as_typed))
        return tuple(rows)


def form_title(owners: Sequence[RoleOwner]) -> str:
    """Who is given roles; the review names all of them."""
    if len(owners) == 1:
        return f"Give roles to {owners[0].describe()}"
    kind = "system accounts" if owners[0].kind == "account" else "teams"
    names = ", ".join(owner.name or owner.id for owner in owners[:NAMES_SHOWN])
    more = f" and {len(owners) - NAMES_SHOWN:,} more" if len(owners) > NAMES_SHOWN else ""
    return f"Give roles to {len(owners):,} {kind}: {names}{more}"


def requests_for(chosen: Mapping[Step, Sequence[Choice]]) -> list[RoleRequest]:
    """Every role on every entity, in the entity's region or in the one that was chosen."""
    open_region = next((choice.value for choice in chosen.get("region", ())), "")
    return [
        RoleRequest(
            role_name=role.value,
            entity_type_name=chosen["type"][0].value,
            entity_id=entity.value,
            entity_region=entity.region or open_region,
            entity_name="" if entity.value in (EVERY, entity.title) else entity.title,
        )
        for entity in chosen["entity"]
        for role in chosen["roles"]
    ]


def type_choices(snapshot: Snapshot) -> Choices:
    """The entity types that roles can be given on."""
    rows = []
    for offered in offered_types(snapshot.catalogue.value):
        roles = ", ".join(role.name for role in offered.roles)
        entity_type = offered.known
        also = " ".join((entity_type.short, *entity_type.also)) if entity_type else ""
        rows.append(Choice(value=offered.name, title=offered.name, about=roles, also=also))
    return Choices(rows=tuple(rows), notice=_catalogue_notice(snapshot))


def _catalogue_notice(snapshot: Snapshot) -> str:
    if (error := snapshot.catalogue.error) is not None:
        return f"Konnect's catalogue could not be read; this is sa-tui's own. {error}"
    return "" if snapshot.catalogue.value is not None else "Reading Konnect's catalogue…"


def role_choices(snapshot: Snapshot, type_name: str) -> Choices:
    """The roles on a type, with what Konnect says of each."""
    offered = offered_types(snapshot.catalogue.value)
    roles = next((row.roles for row in offered if row.name == type_name), ())
    rows = tuple(
        Choice(
            value=role.name,
            title=role.name,
            about=f"{TIERS[role.tier]} · {role.description}".removesuffix(" · "),
        )
        for role in roles
    )
    notice = "" if rows else "No role is known on this type: type its name."
    return Choices(rows=rows, notice=notice or _catalogue_notice(snapshot))


def region_choices(snapshot: Snapshot, type_name: str, *, own: Sequence[str]) -> Choices:
    """The regions, and all of them; `own` are those that the profile names."""
    listing = snapshot.regions.value
    kinds = {} if listing is None else dict.fromkeys(listing.stable_opt_in, "needs opt-in")
    kinds |= {} if listing is None else dict.fromkeys(listing.beta, "beta")
    person = snapshot.me.value
    all_regions = regions_of(snapshot)
    nearest = [name for name in all_regions if person and name == person.inferred_region]
    names = dict.fromkeys((*own, *nearest, *all_regions))
    rows = [Choice(value=name, title=name, about=kinds.get(name, "")) for name in names]
    everywhere = Choice(value=EVERY, title="*", about="every region, future ones included")
    rows.insert(0 if _is_everywhere(find_type(type_name)) else len(rows), everywhere)
    notice = ""
    if (error := snapshot.regions.error) is not None:
        notice = f"The regions could not be read; these are the documented ones. {error}"
    return Choices(rows=tuple(rows), notice=notice)


def _is_everywhere(entity_type: EntityType | None) -> bool:
    return entity_type is not None and (entity_type.is_global or entity_type.is_singular)


def entity_choices(snapshot: Snapshot, type_name: str, *, role_names: Sequence[str]) -> Choices:
    """The entities of a type in every region, and all of them."""
    pairs = entity_pairs(snapshot, type_name, role_names=role_names)
    if any(pair not in snapshot.entities for pair in pairs):
        return Choices(rows=(), notice=f"Reading the names of {type_name}…")
    parts = [(pair, snapshot.entities[pair]) for pair in pairs]
    rows = _entity_rows(entity for _, part in parts for entity in part.rows)
    everything = Choice(value=EVERY, title="* (all)", about="all of them, future ones included")
    entity_type = find_type(type_name)
    creates = all(tier_of(type_name, name) == "C" for name in role_names)
    wants_all = creates or (entity_type is not None and entity_type.is_singular)
    doubts: dict[str, list[str]] = {}
    for pair, part in parts:
        if why := part.why_incomplete:
            doubts.setdefault(why, []).append(pair[1])
    notices = [f"{', '.join(regions)}: {why}" for why, regions in doubts.items()]
    notice = f"Names are missing; an id can be typed. {'; '.join(notices)}" if notices else ""
    if not pairs:
        notice = f"Konnect offers no list of {type_name}: choose all, or type an id."
    return Choices(rows=(everything, *rows) if wants_all else (*rows, everything), notice=notice)


def _entity_rows(entities: Iterable[Entity]) -> list[Choice]:
    """The entities by name; one that is listed in several regions has no region of its own."""
    found: dict[str, list[Entity]] = {}
    for entity in entities:
        found.setdefault(entity.id, []).append(entity)
    return sorted(map(_entity_choice, found.values()), key=lambda row: row.title.casefold())


def _entity_choice(places: Sequence[Entity]) -> Choice:
    """The choice of an entity, from all the lists that have it."""
    entity, regions = places[0], list(dict.fromkeys(place.region for place in places))
    return Choice(
        value=entity.id,
        title=entity.name,
        about=f"{', '.join(regions)} · {entity.id}",
        region="" if len(regions) > 1 or regions == [GLOBAL] else regions[0],
    )


def entity_pairs(
    snapshot: Snapshot, type_name: str, *, role_names: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """The lists that name the entities that these roles can be held on."""
    pairs = (
        pair
        for name in role_names
        for pair in listings_for(type_name, EVERY, regions=regions_of(snapshot), role_name=name)
    )
    return tuple(dict.fromkeys(pairs))
