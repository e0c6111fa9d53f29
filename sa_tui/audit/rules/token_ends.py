"""Rules about when tokens end, and how long they live."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from sa_tui.audit.controls import AVAILABILITY, GITHUB, NHI1, NHI7, nist
from sa_tui.audit.finding import Hit, Step
from sa_tui.audit.rule import rule

if TYPE_CHECKING:
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Results
    from sa_tui.audit.severity import Severity
    from sa_tui.audit.things import AccountFacts, TokenFacts

DAY = timedelta(days=1)


@rule(
    "T01",
    "Token never expires",
    severity="high",
    about="token",
    when="A live token has no end.",
    remedy="Issue a token with an end, let its users switch to it, then revoke this one.",
    mistakes=("The list left the end out: sa-tui reads the token once more by itself first.",),
    maps_to=(NHI7, *nist("IA-5f")),
    needs=("expiry",),
    hides=("T02",),
)
def never_expires(each: TokenFacts, _: Facts) -> Results:
    """A live token without an end."""
    if each.is_live and each.token.expires_at is None:
        yield Hit(
            token_id=each.token.id,
            evidence={
                "token": each.token.name,
                "created_at": each.token.created_at,
                "last_used_at": each.token.last_used_at,
            },
            remedy=(Step("rotate-token", each.token.id),),
        )


@rule(
    "T02",
    "Lifetime too long",
    severity="medium",
    about="token",
    when="A live token was issued for more than max_lifetime_days.",
    remedy="Rotate it with a shorter lifetime.",
    mistakes=("12 months have 366 days in a leap year: one day more is tolerated.",),
    maps_to=(NHI7, *nist("IA-5f"), GITHUB),
    needs=("expiry", "issued"),
    limits=("max_lifetime_days",),
)
def lives_too_long(each: TokenFacts, _: Facts) -> Results:
    """A live token whose lifetime is over the limit by more than a day."""
    token = each.token
    if not each.is_live or token.expires_at is None or token.created_at is None:
        return
    lifetime = token.expires_at - token.created_at
    if lifetime > (each.limits.max_lifetime_days + 1) * DAY:
        yield Hit(
            token_id=token.id,
            evidence={
                "token": token.name,
                "created_at": token.created_at,
                "expires_at": token.expires_at,
                "days": lifetime // DAY,
            },
            remedy=(Step("rotate-token", token.id),),
        )


@rule(
    "T03",
    "Expires soon",
    severity="medium",
    about="token",
    when="A live token ends within expiring_days (high: urgent_days; low: it was never used), and "
    "no other live token of the account was used within in_use_days.",
    remedy="Rotate it before it ends.",
    mistakes=("The end is planned: mute it until then.", "A token that was never used is low."),
    maps_to=(AVAILABILITY, *nist("IA-5f")),
    needs=("expiry",),
    limits=("expiring_days", "urgent_days", "in_use_days"),
)
def expires_soon(each: TokenFacts, _: Facts) -> Results:
    """A live token that ends soon, and has no successor in use."""
    ends_at, limits = each.token.expires_at, each.limits
    if not each.is_live or ends_at is None or ends_at - each.now > limits.expiring_days * DAY:
        return
    others = [other for other in each.account.live if other is not each]
    if any(other.used_within(limits.in_use_days * DAY) for other in others):
        return
    severity: Severity = "high" if ends_at - each.now <= limits.urgent_days * DAY else "medium"
    if each.token.last_used_at is None and "use" not in each.gaps:
        severity = "low"
    yield Hit(
        severity=severity,
        token_id=each.token.id,
        evidence={
            "token": each.token.name,
            "expires_at": ends_at,
            "last_used_at": each.token.last_used_at,
            "other_live_tokens": tuple(other.token.name for other in others),
        },
        remedy=(Step("rotate-token", each.token.id),),
    )


@rule(
    "T04",
    "Expired token still listed",
    severity="low",
    about="token",
    when="A token ended more than expired_grace_days ago and is still there.",
    remedy="Revoke it: the list then shows what works.",
    mistakes=("It is kept as a trace: a snapshot keeps it as well; or mute it.",),
    maps_to=(NHI1, *nist("AC-2(3)")),
    needs=("expiry",),
    hides=("T",),
    limits=("expired_grace_days",),
)
def is_over(each: TokenFacts, _: Facts) -> Results:
    """A token that ended long ago."""
    ends_at = each.token.expires_at
    if ends_at is not None and ends_at <= each.now - each.limits.expired_grace_days * DAY:
        yield Hit(
            token_id=each.token.id,
            evidence={
                "token": each.token.name,
                "expires_at": ends_at,
                "last_used_at": each.token.last_used_at,
            },
            remedy=(Step("revoke-token", each.token.id),),
        )


@rule(
    "T05",
    "Outage candidate",
    severity="high",
    about="account",
    when="All tokens have ended, the newest at most outage_days ago, and it was used within "
    "in_use_days before it ended.",
    remedy="Issue a token and deploy it, or retire the account.",
    mistakes=("It was taken out of use on purpose: without access it is not reported.",),
    maps_to=(AVAILABILITY,),
    needs=("tokens", "expiry", "use"),
    limits=("outage_days", "in_use_days"),
)
def may_be_down(account: AccountFacts, _: Facts) -> Results:
    """An account whose last token ended while it was in use."""
    tokens = [each.token for each in account.tokens if each.token.expires_at is not None]
    if not tokens or len(tokens) < len(account.tokens) or account.live:
        return
    newest = max(tokens, key=lambda token: (token.expires_at or account.now, token.id))
    ended_at, used_at, limits = newest.expires_at, newest.last_used_at, account.limits
    if ended_at is None or used_at is None or (not account.grants and "access" not in account.gaps):
        return
    if account.now - ended_at > limits.outage_days * DAY:
        return
    if ended_at - used_at <= limits.in_use_days * DAY:
        yield Hit(
            object=newest.id,
            evidence={"token": newest.name, "expires_at": ended_at, "last_used_at": used_at},
            remedy=(Step("issue-token", account.account.id),),
        )


@rule(
    "T13",
    "Expiry cliff",
    severity="info",
    about="organization",
    when="More than tokens_on_one_day live tokens end on one day (UTC).",
    remedy="Rotate some of them earlier, so that their ends spread.",
    maps_to=(AVAILABILITY,),
    reads=("accounts", "tokens", "expiry"),
    limits=("tokens_on_one_day",),
    opt_in=True,
)
def end_together(facts: Facts, _: Facts) -> Results:
    """Many live tokens that end on the same day."""
    by_day: defaultdict[str, list[str]] = defaultdict(list)
    for account in facts.unmanaged:
        for each in account.live:
            if (ends_at := each.token.expires_at) is not None:
                day = ends_at.astimezone(UTC).date().isoformat()
                by_day[day].append(f"{account.account.name} / {each.token.name}")
    for day, names in sorted(by_day.items()):
        if len(names) > facts.limits.tokens_on_one_day:
            told = tuple(names)
            yield Hit(object=day, evidence={"day": day, "count": len(told), "tokens": told})
