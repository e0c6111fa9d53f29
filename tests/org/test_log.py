"""The action log tells what was asked, what was sent, what came back and what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect, Fault
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import KonnectError
from sa_tui.konnect.models import Exchange, SystemAccount
from sa_tui.konnect.requests import create_access_token
from sa_tui.konnect.settings import Settings
from sa_tui.org.changes.accounts import delete_account, rename_account
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role
from sa_tui.org.log import MAX_FAILED_READS, MAX_WRITES, ActionLog
from sa_tui.org.logged import LoggedAction
from sa_tui.org.store import Org
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.org.changes.change import Change, Outcome

NAME = "ci-eu-deployer"

Opening = Callable[..., Any]


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


@pytest.fixture
def kept() -> list[LoggedAction]:
    return []


@pytest.fixture
def log(clock: Callable[[], datetime], kept: list[LoggedAction]) -> ActionLog:
    log = ActionLog(now=clock, keep=kept.append)
    log.begin("prod")
    return log


@pytest.fixture
def opened(fake: FakeKonnect, clock: Callable[[], datetime], log: ActionLog) -> Opening:
    @asynccontextmanager
    async def open_org(*, read_only: bool = False) -> AsyncIterator[Org]:
        client = KonnectClient(
            SecretStr(fake.operator_token),
            Settings(
                base_url=BASE_URL,
                regional_url=REGIONAL_URL,
                transport=fake.transport(sleep=no_sleep),
                sleep=no_sleep,
                now=clock,
                jitter=lambda: 0.5,
                read_only=read_only,
                on_exchange=log.exchanged,
            ),
        )
        async with Org(client, now=clock, actions=log) as org:
            await org.load()
            yield org

    return open_org


@pytest.fixture
def account(fake: FakeKonnect) -> SystemAccount:
    return SystemAccount.from_wire(fake.account_named(NAME))


async def _carry_out(org: Org, *changes: Change) -> tuple[Outcome, ...]:
    return await org.carry_out(changes, on_outcome=lambda _: None, sleep=no_sleep)


def _told(log: ActionLog) -> list[tuple[str, int | None, str]]:
    return [(each.title, each.status, each.outcome) for each in log.actions]


async def test_a_change_is_told_in_words_and_as_what_was_sent(
    opened: Opening, log: ActionLog, account: SystemAccount, now: datetime
) -> None:
    async with opened() as org:
        await _carry_out(org, rename_account(account, name="other"))

    (action,) = log.actions
    assert action.title == f"Rename system account {NAME} to other"
    assert (action.method, action.path) == ("PATCH", f"/v3/system-accounts/{account.id}")
    assert (action.status, action.outcome, action.message) == (200, "done", "Done.")
    assert action.profile == "prod"
    assert timedelta(0) <= now - action.at < timedelta(seconds=5)
    assert log.reads > 0
    assert log.failed_reads == 0


async def test_each_attempt_is_told_and_the_last_knows_what_became_of_it(
    opened: Opening, fake: FakeKonnect, log: ActionLog, account: SystemAccount
) -> None:
    fake.inject(Fault("429", method="PATCH"))
    async with opened() as org:
        await _carry_out(org, rename_account(account, name="other"))

    title = f"Rename system account {NAME} to other"
    assert _told(log) == [(title, 200, "done"), (title, 429, "failed")]


@pytest.mark.parametrize(
    ("kind", "status", "outcome"),
    [
        ("500", 500, "unknown"),
        ("cut-before", None, "unknown"),
        ("cut-after", None, "done"),
    ],
)
async def test_the_answer_and_the_outcome_are_told_apart(
    kind: Any,
    status: int | None,
    outcome: str,
    opened: Opening,
    fake: FakeKonnect,
    log: ActionLog,
    account: SystemAccount,
) -> None:
    fake.inject(Fault(kind, method="PATCH"))
    async with opened() as org:
        await _carry_out(org, rename_account(account, name="other"))

    assert _told(log) == [(f"Rename system account {NAME} to other", status, outcome)]


async def test_a_refusal_is_told_with_its_trace_id(
    opened: Opening, log: ActionLog, account: SystemAccount
) -> None:
    async with opened() as org:
        (outcome,) = await _carry_out(org, rename_account(account, name="ci-prod-deployer"))

    assert (log.actions[0].status, log.actions[0].message) == (409, outcome.message)
    assert log.actions[0].trace is not None
    assert log.actions[0].trace in outcome.message
    assert outcome.trace == log.actions[0].trace
    assert outcome.error is not None
    assert outcome.error.trace == outcome.trace


async def test_what_was_so_already_has_the_trace_id_of_the_answer_that_said_so(
    opened: Opening, log: ActionLog, account: SystemAccount
) -> None:
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    viewer = RoleRequest(
        role_name="Viewer", entity_type_name="Portals", entity_id="*", entity_region="eu"
    )
    async with opened() as org:
        *_, already = await _carry_out(org, *[assign_role(owner, viewer)] * 2)

    assert (already.status, already.error) == ("already", None)
    assert already.trace == log.actions[0].trace is not None


async def test_what_somebody_changed_meanwhile_is_overtaken_and_was_not_sent(
    opened: Opening, fake: FakeKonnect, log: ActionLog, account: SystemAccount
) -> None:
    fake.account_named(NAME)["name"] = "somebody-elses"
    async with opened() as org:
        (outcome,) = await _carry_out(org, rename_account(account, name="other"))

    assert (outcome.status, outcome.is_overtaken, outcome.trace) == ("failed", True, None)
    assert [each for each in fake.received if each.method != "GET"] == []


async def test_a_refusal_to_send_is_told_without_a_status(
    opened: Opening, fake: FakeKonnect, log: ActionLog, account: SystemAccount
) -> None:
    async with opened(read_only=True) as org:
        await _carry_out(org, rename_account(account, name="other"))
        with pytest.raises(KonnectError):
            await org.revoke_token(account.id, "a-token")

    revoked, renamed = log.actions
    assert (renamed.method, renamed.status, renamed.outcome) == ("PATCH", None, "failed")
    assert "Nothing was sent: this profile is read-only." in renamed.message
    assert (revoked.title, revoked.method) == (f"Revoke token a-token of {NAME}", "DELETE")
    assert "Nothing was sent: this profile is read-only." in revoked.message
    assert [each for each in fake.received if each.method != "GET"] == []


async def test_issuing_and_revoking_are_told_without_the_secret(
    opened: Opening, log: ActionLog, account: SystemAccount, now: datetime, kept: list[LoggedAction]
) -> None:
    async with opened() as org:
        expires_at = now + timedelta(days=30)
        request = create_access_token(account.id, name="fresh", expires_at=expires_at)
        issued = await org.issue_token(request, account_id=account.id, name="fresh")
        await org.revoke_token(account.id, issued.access_token.id, name="fresh")

    assert [(title, outcome) for title, _, outcome in _told(log)] == [
        (f"Revoke token fresh of {NAME}", "done"),
        (f"Issue token fresh for {NAME}", "done"),
    ]
    assert issued.secret.get_secret_value() not in repr([each.as_record() for each in kept])


async def test_a_reading_is_counted_and_told_only_when_it_fails(
    opened: Opening, fake: FakeKonnect, log: ActionLog, kept: list[LoggedAction]
) -> None:
    fake.inject(Fault("500", path="/v3/organizations/me", times=None))
    async with opened():
        pass

    assert {(each.method, each.status) for each in log.actions} == {("GET", 500)}
    assert log.failed_reads == len(log.actions) < log.reads
    assert kept == []


async def test_what_was_taken_back_cannot_be_taken_back_again(
    opened: Opening, log: ActionLog, account: SystemAccount
) -> None:
    async with opened() as org:
        (outcome,) = await _carry_out(org, rename_account(account, name="other"))
        assert outcome.undo is not None
        assert log.actions[0].undo is outcome.undo
        await _carry_out(org, outcome.undo)

    taken_back, renamed = log.actions
    assert (renamed.outcome, renamed.undo) == ("undone", None)
    assert (taken_back.outcome, taken_back.undo is None) == ("done", False)


async def test_another_profile_cannot_undo_what_was_done_in_this_one(
    opened: Opening, log: ActionLog, account: SystemAccount
) -> None:
    async with opened() as org:
        await _carry_out(org, rename_account(account, name="other"))
    log.begin("elsewhere")

    assert [(each.profile, each.undo) for each in log.actions] == [("prod", None)]


async def test_a_change_is_written_down_when_answered_and_when_more_is_known(
    opened: Opening, account: SystemAccount, log: ActionLog, kept: list[LoggedAction]
) -> None:
    async with opened() as org:
        await _carry_out(org, delete_account(account))

    assert [(each.number, each.status, each.message) for each in kept] == [
        (log.actions[0].number, 204, ""),
        (log.actions[0].number, 204, "Done."),
    ]
    assert kept[-1].as_record()["title"] == f"Delete system account {NAME}"


async def test_what_cannot_be_written_down_is_done_all_the_same_and_said(
    opened: Opening, log: ActionLog, account: SystemAccount
) -> None:
    def refuse(_: LoggedAction) -> None:
        raise JournalError("no room")

    log._keep = refuse
    async with opened() as org:
        (outcome,) = await _carry_out(org, rename_account(account, name="other"))

    assert outcome.is_good
    assert log.problem == "no room"


def test_the_log_is_bounded_and_failing_reads_push_out_no_change() -> None:
    log = ActionLog()
    for number in range(MAX_WRITES + 50):
        log.exchanged(Exchange("POST", f"/v3/{number}", status=201))
    for number in range(MAX_FAILED_READS + 50):
        log.exchanged(Exchange("GET", f"/v3/{number}", error="no"))

    writes = [each for each in log.actions if each.is_write]
    assert len(writes) == MAX_WRITES
    assert writes[0].path == f"/v3/{MAX_WRITES + 49}"
    assert len(log.actions) == MAX_WRITES + MAX_FAILED_READS
    assert log.failed_reads == MAX_FAILED_READS + 50
