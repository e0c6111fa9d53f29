"""Lists system accounts and access tokens without the terminal application."""

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
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.finding import find_account
from sa_tui.cli.opening import choose_profile, narrate_rotations
from sa_tui.cli.output import narrate_clock, narrate_wait
from sa_tui.cli.views import ACCOUNTS, QUICK_ACCOUNTS, TOKENS

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

TELL_EVERY = 500
"""While the details of many accounts are read, progress is reported once in so many accounts."""


def run_listing(options: Namespace, env: Environment) -> int:
    """Runs `accounts` or `tokens`. Raises KonnectError when the list cannot be read."""
    choice = ProfileChoice(options=options, env=env)
    profile = choose_profile(choice)
    return env.signals.run(_list(choice, profile))


async def _list(choice: ProfileChoice, profile: Profile) -> int:
    env, options = choice.env, choice.options
    org = await choice.konnect.connect(
        profile, on_change=_progress(env), on_wait=partial(narrate_wait, env)
    )
    async with org:
        await org.load()
        accounts = required(org.snapshot.accounts, "accounts")
        narrate_clock(env, org)
        if options.command == "accounts":
            return await _list_accounts(org, options, env)
        account = find_account(
            options.account, accounts.rows, incomplete=accounts.incomplete, tell=env.tell
        )
        narrate_rotations(env, org, profile=profile, account_id=account.id)
        return await _list_tokens(org, account, options, env)


async def _list_accounts(org: Org, options: Namespace, env: Environment) -> int:
    accounts = org.snapshot.accounts.rows
    accounts = tuple(sorted(accounts, key=lambda account: account.name.casefold()))
    problems = problems_of_lists(org.snapshot)
    if not options.quick:
        await org.read_details(account.id for account in accounts)
        problems += problems_of_accounts(org.snapshot, accounts)
    snapshot, now = org.snapshot, org.now()
    head = head_of(env, snapshot, problems)
    report = accounts_report(head, accounts, snapshot, now=now, is_quick=options.quick)
    shown = QUICK_ACCOUNTS if options.quick else ACCOUNTS
    put_report(env, options, report, shown=shown, now=now)
    return conclude(env, head, plural(len(accounts), "system account"))


async def _list_tokens(
    org: Org, account: SystemAccount, options: Namespace, env: Environment
) -> int:
    await org.read_details([account.id])
    snapshot, now = org.snapshot, org.now()
    tokens = snapshot.details_of(account.id).tokens
    subject = ProblemSubject("system_account", account.id, account.name)
    problems = problem_of("organization", snapshot.organization)
    problems += problem_of("access_tokens", tokens, subject)
    rows = required(tokens, "tokens").rows
    head = head_of(env, snapshot, problems)
    put_report(env, options, tokens_report(head, account, rows, now=now), shown=TOKENS, now=now)
    return conclude(env, head, f"{account.name}, {plural(len(rows), 'access token')}")


def _progress(env: Environment) -> Callable[[Snapshot], None]:
    def tell(snapshot: Snapshot) -> None:
        read = len(snapshot.details)
        total = len(snapshot.accounts.rows)
        if read and read % TELL_EVERY == 0 and read < total:
            env.tell(f"read {read:,} of {total:,} accounts")

    return tell
