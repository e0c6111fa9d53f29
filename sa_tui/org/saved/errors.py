"""The errors of reading as records, so that a file says why something is missing as Konnect did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.konnect.errors import (
    Broken,
    Conflict,
    Forbidden,
    HeldBack,
    Invalid,
    InvalidParameter,
    KonnectError,
    Misconfigured,
    NotFound,
    NotSignedIn,
    RateLimited,
    ReadOnly,
    Rejected,
    ServerFault,
    Unreachable,
    Unreadable,
)
from sa_tui.org.saved.model import SavedError

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: Mapping[str, type[KonnectError]] = {
    kind.__name__: kind
    for kind in (
        *(Broken, Misconfigured, ReadOnly, Unreachable, Unreadable, Rejected, Invalid),
        *(NotSignedIn, Forbidden, NotFound, Conflict, RateLimited, HeldBack, ServerFault),
    )
}
_TEXTS = ("text", "request", "advice", "trace", "title", "detail")
_FLAGS = ("outcome_unknown", "is_refused", "is_lasting")
ERROR_KINDS = tuple(_KINDS)


def error_record(error: KonnectError) -> dict[str, object]:
    """An error as the file has it; a kind that is not Konnect's is called by its nearest."""
    kind = next(each.__name__ for each in type(error).__mro__ if each.__name__ in _KINDS)
    record: dict[str, object] = {"kind": kind, "text": error.text}
    for name in (*_TEXTS, *_FLAGS, "status", "retry_after_seconds"):
        value = getattr(error, name, None)
        if value not in (None, "", False):
            record[name] = value
    if parameters := getattr(error, "invalid_parameters", ()):
        record["invalid_parameters"] = [
            {"field": each.field, "reason": each.reason, "rule": each.rule or None}
            for each in parameters
        ]
    return record


def read_error(record: object) -> KonnectError:
    """The error of a record. Raises SavedError."""
    if not isinstance(record, dict):
        raise SavedError("not an error")
    kind = _KINDS.get(_text(record, "kind"))
    if kind is None:
        raise SavedError("no kind of error that is known", place="kind")
    return _made(kind, record).advise(_text(record, "advice"))


def _made(kind: type[KonnectError], record: Mapping[str, Any]) -> KonnectError:
    """The error with the advice of its kind."""
    text, request = _text(record, "text"), _text(record, "request")
    trace = _text(record, "trace") or None
    is_unknown = record.get("outcome_unknown") is True
    if issubclass(kind, HeldBack):
        return kind(request=request)
    if issubclass(kind, Rejected):
        status, seconds = record.get("status"), record.get("retry_after_seconds")
        if type(status) is not int:
            raise SavedError("not a status", place="status")
        return kind(
            status,
            request=request,
            title=_text(record, "title"),
            detail=_text(record, "detail"),
            trace=trace,
            invalid_parameters=tuple(map(_parameter, _list(record, "invalid_parameters"))),
            outcome_unknown=is_unknown,
            retry_after_seconds=seconds if isinstance(seconds, int | float) else None,
        )
    if issubclass(kind, Unreachable):
        return kind(
            text,
            request=request,
            outcome_unknown=is_unknown,
            is_refused=record.get("is_refused") is True,
            is_lasting=record.get("is_lasting") is True,
        )
    return kind(text, request=request, trace=trace, outcome_unknown=is_unknown)


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise SavedError("not a text", place=name)
    return value or ""


def _list(record: Mapping[str, Any], name: str) -> list[object]:
    value = record.get(name, [])
    if not isinstance(value, list):
        raise SavedError("not a list", place=name)
    return value


def _parameter(record: object) -> InvalidParameter:
    if not isinstance(record, dict):
        raise SavedError("not a parameter", place="invalid_parameters")
    return InvalidParameter(
        _text(record, "field"), reason=_text(record, "reason"), rule=_text(record, "rule") or None
    )
