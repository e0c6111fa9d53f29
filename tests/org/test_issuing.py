"""Issuing one token: nothing is made for nothing, made twice, or lost once it is made."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.base.label import Label
from sa_tui.demo.konnect import BASE_URL, FakeKonnect, Fault
from sa_tui.handover.command import CommandDestination
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.file import FileDestination
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.issuing import Issued, Lost, NotIssued, Order, find_out, issue
from sa_tui.org.store import Org
from sa_tui.records.journal import Journal

ACCOUNT = "ci-eu-deployer"
ENVIRON = {"PATH": os.environ["PATH"]}


class Line(httpx.AsyncBaseTransport):
    """The line to the demo Konnect; `instead` may answer in its place."""

    def __init__(self, fake: FakeKonnect) -> None:
        self._inner = fake.transport()
        self.instead: Callable[[httpx.Request], httpx.Response | None] = lambda _: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.instead(request) or await self._inner.handle_async_request(request)


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def sleep(waits: list[float], clock: Any) -> Callable[[float], Awaitable[None]]:
    async def note(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds=seconds)  # the client's pacing waits until its time has come

    return note


@pytest.fixture
def line(fake: FakeKonnect) -> Line:
    return Line(fake)


@pytest.fixture
async def org(fake: FakeKonnect, line: Line, clock: Any, sleep: Any) -> Any:
    client = KonnectClient(
        SecretStr(fake.operator_token),
        Settings(
            base_url=BASE_URL,
            transport=line,
            sleep=sleep,
            monotonic=lambda: clock().timestamp(),
            now=clock,
            jitter=lambda: 0.5,
        ),
    )
    async with Org(client, now=clock) as org:
        yield org


@pytest.fixture
def journal(tmp_path: Path, clock: Any) -> Journal:
    return Journal(tmp_path / "state" / "journal", now=clock, pid=2**22 + 1, host="jump")


@pytest.fixture
def order(fake: FakeKonnect, now: datetime) -> Order:
    return Order(
        account_id=fake.account_named(ACCOUNT)["id"],
        account_name=ACCOUNT,
        name="nightly",
        expires_at=now + timedelta(days=30),
        destination=None,
        profile="demo",
        base_url=BASE_URL,
        organization_id="org",
        organization_name="Meridian Freight",
    )


@pytest.fixture
def issuing(org: Org, journal: Journal, sleep: Any) -> Callable[[Order], Awaitable[Any]]:
    return lambda order: issue(order, org=org, journal=journal, sleep=sleep)


def named(fake: FakeKonnect, order: Order) -> list[Any]:
    return [each for each in fake.tokens_of(order.account_id) if each["name"] == order.name]


# Before the request


async def test_the_destination_is_checked_before_konnect_is_asked_anything(
    issuing, order, fake, tmp_path
):
    place = FileDestination(tmp_path / "missing" / "t")
    outcome = await issuing(replace(order, destination=place))
    assert isinstance(outcome, NotIssued)
    assert "does not exist" in outcome.reason
    assert fake.received == []


async def test_a_name_that_begins_like_another_is_free(issuing, order, fake):
    fake.add_token(order.account_id, f"{order.name}-2")
    assert isinstance(await issuing(order), Issued)


async def test_names_that_cannot_be_asked_for_stop_it(issuing, order, fake):
    fake.inject(Fault("503", path="*/access-tokens", times=None))
    outcome = await issuing(order)
    assert isinstance(outcome, NotIssued)
    assert outcome.reason.startswith("Nothing was created. ")
    assert [each.method for each in fake.received if each.method != "GET"] == []


async def test_the_journal_holds_the_order_and_then_the_id_but_no_secret(issuing, order, journal):
    outcome = await issuing(order)
    (entry,) = journal.unfinished()
    assert entry.label.token_id == outcome.access_token.id
    assert entry.label.organization_name == "Meridian Freight"
    assert outcome.secret.get_secret_value() not in journal.path.read_text()


async def test_the_journal_knows_the_whole_secret_by_its_sha_256(issuing, order, journal):
    outcome = await issuing(order)
    digest = hashlib.sha256(outcome.secret.get_secret_value().encode()).hexdigest()
    assert list(journal.by_fingerprint()) == [digest]


async def test_a_refusal_finishes_the_entry(issuing, order, journal, line):
    def refuse(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(403, json={"title": "No"}) if request.method == "POST" else None

    line.instead = refuse
    outcome = await issuing(order)
    assert isinstance(outcome, NotIssued)
    assert "403" in outcome.reason
    assert journal.unfinished() == ()


# With the secret in hand


async def test_the_secret_is_delivered_before_anybody_is_told(issuing, order, tmp_path, journal):
    outcome = await issuing(replace(order, destination=FileDestination(tmp_path / "t")))
    assert outcome.delivery is not None
    assert outcome.delivery.status == "delivered"
    assert (tmp_path / "t").read_text() == outcome.secret.get_secret_value()
    assert "Written to" in journal.unfinished()[0].delivery


async def test_a_command_that_takes_too_long_is_no_delivery(issuing, order, journal):
    slow = CommandDestination(("sleep", "60"), environ=ENVIRON, timeout_seconds=0.05)
    outcome = await issuing(replace(order, destination=slow))
    assert outcome.delivery.status == "failed"
    assert "did not end in time and was killed" in outcome.delivery.message
    assert journal.unfinished()[0].delivery is None


@dataclass(frozen=True)
class Broken:
    """A destination with an error of its own."""

    kind = "command"

    def filled(self, label: Label) -> Broken:
        return self

    def describe(self) -> str:
        return "a broken place"

    async def check(self) -> str | None:
        return None

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        raise RuntimeError(f"cannot take {secret.get_secret_value()}")


async def test_a_destination_with_an_error_of_its_own_loses_no_secret(issuing, order):
    outcome = await issuing(replace(order, destination=Broken()))
    assert isinstance(outcome, Issued)
    assert outcome.delivery == Delivery(
        "failed",
        message="The delivery broke off (RuntimeError): look there before you go on.",
        may_be_there=True,
    )
    assert outcome.secret is not None
    assert outcome.secret.get_secret_value().startswith("spat_")


async def test_a_journal_that_is_lost_after_the_request_loses_no_secret(
    issuing, order, journal, line, tmp_path
):
    def lose(request: httpx.Request) -> None:
        if request.method == "POST":
            shutil.rmtree(journal.path.parent)
            journal.path.parent.write_text("not a directory")

    line.instead = lose
    outcome = await issuing(replace(order, destination=FileDestination(tmp_path / "t")))
    assert isinstance(outcome, Issued)
    assert outcome.delivery is not None
    assert outcome.delivery.status == "delivered"


async def test_what_konnect_made_of_the_expiry_is_what_the_label_says(issuing, order, now):
    exact = now + timedelta(days=30, microseconds=999_999)
    outcome = await issuing(replace(order, expires_at=exact))
    assert outcome.label.expires_at == datetime(2026, 12, 23, 12, 0, tzinfo=UTC)


async def test_the_new_token_stands_in_the_snapshot_and_goes_with_its_revocation(
    issuing, order, org
):
    await org.read_details([order.account_id])
    before = org.snapshot.details_of(order.account_id).tokens.value
    outcome = await issuing(order)
    token_id = outcome.access_token.id
    issued = org.snapshot.details_of(order.account_id).tokens.value
    assert [row.id for row in issued.rows] == [*(row.id for row in before.rows), token_id]
    assert issued.total == before.total + 1
    await org.revoke_token(order.account_id, token_id)
    assert org.snapshot.details_of(order.account_id).tokens.value == before


async def test_tokens_that_were_never_read_stay_unread(issuing, order, org):
    await issuing(order)
    assert org.snapshot.details_of(order.account_id).tokens.value is None


async def test_revoking_what_is_gone_is_no_error(issuing, order, org, fake):
    outcome = await issuing(order)
    for _ in range(2):
        await org.revoke_token(order.account_id, outcome.access_token.id)
    assert [each.status for each in fake.received if each.method == "DELETE"] == [204, 404]


async def test_verifying_uses_the_new_token_and_leaves_the_client_as_it_was(
    issuing, order, org, fake
):
    outcome = await issuing(order)
    await org.verify(outcome.secret)
    assert fake.received[-1].token_id == outcome.access_token.id
    await org.tokens_named(order.account_id, "x")
    assert fake.received[-1].token_id != outcome.access_token.id


# With the answer lost


@pytest.mark.parametrize("kind", ["cut-after", "malformed"])
async def test_a_lost_answer_is_looked_for_once_when_it_is_found(issuing, order, fake, waits, kind):
    fake.inject(Fault(kind, method="POST"))
    outcome = await issuing(order)
    assert isinstance(outcome, Lost)
    assert [outcome.label.token_id] == [token["id"] for token in named(fake, order)]
    assert waits == [0.0]
    assert [each.method for each in fake.received].count("POST") == 1


@pytest.mark.parametrize(
    "name", ["1\ufe0f\u20e3 bot", "a\u2800b", "👩\u200d💻", "a\nb\t", "x" * 400, "\u202egnp"]
)
async def test_a_lost_answer_is_found_by_the_name_that_was_sent(issuing, order, fake, name):
    order = replace(order, name=name)
    fake.inject(Fault("cut-after", method="POST"))
    outcome = await issuing(order)
    assert [outcome.label.token_id] == [token["id"] for token in named(fake, order)]
    assert outcome.label.token_name == name


@pytest.mark.parametrize("kind", ["cut-before", "500", "503"])
async def test_a_lost_answer_is_looked_for_three_times_when_it_is_not(
    issuing, order, fake, waits, kind
):
    fake.inject(Fault(kind, method="POST"))
    outcome = await issuing(order)
    assert outcome.label.token_id is None
    assert "most likely none was created" in outcome.found_out
    assert waits == [0.0, 1.0, 3.0]
    assert [each.method for each in fake.received].count("POST") == 1


async def test_a_list_that_may_lack_some_does_not_tell_that_there_is_none(
    issuing, order, fake, line, org, sleep
):
    fake.inject(Fault("cut-before", method="POST"))
    lost = await issuing(order)
    body = json.dumps({"data": [{"name": "without an id"}], "meta": {"page": {"total": 1}}})
    line.instead = lambda _: httpx.Response(200, content=body)
    outcome = await find_out(lost, org=org, sleep=sleep)
    assert outcome.label.token_id is None
    assert outcome.found_out == (
        "Whether the token exists is unknown: not every token could be read."
    )


async def test_a_request_that_was_put_off_is_repeated_and_made_once(issuing, order, fake):
    fake.inject(Fault("429", method="POST", times=2))
    assert isinstance(await issuing(order), Issued)
    assert [each.status for each in fake.received if each.method == "POST"] == [429, 429, 201]
    assert len(named(fake, order)) == 1
