"""What changed of one row: its texts, and the tokens of an account or a person.

The rule it keeps: when something was used last, or changed, is no difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sa_tui.audit.diff.model import Change, NotCompared
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from sa_tui.audit.diff.model import About, AboutKind, Code
    from sa_tui.konnect.models import AccessToken, Listing, Row
    from sa_tui.org.snapshot import Part

    Found = tuple[list[Change], list[NotCompared]]
    Tokens = tuple[Part[Listing[AccessToken]] | None, datetime]

_FIELDS: Mapping[AboutKind, tuple[str, ...]] = {
    "system_account": ("name", "description", "konnect_managed"),
    "team": ("name", "description", "labels", "system_team"),
    "user": ("email", "full_name", "preferred_name", "active"),
}
_TOKEN_FIELDS = ("name",)


def changed_rows(about: About, before: Row, after: Row) -> Found:
    """The texts and marks of an account, a team or a person that changed."""
    return _changed(about, before, after, _FIELDS[about.kind])


def changed_tokens(about: About, old: Tokens, new: Tokens) -> Found:
    """The tokens that came, went, expired, or were first used; both lists are whole."""
    changes: list[Change] = []
    gaps: list[NotCompared] = []
    befores = {token.id: token for token in old[0].rows} if old[0] else {}
    afters = {token.id: token for token in new[0].rows} if new[0] else {}
    for id, token in afters.items():
        if (before := befores.get(id)) is None:
            state = token_state(token, new[1])
            changes.append(Change(code="token_minted", about=about, token=token, after=state))
            continue
        more, open = _changed(about, before, token, _TOKEN_FIELDS, token=token)
        changes += more
        gaps += open
        states = token_state(before, old[1]), token_state(token, new[1])
        changes += _aged(about, before, token, states)
        gaps += _unknown_ages(about, before, token, states)
    for id, token in befores.items():
        if id not in afters:
            state = token_state(token, old[1])
            changes.append(Change(code="token_removed", about=about, token=token, before=state))
    return changes, gaps


def _aged(
    about: About, before: AccessToken, after: AccessToken, states: tuple[str, str]
) -> list[Change]:
    """Whether a token expired, or was used for the first time; the later side may be the older."""
    changes = []
    if states[0] != states[1] and "unknown" not in states:
        is_over = states[1] != "live"
        code: Code = "token_expired" if is_over else "token_not_expired"
        changes.append(
            Change(code=code, about=about, token=after, before=states[0], after=states[1])
        )
    used = before.last_used_at, after.last_used_at
    is_read = "last_used_at" not in {*before.unreadable, *after.unreadable}
    if is_read and (used[0] is None) != (used[1] is None):
        code = "token_first_used" if used[0] is None else "token_not_used"
        texts = _text(used[0]), _text(used[1])
        changes.append(Change(code=code, about=about, token=after, before=texts[0], after=texts[1]))
    return changes


def _unknown_ages(
    about: About, before: AccessToken, after: AccessToken, states: tuple[str, str]
) -> list[NotCompared]:
    """What one side alone could not read of a token; what neither can is no change."""
    uses = tuple("last_used_at" in token.unreadable for token in (before, after))
    ends = tuple(state == "unknown" for state in states)
    return [
        NotCompared(what="content", about=about, is_old=side[0], reason=reason)
        for side, reason in (
            (ends, "whether a token has expired is not known"),
            (uses, "when a token was last used could not be read"),
        )
        if side[0] != side[1]
    ]


def _changed(
    about: About,
    before: Row,
    after: Row,
    names: tuple[str, ...],
    *,
    token: AccessToken | None = None,
) -> Found:
    changes: list[Change] = []
    gaps: list[NotCompared] = []
    for name in names:
        raw = before.unreadable.get(name), after.unreadable.get(name)
        if raw[0] is not None or raw[1] is not None:
            if raw[0] != raw[1]:  # the same raw text is no change
                whose = "of a token " * (token is not None)
                reason = f"{name} {whose}could not be read"
                gaps += [
                    NotCompared(what="content", about=about, is_old=not index, reason=reason)
                    for index, text in enumerate(raw)
                    if text is not None
                ]
            continue
        texts = _text(getattr(before, name)), _text(getattr(after, name))
        if texts[0] != texts[1]:
            changes.append(
                Change(
                    code="text_changed",
                    about=about,
                    token=token,
                    field=name,
                    before=texts[0],
                    after=texts[1],
                )
            )
    return changes, gaps


def _text(value: Any) -> str | None:
    """A value as it is shown; None if there is none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={text}" for key, text in sorted(value.items()))
    return None if value is None else str(value)
