"""A machine whose clock is wrong: what concerns Konnect's times goes by Konnect's clock."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Command, Ended

ACCOUNT = "probe"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps what is written down inside the test's directory."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def account_id(fake: FakeKonnect) -> str:
    return fake.add_account(ACCOUNT)


def set_clock(command: Command, moment: datetime) -> None:
    command.env = replace(command.env, now=lambda: moment)


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def issue(command: Command, path: Path) -> Ended:
    return command(
        *("token", "issue", ACCOUNT, "--name", "ci", "--lifetime", "30d", "--to-file", str(path)),
        *("-o", "json"),
    )


@pytest.mark.parametrize("days", [3, -3])
def test_a_lifetime_of_30_days_is_30_days_of_konnect(
    signed_in: Command, fake: FakeKonnect, account_id: str, tmp_path: Path, now: Any, days: int
) -> None:
    set_clock(signed_in, now + timedelta(days=days))

    ended = issue(signed_in, tmp_path / "token")

    assert ended.code == 0
    (token,) = fake.tokens_of(account_id)
    lifetime = datetime.fromisoformat(token["expires_at"]) - now
    assert abs(lifetime - timedelta(days=30)) <= timedelta(seconds=1)
    assert ended.err.count("3 d ahead of Konnect's" if days > 0 else "3 d behind Konnect's") == 1


def test_a_token_that_is_alive_is_not_called_expired(
    signed_in: Command, fake: FakeKonnect, account_id: str, now: Any
) -> None:
    fake.add_token(account_id, "alive", expires_at=stamp(now + timedelta(days=1)))
    set_clock(signed_in, now + timedelta(days=3))

    ended = signed_in("token", "list", ACCOUNT, "-o", "json")

    assert [each["state"] for each in ended.json["access_tokens"]] == ["live"]
    assert "WARNING: This machine's clock is 3 d ahead of Konnect's" in ended.err


@pytest.mark.parametrize("argv", [("accounts",), ("who", "is:armed"), ("access", ACCOUNT)])
def test_every_command_says_the_difference_once(
    signed_in: Command, now: Any, argv: tuple[str, ...]
) -> None:
    set_clock(signed_in, now - timedelta(days=3))

    assert signed_in(*argv).err.count("3 d behind Konnect's") == 1


def test_a_token_used_three_hours_ago_is_not_retired_by_a_clock_30_hours_ahead(
    signed_in: Command, fake: FakeKonnect, account_id: str, tmp_path: Path, now: Any
) -> None:
    fake.add_token(account_id, "gha-3", last_used_at=stamp(now - timedelta(days=9)))
    assert (
        signed_in("token", "rotate", ACCOUNT, "gha-3", "--to-file", str(tmp_path / "n")).code == 0
    )
    row = next(each for each in fake.tokens_of(account_id) if each["name"] == "gha-3")
    row["last_used_at"] = stamp(now - timedelta(hours=3))
    set_clock(signed_in, now + timedelta(hours=30))

    ended = signed_in("token", "retire", ACCOUNT, "gha-3")

    assert ended.code == 7
    assert "1 d 6 h ahead of Konnect's" in ended.err
    assert "gha-3" in {each["name"] for each in fake.tokens_of(account_id)}


def test_without_a_time_from_konnect_this_machine_is_believed_and_that_is_said(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    signed_in.env = replace(signed_in.env, transport=Timeless(fake.transport()))

    ended = issue(signed_in, tmp_path / "token")

    assert ended.code == 0
    assert "Konnect does not tell the time: this machine's clock is used." in ended.err


class Timeless(httpx.AsyncBaseTransport):
    """A line on which every Date gets lost."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        del response.headers["date"]
        return response


def test_what_is_written_down_for_a_rotation_is_by_konnects_clock(
    signed_in: Command, fake: FakeKonnect, account_id: str, tmp_path: Path, now: Any
) -> None:
    fake.add_token(account_id, "gha-3")
    set_clock(signed_in, now + timedelta(days=3))
    signed_in("token", "rotate", ACCOUNT, "gha-3", "--to-file", str(tmp_path / "new"))
    notes = [
        json.loads(line)
        for name in ("handover", "rotations")
        for path in (tmp_path / "state").rglob(f"{name}.jsonl")
        for line in path.read_text().splitlines()
    ]
    moments = {
        note["event"]: datetime.fromisoformat(note.get("at") or note["begun_at"])
        for note in notes
        if note["event"] in ("intended", "begun", "handed over", "verified")
    }
    assert len(moments) == 4
    assert all(moment - now < timedelta(minutes=1) for moment in moments.values())
