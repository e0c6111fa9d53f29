"""The answers of Konnect: a success that is parsed strictly, or an error made from any body.

The rule it keeps: a body is never assumed to be JSON, and a body that may have a secret is never
shown in a message.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from sa_tui.konnect.errors import InvalidParameter, Rejected, Unreadable, rejection_type

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

R = TypeVar("R")

_EXCERPT_BYTES = 4096
_TYPE_CHARACTERS = 100
_TEXT_CHARACTERS = 2000
"""The limit of one text of a refusal: several times what a message shows."""

_MOST_PARAMETERS = 20
_TITLE = re.compile(r"<title[^>]*>([^<]*)", flags=re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Response:
    """A successful answer; its body, which may have a secret, is not in its `repr`."""

    request: str
    status: int = field(kw_only=True)
    content: bytes = field(kw_only=True, repr=False)
    content_type: str = field(default="", kw_only=True)
    trace: str | None = field(default=None, kw_only=True)
    is_write: bool = field(default=False, kw_only=True)

    def read(self, reader: Callable[[object], R]) -> R:
        """The JSON body as `reader` parses it.

        Raises Unreadable when the body is not JSON or `reader` raises ValueError.
        """
        with suppress(ValueError, RecursionError):
            return reader(json.loads(self.content))
        raise self._unreadable  # outside the `with`: as a cause, the error would carry the body

    async def read_slowly(self, reader: Callable[[object], Awaitable[R]]) -> R:
        """Reads like `read`, with a reader that yields to other tasks."""
        with suppress(ValueError, RecursionError):
            return await reader(json.loads(self.content))
        raise self._unreadable

    @property
    def _unreadable(self) -> Unreadable:
        kind = self.content_type[:_TYPE_CHARACTERS] or "no content type"
        return Unreadable(
            f"the answer ({self.status}, {kind}, {len(self.content)} bytes) cannot be understood",
            request=self.request,
            trace=self.trace,
            outcome_unknown=self.is_write,
        )


def rejection(
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    *,
    request: str,
    is_write: bool,
    advice: str = "",
    retry_after_seconds: float | None = None,
) -> Rejected:
    """The error for a failed request, whatever its body: Konnect's, a gateway's or none."""
    problem = _json_object(content)
    title, detail = _text(problem, "title"), _text(problem, "detail")
    detail = detail or _text(problem, "message")
    if status != HTTPStatus.NOT_FOUND:
        advice = ""
    if not problem:
        detail = _excerpt(content)
    if 300 <= status < 400:
        detail = _elsewhere(headers.get("location", ""))
        advice = "Redirects are not followed, they could leak the token: check the address"
    return rejection_type(status)(
        status,
        title=title or _phrase(status),
        detail=detail,
        request=request,
        advice=advice,
        trace=_text(problem, "instance") or _cut(headers.get("x-kong-request-id", "")) or None,
        invalid_parameters=_invalid_parameters(problem.get("invalid_parameters")),
        outcome_unknown=is_write and status >= 500,
        retry_after_seconds=retry_after_seconds,
    )


def _json_object(content: bytes) -> Mapping[str, object]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        with suppress(RecursionError):
            return _cut(json.dumps(value))
        return ""
    return _cut(value or "")


def _cut(text: str) -> str:
    """The beginning of a long text, without its last word: a part of a secret is not redacted."""
    if len(text) <= _TEXT_CHARACTERS:
        return text
    beginning, _, _ = text[:_TEXT_CHARACTERS].rpartition(" ")
    return f"{beginning or text[:_TEXT_CHARACTERS]} …"


def _invalid_parameters(value: object) -> tuple[InvalidParameter, ...]:
    return tuple(
        InvalidParameter(
            _text(parameter, "field") or "?",
            reason=_text(parameter, "reason"),
            rule=_text(parameter, "rule") or None,
        )
        for parameter in (value[:_MOST_PARAMETERS] if isinstance(value, list) else ())
        if isinstance(parameter, dict)
    )


def _excerpt(content: bytes) -> str:
    text = content[:_EXCERPT_BYTES].decode("utf-8", errors="replace")
    if "<" not in text:
        return text
    title = _TITLE.search(text)
    return "a web page: " + (title[1] if title else _TAG.sub(" ", text))


def _elsewhere(location: str) -> str:
    try:
        host = urlsplit(location).hostname
    except ValueError:
        host = None
    return f"the address points to {host}" if host else "the address points elsewhere"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
