"""Mutes take findings out of what counts, and are told of when they have become of no use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sa_tui.audit.mute import Mute
from tests.access.conftest import NOW, refused, token

from .conftest import Audited, audit_of, found

TODAY = NOW.date()
MUTE = Mute(
    rule="T06",
    account="ci",
    reason="For emergencies.",
    approved_by="ines",
    created=TODAY,
    expires=TODAY,
)


@pytest.fixture
def unused(org: Audited) -> Audited:
    org.account("ci", org.role("Viewer"), tokens=[token(used_ago=None), token("other")])
    return org


@pytest.mark.parametrize(
    "about",
    [
        {"account": "ci"},
        {"account": "C*"},
        {"account": "account-0"},
        {"account": "*", "object": "token-token"},
    ],
)
def test_a_mute_by_name_pattern_id_and_object(unused: Audited, about) -> None:
    (finding,) = found(unused, "T06", mutes=[replace(MUTE, **about)])

    assert finding.status == "muted"
    assert finding.mute is not None
    assert finding.mute.reason == "For emergencies."


@pytest.mark.parametrize(
    "about",
    [
        {"account": "other"},
        {"object": "token-other"},
        {"rule": "T07"},
        {"team": "ci", "account": ""},
    ],
)
def test_a_mute_of_something_else(unused: Audited, about) -> None:
    (finding,) = found(unused, "T06", mutes=[replace(MUTE, **about)])

    assert finding.status == "open"


def test_a_mute_by_fingerprint(unused: Audited) -> None:
    (finding,) = found(unused, "T06")
    (muted,) = found(unused, "T06", mutes=[replace(MUTE, object=finding.fingerprint)])

    assert muted.status == "muted"
    assert muted.fingerprint == finding.fingerprint


def test_a_mute_that_has_ended_is_told_with_the_finding(unused: Audited) -> None:
    ended = replace(MUTE, expires=TODAY - timedelta(days=1))
    (finding,) = found(unused, "T06", mutes=[ended])

    assert finding.status == "open"
    assert finding.note == "Muted until 2026-11-22 by ines: For emergencies."


def test_a_mute_that_holds_comes_before_one_that_has_ended(unused: Audited) -> None:
    ended = replace(MUTE, expires=TODAY - timedelta(days=1))

    assert [each.status for each in found(unused, "T06", mutes=[ended, MUTE])] == ["muted"]


def test_an_incomplete_audit_is_never_muted(org: Audited) -> None:
    org.account("ci", parts={"tokens": refused()})

    (finding,) = found(org, "C01", mutes=[replace(MUTE, rule="C01", account="")])
    assert finding.status == "open"


def notices(org: Audited, **about) -> list[str]:
    return [notice.id for notice in audit_of(org, mutes=[replace(MUTE, **about)]).notices]


def test_a_mute_that_matched_nothing(unused: Audited) -> None:
    assert notices(unused) == []
    assert notices(unused, rule="T01") == ["M01"]
    assert notices(unused, account="gone") == ["M02"]
    assert notices(unused, account="", team="gone", rule="G01") == ["M02"]


def test_a_mute_of_what_another_finding_hides_has_matched(org: Audited) -> None:
    org.account("ci", org.role("Viewer"), tokens=[token(used_ago=None, age=120)])

    assert found(org, "A04")
    assert notices(org) == []


def test_nothing_is_said_of_a_mute_whose_rule_could_not_be_checked(org: Audited) -> None:
    org.account("ci", parts={"tokens": refused()})

    assert notices(org) == []
    assert notices(org, rule="P08") == ["M01"]  # that one was checked


def test_nothing_is_said_of_a_mute_whose_account_may_only_not_be_listed(unused: Audited) -> None:
    whole = unused.whole()
    partly = replace(whole, accounts=replace(whole.accounts, error=refused().error))
    audit = audit_of(partly, mutes=[replace(MUTE, account="gone")])

    assert audit.notices == ()
