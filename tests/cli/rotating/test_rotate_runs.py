"""One run of `sa-tui rotate --due`: alone, in order, and ended by signals."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.records.lease import Lease

from .conftest import DAY, ENTRY, HOUR, Moment, Nights, meddle, stamp, writes

# The run itself


def test_a_second_run_beside_the_first_does_nothing(
    nights: Nights, fake: FakeKonnect, clock: Moment
) -> None:
    other = Lease(nights.state / "rotate.lock", now=clock, pid=os.getpid(), host="elsewhere")
    other.take()

    ended = nights.run()
    assert ended.code == 7
    assert "Another run is at work" in ended.err
    assert fake.received == []
    assert nights.run(later=16 * timedelta(minutes=1)).code == 0


def test_a_run_that_stood_still_too_long_leaves_the_rest_to_the_one_that_took_over(
    nights: Nights, fake: FakeKonnect, several: list[str], clock: Moment
) -> None:
    other = Lease(nights.state / "rotate.lock", now=clock, pid=os.getpid(), host="elsewhere")

    def stand_still(method: str, _: str) -> None:
        if method == "POST" and not writes(fake):
            clock.now += timedelta(minutes=16)
            other.take()

    meddle(nights, fake, stand_still)

    ended = nights.run()

    assert ended.code == 7
    assert writes(fake) == ["POST"]
    assert nights.receipts[-1]["exit_code"] == 7


def test_a_read_only_profile_is_refused_before_anything(nights: Nights, fake: FakeKonnect) -> None:
    assert nights.run("--read-only").code == 2
    assert fake.received == []
    assert nights.run("--read-only", "--dry-run").code == 0


def test_a_receipt_that_cannot_be_kept_is_told(nights: Nights) -> None:
    ended = nights.run("--receipt", str(nights.home))

    assert ended.code == 2
    assert "The receipt" in ended.err


def test_names_that_attack_a_terminal_are_harmless(
    nights: Nights, fake: FakeKonnect, account_id: str, now: datetime
) -> None:
    name = "gha-\x1b[31m\u202e\n=cmd 'x' \"y\"-3"
    fake.add_token(account_id, name, expires_at=stamp(now + DAY))
    place = nights.destination("cat > $0.kept").replace("{account}", "{account}-{token}")
    nights.write("profiles.toml", place)

    ended = nights.run()

    assert "\x1b" not in ended.out + ended.err
    assert "\u202e" not in ended.out + ended.err


# Several tokens


@pytest.fixture
def several(nights: Nights, fake: FakeKonnect, clock: Moment) -> list[str]:
    """The ids of five accounts, each with a token that ends; the later, the further down."""
    place = nights.destination("cat > $0.kept").replace("{account}", "{account}-{token}")
    nights.write("profiles.toml", place)
    nights.write(
        "rotations.toml",
        ENTRY.replace('account = "probe"', "").replace(
            'tokens = "gha-*"', "query = 'name:several token:gha'"
        ),
    )
    accounts = [fake.add_account(f"several-{number}") for number in range(5)]
    for days, id in enumerate(reversed(accounts), start=2):
        fake.add_token(id, "gha", expires_at=stamp(clock.now + days * DAY))
    return accounts


def test_the_token_that_ends_first_goes_first_and_one_failure_stops_no_other(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    fake.inject(Fault("500", method="POST", path=f"*/{several[2]}/*", times=None))

    ended = nights.run("-o", "json")

    assert ended.code == 11
    statuses = [(each["system_account"]["id"], each["status"]) for each in ended.json["results"]]
    expected = [(id, "unknown" if id == several[2] else "done") for id in reversed(several)]
    assert statuses == expected
    assert nights.receipts[-1]["organization"]["name"] == ended.json["organization"]["name"]
    assert not [each.path for each in fake.received if each.path.endswith("/assigned-roles")]


def test_a_run_in_which_nothing_was_done_is_not_partly_done(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    fake.inject(Fault("403", method="POST", path=f"*/{several[2]}/*", times=None))
    fake.inject(Fault("500", method="POST", path="*/access-tokens", times=None))

    ended = nights.run("-o", "json")

    assert {each["status"] for each in ended.json["results"]} == {"failed", "unknown"}
    assert ended.code == 10


def test_a_konnect_that_cannot_be_asked_is_not_asked_for_every_token(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    fake.inject(Fault("429", method="POST", retry_after_seconds=9999, times=None))

    ended = nights.run("-o", "json")

    assert ended.code == 5
    assert len(ended.json["results"]) == 3
    assert ended.json["not_tried"] == 2


def test_a_file_with_the_token_in_its_path_is_a_place_too(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    path = nights.home / "{account}-{token}.kept"
    nights.write("profiles.toml", f'[destinations.keep]\nkind = "file"\npath = "{path}"\n')

    assert nights.run().code == 0
    second = nights.run(later=25 * HOUR)
    assert second.code == 0, second.out

    kept = sorted(file.name for file in nights.home.glob("*.kept"))
    assert kept == [f"several-{number}-gha-2.kept" for number in range(5)]
    assert [len(fake.tokens_of(id)) for id in several] == [1] * 5


# Signals and streams


def test_a_signal_in_the_middle_ends_the_run_in_order(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    def act(method: str, _: str) -> None:
        if method == "POST" and not writes(fake):
            nights.command.signals.take(signal.SIGTERM)

    meddle(nights, fake, act)

    ended = nights.run()

    assert ended.code == 143
    assert sum(len(fake.tokens_of(id)) for id in several) <= 6
    assert nights.receipts[-1]["exit_code"] == 143
    assert nights.run(later=13 * HOUR).code == 0


def test_without_a_home_there_is_a_sentence(nights: Nights, tmp_path: Path) -> None:
    nights.command.env = replace(nights.command.env, home=Path(os.devnull))
    del nights.command.environ["SA_TUI_CONFIG"]

    ended = nights.command("rotate", "--due")

    assert ended.code == 2
    assert "set HOME, or XDG_CONFIG_HOME" in ended.err


def test_due_has_to_be_said(nights: Nights) -> None:
    ended = nights.command("rotate")

    assert ended.code == 2
    assert "--due" in ended.err
