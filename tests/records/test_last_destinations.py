"""The last destinations: remembered per profile, and worth no failure."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from sa_tui.records.last_destinations import LastDestination, LastDestinations

if TYPE_CHECKING:
    from pathlib import Path


def test_each_profile_has_its_last_destination(tmp_path: Path) -> None:
    path = tmp_path / "state" / "destinations.jsonl"
    last = LastDestination("Command", text="mine '{account}'")

    LastDestinations(path).remember("prod", LastDestination("vault"))
    LastDestinations(path).remember("dev", last)
    LastDestinations(path).remember("prod", LastDestination("File", format="env"))

    assert LastDestinations(path).of("prod") == LastDestination("File", format="env")
    assert LastDestinations(path).of("dev") == last
    assert LastDestinations(path).of("other") is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_command_that_seems_to_hold_a_token_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "destinations.jsonl"

    LastDestinations(path).remember("p", LastDestination("Command", text="x spat_" + "a1B2" * 12))

    assert not path.exists()


def test_a_file_that_cannot_be_read_is_no_destination(tmp_path: Path) -> None:
    path = tmp_path / "destinations.jsonl"
    path.write_text('no json\n{"profile": 3}\n[]\n')

    assert LastDestinations(path).of("p") is None
    LastDestinations(path).remember("p", LastDestination("Show"))
    assert LastDestinations(path).of("p") == LastDestination("Show")


def test_a_place_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    last = LastDestinations(tmp_path / "file" / "destinations.jsonl")

    last.remember("p", LastDestination("Show"))

    assert last.of("p") is None
