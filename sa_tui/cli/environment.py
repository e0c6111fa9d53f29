"""What a command touches outside the program, in one value that a test can make for itself."""

from __future__ import annotations

import asyncio
import io
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError
from sa_tui.cli.run import Run, Warning
from sa_tui.cli.signals import Signals
from sa_tui.cli.streams import ClosedStream, occupy_closed_streams

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import TextIO

    import httpx
    from pydantic import SecretStr


NOWHERE = Path(os.devnull)
"""A home directory that is not there: nothing is in it, and nothing can be made in it."""


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The environment, the streams and the clocks of one run.

    A `transport` stands in for the network of every client. `run` is what is known of the run,
    `secrets` the tokens that were read in it, `token_variables` where others are that were not.
    """

    environ: Mapping[str, str]
    home: Path
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    now: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    transport: httpx.AsyncBaseTransport | None = None
    run: Run = field(default_factory=Run)
    signals: Signals = field(default_factory=Signals)
    secrets: list[SecretStr] = field(default_factory=list, repr=False)
    token_variables: set[str] = field(default_factory=set)

    @property
    def child_environ(self) -> Mapping[str, str]:
        """The environment of the programs that are given a secret, without any that is known."""
        from sa_tui.handover.process import WithoutSecrets

        return WithoutSecrets(self.environ, secrets=self.secrets, names=self.token_variables)

    @classmethod
    def real(cls, signals: Signals | None = None) -> Environment:
        """The environment of this process; its output shows what it cannot encode as an escape."""
        occupy_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return cls(
            environ=os.environ,
            home=_home(),
            # A stream that was closed by the caller is None.
            stdin=sys.stdin or io.StringIO(),
            stdout=sys.stdout or ClosedStream(),
            stderr=sys.stderr or ClosedStream(),
            signals=signals or Signals(),
        )

    def need_home(self, variable: str) -> None:
        """Raises UsageError when there is no home directory, nor this variable in its place."""
        if self.home == NOWHERE and not self.environ.get(variable):
            raise UsageError(
                "This user has no home directory to keep anything in: "
                "set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME."
            )

    def put(self, text: str) -> None:
        """Writes a line of data."""
        self.stdout.write(f"{text}\n")

    def tell(self, text: str) -> None:
        """Writes a line of narration, which is never data; that nobody can read it stops nothing.

        After a hang-up the terminal takes no more, and what was begun is to be finished.
        """
        with suppress(OSError, ValueError):
            self.stderr.write(f"{one_line(text, limit=None)}\n")
            self.stderr.flush()

    def tell_lines(self, text: str) -> None:
        """Writes narration of several lines; in `tell` a name makes no line of its own."""
        for line in text.split("\n"):
            self.tell(line)

    def warn(self, message: str, *, term: str | None = None, word: str = "WARNING: ") -> None:
        """Says what to look at twice; an answer in JSON has it as well."""
        self.tell(f"{word}{message}")
        self.run.warnings.append(Warning(message, term))

    def fail(self, message: str) -> None:
        """Says why there will be no answer; in JSON it stands instead of one."""
        self.tell_lines(f"sa-tui: {message}")
        self.run.failures.append(message)


def _home() -> Path:
    try:
        return Path(os.environ.get("HOME") or Path.home())
    except RuntimeError:  # neither HOME nor an entry in the list of users
        return NOWHERE
