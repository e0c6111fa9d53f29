"""Grants and their subjects in words and cells; what is not known is `?`, never nothing.

Every page about access uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import find_type
from sa_tui.access.query.account_terms import IDLE_AFTER
from sa_tui.access.query.grant_terms import ORGANISATION
from sa_tui.access.roles import ANY
from sa_tui.access.words import as_role, grant_words
from sa_tui.base.times import ago, until
from sa_tui.base.words import plural
from sa_tui.konnect.regions import EVERY
from sa_tui.org.summary import SOON_DAYS, token_state
from sa_tui.ui.roles.entity_words import entity_cell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Subject
    from sa_tui.access.why import Explanation
    from sa_tui.org.snapshot import Snapshot

TIERS = {"A": "full write", "W": "partial write", "C": "create only", "R": "read", "?": "unknown"}


def subject_name(subject: Subject) -> str:
    """The name of a subject, with `@` before that of a person."""
    return f"{'@' if subject.kind == 'person' else ''}{subject.name or '(no name)'}"


def type_cell(grant: Grant) -> str:
    """The entity type, by sa-tui's name for it."""
    if grant.kind == ANY:
        return "everything"
    entity_type = find_type(grant.kind) if grant.kind else None
    return entity_type.name if entity_type is not None else grant.type_name or "?"


def brief_type(grant: Grant) -> str:
    """The entity type as queries spell it: `cp`, `api`, `org` for everything."""
    if grant.kind == ANY:
        return ORGANISATION
    entity_type = find_type(grant.kind) if grant.kind else None
    return entity_type.short if entity_type is not None else grant.type_name or "?"


def place_cells(grant: Grant, snapshot: Snapshot) -> tuple[Text | str, Text | str]:
    """The entity and the region."""
    region: Text | str = "* (all)" if grant.region == EVERY else grant.region or "?"
    if grant.is_stray:
        region = Text(f"{region} !", style="bad")
    return entity_cell(as_role(grant), snapshot), region


def path_cell(grant: Grant) -> Text:
    """How it is held: `direct`, `via Platform`, and `!` where Konnect does not list it."""
    if grant.via is None:
        return Text("direct")
    text = Text(f"via {grant.via.title or grant.via.team_id}")
    return text.append(" !", style="warn") if grant.is_implied else text


def grant_line(grant: Grant, snapshot: Snapshot) -> str:
    """A grant and its path: `Viewer on Control Planes prod-eu (eu), via Readers`."""
    path = path_cell(grant).plain.removesuffix(" !")
    what = grant.role if grant.kind == ANY else grant_words(grant, snapshot)
    return f"{what}, {path}"


def tokens_cell(subject: Subject, now: datetime) -> Text:
    """How many live tokens; `!` if one expires soon, `x` if none was used for a long time."""
    live_count, is_sure = subject.live_tokens(now)
    text = Text(
        str(live_count) if live_count or is_sure else "?", style="" if live_count else "quiet"
    )
    if live_count and not is_sure:
        text.append("?", style="warn")
    live_tokens = [token for token in subject.tokens if token_state(token, now) == "live"]
    if any(token.expires_at and (token.expires_at - now).days < SOON_DAYS for token in live_tokens):
        text.append("!", style="warn")
    elif live_tokens and all(_is_stale(token.last_used_at, now) for token in live_tokens):
        text.append("x", style="warn")
    return text


def _is_stale(used: datetime | None, now: datetime) -> bool:
    return used is None or now - used > IDLE_AFTER


def last_used_cell(subject: Subject, now: datetime) -> str:
    """When a token of the subject was last used, as far as its tokens were read."""
    if any("last_used_at" in token.unreadable for token in subject.tokens):
        return "?"
    if subject.last_used_at is not None:
        return ago(subject.last_used_at, now)
    return "?" if subject.tokens_missing else "never"


def armed_line(why: Explanation, now: datetime) -> Text:
    """Whether the access can be used now, and by which token."""
    subject = why.subject
    if why.is_armed is Answer.UNKNOWN:
        return Text(
            f"Usable now: not known ({subject.tokens_missing or 'a date cannot be read'}).",
            style="yellow",
        )
    if why.is_armed is Answer.NO:
        return Text("Usable now: no, it has no live token.")
    if not why.live_tokens:
        return Text("Usable now: yes, a person signs in without a token.")
    live_tokens = [token for token in subject.tokens if token_state(token, now) == "live"]
    lines = [
        f"{token.name or '(no name)'} used "
        f"{ago(token.last_used_at, now) if token.last_used_at else 'never'}, "
        f"{'expires ' + until(token.expires_at, now) if token.expires_at else 'never expires'}"
        for token in live_tokens[:2]
    ]
    more = f" and {len(live_tokens) - 2} more" if len(live_tokens) > len(lines) else ""
    return Text(
        f"Usable now: yes, {plural(why.live_tokens, 'live token')}: {'; '.join(lines)}{more}"
    )


def missing_line(missing: Sequence[str]) -> Text:
    """What could not be read, and may give more."""
    if not missing:
        return Text()
    more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    return Text(f"There may be more: {missing[0]}{more}", style="yellow")
