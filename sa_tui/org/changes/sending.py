"""Sends changes to Konnect and returns the outcome of each; an error becomes an outcome.

The rules it keeps: nothing is sent twice, and a change that destroys something is sent only if
Konnect still has what was shown.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.konnect.errors import Broken, Conflict, Invalid, KonnectError, NotFound, ReadOnly
from sa_tui.org.changes.change import Outcome, Overtaken
from sa_tui.org.log import ActionLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.org.changes.change import Change, Shown
    from sa_tui.org.log import Asked

LOOK_AGAIN_SECONDS = (0.0, 0.5, 1.0, 2.0)
"""The wait before each look for a change: Konnect may show it late."""


_FUTILE = (Conflict, Invalid, ReadOnly, Overtaken)
"""Errors for which another attempt does not help."""


async def carry_out(
    change: Change,
    client: KonnectClient,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Outcome:
    """Sends one change and returns its outcome; a KonnectError becomes an outcome.

    Nothing is sent twice: after a lost answer, Konnect is asked whether the change is done.
    A change that needs an id which is not made is not sent.
    """
    if (missing := change.missing) is not None:
        message = f"Not sent: it needs {missing.describe()}, which is not there."
        return Outcome(change=change, status="failed", message=message, again=change.again())
    change = change.ready()
    try:
        if (before := await _look_first(change, client)) is not None:
            return before
        undo = await change.send(client)
    except Conflict as error:
        # What somebody else made meanwhile is never taken for what this change makes.
        already = "" if change.makes is not None else "It was so already."
        return await _explain(change, client, error, already=already)
    except NotFound as error:
        gone = "It was gone already." if change.request.method == "DELETE" else ""
        return await _explain(change, client, error, already=gone)
    except KonnectError as error:
        if not error.outcome_unknown:
            return _failed(change, error)
        return await _look(change, client, error, sleep=sleep)
    try:
        is_visible = await _appears(change, client, sleep=sleep)
    except KonnectError as error:
        message = f"Done; reading it again failed. {error.short_text}"
    else:
        not_visible = "Done; Konnect does not show it yet: refresh in a moment."
        message = "Done." if is_visible else not_visible
    return Outcome(change=change, status="done", message=message, undo=undo)


async def _look_first(change: Change, client: KonnectClient) -> Outcome | None:
    """The outcome of a change that is not to be sent; None if it can be sent."""
    if change.may_be_so and (outcome := await _look_back(change, client)) is not None:
        return outcome
    if change.look is None:
        return None
    now = await change.look(client)
    if not (texts := differences(change.sight, now.sight)):
        return None
    return Outcome(
        change=change,
        status="failed",
        message=f"Not sent, it is not what was shown: {'; '.join(texts)}.",
        again=change.again(now),
        is_overtaken=True,
    )


async def _look_back(change: Change, client: KonnectClient) -> Outcome | None:
    """The outcome of an earlier attempt; None if the change can be sent again."""
    try:
        is_so = await change.is_so(client)
    except KonnectError as error:
        message = f"Whether it was done is still unknown. {error.short_text}"
        return _unknown(change, message, error)
    if is_so:
        message = "Done: the attempt before took effect, though no answer said so."
        return Outcome(change=change, status="done", message=message)
    if change.can_double:
        message = "Not sent: Konnect still does not show it, and it might be there twice."
        return _unknown(change, message)
    return None


def differences(shown: Shown, now: Shown) -> list[str]:
    """How the present state differs from what was shown; unknown parts are not compared."""
    texts = []
    for what, before in shown.items():
        after = now.get(what, before)
        if isinstance(before, str) or isinstance(after, str):
            if after != before and what == "assignment":
                texts.append(f"it was removed and given again, as {after}")
            elif after != before:
                texts.append(f"its {what} is {after or 'empty'} now, not {before or 'empty'}")
            continue
        parts = [f"{name} was added" for key, name in after.items() if key not in before]
        parts += [f"{name} was removed" for key, name in before.items() if key not in after]
        parts += [
            f"{name} is {after[key]} now"
            for key, name in before.items()
            if after.get(key, name) != name
        ]
        if parts:
            texts.append(f"its {what} changed: {', '.join(parts)}")
    return texts


async def carry_out_all(
    changes: Sequence[Change],
    client: KonnectClient,
    *,
    on_outcome: Callable[[Outcome], None],
    actions: ActionLog | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    may_send: Callable[[int], bool] = lambda _: True,
    on_fault: Callable[[Exception], None] | None = None,
) -> tuple[Outcome, ...]:
    """Sends the changes one after the other; a failure does not stop the next ones.

    `actions` logs each outcome. `may_send` is asked before each change, with its number from 0, and
    ends the sending with False. `on_fault` gets an unexpected error, which leaves its change
    unknown; without it, the error is raised.
    """
    log, outcomes = actions or ActionLog(), []
    for number, change in enumerate(changes):
        if not may_send(number):
            break
        with client.ahead(), log.asking(change.title) as asked:
            try:
                outcome = await carry_out(change, client, sleep=sleep)
            except Exception as error:
                if on_fault is None:
                    raise
                on_fault(error)
                broken = Broken.by(error)
                text = f"Whether it was done is unknown. {broken}"
                outcome = _unknown(change, text, broken)
            outcome = replace(outcome, trace=_trace(outcome, asked))
            asked.came_to(outcome)
        outcomes.append(outcome)
        on_outcome(outcome)
    return tuple(outcomes)


def _failed(change: Change, error: KonnectError) -> Outcome:
    again = None if isinstance(error, _FUTILE) else change.again()
    message = str(error) if isinstance(error, Overtaken) else f"Not done: {error.short_text}"
    is_overtaken = isinstance(error, Overtaken)
    return Outcome(
        change=change,
        status="failed",
        message=message,
        again=again,
        is_overtaken=is_overtaken,
        error=error,
    )


def _unknown(change: Change, message: str, error: KonnectError | None = None) -> Outcome:
    again = replace(change.again(), may_be_so=True)
    return Outcome(change=change, status="unknown", message=message, again=again, error=error)


def _trace(outcome: Outcome, asked: Asked) -> str | None:
    """The trace id of the newest request for a change: what failed comes before what was sent."""
    of_error = outcome.error.trace if outcome.error is not None else None
    return of_error or (asked.sent.trace if asked.sent is not None else None)


async def _explain(
    change: Change, client: KonnectClient, error: KonnectError, *, already: str
) -> Outcome:
    """Asks Konnect whether a refused change was done already, or cannot be done."""
    try:
        is_so = bool(already) and await change.is_so(client)
    except NotFound:
        is_so = change.request.method == "DELETE"
        already = "It was gone already, together with what it belonged to."
    except KonnectError:
        is_so = False
    if is_so:
        return Outcome(change=change, status="already", message=already)
    return _failed(change, error)


async def _look(
    change: Change,
    client: KonnectClient,
    error: KonnectError,
    *,
    sleep: Callable[[float], Awaitable[None]],
) -> Outcome:
    """Finds out whether a change whose answer was lost took effect.

    If Konnect does not show it, that is still unknown: its lists can be late.
    """
    try:
        if await _appears(change, client, sleep=sleep):
            message = f"Done, although no answer said so. {error.short_text}"
            return Outcome(change=change, status="done", message=message)
    except KonnectError as unreadable:
        message = f"Whether it was done is unknown. {error.short_text} {unreadable.short_text}"
        return _unknown(change, message, error)
    message = f"Whether it was done is unknown: Konnect does not show it. {error.short_text}"
    return _unknown(change, message, error)


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
