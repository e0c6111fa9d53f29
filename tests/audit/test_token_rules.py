"""The rules about tokens: where each says something, where it just does not, and its mistakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sa_tui.audit.limits import BASELINE, STRICT
from tests.access.conftest import NOW, token

from .conftest import Audited, found

SECOND = 1 / 86_400


def one(org: Audited, *tokens, **about) -> Audited:
    org.account("ci", org.role("Viewer", region="eu"), tokens=tokens, description="Runs", **about)
    return org


def test_t01_a_live_token_without_an_end(org: Audited) -> None:
    (finding,) = found(one(org, token(expires_in=None)), "T01")

    assert (finding.severity, finding.token_id) == ("high", "token-token")
    assert finding.remedy[0].verb == "rotate-token"


def test_t01_is_silent_about_an_end_that_could_not_be_read(org: Audited) -> None:
    org = one(org, token(expires_in=None, unreadable={"expires_at": "soon"}))

    assert found(org, "T01") == []


@pytest.mark.parametrize(("days", "is_found"), [(366, False), (366 + SECOND, True)])
def test_t02_a_lifetime_over_the_limit_and_the_leap_day(org: Audited, days, is_found) -> None:
    assert bool(found(one(org, token(age=10, expires_in=days - 10)), "T02")) is is_found


def test_t02_in_the_strict_profile(org: Audited) -> None:
    org = one(org, token(age=0, expires_in=92))

    assert found(org, "T02", limits=STRICT)
    assert not found(org, "T02")


@pytest.mark.parametrize(
    ("expires_in", "severity"),
    [(30, "medium"), (30 + SECOND, None), (7 + SECOND, "medium"), (7, "high"), (SECOND, "high")],
)
def test_t03_a_token_that_ends_soon(org: Audited, expires_in, severity) -> None:
    findings = found(one(org, token(expires_in=expires_in)), "T03")

    assert [finding.severity for finding in findings] == ([severity] if severity else [])


@pytest.mark.parametrize(("used_ago", "is_found"), [(7, False), (7 + SECOND, True), (None, True)])
def test_t03_is_silent_while_a_successor_is_in_use(org: Audited, used_ago, is_found) -> None:
    successor = token("next", expires_in=90, used_ago=used_ago, age=20)

    assert bool(found(one(org, token(expires_in=5), successor), "T03")) is is_found


def test_t03_a_token_that_was_never_used_is_low(org: Audited) -> None:
    (finding,) = found(one(org, token(expires_in=5, used_ago=None, age=20)), "T03")

    assert finding.severity == "low"


def test_t03_whether_it_was_used_is_not_guessed(org: Audited) -> None:
    unread = token(expires_in=5, used_ago=None, age=20, unreadable={"last_used_at": "today"})
    (finding,) = found(one(org, unread), "T03")

    assert finding.severity == "high"


@pytest.mark.parametrize(("days", "is_found"), [(-7, True), (-7 + SECOND, False)])
def test_t04_an_expired_token_after_its_grace(org: Audited, days, is_found) -> None:
    assert bool(found(one(org, token(expires_in=days, used_ago=60, age=90)), "T04")) is is_found


def test_t04_hides_the_other_rules_about_that_token(org: Audited) -> None:
    odd = token(expires_in=-60, used_ago=1, age=90)  # used after its end

    assert found(one(org, odd), "T04")
    assert not found(org, "T12")


@pytest.mark.parametrize(
    ("ended_ago", "used_ago", "is_found"),
    [(30, 37, True), (30 + SECOND, 31, False), (5, 12, True), (5, 12 + SECOND, False)],
)
def test_t05_the_last_token_ended_while_it_was_in_use(
    org: Audited, ended_ago, used_ago, is_found
) -> None:
    org = one(org, token(expires_in=-ended_ago, used_ago=used_ago, age=90))

    assert bool(found(org, "T05")) is is_found


@pytest.mark.parametrize("expires_in", [30, 3, None])
def test_t05_is_silent_while_another_token_lives(org: Audited, expires_in) -> None:
    other = token("other", expires_in=expires_in)
    org = one(org, token(expires_in=-5, used_ago=6, age=90), other)

    assert not found(org, "T05")


def test_t05_an_account_without_access_was_taken_out_of_use_on_purpose(org: Audited) -> None:
    org.account("old", tokens=[token(expires_in=-5, used_ago=6, age=90)])

    assert not found(org, "T05")


@pytest.mark.parametrize(("age", "is_found"), [(30.9, False), (31, True)])
def test_t06_a_live_token_that_nobody_used(org: Audited, age, is_found) -> None:
    # A used sibling: else the whole account is idle.
    org = one(org, token(age=age, used_ago=None), token("other"))

    assert bool(found(org, "T06")) is is_found


def test_t06_hides_that_it_is_not_rotated(org: Audited) -> None:
    org = one(org, token(age=120, used_ago=None), token("other"))

    assert found(org, "T06")
    assert not found(org, "T08")


@pytest.mark.parametrize(("used_ago", "is_found"), [(90, False), (90 + SECOND, True)])
def test_t07_a_live_token_that_is_no_longer_used(org: Audited, used_ago, is_found) -> None:
    org = one(org, token(age=120, used_ago=used_ago), token("other"))

    assert bool(found(org, "T07")) is is_found
    assert bool(found(org, "T08")) is not is_found


def test_t07_a_yearly_job_has_limits_of_its_own(org: Audited) -> None:
    org = one(org, token(age=200, used_ago=150), token("other"))
    yearly = replace(BASELINE, stale_days=400)

    assert not found(org, "T07", limits_of=lambda account: yearly)


@pytest.mark.parametrize(("age", "is_found"), [(90.9, False), (91, True)])
def test_t08_a_live_token_that_is_old(org: Audited, age, is_found) -> None:
    assert bool(found(one(org, token(age=age)), "T08")) is is_found


def test_t08_a_policy_of_180_days(org: Audited) -> None:
    assert not found(one(org, token(age=120)), "T08", limits=replace(BASELINE, rotation_days=180))


@pytest.mark.parametrize(("count", "is_found"), [(2, False), (3, True)])
def test_t09_more_live_tokens_than_a_rotation_needs(org: Audited, count, is_found) -> None:
    tokens = [token(f"token-{number}") for number in range(count)]
    tokens.append(token("over", expires_in=-1))

    assert bool(found(one(org, *tokens), "T09")) is is_found


@pytest.mark.parametrize(
    ("newer_age", "used_ago", "is_found"),
    [(15, 13, True), (14.9, 13, False), (15, 14, False), (15, 14 - SECOND, True)],
)
def test_t10_the_older_token_stays_in_use(org: Audited, newer_age, used_ago, is_found) -> None:
    org = one(org, token("old", age=60, used_ago=used_ago), token("new", age=newer_age))

    assert bool(found(org, "T10")) is is_found


@pytest.mark.parametrize(
    ("newer_age", "older_used_ago", "newer_used_ago", "is_found"),
    [
        (15, 15 + SECOND, 1, True),
        (15, 15, 1, False),
        (15, 16, None, False),
        (14.9, 16, 1, False),  # within overlap_days one may still go back
    ],
)
def test_t11_the_older_token_was_replaced(
    org: Audited, newer_age, older_used_ago, newer_used_ago, is_found
) -> None:
    older = token("old", age=60, used_ago=older_used_ago)
    newer = token("new", age=newer_age, used_ago=newer_used_ago)
    findings = found(one(org, older, newer), "T11")

    assert bool(findings) is is_found
    assert all(finding.token_id == "token-old" for finding in findings)


@pytest.mark.parametrize(
    ("moments", "is_found"),
    [
        ({"last_used_at": timedelta(hours=1)}, False),
        ({"last_used_at": timedelta(hours=1, seconds=1)}, True),
    ],
)
def test_t12_used_after_its_end(org: Audited, moments, is_found) -> None:
    ends_at = NOW - timedelta(days=1)
    used = {name: ends_at + span for name, span in moments.items()}
    odd = replace(token(age=60), expires_at=ends_at, **used)

    assert bool(found(one(org, odd), "T12")) is is_found


@pytest.mark.parametrize(("minutes", "is_found"), [(5, False), (6, True)])
def test_t12_used_before_it_was_issued_or_issued_in_the_future(
    org: Audited, minutes, is_found
) -> None:
    early = replace(token(age=9), last_used_at=NOW - timedelta(days=9, minutes=minutes))
    future = replace(token("future"), created_at=NOW + timedelta(minutes=minutes))
    future = replace(future, last_used_at=None)

    assert len(found(one(org, early, future), "T12")) == 2 * is_found


@pytest.mark.parametrize(("count", "is_found"), [(4, False), (5, True)])
def test_t13_many_tokens_end_on_one_day(org: Audited, count, is_found) -> None:
    for number in range(count):
        org.account(f"ci-{number}", tokens=[token(f"token-{number}", expires_in=9)])

    assert bool(found(org, "T13")) is is_found


@pytest.mark.parametrize(
    ("name", "is_found"),
    [("token-2", True), ("TMP", True), ("key 1 2", True), ("gha-token", False), ("tested", False)],
)
def test_t14_a_name_that_says_nothing(org: Audited, name, is_found) -> None:
    assert bool(found(one(org, token(name)), "T14")) is is_found


def test_a_token_of_a_privileged_account_is_one_step_more_serious(org: Audited) -> None:
    org.account("ci", org.role("Admin", "Identity"), tokens=[token(age=91)])

    assert [finding.severity for finding in found(org, "T08")] == ["medium"]


def test_t01_hides_t02(org: Audited) -> None:
    assert not found(one(org, token(expires_in=None, age=500)), "T02")
