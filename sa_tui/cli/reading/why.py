"""Explains why an account matches a query: every path to it, or what comes nearest to it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.near_misses import near_misses
from sa_tui.access.query.language import show
from sa_tui.access.query.search import Search, by_minting
from sa_tui.access.why import explain
from sa_tui.base.words import plural
from sa_tui.cli.access import find_one
from sa_tui.cli.answering import Answering
from sa_tui.cli.answers import conclude
from sa_tui.cli.exits import UsageError
from sa_tui.cli.reading.asking import access_of, parse_query, warn_of
from sa_tui.cli.reading.run import answer
from sa_tui.cli.reading.views import WHY

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.query.language import Query
    from sa_tui.access.query.search import Match
    from sa_tui.access.why import Explanation
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source


def run_why(options: Namespace, env: Environment) -> int:
    """Runs `why`. Raises UsageError for a query that cannot be parsed, before anything is read."""
    query = parse_query(options.query)
    return answer(options, env, partial(_answer, query=query, options=options, env=env))


async def _answer(source: Source, *, query: Query, options: Namespace, env: Environment) -> int:
    await source.read_lists(people=options.people)
    row = find_one(source.snapshot, options, env)
    await source.read_one(row.id, people=options.people)
    await source.read_entity_names()
    access = await access_of(source, query, with_people=options.people)
    warn_of(query, options.query, source, access, env, with_people=options.people)
    subject, now = access.subject(row.id), source.now()
    if subject is None:  # pragma: no cover - the row is from the same list
        raise UsageError(f'"{options.account}" is gone.')
    search = Search(query, access, now=now)
    match = search.match(subject)
    if match is None and search.can_become(subject):
        match = by_minting(subject)
    is_missed = match is None or match.can_become
    misses = near_misses(query, subject, access, now=now) if is_missed else ()
    paths = explain(subject, match.grants if match is not None else (), now=now)
    run = Answering(env, options, source.snapshot, access, now, show(query))
    rests_on = search.doubtful_lists
    report = run.reports(rests_on).why(row, match, paths, misses, rests_on)
    # A table shows what JSON has in several lists.
    shown = report if options.output == "json" else replace(report, rows=report.flat)
    run.put(shown, WHY)
    return conclude(env, report.head, f"{subject.name}: {_verdict(match, paths)} {show(query)}")


def _verdict(match: Match | None, paths: Explanation) -> str:
    if match is None:
        return "does not match"
    if match.can_become:
        return "does not match, but can make tokens for anybody and become one that does:"
    if match.answer is Answer.UNKNOWN:
        return "may match"
    if not paths.paths:
        return "matches"
    return f"matches by {plural(len(paths.paths), 'path')}, {paths.needless:,} of them needless:"
