"""The answers of `accounts` and `tokens`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.records import (
    ACCOUNT_FIELDS,
    TOKEN_FIELDS,
    account_record,
    named_record,
    token_record,
)
from sa_tui.answers.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.answers.head import Head
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
) -> Report:
    """These accounts with the figures of their tokens, roles and teams."""
    return Report(
        head=head,
        key="system_accounts",
        rows=[
            account_record(account, snapshot.details_of(account.id), now) for account in accounts
        ],
        fields=ACCOUNT_FIELDS,
        facts={"quick": is_quick},
    )


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


def with_account(row: Record, account: SystemAccount) -> Record:
    """The record of a token with the id and name of its account before it."""
    names = named_record(account)
    return {f"system_account_{key}": names[key] for key in names} | row
