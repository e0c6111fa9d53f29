"""The successor's name, and when an old token may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sa_tui.base.times import in_words
from sa_tui.konnect.models import AccessToken, SystemAccount
from sa_tui.org.rotating import (
    NAME_CHARACTERS,
    family_of,
    next_name,
    parse_idle,
    reasons_to_wait,
    retirement,
)
from sa_tui.records.rotations import Rotation

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rotation(**changes: Any) -> Rotation:
    about: dict[str, Any] = {
        "base_url": "https://global.api.konghq.com",
        "account_id": "a",
        "account_name": "ci",
        "old_id": "old",
        "old_name": "gha-3",
        "begun_at": NOW - 100 * HOUR,
        "new_id": "new",
        "new_name": "gha-4",
        "verified_at": NOW - 99 * HOUR,
        "handed_over_at": NOW - 99 * HOUR,
    }
    return Rotation("r", **(about | changes))


def old(**changes: Any) -> AccessToken:
    return AccessToken(id="old", name="gha-3", **changes)


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("gha-prod-3", (), "gha-prod-4"),
        ("gha-prod-3", ("gha-prod-4", "gha-prod-5"), "gha-prod-6"),
        ("gha-009", (), "gha-010"),
        ("name", (), "name-2"),
        ("name", ("name-2",), "name-3"),
        ("ci-2026-10-01", (), "ci-2026-11-23"),
        ("ci-2026-11-23", ("ci-2026-11-23",), "ci-2026-11-23-2"),
        ("ci-2026-10-01-2", ("ci-2026-11-23",), "ci-2026-11-23-2"),
        ("build12345678", (), "build12345678-2"),
        ("7", (), "7-2"),
    ],
)
def test_the_next_name_is_free_and_reads_on(
    name: str, taken: tuple[str, ...], expected: str
) -> None:
    assert next_name(name, taken=(name, *taken), now=NOW) == expected


@pytest.mark.parametrize(
    "name", ["gha", "gha-7", "gha-099", "gha-999999", "7", "x" * 250, "x" * 249 + "9", "é\n\u202e"]
)
def test_successors_stay_in_the_family_and_within_the_longest_name(name: str) -> None:
    taken = {name}
    for _ in range(12):
        successor = next_name(max(taken, key=len), taken=taken, now=NOW)
        assert family_of(successor) == family_of(name)
        assert len(successor) <= NAME_CHARACTERS
        taken.add(successor)


def test_names_that_differ_by_more_than_number_or_date_are_of_other_families() -> None:
    names = ["gha", "gha2", "gha-b", "ci-2026-11-23", "ci-1", "gha-"]

    assert len(set(map(family_of, names))) == len(names)
    assert family_of("ci-2026-11-23-2") == family_of("ci-2025-01-01")


def test_a_token_that_was_quiet_since_the_hand_over_may_go() -> None:
    assert reasons_to_wait(rotation(), old(last_used_at=NOW - 200 * HOUR), now=NOW) == ()
    assert reasons_to_wait(rotation(), old(last_used_at=NOW - 25 * HOUR), now=NOW) == ()


@pytest.mark.parametrize(
    ("changes", "token", "reason"),
    [
        ({"verified_at": None}, {}, "gha-4 was never seen to work."),
        ({"handed_over_at": None}, {}, "Nobody confirmed having gha-4."),
        ({"handed_over_at": NOW - HOUR}, {}, "gha-4 was handed over"),
        ({}, {"last_used_at": NOW - 23 * HOUR}, "gha-3 was last used"),
        ({}, {"unreadable": {"last_used_at": "x"}}, "When gha-3 was last used is unknown."),
    ],
)
def test_each_doubt_keeps_the_old_token(
    changes: dict[str, Any], token: dict[str, Any], reason: str
) -> None:
    (found,) = reasons_to_wait(rotation(**changes), old(**token), now=NOW)

    assert found.startswith(reason)


def test_the_time_to_wait_can_be_another() -> None:
    token = old(last_used_at=NOW - 23 * HOUR)

    assert reasons_to_wait(rotation(), token, now=NOW, idle_for=22 * HOUR) == ()
    assert reasons_to_wait(rotation(idle_for=22 * HOUR), token, now=NOW) == ()


def test_a_retirement_against_a_reason_asks_for_the_name() -> None:
    account = SystemAccount(id="a", name="ci")

    assert retirement(account, old(), reasons=()).level == "ask"
    against = retirement(account, old(), reasons=("Wait.",))
    assert (against.level, against.confirm_text) == ("type", "gha-3")


@pytest.mark.parametrize("text", ["90 min", "24 h", "7 d"])
def test_a_length_of_time_is_told_in_its_largest_whole_unit(text: str) -> None:
    assert in_words(parse_idle(text.replace("min", "m"))) == text


@pytest.mark.parametrize("text", ["", "soon", "-1h", "1y", "24"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write 90m, 24h, 7d or 2w"):
        parse_idle(text)
