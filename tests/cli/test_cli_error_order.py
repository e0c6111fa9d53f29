"""Whatever goes wrong with Konnect is told in one order, on stderr and in JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.every_error import ADVICE, REQUEST, TRACE, assert_in_order, every_class, one_of

if TYPE_CHECKING:
    from sa_tui.konnect.errors import KonnectError
    from tests.cli.conftest import Command


class Failing(httpx.AsyncBaseTransport):
    """Ends every request with an error of one class."""

    def __init__(self, kind: type[KonnectError]) -> None:
        self._kind = kind

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise one_of(self._kind)


@pytest.mark.parametrize("kind", every_class(), ids=lambda kind: kind.__name__)
def test_a_command_says_what_happened_first_and_the_trace_last(
    kind: type[KonnectError], signed_in: Command
) -> None:
    signed_in.env = replace(signed_in.env, transport=Failing(kind))

    ended = signed_in("accounts", "-o", "json")

    (told,) = [line for line in ended.err.splitlines() if line.startswith("sa-tui: ")]
    assert_in_order(told, kind)
    assert told.endswith(f"Trace id: {TRACE}")
    error = ended.json["error"]
    assert told.startswith(f"sa-tui: {error['message']} {ADVICE}.")
    assert list(error)[-3:] == ["advice", "request", "trace"]
    assert [error["advice"], error["request"], error["trace"]] == [ADVICE, REQUEST, TRACE]
