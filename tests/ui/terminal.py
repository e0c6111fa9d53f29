"""The real program on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pyte
import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PATIENCE_SECONDS = 20
ALTERNATE_ON, ALTERNATE_OFF = b"\x1b[?1049h", b"\x1b[?1049l"
MOUSE_ON, MOUSE_OFF = b"\x1b[?1000h", b"\x1b[?1000l"


class Terminal:
    """The application on a terminal of its own, of which every byte is kept.

    A terminal that does not control the program does not tell it by a signal that it is gone.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        directory: Path,
        *,
        module: str = "sa_tui",
        arguments: Sequence[str] = ("--demo",),
        is_told: bool = True,
        typed_ahead: str = "",
    ) -> None:
        self.screen, inside = pty.openpty()
        os.write(self.screen, typed_ahead.encode())
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.set_blocking(self.screen, False)
        self.seen = b""
        self._shown = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._shown)
        self._before = list(self._shown.display)

        def take_terminal() -> None:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as under nohup
            if is_told:
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(directory),
                "TERM": "xterm-256color",
                "LC_ALL": "C.UTF-8",
                "PYTHONWARNINGS": "error",
                **environ,
            },
            start_new_session=True,
            preexec_fn=take_terminal,
        )
        os.close(inside)

    def until(self, *marks: bytes) -> bytes:
        """Everything since the last call, as soon as all marks have come.

        A mark has come when it is in what was sent, or in a line that was changed since.
        """
        seen, end = b"", time.monotonic() + PATIENCE_SECONDS
        while not all(mark in seen or self._is_new(mark) for mark in marks):
            if not select.select([self.screen], [], [], max(0.0, end - time.monotonic()))[0]:
                pytest.fail(f"{marks!r} never came: {seen[-2000:]!r}")
            chunk = self._read()
            if not chunk:
                pytest.fail(f"{marks!r} never came, it has ended: {seen[-2000:]!r}")
            seen += chunk
            self._stream.feed(chunk)
        self._before = list(self._shown.display)
        return seen

    def _is_new(self, mark: bytes) -> bool:
        """Whether a line that shows this text did not stand there before."""
        lines = zip(self._before, self._shown.display, strict=True)
        return any(mark.decode() in now for before, now in lines if now != before)

    def type(self, keys: str) -> None:
        os.write(self.screen, keys.encode())

    def hang_up(self) -> None:
        os.close(self.screen)
        self.screen = -1

    def ended(self) -> int:
        """The exit code, once the program has ended and its last bytes are kept."""
        while self.screen >= 0 and select.select([self.screen], [], [], PATIENCE_SECONDS)[0]:
            if not self._read():
                break
        return self.process.wait(PATIENCE_SECONDS)

    def _read(self) -> bytes:
        try:
            chunk = os.read(self.screen, 65_536)
        except OSError:  # nobody is at the other end any more
            chunk = b""
        self.seen += chunk
        return chunk

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.screen >= 0:
            os.close(self.screen)


def is_restored(seen: bytes) -> bool:
    """Whether the terminal was given back the way it was found."""
    return seen.rfind(ALTERNATE_OFF) > seen.rfind(ALTERNATE_ON) and (
        MOUSE_ON not in seen or seen.rfind(MOUSE_OFF) > seen.rfind(MOUSE_ON)
    )
