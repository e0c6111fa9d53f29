"""Finds who reaches one entity, and through what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import canonical_key, find_type
from sa_tui.access.lists import Scope
from sa_tui.access.query.fields import pattern
from sa_tui.access.reader import read_access
from sa_tui.access.why import reached
from sa_tui.answers.access import matches_of
from sa_tui.cli.access_views import WHO
from sa_tui.cli.answering import Answering
from sa_tui.cli.answers import conclude
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import Candidates, find_loosely
from sa_tui.cli.reading.run import answer
from sa_tui.konnect.errors import Forbidden, NotFound
from sa_tui.konnect.models import Entity
from sa_tui.org.reading.entities import every_listing

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.subjects import Access
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.org.reading.entities import Pair
    from sa_tui.org.snapshot import Snapshot

    Lists = tuple[Pair, ...]


def run_entity(options: Namespace, env: Environment) -> int:
    """Runs `entity`. Raises UsageError unless the name is that of one entity."""
    return answer(options, env, partial(_answer, options=options, env=env))


async def _answer(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists(people=options.people)
    await source.read_offer()  # it lists the regions to look in
    lists = _lists(source.snapshot, options)
    await source.read_entities(lists)
    failed = tuple(pair for pair in lists if _has_failed(source.snapshot, pair))
    named = _named(source.snapshot, lists)
    entity = None
    if options.entity in (each.id for each in named) or not _may_be_hidden(options.entity):
        entity = _find(options, named, source.snapshot, failed, env)
    await source.read_all(people=options.people)
    await source.read_entity_names()
    access = read_access(source.snapshot, with_people=options.people)
    # Konnect may not show the name of an entity on which roles are held.
    entity = entity or _held(access, options.entity)
    entity = entity or _find(options, named, source.snapshot, failed, env)
    run = Answering(env, options, source.snapshot, access, source.now())
    matches = matches_of(reached(access, entity), access)
    rests_on = failed if options.entity != entity.id else ()
    report = run.reports(rests_on).entity(entity, matches, rests_on=rests_on)
    run.put(report, run.with_people(WHO))
    about = f"{entity.entity_type_name} {entity.name or entity.id} in {entity.region}"
    return conclude(env, report.head, f"{about}: {run.counted(matches)}")


def _lists(snapshot: Snapshot, options: Namespace) -> Lists:
    """The lists that may have the entity. Raises UsageError for a type or region without any."""
    kinds = None
    if options.type is not None:
        entity_type = find_type(options.type)
        kinds = frozenset({entity_type.key if entity_type else canonical_key(options.type)})
    regions = (pattern(options.region),) if options.region is not None else ()
    scope = Scope(kinds, regions=regions)
    every = every_listing(snapshot)
    lists = tuple(pair for pair in every if scope.has(pair))
    if not lists:
        asked = [f"--{name} {vars(options)[name]}" for name in ("type", "region")]
        types = ", ".join(dict.fromkeys(name for name, _ in every))
        known_regions = ", ".join(dict.fromkeys(region for _, region in every))
        raise UsageError(
            f"Konnect has no list of entities for "
            f"{' '.join(text for text in asked if not text.endswith('None'))}. "
            f"Types: {types}. Regions: {known_regions}."
        )
    return lists


def _named(snapshot: Snapshot, lists: Lists) -> tuple[Entity, ...]:
    return tuple(
        entity
        for pair in lists
        if (part := snapshot.entities.get(pair)) is not None
        for entity in part.rows
    )


def _has_failed(snapshot: Snapshot, pair: Pair) -> bool:
    """Whether a list may have more entities, other than those that the token may not see."""
    part = snapshot.entities.get(pair)
    return part is None or not (part.is_whole or isinstance(part.error, Forbidden | NotFound))


def _may_be_hidden(text: str) -> bool:
    """Whether the text may be the id of an entity that no list names."""
    return len(text) == 36 and text.count("-") == 4


def _held(access: Access, entity_id: str) -> Entity | None:
    """The entity with this id on which a role is held, without its name."""
    for subject in access.subjects:
        for grant in subject.grants:
            if grant.entity_id == entity_id and grant.type_name and grant.region:
                return Entity(
                    id=entity_id, name="", entity_type_name=grant.type_name, region=grant.region
                )
    return None


def _find(
    options: Namespace,
    entities: tuple[Entity, ...],
    snapshot: Snapshot,
    failed: Lists,
    env: Environment,
) -> Entity:
    """The entity of this id or name. Raises UsageError or Unreadable as `find_account`."""
    reasons = [
        f"{name} in {region}: {part.why_incomplete if part else 'not read'}."
        for name, region in failed
        for part in (snapshot.entities.get((name, region)),)
    ]
    candidates = Candidates(
        [
            (name, entity)
            for entity in entities
            for name in dict.fromkeys((entity.name, entity.bare_name))
            if name
        ],
        what="entity",
        lists="`sa-tui entities` lists them all.",
        incomplete=" ".join(reasons) or None,
        about={e.id: f"{e.entity_type_name} in {e.region}" for e in entities},
    )
    return find_loosely(options.entity, candidates, tell=env.tell)
