"""What deleting an account means; it says what could not be read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rich.text import Text

from sa_tui.base.words import short_id
from sa_tui.org.summary import summarise_tokens, token_state
from sa_tui.ui.kit.consequences import Effect
from sa_tui.ui.kit.doubts import doubts
from sa_tui.ui.kit.safe import shown_line
from sa_tui.ui.tokens.previews import LONG_AGO, token_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sa_tui.konnect.models import AssignedRole, Listing, SystemAccount, Team
    from sa_tui.org.snapshot import Details, Part, Snapshot

NAMES_SHOWN = 3


def deletion(snapshot: Snapshot, account: SystemAccount, now: datetime) -> Effect:
    """What is lost with the account."""
    details = snapshot.details_of(account.id)
    identity = f"id {short_id(account.id)} · cannot be restored. Deleted with it:"
    lines = (
        Text(identity, style="bold"),
        *_access(snapshot, details, limit=None),
        *_tokens(details, now),
    )
    name = account.name or account.id
    unknown = doubts(details, "tokens", "roles", "teams")
    return Effect(lines=lines, warnings=tuple(f"{name}: {doubt}." for doubt in unknown))


def _tokens(details: Details, now: datetime) -> list[Text]:
    part = details.tokens
    if part.value is None:
        return [Text(f"Access tokens: {_unknown(part)}", style="bold")]
    summary = summarise_tokens(part.value, now)
    at_least = "" if summary.is_sure and part.error is None else "at least "
    head = Text(f"Access tokens: {at_least}{summary.total}, {at_least}{summary.live} live")
    if part.error is not None:
        head.append(" · NOT UP TO DATE", style="bold")
    usable_tokens = [token for token in part.rows if token_state(token, now) != "expired"]
    usable_tokens.sort(key=lambda token: token.last_used_at or LONG_AGO, reverse=True)
    return [
        head,
        *(Text(f"  {token_line(token, now)} · {token.name}") for token in usable_tokens),
    ]


def _named(
    title: str,
    part: Part[Listing[object]],
    name: Callable[[Sequence[Any]], str],
    *,
    limit: int | None,
) -> Text:
    if part.value is None:
        return Text(f"{title}: {_unknown(part)}", style="bold")
    rows = part.rows
    names = name(rows[:limit]) or "none"
    more = f" and {len(rows) - limit} more" if limit is not None and len(rows) > limit else ""
    line = Text(f"{title}: {names}{more}" if not rows else f"{title} ({len(rows)}): {names}{more}")
    if not part.is_whole:
        line.append(" · PERHAPS MORE", style="bold")
    return line


def _unknown(part: Part[object]) -> str:
    return f"NOT KNOWN: {part.error}" if part.error is not None else "not known yet, being read…"


def _roles(snapshot: Snapshot, roles: Sequence[AssignedRole]) -> str:
    """The roles; those that differ only in the entity share one entry."""
    from sa_tui.ui.roles.entity_words import entity_name  # loads the models: not at the start

    entities: dict[str, list[str]] = {}
    for role in roles:
        words = f"{role.role_name or '?'} on {role.entity_type_name or '?'}"
        entities.setdefault(words, []).append(entity_name(role, snapshot))
    return "; ".join(f"{words} {', '.join(names)}" for words, names in entities.items())


def _teams(teams: Sequence[Team]) -> str:
    return ", ".join(team.title or team.id for team in teams)


def access(snapshot: Snapshot, account_id: str) -> Text:
    """The account's direct roles and its teams, on two lines."""
    details = snapshot.details_of(account_id)
    return Text("\n").join(map(shown_line, _access(snapshot, details, limit=NAMES_SHOWN)))


def _access(snapshot: Snapshot, details: Details, *, limit: int | None) -> tuple[Text, Text]:
    return (
        _named("Direct roles", details.roles, partial(_roles, snapshot), limit=limit),
        _named("Teams", details.teams, _teams, limit=limit),
    )
