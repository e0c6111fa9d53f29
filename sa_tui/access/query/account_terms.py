"""What each term of a query asks of an account or a token; `!=` is handled as `=` here.

The rule it keeps: an answer that depends on what could not be read is unknown.
"""

from __future__ import annotations

import operator
import re
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from sa_tui.access.answer import Answer, all_of, answer, any_of
from sa_tui.access.grants import mints
from sa_tui.access.query.fields import FIELDS, parse_count, parse_span, pattern
from sa_tui.access.query.language import terms
from sa_tui.base.text import sought
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.query.fields import Comparison, Span
    from sa_tui.access.query.language import Query, Term
    from sa_tui.access.subjects import Subject
    from sa_tui.konnect.models import AccessToken, Team

    OfToken = Callable[[AccessToken], Answer]
    OfHolder = Callable[[Subject], Answer]

IDLE_AFTER = timedelta(days=90)
"""An account is idle when it is older than this and its tokens were not used for as long."""

Needs = Literal["rows", "tokens", "everything"]

_IN_ROWS = frozenset({"name", "id", "desc", "owner"})
_NEEDS_OF_STATES: Mapping[tuple[str, str], Needs] = MappingProxyType(
    {
        ("is", "managed"): "rows",
        ("is", "account"): "rows",
        ("is", "person"): "rows",
        ("has", "owner"): "rows",
        ("has", "description"): "rows",
        ("is", "armed"): "tokens",
        ("is", "idle"): "tokens",
        ("has", "tokens"): "tokens",
    }
)
_OWNER = re.compile(r"owner\s*[:=]\s*(\S+)", re.IGNORECASE)
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}
)


def needs(query: Query) -> Needs:
    """What has to be read for an answer: the list alone, the tokens as well, or everything."""
    asked = {_needs(term) for term in terms(query)}
    return "everything" if "everything" in asked else "tokens" if "tokens" in asked else "rows"


def _needs(term: Term) -> Needs:
    if term.name in _IN_ROWS:
        return "rows"
    if FIELDS[term.name].about == "token" or term.name == "tokens":
        return "tokens"
    return _NEEDS_OF_STATES.get((term.name, term.value.casefold()), "everything")


# Of a token


def of_token(term: Term, now: datetime) -> OfToken:
    """What a term asks of a token."""
    if term.name == "token":
        matches = pattern(term.value, is_part=term.op == ":").match
        return lambda token: answer(any(map(matches, sought(token.name).split("\n"))))
    name = {"used": "last_used_at", "expires": "expires_at", "created": "created_at"}[term.name]
    span = parse_span(term.value)

    def ask(token: AccessToken) -> Answer:
        moment = getattr(token, name)
        if name in token.unreadable or (moment is None and name == "created_at"):
            return Answer.UNKNOWN
        if moment is None or span.length is None:
            return answer(moment is None and span.length is None)
        length = moment - now if name == "expires_at" else now - moment
        return answer(_within(length, span, can_be_past=name != "expires_at"))

    return ask


def _within(length: timedelta, span: Span, *, can_be_past: bool) -> bool:
    if not COMPARE[span.compare](length, span.length):
        return False
    # expires:<30d leaves out what has expired; expires:<0d asks for it.
    return can_be_past or span.length == timedelta() or length > timedelta()


# Of an account


def of_word(text: str) -> OfHolder:
    """Whether a name, a description or an id contains the text, or matches it as a pattern."""
    if "*" not in text:
        word = text.casefold()
        return lambda subject: Answer.YES if word in subject.haystack else Answer.NO
    matches = pattern(text).match
    return lambda subject: answer(any(map(matches, subject.haystack.split("\n"))))


def of_account(term: Term, now: datetime) -> OfHolder:
    """What a term asks of an account."""
    match term.name:
        case "is" | "has" | "can":
            ask = _STATES[term.name, term.value.casefold()]
            return lambda subject: ask(subject, now)
        case "tokens":
            return _of_count(*parse_count(term.value), now)
        case "team":
            return _of_team(term)
        case _:
            return _of_text(term)


def _of_text(term: Term) -> OfHolder:
    matches = pattern(term.value, is_part=term.op == ":").match
    begins = term.value.casefold()

    def ask(subject: Subject) -> Answer:
        match term.name:
            case "id" if term.op == ":" and "*" not in begins:
                return answer(subject.id.casefold().startswith(begins))
            case "owner":
                return answer(bool((who := _owner(subject)) and matches(who.casefold())))
            case "name" if any(matches(name.casefold()) for name in subject.other_names):
                return Answer.YES
        text = {"name": subject.name, "desc": subject.description, "id": subject.id}[term.name]
        return answer(any(map(matches, sought(text).split("\n"))))

    return ask


def _of_count(compare: Comparison, count: int, now: datetime) -> OfHolder:
    def ask(subject: Subject) -> Answer:
        live, is_sure = subject.live_tokens(now)
        if is_sure:
            return answer(COMPARE[compare](live, count))
        # There are at least so many: more of them cannot undo a yes to > or >=.
        if compare in (">", ">="):
            return Answer.YES if COMPARE[compare](live, count) else Answer.UNKNOWN
        return Answer.NO if live > count else Answer.UNKNOWN

    return ask


def _of_team(term: Term) -> OfHolder:
    matches = pattern(term.value, is_part=term.op == ":").match

    def is_named(team: Team) -> bool:
        return team.id == term.value or any(matches(name.casefold()) for name in team.names)

    def ask(subject: Subject) -> Answer:
        if any(is_named(team) for team in subject.teams):
            return Answer.YES
        return Answer.UNKNOWN if subject.teams_missing else Answer.NO

    return ask


def _owner(subject: Subject) -> str | None:
    owner = _OWNER.search(subject.description)
    return owner.group(1) if owner else None


def is_admin(subject: Subject) -> Answer:
    """Whether an account has full write on every entity of a type, or power over all tokens."""
    return any_of((*map(_is_admin, subject.grants), _gap(subject.is_complete)))


def _is_admin(grant: Grant) -> Answer:
    on_everything = grant.tier == "A" and grant.entity_id == EVERY
    if on_everything:
        return Answer.YES
    is_unclear = grant.tier in "A?" and not grant.is_known
    return max(mints(grant), Answer.UNKNOWN if is_unclear else Answer.NO)


def answering(term: Term) -> Callable[[Grant], Answer] | None:
    """The question which grants make a term true; None for a term that is not about grants."""
    if term.op == "!=":
        return None
    return _GRANTS.get((term.name, term.value.casefold()))


def is_idle(subject: Subject, now: datetime) -> Answer:
    """Whether an account could be used and is not; unknown for people, who may sign in."""
    is_unclear = subject.tokens_missing or subject.can_sign_in is not False
    if is_unclear or any("last_used_at" in token.unreadable for token in subject.tokens):
        unused = Answer.UNKNOWN
    else:
        unused = Answer.YES
    if (last := subject.last_used_at) is not None and now - last <= IDLE_AFTER:
        unused = Answer.NO
    created = subject.created_at
    old = answer(now - created > IDLE_AFTER) if created else Answer.UNKNOWN
    return all_of((subject.is_armed(now), unused, old))


def _gap(is_complete: bool) -> Answer:
    return Answer.NO if is_complete else Answer.UNKNOWN


def _has_some(values: Iterable[object], missing: str | None) -> Answer:
    return Answer.YES if any(True for _ in values) else _gap(missing is None)


def _has_roles(subject: Subject) -> Answer:
    return _has_some(
        (grant for grant in subject.grants if grant.via is None), subject.roles_missing
    )


def _is_orphan(subject: Subject) -> Answer:
    tokens = _has_some(subject.tokens, subject.tokens_missing)
    teams = _has_some(subject.teams, subject.teams_missing)
    return any_of((tokens, teams, _has_roles(subject))).opposite


def _is_managed(subject: Subject) -> Answer:
    return Answer.UNKNOWN if subject.is_managed is None else answer(subject.is_managed)


_GRANTS: Mapping[tuple[str, str], Callable[[Grant], Answer]] = MappingProxyType(
    {("is", "admin"): _is_admin, ("can", "mint"): mints}
)
_STATES: Mapping[tuple[str, str], Callable[[Subject, datetime], Answer]] = MappingProxyType(
    {
        ("is", "armed"): lambda subject, now: subject.is_armed(now),
        ("is", "admin"): lambda subject, _: is_admin(subject),
        ("is", "idle"): is_idle,
        ("is", "orphan"): lambda subject, _: _is_orphan(subject),
        ("is", "managed"): lambda subject, _: _is_managed(subject),
        ("is", "account"): lambda subject, _: answer(subject.kind == "account"),
        ("is", "person"): lambda subject, _: answer(subject.kind == "person"),
        ("is", "unknown"): lambda subject, _: answer(
            not subject.is_complete or subject.tokens_missing is not None
        ),
        ("has", "tokens"): lambda subject, _: _has_some(subject.tokens, subject.tokens_missing),
        ("has", "roles"): lambda subject, _: _has_roles(subject),
        ("has", "teams"): lambda subject, _: _has_some(subject.teams, subject.teams_missing),
        ("has", "description"): lambda subject, _: answer(bool(subject.description.strip())),
        ("has", "owner"): lambda subject, _: answer(_owner(subject) is not None),
        ("can", "mint"): lambda subject, _: subject.can_mint,
    }
)
