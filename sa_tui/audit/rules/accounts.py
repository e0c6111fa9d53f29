"""Rules about accounts that are not used, or whose purpose or owner nobody states."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.audit.controls import NHI1, cis, nist
from sa_tui.audit.finding import Gap, Hit, Step
from sa_tui.audit.paths import shown, steps
from sa_tui.audit.rule import rule

if TYPE_CHECKING:
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Results
    from sa_tui.audit.things import AccountFacts

DAY = timedelta(days=1)
# Bounded: on a long text without a blank, a search from each place would look at all the rest.
_E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}")
_REVIEW = re.compile(r"review\s*[:=]\s*(\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_TEMPORARY = re.compile(
    r"(?<![a-z0-9])(?:tmp|temp|test|poc|demo|delete)(?![a-z0-9])", re.IGNORECASE
)


def _revoke_all(account: AccountFacts) -> tuple[Step, ...]:
    return tuple(Step("revoke-token", each.token.id) for each in account.live)


@rule(
    "A01",
    "Orphan",
    severity="low",
    about="account",
    when="An account older than new_account_days has no tokens, no roles and no teams.",
    remedy="Delete it.",
    mistakes=(
        "It is being set up: new_account_days are left for that.",
        "Infrastructure code holds its place: mute it.",
    ),
    maps_to=(NHI1, *nist("AC-2(3)")),
    needs=("tokens", "roles", "teams", "age"),
    hides=("A04", "A05", "A06"),
    limits=("new_account_days",),
)
def is_orphan(account: AccountFacts, _: Facts) -> Results:
    """An account without anything."""
    details = account.details
    is_empty = not (details.tokens.rows or details.roles.rows or details.teams.rows)
    if is_empty and account.age_days > account.limits.new_account_days:
        yield Hit(
            evidence={
                "created_at": account.account.created_at,
                "updated_at": account.account.updated_at,
            },
            remedy=(Step("delete-account", account.account.id),),
        )


@rule(
    "A02",
    "Live token, no access",
    severity="low",
    about="account",
    when="An account has a live token, and holds nothing directly or by a team.",
    remedy="Revoke its tokens, or give it the role that it lost.",
    mistakes=("Roles of new products may be missing from this API: ask its owner first.",),
    maps_to=(NHI1, *nist("AC-2(3)")),
    needs=("access",),
    reads=("tokens", "expiry"),
)
def has_no_access(account: AccountFacts, _: Facts) -> Results:
    """A live token that opens nothing."""
    if account.live and not account.grants:
        yield Hit(
            evidence={"tokens": tuple(each.token.name for each in account.live)},
            remedy=_revoke_all(account),
        )


@rule(
    "A03",
    "Access, but no live token",
    severity="medium",
    about="account",
    when="An account older than new_account_days has no live token and may write or create "
    "(high: it is privileged).",
    remedy="Take its roles away, and take it out of its teams.",
    mistakes=(
        "It is used in one season of the year: mute it until then.",
        "It is new: new_account_days are left for its first token.",
    ),
    maps_to=(NHI1, *nist("AC-6(7)")),
    needs=("tokens", "expiry", "age"),
    reads=("access",),
    limits=("new_account_days",),
)
def is_unarmed(account: AccountFacts, _: Facts) -> Results:
    """Write access that nobody can use now."""
    if account.live or account.age_days <= account.limits.new_account_days:
        return
    writing = [grant for grant in account.grants if grant.tier in "AWC"]
    if writing:
        ends = [each.token.expires_at for each in account.tokens if each.token.expires_at]
        yield Hit(
            severity="high" if account.is_privileged is Answer.YES else None,
            evidence={
                "roles": tuple(dict.fromkeys(map(shown, writing))),
                "last_expires_at": max(ends, default=None),
            },
            remedy=steps(writing),
        )
    elif any(grant.tier == "?" for grant in account.grants):
        yield Gap("whether its roles may write is not known")


@rule(
    "A04",
    "Account idle",
    severity="medium",
    about="account",
    when="An account older than idle_days has live tokens, and none of its tokens was used within "
    "idle_days.",
    remedy="Revoke its tokens: that turns it off.",
    mistakes=(
        "A job runs every quarter or year: give it other idle_days in audit.toml.",
        "It is kept for an emergency: mute it, with an end.",
    ),
    maps_to=(NHI1, *nist("AC-2(3)d"), "like Google Cloud's insight of 90 days"),
    needs=("tokens", "expiry", "use", "age"),
    hides=("T06", "T07", "T08"),
    limits=("idle_days",),
)
def is_idle(account: AccountFacts, _: Facts) -> Results:
    """An account that could be used, and is not."""
    span, used_at = account.limits.idle_days, account.last_used_at
    is_unused = used_at is None or account.now - used_at > span * DAY
    if account.live and is_unused and account.age_days > span:
        yield Hit(
            evidence={
                "tokens": tuple(each.token.name for each in account.live),
                "last_used_at": used_at,
                "created_at": account.account.created_at,
            },
            remedy=_revoke_all(account),
        )


@rule(
    "A05",
    "No purpose recorded",
    severity="low",
    about="account",
    when="The description is blank, or says only the name.",
    remedy="Describe what it is for.",
    maps_to=(*cis("5.5"), *nist("AC-2")),
    needs=("text",),
)
def has_no_purpose(account: AccountFacts, _: Facts) -> Results:
    """An account that says nothing about itself."""
    text = account.account.description.strip()
    if not text or text.casefold() == account.account.name.strip().casefold():
        yield Hit(
            evidence={"description": account.account.description},
            remedy=(Step("describe-account", account.account.id),),
        )


@rule(
    "A06",
    "No owner recorded",
    severity="low",
    about="account",
    when="The description does not match owner_pattern: owner: NAME, an e-mail address or @team.",
    remedy="Add owner: NAME to its description.",
    mistakes=("Owners are recorded elsewhere: name that list as owners in audit.toml.",),
    maps_to=(*cis("5.5 (owner, review date, purpose, quarterly)"), *nist("AC-2b")),
    needs=("text",),
    limits=("owner_pattern",),
    opt_in=True,
)
def has_no_owner(account: AccountFacts, facts: Facts) -> Results:
    """An account that nobody is known to own."""
    row = account.account
    is_owned = not facts.owned.isdisjoint((row.id, row.name))
    if not is_owned and not re.search(account.limits.owner_pattern, row.description, re.IGNORECASE):
        yield Hit(
            evidence={"description": row.description},
            remedy=(Step("describe-account", row.id),),
        )


@rule(
    "A07",
    "Owner gone",
    severity="high",
    about="account",
    when="An e-mail address in the description is not that of a user (medium: the user is not "
    "active).",
    remedy="Find a new owner, and say so in the description.",
    mistakes=(
        "The address is a list or a mailbox: add it or its domain to outside_owners (audit.toml).",
        "A user who is not active may only not have confirmed the address: then it is medium.",
    ),
    maps_to=(NHI1, *nist("AC-2h")),
    needs=("text",),
    reads=("people",),
    limits=("outside_owners",),
)
def owner_is_gone(account: AccountFacts, facts: Facts) -> Results:
    """An account whose owner has left."""
    outside = {name.casefold() for name in account.limits.outside_owners}
    users = facts.users_by_email
    for address in dict.fromkeys(_E_MAIL.findall(account.account.description.casefold())):
        domain = address.rpartition("@")[2]
        if address in outside or domain in outside:
            continue
        user = users.get(address)
        if user is None and "people" in facts.gaps:
            continue
        if user is None or user.active is False:
            yield Hit(
                severity="high" if user is None else "medium",
                qualifier=sha256(address.encode()).hexdigest(),
                evidence={
                    "email": address,
                    "user_id": user.id if user else None,
                    "active": user.active if user else None,
                },
                remedy=(Step("describe-account", account.account.id),),
            )


@rule(
    "A08",
    "Review date missing or late",
    severity="low",
    about="account",
    when="The description has no review: YYYY-MM-DD, or one more than review_days ago.",
    remedy="Review the account, and write the date into its description.",
    mistakes=("Reviews are recorded elsewhere: turn the rule off.",),
    maps_to=(*cis("5.5"), *nist("AC-2j")),
    needs=("text",),
    limits=("review_days",),
    opt_in=True,
)
def is_not_reviewed(account: AccountFacts, _: Facts) -> Results:
    """An account that nobody has looked at for long."""
    dates = [day for day in map(_day, _REVIEW.findall(account.account.description)) if day]
    reviewed = max(dates, default=None)
    if reviewed is None or (account.now.date() - reviewed) > account.limits.review_days * DAY:
        yield Hit(
            evidence={"reviewed": reviewed.isoformat() if reviewed else None},
            remedy=(Step("describe-account", account.account.id),),
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@rule(
    "A09",
    "Temporary account grown old",
    severity="low",
    about="account",
    when="The name or the description has tmp, temp, test, poc, demo or delete as a word, and the "
    "account is older than temporary_days.",
    remedy="Delete it, or say what it is for now.",
    mistakes=("Such a word within another, as in contest, does not count.",),
    maps_to=(NHI1,),
    needs=("text", "age"),
    limits=("temporary_days",),
)
def was_temporary(account: AccountFacts, _: Facts) -> Results:
    """An account that was meant to be temporary."""
    row = account.account
    words = _TEMPORARY.findall(f"{row.name}\n{row.description}")
    if words and account.age_days > account.limits.temporary_days:
        yield Hit(
            evidence={"words": tuple(dict.fromkeys(words)), "days": account.age_days},
            remedy=(Step("delete-account", row.id),),
        )
