"""Everything outside the program that a command uses, in one value that tests can build."""

from __future__ import annotations

import io
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.answers.head import Warning
from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError
from sa_tui.cli.run import Run
from sa_tui.cli.signals import Signals
from sa_tui.cli.streams import ClosedStream, occupy_closed_streams

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import TextIO

    import httpx
    from pydantic import SecretStr


NOWHERE = Path(os.devnull)
"""Stands for a missing home directory: it is empty, and nothing can be made in it."""


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


async def sleep(seconds: float) -> None:
    """Waits; only what waits pays for loading what that takes."""
    import asyncio

    await asyncio.sleep(seconds)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The environment, the streams and the clocks of one run.

    `transport` replaces the network of every client. `secrets` are the tokens that were read;
    `token_variables` name the environment variables of other profiles' tokens.
    """

    environ: Mapping[str, str]
    home: Path
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    now: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = sleep
    transport: httpx.AsyncBaseTransport | None = None
    run: Run = field(default_factory=Run)
    signals: Signals = field(default_factory=Signals)
    secrets: list[SecretStr] = field(default_factory=list, repr=False)
    token_variables: set[str] = field(default_factory=set)

    @property
    def child_environ(self) -> Mapping[str, str]:
        """The environment of child processes, without the tokens that are known."""
        from sa_tui.handover.process import WithoutSecrets

        return WithoutSecrets(self.environ, secrets=self.secrets, names=self.token_variables)

    @classmethod
    def real(cls, signals: Signals | None = None) -> Environment:
        """The environment of this process; output writes what it cannot encode as an escape."""
        occupy_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return cls(
            environ=os.environ,
            home=_home(),
            # Python sets a stream that the caller closed to None.
            stdin=sys.stdin or io.StringIO(),
            stdout=sys.stdout or ClosedStream(),
            stderr=sys.stderr or ClosedStream(),
            signals=signals or Signals(),
        )

    def need_home(self, variable: str) -> None:
        """Raises UsageError when there is neither a home directory nor this variable."""
        if self.home == NOWHERE and not self.environ.get(variable):
            raise UsageError(
                "This user has no home directory to keep anything in: "
                "set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME."
            )

    def put(self, text: str) -> None:
        """Writes a line of data."""
        self.stdout.write(f"{text}\n")

    def tell(self, text: str) -> None:
        """Writes a line to stderr; a failure to write is ignored.

        After a hang-up the terminal is gone, but the command has to finish what it began.
        """
        with suppress(OSError, ValueError):
            self.stderr.write(f"{one_line(text, limit=None)}\n")
            self.stderr.flush()

    def tell_lines(self, text: str) -> None:
        """Writes several lines to stderr; `tell` replaces line breaks, which may be in a name."""
        for line in text.split("\n"):
            self.tell(line)

    def warn(self, message: str, *, term: str | None = None, word: str = "WARNING: ") -> None:
        """Writes a warning to stderr, and keeps it for the answer in JSON."""
        self.tell(f"{word}{message}")
        self.run.warnings.append(Warning(message, term))

    def fail(self, message: str) -> None:
        """Writes why there is no answer to stderr, and keeps it for the error in JSON."""
        self.tell_lines(f"sa-tui: {message}")
        self.run.failures.append(message)


def _home() -> Path:
    try:
        return Path(os.environ.get("HOME") or Path.home())
    except RuntimeError:  # neither HOME nor an entry in the user database
        return NOWHERE
