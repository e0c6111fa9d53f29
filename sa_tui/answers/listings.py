"""The answers of `accounts` and `tokens`, and what is missing from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.query.account_terms import needs
from sa_tui.answers.access import unnamed
from sa_tui.answers.problems import (
    ProblemSubject,
    problem_of,
    problems_of,
    problems_of_accounts,
    problems_of_lists,
)
from sa_tui.answers.records import (
    ACCOUNT_FIELDS,
    TOKEN_FIELDS,
    account_record,
    named_record,
    token_record,
)
from sa_tui.answers.report import Report, answering

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Access
    from sa_tui.answers.head import Head
    from sa_tui.answers.problems import Problem
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.snapshot import Snapshot

LISTED_TOKEN_FIELDS = ("system_account_id", "system_account_name", *TOKEN_FIELDS)


def accounts_report(
    head: Head,
    accounts: Sequence[SystemAccount],
    snapshot: Snapshot,
    *,
    now: datetime,
    is_quick: bool = False,
    query: str = "",
    unsure_ids: Collection[str] = (),
) -> Report:
    """These accounts with the figures of their tokens, roles and teams."""
    report = Report(
        head=head,
        key="system_accounts",
        rows=[
            account_record(account, snapshot.details_of(account.id), now) for account in accounts
        ],
        fields=ACCOUNT_FIELDS,
        facts={"quick": is_quick},
    )
    return answering(report, query, [account.id in unsure_ids for account in accounts])


def all_tokens_report(
    head: Head,
    tokens: Sequence[tuple[SystemAccount, AccessToken]],
    *,
    now: datetime,
    query: str = "",
    unsure_ids: Collection[str] = (),
) -> Report:
    """Tokens of several accounts."""
    report = Report(
        head=head,
        key="access_tokens",
        rows=[with_account(token_record(token, now), account) for account, token in tokens],
        fields=LISTED_TOKEN_FIELDS,
    )
    return answering(report, query, [token.id in unsure_ids for _, token in tokens])


def tokens_report(
    head: Head, account: SystemAccount, tokens: Sequence[AccessToken], *, now: datetime
) -> Report:
    """These tokens of one account."""
    rows = [token_record(token, now) for token in tokens]
    return Report(
        head=head,
        key="access_tokens",
        rows=rows,
        fields=LISTED_TOKEN_FIELDS,
        facts={"system_account": named_record(account)},
        flat_rows=[with_account(row, account) for row in rows],
    )


def problems_of_found(
    snapshot: Snapshot,
    accounts: Sequence[SystemAccount],
    access: Access,
    query: Query,
    doubtful_lists: Collection[tuple[str, str]] = (),
) -> list[Problem]:
    """What is missing from these accounts, and from what a query asks of them."""
    if needs(query) != "everything":
        return problems_of_lists(snapshot) + problems_of_accounts(snapshot, accounts)
    subjects = [subject for row in accounts if (subject := access.subject(row.id)) is not None]
    return problems_of(snapshot, subjects) + unnamed(snapshot, doubtful_lists)[0]


def problems_of_tokens(
    snapshot: Snapshot,
    access: Access,
    query: Query,
    doubtful_lists: Collection[tuple[str, str]] = (),
) -> list[Problem]:
    """What is missing from the tokens of all accounts, and from what a query asks of them."""
    if needs(query) == "everything":
        problems = problems_of(snapshot, access.subjects)
        return problems + unnamed(snapshot, doubtful_lists)[0]
    problems = problems_of_lists(snapshot)
    for account in snapshot.accounts.rows:
        subject = ProblemSubject("system_account", account.id, account.name)
        problems += problem_of("access_tokens", snapshot.details_of(account.id).tokens, subject)
    return problems


def with_account(row: Record, account: SystemAccount) -> Record:
    """The record of a token with the id and name of its account before it."""
    names = named_record(account)
    return {f"system_account_{key}": names[key] for key in names} | row
