"""One action of the log: a request, what was asked for, where, and what became of it."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, cast, get_args

from sa_tui.org.changes.change import FieldChange
from sa_tui.records.batches import Planned
from sa_tui.records.lines import moment_in, text_in

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.base.wire import JsonObject
    from sa_tui.org.changes.change import Change

ID_CHARACTERS = 8

_HOLDER = r"/v3/(?:system-accounts|teams|users)/[^/]+"
_VERBS = (
    ("POST", r"/v3/system-accounts", "create-account"),
    ("PATCH", r"/v3/system-accounts/[^/]+", "edit-account"),
    ("DELETE", r"/v3/system-accounts/[^/]+", "delete-account"),
    ("POST", rf"{_HOLDER}/access-tokens", "issue-token"),
    ("PATCH", rf"{_HOLDER}/access-tokens/[^/]+", "rename-token"),
    ("DELETE", rf"{_HOLDER}/access-tokens/[^/]+", "revoke-token"),
    ("POST", rf"{_HOLDER}/assigned-roles", "give-role"),
    ("DELETE", rf"{_HOLDER}/assigned-roles/[^/]+", "take-role"),
    ("POST", r"/v3/teams", "create-team"),
    ("PATCH", r"/v3/teams/[^/]+", "edit-team"),
    ("DELETE", r"/v3/teams/[^/]+", "delete-team"),
    ("POST", rf"{_HOLDER}/(?:system-accounts|users)", "join-team"),
    ("DELETE", rf"{_HOLDER}/(?:system-accounts|users)/[^/]+", "leave-team"),
    ("GET", r".*", "read"),
)
VERBS = tuple(verb for _, _, verb in _VERBS)
"""What an action can be, by the method and the path of its request."""

ActionOutcome = Literal["done", "already", "failed", "unknown", "undone"]
"""The status of a change; `undone`: it was done, and undone later."""


@dataclass(frozen=True)
class LoggedAction:
    """One request, or one that was refused before it was sent.

    `title` says what was asked for; `status` is None if no answer came or nothing was sent. `at` is
    when it was sent. `undo` undoes the action exactly, if that is possible; of an action of an
    earlier run only `undo_plan` is known, from which the change is made again. `run` and
    `run_number` say which action of which earlier run it is. `destination` is where a secret went.
    """

    number: int
    _: KW_ONLY
    title: str
    method: str
    path: str
    at: datetime
    outcome: ActionOutcome
    message: str = ""
    status: int | None = None
    seconds: float | None = None
    trace: str | None = None
    profile: str = ""
    organization: str = ""
    organization_id: str | None = None
    operator: str = ""
    fields: tuple[FieldChange, ...] = ()
    destination: str = ""
    undo: Change | None = None
    undo_plan: Planned | None = None
    run: str = ""
    run_number: int = 0

    @property
    def id(self) -> str:
        """What names an action of an earlier run on a command line."""
        words = f"{self.run} {self.run_number or self.number} {self.at.isoformat()}"
        return sha256(words.encode()).hexdigest()[:ID_CHARACTERS]

    def why_no_undo(self, organization_id: str | None) -> str:
        """Why it cannot be undone in this organisation, in a sentence; empty if it may be.

        Whether the guards allow it now is another question.
        """
        if self.outcome == "undone":
            return "It was undone already."
        if self.undo is not None:
            return ""
        if self.undo_plan is None or self.outcome != "done":
            return "It cannot be undone exactly, or there is nothing to undo."
        if organization_id is None or organization_id != self.organization_id:
            return f"It was done in {self.organization or 'another organisation'}: open that."
        return ""

    @property
    def verb(self) -> str:
        """What was asked for, one of VERBS; empty for another request."""
        return next(
            (
                verb
                for method, path, verb in _VERBS
                if method == self.method and re.fullmatch(path, self.path)
            ),
            "",
        )

    @property
    def is_write(self) -> bool:
        """Whether it is a change."""
        return self.method != "GET"

    def as_record(self) -> dict[str, object]:
        """The action as JSON; `seconds` to the millisecond."""
        undo = planned(self.undo) if self.undo is not None else self.undo_plan
        record: dict[str, object] = {
            "number": self.run_number or self.number,
            "at": self.at.isoformat(),
            "profile": self.profile,
            "organization": self.organization,
            "organization_id": self.organization_id,
            "operator": self.operator,
            "title": self.title,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "trace": self.trace,
            "outcome": self.outcome,
            "message": self.message,
            "fields": [
                {"name": field.name, "before": field.before, "after": field.after}
                for field in self.fields
            ],
            "destination": self.destination,
            "undo": None if undo is None else undo.as_record(),
        }
        return record | ({"run": self.run} if self.run else {})


def planned(change: Change) -> Planned:
    """A change as data, from which it can be made again."""
    return Planned(
        change.title,
        verb=change.verb,
        ids=change.ids.given,
        body=change.request.body,
        makes=change.makes.placeholder if change.makes is not None else "",
    )


def from_record(record: JsonObject, *, number: int) -> LoggedAction:
    """The action of an earlier run, under this number. Raises one of DAMAGE."""
    undo = record.get("undo")
    outcome = text_in(record, "outcome")
    if outcome not in get_args(ActionOutcome):
        raise ValueError(f"{outcome} is no outcome")
    optional = {"organization": "", "operator": "", "destination": "", "message": ""} | {
        key: value for key, value in record.items() if isinstance(value, str)
    }
    status, seconds = record.get("status"), record.get("seconds")
    return LoggedAction(
        number,
        title=text_in(record, "title"),
        method=text_in(record, "method"),
        path=text_in(record, "path"),
        at=moment_in(record, "at"),
        outcome=cast("ActionOutcome", outcome),
        message=optional["message"],
        status=None if status is None else int(status),
        seconds=None if seconds is None else float(seconds),
        trace=optional.get("trace"),
        profile=optional.get("profile", ""),
        organization=optional["organization"],
        organization_id=optional.get("organization_id"),
        operator=optional["operator"],
        destination=optional["destination"],
        fields=tuple(
            FieldChange(text_in(field, "name"), before=field["before"], after=field["after"])
            for field in record.get("fields", ())
        ),
        undo_plan=None
        if undo is None
        else Planned(
            text_in(undo, "title"), verb=text_in(undo, "verb"), ids=undo["ids"], body=undo["body"]
        ),
        run=text_in(record, "run"),
        run_number=int(record["number"]),
    )
