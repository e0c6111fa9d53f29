"""What holds of every difference: none with itself, and its reverse is its mirror."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import process_time
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from sa_tui.audit.diff.compare import compare_sides
from sa_tui.audit.diff.model import Code
from sa_tui.audit.diff.sides import side_of
from sa_tui.audit.settings import default_settings
from sa_tui.konnect.errors import ServerFault
from sa_tui.konnect.models import Listing
from sa_tui.org.snapshot import Part
from tests.access.conftest import NOW, UNREAD, read, token

from .conftest import Audited
from .test_audit_properties import snapshots

if TYPE_CHECKING:
    from sa_tui.audit.diff.model import Change, Diff, Side
    from sa_tui.org.snapshot import Snapshot

CODES = get_args(Code)
PAIRS = {
    "gained": "lost",
    "new": "gone",
    "minted": "removed",
    "expired": "not_expired",
    "first_used": "not_used",
    "joined": "left",
    "given": "taken",
}
slow = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)


def opposite(code: str) -> str:
    """What takes a change back."""
    if code.startswith("finding_"):
        return {"finding_new": "finding_resolved", "finding_resolved": "finding_new"}[code]
    kind, _, word = code.partition("_")
    words = PAIRS | {other: one for one, other in PAIRS.items()}
    return f"{kind}_{words[word]}" if word in words else code


def side(snapshot: Snapshot, *, days: float = 0, with_people: bool = True) -> Side:
    return side_of(
        snapshot,
        now=NOW + timedelta(days=days),
        settings=default_settings("strict"),
        with_people=with_people,
    )


def told(change: Change) -> tuple[object, ...]:
    """A change without the names, of which it has the newer ones."""
    return (
        *(change.code, change.about.kind, change.about.id),
        *(change.grant and change.grant.scope, change.team and change.team.id),
        *((cause.raw, cause.via and cause.via.team_id) for cause in change.causes),
        *(change.token and change.token.id, change.field, change.system_accounts),
        *(change.before, change.after, change.finding and change.finding.fingerprint),
    )


def mirrored(change: Change) -> tuple[object, ...]:
    code: Any = opposite(change.code)
    return told(replace(change, code=code, before=change.after, after=change.before))


def gaps(diff: Diff, *, reverse: bool = False) -> list[Any]:
    return sorted(
        (gap.what, gap.about.id if gap.about else "", gap.is_old != reverse, gap.reason)
        for gap in diff.not_compared
    )


def codes(diff: Diff) -> list[str]:
    return [change.code for change in diff.changes]


def test_every_kind_of_change_has_an_opposite() -> None:
    assert {opposite(opposite(code)) for code in CODES} == set(CODES)
    assert {opposite(code) for code in CODES} == set(CODES)


@slow
@seed(1011)
@given(snapshots())
def test_a_snapshot_differs_in_nothing_from_itself(snapshot: Snapshot) -> None:
    assert compare_sides(side(snapshot), side(snapshot)).changes == ()


@slow
@seed(1012)
@given(snapshots(), snapshots(), st.sampled_from((0, 31)))
def test_a_difference_mirrors_its_reverse(one: Snapshot, other: Snapshot, days: int) -> None:
    old, new = side(one), side(other, days=days)
    there, back = compare_sides(old, new), compare_sides(new, old)

    assert sorted(map(told, there.changes), key=str) == sorted(map(mirrored, back.changes), key=str)
    assert gaps(there) == gaps(back, reverse=True)
    assert there.unasked == back.unasked


@slow
@seed(1013)
@given(snapshots(), snapshots(), st.data())
def test_what_is_not_read_is_neither_gained_nor_lost(
    one: Snapshot, other: Snapshot, data: Any
) -> None:
    """Of the tokens, roles or teams that one side did not read, nothing came or went."""
    ids = sorted({*one.details} & {*other.details})
    if not ids:
        return
    id, name = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(PARTS))
    unread = other.with_details({id: replace(other.details[id], **{name: UNREAD})})

    diff = compare_sides(side(one), side(unread))

    of_it = {change.code.partition("_")[0] for change in diff.changes if change.about.id == id}
    assert not of_it & SILENT[name]
    if {row.id for row in other.accounts.rows} & {row.id for row in one.accounts.rows} >= {id}:
        what = {"tokens": "access_tokens", "roles": "assigned_roles", "teams": "teams"}[name]
        known = [gap for gap in diff.not_compared if gap.about and gap.about.id == id]
        assert (what, False) in {(gap.what, gap.is_old) for gap in known}


PARTS = ("tokens", "roles", "teams")
SILENT = {"tokens": {"token"}, "roles": {"role", "access"}, "teams": {"access"}}


def test_a_role_that_was_made_again_is_the_same_role() -> None:
    sides: list[Side] = []
    for _ in range(2):
        org = Audited()
        org.ids = iter(range(len(sides) * 7, 99))
        org.account("ci", org.role("Viewer"))
        sides.append(side(org.whole()))

    assert compare_sides(*sides).changes == ()


def test_access_that_something_wider_gave_before_is_not_gained() -> None:
    before, after = Audited(), Audited()
    before.account("ci", before.role("Admin"))
    after.account("ci", after.role("Admin"), after.role("Viewer", entity_id="id-1", region="eu"))

    there = compare_sides(side(before.whole()), side(after.whole()))

    assert "role_given" in codes(there)
    assert "access_gained" not in codes(there)


def test_access_is_lost_once_nothing_gives_it() -> None:
    """A second path that stays keeps it; the last one that goes is the cause."""
    grown = Audited()
    team = grown.team("Platform", grown.role("Admin"))
    grown.account("ci", grown.role("Admin"), teams=[team])
    half = Audited()
    half.account("ci", teams=[half.team("Platform", half.role("Admin"))])
    none = Audited()
    none.team("Platform", none.role("Admin"))
    none.account("ci")
    sides = [side(org.whole()) for org in (grown, half, none)]

    assert "access_lost" not in codes(compare_sides(*sides[:2]))
    (lost,) = [each for each in compare_sides(*sides[1:]).changes if each.code == "access_lost"]
    (cause,) = lost.causes
    assert (cause.raw, cause.via and cause.via.name) == ("member", "Platform")


def test_a_later_use_is_no_difference() -> None:
    sides = []
    for days in (9, 1):
        org = Audited()
        org.account("ci", tokens=[token(used_ago=days, expires_in=None)], description="x")
        sides.append(side(org.whole()))

    assert compare_sides(*sides).changes == ()


@pytest.mark.parametrize("name", ["accounts", "teams", "people"])
def test_a_list_that_was_cut_makes_nothing_new_or_gone(name: str) -> None:
    full = Audited()
    full.account("ci")
    full.team("Platform")
    full.person("ines")
    whole = full.whole()
    failed: dict[str, Any] = {name: Part(error=ServerFault(500, request="GET /v3/x"))}

    diff = compare_sides(side(whole), side(replace(whole, **failed)))

    kind = {"accounts": "account", "teams": "team", "people": "user"}[name]
    assert f"{kind}_gone" not in codes(diff)
    what = {"accounts": "system_accounts", "teams": "teams", "people": "users"}[name]
    assert (what, "", False) in {(each[0], each[1], each[2]) for each in gaps(diff)}


def test_a_finding_for_which_another_one_stands_is_not_resolved() -> None:
    """A token that is not rotated and then not used either is still not rotated."""
    org = Audited()
    org.account("ci", tokens=[token(age=300, used_ago=1, expires_in=400)], description="x")
    old, new = side(org.whole()), side(org.whole(), days=90)
    assert "T08" in {each.rule for each in old.audit.findings}
    assert "T08" not in {each.rule for each in new.audit.findings}

    found = {
        (change.code, change.finding and change.finding.rule)
        for change in (compare_sides(old, new).changes)
    }

    assert ("finding_new", "A04") in found
    assert ("finding_resolved", "T08") not in found


def test_a_finding_of_what_a_cut_list_lacks_is_not_resolved() -> None:
    org = Audited()
    org.account("ci", tokens=[token(expires_in=None)])
    whole = org.whole()
    cut = replace(whole, accounts=read((), incomplete="0 of 1 rows"))

    assert "finding_new" in codes(compare_sides(side(Audited().whole()), side(whole)))
    assert codes(compare_sides(side(whole), side(cut))) == []


def test_access_by_roles_of_which_some_were_unreadable_is_not_lost() -> None:
    org = Audited()
    account = org.account("ci", org.role("Admin"))
    whole = org.whole()
    skipped: Part[Any] = Part(value=Listing((), skipped=1))
    details = replace(whole.details[account.id], roles=skipped)

    diff = compare_sides(side(whole), side(whole.with_details({account.id: details})))

    assert not {"access_lost", "role_taken"} & set(codes(diff))
    assert ("assigned_roles", account.id, False, "some rows were unreadable") in gaps(diff)


def test_a_role_that_could_not_be_read_in_full_is_neither_given_nor_taken() -> None:
    before, after = Audited(), Audited()
    before.account("ci")
    account = after.account("ci", after.role("Viewer", region=None))

    diff = compare_sides(side(before.whole()), side(after.whole()))

    assert not {"role_given", "access_gained"} & set(codes(diff))
    assert ("assigned_roles", account.id, False) in {each[:3] for each in gaps(diff)}


def test_a_role_in_a_region_where_its_entity_is_not_gives_no_access() -> None:
    before, after = Audited(), Audited()
    before.account("ci")
    after.entity("prod", region="eu")
    after.account("ci", after.role("Viewer", entity_id="id-of-prod", region="us"))

    found = codes(compare_sides(side(before.whole()), side(after.whole())))

    assert "role_given" in found
    assert "access_gained" not in found


@pytest.mark.parametrize("field", ["last_used_at", "expires_at", "name"])
def test_a_field_of_a_token_that_one_side_could_not_read_is_not_compared(field: str) -> None:
    sides = []
    for unreadable in ({}, {field: "some day"}):
        org = Audited()
        org.account("ci", tokens=[token(used_ago=None, unreadable=unreadable)])
        snapshot = org.whole()
        sides.append(side(snapshot))

    diff = compare_sides(*sides)

    assert not {"token_expired", "token_not_expired", "text_changed"} & set(codes(diff))
    assert ("content", "account-0", False) in {each[:3] for each in gaps(diff)}
    assert gaps(compare_sides(sides[1], sides[1])) == []


def test_a_finding_that_could_not_be_checked_is_not_resolved() -> None:
    org = Audited()
    account = org.account("ci", tokens=[token(expires_in=None)], description="x")
    whole = org.whole()
    unread = replace(whole.details[account.id], tokens=UNREAD)

    diff = compare_sides(side(whole), side(whole.with_details({account.id: unread})))

    assert [change for change in diff.changes if change.code == "finding_resolved"] == []
    assert "findings" in {gap.what for gap in diff.not_compared}


def test_a_thousand_accounts_are_compared_within_a_second() -> None:
    """Of the processor; the access and the findings of both sides are made before."""
    sides = []
    for shift in range(2):
        org = Audited()
        teams = [org.team(f"team-{n}", org.role("Viewer", entity_id=f"id-{n}")) for n in range(50)]
        for n in range(1000):
            roles = [org.role("Admin", entity_id=f"id-{n + k + shift}") for k in range(8)]
            org.account(f"ci-{n}", *roles, teams=[teams[n % 50]], tokens=[token(f"{n}")])
        sides.append(side(org.whole(), with_people=False))

    before = process_time()
    diff = compare_sides(*sides)

    assert codes(diff).count("access_gained") == 1000
    assert process_time() - before < 1
