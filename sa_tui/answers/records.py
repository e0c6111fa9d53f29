"""Accounts, people and tokens as records with Kong's names.

A value that is not known is null, and its name is listed in `unknown`. Otherwise null means that
there is none, such as the expiry of a token that never expires.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.org.summary import summarise_tokens, token_state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sa_tui.base.wire import JsonObject
    from sa_tui.konnect.models import AccessToken, Row, SystemAccount, User
    from sa_tui.org.snapshot import Details, UserDetails

    Record = JsonObject

FIGURES = (
    *("live_tokens", "tokens", "next_expires_at", "last_used_at"),
    *("assigned_roles", "teams"),
)
ACCOUNT_FIELDS = ("id", "name", "description", "konnect_managed", "created_at", *FIGURES)
TOKEN_FIELDS = ("id", "name", "created_at", "expires_at", "last_used_at", "state")


def named_record(row: SystemAccount | AccessToken) -> Record:
    """A row by id and name."""
    return {"id": row.id, "name": row.name}


def account_record(account: SystemAccount, details: Details, now: datetime) -> Record:
    """A system account with the figures of its tokens, roles and teams."""
    record = fields_of(
        account,
        ("id", "name", "description", "konnect_managed", "created_at"),
        always_given=("konnect_managed", "created_at"),
    )
    return _with_figures(record, details, now)


def person_record(user: User, details: UserDetails, now: datetime) -> Record:
    """A person with the figures of their personal tokens, roles and teams."""
    record = fields_of(
        user,
        ("id", "full_name", "preferred_name", "email", "active", "created_at"),
        always_given=("active", "created_at"),
    )
    return _with_figures(record, details, now)


def _with_figures(record: Record, details: Details | UserDetails, now: datetime) -> Record:
    figures: Record = dict.fromkeys(FIGURES)
    unknown = set(figures)
    tokens = details.tokens.value
    if details.tokens.is_whole and tokens is not None:
        summary = summarise_tokens(tokens, now)
        figures["tokens"] = summary.total
        unknown.discard("tokens")
        if summary.is_sure:
            figures["live_tokens"] = summary.live
            figures["next_expires_at"] = summary.next_expiry
            figures["last_used_at"] = summary.last_used_at
            unknown -= {"live_tokens", "next_expires_at", "last_used_at"}
    for name, part in (("assigned_roles", details.roles), ("teams", details.teams)):
        if part.is_whole:
            figures[name] = len(part.rows)
            unknown.discard(name)
    missing = [*record.pop("unknown"), *(name for name in figures if name in unknown)]
    return record | figures | {"unknown": missing}


def token_record(token: AccessToken, now: datetime) -> Record:
    """An access token; `state` is live, expired or revoked."""
    record = fields_of(
        token,
        ("id", "name", "created_at", "expires_at", "last_used_at"),
        always_given=("created_at",),
    )
    state = token_state(token, now)
    is_known = state != "unknown"
    unknown = record.pop("unknown") + ["state"] * (not is_known)
    return record | {"state": state if is_known else None, "unknown": unknown}


def fields_of(row: Row, names: Iterable[str], *, always_given: Iterable[str] = ()) -> Record:
    """Fields of a row; one that Konnect always gives is unknown when it is missing."""
    always_given = tuple(always_given)
    record: Record = {"unknown": []}
    for name in names:
        value = getattr(row, name)
        if name in row.unreadable or (value is None and name in always_given):
            record["unknown"].append(name)
            value = None
        record[name] = value
    return record
