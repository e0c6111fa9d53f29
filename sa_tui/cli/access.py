"""Answers what accounts can do: `access` one of them, `matrix` all of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.query.language import show
from sa_tui.access.query.search import Search
from sa_tui.access.query.words import unknown_type
from sa_tui.access.reader import read_access
from sa_tui.access.team_grants import gaps
from sa_tui.cli.answering import Answering
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import find_account, find_subject
from sa_tui.cli.reading.asking import parse_query, read_whole, warn_of
from sa_tui.cli.reading.run import answer

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.query.language import Query
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.konnect.models import SystemAccount, User
    from sa_tui.org.snapshot import Snapshot


def run_access(options: Namespace, env: Environment) -> int:
    """Runs `access` or `matrix`. Raises KonnectError when the accounts cannot be read.

    Raises UsageError for a query that cannot be parsed, before anything is sent.
    """
    if options.command == "access":
        return answer(options, env, partial(_answer_account, options=options, env=env))
    query = parse_query(options.query)
    return answer(options, env, partial(_answer, query=query, options=options, env=env))


async def _answer(source: Source, *, query: Query, options: Namespace, env: Environment) -> int:
    with_people = options.people
    access = await read_whole(source, query, with_people=with_people)
    words = warn_of(query, options.query, source, access, env, with_people=with_people)
    now = source.now()
    if options.by == "role" and (warning := unknown_type(options.type, words)):
        env.warn(warning, term=f"--type {options.type}")
    search = Search(query, access, now=now)
    return Answering(env, options, source.snapshot, access, now, show(query)).matrix(search)


async def _answer_account(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists(people=options.people)
    row = find_one(source.snapshot, options, env)
    await source.read_one(row.id, people=options.people)
    await source.read_entity_names()
    access = read_access(source.snapshot, with_people=options.people)
    subject = access.subject(row.id)
    if subject is None:  # pragma: no cover - the row is from the same list
        raise UsageError(f'"{options.account}" is gone.')
    return Answering(env, options, source.snapshot, access, source.now()).one(row, subject)


def find_one(snapshot: Snapshot, options: Namespace, env: Environment) -> SystemAccount | User:
    """The account that the command names; with --people, the account or the person."""
    rows = snapshot.accounts.rows
    reasons = gaps(snapshot.accounts)
    if not options.people:
        incomplete = " ".join(reasons) or None
        return find_account(options.account, rows, incomplete=incomplete, tell=env.tell)
    reasons += [f"People: {reason}" for reason in gaps(snapshot.people)]
    users, incomplete = snapshot.people.rows, " ".join(reasons) or None
    return find_subject(options.account, rows, users, incomplete=incomplete, tell=env.tell)
