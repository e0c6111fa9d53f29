"""Whatever goes wrong with Konnect is told on a page in one order, what happened first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.every_error import HAPPENED, assert_in_order, every_class, one_of

if TYPE_CHECKING:
    import httpx

    from sa_tui.konnect.errors import KonnectError


@pytest.mark.parametrize("kind", every_class(), ids=lambda kind: kind.__name__)
async def test_a_page_says_what_happened_first_and_the_trace_last(
    running, line, kind: type[KonnectError]
) -> None:
    async def fail(request: httpx.Request) -> None:
        if request.url.path == "/v3/system-accounts":
            raise one_of(kind)

    line.before = fail
    async with running() as driver:
        assert_in_order(driver.words, kind)


@pytest.mark.parametrize("kind", every_class(), ids=lambda kind: kind.__name__)
async def test_a_line_of_the_status_says_what_happened_first(
    running, line, kind: type[KonnectError]
) -> None:
    async def fail(request: httpx.Request) -> None:
        if request.url.path.endswith("/access-tokens"):
            raise one_of(kind)

    line.before = fail
    async with running() as driver:
        happened = getattr(kind, "happened", HAPPENED.capitalize())
        assert f"r retries · NOT ALL READ: {happened}" in driver.words
