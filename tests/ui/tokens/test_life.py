"""The life of a token in one line: every moment in its place, and nothing that is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from sa_tui.konnect.models import AccessToken
from sa_tui.ui.tokens.life import MIN_WIDTH, life_line

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def token(**fields: object) -> AccessToken:
    wire = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in fields.items()
    }
    return AccessToken.from_wire({"id": "t", "name": "t", **wire})


def drawn(of: AccessToken, *, width: int = 62, successor: AccessToken | None = None) -> str:
    return life_line(of, NOW, width=width, successor=successor).plain


def test_half_of_a_life_is_solid_and_now_is_in_the_middle() -> None:
    line = drawn(token(created_at=NOW - 50 * DAY, expires_at=NOW + 50 * DAY))
    assert line == "2026-10-04 ├" + "━" * 19 + "│" + "┄" * 18 + "┤ 2027-01-12"


def test_the_last_use_and_the_successor_have_their_places() -> None:
    old = token(created_at=NOW - 80 * DAY, last_used_at=NOW - 40 * DAY, expires_at=NOW + 20 * DAY)
    line = drawn(old, successor=token(created_at=NOW - 20 * DAY))
    bar = line.split()[1]
    assert [bar.index(mark) / (len(bar) - 1) for mark in "├●◆│┤"] == [
        0.0,
        16 / 39,
        23 / 39,
        31 / 39,
        1.0,
    ]


def test_an_expired_token_is_solid_to_its_end() -> None:
    line = drawn(token(created_at=NOW - 90 * DAY, expires_at=NOW - 30 * DAY))
    assert line == "2026-08-25 ├" + "━" * 38 + "┤ 2026-10-24"


def test_a_token_without_an_end_points_beyond_the_line() -> None:
    line = drawn(token(created_at=NOW - 90 * DAY))
    assert line.startswith("2026-08-25 ├━")
    assert "│" in line
    assert line.rstrip().endswith("┄→ never ends")


def test_what_konnect_wrote_unreadably_is_a_question_mark() -> None:
    line = drawn(token(created_at="soon", expires_at="later"))
    assert line.split()[0] == line.split()[-1] == "?"
    assert "├" not in line
    assert "┤" not in line


def test_nothing_is_drawn_where_there_is_no_room() -> None:
    whole = token(created_at=NOW - DAY, expires_at=NOW + DAY)
    assert not drawn(whole, width=MIN_WIDTH - 1)
    assert len(drawn(whole, width=MIN_WIDTH)) == MIN_WIDTH


moments = st.none() | st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
)


@given(moments, moments, moments, moments, st.integers(MIN_WIDTH, 200))
def test_any_moments_in_any_order_fill_the_width_exactly(
    created: datetime | None,
    used: datetime | None,
    expires: datetime | None,
    successor: datetime | None,
    width: int,
) -> None:
    of = token(created_at=created, last_used_at=used, expires_at=expires)
    line = life_line(of, NOW, width=width, successor=token(created_at=successor)).plain
    assert cell_len(line) == width
    assert ("●" in line) == (used is not None)
