"""The errors of Konnect, as one tree; no message ever has a secret or a control character.

Every message has the same order: what happened, what Konnect said, what to do, the request, and
last the trace id.

KonnectError
├── Broken             a bug in this program
├── Misconfigured      the settings cannot be used: nothing was sent
├── ReadOnly           this client may only read: nothing was sent
├── Unreachable        no answer: name, network, TLS, proxy or time
├── Unreadable         an answer that cannot be understood
└── Rejected           an answer that says no
    ├── Invalid          400, 422
    ├── NotSignedIn      401
    ├── Forbidden        403
    ├── NotFound         404
    ├── Conflict         409
    ├── RateLimited      429
    │   └── HeldBack     the wait would be too long: nothing was sent
    └── ServerFault      5xx
"""

from __future__ import annotations

import dataclasses
from typing import Any, Self

from sa_tui.base.secrets import redact
from sa_tui.base.text import folded
from sa_tui.konnect.rights import advice_on_refusal

_MESSAGE_LIMIT = 600
_READ_CHARACTERS = 8 * _MESSAGE_LIMIT
_MOST_FAULTS = 20
_OUTCOME_UNKNOWN = "The change may have been made all the same: look before you try again."


@dataclasses.dataclass(frozen=True)
class InvalidParameter:
    """One field that Konnect refused, and its reason."""

    field: str
    reason: str = dataclasses.field(default="", kw_only=True)
    rule: str | None = dataclasses.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return f"{self.field}: {self.reason or self.rule or 'not valid'}"


class KonnectError(Exception):
    """A request to Konnect that failed.

    `text` is what happened, or what Konnect said; `advice` is what to do, `request` the method
    and path, `trace` the id that Kong's support asks for. `outcome_unknown` is true when a change
    may have been made although no usable answer arrived.
    """

    default_advice = ""

    def __init__(
        self,
        text: str,
        *,
        request: str = "",
        advice: str = "",
        trace: str | None = None,
        outcome_unknown: bool = False,
    ) -> None:
        self.text = _safe(text)
        self.request = _safe(request)
        self.advice = _safe(advice or self.default_advice)
        self.trace = _safe(trace) if trace else None
        self.outcome_unknown = outcome_unknown
        super().__init__(self.text)

    def advise(self, advice: str) -> Self:
        """The error, with other advice."""
        self.advice = _safe(advice)
        return self

    @property
    def summary(self) -> str:
        """What happened and what Konnect said, in sentences."""
        return _sentence(self.text)

    @property
    def short_text(self) -> str:
        """The message without the request and `outcome_unknown`, for places that show them."""
        return _in_order(self.summary, _sentence(self.advice), self._traced)

    def __str__(self) -> str:
        unsure = _OUTCOME_UNKNOWN if self.outcome_unknown else ""
        request = f"Request: {_sentence(self.request)}" if self.request else ""
        return _in_order(self.summary, unsure, _sentence(self.advice), request, self._traced)

    @property
    def _traced(self) -> str:
        return f"Trace id: {self.trace}" if self.trace else ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class Broken(KonnectError):
    """This program has a bug; what it was to read or to do is unknown."""

    @classmethod
    def by(cls, fault: Exception) -> Self:
        """The error for an unexpected exception."""
        return cls(f"sa-tui met an internal error: {type(fault).__name__}")


class Misconfigured(KonnectError):
    """The client's settings cannot be used; nothing was sent."""


class ReadOnly(KonnectError):
    """A read-only client was asked for a change; nothing was sent."""

    default_advice = "Open the profile without read-only to make changes"


class Unreachable(KonnectError):
    """No answer arrived.

    `is_refused` is true when there was no connection, so that nothing was sent; `is_lasting` is
    true when a retry cannot help (a certificate that is not trusted, a proxy that refuses).
    """

    default_advice = "Check the network, the proxy and the address of the profile"

    def __init__(
        self,
        text: str,
        *,
        request: str = "",
        advice: str = "",
        outcome_unknown: bool = False,
        is_refused: bool = False,
        is_lasting: bool = False,
    ) -> None:
        super().__init__(text, request=request, advice=advice, outcome_unknown=outcome_unknown)
        self.is_refused = is_refused
        self.is_lasting = is_lasting


class Unreadable(KonnectError):
    """An answer whose body cannot be understood."""

    default_advice = "Check that the address is Konnect's and that no gateway answers instead"


class Rejected(KonnectError):
    """Konnect refused the request.

    `happened` says what happened; `text` is what Konnect said.
    """

    happened = "Konnect did not do this"

    def __init__(
        self,
        status: int,
        *,
        title: str = "",
        detail: str = "",
        request: str = "",
        advice: str = "",
        trace: str | None = None,
        invalid_parameters: tuple[InvalidParameter, ...] = (),
        outcome_unknown: bool = False,
        retry_after_seconds: float | None = None,
    ) -> None:
        self.status = status
        self.title = _safe(title)
        self.detail = _safe(detail)
        self.invalid_parameters = tuple(
            InvalidParameter(
                _safe(parameter.field),
                reason=_safe(parameter.reason),
                rule=_safe(parameter.rule) if parameter.rule else None,
            )
            for parameter in invalid_parameters[:_MOST_FAULTS]
        )
        self.retry_after_seconds = retry_after_seconds
        faults = "; ".join(map(str, self.invalid_parameters))
        heading = f"{status} {self.title}".strip()
        text = ": ".join(part for part in (heading, self.detail, faults) if part)
        super().__init__(
            text, request=request, advice=advice, trace=trace, outcome_unknown=outcome_unknown
        )

    @property
    def summary(self) -> str:
        """What happened, then what Konnect said."""
        return _in_order(_sentence(self.happened), _sentence(f"Konnect said {self.text}"))


class Invalid(Rejected):
    """400 or 422: Konnect does not accept what was sent."""

    happened = "Konnect does not accept what was sent"
    default_advice = "Correct the fields that are named and try again"


class NotSignedIn(Rejected):
    """401: the token is unknown, expired or revoked."""

    happened = "Konnect does not take the token"
    default_advice = "The token may be expired or revoked: renew it where the profile reads it"


class Forbidden(Rejected):
    """403: permission, plan, quota or the organisation's IP allow list."""

    happened = "Konnect does not allow this"

    def __init__(self, status: int, *, request: str = "", advice: str = "", **fields: Any) -> None:
        advice = advice or advice_on_refusal(request)
        super().__init__(status, request=request, advice=advice, **fields)


class NotFound(Rejected):
    """404: it does not exist, or this token may not see it."""

    happened = "Konnect does not find this"
    default_advice = "It may have been deleted: refresh"


class Conflict(Rejected):
    """409: the name is taken, or the change was made already."""

    happened = "This conflicts with what exists"
    default_advice = "Refresh: the name is taken, or somebody else has made this change"


class RateLimited(Rejected):
    """429: too many requests; nothing was done."""

    happened = "Konnect asks for fewer requests"
    default_advice = "Wait a little and try again"


class HeldBack(RateLimited):
    """The request would have to wait longer than it may; nothing was sent."""

    happened = "Not sent: Konnect asks for fewer requests"

    def __init__(self, *, request: str) -> None:
        super().__init__(429, request=request)

    @property
    def summary(self) -> str:
        """What happened; Konnect was not asked."""
        return _sentence(self.happened)


class ServerFault(Rejected):
    """5xx: Konnect or a gateway before it failed."""

    happened = "Konnect failed"
    default_advice = "Try again later; if it lasts, give the trace id to Kong's support"


def rejection_type(status: int) -> type[Rejected]:
    """The error class of an HTTP status."""
    if status >= 500:
        return ServerFault
    return {
        400: Invalid,
        401: NotSignedIn,
        403: Forbidden,
        404: NotFound,
        409: Conflict,
        422: Invalid,
        429: RateLimited,
    }.get(status, Rejected)


def _safe(text: str) -> str:
    # Cut first to save time, far behind what is shown. Redacted before the second cut, which could
    # leave a part of a token that is no longer recognised.
    return folded(redact(text[:_READ_CHARACTERS]), limit=_MESSAGE_LIMIT)


def _sentence(text: str) -> str:
    whole = text if not text or text.endswith((".", "!", "?", "…")) else text + "."
    # The name of the program is not capitalised.
    return whole if whole.startswith("sa-tui") else whole[:1].upper() + whole[1:]


def _in_order(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
