"""Requests are authorised, repeated only when safe, and explained when they fail."""

from __future__ import annotations

import asyncio
import ssl
import traceback
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from sa_tui import __version__
from sa_tui.konnect import requests
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import (
    Forbidden,
    Invalid,
    KonnectError,
    Misconfigured,
    NotFound,
    RateLimited,
    ReadOnly,
    Rejected,
    ServerFault,
    Unreachable,
    Unreadable,
)
from sa_tui.konnect.models import Wait

ACCOUNT = {"id": "a", "name": "ci"}
ISSUED = {"id": "t", "name": "ci", "token": "spat_freshfreshfresh"}
EXPIRES_AT = datetime(2025, 9, 1, tzinfo=UTC)

ANSWER_LOST = [
    httpx.ReadError("reset"),
    httpx.WriteError("broken pipe"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    httpx.ReadTimeout("slow"),
    ssl.SSLError("bad record"),
]


def name_of(error: Exception) -> str:
    return type(error).__name__


def shown_by_our_frames(error: BaseException) -> str:
    """What a crash report with locals would show of the client's own frames."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [each for each in report.stack if "sa_tui/konnect/" in each.filename]
    return f"{error} {error!r} {[each.locals for each in frames]}"


async def issue(client: KonnectClient) -> Any:
    return await client.send(requests.create_access_token("a", name="ci", expires_at=EXPIRES_AT))


async def test_every_request_carries_the_token_and_the_programs_name(
    connect: Any, script: Any, answer: Any, token: str
) -> None:
    konnect = script(answer(200, ACCOUNT))
    await connect(konnect).accounts.get("a")
    headers = konnect.requests[0].headers
    assert headers["authorization"] == f"Bearer {token}"
    assert headers["user-agent"] == f"sa-tui/{__version__}"
    assert headers["accept"] == "application/json"


async def test_regions_are_asked_for_without_the_token(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(200, {"regions": {"stable": ["us", "eu"]}}))
    regions = await connect(konnect).list_regions()
    assert regions.stable == ("us", "eu")
    assert "authorization" not in konnect.requests[0].headers


async def test_cookies_are_not_sent_back(connect: Any, script: Any, answer: Any) -> None:
    konnect = script(answer(200, ACCOUNT, set_cookie="session=1; Path=/"))
    client = connect(konnect)
    await client.accounts.get("a")
    await client.accounts.get("a")
    assert "cookie" not in konnect.requests[1].headers


@pytest.mark.parametrize("bare", ["", "spat_a\nspat_b", "spat a", "späť", "spat_\x00"])
def test_a_token_that_fits_no_header_is_refused_without_being_shown(bare: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        KonnectClient(SecretStr(bare))
    assert not bare or repr(bare)[1:-1] not in shown_by_our_frames(caught.value)


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
async def test_a_read_only_client_sends_nothing_but_get(
    connect: Any, script: Any, answer: Any, method: str
) -> None:
    konnect = script(answer(200, ACCOUNT))
    client = connect(konnect, read_only=True)
    with pytest.raises(ReadOnly, match="read-only") as caught:
        await client._http.send(method, "/v3/system-accounts", body={})
    assert not caught.value.outcome_unknown
    await client.accounts.get("a")
    assert konnect.sent == ["GET /v3/system-accounts/a"]


async def test_a_read_is_repeated_until_it_succeeds(
    connect: Any, script: Any, answer: Any, clock: Any
) -> None:
    konnect = script(answer(503), httpx.ReadTimeout("slow"), answer(502), answer(200, ACCOUNT))
    assert (await connect(konnect).accounts.get("a")).name == "ci"
    assert len(konnect.requests) == 4
    assert clock.slept == [0.5, 1.0, 2.0]


async def test_a_read_gives_up_with_the_last_error(connect: Any, script: Any, answer: Any) -> None:
    konnect = script(answer(503, text="upstream is away"))
    with pytest.raises(ServerFault, match="upstream is away") as caught:
        await connect(konnect).accounts.get("a")
    assert len(konnect.requests) == 4
    assert not caught.value.outcome_unknown


@pytest.mark.parametrize("lost", ANSWER_LOST, ids=name_of)
async def test_a_token_is_never_asked_for_again_when_the_answer_may_be_lost(
    connect: Any, script: Any, lost: Exception
) -> None:
    konnect = script(lost)
    with pytest.raises(Unreachable) as caught:
        await issue(connect(konnect))
    assert len(konnect.requests) == 1
    assert caught.value.outcome_unknown


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_fault_leaves_open_whether_the_token_was_made(
    connect: Any, script: Any, answer: Any, status: int
) -> None:
    konnect = script(answer(status, retry_after="1"))
    with pytest.raises(ServerFault) as caught:
        await issue(connect(konnect))
    assert len(konnect.requests) == 1
    assert caught.value.outcome_unknown


async def test_a_token_is_asked_for_again_after_a_refusal_or_a_refused_connection(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(
        answer(429, {"message": "API rate limit exceeded"}, retry_after="1"),
        httpx.ConnectError("refused"),
        answer(201, ISSUED),
    )
    issued = await issue(connect(konnect))
    assert issued.secret.get_secret_value() == "spat_freshfreshfresh"
    assert len(konnect.requests) == 3


async def test_a_connection_that_never_came_about_changed_nothing(
    connect: Any, script: Any
) -> None:
    konnect = script(httpx.ConnectTimeout("slow"))
    with pytest.raises(Unreachable) as caught:
        await issue(connect(konnect))
    assert not caught.value.outcome_unknown
    assert len(konnect.requests) == 1


async def test_one_limit_covers_an_answer_that_drips_in(connect: Any) -> None:
    class Dripping(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            while True:
                await asyncio.sleep(0)
                yield b" "

    def drip(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, stream=Dripping())

    client = connect(httpx.MockTransport(drip), timeout_seconds=0.05)
    with pytest.raises(Unreachable, match=r"within 0\.05 seconds") as caught:
        await issue(client)
    assert caught.value.outcome_unknown


@pytest.mark.parametrize(
    "body", ["", "Created", "<html>welcome</html>", "[]", "{}", '{"id": "t"}', "[" * 100_000]
)
async def test_a_success_without_a_usable_token_leaves_the_outcome_open(
    connect: Any, script: Any, answer: Any, body: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        await issue(connect(script(answer(201, text=body))))
    assert caught.value.outcome_unknown


async def test_a_damaged_answer_to_a_read_leaves_nothing_open(
    connect: Any, script: Any, answer: Any
) -> None:
    with pytest.raises(Unreadable, match="gateway") as caught:
        await connect(script(answer(200, text="<html>Sign in</html>"))).accounts.get("a")
    assert not caught.value.outcome_unknown


async def test_a_body_with_a_broken_encoding_is_unreadable(connect: Any) -> None:
    def garble(request: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(b"not gzip")
        return httpx.Response(201, headers={"content-encoding": "gzip"}, stream=stream)

    with pytest.raises(Unreadable) as caught:
        await issue(connect(httpx.MockTransport(garble)))
    assert caught.value.outcome_unknown


@pytest.mark.parametrize("body", [None, {"id": "a"}, ["x"]])
async def test_adding_and_removing_never_read_the_answer(
    connect: Any, script: Any, answer: Any, body: object
) -> None:
    konnect = script(answer(201, text="Created"), answer(204, body))
    client = connect(konnect)
    await client.send(requests.add_member("t", "system-accounts", "a"))
    await client.send(requests.remove_member("t", "system-accounts", "a"))
    assert konnect.body(0) == {"id": "a"}


async def test_a_problem_is_told_with_its_fields_and_its_trace(
    connect: Any, script: Any, answer: Any
) -> None:
    problem = {
        "status": 400,
        "title": "Invalid Parameters",
        "instance": "konnect:trace:42",
        "detail": "",
        "invalid_parameters": [
            {"field": "name", "reason": "must not be empty", "rule": "required"},
            "odd",
            {"reason": 7},
        ],
    }
    with pytest.raises(Invalid) as caught:
        await connect(script(answer(400, problem))).send(requests.create_system_account(""))
    error = caught.value
    assert (error.title, error.trace, error.status) == (
        "Invalid Parameters",
        "konnect:trace:42",
        400,
    )
    assert [(each.field, each.rule) for each in error.invalid_parameters] == [
        ("name", "required"),
        ("?", None),
    ]
    assert str(error).startswith(
        "Konnect does not accept what was sent. Konnect said 400 Invalid Parameters: name: must"
    )
    assert "Request: POST /v3/system-accounts." in str(error)
    assert "konnect:trace:42" in str(error)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"message": "IP address not allowed"}', "403 Forbidden: IP address not allowed"),
        ("<html><head><title>403 nope</title></head></html>", "a web page: 403 nope"),
        ("<b>no</b> access", "a web page: no access"),
        ("go away", "403 Forbidden: go away"),
        ("", "403 Forbidden"),
        ("[1]", "403 Forbidden: [1]"),
        ("\xff\xfe", "403 Forbidden"),
    ],
)
async def test_a_refusal_is_explained_whatever_its_body(
    connect: Any, script: Any, answer: Any, body: str, said: str
) -> None:
    with pytest.raises(Forbidden) as caught:
        await connect(script(answer(403, text=body))).accounts.get("a")
    assert said in str(caught.value)


async def test_a_redirect_is_not_followed(connect: Any, script: Any, answer: Any) -> None:
    konnect = script(answer(302, location="https://login.example/?token=x"))
    with pytest.raises(Rejected, match=r"points to login\.example") as caught:
        await connect(konnect).accounts.get("a")
    assert len(konnect.requests) == 1
    assert "token=x" not in str(caught.value)


async def test_a_wait_is_announced_and_its_end_too(
    connect: Any, script: Any, answer: Any, told: Any, clock: Any
) -> None:
    konnect = script(answer(429, retry_after="7"), answer(200, ACCOUNT))
    await connect(konnect).accounts.get("a")
    assert told.waits == [Wait(7.0, "Konnect asks for fewer requests"), Wait(0.0, "")]
    assert 7.0 in clock.slept


async def test_a_wait_until_a_date_is_honoured(
    connect: Any, script: Any, answer: Any, told: Any
) -> None:
    konnect = script(answer(429, retry_after="Sun, 01 Jun 2025 12:00:20 GMT"), answer(200, ACCOUNT))
    await connect(konnect).accounts.get("a")
    assert told.waits[0].seconds == 20.0


async def test_konnect_that_keeps_refusing_is_given_up(
    connect: Any, script: Any, answer: Any, told: Any
) -> None:
    konnect = script(answer(429, {"message": "API rate limit exceeded"}, retry_after="3600"))
    with pytest.raises(RateLimited, match="API rate limit exceeded") as caught:
        await connect(konnect).accounts.get("a")
    assert {each.seconds for each in told.waits} == {3600.0, 0.0}
    assert caught.value.retry_after_seconds == 3600.0
    assert not caught.value.outcome_unknown


async def test_a_wait_that_is_cancelled_is_over_too(
    connect: Any, script: Any, answer: Any, told: Any
) -> None:
    asleep = asyncio.Event()

    async def for_ever(_: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    client = connect(script(answer(429, retry_after="7")), sleep=for_ever)
    reading = asyncio.ensure_future(client.accounts.get("a"))
    await asleep.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert told.waits[-1] == Wait(0.0, "")


async def test_each_answer_is_told_without_query_or_body(
    connect: Any, script: Any, answer: Any, told: Any
) -> None:
    konnect = script(
        answer(503, {"instance": "kong:trace:9"}),
        answer(200, {"data": []}),
        httpx.ConnectError("refused"),
    )
    client = connect(konnect)
    await client.accounts.list(name_contains="hidden")
    with pytest.raises(Unreachable):
        await client.get_me()
    first, second, third = told.exchanges[:3]
    assert (first.method, first.path, first.status) == ("GET", "/v3/system-accounts", 503)
    assert (first.trace, second.status, second.error) == ("kong:trace:9", 200, None)
    assert third.status is None
    assert "refused" in (third.error or "")
    assert "hidden" not in repr(told.exchanges)


@pytest.mark.parametrize(
    "step",
    [
        httpx.ConnectError("Bearer spat_sentinelsentinelsentinel"),
        httpx.ReadError("spat_sentinelsentinelsentinel"),
        httpx.Response(400, json={"detail": "spat_sentinelsentinelsentinel is unknown"}),
        httpx.Response(500, text="Authorization: Bearer spat_sentinelsentinelsentinel"),
        httpx.Response(201, json={"token": "spat_sentinelsentinelsentinel"}),
        httpx.Response(201, text='{"token": "spat_sentinelsentinelsentinel"'),
    ],
)
async def test_no_failure_shows_a_secret_even_with_its_locals(
    connect: Any, script: Any, step: Any, told: Any
) -> None:
    with pytest.raises(KonnectError) as caught:
        await issue(connect(script(step)))
    error: BaseException | None = caught.value
    while error is not None:
        assert "sentinelsentinel" not in shown_by_our_frames(error)
        assert not type(error).__module__.startswith(("httpx", "pydantic"))
        error = error.__cause__ or error.__context__
    assert "sentinelsentinel" not in repr(told.exchanges)


@pytest.mark.parametrize(("asked", "at_once"), [(0, 1), (6, 6), (16, 16), (50, 16)])
async def test_no_more_reads_than_allowed_are_under_way(
    connect: Any, answer: Any, asked: int, at_once: int
) -> None:
    under_way = most = 0

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(200, json=ACCOUNT)

    client = connect(httpx.MockTransport(handle), concurrency=asked)
    await asyncio.gather(*(client.accounts.get(str(n)) for n in range(60)))
    assert most == at_once


async def test_a_change_does_not_queue_behind_background_reads(connect: Any) -> None:
    finished: list[str] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        for _ in range(20):
            await asyncio.sleep(0)
        finished.append(request.method)
        return httpx.Response(201, json=ISSUED)

    client = connect(httpx.MockTransport(handle), concurrency=2)
    reads = [asyncio.ensure_future(client.accounts.get("a")) for _ in range(40)]
    await asyncio.sleep(0)
    await issue(client)
    await asyncio.gather(*reads)
    assert finished.index("POST") < 10


async def test_what_a_change_has_to_read_does_not_queue_behind_background_reads(
    connect: Any,
) -> None:
    finished: list[str] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        for _ in range(20):
            await asyncio.sleep(0)
        finished.append(request.url.path)
        return httpx.Response(200, json={"id": "a"})

    client = connect(httpx.MockTransport(handle), concurrency=2)
    reads = [asyncio.ensure_future(client.accounts.get("a")) for _ in range(40)]
    await asyncio.sleep(0)
    with client.ahead():
        await client.accounts.get("b")
    late = asyncio.ensure_future(client.accounts.get("c"))
    await asyncio.gather(*reads, late)
    assert finished.index("/v3/system-accounts/b") < 10
    assert finished[-1] == "/v3/system-accounts/c"


async def test_another_token_is_tried_by_a_client_of_its_own(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(200, {"id": "o"}))
    client = connect(konnect, base_url="https://konnect.example")
    async with client.with_token(SecretStr("spat_other")) as other:
        await other.get_organization()
    await client.get_organization()
    assert [each.headers["authorization"][-5:] for each in konnect.requests] == ["other", "tinel"]
    assert {each.url.host for each in konnect.requests} == {"konnect.example"}


async def test_a_transport_that_was_handed_in_stays_open(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(200, {"id": "o"}))
    client = connect(konnect)
    await client.get_organization()
    await client.aclose()
    assert not konnect.closed


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get_organization(),
        lambda client: client.get_me(),
        lambda client: client.accounts.list(),
        lambda client: client.teams.list(),
        lambda client: client.users.list(),
        lambda client: client.list_roles(),
        lambda client: client.send(requests.create_team(name="a")),
    ],
)
async def test_what_every_konnect_has_is_only_absent_at_a_wrong_address(
    connect: Any, script: Any, answer: Any, ask: Any
) -> None:
    client = connect(script(answer(404, text="not here")), base_url="https://konnect.example")
    with pytest.raises(NotFound) as caught:
        await ask(client)
    if caught.value.request.endswith("/users/me"):  # a system account's token may get this answer
        assert "base_url" not in caught.value.advice
    else:
        assert "is base_url of the profile right?" in caught.value.advice
        assert "https://konnect.example" in caught.value.advice


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.accounts.get("a"),
        lambda client: client.accounts.tokens("a"),
        lambda client: client.teams.users("t"),
        lambda client: client.send(requests.delete_team("t")),
    ],
)
async def test_an_object_that_is_absent_may_have_been_deleted(
    connect: Any, script: Any, answer: Any, ask: Any
) -> None:
    with pytest.raises(NotFound, match="It may have been deleted: refresh"):
        await ask(connect(script(answer(404, text="not here"))))
