"""Faults on demand: which requests fail, how, and how often."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from fnmatch import fnmatchcase
from typing import Literal, get_args

FaultKind = Literal[
    "403",
    "404",
    "409",
    "429",
    "500",
    "503",
    "cut-before",
    "cut-after",
    "slow-body",
    "malformed",
]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
AFTERWARDS: tuple[FaultKind, ...] = ("cut-after", "slow-body", "malformed")
"""The faults that come after the change was made."""

_REQUESTS_A_MINUTE = "3000"
_LATEST_RESET_SECONDS = 48
_METHODS = ("*", "GET", "POST", "PATCH", "PUT", "DELETE")


@dataclass(frozen=True)
class Fault:
    """A fault for matching requests.

    A status and cut-before change nothing; AFTERWARDS make the change first. `path` is a glob for
    the path without a region; `times` None means every time; `retry_after_seconds` None leaves out
    the header, as Konnect's connection limiter does.
    """

    kind: FaultKind
    _: KW_ONLY
    method: str = "*"
    path: str = "*"
    times: int | None = 1
    retry_after_seconds: int | None = 2
    slow_seconds: float = 5.0

    def matches(self, method: str, path: str) -> bool:
        """Whether the fault is for this request."""
        return self.method in ("*", method) and fnmatchcase(path, self.path)

    @property
    def refusal_headers(self) -> dict[str, str]:
        """The headers that Konnect's rate limiter sends; its connection limiter sends none."""
        if self.retry_after_seconds is None:
            return {}
        return {
            "ratelimit-limit": _REQUESTS_A_MINUTE,
            "x-ratelimit-limit-minute": _REQUESTS_A_MINUTE,
            "ratelimit-remaining": "0",
            "x-ratelimit-remaining-minute": "0",
            # The wait may be longer than the counted minute: 77 s and 48 s were seen.
            "ratelimit-reset": str(min(self.retry_after_seconds, _LATEST_RESET_SECONDS)),
            "retry-after": str(self.retry_after_seconds),
        }


class Faults:
    """The faults that are left; the oldest that matches a request is used first."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        """Adds a fault."""
        self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Removes all faults."""
        self._waiting.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault for this request, whose count goes down by one."""
        for index, (fault, times) in enumerate(self._waiting):
            if fault.matches(method, path):
                if times is not None and times <= 1:
                    del self._waiting[index]
                elif times is not None:
                    self._waiting[index] = (fault, times - 1)
                return fault
        return None


def parse_fault(text: str) -> Fault:
    """Reads `KIND[:METHOD[:PATHGLOB[:TIMES]]]`; TIMES is a number or `*` for every time.

    Raises ValueError with a message for the person who typed it.
    """
    kind, *rest = text.split(":")
    if len(rest) > 3:
        raise ValueError(f"fault {text!r} has too many parts; write KIND[:METHOD[:PATH[:TIMES]]]")
    if kind not in KINDS:
        raise ValueError(f"fault {text!r} is of an unknown kind; use one of {', '.join(KINDS)}")
    method, path, times = [*rest, "", "", ""][:3]
    method = (method or "*").upper()
    if method not in _METHODS:
        raise ValueError(f"fault {text!r} has an unknown method; use one of {', '.join(_METHODS)}")
    if times not in ("", "*") and not (times.isdecimal() and int(times) > 0):
        raise ValueError(f"fault {text!r} has an unusable count; use 1, 2, … or * for every time")
    return Fault(
        kind,
        method=method,
        path=path or "*",
        times=None if times == "*" else int(times or 1),
    )
