"""What could not be read leaves a finding that says so, once for everybody or for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.access.conftest import UNREAD, refused, token

from .conftest import Audited, audit_of, left_open


@pytest.mark.parametrize(
    ("part", "rules"),
    [
        ("accounts", {"T01", "A01", "R03", "P11"}),
        ("teams", {"G01", "G02", "R03"}),
        ("people", {"H01", "A07"}),
    ],
)
def test_a_list_that_is_not_whole_leaves_its_rules_open_once(org: Audited, part, rules) -> None:
    whole = org.whole()
    partly = replace(whole, **{part: replace(getattr(whole, part), error=refused().error)})

    for rule in rules:
        (finding,) = left_open(partly, rule)
        assert finding.subject.id == ""
        assert "403" in finding.because
    assert not audit_of(partly).is_complete
    assert {finding.rule for finding in audit_of(partly).not_checked} >= rules


def test_a_list_that_was_read_leaves_nothing_open(org: Audited) -> None:
    org.account("ci", org.role("Viewer", region="eu"), tokens=[token()])

    assert audit_of(org).not_checked == ()


@pytest.mark.parametrize(("count", "ends"), [(3, "T2."), (5, "; and 2 more")])
def test_many_reasons_are_told_in_few_words(org: Audited, count, ends) -> None:
    types = [f"T{number}" for number in range(count)]
    org.account("ci", *(org.role("Admin", name, "id-1", "eu") for name in types))

    (finding,) = left_open(org, "R03")
    assert finding.because.endswith(ends)


def test_tokens_that_were_not_read_leave_every_rule_about_tokens_open(org: Audited) -> None:
    org.account("ci", org.role("Viewer"), parts={"tokens": UNREAD})

    for rule in ("T01", "T04", "T08", "T12", "T14"):
        (finding,) = left_open(org, rule)
        assert (finding.subject.name, finding.token_id) == ("ci", None)


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({"unreadable": {"last_used_at": "x"}, "last_used_at": None}, {"T06", "T07", "T12"}),
        ({"unreadable": {"name": "x"}}, {"T14"}),
        ({"unreadable": {"created_at": "x"}, "created_at": None}, {"T02", "T06", "T08", "T12"}),
        ({"created_at": None}, {"T02", "T06", "T08", "T12"}),
        (
            {"unreadable": {"expires_at": "x"}, "expires_at": None},
            {"T01", "T02", "T03", "T04", "T06", "T07", "T08", "T12"},
        ),
        ({"unreadable": {"updated_at": "x"}}, set()),
    ],
)
def test_a_field_that_is_missing_leaves_only_what_needs_it_open(
    org: Audited, fields: dict[str, Any], rules: set[str]
) -> None:
    org.account("ci", org.role("Viewer"), description="x", tokens=[replace(token(), **fields)])

    assert {each.rule for each in audit_of(org).not_checked if each.token_id} == rules
