"""A snapshot of an earlier run: all that is in it is old until it is read again."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T", Details, TeamDetails)

_UNREAD: Part[Any] = Part()


def aged(snapshot: Snapshot) -> Snapshot:
    """The snapshot with everything marked as old; what failed then is not read now."""
    return _changed(snapshot, _old)


def without_old(snapshot: Snapshot) -> Snapshot:
    """The snapshot with nothing that is old: it is not read."""
    return _changed(snapshot, lambda part: _UNREAD if part.is_old else part)


def _old(part: Part[Any]) -> Part[Any]:
    if part.value is None:
        return _UNREAD
    return Part(value=part.value, read_at=part.read_at, is_old=True)


def _changed(snapshot: Snapshot, change: Callable[[Part[Any]], Part[Any]]) -> Snapshot:
    return replace(
        snapshot,
        organization=change(snapshot.organization),
        accounts=change(snapshot.accounts),
        teams=change(snapshot.teams),
        details=_each(snapshot.details, change),
        team_details=_each(snapshot.team_details, change),
    )


def _each(details: Mapping[str, T], change: Callable[[Part[Any]], Part[Any]]) -> Mapping[str, T]:
    changed = {
        id: type(of)(**{name: change(part) for name, part in vars(of).items()})
        for id, of in details.items()
    }
    return MappingProxyType(changed)
