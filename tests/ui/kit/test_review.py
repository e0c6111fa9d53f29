"""Changes are shown, confirmed, sent, explained and taken back on one page."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Literal

import pytest

from sa_tui.demo.faults import FaultKind
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.org.changes.accounts import delete_account, describe_account, rename_account
from sa_tui.org.changes.change import Outcome
from sa_tui.org.changes.teams import Member, join_team, leave_team
from sa_tui.org.store import Org

NAME = "ci-eu-deployer"
TAKEN = "ci-prod-deployer"
Kind = FaultKind | Literal["403", "404", "409"]


def _account(fake: FakeKonnect) -> SystemAccount:
    return SystemAccount.from_wire(fake.account_named(NAME))


def _writes(fake: FakeKonnect) -> list[tuple[str, object]]:
    return [(each.method, each.body) for each in fake.received if each.method != "GET"]


async def test_nothing_is_sent_before_a_yes(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Rename", [rename_account(_account(fake), name="other")])
        await driver.settle()
        await driver.press("enter")

        assert "Rename" in driver.text
        assert f"- name {NAME}" in driver.text
        assert "+ name other" in driver.text
        assert _writes(fake) == []

        await driver.press("escape")
        assert _writes(fake) == []


async def test_a_yes_sends_and_undo_takes_back(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Rename", [rename_account(_account(fake), name="other")])
        await driver.settle()
        await driver.press("Y")

        assert "1 change done" in driver.text
        assert _writes(fake) == [("PATCH", {"name": "other"})]

        await driver.press("u")
        await driver.press("Y")
        assert _writes(fake)[1:] == [("PATCH", {"name": NAME})]


async def test_the_end_of_an_account_has_to_be_typed(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Delete", [delete_account(_account(fake))])
        await driver.settle()
        await driver.type("Y")
        await driver.press("enter")
        assert "Nothing was sent" in driver.text
        assert _writes(fake) == []

        await driver.press("backspace")
        await driver.type(NAME)
        await driver.press("enter")
        assert _writes(fake) == [("DELETE", None)]


async def test_what_failed_can_be_sent_again_alone(running, fake: FakeKonnect) -> None:
    account = _account(fake)
    changes = [
        rename_account(account, name="other"),
        describe_account(account, description="words"),
    ]
    fake.inject(Fault("500", method="PATCH"))
    async with running() as driver:
        driver.app.review("Two", changes)
        await driver.settle()
        await driver.press("Y")
        assert "1 change done, 1 unknown" in driver.text
        assert "f looks again" in driver.text

        await driver.press("f")
        await driver.press("Y")

        names = [body for _, body in _writes(fake)]
        assert names == [{"name": "other"}, {"description": "words"}, {"name": "other"}]


async def test_what_can_only_fail_again_is_not_offered(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("One", [rename_account(_account(fake), name=TAKEN)])
        await driver.settle()
        await driver.press("Y")
        assert "0 changes done, 1 failed. Esc leaves." in driver.text

        await driver.press("f", "Y")
        assert len(_writes(fake)) == 1


async def test_a_result_says_first_what_happened(running, fake: FakeKonnect) -> None:
    async with running((120, 30)) as driver:
        driver.app.review("One", [rename_account(_account(fake), name=TAKEN)])
        await driver.settle()
        await driver.press("Y")

        assert "Not done: This conflicts with" in driver.text
        assert "/v3/system-accounts/" not in driver.text


async def test_the_requests_can_be_read_as_curl(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Rename", [rename_account(_account(fake), name="other")])
        await driver.settle()
        await driver.press("$")

        assert "curl -X PATCH" in driver.text
        assert "$KONNECT_TOKEN" in driver.text
        assert fake.operator_token not in driver.text


async def _begin(driver: Any, changes: Any, **options: Any) -> None:
    driver.app.review("Changes", changes, **options)
    await driver.settle()


async def test_the_requests_can_be_read_where_a_name_has_to_be_typed(
    running, fake: FakeKonnect
) -> None:
    async with running() as driver:
        await _begin(driver, [delete_account(_account(fake))])
        await driver.press("f2")

        assert "curl -X DELETE" in driver.text
        assert _writes(fake) == []


async def test_the_requests_can_be_copied_as_curl(running, fake: FakeKonnect, dependencies) -> None:
    environ = {**dependencies.environ, "SSH_TTY": "/dev/pts/1"}
    account = _account(fake)
    changes = [rename_account(account, name="other"), describe_account(account, description="w")]
    async with running(environ=environ) as driver:
        await _begin(driver, changes)
        await driver.press("y")

        assert "2 requests as curl" in driver.words
        assert _writes(fake) == []


async def test_what_asks_for_no_word_is_sent_at_once(running, fake: FakeKonnect) -> None:
    change = replace(describe_account(_account(fake), description="words"), level="none")
    async with running() as driver:
        await _begin(driver, [change])

        assert "1 change done" in driver.text
        assert _writes(fake) == [("PATCH", {"description": "words"})]


def _leaving(fake: FakeKonnect, count: int) -> list[Any]:
    member = Member(kind="account", id=_account(fake).id, name=NAME)
    teams = [Team.from_wire({"id": fake.add_team(f"T{n}"), "name": f"T{n}"}) for n in range(count)]
    return [leave_team(member, team) for team in teams]


async def test_many_removals_are_confirmed_by_their_number(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _begin(driver, _leaving(fake, 5))
        await driver.type("Y")
        await driver.press("enter")
        assert "type 5" in driver.text or "That is not 5" in driver.text
        assert _writes(fake) == []

        await driver.press("backspace", "5", "enter")
        assert len(_writes(fake)) == 5


async def test_a_few_removals_are_confirmed_by_a_yes(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _begin(driver, _leaving(fake, 4))
        await driver.press("Y")

        assert len(_writes(fake)) == 4


async def test_a_name_that_nobody_can_type_is_confirmed_by_the_id(
    running, fake: FakeKonnect
) -> None:
    id = fake.add_account("名\u202e" + "x" * 50)
    account = SystemAccount.from_wire(next(a for a in fake.organisation.accounts if a["id"] == id))
    async with running() as driver:
        await _begin(driver, [delete_account(account)])
        assert f"type {id[:8]} " in driver.text

        await driver.type(id[:8])
        await driver.press("enter")
        assert _writes(fake) == [("DELETE", None)]


async def _answered(driver: Any, clock: Any, sleep: Any) -> None:
    """Lets time pass until all is read again: after a 429 the client paces itself."""
    for _ in range(500):
        if not any(worker.group == "writes" for worker in driver.app.workers):
            return
        clock.advance(seconds=60)
        sleep.wake()
        await driver.turn()
    raise AssertionError(driver.text)


def _refused(fake: FakeKonnect, kind: Kind) -> Any:
    """A change that will meet this answer."""
    account = _account(fake)
    if kind == "403":
        fake.account_named(NAME)["konnect_managed"] = True  # since it was read
        return rename_account(account, name="ours")
    if kind == "404":
        fake.organisation.accounts.remove(account.id)
        return rename_account(account, name="other")
    if kind == "409":
        return rename_account(account, name=TAKEN)
    fake.inject(Fault(kind, method="PATCH"))
    return rename_account(account, name="other")


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("403", "403", "0 changes done, 1 failed. f tries it again"),
        ("404", "404", "0 changes done, 1 failed"),
        ("409", "409", "0 changes done, 1 failed"),
        ("429", "✓", "1 change done. u undoes what was done"),
        ("500", "500", "0 changes done, 1 unknown"),
        ("cut-before", "Whether it was done is unknown", "0 changes done, 1 unknown"),
        ("cut-after", "Done, although no answer said so.", "1 change done. Esc leaves"),
    ],
)
async def test_each_answer_is_told_in_full_and_the_page_can_be_left(
    kind: Kind, said: str, told: str, running, fake: FakeKonnect, clock, sleep
) -> None:
    async with running() as driver:
        await _begin(driver, [_refused(fake, kind)])
        await driver.hit("Y")
        await _answered(driver, clock, sleep)

        assert said in driver.words
        assert told in driver.words
        if kind in ("403", "409", "500"):
            assert "Trace id: " in driver.words

        await driver.hit("escape")
        assert "Changes" not in driver.text.splitlines()[1]


async def test_what_nobody_knows_is_not_sent_again(running, fake: FakeKonnect, line) -> None:
    async with running() as driver:
        await _begin(driver, [rename_account(_account(fake), name="other")])

        async def lose(request: Any) -> None:
            if request.method == "PATCH":
                fake.inject(Fault("500", path="/v3/system-accounts/*", times=None))

        fake.inject(Fault("cut-after", method="PATCH"))
        line.before = lose
        await driver.press("Y")
        assert "0 changes done, 1 unknown: look before you try again" in driver.words

        await driver.press("f", "Y")
        assert len(_writes(fake)) == 1


async def test_a_wait_is_counted_down_and_the_page_stays_until_the_answer(
    running, fake: FakeKonnect, sleep, clock
) -> None:
    fake.inject(Fault("429", method="PATCH", retry_after_seconds=40))
    async with running() as driver:
        await _begin(driver, [rename_account(_account(fake), name="other")])
        await driver.hit("Y")
        await driver.until(lambda: ": 40 s, until " in driver.text)
        await driver.hit("q")
        assert "The changes are being sent: wait for their results." in driver.text

        await _answered(driver, clock, sleep)
        assert "1 change done" in driver.text
        assert len(_writes(fake)) == 2


async def test_leaving_is_remembered_until_the_answer_is_there(
    running, fake: FakeKonnect, line
) -> None:
    has_come, may_go = asyncio.Event(), asyncio.Event()

    async def hold(request: Any) -> None:
        if request.method == "PATCH":
            has_come.set()
            await may_go.wait()

    line.before = hold
    async with running() as driver:
        await _begin(driver, [rename_account(_account(fake), name="other")])
        await driver.hit("Y")
        await has_come.wait()
        await driver.hit("ctrl+q")
        assert driver.app.return_value is None
        assert "Leaving after the change under way." in driver.text
        may_go.set()
        await driver.until(lambda: driver.app.return_value == 0)
        assert fake.account_named("other")["id"]


async def test_reading_again_after_the_last_answer_is_not_called_sending(
    running, fake: FakeKonnect, line
) -> None:
    may_go = asyncio.Event()

    async def hold(request: Any) -> None:
        if (request.method, request.url.path) == ("GET", "/v3/system-accounts"):
            await may_go.wait()

    async with running() as driver:
        await _begin(driver, [rename_account(_account(fake), name="other")])
        line.before = hold
        await driver.hit("Y")
        assert "All changes are answered. Reading again what they concern…" in driver.text
        may_go.set()
        await driver.settle()
        assert "1 change done" in driver.text


async def test_a_read_only_profile_shows_and_sends_nothing(
    running, fake: FakeKonnect, profile
) -> None:
    async with running(first=replace(profile, read_only=True)) as driver:
        await _begin(driver, [rename_account(_account(fake), name="other")])
        await driver.press("Y", "enter")
        assert "This profile is read-only: nothing can be sent." in driver.words

        await driver.press("$")
        assert "curl -X PATCH" in driver.text
        assert _writes(fake) == []


async def test_a_read_only_profile_asks_for_no_name(running, fake: FakeKonnect, profile) -> None:
    async with running(first=replace(profile, read_only=True)) as driver:
        await _begin(driver, [delete_account(_account(fake))])
        assert driver.app.screen.focused.id == "changes"
        await driver.press("Y", "enter")

        assert "This profile is read-only" in driver.text
        assert _writes(fake) == []


async def test_a_client_that_may_only_read_says_so_in_the_outcome(
    running, fake: FakeKonnect, dependencies
) -> None:
    async def connect(profile: Any, **options: Any) -> Org:
        return await dependencies.connect(replace(profile, read_only=True), **options)

    async with running(connect=connect) as driver:
        await _begin(driver, [rename_account(_account(fake), name="other")])
        await driver.press("Y")

        assert "Not done: Nothing was sent: this profile is read-only." in driver.words
        assert _writes(fake) == []


async def test_what_was_done_is_still_taken_back_after_sending_the_rest_again(
    running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    fake.inject(Fault("500", method="PATCH"))
    changes = [
        rename_account(account, name="other"),
        describe_account(account, description="words"),
    ]
    heard: list[tuple[Outcome, ...] | None] = []
    async with running() as driver:
        await _begin(driver, changes, then=heard.append)
        for key in ("Y", "f", "Y", "u", "Y", "escape"):
            await driver.press(key)

    assert [body for _, body in _writes(fake)][3:] == [
        {"name": NAME},
        {"description": account.description},
    ]
    assert fake.account_named(NAME)["description"] == account.description
    assert [outcome.status for outcome in heard[0] or ()] == ["done"] * 4


async def test_leaving_a_second_sending_tells_what_the_first_one_did(
    running, fake: FakeKonnect
) -> None:
    heard: list[tuple[Outcome, ...] | None] = []
    async with running() as driver:
        await _begin(driver, [rename_account(_account(fake), name="other")], then=heard.append)
        for key in ("Y", "u", "escape"):
            await driver.press(key)

    assert [outcome.status for outcome in heard[0] or ()] == ["done"]


async def test_what_somebody_else_did_meanwhile_is_told_and_nothing_is_sent(
    running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _begin(driver, [rename_account(account, name="ours")])
        fake.organisation.accounts[account.id]["name"] = "theirs"
        await driver.press("Y")

        assert "Somebody changed the name meanwhile: it is 'theirs' now." in driver.words
        assert "Nothing was sent." in driver.words
        assert _writes(fake) == []

        # What the page lies on has been read again.
        now = driver.app.snapshot.account(account.id)
        assert now is not None
        assert now.name == "theirs"


async def test_what_is_so_already_is_told_as_such(running, fake: FakeKonnect) -> None:
    member = Member(kind="account", id=_account(fake).id, name=NAME)
    team = Team.from_wire(fake.team_named("Release Bots"))
    other = Team.from_wire({"id": fake.add_team("Pipelines"), "name": "Pipelines"})
    async with running() as driver:
        await _begin(driver, [join_team(member, team), leave_team(member, other)])
        await driver.press("Y")

        assert "2 changes done (2 already so). Esc leaves." in driver.words
        assert "It was so already." in driver.words
        await driver.press("down")
        assert "It was gone already." in driver.words


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (160, 45)])
async def test_question_rows_and_keys_are_on_every_size_of_page(
    size: tuple[int, int], running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    changes = [describe_account(account, description=f"words {n}" + "x" * 300) for n in range(40)]
    async with running(size) as driver:
        await _begin(driver, changes, notes=[f"Note {n}." for n in range(60)])

        assert "Send 40 changes? Y sends, Esc leaves." in driver.words
        assert "40 CHANGES" in driver.text
        assert "Describe system account · ci-eu-deployer · 40" in driver.text
        assert "Y Send" in driver.text


async def test_a_name_in_brackets_is_just_text(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _begin(
            driver, [rename_account(_account(fake), name="[red]x[/]")], notes=["[bold]p[/"]
        )
        assert "[red]x[/]" in driver.text
        assert "[bold]p[/" in driver.text
