"""Lists the system accounts, or those that match a query.

The rule it keeps: it reads no more of them than the query and the answer need.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.account_terms import needs
from sa_tui.access.query.language import show
from sa_tui.access.query.search import Search
from sa_tui.access.reader import read_access
from sa_tui.answers.listings import accounts_report, problems_of_found
from sa_tui.answers.problems import problems_of_lists
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.exits import UsageError
from sa_tui.cli.reading.asking import parse_query, read_whole, warn_of
from sa_tui.cli.reading.run import answer
from sa_tui.cli.reading.views import marked
from sa_tui.cli.views import ACCOUNTS, QUICK_ACCOUNTS

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Access
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source


def run_accounts(options: Namespace, env: Environment) -> int:
    """Runs `accounts`. Raises KonnectError when the list cannot be read.

    Raises UsageError for a query that cannot be parsed, or that asks about what is left out.
    """
    query = parse_query(options.query)
    if options.quick and needs(query) != "rows":
        raise UsageError(f"--quick leaves out what {show(query)} asks about: leave out --quick.")
    return answer(options, env, partial(_answer, query=query, options=options, env=env))


async def _answer(source: Source, *, query: Query, options: Namespace, env: Environment) -> int:
    access = await _read(source, query)
    if query_text := options.query.strip():
        warn_of(query, query_text, source, access, env)
    search = Search(query, access, now=source.now())
    answers = {subject.id: search.answer(subject) for subject in access.subjects}
    named = sorted(source.snapshot.accounts.rows, key=lambda account: account.name.casefold())
    found = [account for account in named if answers[account.id] is Answer.YES]
    unsure = [account for account in named if answers[account.id] is Answer.UNKNOWN]
    accounts = [*found, *unsure]
    if not options.quick:
        await source.read_details(account.id for account in accounts)
    snapshot, now = source.snapshot, source.now()
    problems = (
        problems_of_lists(snapshot)
        if options.quick
        else problems_of_found(snapshot, accounts, access, query, search.doubtful_lists)
    )
    report = accounts_report(
        head_of(env, snapshot, problems),
        accounts,
        snapshot,
        now=now,
        is_quick=options.quick,
        query=show(query),
        unsure_ids={account.id for account in unsure},
    )
    shown = marked(QUICK_ACCOUNTS if options.quick else ACCOUNTS, unsure)
    put_report(env, options, report, shown=shown, now=now)
    summary = plural(len(found), "system account")
    if query_text:
        summary = f"{show(query)}: {summary}"
    return conclude(env, report.head, summary + (f", {len(unsure):,} uncertain" * bool(unsure)))


async def _read(source: Source, query: Query) -> Access:
    """Reads what decides which accounts match."""
    if needs(query) != "rows":
        return await read_whole(source, query, with_people=False)
    await source.read_lists()
    return read_access(source.snapshot)
