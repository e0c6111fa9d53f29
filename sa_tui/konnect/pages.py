"""Reads lists page by page, and ends on every server.

The rules it keeps: a page without a new row is the last, and so is a short page once there are as
many rows as the total says. A total alone is not trusted: reading ends where no new row comes. A
list that reaches a limit is incomplete.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

from sa_tui.konnect.errors import KonnectError
from sa_tui.konnect.models import Listing, ListPage, Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

RowT = TypeVar("RowT", bound=Row)

MAX_PAGES = 2000
"""The limit of pages, for a server that sends new rows for ever."""

MAX_ROWS = 100_000
MAX_LIST_BYTES = 128 * 1024 * 1024
"""The limit of one list: four pages of the largest size."""

SLICE = 500
"""How many rows are read before other tasks may run."""

_LARGEST_COUNT = 10**9
_CHECK_ADDRESS = "What follows is missing. Check that the address is Konnect's."


@dataclass(frozen=True)
class Batch(Generic[RowT]):
    """One page: its rows, how many could not be read, and its total, size and cursor."""

    rows: tuple[RowT, ...]
    skipped: int = 0
    total: int | None = None
    size: int | None = None
    next_cursor: str | None = None
    bytes_read: int = 0

    @classmethod
    async def from_wire(
        cls, model: type[RowT], body: object, *, bytes_read: int = 0
    ) -> Batch[RowT]:
        """The page of an answer. Raises ValueError if it has no list.

        A long page is read in slices, so that the screen stays responsive.
        """
        if not isinstance(body, Mapping) or "data" not in body:
            raise ValueError("no data")
        data = body["data"]
        if data is None:  # some servers send this for an empty list
            data = []
        if not isinstance(data, list):
            raise ValueError("data is not a list")
        rows: list[RowT] = []
        skipped = 0
        for start in range(0, min(len(data), MAX_ROWS + 1), SLICE):
            if start:
                await asyncio.sleep(0)
            read, unread = read_rows(model, data[start : start + SLICE])
            rows += read
            skipped += unread
        meta = _mapping(body.get("meta"))
        page = _mapping(meta.get("page", meta))  # personal access tokens have no `page`
        return cls(
            rows=tuple(rows),
            skipped=skipped,
            total=_count(page.get("total")),
            size=_count(page.get("size")),
            next_cursor=_cursor(page.get("next")),
            bytes_read=bytes_read,
        )

    def is_short(self, page_size: int) -> bool:
        """Whether the page has fewer rows than fit; the server may allow fewer than asked for."""
        fits = min(page_size, self.size) if self.size else page_size
        return len(self.rows) + self.skipped < fits


class _Reading(Generic[RowT]):
    """The rows that were read so far, without duplicates."""

    def __init__(self, on_page: Callable[[ListPage[RowT]], None] | None) -> None:
        self._on_page = on_page
        self._rows: dict[str, RowT] = {}
        self._skipped = 0
        self._bytes = 0
        self.total: int | None = None

    @property
    def limit_met(self) -> str:
        """A sentence about the limit that is reached; empty if none is."""
        if self.read > MAX_ROWS:
            return f"Reading stopped after {MAX_ROWS:,} rows. {_CHECK_ADDRESS}"
        if self._bytes > MAX_LIST_BYTES:
            return f"Reading stopped after {MAX_LIST_BYTES // 2**20} MB. {_CHECK_ADDRESS}"
        return ""

    @property
    def read(self) -> int:
        return len(self._rows) + self._skipped

    @property
    def is_promised_more(self) -> bool:
        return (self.total or 0) > self.read

    def goes_on(self, batch: Batch[RowT], *, page_size: int) -> bool:
        """Adds a page; returns whether to ask for another."""
        if not self.take(batch):
            return False
        # Without a total, a short page may come from a server that allows fewer rows than it was
        # asked for; with one, a full page may still be followed by another.
        return self.total is None or self.is_promised_more or not batch.is_short(page_size)

    def take(self, batch: Batch[RowT]) -> bool:
        """Adds a page; returns False if it has no new row, or the list has reached a limit."""
        self._bytes += batch.bytes_read
        new = {row.id: row for row in batch.rows if row.id not in self._rows}
        self._rows.update(new)
        self._skipped += batch.skipped
        if batch.total is not None:
            self.total = batch.total
        if self._on_page is not None:
            self._on_page(ListPage(tuple(new.values()), read=len(self._rows), total=self.total))
        return bool(new) and not self.limit_met

    def listing(self, trouble: str = "") -> Listing[RowT]:
        """The rows, with sentences on everything that makes them incomplete."""
        reasons = [self.limit_met]
        if self._skipped:
            reasons.append(f"{self._skipped} rows could not be read.")
        if self.total is not None and self.total != self.read:
            reasons.append(f"Konnect counts {self.total}, {self.read} were read.")
        reasons.append(trouble)  # last, because its own last words are a trace id
        return Listing(
            tuple(self._rows.values()),
            total=self.total,
            incomplete=" ".join(filter(None, reasons)) or None,
            skipped=self._skipped,
        )


async def read_numbered(
    fetch: Callable[[int], Awaitable[Batch[RowT]]],
    *,
    page_size: int,
    on_page: Callable[[ListPage[RowT]], None] | None = None,
    ahead: int = 1,
    max_pages: int = MAX_PAGES,
) -> Listing[RowT]:
    """The rows of every page from 1 on; up to `ahead` pages are fetched at the same time.

    Raises what `fetch` raises for the first page; later errors make the listing incomplete.
    """
    reading = _Reading(on_page)
    batch = await fetch(1)
    going_on = reading.goes_on(batch, page_size=page_size)
    # A server may send fewer rows than it was asked for, or more.
    fits = max(min(page_size, batch.size or page_size), reading.read)
    last_expected = min(math.ceil((reading.total or 0) / fits), max_pages)
    fetches: dict[int, asyncio.Task[Batch[RowT]]] = {}
    number = 1
    try:
        while going_on:
            number += 1
            if number > max_pages:
                return reading.listing(f"Reading stopped after {max_pages} pages.")
            for next_number in range(
                number, max(min(number + ahead - 1, last_expected), number) + 1
            ):
                if next_number not in fetches:
                    fetches[next_number] = asyncio.ensure_future(fetch(next_number))
            batch = await fetches.pop(number)
            going_on = reading.goes_on(batch, page_size=page_size)
    except KonnectError as error:
        return reading.listing(f"Page {number} could not be read: {error}")
    finally:
        for fetch_ahead in fetches.values():
            fetch_ahead.cancel()
        await asyncio.gather(*fetches.values(), return_exceptions=True)
    return reading.listing()


async def read_unpaged(
    fetch: Callable[[int | None], Awaitable[Batch[RowT]]],
    *,
    on_page: Callable[[ListPage[RowT]], None] | None = None,
) -> Listing[RowT]:
    """The rows of a list without documented pages, which it may have all the same.

    Page 2 and later are read only if the total is higher. Raises as `read_numbered`.
    """
    reading = _Reading(on_page)
    going_on = reading.take(await fetch(None))
    number = 1
    try:
        while going_on and reading.is_promised_more and number < MAX_PAGES:
            number += 1
            going_on = reading.take(await fetch(number))
    except KonnectError as error:
        return reading.listing(f"Page {number} could not be read: {error}")
    return reading.listing()


async def read_by_cursor(fetch: Callable[[str | None], Awaitable[Batch[RowT]]]) -> Listing[RowT]:
    """The rows of a list whose pages name the cursor of the next. Raises as `read_numbered`."""
    reading = _Reading[RowT](None)
    batch = await fetch(None)
    going_on = reading.take(batch)
    pages = 1
    try:
        while going_on and batch.next_cursor:
            if pages == MAX_PAGES:
                return reading.listing(f"Reading stopped after {MAX_PAGES} pages.")
            pages += 1
            batch = await fetch(batch.next_cursor)
            going_on = reading.take(batch)
    except KonnectError as error:
        return reading.listing(f"Page {pages} could not be read: {error}")
    return reading.listing()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _count(value: object) -> int | None:
    """A usable count, or None; servers also send floats and negative numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Compared first: `int` fails on a float that is infinite or not a number.
    return int(value) if 0 <= value <= _LARGEST_COUNT and value == int(value) else None


def _cursor(value: object) -> str | None:
    """The cursor in a link to the next page, or the bare cursor."""
    if not isinstance(value, str) or not value:
        return None
    try:
        cursors = parse_qs(urlsplit(value).query).get("page[after]")
    except ValueError:
        return None
    return cursors[0] if cursors else (None if "/" in value or "?" in value else value)
