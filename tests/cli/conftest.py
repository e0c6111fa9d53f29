"""The command run in this process: its environment is made by the test, Konnect is the demo's."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.cli import main
from sa_tui.cli.environment import Environment
from sa_tui.cli.signals import Signals
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Time:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Command:
    """Runs `sa-tui` with arguments; `environ` and `env` may be changed before.

    Meanwhile `signals` takes the signals of a test.
    """

    env: Environment
    environ: dict[str, str] = field(default_factory=dict)
    signals: Signals = field(default_factory=Signals)

    def __call__(self, *argv: str) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        self.signals = Signals()
        env = replace(self.env, environ=self.environ, stdout=out, stderr=err, signals=self.signals)
        return Ended(main(argv, env=env), out.getvalue(), err.getvalue())


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def fake() -> FakeKonnect:
    return FakeKonnect(build_organisation(NOW, odd=True), clock=lambda: NOW)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The directory of profiles.toml."""
    return tmp_path / "config"


@pytest.fixture
def command(fake: FakeKonnect, tmp_path: Path, directory: Path) -> Command:
    """The command with nothing but a directory for profiles; every client speaks to `fake`."""
    time = Time()
    env = Environment(
        environ={},
        home=tmp_path,
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        now=lambda: NOW,
        monotonic=time.monotonic,
        sleep=time.sleep,
        transport=fake.transport(),
    )
    return Command(env, {"SA_TUI_CONFIG": str(directory)})


@pytest.fixture
def signed_in(command: Command, fake: FakeKonnect) -> Command:
    """The command with the operator's token in the environment."""
    command.environ["KONNECT_TOKEN"] = fake.operator_token
    return command
