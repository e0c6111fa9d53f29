"""Changes as a file that somebody else may carry out: what was reviewed, without secrets.

The rule it keeps: the file says in which organisation, on what, and from which values to which, so
that whoever sends them can tell whether it is still what was reviewed. Version 1 only grows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sa_tui.base.secrets import is_secret_inside
from sa_tui.org.changes.roles import role_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.base.wire import JsonObject
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot

SCHEMA = "sa-tui-plan"
VERSION = 1


class SecretInPlanError(Exception):
    """A change holds what looks like a token, and is written nowhere."""


def plan_text(
    changes: Sequence[Change], *, snapshot: Snapshot, base_url: str, profile: str, now: datetime
) -> str:
    """The changes as JSON in ASCII, in the order in which they would be sent.

    Raises SecretInPlanError.
    """
    organization, me = snapshot.organization.value, snapshot.me.value
    plan = {
        "schema": SCHEMA,
        "version": VERSION,
        "written_at": now.isoformat(),
        "organization": {
            "id": organization.id if organization else None,
            "name": organization.name if organization else None,
        },
        "base_url": base_url,
        "profile": profile,
        "operator": (me.email or me.id) if me else None,
        "changes": [_as_json(change, snapshot) for change in changes],
    }
    text = json.dumps(plan, indent=2) + "\n"
    if is_secret_inside(text):
        raise SecretInPlanError("Nothing was written: a value of these changes looks like a token.")
    return text


def _as_json(change: Change, snapshot: Snapshot) -> JsonObject:
    """One change; `seen` is what was shown of something that is destroyed.

    `makes` stands for the id of what is created in the ids of later changes. `gives` are the roles
    of a team that somebody is to join, null if they are not known.
    """
    request = change.request
    record: JsonObject = {
        "verb": change.verb,
        "title": change.title,
        "subject": change.subject,
        "ids": change.ids.given,
        "fields": [
            {"name": field.name, "before": field.before, "after": field.after}
            for field in change.fields
        ],
        "seen": change.sight,
        "request": {"method": request.method, "path": request.path, "body": request.body},
    }
    if change.makes is not None:
        record["makes"] = change.makes.placeholder
    if change.verb == "join-team":
        record["gives"] = _gives(change.ids.team_id or "", snapshot)
    return record


def _gives(team_id: str, snapshot: Snapshot) -> dict[str, str] | None:
    roles = snapshot.team_details_of(team_id).roles
    return {row.id: role_words(row) for row in roles.rows} if roles.is_whole else None
