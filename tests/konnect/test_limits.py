"""Nothing from outside costs more than its size: bodies, lists, refusals and pages without end."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sa_tui.konnect import requests
from sa_tui.konnect.body import MAX_BODY_BYTES, MAX_REFUSAL_BYTES
from sa_tui.konnect.errors import KonnectError, ServerFault, Unreadable
from sa_tui.konnect.models import SystemAccount
from sa_tui.konnect.pages import (
    MAX_LIST_BYTES,
    MAX_ROWS,
    SLICE,
    Batch,
    read_by_cursor,
    read_numbered,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MEGABYTE = 2**20


class Stream(httpx.AsyncByteStream):
    """A body in pieces; `taken` counts what was asked of it."""

    def __init__(self, pieces: Any) -> None:
        self._pieces = pieces
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.taken += len(piece)
            yield piece
            await asyncio.sleep(0)


def server(stream: Stream, *, status: int = 200, **headers: str) -> httpx.MockTransport:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.MockTransport(lambda _: httpx.Response(status, headers=fields, stream=stream))


def bomb(*, megabytes: int) -> bytes:
    """A packed body of zeros, a thousandth of its size."""
    packer = zlib.compressobj(1, wbits=31)
    block = bytes(MEGABYTE)
    packed = [packer.compress(block) for _ in range(megabytes)]
    return b"".join([*packed, packer.flush()])


@pytest.mark.parametrize("piece_bytes", [65_536, 10**9])
async def test_a_packed_bomb_is_stopped_at_the_limit(connect: Any, piece_bytes: int) -> None:
    packed = bomb(megabytes=64)
    stream = Stream([packed[at : at + piece_bytes] for at in range(0, len(packed), piece_bytes)])
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="larger than 32 MB: reading it was stopped") as caught:
            await connect(server(stream, content_encoding="gzip")).accounts.list()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "page_size" in caught.value.advice
    assert peak < MAX_BODY_BYTES + 8 * MEGABYTE


async def test_a_body_without_end_is_stopped_at_the_limit(connect: Any) -> None:
    stream = Stream(itertools.repeat(b" " * MEGABYTE))
    with pytest.raises(Unreadable, match="larger than 32 MB"):
        await connect(server(stream)).get_organization()
    assert stream.taken <= MAX_BODY_BYTES + 2 * MEGABYTE


async def test_a_change_whose_answer_is_too_large_leaves_its_outcome_open(connect: Any) -> None:
    stream = Stream(itertools.repeat(b" " * MEGABYTE))
    with pytest.raises(Unreadable) as caught:
        await connect(server(stream, status=201)).send(
            requests.create_system_account("a", description="")
        )
    assert caught.value.outcome_unknown


async def test_of_a_refusal_no_more_is_read_than_its_beginning(connect: Any) -> None:
    stream = Stream(itertools.repeat(b"eyJ" * 10_000))
    with pytest.raises(KonnectError, match="400"):
        await connect(server(stream, status=400)).get_organization()
    assert stream.taken <= MAX_REFUSAL_BYTES + 60_000


async def test_a_refusal_that_cannot_be_unpacked_is_still_that_refusal(connect: Any) -> None:
    stream = Stream([b"not gzip"])
    with pytest.raises(KonnectError, match="403 Forbidden"):
        await connect(server(stream, status=403, content_encoding="gzip")).get_organization()


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
async def test_a_packed_answer_is_read(connect: Any, encoding: str) -> None:
    packed = gzip.compress(b'{"id": "o", "name": "Acme"}')
    stream = Stream([packed[at : at + 7] for at in range(0, len(packed), 7)])
    found = await connect(server(stream, content_encoding=encoding)).get_organization()
    assert found.name == "Acme"


@pytest.mark.parametrize("cut", [1, 9])
async def test_a_packed_answer_that_ends_too_early_is_damaged(connect: Any, cut: int) -> None:
    stream = Stream([gzip.compress(b'{"id": "o"}')[:-cut]])
    with pytest.raises(Unreadable, match="damaged"):
        await connect(server(stream, content_encoding="gzip")).get_organization()


async def test_an_answer_packed_in_a_way_nobody_asked_for_is_named(connect: Any) -> None:
    stream = Stream([b"x"])
    with pytest.raises(Unreadable, match="packed as br, which was not asked for"):
        await connect(server(stream, content_encoding="br")).get_organization()


# Refusals


@pytest.mark.parametrize(
    "problem",
    [
        {"title": "eyJ" * 20_000},
        {"detail": "eyJ" * 20_000},
        {"detail": "spat_" * 12_000},
        {"invalid_parameters": [{"field": "f", "reason": "eyJ" * 10}] * 1000},
        {"instance": "<" * 60_000},
    ],
)
async def test_a_refusal_of_any_shape_costs_no_more_than_its_size(
    connect: Any, script: Any, answer: Any, problem: dict[str, Any]
) -> None:
    client = connect(script(answer(400, problem)))
    began = time.process_time()
    with pytest.raises(KonnectError):
        await client.get_organization()
    assert time.process_time() - began < 0.5


async def test_a_secret_at_the_place_of_the_cut_is_not_shown_in_part(
    connect: Any, script: Any, answer: Any
) -> None:
    # Much is hidden before it, so that the place where it was cut comes into view.
    hidden = " ".join(["spat_" + "x" * 50] * 35)
    before = f"{hidden} {'y' * (1986 - len(hidden))} "
    detail = f"{before}Bearer {'q' * 50}"
    assert len(before) + len("Bearer qqqq") < 2000 < len(detail)
    with pytest.raises(KonnectError) as caught:
        await connect(script(answer(400, {"detail": detail}))).get_organization()
    assert "yyy" in str(caught.value)
    assert "qq" not in str(caught.value)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [500, 100_000])
async def test_an_answer_nested_too_deeply_is_unreadable(
    connect: Any, script: Any, answer: Any, opening: str, depth: int
) -> None:
    closing = "]" if opening == "[" else "}"
    deep = opening * depth + "1" + closing * depth
    list_of_one = f'{{"data": [{{"id": "a", "name": {deep}}}]}}'
    try:
        found = await connect(script(answer(text=list_of_one))).accounts.list()
    except Unreadable:
        pass
    else:
        assert found.rows[0].unreadable
    with pytest.raises(ServerFault):
        await connect(script(answer(500, text=f'{{"title": {deep}}}'))).get_organization()


@pytest.mark.parametrize("number", [10**400, -(10**400), "1e999", "NaN", "-Infinity", -1, 2.5])
@pytest.mark.parametrize("name", ["total", "size", "number"])
async def test_a_count_that_cannot_be_is_ignored(
    connect: Any, script: Any, answer: Any, name: str, number: object
) -> None:
    first = f'{{"data": [{{"id": "a"}}], "meta": {{"page": {{"{name}": {number}}}}}}}'
    konnect = script(answer(text=first), answer(text='{"data": []}'))
    found = await connect(konnect).accounts.list()
    assert ([each.id for each in found.rows], found.incomplete) == (["a"], None)


# Lists


async def test_the_rows_of_a_very_long_page_leave_others_their_turn() -> None:
    turns = 0

    async def beat() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    body = {"data": [{"id": str(number)} for number in range(10 * SLICE)]}
    beating = asyncio.create_task(beat())
    batch = await Batch.from_wire(SystemAccount, body)
    beating.cancel()
    assert len(batch.rows) == 10 * SLICE
    assert turns >= 8


async def test_a_list_of_too_many_rows_stops_and_says_so() -> None:
    body = {"data": [{"id": "a"}, *[None] * (MAX_ROWS + 5000)]}

    async def fetch(_: int) -> Batch[SystemAccount]:
        return await Batch.from_wire(SystemAccount, body)

    listing = await read_numbered(fetch, page_size=100)
    assert MAX_ROWS < len(listing.rows) + listing.skipped <= MAX_ROWS + SLICE
    assert "Reading stopped after 100,000 rows." in (listing.incomplete or "")
    assert "Check that the address is Konnect's" in (listing.incomplete or "")


async def test_fat_pages_without_end_stop_at_the_bytes_of_a_list() -> None:
    asked = itertools.count()

    async def fetch(_: object) -> Batch[SystemAccount]:
        row = SystemAccount(id=str(next(asked)))
        return Batch((row,), bytes_read=16 * MEGABYTE, next_cursor="x")

    for read in (read_numbered(fetch, page_size=1), read_by_cursor(fetch)):
        listing = await read
        assert len(listing.rows) == MAX_LIST_BYTES // (16 * MEGABYTE) + 1
        assert "Reading stopped after 128 MB." in (listing.incomplete or "")
