"""While changes are sent one line tells how far it has come, and at which pace it goes on."""

from __future__ import annotations

import pytest

from sa_tui.konnect.models import SystemAccount
from sa_tui.org.changes.accounts import rename_account
from sa_tui.org.changes.change import Outcome, Status
from sa_tui.ui.kit.progress import Pace, progress_line

ACCOUNT = SystemAccount.from_wire({"id": "a", "name": "ci-eu"})


def outcomes(*statuses: Status) -> list[Outcome]:
    change = rename_account(ACCOUNT, name="x")
    return [Outcome(change=change, status=status, message="") for status in statuses]


def line(*statuses: Status, count: int, seconds: float = 0, is_stopping: bool = False) -> str:
    return progress_line(
        outcomes(*statuses),
        count=count,
        pace=Pace(100.0),
        now=100.0 + seconds,
        is_stopping=is_stopping,
    )


def test_it_tells_results_what_is_left_and_the_time_at_the_pace_so_far() -> None:
    assert line("done", "already", "failed", "unknown", count=20, seconds=8) == (
        "██░░░░░░░░ 4 of 20 answered: 2 done, 1 failed, 1 unknown · 16 left, about 32 s. Esc stops."
    )


def test_without_an_answer_no_time_is_made_up() -> None:
    assert line(count=3, seconds=60) == "░░░░░░░░░░ 0 of 3 answered · 3 left. Esc stops."


def test_the_last_one_cannot_be_stopped() -> None:
    assert line("done", count=2, seconds=1).endswith("1 left, about 1 s")
    assert line("done", count=3, is_stopping=True).endswith("Stopping after this one.")


def test_one_change_needs_no_bar() -> None:
    assert line(count=1) == "Sending…"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (150, "2 min"), (9000, "2.5 h")]
)
def test_the_time_is_told_in_its_unit(seconds: float, words: str) -> None:
    assert line("done", count=2, seconds=seconds).endswith(f"about {words}")


def test_a_sending_that_goes_on_counts_its_own_answers() -> None:
    pace = Pace(1000.0, answered=10)

    assert pace.seconds_left(1020.0, answered=15, left=5) == 20.0
    assert pace.seconds_left(1020.0, answered=10, left=5) is None
