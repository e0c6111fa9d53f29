"""The operator's terminal: hang-ups, other programs, and a plain page outside the application.

The terminal stays usable whatever happens to the connection.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.base.secrets import is_drawable, redact
from sa_tui.base.text import one_line, without_escapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import SecretStr
    from textual.app import App

LAST_RESORT_SECONDS = 3.0
HANG_UP_CHECK_SECONDS = 2.0
SIGNAL_CHECK_SECONDS = 0.2
_ENDINGS = (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT)


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the far end of an SSH connection."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def leave_on_hang_up(app: App[int], *, farewell: Callable[[], str]) -> None:
    """Ends the application in good order on a signal, or when its terminal is gone.

    Otherwise SIGTERM would leave the alternate screen on and SIGQUIT a secret on the plain page,
    and without its terminal, under `nohup`, the application would keep a processor busy for ever.
    `farewell` gives the last words to the operator.
    """
    if app.is_headless:
        return
    loop = asyncio.get_running_loop()

    def leave(code: int) -> None:
        app.exit(code, return_code=code, message=farewell() or None)

    def end(number: int, _: object = None) -> None:
        # A terminal that takes no more output can block the exit for ever.
        last_resort = threading.Timer(LAST_RESORT_SECONDS, os._exit, (128 + number,))
        last_resort.daemon = True
        last_resort.start()
        loop.call_soon_threadsafe(leave, 128 + number)

    # Not the loop's own handlers: the loop does not run while such a terminal blocks it.
    for number in (*_ENDINGS, signal.SIGINT):
        signal.signal(number, end)

    def check_terminal() -> None:
        poll = select.poll()
        poll.register(sys.__stdin__, 0)  # type: ignore[arg-type]
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0)):
            end(signal.SIGHUP)

    app.set_interval(HANG_UP_CHECK_SECONDS, check_terminal)


def crash_report() -> Text:
    """The redacted traceback of the exception being handled: places and messages, no values."""
    text = redact(without_escapes(traceback.format_exc()))
    return Text(f"sa-tui met an unexpected error.\n\n{text}")


@contextmanager
def aside(app: App[int]) -> Iterator[None]:
    """Leaves the terminal to another program for a while; Ctrl+C ends only that program."""
    if app.is_headless:
        yield
        return
    # Not SIG_IGN, which the program would inherit.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    failure: BaseException | None = None
    try:
        # Without the batch, a repaint meanwhile fills the writer's queue and hangs the application.
        with app.batch_update(), app.suspend():
            try:
                yield
            except BaseException as error:  # noqa: BLE001 - raised below
                failure = error
    finally:
        signal.signal(signal.SIGINT, before)
    # Textual takes the terminal back only if its block does not raise.
    if failure is not None:
        raise failure


def show_bare(app: App[int], lines: list[str], secret: SecretStr) -> None:
    """Shows a secret alone on one unbroken line, outside the application, until Enter.

    No border, no colour, no mouse mode: what the terminal selects is the secret and nothing else.
    The page is on the alternate screen and is wiped at the end. A secret with characters that a
    terminal might obey is not shown at all.
    """
    out = sys.__stdout__
    if out is None or not is_drawable(secret):
        return
    with aside(app), _interruptible():
        with suppress(EOFError, KeyboardInterrupt, OSError):
            out.write("\x1b[?1049h\x1b[2J\x1b[H")
            out.write("".join(f"{one_line(line)}\r\n" for line in lines))
            out.write(f"\r\n{secret.get_secret_value()}\r\n\r\nEnter goes back. ")
            out.flush()
            _wait_for_enter()
        with suppress(OSError):
            out.write("\x1b[2J\x1b[3J\x1b[H\x1b[?1049l")
            out.flush()


def _wait_for_enter() -> None:
    """Returns after a line from the terminal, or at the end of its input.

    Not `input()`: a signal that comes just before it blocks would be handled only after Enter.
    """
    source = sys.__stdin__
    if source is not None:
        while not select.select([source], [], [], SIGNAL_CHECK_SECONDS)[0]:
            pass  # Python handles a signal that has come meanwhile here
        os.read(source.fileno(), select.PIPE_BUF)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets a signal end the page first, and then the application if it is one that ends it.

    Without this, Ctrl+C would end the application, and other signals would wait for Enter.
    """
    received: list[int] = []

    def interrupt(number: int, _: object) -> None:
        received.append(number)
        if len(received) == 1:  # a second signal must not interrupt the wiping
            raise KeyboardInterrupt

    numbers = (*_ENDINGS, signal.SIGINT, signal.SIGTSTP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for ending in set(received).intersection(_ENDINGS):
            signal.raise_signal(ending)
