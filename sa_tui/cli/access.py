"""Answers who can do what without the terminal application: `who`, `access` and `matrix`."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.query.language import QueryError, parse, show
from sa_tui.access.query.search import Search
from sa_tui.access.query.words import misplaced, notices, read_vocabulary, unheard_type
from sa_tui.access.reader import read_access
from sa_tui.access.team_grants import whys
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
    from sa_tui.access.query.unheard import Notice
    from sa_tui.access.subjects import Access
    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import SystemAccount, User
    from sa_tui.org.reading.calls import Progress
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

TELL_EVERY = 500
"""Calls between two lines of narration while a very large organisation is read."""


def run_access(options: Namespace, env: Environment) -> int:
    """Runs `who`, `access` or `matrix`. Raises KonnectError when there is nothing to answer from.

    A query that cannot be read is refused before anything is sent: UsageError.
    """
    query = _query(getattr(options, "query", ""))
    choice = ProfileChoice(options=options, env=env)
    profile = choose_profile(choice)
    return env.signals.run(_answer(choice, profile, query))


def _query(text: str) -> Query:
    text = text.strip()  # a blank before - keeps it from being taken for an option
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
            return await _one(org, options, env)
        await read_organisation(
            org,
            with_people=options.people,
            on_progress=_progress(env),
            monotonic=env.monotonic,
        )
        _refuse_nothing(org.snapshot)
        narrate_clock(env, org)
        await read_entity_names(org)
        access = await _with_names(org, query, with_people=options.people)
        words = read_vocabulary(access, org.snapshot.catalogue.value)
        for each in (*notices(query, words), *_without_people(query, options)):
            term = options.query.strip()[each.position : each.position + each.length]
            env.warn(each.text, term=term)
        now = org.now()
        if (name := _type_wanted(options)) and (unheard := unheard_type(name, words)):
            env.warn(unheard, term=f"--type {name}")
        search = Search(query, access, now=now)
        run = Answering(env, options, org.snapshot, access, now, show(query))
        return run.who(search) if options.command == "who" else run.matrix(search)


def _type_wanted(options: Namespace) -> str | None:
    """The type whose roles are the columns of the matrix."""
    return options.type if options.command == "matrix" and options.by == "role" else None


async def _with_names(org: Org, query: Query, *, with_people: bool) -> Access:
    """Who holds what, with every name that the query leaves open."""
    access = read_access(org.snapshot, with_people=with_people)
    if not access.lists_for(query):
        return access
    await org.read_offer()  # which regions there are to look in
    access = read_access(org.snapshot, before=access, with_people=with_people)
    await org.read_entities(access.lists_for(query))
    return read_access(org.snapshot, before=access, with_people=with_people)


async def _one(org: Org, options: Namespace, env: Environment) -> int:
    await asyncio.gather(org.load(), *([org.read_people()] if options.people else ()))
    _refuse_nothing(org.snapshot)
    narrate_clock(env, org)
    row = _find(org.snapshot, options, env)
    await read_organisation(org, only=row.id, with_people=options.people, monotonic=env.monotonic)
    await read_entity_names(org)
    access = read_access(org.snapshot, with_people=options.people)
    subject = access.subject(row.id)
    if subject is None:  # pragma: no cover - it was found in the same list
        raise UsageError(f'"{options.account}" is gone.')
    return Answering(env, options, org.snapshot, access, org.now()).one(row, subject)


def _without_people(query: Query, options: Namespace) -> tuple[Notice, ...]:
    """What tells nothing as long as people are not asked for."""
    return () if options.people else misplaced(query, "account")


def _find(snapshot: Snapshot, options: Namespace, env: Environment) -> SystemAccount | User:
    """The account, or with people the account or person, that is meant."""
    rows = snapshot.accounts.rows
    missing = whys(snapshot.accounts)
    if not options.people:
        incomplete = " ".join(missing) or None
        return find_account(options.account, rows, incomplete=incomplete, tell=env.tell)
    missing += [f"People: {why}" for why in whys(snapshot.people)]
    users, incomplete = snapshot.people.rows, " ".join(missing) or None
    return find_subject(options.account, rows, users, incomplete=incomplete, tell=env.tell)


def _refuse_nothing(snapshot: Snapshot) -> None:
    if snapshot.accounts.value is None:
        raise snapshot.accounts.error or RuntimeError("the accounts were not read")


def _progress(env: Environment) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if progress.done % TELL_EVERY == 0 and progress.done < progress.planned:
            left = progress.seconds_left
            time = f", about {left:.0f} s left" if left is not None else ""
            env.tell(f"{progress.done:,} of {progress.planned:,} calls{time}")

    return tell
