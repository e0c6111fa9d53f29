"""One run at a time, and no dead or stopped run that blocks the others for ever."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sa_tui.records.lease import LASTS, Lease, LeaseTakenError

if TYPE_CHECKING:
    from pathlib import Path


class Machine:
    """A clock, and the runs that go by it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = datetime(2026, 11, 23, tzinfo=UTC)

    def run(self, *, pid: int | None = None, host: str = "here") -> Lease:
        return Lease(self.path, now=lambda: self.now, pid=pid or os.getpid(), host=host)

    @property
    def is_taken(self) -> bool:
        """Whether the next run is turned away."""
        try:
            self.run().take()
        except LeaseTakenError:
            return True
        return False


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "state" / "rotate.lock")


def test_a_second_run_is_told_who_is_at_work(machine: Machine) -> None:
    machine.run().take()

    with pytest.raises(LeaseTakenError, match=f"process {os.getpid()} on here"):
        machine.run().take()


def test_a_lease_that_was_given_back_is_free(machine: Machine) -> None:
    first = machine.run()
    first.take()
    assert machine.is_taken
    first.give_back()

    assert not machine.is_taken


def test_a_run_that_is_gone_blocks_nobody(machine: Machine) -> None:
    machine.run(pid=2**22 + 1).take()

    assert not machine.is_taken
    assert machine.is_taken


def test_a_stopped_run_blocks_until_its_time_is_over_and_then_learns_of_it(
    machine: Machine,
) -> None:
    stopped = machine.run(host="there")
    stopped.take()
    machine.now += LASTS - timedelta(seconds=1)
    with pytest.raises(LeaseTakenError):
        machine.run().take()
    machine.now += timedelta(seconds=1)
    machine.run().take()

    with pytest.raises(LeaseTakenError):
        stopped.take()
    stopped.give_back()
    with pytest.raises(LeaseTakenError):
        machine.run().take()


def test_a_run_that_renews_its_lease_keeps_it(machine: Machine) -> None:
    run = machine.run()
    for _ in range(9):
        run.take()
        machine.now += LASTS / 2

    with pytest.raises(LeaseTakenError):
        machine.run().take()


@pytest.mark.parametrize("text", ["nonsense", "{}", "[]", '{"id": 1}', "\0", "[" * 9999])
def test_a_lease_that_cannot_be_understood_blocks_nobody(machine: Machine, text: str) -> None:
    machine.path.parent.mkdir()
    machine.path.write_text(text)

    assert not machine.is_taken
    assert machine.is_taken


def test_a_lease_of_a_clock_that_was_wrong_blocks_nobody(machine: Machine) -> None:
    machine.now += timedelta(days=3650)
    machine.run(host="there").take()
    machine.now -= timedelta(days=3650)

    assert not machine.is_taken
    assert machine.is_taken
