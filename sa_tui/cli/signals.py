"""Turns SIGINT, SIGTERM and SIGHUP into an orderly end of the command.

A command imports this module first, so it imports very little. The rule it keeps: a signal stops
what is still to be done, and the exit code still tells what was done.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from types import FrameType

T = TypeVar("T")

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STUCK_SECONDS = 1.0
"""How long the event loop may take to notice a signal: a full pipe may block it."""


class Interrupted(KeyboardInterrupt):
    """A signal ended the command; `code` is the exit code that says which."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


class Signals:
    """What a signal does to a command, which depends on how far the command has come.

    Before an event loop runs, the process ends at once, because nothing has begun. While it runs,
    each signal cancels its work. After `conclude`, a signal changes nothing. `number` is the first
    signal that took effect.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._is_catching = False
        self._cancel: Callable[[], object] | None = None
        self._is_unnoticed = False
        self._is_whole = False
        self._code: int | None = None

    @property
    def concluded(self) -> int | None:
        """The exit code that is decided; None until then."""
        return self._code

    @property
    def code(self) -> int:
        """The exit code that says which signal took effect; 0 without one."""
        return 0 if self.number is None else 128 + self.number

    def catch(self) -> None:
        """Handles the signals of this process, except those that its parent set to be ignored."""
        with suppress(ValueError):  # only the main thread can handle signals
            for number in ENDINGS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, self.take)
            signal.signal(signal.SIGALRM, self._look)
            self._is_catching = True

    def take(self, number: int, _: FrameType | None = None) -> None:
        """Handles a signal."""
        if self._is_catching:
            signal.setitimer(signal.ITIMER_REAL, STUCK_SECONDS, STUCK_SECONDS)
        if self._code is not None:
            return
        if self.number is None:
            self.number = number
        if self._cancel is not None:
            self._is_unnoticed = True
            self._cancel()
            return
        if not self._is_whole:
            _end(number)

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Runs the work of a command in an event loop, where a signal cancels it.

        The cancelled work may still return a result. Raises Interrupted if it does not.
        """
        import asyncio

        async def cancellable() -> T:
            task, loop = asyncio.current_task(), asyncio.get_running_loop()

            def cancel() -> None:
                self._is_unnoticed = False
                if task is not None and self._code is None:
                    task.cancel()

            self._cancel = lambda: loop.call_soon_threadsafe(cancel)
            try:
                return await work
            finally:
                self._cancel = None

        try:
            return asyncio.run(cancellable())
        except asyncio.CancelledError:
            if self.number is None:
                raise
            raise Interrupted(self.number) from None

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Inside, a signal only cancels work where it awaits, and never ends the process.

        Without an event loop a signal does nothing inside.
        """
        self._is_whole = True
        try:
            yield
        finally:
            self._is_whole = False

    def conclude(self, code: int) -> None:
        """Decides the exit code: only output is left to be written."""
        self._code = code

    def leave(self, code: int) -> None:
        """Ends the handling of signals: from here on this process ignores them."""
        with suppress(ValueError):
            signal.setitimer(signal.ITIMER_REAL, 0)
            # At exit Python restores the handlers that it set itself, but leaves SIG_IGN.
            for number in (*ENDINGS, signal.SIGALRM):
                signal.signal(number, signal.SIG_IGN)
        if self.number is not None:
            os._exit(code)  # a thread may still wait for a keyring or a disk

    def _look(self, *_: object) -> None:
        """Ends what did not notice a signal for a while, such as a write to a full pipe."""
        if self._code is not None:
            os._exit(self._code)
        if self.number is None or self._is_whole:
            return
        if self._cancel is None:  # the loop has ended, but waits for a thread
            _end(self.number)
        if self._is_unnoticed:
            raise Interrupted(self.number)


def _end(number: int) -> NoReturn:
    with suppress(OSError):
        os.write(2, b"Interrupted.\n")
    os._exit(128 + number)
