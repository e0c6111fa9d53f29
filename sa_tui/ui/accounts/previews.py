"""What goes with a deletion or a revocation, told before it; what was not read is said to be so."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.text import Text

from sa_tui.base.times import until
from sa_tui.base.words import short_id
from sa_tui.org.summary import summarise_tokens, token_state
from sa_tui.ui.kit.safe import shown_line
from sa_tui.ui.tokens.rows import in_days

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.konnect.models import AccessToken, AssignedRole, SystemAccount, Team
    from sa_tui.org.snapshot import Details, Part, Snapshot

TOKENS_SHOWN = 3
NAMES_SHOWN = 3
MARGIN = 5
"""The cells of a review's line that a preview cannot use."""

LINGERS = "Revoked tokens may keep working for some minutes; this cannot be undone."
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def doubts(details: Details, *names: str) -> list[str]:
    """What is not known of these parts of an account's details, a sentence each."""
    found = (_doubt(name, getattr(details, name)) for name in names)
    return [sentence for sentence in found if sentence]


def _doubt(name: str, part: Part[Any]) -> str:
    if part.error is not None:
        old = ", and what is told is old" if part.value is not None else ""
        return f"{name} could not be read{old}: {str(part.error).removesuffix('.')}"
    if part.value is None:
        return f"{name} not read yet"
    return f"perhaps more {name}: {part.value.incomplete}" if part.value.incomplete else ""


def deletion(snapshot: Snapshot, account: SystemAccount, now: datetime, *, width: int) -> Text:
    """What is lost with an account, for a page of this width."""
    details = snapshot.details_of(account.id)
    identity = f"id {short_id(account.id)} · cannot be brought back. With it go:"
    lines = [Text(identity, style="bold")]
    lines += _tokens(details, now)
    lines += _access(snapshot, details)
    return _page(lines, width)


def revocation(
    found: Sequence[tuple[SystemAccount, AccessToken]],
    unknown: Sequence[str],
    now: datetime,
    *,
    width: int,
) -> Text:
    """What is known of the tokens that are to be revoked, the last used first."""
    latest = sorted(found, key=lambda each: each[1].last_used_at or _LONG_AGO, reverse=True)
    lines = [Text(LINGERS, style="bold")]
    lines += [Text(sentence, style="bold") for sentence in unknown[:1]]
    if len(unknown) > 1:
        lines.append(Text(f"and the same of {len(unknown) - 1:,} more", style="bold"))
    for account, token in latest[:TOKENS_SHOWN]:
        lines.append(Text(f"{_token(token, now)} · {token.name or token.id} of {account.name}"))
    if len(found) > TOKENS_SHOWN:
        used = sum(token.last_used_at is not None for _, token in found)
        more = f"and {len(found) - TOKENS_SHOWN} more. Of all {len(found):,}, {used:,} were used"
        lines.append(Text(f"{more} at least once."))
    return _page(lines, width)


def _tokens(details: Details, now: datetime) -> list[Text]:
    part = details.tokens
    if part.value is None:
        return [Text(f"Access tokens: {_unknown(part)}", style="bold")]
    summary = summarise_tokens(part.value, now)
    least = "" if summary.is_sure and part.error is None else "at least "
    head = Text(f"Access tokens: {least}{summary.total}, {least}{summary.live} live")
    if part.error is not None:
        head.append(" · NOT UP TO DATE", style="bold")
    alive = [token for token in part.value.rows if token_state(token, now) != "expired"]
    alive.sort(key=lambda token: token.last_used_at or _LONG_AGO, reverse=True)
    if len(alive) > TOKENS_SHOWN:
        head.append(f"; the {TOKENS_SHOWN} used last:")
    return [
        head,
        *(Text(f"  {_token(token, now)} · {token.name}") for token in alive[:TOKENS_SHOWN]),
    ]


def _token(token: AccessToken, now: datetime) -> str:
    """When it was last used, and how long it would have lived."""
    used = in_days(token, "last_used_at", now, absent="never")
    if "expires_at" in token.unreadable:
        lives = "expiry unknown"
    elif token.expires_at is None:
        lives = "never expires"
    else:
        left = until(token.expires_at, now)
        lives = left if left.startswith("expired") else f"expires {left}"
    return f"last used {'unknown' if used == '?' else used}, {lives}"


def _named(title: str, part: Part[Any], tell: Callable[[Sequence[Any]], str]) -> Text:
    if part.value is None:
        return Text(f"{title}: {_unknown(part)}", style="bold")
    rows = part.value.rows
    names = tell(rows[:NAMES_SHOWN]) or "none"
    more = f" and {len(rows) - NAMES_SHOWN} more" if len(rows) > NAMES_SHOWN else ""
    line = Text(f"{title}: {names}{more}" if not rows else f"{title} ({len(rows)}): {names}{more}")
    if part.error is not None or part.value.incomplete:
        line.append(" · PERHAPS MORE", style="bold")
    return line


def _unknown(part: Part[Any]) -> str:
    return f"NOT KNOWN: {part.error}" if part.error is not None else "not known yet, being read…"


def _roles(snapshot: Snapshot, roles: Sequence[AssignedRole]) -> str:
    """The roles, those that differ in the entity alone told together."""
    from sa_tui.ui.roles.entity_words import entity_name  # the models, which a start does without

    entities: dict[str, list[str]] = {}
    for role in roles:
        words = f"{role.role_name or '?'} on {role.entity_type_name or '?'}"
        entities.setdefault(words, []).append(entity_name(role, snapshot))
    return "; ".join(f"{words} {', '.join(names)}" for words, names in entities.items())


def _teams(teams: Sequence[Team]) -> str:
    return ", ".join(team.title or team.id for team in teams)


def _page(lines: Sequence[Text], width: int) -> Text:
    """The lines, each cut where the page ends, so that none pushes another out of view."""
    shown = [shown_line(line) for line in lines]
    for line in shown:
        line.truncate(max(20, width - MARGIN), overflow="ellipsis")
    return Text("\n").join(shown)


def access(snapshot: Snapshot, account_id: str) -> Text:
    """What an account may do through its own roles and its teams, on two lines."""
    return Text("\n").join(map(shown_line, _access(snapshot, snapshot.details_of(account_id))))


def _access(snapshot: Snapshot, details: Details) -> tuple[Text, Text]:
    return (
        _named("Direct roles", details.roles, partial(_roles, snapshot)),
        _named("Teams", details.teams, _teams),
    )
