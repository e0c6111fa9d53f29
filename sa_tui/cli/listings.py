"""Lists system accounts and access tokens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.listings import accounts_report, tokens_report
from sa_tui.answers.problems import (
    ProblemSubject,
    problem_of,
    problems_of_accounts,
    problems_of_lists,
    required,
)
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.finding import find_account
from sa_tui.cli.reading.run import answer
from sa_tui.cli.views import ACCOUNTS, QUICK_ACCOUNTS, TOKENS

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source


def run_listing(options: Namespace, env: Environment) -> int:
    """Runs `accounts` or `tokens`. Raises KonnectError when the list cannot be read."""
    list_rows = _list_accounts if options.command == "accounts" else _list_tokens
    return answer(options, env, partial(list_rows, options=options, env=env))


async def _list_accounts(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists()
    accounts = source.snapshot.accounts.rows
    accounts = tuple(sorted(accounts, key=lambda account: account.name.casefold()))
    problems = problems_of_lists(source.snapshot)
    if not options.quick:
        await source.read_details(account.id for account in accounts)
        problems += problems_of_accounts(source.snapshot, accounts)
    snapshot, now = source.snapshot, source.now()
    head = head_of(env, snapshot, problems)
    report = accounts_report(head, accounts, snapshot, now=now, is_quick=options.quick)
    shown = QUICK_ACCOUNTS if options.quick else ACCOUNTS
    put_report(env, options, report, shown=shown, now=now)
    return conclude(env, head, plural(len(accounts), "system account"))


async def _list_tokens(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists()
    accounts = required(source.snapshot.accounts, "accounts")
    account = find_account(
        options.account, accounts.rows, incomplete=accounts.incomplete, tell=env.tell
    )
    source.narrate_rotations(account.id)
    await source.read_details([account.id])
    snapshot, now = source.snapshot, source.now()
    tokens = snapshot.details_of(account.id).tokens
    subject = ProblemSubject("system_account", account.id, account.name)
    problems = problem_of("organization", snapshot.organization)
    problems += problem_of("access_tokens", tokens, subject)
    rows = required(tokens, "tokens").rows
    head = head_of(env, snapshot, problems)
    put_report(env, options, tokens_report(head, account, rows, now=now), shown=TOKENS, now=now)
    return conclude(env, head, f"{account.name}, {plural(len(rows), 'access token')}")
