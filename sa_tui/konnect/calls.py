"""The few kinds of operations of Konnect, of which the groups of operations are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sa_tui.konnect.models import AssignedRole, Listing, ListPage, Row
from sa_tui.konnect.pages import Batch, read_by_cursor, read_numbered, read_unpaged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.konnect.answers import Response
    from sa_tui.konnect.http import Http

RowT = TypeVar("RowT", bound=Row)


OnPage = Callable[[ListPage[RowT]], None]
"""Is called with each page while a list is read."""


async def _batch(model: type[RowT], answer: Response) -> Batch[RowT]:
    size = len(answer.content)
    return await answer.read_slowly(partial(Batch.from_wire, model, bytes_read=size))


class Calls:
    """Reads rows and lists of rows."""

    def __init__(self, http: Http, *, page_size: int) -> None:
        self._http = http
        self._page_size = page_size

    async def read_row(self, model: type[RowT], path: str) -> RowT:
        """The row at a path."""
        return (await self._http.send("GET", path)).read(model.from_wire)

    async def read_list(
        self,
        model: type[RowT],
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        on_page: OnPage[RowT] | None = None,
        region: str | None = None,
    ) -> Listing[RowT]:
        """Every row of a list with numbered pages."""

        async def fetch(number: int) -> Batch[RowT]:
            page = {"page[size]": str(self._page_size), "page[number]": str(number)}
            answer = await self._http.send(
                "GET", path, params={**page, **(params or {})}, region=region
            )
            return await _batch(model, answer)

        return await read_numbered(
            fetch, page_size=self._page_size, on_page=on_page, ahead=self._http.concurrency
        )

    async def read_list_by_cursor(
        self, model: type[RowT], path: str, *, region: str | None = None
    ) -> Listing[RowT]:
        """Every row of a list whose pages name the cursor of the next."""

        async def fetch(cursor: str | None) -> Batch[RowT]:
            page = {"page[size]": str(self._page_size)}
            if cursor is not None:
                page["page[after]"] = cursor
            answer = await self._http.send("GET", path, params=page, region=region)
            return await _batch(model, answer)

        return await read_by_cursor(fetch)

    async def read_unpaged(
        self, model: type[RowT], path: str, *, on_page: OnPage[RowT] | None
    ) -> Listing[RowT]:
        """Every row of a list without documented pages."""

        async def fetch(number: int | None) -> Batch[RowT]:
            page = None if number is None else {"page[number]": str(number)}
            answer = await self._http.send("GET", path, params=page)
            return await _batch(model, answer)

        return await read_unpaged(fetch, on_page=on_page)

    async def read_roles(
        self, path: str, *, on_page: OnPage[AssignedRole] | None
    ) -> Listing[AssignedRole]:
        """Every assigned role at a path."""
        return await self.read_unpaged(AssignedRole, path, on_page=on_page)
