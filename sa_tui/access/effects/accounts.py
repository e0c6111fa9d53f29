"""What deleting an account means; it says what could not be read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sa_tui.access.doubts import doubts
from sa_tui.access.effects.tokens import LONG_AGO, token_line
from sa_tui.access.effects.values import Effect, Line
from sa_tui.access.words import entity_name
from sa_tui.base.words import short_id
from sa_tui.org.summary import summarise_tokens, token_state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sa_tui.konnect.models import AssignedRole, Listing, SystemAccount, Team
    from sa_tui.org.snapshot import Details, Part, Snapshot


def deletion(snapshot: Snapshot, account: SystemAccount, now: datetime) -> Effect:
    """What is lost with the account."""
    details = snapshot.details_of(account.id)
    identity = f"id {short_id(account.id)} · cannot be restored. Deleted with it:"
    lines = (
        Line(identity, tone="strong"),
        *access_lines(snapshot, details),
        *_tokens(details, now),
    )
    name = account.name or account.id
    unknown = doubts(details, "tokens", "roles", "teams")
    return Effect(lines=lines, warnings=tuple(f"{name}: {doubt}." for doubt in unknown))


def _tokens(details: Details, now: datetime) -> list[Line]:
    part = details.tokens
    if part.value is None:
        return [Line(f"Access tokens: {_unknown(part)}", tone="strong")]
    summary = summarise_tokens(part.value, now)
    at_least = "" if summary.is_sure and part.error is None else "at least "
    head = f"Access tokens: {at_least}{summary.total}, {at_least}{summary.live} live"
    outdated = " · NOT UP TO DATE" if part.error is not None else ""
    usable_tokens = [token for token in part.rows if token_state(token, now) != "expired"]
    usable_tokens.sort(key=lambda token: token.last_used_at or LONG_AGO, reverse=True)
    return [
        Line(head, note=outdated),
        *(Line(f"  {token_line(token, now)} · {token.name}") for token in usable_tokens),
    ]


def _named(
    title: str,
    part: Part[Listing[object]],
    name: Callable[[Sequence[Any]], str],
    *,
    limit: int | None,
) -> Line:
    if part.value is None:
        return Line(f"{title}: {_unknown(part)}", tone="strong")
    rows = part.rows
    names = name(rows[:limit]) or "none"
    more = f" and {len(rows) - limit} more" if limit is not None and len(rows) > limit else ""
    text = f"{title}: {names}{more}" if not rows else f"{title} ({len(rows)}): {names}{more}"
    return Line(text, note="" if part.is_whole else " · PERHAPS MORE")


def _unknown(part: Part[object]) -> str:
    return f"NOT KNOWN: {part.error}" if part.error is not None else "not known yet, being read…"


def _roles(snapshot: Snapshot, roles: Sequence[AssignedRole]) -> str:
    """The roles; those that differ only in the entity share one entry."""
    entities: dict[str, list[str]] = {}
    for role in roles:
        words = f"{role.role_name or '?'} on {role.entity_type_name or '?'}"
        entities.setdefault(words, []).append(entity_name(role, snapshot))
    return "; ".join(f"{words} {', '.join(names)}" for words, names in entities.items())


def _teams(teams: Sequence[Team]) -> str:
    return ", ".join(team.title or team.id for team in teams)


def access_lines(
    snapshot: Snapshot, details: Details, *, limit: int | None = None
) -> tuple[Line, Line]:
    """The direct roles and the teams of an account, of each at most `limit`."""
    return (
        _named("Direct roles", details.roles, partial(_roles, snapshot), limit=limit),
        _named("Teams", details.teams, _teams, limit=limit),
    )
