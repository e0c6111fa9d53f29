"""The calendar of expiries: every token that was read stands in one place of it, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sa_tui.access.answer import Answer
from sa_tui.access.query.account_terms import of_token
from sa_tui.access.query.language import parse
from sa_tui.access.query.language import terms as terms_of
from sa_tui.konnect.models import AccessToken, Listing, SystemAccount
from sa_tui.org.expiries import MOST_WEEKS, calendar
from sa_tui.org.snapshot import Details, Part, Snapshot

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def snapshot(*tokens: AccessToken, unread: int = 0, is_whole: bool = True) -> Snapshot:
    """An account with these tokens, and others whose tokens were not read."""
    accounts = tuple(SystemAccount(id=f"a{number}", name="a") for number in range(unread + 1))
    listing = Listing(rows=accounts, incomplete=None if is_whole else "a page is missing")
    details = {"a0": Details(tokens=Part(value=Listing(rows=tokens)))}
    return Snapshot(accounts=Part(value=listing), details=details)


def ending(after: timedelta | None, **fields: Any) -> AccessToken:
    ends_at = None if after is None else NOW + after
    return AccessToken(id=f"t{after}", name="t", expires_at=ends_at, **fields)


def test_weeks_are_seven_days_from_now_and_the_empty_ones_are_listed() -> None:
    weeks = calendar(snapshot(ending(6 * DAY), ending(DAY), ending(15 * DAY)), NOW).weeks
    ends = [[expiry.token.expires_at for expiry in week.expiries] for week in weeks]
    assert ends == [[NOW + DAY, NOW + 6 * DAY], [], [NOW + 15 * DAY]]
    assert [week.begins_at for week in weeks] == [NOW, NOW + 7 * DAY, NOW + 14 * DAY]


def test_what_has_no_week_has_a_place_of_its_own() -> None:
    unclear = ending(None, unreadable={"expires_at": "soon"})
    told = calendar(snapshot(ending(-DAY), ending(None), unclear, ending(4000 * DAY)), NOW)
    assert [len(kind) for kind in (told.expired, told.endless, told.unclear, told.later)] == [1] * 4
    assert not told.weeks


def test_accounts_that_were_not_read_are_counted() -> None:
    assert calendar(snapshot(unread=3), NOW).unread == 3
    assert calendar(snapshot(is_whole=False), NOW).unread is None
    assert calendar(Snapshot(), NOW).unread is None


ends = st.none() | st.timedeltas(min_value=-40 * DAY, max_value=500 * DAY)


@given(st.lists(ends, max_size=30, unique=True))
def test_every_token_stands_in_one_place_and_its_week_can_be_asked_for(
    lifetimes: list[timedelta | None],
) -> None:
    tokens = [ending(lifetime) for lifetime in lifetimes]
    told = calendar(snapshot(*tokens), NOW)
    kinds = (told.later, told.expired, told.endless, told.unclear)
    in_weeks = [expiry.token.id for week in told.weeks for expiry in week.expiries]
    placed = [*in_weeks, *(expiry.token.id for kind in kinds for expiry in kind)]
    assert sorted(placed) == sorted(token.id for token in tokens)
    assert len(told.weeks) <= MOST_WEEKS
    for week in told.weeks:
        asks = [of_token(term, NOW) for term in terms_of(parse(week.query))]
        matching = {token.id for token in tokens if all(ask(token) is Answer.YES for ask in asks)}
        assert matching == {expiry.token.id for expiry in week.expiries}
