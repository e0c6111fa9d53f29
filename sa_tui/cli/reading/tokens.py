"""Lists the access tokens of one account, or those of all accounts that match a query.

The rule it keeps: a query is asked of each token, and a name of an account is no query.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.account_terms import needs
from sa_tui.access.query.language import Word, show
from sa_tui.access.query.search import Search
from sa_tui.access.reader import read_access
from sa_tui.answers.listings import all_tokens_report, problems_of_tokens
from sa_tui.answers.problems import required
from sa_tui.base.text import one_line
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import account_named, nearest_accounts
from sa_tui.cli.listings import list_tokens_of
from sa_tui.cli.reading.asking import parse_query, read_whole, warn_of
from sa_tui.cli.reading.run import answer
from sa_tui.cli.reading.views import marked
from sa_tui.cli.views import ALL_TOKENS

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Access
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.konnect.models import AccessToken, SystemAccount


def run_tokens(options: Namespace, env: Environment) -> int:
    """Runs `tokens`. Raises KonnectError when the accounts cannot be read.

    Raises UsageError for what is neither an account nor a query.
    """
    return answer(options, env, partial(_answer, options=options, env=env))


async def _answer(source: Source, *, options: Namespace, env: Environment) -> int:
    text = options.query.strip()
    await source.read_lists()
    accounts = required(source.snapshot.accounts, "accounts")
    if text and (account := account_named(text, accounts.rows, tell=env.tell)) is not None:
        return await list_tokens_of(account, source, options, env)
    query = parse_query(text, where="There is no such account, and as a query: ")
    env.run.command = "tokens of all accounts"
    # Quotes make a query of a word that could be the name of an account.
    is_word = isinstance(query, Word) and query.position is not None
    return await _list(source, query, options, env, is_word=is_word)


async def _list(
    source: Source, query: Query, options: Namespace, env: Environment, *, is_word: bool
) -> int:
    access = await _read(source, query)
    if text := options.query.strip():
        warn_of(query, text, source, access, env)
    now = source.now()
    search = Search(query, access, now=now)
    found: list[tuple[SystemAccount, AccessToken]] = []
    unsure: list[tuple[SystemAccount, AccessToken]] = []
    for account in source.snapshot.accounts.rows:
        subject = access.subject(account.id)
        for token in subject.tokens if subject is not None else ():
            matches = search.answer(subject.for_token(token, now)) if subject else Answer.NO
            if matches is not Answer.NO:
                (found if matches is Answer.YES else unsure).append((account, token))
    found.sort(key=_by_account)
    unsure.sort(key=_by_account)
    problems = problems_of_tokens(source.snapshot, access, query, search.doubtful_lists)
    if is_word:
        _say_what_was_taken(text, source, env, is_found=bool(found or problems))
    report = all_tokens_report(
        head_of(env, source.snapshot, problems),
        [*found, *unsure],
        now=now,
        query=show(query),
        unsure_ids={token.id for _, token in unsure},
    )
    put_report(env, options, report, shown=marked(ALL_TOKENS, unsure), now=now)
    accounts = plural(len({account.id for account, _ in found}), "account")
    summary = f"{plural(len(found), 'access token')} of {accounts}"
    summary += f", {len(unsure):,} uncertain" * bool(unsure)
    return conclude(env, report.head, f"{show(query)}: {summary}" if text else summary)


def _say_what_was_taken(text: str, source: Source, env: Environment, *, is_found: bool) -> None:
    """Says that a word is not an account. Raises UsageError if it finds no token either."""
    near = nearest_accounts(text, source.snapshot.accounts.rows)
    guess = f" Did you mean {near}?" if near else ""
    no_account = f'There is no account with the name or id "{one_line(text)}"'
    if not is_found:
        raise UsageError(f"{no_account}, and the word finds no token.{guess}")
    env.tell(f"{no_account}: it is taken for a query.{guess}")


async def _read(source: Source, query: Query) -> Access:
    """Reads what decides which tokens match."""
    if needs(query) == "everything":
        return await read_whole(source, query, with_people=False)
    await source.read_tokens()
    return read_access(source.snapshot)


def _by_account(row: tuple[SystemAccount, AccessToken]) -> tuple[str, str]:
    account, token = row
    return account.name.casefold(), token.name.casefold()
