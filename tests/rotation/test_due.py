"""What is due for one token and its successors, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sa_tui.konnect.models import AccessToken, SystemAccount
from sa_tui.records.rotations import Rotation
from sa_tui.rotation.due import Family, Known, decide
from sa_tui.rotation.policy import Policy

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = Policy("p", to="v", lifetime=90 * DAY, before=14 * DAY, overlap=2 * DAY, idle_for=DAY)


def token(name: str, *, age: timedelta, left: timedelta, **facts: Any) -> AccessToken:
    """A token that was made so long ago and lives for so long."""
    return AccessToken(
        id=facts.pop("id", name),
        name=name,
        created_at=NOW - age,
        expires_at=NOW + left,
        last_used_at=NOW - facts["used"] if facts.get("used") is not None else None,
        unreadable=facts.get("unreadable", {}),
    )


def successor(name: str, *, age: timedelta, **facts: Any) -> AccessToken:
    """One that a run made: it has the lifetime of the policy."""
    return token(name, age=age, left=90 * DAY - age, **facts)


def actions(
    *tokens: AccessToken, known: Known | None = None, policy: Policy = POLICY
) -> list[tuple[str, str, str]]:
    """What is due: the kind of action, the token, and the name of a successor."""
    names = frozenset(each.name for each in tokens)
    account = SystemAccount(id="a", name="ci")
    family = Family("gha-*", policy=policy, account=account, tokens=tokens, taken=names)
    decided = decide(family, known or Known(), now=NOW).actions
    return [(action.kind, action.token.name, action.name) for action in decided]


OLD = token("gha-3", age=80 * DAY, left=10 * DAY, used=HOUR)
IDLE = token("gha-3", age=80 * DAY, left=10 * DAY, used=5 * DAY)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        # one token
        ([token("gha-3", age=DAY, left=15 * DAY)], []),
        ([token("gha-3", age=DAY, left=14 * DAY)], [("issue", "gha-3", "gha-4")]),
        ([token("gha", age=DAY, left=DAY)], [("issue", "gha", "gha-2")]),
        # it has ended: whoever uses it waits for another, unless that was long ago
        (
            [token("gha-3", age=99 * DAY, left=-9 * DAY)],
            [("alarm", "gha-3", ""), ("issue", "gha-3", "gha-4")],
        ),
        ([token("gha-3", age=200 * DAY, left=-91 * DAY)], [("wait", "gha-3", "")]),
        # the successor was used: the old one waits until it is idle and the overlap is over
        ([OLD, successor("gha-4", age=3 * DAY, used=3 * DAY)], [("wait", "gha-3", "")]),
        ([IDLE, successor("gha-4", age=47 * HOUR, used=47 * HOUR)], [("wait", "gha-3", "")]),
        ([IDLE, successor("gha-4", age=2 * DAY, used=2 * DAY)], [("retire", "gha-3", "")]),
        # an old one that is in use near its end is told
        (
            [
                token("gha-3", age=80 * DAY, left=3 * DAY, used=HOUR),
                successor("gha-4", age=11 * DAY, used=DAY),
            ],
            [("alarm", "gha-3", "")],
        ),
        # one that has ended goes at once
        (
            [token("gha-3", age=99 * DAY, left=-HOUR), successor("gha-4", age=DAY, used=HOUR)],
            [("remove", "gha-3", "")],
        ),
        # a successor that nobody used is waited for, and then replaced in its turn
        ([OLD, successor("gha-4", age=11 * HOUR)], [("wait", "gha-4", "")]),
        ([OLD, successor("gha-4", age=13 * HOUR)], [("issue", "gha-3", "gha-5")]),
        (
            [token("gha-3", age=80 * DAY, left=23 * HOUR), successor("gha-4", age=2 * HOUR)],
            [("issue", "gha-3", "gha-5")],
        ),
        # more than three of them are not kept
        (
            [OLD, *(successor(f"gha-{number}", age=(9 - number) * DAY) for number in (4, 5, 6, 7))],
            [("revoke", "gha-4", ""), ("issue", "gha-3", "gha-8")],
        ),
        # what a person made is theirs, and no successor, once it could have been used
        ([OLD, token("gha-4", age=HOUR, left=300 * DAY)], [("wait", "gha-4", "")]),
        (
            [OLD, token("gha-4", age=20 * DAY, left=300 * DAY)],
            [("alarm", "gha-4", ""), ("issue", "gha-3", "gha-5")],
        ),
        # while none lives, none is removed: its name is needed for the next
        (
            [token("gha-2", age=99 * DAY, left=-9 * DAY), token("gha-3", age=9 * DAY, left=-HOUR)],
            [("alarm", "gha-2", ""), ("issue", "gha-2", "gha-4")],
        ),
        # one that lives is in force, though a later one has ended
        (
            [
                token("gha-3", age=80 * DAY, left=30 * DAY, used=HOUR),
                token("gha-4", age=20 * DAY, left=-HOUR, used=DAY),
            ],
            [("remove", "gha-4", "")],
        ),
        # a name that was free in between is not taken: another run may have revoked it just now
        ([OLD, successor("gha-7", age=13 * HOUR)], [("issue", "gha-3", "gha-8")]),
        # two that were made in the same second
        (
            [successor(name, age=DAY, used=HOUR) for name in ("gha-9", "gha-10")],
            [("wait", "gha-9", "")],
        ),
        # the successor was revoked: the old one is the current one again
        ([OLD], [("issue", "gha-3", "gha-4")]),
    ],
)
def test_what_is_due(tokens: list[AccessToken], expected: list[tuple[str, str, str]]) -> None:
    assert actions(*tokens) == expected
    assert actions(*reversed(tokens)) == expected


@pytest.mark.parametrize("field", ["expires_at", "last_used_at", "created_at"])
def test_what_cannot_be_read_is_told_and_left_alone(field: str) -> None:
    odd = successor("gha-4", age=13 * HOUR, unreadable={field: "2025-01-12:15:54Z"})
    if field == "created_at":
        object.__setattr__(odd, "created_at", None)

    assert actions(OLD, odd) == [("alarm", "gha-4", "")]


def test_of_the_only_token_it_does_not_matter_when_it_was_made() -> None:
    odd = token("gha-3", age=DAY, left=DAY)
    object.__setattr__(odd, "created_at", None)

    assert actions(odd) == [("issue", "gha-3", "gha-4")]


def test_an_old_token_of_which_the_last_use_is_not_known_stays() -> None:
    odd = token("gha-3", age=80 * DAY, left=9 * DAY, unreadable={"last_used_at": "?"})

    assert actions(odd, successor("gha-4", age=9 * DAY, used=HOUR)) == [("wait", "gha-3", "")]


def test_a_token_without_an_end_needs_no_successor() -> None:
    endless = AccessToken(id="t", name="gha-3", created_at=NOW)

    assert actions(endless) == []


def test_nothing_ends_while_konnect_does_not_tell_the_time() -> None:
    known = Known(is_clock_sure=False)
    dead = token("gha-2", age=99 * DAY, left=-HOUR)

    kinds = [
        kind
        for kind, *_ in actions(dead, IDLE, successor("gha-4", age=9 * DAY, used=HOUR), known=known)
    ]
    assert kinds == ["wait", "wait"]


def test_a_token_that_is_being_handed_over_here_is_waited_for() -> None:
    known = Known(held=frozenset({"gha-4"}))

    assert actions(OLD, successor("gha-4", age=5 * DAY), known=known) == [("wait", "gha-4", "")]


def rotation(**facts: Any) -> Rotation:
    about: dict[str, Any] = {"base_url": "", "account_id": "a", "account_name": "ci"}
    about |= {"old_id": "gha-3", "old_name": "gha-3", "begun_at": NOW - 9 * DAY}
    about |= {"new_id": "gha-4", "new_name": "gha-4", "handed_over_at": NOW - 9 * DAY}
    return Rotation("r", **(about | facts))


def test_a_hand_over_that_this_machine_knows_counts_but_the_old_one_waits_for_a_use() -> None:
    given = successor("gha-4", age=9 * DAY)

    known = Known(rotations=(rotation(),))
    assert actions(IDLE, given, known=known) == [("wait", "gha-3", "")]
    known = Known(rotations=(rotation(verified_at=NOW - 9 * DAY),))
    assert actions(IDLE, given, known=known) == [("retire", "gha-3", "")]


def test_an_old_token_is_idle_from_the_moment_that_there_was_another() -> None:
    given = successor("gha-4", age=12 * HOUR, used=12 * HOUR)

    assert actions(IDLE, given, policy=replace(POLICY, overlap=0 * DAY)) == [("wait", "gha-3", "")]


def test_the_longer_of_two_idle_times_counts() -> None:
    given = successor("gha-4", age=9 * DAY, used=HOUR)
    known = Known(rotations=(rotation(idle_for=30 * DAY),))

    assert actions(IDLE, given, known=known) == [("wait", "gha-3", "")]


def test_two_successors_with_the_last_numbers_have_names_still() -> None:
    last = token("gha-999999", age=DAY, left=DAY)

    assert actions(last) == [("issue", "gha-999999", "gha-000001")]


def test_a_name_with_a_date_at_its_limit_is_told() -> None:
    name = "x" * 240 + "2026-11-23"

    assert actions(token(name, age=DAY, left=DAY)) == [("alarm", name, "")]
