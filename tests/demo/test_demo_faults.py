"""Bad days of the demo Konnect, in process."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from sa_tui.demo.konnect import BASE_URL, FakeKonnect, Fault, parse_fault

TEAMS = "/v3/teams"
BODY = {"name": "Made on a bad day"}


def made(fake: FakeKonnect) -> bool:
    return bool(fake.organisation.teams.rows[-1]["name"] == BODY["name"])


async def test_a_rate_limit_says_when_to_come_back(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("429", retry_after_seconds=7))
    answer = await operator.post(TEAMS, json=BODY)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json() == {"message": "API rate limit exceeded"}
    assert not made(fake)


async def test_a_rate_limit_has_the_headers_of_konnects_own(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("429", retry_after_seconds=77))
    headers = (await operator.get(TEAMS)).headers
    assert headers["ratelimit-limit"] == headers["x-ratelimit-limit-minute"] == "3000"
    assert headers["ratelimit-remaining"] == "0"
    assert (headers["ratelimit-reset"], headers["retry-after"]) == ("48", "77")


async def test_a_rate_limit_may_say_nothing_about_when(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("429", retry_after_seconds=None))
    assert "retry-after" not in (await operator.get(TEAMS)).headers


async def test_a_server_error_is_a_problem_with_a_trace(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500"))
    answer = await operator.post(TEAMS, json=BODY)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["instance"].startswith("konnect:trace:")
    assert not made(fake)


async def test_a_gateway_error_is_html(operator: httpx.AsyncClient, fake: FakeKonnect) -> None:
    fake.inject(Fault("503"))
    answer = await operator.post(TEAMS, json=BODY)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html")
    assert answer.text.startswith("<html>")
    assert not made(fake)


async def test_a_cut_before_changes_nothing(operator: httpx.AsyncClient, fake: FakeKonnect) -> None:
    fake.inject(Fault("cut-before"))
    with pytest.raises(httpx.RemoteProtocolError):
        await operator.post(TEAMS, json=BODY)
    assert not made(fake)
    assert fake.received[-1].status is None


async def test_a_cut_after_loses_only_the_answer(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("cut-after"))
    with pytest.raises(httpx.ReadError):
        await operator.post(TEAMS, json=BODY)
    assert made(fake)
    assert fake.received[-1].status == 201


async def test_a_malformed_body_comes_after_the_change(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("malformed"))
    answer = await operator.post(TEAMS, json=BODY)
    assert answer.status_code == 201
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()
    assert made(fake)


async def test_a_slow_body_arrives_whole_in_its_time(fake: FakeKonnect) -> None:
    waited = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    fake.inject(Fault("slow-body", slow_seconds=4))
    headers = {"authorization": f"Bearer {fake.operator_token}"}
    transport = fake.transport(sleep=sleep)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers) as slow:
        answer = await slow.get(TEAMS)
    assert len(answer.json()["data"]) == 10
    assert len(waited) > 10
    assert sum(waited) == pytest.approx(4, rel=0.1)


async def test_latency_passes_on_both_sides_of_the_change(fake: FakeKonnect) -> None:
    seen = []

    async def sleep(seconds: float) -> None:
        seen.append((seconds, made(fake)))

    headers = {"authorization": f"Bearer {fake.operator_token}"}
    transport = fake.transport(latency_seconds=0.5, sleep=sleep)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers) as far:
        await far.post(TEAMS, json=BODY)
    assert seen == [(0.25, False), (0.25, True)]


async def test_a_fault_strikes_as_often_as_it_was_told_to(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", times=2))
    statuses = [(await operator.get(TEAMS)).status_code for _ in range(3)]
    assert statuses == [500, 500, 200]


async def test_a_fault_without_a_count_lasts_until_cleared(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("503", times=None))
    assert {(await operator.get(TEAMS)).status_code for _ in range(5)} == {503}
    fake.clear_faults()
    assert (await operator.get(TEAMS)).status_code == 200


async def test_a_fault_waits_for_the_request_it_is_meant_for(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", method="POST", path="/v3/*/access-tokens"))
    assert (await operator.get(TEAMS)).status_code == 200
    account_id = fake.account_named("ci-sandbox")["id"]
    path = f"/v3/system-accounts/{account_id}/access-tokens"
    assert (await operator.get(path)).status_code == 200
    assert (await operator.post(TEAMS, json=BODY)).status_code == 201
    body = {"name": "fresh", "expires_at": "2026-06-01T00:00:00Z"}
    assert (await operator.post(path, json=body)).status_code == 500
    assert (await operator.post(path, json=body)).status_code == 201


async def test_faults_strike_in_the_order_they_were_set(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500"))
    fake.inject(Fault("503"))
    assert [(await operator.get(TEAMS)).status_code for _ in range(3)] == [500, 503, 200]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("429", Fault("429")),
        ("cut-after:post", Fault("cut-after", method="POST")),
        ("503::*/teams", Fault("503", path="*/teams")),
        ("500:GET:*:3", Fault("500", method="GET", times=3)),
        ("slow-body:*::*", Fault("slow-body", times=None)),
    ],
)
def test_a_fault_can_be_written_in_a_word(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["", "418", "500:FETCH", "500:::0", "500:::x", "500:GET:*:1:2"])
def test_a_fault_nobody_knows_is_refused_with_what_there_is(text: str) -> None:
    with pytest.raises(ValueError, match=r"use|write"):
        parse_fault(text)
