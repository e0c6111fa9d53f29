"""Changes before they are sent, and what became of them, as text and as records.

The rule it keeps: a preview says what the review on the screen says, in its words and its order,
and holds no secret. Its text is safe to show; its records have names as Konnect sent them.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sa_tui.access.effects.guards import to_type
from sa_tui.base.secrets import is_secret_inside, redact
from sa_tui.base.text import lines, one_line
from sa_tui.org.changes.new_ids import is_placeholder
from sa_tui.org.changes.outline import as_curl, field_lines, field_text, groups
from sa_tui.org.changes.words import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.access.effects.values import Consequences
    from sa_tui.answers.records import Record
    from sa_tui.org.changes.change import Change, Outcome

_IDS = {
    "system_account_id": "account_id",
    "user_id": "user_id",
    "team_id": "team_id",
    "access_token_id": "token_id",
    "assigned_role_id": "role_id",
}


# As text


def render_preview(
    means: Consequences,
    *,
    base_url: str,
    title: str = "",
    notes: Sequence[str] = (),
    with_requests: bool = False,
) -> str:
    """What would be sent and what that means, in lines; the requests are shell commands.

    `notes` are sentences to know before, besides what the changes mean. Without a `title` it is
    made from the changes.
    """
    changes = means.changes
    warnings = [f"! {text}" for text in dict.fromkeys((*notes, *means.warnings))]
    blocks = [
        [title or title_of(changes)],
        warnings,
        list(_changes(changes, is_named=not title)),
        ["EFFECT", *(line.plain for line in means.effect)] if means.effect else [],
    ]
    if with_requests and changes:
        blocks.append(["REQUESTS", *(as_curl(change, base_url) for change in changes)])
    return "\n\n".join("\n".join(map(_safe_line, block)) for block in blocks if block)


def _changes(changes: Sequence[Change], *, is_named: bool) -> Iterator[str]:
    """The changes by kind, each field once; the only change is named by the title."""
    for group in groups(changes):
        is_alone = len(group.changes) == 1
        if not is_alone:
            yield f"{group.heading} · {len(group.changes):,}"
        for _, change in group.changes:
            rows, lead = _fields(change), group.lead(change)
            if is_alone:
                is_said = is_named and len(changes) == 1 and change.fields
                lead = "" if is_said else group.heading
            if lead and len(rows) == 1:
                yield f"{lead}  {rows[0]}"
                continue
            if lead:
                yield lead
            yield from (f"  {row}" for row in rows)


def _fields(change: Change) -> list[str]:
    """What was before with a minus, what will be with a plus; those of one line share it."""
    rows: list[str] = []
    last_sign = ""
    for sign, name, value in field_lines(change):
        first, *rest = lines(value, limit=None).split("\n")
        entry = f"{field_text(name)} {first}"
        if sign == last_sign and not rest:
            rows[-1] += f" · {entry}"
        else:
            rows.append(f"{sign} {entry}")
        rows += (f"{sign}   {line}" for line in rest)
        last_sign = "" if rest else sign
    return rows


def _safe_line(text: str) -> str:
    return one_line(_without_secret(text), limit=None)


# As records


def preview_record(
    means: Consequences, *, base_url: str, title: str = "", notes: Iterable[str] = ()
) -> Record:
    """The same with stable names; `confirm` is what has to be typed, null if a yes is enough."""
    makers = {id(change.makes): number for number, change in enumerate(means.changes, 1)}
    record = {
        "title": title or title_of(means.changes),
        "changes": [
            {"number": number}
            | change_record(change, base_url=base_url)
            | {"needs": [makers[id(new)] for new in change.needs if id(new) in makers]}
            for number, change in enumerate(means.changes, 1)
        ],
        "effect": [line.plain for line in means.effect],
        "warnings": list(dict.fromkeys((*notes, *means.warnings))),
        "confirm": to_type(means.changes),
    }
    return {name: _without_secrets(value) for name, value in record.items()}


def change_record(change: Change, *, base_url: str) -> Record:
    """A change with what it alters and the request that is sent for it."""
    request = change.request
    return {
        "verb": change.verb,
        "title": change.title,
        "subject": change.subject,
        "ids": {name: _id(change, ours) for name, ours in _IDS.items()},
        "fields": [
            {"name": field.name, "before": field.before, "after": field.after}
            for field in change.fields
        ],
        "request": {
            "method": request.method,
            "path": request.path,
            "body": request.body,
            "curl": as_curl(change, base_url),
        },
        "level": change.level,
    }


def _id(change: Change, name: str) -> str | None:
    """An id of a change; None if there is none, or none yet."""
    id = getattr(change.ids, name)
    return None if id is None or is_placeholder(id) else id


def outcome_records(changes: Sequence[Change], outcomes: Sequence[Outcome]) -> list[Record]:
    """What became of each change, in their order; those without an outcome were never sent."""
    return [
        _without_secrets(_outcome_record(number, outcome))
        for number, (_, outcome) in enumerate(zip_longest(changes, outcomes), 1)
    ]


def _outcome_record(number: int, outcome: Outcome | None) -> Record:
    return {
        "change": number,
        "status": "unsent" if outcome is None else outcome.status,
        "message": "Never sent." if outcome is None else outcome.message,
        "overtaken": outcome is not None and outcome.is_overtaken,
        "trace": None if outcome is None else outcome.trace,
    }


def _without_secret(text: str) -> str:
    """The text; one that holds what can only be a token is cut there."""
    return redact(text) if is_secret_inside(text) else text


def _without_secrets(value: Any) -> Any:
    """The value, with every text in it."""
    if isinstance(value, str):
        return _without_secret(value)
    if isinstance(value, dict):
        return {_without_secret(key): _without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(_without_secrets, value))
    return value
