"""Lists the access tokens of one system account."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.listings import tokens_report
from sa_tui.answers.problems import ProblemSubject, problem_of, required
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.finding import find_account
from sa_tui.cli.reading.run import answer
from sa_tui.cli.views import TOKENS

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.konnect.models import SystemAccount


def run_listing(options: Namespace, env: Environment) -> int:
    """Runs `token list`. Raises KonnectError when the list cannot be read."""
    return answer(options, env, partial(_list_tokens, options=options, env=env))


async def _list_tokens(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists()
    accounts = required(source.snapshot.accounts, "accounts")
    account = find_account(
        options.account, accounts.rows, incomplete=accounts.incomplete, tell=env.tell
    )
    return await list_tokens_of(account, source, options, env)


async def list_tokens_of(
    account: SystemAccount, source: Source, options: Namespace, env: Environment
) -> int:
    """Writes the tokens of an account."""
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
