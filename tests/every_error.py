"""One of every error that a request to Konnect can end with, and the order that each is told in."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import sa_tui.access
import sa_tui.cli
import sa_tui.konnect
import sa_tui.org
from sa_tui.konnect.errors import HeldBack, KonnectError, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST, TRACE = "GET /v3/probe", "konnect:trace:77"
HAPPENED, SAID, ADVICE = "a probe went astray", "the detail of Konnect", "Do as the probe says"


def every_class() -> list[type[KonnectError]]:
    """The whole tree; its leaves may be anywhere in the program."""
    for room in (sa_tui.konnect, sa_tui.org, sa_tui.access, sa_tui.cli):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    return list(_below(KonnectError))


def _below(kind: type[KonnectError]) -> Iterator[type[KonnectError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _below(each)


def one_of(kind: type[KonnectError]) -> KonnectError:
    """An error of this class with everything that it can tell."""
    if issubclass(kind, HeldBack):
        error: KonnectError = kind(request=REQUEST)
    elif issubclass(kind, Rejected):
        error = kind(418, title="Teapot", detail=SAID, request=REQUEST)
    else:
        error = kind(HAPPENED, request=REQUEST)
    error.trace = TRACE
    return error.advise(ADVICE)


def assert_in_order(text: str, kind: type[KonnectError]) -> None:
    """What happened, what Konnect said, what to do, the request, and last the trace id."""
    is_refusal = issubclass(kind, Rejected)
    happened = kind.happened if issubclass(kind, Rejected) else HAPPENED.capitalize()
    said = f"Konnect said 418 Teapot: {SAID}."
    told = [happened, *([said] if is_refusal and not issubclass(kind, HeldBack) else [])]
    parts = [*told, f"{ADVICE}.", f"Request: {REQUEST}.", f"Trace id: {TRACE}"]
    words = " ".join(text.split())
    places = [words.find(part) for part in parts]
    assert -1 not in places, f"{parts}\n{words}"
    assert places == sorted(places), words
    assert words.count(REQUEST) == words.count(TRACE) == 1, words
