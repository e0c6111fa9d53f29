"""Rules about whether tokens are used, replaced and named."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sa_tui.audit.controls import NHI1, NHI7, NHI9, like, nist
from sa_tui.audit.finding import Hit, Step
from sa_tui.audit.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sa_tui.audit.facts import Facts
    from sa_tui.audit.finding import Value
    from sa_tui.audit.rule import Results
    from sa_tui.audit.things import AccountFacts, TokenFacts

DAY = timedelta(days=1)
LAG = timedelta(minutes=5)
"""How much the times of different machines may differ."""

AFTER_ITS_END = timedelta(hours=1)


def _times(each: TokenFacts) -> dict[str, Value]:
    return {
        "token": each.token.name,
        "created_at": each.token.created_at,
        "last_used_at": each.token.last_used_at,
        "expires_at": each.token.expires_at,
    }


@rule(
    "T06",
    "Never used",
    severity="medium",
    about="token",
    when="A live token is older than never_used_days and was never used.",
    remedy="Revoke it.",
    mistakes=("It is kept for an emergency: mute it, with an end.",),
    maps_to=(NHI1, NHI7, *nist("AC-2(3)d"), *like("AWS 7.0", "2.11")),
    needs=("expiry", "use", "issued"),
    hides=("T07", "T08"),
    limits=("never_used_days",),
)
def was_never_used(each: TokenFacts, _: Facts) -> Results:
    """A live token that nobody has used."""
    is_unused = each.is_live and each.token.last_used_at is None
    if is_unused and each.age_days > each.limits.never_used_days:
        yield Hit(
            token_id=each.token.id,
            evidence=_times(each),
            remedy=(Step("revoke-token", each.token.id),),
        )


@rule(
    "T07",
    "Stale",
    severity="medium",
    about="token",
    when="A live token was last used more than stale_days ago.",
    remedy="Revoke it; the account stays.",
    mistakes=(
        "A job runs every quarter or year: give its account other stale_days in audit.toml.",
        "How far last_used_at lags behind is not documented.",
    ),
    maps_to=(NHI1, *nist("AC-2(3)d"), *like("AWS 7.0", "2.11 (45 days)")),
    needs=("expiry", "use"),
    hides=("T08",),
    limits=("stale_days",),
)
def is_stale(each: TokenFacts, _: Facts) -> Results:
    """A live token that was not used for long."""
    used_at = each.token.last_used_at
    if each.is_live and used_at and each.now - used_at > each.limits.stale_days * DAY:
        yield Hit(
            token_id=each.token.id,
            evidence=_times(each) | {"days": (each.now - used_at) // DAY},
            remedy=(Step("revoke-token", each.token.id),),
        )


@rule(
    "T08",
    "Rotation overdue",
    severity="low",
    about="token",
    when="A live token is older than rotation_days.",
    remedy="Rotate it.",
    mistakes=("Your policy allows 180 or 365 days: set rotation_days in audit.toml.",),
    maps_to=(NHI7, *nist("IA-5f"), *like("GCP 5.0", "1.8"), *like("AWS 7.0", "2.12")),
    needs=("expiry", "issued"),
    limits=("rotation_days",),
)
def is_old(each: TokenFacts, _: Facts) -> Results:
    """A live token that was not rotated in time."""
    if each.is_live and each.age_days > each.limits.rotation_days:
        yield Hit(
            token_id=each.token.id,
            evidence=_times(each) | {"days": each.age_days},
            remedy=(Step("rotate-token", each.token.id),),
        )


@rule(
    "T09",
    "Many live tokens",
    severity="low",
    about="account",
    when="An account has more than max_live_tokens live tokens.",
    remedy="Revoke all but the current one and its successor.",
    mistakes=("One account serves many jobs: give each its own account (see A12), or mute it.",),
    maps_to=(NHI9, *like("AWS 4.0", "1.13")),
    reads=("tokens", "expiry"),
    limits=("max_live_tokens",),
)
def has_many_tokens(account: AccountFacts, _: Facts) -> Results:
    """An account with more live tokens than a rotation needs."""
    if len(account.live) > account.limits.max_live_tokens:
        yield Hit(
            evidence={
                "live_tokens": len(account.live),
                "tokens": tuple(each.token.name for each in account.live),
            }
        )


def _replaced(account: AccountFacts) -> Iterator[tuple[TokenFacts, TokenFacts]]:
    """Each live token with the newest one, once that is older than the time to switch."""
    *older, newer = account.live or (None,)
    if newer is not None and newer.age_days > account.limits.overlap_days:
        yield from ((each, newer) for each in older if each is not None)


@rule(
    "T10",
    "Cut-over stuck",
    severity="medium",
    about="account",
    when="The newest live token is older than overlap_days, and an older one was used more than a "
    "day after the newest was issued.",
    remedy="Finish the roll-out, then revoke the older token.",
    mistakes=("Two consumers have a token each on purpose: name them so, and mute it.",),
    maps_to=(NHI7,),
    needs=("expiry", "use", "issued"),
    reads=("tokens",),
    limits=("overlap_days",),
)
def is_stuck(account: AccountFacts, _: Facts) -> Results:
    """An older token that stays in use beside its successor."""
    for older, newer in _replaced(account):
        used_at, issued_at = older.token.last_used_at, newer.token.created_at
        if used_at is not None and issued_at is not None and used_at > issued_at + DAY:
            yield _pair(older, newer)


@rule(
    "T11",
    "Old token left after cut-over",
    severity="low",
    about="account",
    when="The newest live token is older than overlap_days and in use, and an older one was last "
    "used before the newest was issued.",
    remedy="Revoke the older token.",
    mistakes=("You may still go back to it: that time is overlap_days.",),
    maps_to=(NHI1,),
    needs=("expiry", "use", "issued"),
    reads=("tokens",),
    limits=("overlap_days",),
)
def was_left(account: AccountFacts, _: Facts) -> Results:
    """An older token that its successor has replaced."""
    for older, newer in _replaced(account):
        used_at, issued_at = older.token.last_used_at, newer.token.created_at
        is_replaced = used_at is not None and issued_at is not None and used_at < issued_at
        if is_replaced and newer.token.last_used_at is not None:
            yield _pair(older, newer, Step("revoke-token", older.token.id))


def _pair(older: TokenFacts, newer: TokenFacts, *remedy: Step) -> Hit:
    evidence: dict[str, Value] = {
        "token": older.token.name,
        "last_used_at": older.token.last_used_at,
        "newer_token": newer.token.name,
        "newer_created_at": newer.token.created_at,
        "newer_last_used_at": newer.token.last_used_at,
    }
    return Hit(token_id=older.token.id, evidence=evidence, remedy=remedy)


@rule(
    "T12",
    "Times do not fit",
    severity="high",
    about="token",
    when="A token was used more than an hour after its end, or before it was issued, or it was "
    "issued in the future.",
    remedy="Open a case, and look into the audit log of Konnect.",
    mistakes=("Clocks differ: 5 minutes, and after the end an hour, are tolerated.",),
    maps_to=nist("AU-6"),
    needs=("expiry", "use", "issued"),
)
def is_odd(each: TokenFacts, _: Facts) -> Results:
    """A token whose times contradict each other."""
    token = each.token
    reasons = []
    used_at, issued_at, ends_at = token.last_used_at, token.created_at, token.expires_at
    if used_at and ends_at and used_at > ends_at + AFTER_ITS_END:
        reasons.append("used after its end")
    if used_at and issued_at and used_at < issued_at - LAG:
        reasons.append("used before it was issued")
    if issued_at and issued_at > each.now + LAG:
        reasons.append("issued in the future")
    if reasons:
        yield Hit(token_id=token.id, evidence=_times(each) | {"reasons": tuple(reasons)})


@rule(
    "T14",
    "Uninformative token name",
    severity="info",
    about="token",
    when="The name of a live token matches token_name_pattern as a whole, such as token-2.",
    remedy="Rename it after who uses it.",
    maps_to=nist("AC-2"),
    needs=("text",),
    limits=("token_name_pattern",),
    opt_in=True,
)
def says_nothing(each: TokenFacts, _: Facts) -> Results:
    """A token whose name does not say who uses it."""
    pattern = each.limits.token_name_pattern
    if each.is_live and re.fullmatch(pattern, each.token.name, re.IGNORECASE):
        yield Hit(
            token_id=each.token.id,
            evidence={"token": each.token.name},
            remedy=(Step("rename-token", each.token.id),),
        )
