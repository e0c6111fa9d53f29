"""Whether and when a failed request is sent again, as pure functions.

The rule it keeps: a change is repeated only if it certainly was not made, that is after a 429 or
without a connection. It is never repeated when its answer may have been lost.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from sa_tui.konnect.errors import KonnectError, RateLimited, Rejected, ServerFault, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_ATTEMPTS = 4
MAX_REFUSED_ATTEMPTS = 8
"""The limit after a 429: nothing was done, and the pace has to be learnt."""

FEWER_REQUESTS = "Konnect asks for fewer requests"

MAX_DELAY_SECONDS = 60.0
"""The limit of a wait, unless Konnect asks for a longer one."""

_FIRST_DELAY_SECONDS = 0.5
_LONGEST_HEADER = 64
_LONGEST_WAIT_SECONDS = 365 * 86400.0
"""Longer than anybody waits, and short enough for a date."""


def delay_seconds(
    method: str,
    error: KonnectError,
    attempt: int,
    *,
    retry_after: float | None = None,
    jitter: float = 0.5,
) -> float | None:
    """How long to wait before the next attempt; None if there is none.

    `attempt` counts from 1; `jitter`, from 0 to 1, spreads waits that the server did not set.
    """
    limit = MAX_REFUSED_ATTEMPTS if isinstance(error, RateLimited) else MAX_ATTEMPTS
    if attempt >= limit or not _may_repeat(method, error):
        return None
    if retry_after is not None:
        return max(retry_after, 0.0)
    growth = _FIRST_DELAY_SECONDS * 2.0 ** (attempt - 1)
    return float(min(growth, MAX_DELAY_SECONDS) * (0.5 + jitter))


def asked_wait_seconds(
    status: int, headers: Mapping[str, str], *, now: Callable[[], datetime]
) -> float | None:
    """The wait that an answer asks for; None if it asks for none.

    Every answer may have `ratelimit-reset`, but only after a 429 is it a wait.
    """
    asked = retry_after_seconds(headers.get("retry-after"), now=now)
    if asked is None and status == HTTPStatus.TOO_MANY_REQUESTS:
        return retry_after_seconds(headers.get("ratelimit-reset"), now=now)
    return asked


def retry_after_seconds(header: str | None, *, now: Callable[[], datetime]) -> float | None:
    """The wait of a `Retry-After` header, which has seconds or a date; None if unreadable."""
    text = (header or "").strip()[:_LONGEST_HEADER]
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), _LONGEST_WAIT_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now()).total_seconds(), 0.0), _LONGEST_WAIT_SECONDS)


def wait_reason(error: KonnectError) -> str:
    """Why a request waits, in a few words."""
    if isinstance(error, RateLimited):
        return FEWER_REQUESTS
    if isinstance(error, Rejected):
        return f"Konnect failed ({error.status})"
    return "Konnect cannot be reached"


def _may_repeat(method: str, error: KonnectError) -> bool:
    if isinstance(error, RateLimited):
        return True
    if isinstance(error, Unreachable):
        if error.is_lasting:
            return False
        return method == "GET" or error.is_refused
    return method == "GET" and isinstance(error, ServerFault)
