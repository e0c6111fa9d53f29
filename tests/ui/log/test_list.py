"""The log of actions: what was sent, what came back, and taking it back from there."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sa_tui.access.query.log_terms import LOG_FIELDS
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.org.changes.accounts import delete_account, rename_account
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role
from sa_tui.org.changes.teams import Member, join_team
from sa_tui.org.logged import LoggedAction
from sa_tui.records.actions_file import ActionsFile

NAME, OTHER = "ci-eu-deployer", "another"


def _account(fake: FakeKonnect) -> SystemAccount:
    return SystemAccount.from_wire(fake.account_named(NAME))


def _writes(fake: FakeKonnect) -> list[tuple[str, object]]:
    return [(each.method, each.body) for each in fake.received if each.method != "GET"]


async def _change(driver: Any, change: Any, *keys: str) -> None:
    driver.app.review("Change", [change])
    await driver.settle()
    for key in keys or ("Y",):
        await driver.press(key)
    await driver.press("escape")


async def test_an_empty_log_says_so(running) -> None:
    async with running() as driver:
        await driver.press("7")

        assert "Nothing was changed, and no reading failed." in driver.text
        assert "Log: 0 changes" in driver.text


async def test_a_change_is_told_with_its_request_answer_and_file(
    running, fake: FakeKonnect, dependencies
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        await driver.press("7")

        assert "Log: 1 change · " in driver.text
        assert f"Rename system account {NAME} to other" in driver.words
        assert f"PATCH /v3/system-accounts/{account.id}" in driver.words
        assert "2026-11-23 12:00 UTC, 200 after" in driver.words
        assert "Outcome done Press u to undo it." in driver.words

    records = [json.loads(line) for line in dependencies.actions_path.read_text().splitlines()]
    assert {each["title"] for each in records} == {f"Rename system account {NAME} to other"}
    assert records[-1]["outcome"] == "done"
    assert fake.operator_token not in dependencies.actions_path.read_text()


async def test_the_newest_is_on_top_and_a_refusal_is_told_in_full(
    running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        taken = SystemAccount.from_wire(fake.account_named("other"))
        await _change(driver, rename_account(taken, name="ci-prod-deployer"))
        await driver.press("7")

        rows = [line for line in driver.text.splitlines() if "12:00:00" in line]
        assert ["409" in row for row in rows] == [True, False]
        assert "Trace    " in driver.text
        assert "none given" not in driver.text


async def test_the_log_opens_by_its_name_and_closes(running) -> None:
    async with running() as driver:
        await driver.press("colon", *"log", "enter")
        assert "Log: " in driver.text

        await driver.press("escape")
        assert "Log: " not in driver.text


async def test_a_change_is_taken_back_from_the_log_and_only_once(
    running, fake: FakeKonnect
) -> None:
    async with running() as driver:
        await _change(driver, rename_account(_account(fake), name="other"))
        await driver.press("7")
        await driver.press("u")
        assert "Undo: rename system account other?" in driver.words
        assert len(_writes(fake)) == 1

        for key in ("Y", "escape"):
            await driver.press(key)
        assert _writes(fake)[1:] == [("PATCH", {"name": NAME})]
        assert "undone" in driver.text

        await driver.press("end", "u")
        assert "It was undone already." in driver.text
        assert len(_writes(fake)) == 2


async def test_an_undo_that_somebody_overtook_is_explained_and_overwrites_nothing(
    running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        fake.organisation.accounts[account.id]["name"] = "theirs"
        await driver.press("7")
        for key in ("u", "Y"):
            await driver.press(key)

        assert "it is 'theirs' now. Nothing was sent." in driver.words
        assert len(_writes(fake)) == 1


async def test_what_cannot_be_taken_back_is_greyed_out(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _change(driver, delete_account(_account(fake)), *NAME, "enter")
        await driver.press("7")
        await driver.press("u")

        assert "It cannot be undone exactly" in driver.text
        assert _writes(fake) == [("DELETE", None)]


async def test_the_trace_id_is_copied(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _change(driver, rename_account(_account(fake), name="ci-prod-deployer"))
        trace = driver.app.dependencies.actions.actions[0].trace
        await driver.press("7")
        await driver.press("y")

        assert f"{trace}: " in driver.words


async def test_a_failed_reading_is_told_and_the_others_are_counted(
    running, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", path="/v3/organizations/me", times=None))
    async with running() as driver:
        await driver.press("7")

        assert "GET /v3/organizations/me" in driver.text
        assert "500" in driver.text
        assert "0 changes" in driver.text


async def test_a_change_that_was_refused_here_is_told_as_not_sent(
    running, fake: FakeKonnect, dependencies
) -> None:
    async def connect(profile: Any, **options: Any) -> Any:
        return await dependencies.connect(replace(profile, read_only=True), **options)

    async with running(connect=connect) as driver:
        await _change(driver, rename_account(_account(fake), name="other"))
        await driver.press("7")

        assert "nothing was sent" in driver.words
        assert _writes(fake) == []


async def test_nothing_of_another_profile_is_taken_back(
    running, fake: FakeKonnect, profile
) -> None:
    async with running() as driver:
        await _change(driver, rename_account(_account(fake), name="other"))
        driver.app.open_profile(replace(profile, name="second"))
        await driver.settle()
        await driver.press("7")
        await driver.press("u")

        assert "It cannot be undone exactly" in driver.text
        assert len(_writes(fake)) == 1


async def test_a_record_that_cannot_be_written_is_said(
    running, fake: FakeKonnect, dependencies
) -> None:
    dependencies.actions_path.mkdir()
    async with running() as driver:
        driver.app.review("", [rename_account(_account(fake), name="other")])
        await driver.settle()
        await driver.press("Y")
        assert "1 change done." in driver.words
        assert "cannot be kept" in driver.words
        await driver.press("7")

        assert "cannot be kept" in driver.words


async def test_a_token_that_is_issued_is_told_without_its_secret(
    running, secret: str, dependencies
) -> None:
    async with running() as driver:
        await driver.issue()
        await driver.press("enter", "enter")
        await driver.settle()
        await driver.press("escape")
        (action,) = driver.app.dependencies.actions.actions

    assert action.title.startswith("Issue token ")
    assert action.title.endswith(f" for {NAME}")
    assert secret not in dependencies.actions_path.read_text()


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (160, 45)])
async def test_a_hostile_name_is_just_text_on_every_size(
    size: tuple[int, int], running, fake: FakeKonnect
) -> None:
    async with running(size) as driver:
        await _change(driver, rename_account(_account(fake), name="[red]x[/]"))
        await driver.press("7")

        assert "[red]x[/]" in driver.text
        assert "Outcome" in driver.text


# The guards are asked once more


async def test_the_edit_of_an_account_that_is_gone_is_not_taken_back(
    running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        fake.organisation.remove_account(account.id)
        await driver.press("r", "7", "end")
        assert "Press u to undo it." not in driver.words
        await driver.press("u")

        assert "Konnect does not list this account: it may be gone" in driver.words
        assert len(driver.app.screen_stack) == 3
        assert len(_writes(fake)) == 1


async def test_an_edit_of_which_nobody_knows_that_the_account_is_gone_is_still_taken_back(
    running, fake: FakeKonnect, line
) -> None:
    def hide(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/v3/system-accounts":
            return response
        body = response.json()
        body["data"] = [row for row in body["data"] if row["id"] != account.id]
        return httpx.Response(200, json=body)

    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        line.rewrite = hide  # Konnect counts one more than it lists
        await driver.press("r", "7", "end")
        assert driver.app.snapshot.account(account.id) is None
        assert "Press u to undo it." in driver.words
        await driver.press("u", "Y")

        assert _writes(fake)[1:] == [("PATCH", {"name": NAME})]


@pytest.mark.parametrize("place", ["page", "log"])
async def test_what_a_mesh_zone_took_over_is_not_taken_back(
    place, running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    async with running() as driver:
        driver.app.review("Change", [rename_account(account, name="other")])
        await driver.settle()
        await driver.press("Y")
        fake.organisation.accounts[account.id]["konnect_managed"] = True
        await driver.app.org.load()
        await driver.press(*(["u"] if place == "page" else ["escape", "7", "u"]))

        assert "Konnect manages other for a mesh zone: it cannot be changed by hand" in driver.words
        await driver.press("Y")
        assert len(_writes(fake)) == 1


@pytest.mark.parametrize("place", ["page", "log"])
async def test_roles_of_a_team_that_became_predefined_are_not_taken_back(
    place, running, fake: FakeKonnect
) -> None:
    team = fake.organisation.teams[fake.add_team("Pilots")]
    owner = RoleOwner(kind="team", id=team["id"], name="Pilots")
    grant = RoleRequest(
        role_name="Viewer", entity_type_name="Portals", entity_id="*", entity_region="eu"
    )
    async with running() as driver:
        driver.app.review("Change", [assign_role(owner, grant)])
        await driver.settle()
        await driver.press("Y")
        team["system_team"] = True
        await driver.app.org.read_teams(again=True)
        await driver.press(*(["u"] if place == "page" else ["escape", "7", "u"]))

        assert "Pilots is a predefined team: its roles cannot be changed." in driver.words
        await driver.press("Y")
        assert len(_writes(fake)) == 1


@pytest.mark.parametrize("place", ["page", "log"])
async def test_who_would_lock_everybody_out_types_to_take_it_back(
    place, running, fake: FakeKonnect
) -> None:
    me, team = fake.organisation.operator_id, fake.team_named("organization-admin")
    fake.organisation.user_teams.forget_team(team["id"])
    fake.organisation.account_teams.forget_team(team["id"])
    change = join_team(Member(kind="user", id=me, name="me"), Team.from_wire(team))
    async with running((120, 40)) as driver:
        driver.app.review("Change", [change])
        await driver.settle()
        await driver.press("Y")
        await driver.press(*(["u"] if place == "page" else ["escape", "7", "u"]))

        assert "This is you: you lose what team Organization Admin gives you." in driver.words
        assert "Nobody holds Organization Admin after this" in driver.words
        await driver.press("Y", "enter")
        assert len(_writes(fake)) == 1


async def test_of_several_the_page_takes_back_what_the_guards_still_let(
    running, fake: FakeKonnect
) -> None:
    fake.add_account(OTHER)
    account, other = _account(fake), SystemAccount.from_wire(fake.account_named(OTHER))
    async with running() as driver:
        changes = [rename_account(account, name="one"), rename_account(other, name="two")]
        driver.app.review("Changes", changes)
        await driver.settle()
        await driver.press("Y")
        fake.organisation.accounts[account.id]["konnect_managed"] = True
        await driver.app.org.load()
        await driver.press("u")
        assert "Left out: Rename system account one to" in driver.words
        await driver.press("Y")

    assert [body for _, body in _writes(fake)][2:] == [{"name": OTHER}]


async def test_what_is_begun_while_the_guards_read_is_not_replaced_by_the_undo(
    running, fake: FakeKonnect, line
) -> None:
    async def wait(request: httpx.Request) -> None:
        if request.url.path.endswith("/access-tokens"):
            await reading.wait()

    fake.add_account(OTHER)
    account, other = _account(fake), SystemAccount.from_wire(fake.account_named(OTHER))
    reading, passing = asyncio.Event(), line.before
    async with running() as driver:
        fake.inject(Fault("500", method="PATCH", path=f"*/{other.id}"))
        changes = [rename_account(account, name="one"), rename_account(other, name="two")]
        driver.app.review("Changes", changes)
        await driver.settle()
        await driver.press("Y")
        await driver.app.org.refresh([])
        line.before = wait
        await driver.hit("u", "f")
        assert "Try again: rename system account another?" in driver.words
        reading.set()
        line.before = passing
        await driver.settle()
        assert "Try again: rename system account another?" in driver.words
        await driver.press("Y")

    assert [body for _, body in _writes(fake)][2:] == [{"name": "two"}]


# Earlier runs


@pytest.fixture
def renamed_before(fake: FakeKonnect, tmp_path: Path, clock: Any) -> Any:
    """An earlier run has renamed the account, and the token of another was handed over."""
    was = _account(fake)
    fake.organisation.rename_account(fake.account_named(NAME), "other")
    now = SystemAccount.from_wire(fake.organisation.accounts[was.id])
    organization = {
        "organization": "Meridian Freight",
        "organization_id": fake.organisation.record["id"],
        "operator": "somebody@meridian.example",
    }
    file = ActionsFile(tmp_path / "actions.jsonl", run="before/1")
    change = rename_account(was, name="other")
    log = [
        LoggedAction(
            1,
            title=change.title,
            method="PATCH",
            path=change.request.path,
            at=clock() - timedelta(days=1),
            outcome="done",
            fields=change.fields,
            undo=rename_account(now, name=NAME),
            **organization,
        ),
        LoggedAction(
            2,
            title="Issue token gha of ci",
            method="POST",
            path="/v3/x",
            at=clock() - timedelta(days=2),
            outcome="done",
            destination="file /srv/ci.env",
            **organization,
        ),
    ]
    for action in log:
        file.append(action.as_record())


async def test_changes_of_earlier_runs_are_told_with_place_fields_and_destination(
    running, renamed_before
) -> None:
    async with running() as driver:
        await driver.press("7")
        assert "11-22 12:00  Rename system account" in driver.text
        assert f"- name {NAME}" in driver.text
        assert "+ name other" in driver.text
        assert "Where Meridian Freight, by somebody@meridian.example" in driver.words
        assert "Log: 2 changes, 2 of them before this start · " in driver.text
        await driver.press("down")
        assert "Secret file /srv/ci.env" in driver.words


async def test_a_change_of_an_earlier_run_is_undone_and_that_is_remembered(
    running, fake: FakeKonnect, renamed_before, tmp_path: Path
) -> None:
    async with running() as driver:
        await driver.press("7", "u")
        assert "Undo: rename system account other?" in driver.text
        assert _writes(fake) == []
        await driver.press("Y", "escape", "end", "up")
        assert _writes(fake) == [("PATCH", {"name": NAME})]
        assert "undone" in driver.text

    records = ActionsFile(tmp_path / "actions.jsonl", run="later").earlier()
    outcomes = {record["title"]: record["outcome"] for record in records}
    assert outcomes[f"Rename system account {NAME} to other"] == "undone"


async def test_a_change_in_another_organisation_is_not_undone_here(
    running, fake: FakeKonnect, renamed_before
) -> None:
    fake.organisation.record["id"] = "another"
    async with running() as driver:
        await driver.press("7", "u")

        assert "It was done in Meridian Freight: open that." in driver.text
        assert _writes(fake) == []


async def test_the_log_is_filtered_by_its_own_fields(running, fake: FakeKonnect) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        taken = SystemAccount.from_wire(fake.account_named("other"))
        await _change(driver, rename_account(taken, name="ci-prod-deployer"))
        await driver.press("7", "slash", *"status:failed verb:edit since:<1h", "enter")

        rows = [line for line in driver.text.splitlines() if "12:00:00" in line]
        assert ["409" in row for row in rows] == [True]
        await driver.press("escape", "slash", *"role:Admin")
        assert 'There is no field "role"' in driver.words


async def test_the_help_of_the_log_has_its_fields_and_enter_tries_one(running) -> None:
    async with running((100, 40)) as driver:
        await driver.press("7", "question_mark", "tab")
        assert all(field.example in driver.text for field in LOG_FIELDS.values())
        assert "role:Admin" not in driver.text
        await driver.press("end", "enter")
        assert "profile:prod" in driver.text
        assert type(driver.app.screen).__name__ == "LogScreen"


async def test_the_log_is_filtered_by_words(running, renamed_before) -> None:
    async with running() as driver:
        await driver.press("7", "slash", *"issue done", "enter")
        assert "Issue token gha of ci" in driver.text
        assert "Rename system account" not in driver.text
        await driver.press("slash", *" xyz", "enter")
        assert "No action matches." in driver.text
        await driver.press("escape")
        assert "Rename system account" in driver.text
        assert "Log: " in driver.text


async def test_what_a_damaged_file_still_tells_is_told(
    running, renamed_before, tmp_path: Path
) -> None:
    path = tmp_path / "actions.jsonl"
    lines = path.read_text().splitlines()
    broken = json.dumps(json.loads(lines[0]) | {"outcome": 7, "number": 9})
    path.write_text("\n".join(["[" * 99_999, "{}", lines[0][:40], broken, *lines]) + "\n")
    async with running() as driver:
        await driver.press("7")
        assert "Rename system account" in driver.text
        assert "Issue token gha of ci" in driver.text
