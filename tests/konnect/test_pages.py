"""Lists end on every server, keep each row once, and say when something is missing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.konnect.errors import KonnectError, ServerFault, Unreadable
from sa_tui.konnect.models import ListPage, SystemAccount
from sa_tui.konnect.pages import Batch, read_by_cursor, read_numbered, read_unpaged


def batch(*ids: str, total: int | None = None, size: int | None = None) -> Batch[SystemAccount]:
    return Batch(tuple(SystemAccount(id=each) for each in ids), total=total, size=size)


class Pages:
    """A server's pages; the last one is given for every later number."""

    def __init__(self, *pages: Batch[SystemAccount] | KonnectError) -> None:
        self._pages = pages
        self.asked: list[int | None] = []

    async def fetch(self, number: int | None) -> Batch[SystemAccount]:
        self.asked.append(number)
        page = self._pages[min(number or 1, len(self._pages)) - 1]
        if isinstance(page, KonnectError):
            raise page
        return page


def page_body(*rows: object, **page: object) -> dict[str, object]:
    return {"data": list(rows), "meta": {"page": page}}


async def test_a_short_page_is_the_last() -> None:
    pages = Pages(batch("a", "b", total=3), batch("c", total=3))
    listing = await read_numbered(pages.fetch, page_size=2)
    assert [each.id for each in listing.rows] == ["a", "b", "c"]
    assert (listing.total, listing.incomplete, pages.asked) == (3, None, [1, 2])


async def test_an_empty_page_is_the_last() -> None:
    pages = Pages(batch("a", "b", total=2), batch(total=2))
    listing = await read_numbered(pages.fetch, page_size=2)
    assert (len(listing.rows), listing.incomplete) == (2, None)


async def test_an_empty_list_is_complete() -> None:
    listing = await read_numbered(Pages(batch(total=0)).fetch, page_size=2)
    assert (listing.rows, listing.total, listing.incomplete) == ((), 0, None)


async def test_a_server_that_repeats_its_page_ends_the_reading() -> None:
    pages = Pages(batch("a", "b", total=100, size=2))
    listing = await read_numbered(pages.fetch, page_size=2)
    assert [each.id for each in listing.rows] == ["a", "b"]
    assert listing.incomplete == "Konnect counts 100, 2 were read."


async def test_rows_that_move_between_pages_are_kept_once() -> None:
    pages = Pages(batch("a", "b", total=4), batch("b", "c", total=4), batch(total=4))
    listing = await read_numbered(pages.fetch, page_size=2)
    assert [each.id for each in listing.rows] == ["a", "b", "c"]
    assert listing.incomplete == "Konnect counts 4, 3 were read."


async def test_a_total_that_is_too_low_does_not_end_the_reading() -> None:
    pages = Pages(batch("a", "b", total=1), batch("c", "d", total=1), batch("e", total=1))
    listing = await read_numbered(pages.fetch, page_size=2)
    assert len(listing.rows) == 5
    assert listing.incomplete == "Konnect counts 1, 5 were read."


async def test_a_server_that_allows_fewer_rows_than_asked_is_read_to_the_end() -> None:
    pages = Pages(batch("a", "b", total=3, size=2), batch("c", total=3, size=2))
    listing = await read_numbered(pages.fetch, page_size=100)
    assert (len(listing.rows), listing.incomplete) == (3, None)


async def test_a_server_that_hides_that_it_allows_fewer_rows_is_read_to_the_end() -> None:
    pages = Pages(batch("a", "b", total=3, size=100), batch("c", total=3, size=100))
    listing = await read_numbered(pages.fetch, page_size=100)
    assert (len(listing.rows), listing.incomplete, pages.asked) == (3, None, [1, 2])


async def test_a_server_that_allows_fewer_rows_and_counts_nothing_is_read_to_the_end() -> None:
    pages = Pages(batch("a", "b"), batch("c", "d"), batch("e"), batch())
    listing = await read_numbered(pages.fetch, page_size=100)
    assert [each.id for each in listing.rows] == ["a", "b", "c", "d", "e"]
    assert (listing.incomplete, pages.asked) == (None, [1, 2, 3, 4])


async def test_a_server_without_counts_that_ignores_page_numbers_is_asked_twice() -> None:
    pages = Pages(batch("a", "b"))
    listing = await read_numbered(pages.fetch, page_size=100)
    assert (len(listing.rows), listing.incomplete, pages.asked) == (2, None, [1, 2])


async def test_a_short_page_that_has_all_that_is_counted_costs_no_second_request() -> None:
    pages = Pages(batch("a", "b", total=2))
    await read_numbered(pages.fetch, page_size=100)
    assert pages.asked == [1]


async def test_a_short_page_whose_total_promises_more_than_there_is_costs_one_request() -> None:
    pages = Pages(batch("a", "b", total=5), batch(total=5))
    listing = await read_numbered(pages.fetch, page_size=100)
    assert (listing.incomplete, pages.asked) == ("Konnect counts 5, 2 were read.", [1, 2])


async def test_a_server_that_invents_rows_for_ever_is_left() -> None:
    async def invent(number: int) -> Batch[SystemAccount]:
        return batch(str(number))

    listing = await read_numbered(invent, page_size=1, max_pages=20)
    assert len(listing.rows) == 20
    assert listing.incomplete == "Reading stopped after 20 pages."


async def test_trouble_with_the_first_page_is_raised() -> None:
    with pytest.raises(ServerFault):
        await read_numbered(Pages(ServerFault(500)).fetch, page_size=1)


async def test_trouble_with_a_later_page_keeps_what_was_read() -> None:
    fault = ServerFault(500, request="GET /v3/users", trace="konnect:trace:1")
    listing = await read_numbered(Pages(batch("a", total=3), fault).fetch, page_size=1)
    assert [each.id for each in listing.rows] == ["a"]
    assert listing.incomplete is not None
    assert listing.incomplete == (
        "Konnect counts 3, 1 were read. Page 2 could not be read: Konnect failed. "
        "Konnect said 500. Try again later; if it lasts, give the trace id to Kong's support. "
        "Request: GET /v3/users. Trace id: konnect:trace:1"
    )
    assert "Konnect counts 3, 1 were read." in listing.incomplete


async def test_pages_are_fetched_ahead_but_never_beyond_the_total() -> None:
    pages = Pages(*(batch(f"{n}a", f"{n}b", total=9) for n in range(4)), batch("e", total=9))
    listing = await read_numbered(pages.fetch, page_size=2, ahead=3)
    assert len(listing.rows) == 9
    assert pages.asked == [1, 2, 3, 4, 5]
    assert [each.id for each in listing.rows][:4] == ["0a", "0b", "1a", "1b"]


async def test_a_page_of_more_rows_than_were_asked_for_leaves_fewer_to_fetch_ahead() -> None:
    pages = Pages(batch(*"abcd", total=4, size=4))
    listing = await read_numbered(pages.fetch, page_size=1, ahead=3)
    assert (len(listing.rows), listing.incomplete) == (4, None)
    assert pages.asked == [1, 2]


async def test_trouble_with_a_page_fetched_ahead_waits_for_its_turn() -> None:
    pages = Pages(batch("a", total=4), batch("b", total=4), ServerFault(500), ServerFault(500))
    listing = await read_numbered(pages.fetch, page_size=1, ahead=3)
    assert [each.id for each in listing.rows] == ["a", "b"]
    assert listing.incomplete is not None
    assert "Page 3" in listing.incomplete


async def test_pages_fetched_in_vain_leave_nothing_behind() -> None:
    async def fetch(number: int) -> Batch[SystemAccount]:
        if number > 2:
            await asyncio.Event().wait()
        return batch("a", total=9)

    await read_numbered(fetch, page_size=1, ahead=4)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_each_page_is_told_with_its_new_rows_only() -> None:
    told: list[ListPage[SystemAccount]] = []
    pages = Pages(batch("a", "b", total=3), batch("b", "c", total=3), batch(total=3))
    await read_numbered(pages.fetch, page_size=2, on_page=told.append)
    assert [[row.id for row in each.rows] for each in told] == [["a", "b"], ["c"], []]
    assert [(each.read, each.total) for each in told] == [(2, 3), (3, 3), (3, 3)]


async def test_a_list_without_pages_is_asked_once() -> None:
    pages = Pages(batch("a", "b", total=2))
    listing = await read_unpaged(pages.fetch)
    assert (len(listing.rows), listing.incomplete, pages.asked) == (2, None, [None])


async def test_a_list_without_pages_is_read_on_while_its_total_is_higher() -> None:
    pages = Pages(batch("a", total=3), batch("b", total=3), batch("c", total=3))
    listing = await read_unpaged(pages.fetch)
    assert (len(listing.rows), listing.incomplete, pages.asked) == (3, None, [None, 2, 3])


async def test_a_list_that_ignores_page_numbers_is_called_incomplete() -> None:
    pages = Pages(batch("a", total=3))
    listing = await read_unpaged(pages.fetch)
    assert listing.incomplete == "Konnect counts 3, 1 were read."
    assert pages.asked == [None, 2]


async def test_a_list_that_refuses_page_numbers_keeps_what_was_read() -> None:
    listing = await read_unpaged(Pages(batch("a", total=3), ServerFault(500)).fetch)
    assert len(listing.rows) == 1
    assert listing.incomplete is not None


async def test_cursors_are_followed_until_there_is_none() -> None:
    pages = {
        None: Batch((SystemAccount(id="a"),), next_cursor="x"),
        "x": Batch((SystemAccount(id="b"),)),
    }

    async def fetch(cursor: str | None) -> Batch[SystemAccount]:
        return pages[cursor]

    listing = await read_by_cursor(fetch)
    assert [each.id for each in listing.rows] == ["a", "b"]
    assert listing.incomplete is None


async def test_cursors_that_lead_in_a_circle_end() -> None:
    async def fetch(cursor: str | None) -> Batch[SystemAccount]:
        return Batch((SystemAccount(id="a"),), next_cursor="x")

    assert len((await read_by_cursor(fetch)).rows) == 1


@pytest.mark.parametrize(
    ("total", "read"),
    [
        (3, 3),
        (3.0, 3),
        (-3, None),
        (2.5, None),
        (float("inf"), None),
        (float("nan"), None),
        (True, None),
        (10**400, None),
        (-(10**400), None),
        (1e300, None),
        ("3", None),
        (None, None),
    ],
)
async def test_only_a_usable_total_is_believed(total: object, read: int | None) -> None:
    assert (await Batch.from_wire(SystemAccount, page_body(total=total))).total == read


@pytest.mark.parametrize("meta", [None, [], {"page": None}, {"page": 3}, {}])
async def test_a_page_without_numbers_is_still_a_page(meta: object) -> None:
    found = await Batch.from_wire(SystemAccount, {"data": [{"id": "a"}], "meta": meta})
    assert (len(found.rows), found.total, found.size) == (1, None, None)


async def test_counts_that_stand_in_the_meta_itself_are_found_there() -> None:
    # So the specification has it for personal access tokens alone.
    body = {"data": [{"id": "a"}], "meta": {"number": 1, "size": 10, "total": 3}}

    found = await Batch.from_wire(SystemAccount, body)

    assert (found.size, found.total) == (10, 3)


async def test_null_is_an_empty_list() -> None:
    assert (await Batch.from_wire(SystemAccount, {"data": None})).rows == ()


@pytest.mark.parametrize("body", [None, [], {}, {"data": {"id": "a"}}, {"data": "x"}])
async def test_a_body_without_a_list_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match="data"):
        await Batch.from_wire(SystemAccount, body)


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        ("https://x.example/v1/things?page%5Bafter%5D=abc%3D&page[size]=2", "abc="),
        ("/v1/things?page[after]=abc", "abc"),
        ("abc", "abc"),
        ("/v1/things", None),
        ("http://[", None),
        (None, None),
        (7, None),
    ],
)
async def test_the_next_cursor_is_found_in_a_link_or_bare(link: object, cursor: str | None) -> None:
    found = await Batch.from_wire(SystemAccount, page_body(next=link))
    assert found.next_cursor == cursor


async def test_one_bad_row_never_hides_the_others(connect: Any, script: Any, answer: Any) -> None:
    rows = [{"id": "a"}, {"name": "no id"}, {"id": "b", "created_at": "2025-01-12:15:54Z"}, 7]
    listing = await connect(script(answer(200, page_body(*rows, total=4)))).accounts.list()
    assert [each.id for each in listing.rows] == ["a", "b"]
    assert (listing.skipped, listing.incomplete) == (2, "2 rows could not be read.")


async def test_a_page_that_cannot_be_understood_later_keeps_the_first(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(
        answer(200, page_body({"id": "a"}, total=2)), answer(200, text="<html>oops</html>")
    )
    listing = await connect(konnect, page_size=1).users.list()
    assert len(listing.rows) == 1
    assert "cannot be understood" in (listing.incomplete or "")


async def test_a_first_page_that_cannot_be_understood_is_raised(
    connect: Any, script: Any, answer: Any
) -> None:
    with pytest.raises(Unreadable):
        await connect(script(answer(200, {"items": []}))).teams.list()


rows = st.one_of(
    st.none(),
    st.integers(),
    st.fixed_dictionaries({"id": st.sampled_from(["", "a", "b", "c", "d", "e"])}),
)
counts: st.SearchStrategy[Any] = st.sampled_from(
    [None, -1, 0, 1, 2, 3, 5, 100, 2.0, 2.5, 10**400, float("inf"), float("nan"), True, "3", [], {}]
)
pages = st.fixed_dictionaries({}, optional={"total": counts, "size": counts})
bodies = st.fixed_dictionaries(
    {"data": st.lists(rows, max_size=4)},
    optional={"meta": st.fixed_dictionaries({"page": pages})},
)


@settings(database=None, derandomize=True)
@given(st.lists(bodies, min_size=1, max_size=8), st.integers(1, 4), st.integers(1, 4))
async def test_reading_ends_on_any_sequence_of_pages(
    sequence: list[dict[str, Any]], page_size: int, ahead: int
) -> None:
    asked = 0

    async def fetch(number: int | None) -> Batch[SystemAccount]:
        nonlocal asked
        asked += 1
        return await Batch.from_wire(SystemAccount, sequence[((number or 1) - 1) % len(sequence)])

    numbered = await read_numbered(fetch, page_size=page_size, ahead=ahead)
    unpaged = await read_unpaged(fetch)
    # Five different rows exist: each page but the last brings at least one of them.
    assert asked <= (6 + ahead) + 7
    for listing in (numbered, unpaged):
        assert len({each.id for each in listing.rows}) == len(listing.rows)
        if listing.total is not None and listing.total != len(listing.rows):
            assert listing.incomplete
