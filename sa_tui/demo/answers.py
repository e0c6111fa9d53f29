"""The answers of the demo Konnect: bodies, problems, pages and filters of the specification."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NoReturn

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.demo.organisation import Organisation, WireRow

Transmission = Literal["whole", "cut-before", "cut-after", "slow"]

DEFAULT_PAGE_SIZE = 10
LARGEST_PAGE_SIZE = 1000  # not documented for identity; audit log lists have this limit
EQ = frozenset({"eq"})
TEXT = frozenset({"eq", "contains"})
FLAG: frozenset[str] = frozenset()
"""The operators of a filter; a flag takes `true` or `false` without an operator."""

_SLOW_PIECES = 20
_FILTER = re.compile(r"filter\[([^\]]*)\](?:\[([^\]]*)\])?")
_LABEL_OPERATORS = TEXT | {"exists"}


@dataclass(frozen=True)
class Reply:
    """One answer, and how it is delivered to the client."""

    status: int
    _: KW_ONLY
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delivery: Transmission = "whole"
    slow_seconds: float = 0.0

    def trickle(self) -> Iterator[tuple[float, bytes]]:
        """The body in at most twenty pieces, each with the seconds to wait before it."""
        step = max(1, -(-len(self.body) // _SLOW_PIECES))
        for start in range(0, len(self.body), step):
            yield self.slow_seconds / _SLOW_PIECES, self.body[start : start + step]


class Refusal(Exception):
    """A request that Konnect answers with a problem."""

    def __init__(
        self,
        status: int,
        *,
        title: str,
        detail: str = "",
        invalid: Sequence[WireRow] = (),
        problem_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.headers = headers or {}
        self._body: WireRow = {"status": status, "title": title, "detail": detail}
        if problem_type:
            self._body["type"] = problem_type
        if invalid:
            self._body["invalid_parameters"] = list(invalid)

    def body(self, trace: str) -> WireRow:
        """The problem object, with the trace id that Kong's support asks for."""
        return self._body | {"instance": f"konnect:trace:{trace}"}


def invalid(field_name: str, reason: str, **more: object) -> NoReturn:
    """Raises 400 for one parameter; `more` adds rule, source, choices, minimum or maximum."""
    parameter = {"field": field_name, "reason": reason, **more}
    raise Refusal(400, title="Bad Request", invalid=[parameter])


def not_found(thing: str) -> NoReturn:
    """Raises 404 for a thing by Konnect's name of it."""
    raise Refusal(404, title="Not Found", detail=f"The requested {thing} was not found")


def conflict(detail: str) -> NoReturn:
    """Raises 409."""
    raise Refusal(409, title="Resource Conflict", detail=detail)


def forbidden(detail: str) -> NoReturn:
    """Raises 403 with this reason."""
    raise Refusal(403, title="Permission denied", detail=detail)


@dataclass(frozen=True)
class Caller:
    """Who sent the request: a person, or a system account by one of its tokens."""

    token_id: str
    _: KW_ONLY
    user_id: str | None = None
    account_id: str | None = None


@dataclass(frozen=True)
class Call:
    """One authenticated request for a handler."""

    organisation: Organisation
    _: KW_ONLY
    now: datetime
    query: Mapping[str, str]
    body: bytes
    ids: tuple[str, ...]
    region: str | None
    caller: Caller | None

    def json_object(self) -> WireRow:
        """The request body; raises 400 unless it is a JSON object."""
        try:
            parsed = json.loads(self.body)
            json.dumps(parsed, ensure_ascii=False).encode()  # fails on a lone surrogate
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            invalid("body", "request format is invalid")
        return parsed


Handler = Callable[[Call], Reply]
NeededAccess = Literal["public", "signed-in", "identity"]


@dataclass(frozen=True)
class Endpoint:
    """One operation; `{}` in the template stands for an id."""

    method: str
    _: KW_ONLY
    template: str
    handler: Handler
    access: NeededAccess = "identity"


def json_reply(status: int, body: object) -> Reply:
    """A JSON body."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return Reply(status, headers={"content-type": "application/json"}, body=content)


def problem_reply(refused: Refusal, *, trace: str) -> Reply:
    """An `application/problem+json` body."""
    content = json.dumps(refused.body(trace), ensure_ascii=False).encode()
    headers = {"content-type": "application/problem+json", **refused.headers}
    return Reply(refused.status, headers=headers, body=content)


def created_text() -> Reply:
    """The answer to adding a team member, which is not JSON."""
    return Reply(201, headers={"content-type": "text/plain; charset=utf-8"}, body=b"Created")


def no_content() -> Reply:
    """The answer to a removal."""
    return Reply(204)


def required_text(body: WireRow, name: str, *, maximum: int | None = None) -> str:
    """A text field that is required and may not be blank."""
    if body.get(name) is None:
        invalid(name, "is a required field", rule="required", source="body")
    value = optional_text(body, name, maximum=maximum)
    if not value or not value.strip():
        invalid(name, "cannot be blank")
    return value


def optional_text(body: WireRow, name: str, *, maximum: int | None = None) -> str | None:
    """A text field that may be missing."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        invalid(name, "must be a string", rule="is_string", source="body")
    if maximum is not None and len(value) > maximum:
        reason = f"must not have more than {maximum} characters"
        invalid(name, reason, rule="max_length", maximum=maximum, source="body")
    return value


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def page(call: Call, rows: Sequence[WireRow]) -> Reply:
    """The page of rows that `page[size]` and `page[number]` ask for."""
    size = _page_parameter(call.query, "page[size]", DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE)
    number = _page_parameter(call.query, "page[number]", 1, None)
    start = (number - 1) * size
    meta = {"page": {"number": number, "size": size, "total": len(rows)}}
    return json_reply(200, {"meta": meta, "data": rows[start : start + size]})


def whole(rows: Sequence[WireRow]) -> Reply:
    """A list without page parameters, but with the figures of a page."""
    meta = {"page": {"number": 1, "size": len(rows), "total": len(rows)}}
    return json_reply(200, {"meta": meta, "data": rows})


def _page_parameter(query: Mapping[str, str], name: str, default: int, maximum: int | None) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < 1:
        invalid(name, "must be a number greater than 0", rule="min", minimum=1, source="query")
    if maximum is not None and int(text) > maximum:
        reason = f"must not be greater than {maximum}"
        invalid(name, reason, rule="max", maximum=maximum, source="query")
    return int(text)


def filtered(
    call: Call,
    rows: Sequence[WireRow],
    *,
    fields: Mapping[str, frozenset[str]],
    labels: bool = False,
) -> Sequence[WireRow]:
    """The rows that pass every `filter[…]` parameter.

    `fields` names the filters with their operators; `labels` adds `labels.<key>`.
    Raises 400 for a field or an operator that is not offered.
    """
    for key, value in call.query.items():
        if not key.startswith("filter"):
            continue
        if not (match := _FILTER.fullmatch(key)):
            invalid(key, "is not a valid filter")
        name, operator = match[1], match[2]
        is_label = labels and name.startswith("labels.")
        allowed = _LABEL_OPERATORS if is_label else fields.get(name)
        if allowed is None:
            invalid(f"[filter][{name}]", f"[{name}] is not a supported filter field")
        if operator is not None and operator not in allowed:
            reason = f"[{operator}] is not a supported filter operation"
            invalid(f"[filter][{name}][{operator}]", reason)
        passes = _test(name, operator or ("eq" if allowed else "flag"), value)
        rows = [row for row in rows if passes(_value(row, name, is_label=is_label))]
    return rows


def _value(row: WireRow, name: str, *, is_label: bool) -> Any:
    if is_label:
        return row["labels"].get(name.removeprefix("labels."))
    return row.get(name)


def _test(name: str, operator: str, operand: str) -> Callable[[Any], bool]:
    """The comparison for one filter; None never equals or contains anything."""
    if operator == "eq":
        return lambda value: value == operand
    if operator == "contains":
        return lambda value: value is not None and operand in value
    if operand not in ("true", "false"):
        invalid(f"[filter][{name}]", "must be a boolean", rule="is_boolean", source="query")
    if operator == "exists":
        return lambda value: (value is not None) is (operand == "true")
    return lambda value: value is (operand == "true")
