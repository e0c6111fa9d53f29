"""A machine with a schedule, and a Konnect whose time the test moves."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Command, Ended

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SECRET = re.compile(r"spat_\w{20,}")
TOKENS = "*/access-tokens"
TOKEN = "*/access-tokens/*"
ENTRY = """
[rotations.nightly]
account = "probe"
tokens = "gha-*"
to = "keep"
lifetime = "90d"
before = "14d"
idle = "24h"
"""


class Moment:
    """The time of Konnect and of this machine."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Moment:
    return Moment(now)


@pytest.fixture
def fake(now: datetime, clock: Moment) -> FakeKonnect:
    return FakeKonnect(build_organisation(now, accounts=3), clock=clock)


@pytest.fixture
def account_id(fake: FakeKonnect) -> str:
    return fake.add_account("probe")


@pytest.fixture
def old_id(fake: FakeKonnect, account_id: str, now: datetime) -> str:
    """A token that ends in 10 days, and was used two days ago."""
    return fake.add_token(
        account_id,
        "gha-3",
        created_at=stamp(now - timedelta(days=80)),
        expires_at=stamp(now + timedelta(days=10)),
        last_used_at=stamp(now - timedelta(days=2)),
    )


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class Nights:
    """A machine with a schedule: its files, and one run after the other."""

    def __init__(self, command: Command, clock: Moment, directory: Path, home: Path) -> None:
        self.command = command
        self.clock = clock
        self.home = home
        self.state = home / "state" / "sa-tui"
        self._directory = directory
        directory.mkdir()
        self.write("profiles.toml", self.destination("cat > $0.kept"))
        self.write("rotations.toml", ENTRY)

    def destination(self, shell: str, *, verify: str = "sha256sum {home}/{account}.kept") -> str:
        """The destination `keep`: a shell command with the secret on its standard input."""
        return f"""
[destinations.keep]
kind = "command"
command = ["sh", "-c", "cd {self.home} && {shell}", "{{account}}"]
verify = {json.dumps(verify.replace("{home}", str(self.home)))}
"""

    def write(self, name: str, text: str) -> None:
        path = self._directory / name
        path.write_text(text)
        path.chmod(0o600)

    def run(self, *more: str, later: timedelta = timedelta()) -> Ended:
        """A run, so much later; what it prints must not hold a secret."""
        self.clock.now += later
        self.command.env = replace(self.command.env, now=self.clock)
        ended = self.command("rotate", "--due", *more)
        assert not SECRET.search(ended.out + ended.err + self.kept)
        receipts = self.state / "receipts.jsonl"
        for line in receipts.read_text().splitlines() if receipts.exists() else ():
            Draft202012Validator(schema_of("rotate receipt")).validate(json.loads(line))
        return ended

    def forget(self) -> None:
        """Empties the home of a CI runner."""
        shutil.rmtree(self.state, ignore_errors=True)

    @property
    def kept(self) -> str:
        """All that is written down beside the secret itself."""
        files = (path for path in self.home.rglob("*") if path.is_file())
        return "".join(path.read_text() for path in files if path.suffix != ".kept")

    def told(self, entry: str = ENTRY) -> None:
        """Has a command told of everything; see `events`."""
        events = self.home / "events"
        self.write("rotations.toml", f'on_event = ["sh", "-c", "cat >> {events}"]\n{entry}')

    def events(self) -> list[Any]:
        """What a command was told so far."""
        told = [json.loads(line) for line in (self.home / "events").read_text().splitlines()]
        for event in told:
            Draft202012Validator(schema_of("rotate event")).validate(event)
        return told

    @property
    def receipts(self) -> list[Any]:
        path = self.state / "receipts.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def nights(
    signed_in: Command,
    clock: Moment,
    directory: Path,
    tmp_path: Path,
    old_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Nights:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    signed_in.environ["PATH"] = os.environ["PATH"]
    return Nights(signed_in, clock, directory, tmp_path)


@pytest.fixture
def tokens(fake: FakeKonnect, account_id: str) -> Callable[[], list[str]]:
    """The names of the tokens that the account has."""
    return lambda: [token["name"] for token in fake.tokens_of(account_id)]


def writes(fake: FakeKonnect) -> list[str]:
    return [each.method for each in fake.received if each.method != "GET"]


def works(fake: FakeKonnect, secret: str) -> bool:
    headers = {"authorization": f"Bearer {secret}"}
    return fake.answer("GET", "/v3/organizations/me", {}, headers, b"").status == 200


def meddle(nights: Nights, fake: FakeKonnect, act: Callable[[str, str], object]) -> None:
    """Somebody else, who does something before each request arrives."""
    answer = fake.answer

    def answering(method: str, path: str, *more: Any) -> Any:
        act(method, path)
        return answer(method, path, *more)

    fake.answer = answering  # type: ignore[assignment,method-assign]
    nights.command.env = replace(nights.command.env, transport=fake.transport())
