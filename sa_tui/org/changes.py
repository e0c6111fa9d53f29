"""A change as a value: shown before it is sent, sent once, explained after, and taken back.

A change says nothing of itself that the request does not say: `request` is what will be sent.
"""

from __future__ import annotations

import asyncio
import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sa_tui.api.errors import Conflict, KonnectError, NotFound
from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.org.actions import ActionLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from sa_tui.api.client import KonnectClient

Level = Literal["none", "ask", "type"]
"""How a change is confirmed: not at all, by y or n, or by typing `confirm_text`."""

Status = Literal["done", "already", "failed", "unknown"]
"""`already`: it was so before. `unknown`: sent, and nobody can tell whether it took effect."""

LOOK_AGAIN_SECONDS = (0.0, 0.5, 1.0, 2.0)
"""Waits before each look at whether a change is so: Konnect may show it a little late."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent to Konnect for a change; `path` begins with /v3/."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None

    def as_curl(self, base_url: str) -> str:
        """The same as a command for a shell, with the token left to a variable."""
        words = ["curl", "-X", self.method, f"{base_url}{self.path}"]
        words += ["-H", "Authorization: Bearer $KONNECT_TOKEN"]
        if self.body is not None:
            words += ["-H", "Content-Type: application/json", "-d", json.dumps(self.body)]
        # Only the variable is left for the shell to fill in.
        return " ".join(
            f'"{word}"' if "$KONNECT_TOKEN" in word else shlex.quote(word) for word in words
        )


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing to be done.

    `send` does it and returns the change that takes it back exactly, or None. `is_so` asks Konnect
    whether it is done. `account_ids`, `user_ids` and `team_ids` are what has to be read again
    afterwards. `title` is for people: it is made safe to show, on one line.
    """

    title: str
    request: Request
    send: Callable[[KonnectClient], Awaitable[Change | None]]
    is_so: Callable[[KonnectClient], Awaitable[bool]]
    account_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    team_ids: tuple[str, ...] = ()
    level: Level = "ask"
    confirm_text: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title, limit=PROSE_LIMIT))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a change, in a sentence; `undo` takes it back, where that can be done."""

    change: Change
    status: Status
    message: str
    undo: Change | None = None

    @property
    def is_good(self) -> bool:
        """Whether what was asked for is so now."""
        return self.status in ("done", "already")


async def carry_out(
    change: Change,
    client: KonnectClient,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Outcome:
    """Sends one change and says what is true now; an error becomes an outcome, never a raise.

    Nothing is sent twice: after a lost answer Konnect is asked whether the change is so.
    """
    try:
        undo = await change.send(client)
    except Conflict as error:
        return await _explain(change, client, error, already="It was so already.")
    except NotFound as error:
        gone = "It was gone already." if change.request.method == "DELETE" else ""
        return await _explain(change, client, error, already=gone)
    except KonnectError as error:
        if not error.outcome_unknown:
            return Outcome(change=change, status="failed", message=str(error))
        return await _look(change, client, error, sleep=sleep)
    try:
        is_visible = await _appears(change, client, sleep=sleep)
    except KonnectError as error:
        message = f"Done; reading it again failed. {error}"
    else:
        late = "Done; Konnect does not show it yet: refresh in a moment."
        message = "Done." if is_visible else late
    return Outcome(change=change, status="done", message=message, undo=undo)


async def carry_out_all(
    changes: Sequence[Change],
    client: KonnectClient,
    *,
    on_outcome: Callable[[Outcome], None],
    actions: ActionLog | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    may_send: Callable[[int], bool] = lambda _: True,
) -> tuple[Outcome, ...]:
    """Sends the changes one after the other; one that fails does not stop those after it.

    `actions` is told what became of each. `may_send` is asked before each, by its number from 0;
    nothing is sent any more once it says no.
    """
    log, outcomes = actions or ActionLog(), []
    for number, change in enumerate(changes):
        if not may_send(number):
            break
        with client.ahead(), log.asking(change.title) as asked:
            outcome = await carry_out(change, client, sleep=sleep)
            asked.came_to(outcome)
        outcomes.append(outcome)
        on_outcome(outcome)
    return tuple(outcomes)


async def _explain(
    change: Change, client: KonnectClient, error: KonnectError, *, already: str
) -> Outcome:
    """Tells "it is so already" from "it cannot be done" by asking what is true now."""
    try:
        is_so = bool(already) and await change.is_so(client)
    except NotFound:
        is_so = change.request.method == "DELETE"
        already = "It was gone already, together with what it belonged to."
    except KonnectError:
        is_so = False
    if is_so:
        return Outcome(change=change, status="already", message=already)
    return Outcome(change=change, status="failed", message=str(error))


async def _look(
    change: Change,
    client: KonnectClient,
    error: KonnectError,
    *,
    sleep: Callable[[float], Awaitable[None]],
) -> Outcome:
    """Finds out whether a change whose answer was lost took effect."""
    try:
        if await _appears(change, client, sleep=sleep):
            message = f"Done, although its answer was lost. {error}"
            return Outcome(change=change, status="done", message=message)
    except KonnectError as unreadable:
        message = f"Whether it was done is unknown. {error} {unreadable}"
        return Outcome(change=change, status="unknown", message=message)
    message = f"Konnect does not show it: most likely it was not done. {error}"
    return Outcome(change=change, status="failed", message=message)


async def _appears(
    change: Change,
    client: KonnectClient,
    *,
    sleep: Callable[[float], Awaitable[None]],
) -> bool:
    for wait_seconds in LOOK_AGAIN_SECONDS:
        await sleep(wait_seconds)
        if await change.is_so(client):
            return True
    return False
