"""What the file calls each part of a snapshot, and how the fields of a row are written.

The rule it keeps: names are Kong's, and reading and writing share them.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sa_tui.konnect.fields import count, flag, labels, last_use, moment
from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    Organization,
    PersonalAccessToken,
    Row,
    SystemAccount,
    Team,
    User,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KINDS: Mapping[Callable[[object], object], type] = {flag: bool, count: int, labels: dict}
_TIMES = (moment, last_use)


class Shape(NamedTuple):
    """The fields of a row in the file: their types in JSON, and which of them are times."""

    model: type[Row]
    kinds: Mapping[str, type]
    times: tuple[str, ...]
    mappings: tuple[str, ...]
    defaults: Mapping[str, object]


def _shape(model: type[Row]) -> Shape:
    known = fields(model)
    read = {each.name: each.metadata["read"] for each in known if each.metadata}
    kinds = {name: _KINDS.get(reader, str) for name, reader in read.items()} | {"unreadable": dict}
    return Shape(
        model,
        kinds,
        times=tuple(name for name, reader in read.items() if reader in _TIMES),
        mappings=tuple(name for name, kind in kinds.items() if kind is dict),
        defaults={each.name: {} if kinds[each.name] is dict else each.default for each in known},
    )


ORGANIZATION = _shape(Organization)
ACCOUNT = _shape(SystemAccount)
TOKEN = _shape(AccessToken)
PERSONAL_TOKEN = _shape(PersonalAccessToken)
ROLE = _shape(AssignedRole)
TEAM = _shape(Team)
USER = _shape(User)

ACCOUNT_PARTS: Mapping[str, tuple[str, Shape]] = {
    "tokens": ("access_tokens", TOKEN),
    "roles": ("assigned_roles", ROLE),
    "teams": ("teams", TEAM),
}
"""The parts of the details of an account, their names in the file, and their rows."""

USER_PARTS: Mapping[str, tuple[str, Shape]] = {
    "tokens": ("personal_access_tokens", PERSONAL_TOKEN),
    "roles": ("assigned_roles", ROLE),
    "teams": ("teams", TEAM),
}
TEAM_PARTS: Mapping[str, tuple[str, Shape]] = {
    "roles": ("assigned_roles", ROLE),
    "accounts": ("system_accounts", ACCOUNT),
    "users": ("users", USER),
}


def time_text(time: datetime) -> str:
    """A time as the file has it."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def row_record(row: Any, shape: Shape) -> dict[str, object]:
    """The fields of a row that differ from their defaults."""
    record: dict[str, object] = {}
    for name, default in shape.defaults.items():
        value = getattr(row, name)
        if value == default:
            continue
        if isinstance(value, datetime):
            value = time_text(value)
        record[name] = dict(value) if name in shape.mappings else value
    return record
