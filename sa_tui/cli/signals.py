"""Turns SIGINT, SIGTERM and SIGHUP into one orderly end of the command, whatever it is doing.

It is the first thing that a command imports, so it imports next to nothing. The rule it keeps: a
signal changes what is still to be done, and never what the exit code says of what was done.
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
"""How long the event loop may take to notice a signal: it may be blocked by a full pipe."""


class Interrupted(KeyboardInterrupt):
    """A signal ended the command; `code` is the exit code that says which."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


class Signals:
    """What a signal does to a command, which depends on how far the command has come.

    Before an event loop runs nothing is begun that a sudden end could spoil: the process ends at
    once. While one runs, its work is cancelled, each time anew. Once a command has had its last
    word, nothing is left to be changed. `number` is the first signal that changed something.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._is_catching = False
        self._cancel: Callable[[], object] | None = None
        self._is_unnoticed = False
        self._is_whole = False
        self._code: int | None = None

    @property
    def has_concluded(self) -> bool:
        """Whether a change has had its last word."""
        return self._code is not None

    def catch(self) -> None:
        """Takes the signals of this process, except those that its parent told it to ignore."""
        with suppress(ValueError):  # not the main thread, which alone gets signals
            for number in ENDINGS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, self.take)
            signal.signal(signal.SIGALRM, self._look)
            self._is_catching = True

    def take(self, number: int, _: FrameType | None = None) -> None:
        """Does what this signal means now; the handler of all of them."""
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
        """Runs the work of a command in an event loop; a signal cancels it.

        It may still tell what has become of it, and return. Raises Interrupted if it does not.
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
        """Inside, work is cancelled where it waits and never torn, however long it is stuck.

        Without an event loop a signal is then of no consequence.
        """
        self._is_whole = True
        try:
            yield
        finally:
            self._is_whole = False

    def conclude(self, code: int) -> None:
        """The last word is said, and this is the exit code: only output is left to be written."""
        self._code = code

    def leave(self, code: int) -> None:
        """Nothing is left to be done: from here on no signal reaches this process."""
        with suppress(ValueError):
            signal.setitimer(signal.ITIMER_REAL, 0)
            # Python gives handlers of its own back to the system when it ends; these it leaves.
            for number in (*ENDINGS, signal.SIGALRM):
                signal.signal(number, signal.SIG_IGN)
        if self.number is not None:
            os._exit(code)  # a thread may still wait for a keyring, or for a disk

    def _look(self, *_: object) -> None:
        """A while after a signal: ends what did not notice it, such as a write to a full pipe."""
        if self._code is not None:
            os._exit(self._code)
        if self.number is None or self._is_whole:
            return
        if self._cancel is None:  # the loop has ended, and waits for a thread that does not
            _end(self.number)
        if self._is_unnoticed:
            raise Interrupted(self.number)


def _end(number: int) -> NoReturn:
    with suppress(OSError):
        os.write(2, b"Interrupted.\n")
    os._exit(128 + number)
