"""Lists the entities that a role can be held on, and how many reach each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.entity_subjects import by_name, entity_subject, not_about_entities
from sa_tui.access.query.language import show
from sa_tui.access.query.search import Search
from sa_tui.access.reader import read_access
from sa_tui.answers.pages import entities_report, problems_of_entities
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.exits import UsageError
from sa_tui.cli.reading.asking import parse_query, warn_of
from sa_tui.cli.reading.run import answer
from sa_tui.cli.reading.views import ENTITIES, marked

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.query.language import Query
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source


def run_entities(options: Namespace, env: Environment) -> int:
    """Runs `entities`. Raises UsageError for a query that is not about entities."""
    query = parse_query(options.query)
    for notice in not_about_entities(query):
        raise UsageError(f"{notice.text} `sa-tui entity NAME` says who reaches one.")
    return answer(options, env, partial(_answer, query=query, options=options, env=env))


async def _answer(source: Source, *, query: Query, options: Namespace, env: Environment) -> int:
    await source.read_all(people=options.people)
    await source.read_every_entity()
    snapshot, now = source.snapshot, source.now()
    access = read_access(snapshot, with_people=options.people)
    warn_of(query, options.query, source, access, env, has_accounts=False)
    search = Search(query, access, now=now)
    named = sorted(access.entities_by_id.values(), key=by_name)
    answers = {entity.id: search.answer(entity_subject(entity)) for entity in named}
    found = [entity for entity in named if answers[entity.id] is Answer.YES]
    unsure = [entity for entity in named if answers[entity.id] is Answer.UNKNOWN]
    head = head_of(env, snapshot, problems_of_entities(snapshot, access, options.people))
    report = entities_report(
        head,
        [*found, *unsure],
        access,
        with_people=options.people,
        query=show(query),
        unsure_ids={entity.id for entity in unsure},
    )
    put_report(env, options, report, shown=marked(ENTITIES, unsure), now=now)
    return conclude(env, head, plural(len(found) + len(unsure), "entity", "entities"))
