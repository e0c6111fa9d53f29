"""Reads a plan that was saved: its changes as data, and of which organisation it is.

The rule it keeps: what would be sent is made again from the verb, the ids and the body. A file that
is not understood whole, or whose request is another one, is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast, get_args

from sa_tui.base.text import one_line
from sa_tui.org.changes.change import FieldChange, VerbName
from sa_tui.org.changes.plan import SCHEMA, VERSION
from sa_tui.plans.tree import LARGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.org.changes.change import Shown

_IDS = {"account_id", "user_id", "team_id", "token_id", "role_id"}


class SavedPlanError(Exception):
    """A file that cannot be read as a saved plan; says what is wrong, and where."""


@dataclass(frozen=True, kw_only=True)
class SavedChange:
    """One change of a saved plan.

    `seen` is what was shown of something that is destroyed, `gives` the roles that a team had when
    somebody was to join it, `makes` stands for the id of what is created.
    """

    verb: VerbName
    subject: str
    ids: Mapping[str, str]
    fields: tuple[FieldChange, ...]
    seen: Shown
    gives: Mapping[str, str] | None
    method: str
    path: str
    body: Mapping[str, Any]
    makes: str

    def field(self, name: str) -> FieldChange:
        """The field of this name; raises SavedPlanError if the change has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise SavedPlanError(f"a change of {self.verb} says nothing of {name}")


@dataclass(frozen=True, kw_only=True)
class SavedPlan:
    """A plan that was saved, and where it was made."""

    organization_id: str | None
    organization_name: str | None
    written_at: str
    operator: str | None
    changes: tuple[SavedChange, ...]

    @property
    def origin(self) -> str:
        """When and by whom it was made, in a sentence."""
        operator = f" by {one_line(self.operator)}" if self.operator else ""
        return f"Planned {one_line(self.written_at)}{operator}."


def is_saved_plan(content: bytes) -> bool:
    """Whether a file claims to be a saved plan, and not a wished state."""
    return content.lstrip()[:1] == b"{" and f'"{SCHEMA}"'.encode() in content


def read_plan(content: bytes) -> SavedPlan:
    """The plan in a file. Raises SavedPlanError."""
    if len(content) > LARGEST_BYTES:
        raise SavedPlanError("it is larger than 10 MB")
    try:
        record = json.loads(content)
    except RecursionError:
        raise SavedPlanError("it is nested too deeply") from None
    except ValueError as error:
        raise SavedPlanError(f"it is not JSON: {error}") from None
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise SavedPlanError("it is not a saved plan")
    if record.get("version") != VERSION:
        raise SavedPlanError("another version of sa-tui wrote it: plan again")
    organization = _mapping(record, "organization", "the plan")
    rows = record.get("changes")
    if not isinstance(rows, list):
        raise SavedPlanError("it has no list of changes")
    return SavedPlan(
        organization_id=_optional(organization, "id"),
        organization_name=_optional(organization, "name"),
        written_at=_optional(record, "written_at") or "",
        operator=_optional(record, "operator"),
        changes=tuple(_change(row, f"change {number}") for number, row in enumerate(rows, 1)),
    )


def _change(row: object, place: str) -> SavedChange:
    if not isinstance(row, dict):
        raise SavedPlanError(f"{place} is not an object")
    verb = _text(row, "verb", place)
    if verb not in get_args(VerbName):
        raise SavedPlanError(f"{place} has a verb that is not known: {one_line(verb)}")
    request = _mapping(row, "request", place)
    given = _mapping(row, "ids", place)
    ids = {name: _text(given, name, place) for name in given}
    if unknown := ids.keys() - _IDS:
        raise SavedPlanError(f"{place} has an id that is not known: {one_line(min(unknown))}")
    body = request.get("body")
    if body is not None and not isinstance(body, dict):
        raise SavedPlanError(f"{place} has a body that is not an object")
    gives = row.get("gives")
    return SavedChange(
        verb=cast("VerbName", verb),
        subject=_text(row, "subject", place),
        ids=ids,
        fields=tuple(_field(field, place) for field in _list(row, "fields", place)),
        seen=_shown(row.get("seen") or {}, place),
        gives=None if gives is None else _texts(gives, place),
        method=_text(request, "method", place),
        path=_text(request, "path", place),
        body=body or {},
        makes=_optional(row, "makes") or "",
    )


def _field(row: object, place: str) -> FieldChange:
    if not isinstance(row, dict):
        raise SavedPlanError(f"{place} has a field that is not an object")
    return FieldChange(
        _text(row, "name", place), before=_optional(row, "before"), after=_optional(row, "after")
    )


def _shown(seen: object, place: str) -> Shown:
    if not isinstance(seen, dict):
        raise SavedPlanError(f"{place}: what was seen is not an object")
    return {
        name: value if isinstance(value, str) else _texts(value, place)
        for name, value in seen.items()
    }


def _texts(value: object, place: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise SavedPlanError(f"{place} has something else where texts by their ids belong")
    return dict(value)


def _mapping(record: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any]:
    value = record.get(name)
    if not isinstance(value, dict):
        raise SavedPlanError(f"{place} has no {name}")
    return value


def _list(record: Mapping[str, Any], name: str, place: str) -> list[object]:
    value = record.get(name)
    if not isinstance(value, list):
        raise SavedPlanError(f"{place} has no {name}")
    return value


def _text(record: Mapping[str, Any], name: str, place: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        raise SavedPlanError(f"{place} has no text as {one_line(name)}")
    return value


def _optional(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise SavedPlanError(f"{one_line(name)} is not a text")
    return value
