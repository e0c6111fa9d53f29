"""Answers who can do what without the terminal application: `who`, `access` and `matrix`."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.query.language import QueryError, parse, show
from sa_tui.access.query.search import Search
from sa_tui.access.query.words import misplaced, notices, read_vocabulary, unknown_type
from sa_tui.access.reader import read_access
from sa_tui.access.team_grants import gaps
from sa_tui.answers.problems import required
from sa_tui.cli.answering import Answering
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import find_account, find_subject
from sa_tui.cli.opening import choose_profile
from sa_tui.cli.output import narrate_clock, narrate_wait
from sa_tui.org.reading.everything import read_entity_names, read_organisation

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Access
    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import SystemAccount, User
    from sa_tui.org.reading.calls import Progress
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

TELL_EVERY = 500
"""While a large organisation is read, progress is reported once in so many calls."""


def run_access(options: Namespace, env: Environment) -> int:
    """Runs `who`, `access` or `matrix`. Raises KonnectError when the accounts cannot be read.

    Raises UsageError for a query that cannot be parsed, before anything is sent.
    """
    query = _query(getattr(options, "query", ""))
    choice = ProfileChoice(options=options, env=env)
    profile = choose_profile(choice)
    return env.signals.run(_answer(choice, profile, query))


def _query(text: str) -> Query:
    text = text.strip()  # `_with_queries` put a space before -
    try:
        return parse(text)
    except QueryError as error:
        pointer = " " * error.position + "^" * max(error.length, 1)
        raise UsageError(error.message, below=(f"  {text}", f"  {pointer}")) from None


async def _answer(choice: ProfileChoice, profile: Profile, query: Query) -> int:
    env, options = choice.env, choice.options
    org = await choice.konnect.connect(profile, on_wait=partial(narrate_wait, env))
    async with org:
        if options.command == "access":
            return await _answer_account(org, options, env)
        await read_organisation(
            org,
            with_people=options.people,
            on_progress=_progress(env),
            monotonic=env.monotonic,
        )
        required(org.snapshot.accounts, "accounts")
        narrate_clock(env, org)
        await read_entity_names(org)
        access = await _access_for(org, query, with_people=options.people)
        words = read_vocabulary(access, org.snapshot.catalogue.value)
        without_effect = () if options.people else misplaced(query, "account")
        for notice in (*notices(query, words), *without_effect):
            term = options.query.strip()[notice.position : notice.position + notice.length]
            env.warn(notice.text, term=term)
        now = org.now()
        is_by_role = options.command == "matrix" and options.by == "role"
        if is_by_role and (warning := unknown_type(options.type, words)):
            env.warn(warning, term=f"--type {options.type}")
        search = Search(query, access, now=now)
        run = Answering(env, options, org.snapshot, access, now, show(query))
        return run.who(search) if options.command == "who" else run.matrix(search)


async def _access_for(org: Org, query: Query, *, with_people: bool) -> Access:
    """Who holds what, with every entity name that the query asks about."""
    access = read_access(org.snapshot, with_people=with_people)
    if not access.lists_for(query):
        return access
    await org.read_offer()  # it lists the regions to look in
    access = read_access(org.snapshot, before=access, with_people=with_people)
    await org.read_entities(access.lists_for(query))
    return read_access(org.snapshot, before=access, with_people=with_people)


async def _answer_account(org: Org, options: Namespace, env: Environment) -> int:
    await asyncio.gather(org.load(), *([org.read_people()] if options.people else ()))
    required(org.snapshot.accounts, "accounts")
    narrate_clock(env, org)
    row = _find(org.snapshot, options, env)
    await read_organisation(org, only=row.id, with_people=options.people, monotonic=env.monotonic)
    await read_entity_names(org)
    access = read_access(org.snapshot, with_people=options.people)
    subject = access.subject(row.id)
    if subject is None:  # pragma: no cover - the row is from the same list
        raise UsageError(f'"{options.account}" is gone.')
    return Answering(env, options, org.snapshot, access, org.now()).one(row, subject)


def _find(snapshot: Snapshot, options: Namespace, env: Environment) -> SystemAccount | User:
    """The account that the command names; with --people, the account or the person."""
    rows = snapshot.accounts.rows
    reasons = gaps(snapshot.accounts)
    if not options.people:
        incomplete = " ".join(reasons) or None
        return find_account(options.account, rows, incomplete=incomplete, tell=env.tell)
    reasons += [f"People: {reason}" for reason in gaps(snapshot.people)]
    users, incomplete = snapshot.people.rows, " ".join(reasons) or None
    return find_subject(options.account, rows, users, incomplete=incomplete, tell=env.tell)


def _progress(env: Environment) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if progress.done % TELL_EVERY == 0 and progress.done < progress.planned:
            left = progress.seconds_left
            time = f", about {left:.0f} s left" if left is not None else ""
            env.tell(f"{progress.done:,} of {progress.planned:,} calls{time}")

    return tell
