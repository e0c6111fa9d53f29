"""A token command at work on a terminal: what is waited for, what it says, and how to stop it.

A password manager may wait for a finger or a key without a word; nobody should face an empty page.
What it says is shown without secrets; what it answers is shown nowhere.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shlex
import signal
import subprocess
import termios
import time
from typing import TYPE_CHECKING, TextIO

from sa_tui.base.secrets import redact
from sa_tui.base.text import one_line, without_escapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType
    from typing import BinaryIO

_LOOK_SECONDS = 0.2
_KEPT_BYTES = 65_536
_ESCAPE = b"\x1b"
_COMMAND_CHARACTERS = 120
_ENDINGS = (signal.SIGTERM, signal.SIGHUP)


def run_on_terminal(
    argv: Sequence[str],
    *,
    out: TextIO,
    monotonic: Callable[[], float] = time.monotonic,
    env: Mapping[str, str],
    timeout: float,
    **_: object,
) -> subprocess.CompletedProcess[bytes]:
    """Runs the command as `subprocess.run` does with its output captured, and tells how it goes.

    Esc and Ctrl+C end the command; so does a signal that ends this program. Raises
    subprocess.TimeoutExpired.
    """
    with _escape_stops(), _endings() as endings:
        # Before the command can write a word of its own.
        page = _Page(out, argv, timeout=timeout, began=monotonic(), monotonic=monotonic)
        try:
            with subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(env),
            ) as process:
                try:
                    _follow(process, page, endings)
                finally:
                    process.kill()  # nothing where it has ended
        finally:
            page.close()
    return subprocess.CompletedProcess(argv, process.returncode, page.answer, page.said)


def _follow(process: subprocess.Popen[bytes], page: _Page, endings: list[int]) -> None:
    """Tells what comes until the command has ended, by itself or at its limit."""
    assert process.stdout is not None  # noqa: S101 - they are pipes
    assert process.stderr is not None  # noqa: S101
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, page.take_answer)
        selector.register(process.stderr, selectors.EVENT_READ, page.take_words)
        # A program that it leaves behind may hold the streams open for hours.
        while selector.get_map() and process.poll() is None:
            _take(selector, page)
            if page.left_seconds <= 0 or endings:
                process.kill()
                if not endings:
                    raise subprocess.TimeoutExpired(process.args, page.timeout)
        while _take(selector, page, seconds=0):
            pass
    process.wait()


def _take(selector: selectors.BaseSelector, page: _Page, *, seconds: float = _LOOK_SECONDS) -> bool:
    """Takes what has come; whether that was anything."""
    ready = selector.select(seconds)
    for key, _ in ready:
        stream: BinaryIO = key.fileobj  # type: ignore[assignment]
        chunk = os.read(stream.fileno(), _KEPT_BYTES)
        if not chunk:
            selector.unregister(stream)
        key.data(chunk)
    page.draw()
    return bool(ready)


class _Page:
    """The lines that the operator sees, the last of which says how long it can still take."""

    def __init__(
        self,
        out: TextIO,
        argv: Sequence[str],
        *,
        timeout: float,
        began: float,
        monotonic: Callable[[], float],
    ) -> None:
        self.timeout = timeout
        self.answer = b""
        self.said = b""
        self._out = out
        self._began = began
        self._monotonic = monotonic
        self._drawn = ""
        self._shown_bytes = 0
        command = one_line(redact(shlex.join(argv)), limit=_COMMAND_CHARACTERS)
        self._write(f"Asking for the token: {command}\n")

    @property
    def left_seconds(self) -> float:
        """How long it may still take."""
        return self.timeout - (self._monotonic() - self._began)

    def take_answer(self, chunk: bytes) -> None:
        """Keeps the beginning of what it answers."""
        self.answer = (self.answer + chunk)[:_KEPT_BYTES]

    def take_words(self, chunk: bytes) -> None:
        """Keeps the beginning of what it says, and shows each whole line."""
        self.said = (self.said + chunk)[:_KEPT_BYTES]
        end = self.said.rfind(b"\n") + 1
        if end > self._shown_bytes:
            lines = self.said[self._shown_bytes : end]
            self._shown_bytes = end
            self._write(f"\r\x1b[K{_shown(lines)}\n")
            self._drawn = ""

    def draw(self) -> None:
        """Shows the line that is not whole yet, and the seconds."""
        part = _shown(self.said[self._shown_bytes :])
        seconds = f"{max(0, round(self.left_seconds))} s left, Esc or Ctrl+C stops it."
        line = f"{part} · {seconds}" if part else seconds
        if line != self._drawn:
            self._drawn = line
            self._write(f"\r\x1b[K{line}")

    def close(self) -> None:
        """Takes the line with the seconds away."""
        self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # a terminal that is gone stops nothing
            self._out.write(text)
            self._out.flush()


def _shown(output: bytes) -> str:
    return without_escapes(redact(output.decode(errors="replace"))).strip()


@contextlib.contextmanager
def _escape_stops() -> Iterator[None]:
    """Has the terminal make SIGQUIT of Esc: reading keys would take them from the command."""
    before = signal.signal(signal.SIGQUIT, lambda *_: None)  # not SIG_IGN, which is inherited
    terminal, settings = -1, None
    try:
        with contextlib.suppress(OSError, termios.error):
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
            settings = termios.tcgetattr(terminal)
            with_escape = [*settings[:6], [*settings[6]]]
            with_escape[6][termios.VQUIT] = _ESCAPE
            termios.tcsetattr(terminal, termios.TCSANOW, with_escape)
        yield
    finally:
        if settings is not None:
            with contextlib.suppress(OSError, termios.error):
                termios.tcsetattr(terminal, termios.TCSANOW, settings)
        if terminal >= 0:
            os.close(terminal)
        signal.signal(signal.SIGQUIT, before)


@contextlib.contextmanager
def _endings() -> Iterator[list[int]]:
    """The signals that end this program and came meanwhile; they do what they did before, too."""
    received: list[int] = []
    before = {number: signal.getsignal(number) for number in _ENDINGS}

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for ending in _ENDINGS:
        signal.signal(ending, note)
    try:
        yield received
    finally:
        for ending in _ENDINGS:
            signal.signal(ending, before[ending])
        for number in received:
            if before[signal.Signals(number)] is signal.SIG_DFL:
                signal.raise_signal(number)
