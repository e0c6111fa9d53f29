"""The operator's terminal itself: hang-ups, raw writes, and a bare page outside the application.

Nothing here decides anything; it keeps the terminal usable whatever happens to the connection.
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
    """Ends the application in good order on every signal that ends one, and without its terminal.

    Left alone, SIGTERM would leave the alternate screen on, SIGQUIT a secret on the bare page, and
    a terminal that vanished under `nohup` would keep a processor busy for ever. `farewell` is what
    is left to say then.
    """
    if app.is_headless:
        return
    loop = asyncio.get_running_loop()

    def leave(code: int) -> None:
        app.exit(code, return_code=code, message=farewell() or None)

    def end(number: int, _: object = None) -> None:
        # A terminal that takes no more output can block the way out for ever.
        last_resort = threading.Timer(LAST_RESORT_SECONDS, os._exit, (128 + number,))
        last_resort.daemon = True
        last_resort.start()
        loop.call_soon_threadsafe(leave, 128 + number)

    # Not the loop's own handlers: it does not run while such a terminal blocks it.
    for number in (*_ENDINGS, signal.SIGINT):
        signal.signal(number, end)

    def look() -> None:
        poll = select.poll()
        poll.register(sys.__stdin__, 0)  # type: ignore[arg-type]
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0)):
            end(signal.SIGHUP)

    app.set_interval(HANG_UP_CHECK_SECONDS, look)


def crash_report() -> Text:
    """The traceback of the exception being handled: places and messages, no values, redacted."""
    text = redact(without_escapes(traceback.format_exc()))
    return Text(f"sa-tui met an error that it does not know.\n\n{text}")


@contextmanager
def aside(app: App[int]) -> Iterator[None]:
    """Gives the terminal to somebody else for a while; Ctrl+C is theirs, and ends nobody else."""
    if app.is_headless:
        yield
        return
    # Not SIG_IGN, which a program that is started would inherit.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    failed: BaseException | None = None
    try:
        # Without the batch a repaint meanwhile fills the writer's queue and hangs the application.
        with app.batch_update(), app.suspend():
            try:
                yield
            except BaseException as error:  # noqa: BLE001 - raised below
                failed = error
    finally:
        signal.signal(signal.SIGINT, before)
    # Textual takes the terminal back only from a block that ends well.
    if failed is not None:
        raise failed


def show_bare(app: App[int], lines: list[str], secret: SecretStr) -> None:
    """Shows a secret alone on one unbroken line, outside the application, until Enter.

    No border, no colour, no mouse mode: what the terminal selects is the secret and nothing else.
    The page lives on the alternate screen and is wiped before it is left. A secret that a terminal
    might obey is not shown at all.
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
    """Returns after a line from the terminal, or its end.

    Not `input()`: a signal that comes just before it blocks would be seen only after Enter.
    """
    source = sys.__stdin__
    if source is not None:
        while not select.select([source], [], [], SIGNAL_CHECK_SECONDS)[0]:
            pass  # a signal that has come meanwhile is taken here
        os.read(source.fileno(), select.PIPE_BUF)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets a signal end the page; one that ends the application does so after that.

    Else Ctrl+C would end the application, and the others would wait for Enter.
    """
    received: list[int] = []

    def interrupt(number: int, _: object) -> None:
        received.append(number)
        if len(received) == 1:  # a later one must not stop the wiping
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
