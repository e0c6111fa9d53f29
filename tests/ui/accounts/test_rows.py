"""The cells of the account list, and which accounts it lists in what order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from rich.text import Text

from sa_tui.konnect.errors import Unreachable
from sa_tui.konnect.models import AccessToken, AssignedRole, Listing, SystemAccount, Team
from sa_tui.org.snapshot import UNREAD_DETAILS, Details, Part, Snapshot
from sa_tui.ui.accounts.order import AccountOrder, haystack
from sa_tui.ui.accounts.rows import COLUMNS, cells
from sa_tui.ui.kit.filtering import Filter

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FAILED = Unreachable("Konnect does not answer.", request="GET /v3/…")


def account(name: str, **fields: object) -> SystemAccount:
    return SystemAccount.from_wire({"id": f"id-{name}", "name": name, **fields})


def token(name: str, *, expires_in: float | None = 30, used_ago: float | None = None):
    return AccessToken(
        id=f"id-{name}",
        name=name,
        expires_at=None if expires_in is None else NOW + timedelta(days=expires_in),
        last_used_at=None if used_ago is None else NOW - timedelta(days=used_ago),
    )


def holding(*tokens: AccessToken, roles: int = 0, teams: int = 0) -> Details:
    return Details(
        tokens=Part(value=Listing(tokens)),
        roles=Part(value=Listing(tuple(AssignedRole(id=f"role-{n}") for n in range(roles)))),
        teams=Part(value=Listing(tuple(Team(id=f"team-{n}") for n in range(teams)))),
    )


def snapshot(*accounts: SystemAccount, **details: Details) -> Snapshot:
    return Snapshot(
        accounts=Part(value=Listing(accounts), read_at=NOW),
        details=MappingProxyType({f"id-{name}": each for name, each in details.items()}),
    )


def shown(one: SystemAccount, details: Details = UNREAD_DETAILS) -> dict[str, str]:
    """What stands in each column, as text."""
    row = cells(one, details, NOW)
    return {
        column.key: cell.plain if isinstance(cell, Text) else cell
        for column, cell in zip(COLUMNS, row, strict=True)
    }


def ordered(of: Snapshot, column: str, *, reverse: bool = False) -> str:
    account_order = AccountOrder()
    account_order.sort = column, reverse
    account_order.update(of, NOW)
    return " ".join(key.removeprefix("id-") for key in account_order.order)


# Cells


def test_what_was_not_read_is_an_ellipsis_and_never_a_zero():
    row = shown(account("ci"))
    assert [row[key] for key in ("live", "expires", "used", "roles", "teams")] == ["…"] * 5


def test_what_could_not_be_read_is_a_question_mark():
    details = replace(holding(token("a"), teams=2), roles=Part(error=FAILED))
    row = shown(account("ci"), details)
    assert (row["live"], row["roles"], row["teams"]) == ("1", "?", "2")


def test_a_count_that_may_have_changed_since_is_doubted():
    details = holding(token("a"), roles=3)
    stale = replace(
        details,
        tokens=replace(details.tokens, error=FAILED),
        roles=replace(details.roles, error=FAILED),
    )
    row = shown(account("ci"), stale)
    assert (row["live"], row["roles"]) == ("1?", "3?")


def test_a_list_that_is_incomplete_gives_no_certain_count():
    part: Part[Listing[Any]] = Part(
        value=Listing((), total=3, incomplete="Konnect counts 3, 0 were read.")
    )
    row = shown(account("ci"), Details(tokens=part, roles=part, teams=part))
    assert (row["live"], row["roles"], row["teams"]) == ("0?", "0?", "0?")


def test_a_token_whose_expiry_cannot_be_read_makes_the_count_doubtful():
    odd = AccessToken(id="t", name="t", unreadable={"expires_at": "next spring"})
    assert shown(account("ci"), holding(odd, token("a")))["live"] == "1?"


@pytest.mark.parametrize(
    ("tokens", "live", "expires", "used"),
    [
        ((), "0", "-", "-"),
        ((token("a", expires_in=-1),), "0", "-", "never"),
        ((token("a", expires_in=40, used_ago=3),), "1", "in 40 d", "3 d ago"),
        ((token("a", expires_in=40), token("b", expires_in=13.5)), "2", "in 13 d !", "never"),
        ((token("a", expires_in=None),), "1", "never", "never"),
    ],
)
def test_tokens_come_to_a_count_an_expiry_and_a_last_use(tokens, live, expires, used):
    row = shown(account("ci"), holding(*tokens))
    assert (row["live"], row["expires"], row["used"]) == (live, expires, used)


@pytest.mark.parametrize(("managed", "word"), [(True, "yes"), (False, ""), (None, "?")])
def test_who_manages_an_account_is_said_or_unknown(managed, word):
    assert shown(account("ci", konnect_managed=managed))["managed"] == word


def test_an_account_without_a_name_has_a_word_for_it():
    assert shown(account(""))["name"] == "(no name)"


# Order


def test_names_are_ordered_without_regard_to_case():
    assert ordered(snapshot(account("b"), account("C"), account("a")), "name") == "a b C"


@pytest.mark.parametrize(
    ("column", "upwards", "downwards"),
    [
        ("live", "c b a d", "a b c d"),
        ("expires", "b a c d", "a b c d"),
        ("used", "b a c d", "a b c d"),
        ("roles", "b a c d", "c a b d"),
        ("teams", "b c a d", "a b c d"),
    ],
)
def test_unknown_and_absent_come_last_whichever_way_round(column, upwards, downwards):
    of = snapshot(
        *map(account, "dcba"),
        a=holding(token("1", expires_in=9, used_ago=1), token("2"), roles=1, teams=1),
        b=holding(token("3", expires_in=3, used_ago=5)),
        c=holding(roles=2),
    )
    assert ordered(of, column) == upwards
    assert ordered(of, column, reverse=True) == downwards


def test_managed_accounts_are_told_from_others_and_from_unknown_ones():
    of = snapshot(
        account("a", konnect_managed=True), account("b"), account("c", konnect_managed=False)
    )
    assert ordered(of, "managed") == "c a b"
    assert ordered(of, "managed", reverse=True) == "a c b"


def test_accounts_without_a_description_come_last():
    of = snapshot(account("a"), account("b", description="Z"), account("c", description="y"))
    assert ordered(of, "description") == "c b a"


def test_details_that_arrive_move_no_row_while_others_are_unread():
    of = snapshot(*map(account, "abc"), a=holding(token("1", expires_in=9)))
    account_order = AccountOrder()
    account_order.sort = "expires", False
    account_order.update(of, NOW)
    of = of.with_details({"id-c": holding(token("2", expires_in=1))})
    assert not account_order.update(of, NOW)
    assert account_order.order == ("id-a", "id-b", "id-c")
    assert account_order.unknown == 1


def test_the_last_details_to_arrive_put_every_row_in_its_place():
    of = snapshot(*map(account, "abc"), a=holding(token("1", expires_in=9)))
    account_order = AccountOrder()
    account_order.sort = "expires", False
    account_order.update(of, NOW)
    failed = Details(tokens=Part(error=FAILED))
    of = of.with_details({"id-c": holding(token("2", expires_in=1)), "id-b": failed})
    assert account_order.update(of, NOW)
    assert account_order.order == ("id-c", "id-a", "id-b")
    assert account_order.unknown == 1


def test_details_change_nothing_in_an_order_by_name():
    of = snapshot(*map(account, "ab"))
    account_order = AccountOrder()
    account_order.update(of, NOW)
    assert not account_order.update(of.with_details({"id-a": holding(token("1"))}), NOW)
    assert account_order.unknown == 0


def test_a_new_list_is_ordered_like_the_one_before():
    account_order = AccountOrder()
    account_order.sort = "name", True
    account_order.update(snapshot(account("ci-a"), account("ci-b")), NOW)
    account_order.update(snapshot(account("ci-c"), account("ci-d")), NOW)
    assert account_order.order == ("id-ci-d", "id-ci-c")


# Filter


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", "ab c"),
        ("CI", "ab c"),
        ("ci eu", "ab"),
        ("ci -eu", "c"),
        ("ci NOT eu", "c"),
        ("-ci", ""),
        ("eu OR id-c", "ab c"),
        ("id-c", "c"),
        ("id-*", "ab c"),
        ("european", "ab"),
        ("[/", ""),
    ],
)
def test_a_filter_of_words_looks_in_name_description_and_id(words, found):
    rows = [
        ("ab", haystack(account("ab", description="CI for the European planes"))),
        ("c", haystack(account("c", description="ci"))),
    ]
    wanted = Filter()
    wanted.set(words)
    assert wanted.is_of_words
    assert " ".join(wanted.keep_words(rows)) == found


def test_a_text_that_is_no_query_leaves_the_filter_as_it_was():
    wanted = Filter()
    assert wanted.set("ci")
    assert not wanted.set('ci "eu')
    assert "never closed" in str(wanted.error)
    assert wanted.keep_words([("a", "ci"), ("b", "x")]) == ("a",)
    assert not wanted.set("ci")
    assert wanted.error is None


@pytest.mark.parametrize(
    ("text", "needs"),
    [("name:ci desc:eu", False), ("is:managed", False), ("is:admin", True), ("x role:Admin", True)],
)
def test_only_what_no_list_tells_needs_everything_to_be_read(text, needs):
    wanted = Filter()
    wanted.set(text)
    assert wanted.needs_details is needs


def test_what_may_be_missing_has_no_expiry_and_no_use_that_is_known_to_be_none():
    part: Part[Listing[Any]] = Part(value=Listing((), incomplete="page 2 was refused"))
    row = shown(account("a"), replace(holding(), tokens=part))
    assert (row["live"], row["expires"], row["used"]) == ("0?", "?", "?")
    some = Part(value=Listing((token("t", expires_in=None),), incomplete="page 2 was refused"))
    row = shown(account("a"), replace(holding(), tokens=some))
    assert (row["live"], row["expires"], row["used"]) == ("1?", "never?", "?")
