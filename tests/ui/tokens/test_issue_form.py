"""Ordering an access token: what the form shows, what it refuses, and what is sent, once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from sa_tui.base.destination import NamedDestination
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.profiles.errors import ProfileError
from sa_tui.records.journal import Journal
from sa_tui.ui.tokens.issue_form import IssueForm

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = "ci-eu-deployer"
PROPOSED = "ci-eu-deployer-2026-11-23"


def posts(fake: FakeKonnect) -> list[Any]:
    return [each for each in fake.received if each.method == "POST"]


def typed(driver: Any) -> dict[str, str]:
    """What stands in the fields of the form."""
    return {field.id: field.value for field in driver.app.screen.query(Input)}


class Held:
    """Keeps requests of one kind on the line until they are let go."""

    def __init__(self, method: str, ending: str) -> None:
        self._method, self._ending = method, ending
        self.has_come, self.may_go = asyncio.Event(), asyncio.Event()

    async def __call__(self, request: Any) -> None:
        if request.method == self._method and request.url.path.endswith(self._ending):
            self.has_come.set()
            await self.may_go.wait()


# Looking first


async def test_the_request_can_be_read_as_curl_before_anything_is_sent(running, fake):
    path = f"/v3/system-accounts/{fake.account_named(ACCOUNT)['id']}/access-tokens"
    async with running() as driver:
        await driver.open_form()
        assert "1-8 and arrows choose · Tab moves · Enter issues · F2 request" in driver.text
        await driver.press("f2")
        assert "Nothing is sent yet. Enter would send:" in driver.text
        assert "F3 copies it." in driver.text
        said = "".join(driver.text.split())
        assert f"curl-XPOSThttps://konnect.demo.invalid{path}" in said
        assert f'{{"name":"{PROPOSED}","expires_at":"2026-12-23T12:00:00Z"}}' in said
        assert "$KONNECT_TOKEN" in driver.text
        assert fake.operator_token not in driver.text
        assert posts(fake) == []

        await driver.fill("other")
        assert "curl" not in driver.text


async def test_the_request_can_be_copied_as_curl(running, fake, dependencies):
    environ = {**dependencies.environ, "SSH_TTY": "/dev/pts/1"}
    async with running(environ=environ) as driver:
        await driver.open_form()
        await driver.press("f3")
        assert "The request as curl: " in driver.text
        assert posts(fake) == []


async def test_an_order_that_cannot_be_is_no_request(running):
    async with running() as driver:
        await driver.open_form()
        await driver.fill("")
        await driver.press("f2")
        assert "Give the token a name" in driver.text
        assert "curl" not in driver.text


# What it shows


async def test_the_form_says_where_and_for_whom_and_what_the_token_will_carry(running):
    async with running() as driver:
        await driver.open_form()
        assert "ci-eu-deployer (" in driver.text
        assert "in Meridian Freight, profile demo" in driver.text
        assert "Deployer on Control Planes" in driver.text
        assert "all that team Release Bots may do" in driver.text
        assert "2026-12-23 12:00 UTC, in 30 days" in driver.text


@pytest.mark.parametrize(("name", "shown"), [("a\x07b\rc", "a␇b␍c ("), ("", "(no name) (")])
async def test_the_form_hides_nothing_of_the_name(running, fake, name, shown):
    account_id = fake.add_account("nameless")
    fake.organisation.accounts[account_id]["name"] = name
    async with running() as driver:
        await driver.press("colon")
        await driver.paste(f"account {account_id}")
        await driver.press("enter", "i")
        assert f"Account   {shown}" in driver.text


async def test_the_strongest_roles_are_the_ones_that_are_told(running, fake):
    account_id = fake.add_account("aa-many-roles")
    for role in ("Viewer", "Creator", "Deployer"):
        fake.add_role(account_id, role, entity_region="eu")
    fake.add_role(account_id, "Admin", entity_type_name="Identity")
    async with running() as driver:
        await driver.open_form("aa-many-roles")
        assert "Carries Admin on Identity all (all regions), Deployer on" in driver.words
        assert "and 1 more" in driver.words
        assert "Viewer" not in driver.text


async def test_the_widest_of_equally_strong_roles_are_told_first(running, fake):
    account_id = fake.add_account("aa-wide-role")
    planes = fake.organisation.entities["/v2/control-planes", "eu"].rows
    for entity in (planes[0]["id"], planes[1]["id"], planes[0]["id"]):
        fake.add_role(account_id, "Admin", entity_id=entity, entity_region="eu")
    fake.add_role(account_id, "Admin", entity_region="us")
    fake.add_role(account_id, "Admin")
    async with running() as driver:
        await driver.open_form("aa-wide-role")
        wide = "Carries Admin on Control Planes all (all regions), Admin on Control Planes all (us)"
        assert wide in driver.words


async def test_the_form_shows_the_label_of_the_profile(running, profile):
    async with running(first=replace(profile, label="PROD")) as driver:
        await driver.open_form()
        assert "[PROD]" in driver.text


@pytest.mark.whole
async def test_roles_that_are_still_being_read_are_not_known_yet(running, fake, line):
    fake.add_account("zz-below-the-screen")
    async with running() as driver:
        held = line.before = Held("GET", "/assigned-roles")
        await driver.hit("slash", *"zz-below", "enter")
        await driver.hit("i")
        await driver.turn()
        assert "direct roles not known yet" in driver.text
        held.may_go.set()
        await driver.settle()
        assert "not known yet" not in driver.text


@pytest.mark.parametrize(("path", "what"), [("assigned-roles", "direct roles"), ("teams", "teams")])
async def test_what_could_not_be_read_is_unknown_and_not_none(running, fake, path, what):
    async with running() as driver:
        fake.inject(Fault("500", path=f"/v3/system-accounts/*/{path}", times=None))
        await driver.press("r")
        await driver.open_form()
        assert f"{what} could not be read" in driver.words
        assert f"no {what}" not in driver.text


async def test_roles_are_read_again_when_the_form_opens(running, fake):
    async with running() as driver:
        account = fake.account_named(ACCOUNT)
        await driver.press("slash")
        await driver.paste(ACCOUNT)
        await driver.press("enter")
        fake.add_role(account["id"], "Admin")
        await driver.press("i")
        assert "Admin on Control Planes all (all regions)" in driver.words


async def test_the_proposed_name_is_free(running, fake):
    async with running() as driver:
        fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)
        await driver.open_form()
        assert typed(driver)["name"] == f"{PROPOSED}-2"


async def test_a_name_that_was_typed_is_left_alone_when_tokens_arrive(running, line):
    async with running() as driver:
        held = line.before = Held("GET", "/access-tokens")
        await driver.hit("slash", *ACCOUNT, "enter", "i")
        await driver.turn()
        await driver.tab_to("name")
        await driver.hit("ctrl+u", *"mine")
        held.may_go.set()
        await driver.settle()
        assert typed(driver)["name"] == "mine"


# How long it lives


@pytest.mark.parametrize(
    ("lifetime", "expires_at"),
    [
        ("1d", "2026-11-24T12:00:00Z"),
        ("36h", "2026-11-25T00:00:00Z"),
        ("365d", "2027-11-23T12:00:00Z"),
        ("2027-03-01", "2027-03-01T23:59:59Z"),
    ],
)
async def test_a_lifetime_is_shown_and_sent_as_one_moment(running, fake, lifetime, expires_at):
    async with running() as driver:
        await driver.open_form()
        await driver.tab_to("lifetime")
        await driver.fill(lifetime)
        assert f"{expires_at[:10]} {expires_at[11:16]} UTC" in driver.text
        await driver.press("enter")
        assert posts(fake)[0].body["expires_at"] == expires_at


@pytest.mark.parametrize(
    ("lifetime", "said"),
    [
        ("23h", "Too short"),
        ("366d", "Too long"),
        ("2028-01-01", "Too long"),
        ("soon", "Write 30d, 36h"),
    ],
)
async def test_a_lifetime_out_of_bounds_is_told_and_nothing_is_sent(running, fake, lifetime, said):
    async with running() as driver:
        await driver.open_form()
        await driver.tab_to("lifetime")
        await driver.fill(lifetime)
        assert said in driver.text
        await driver.press("enter")
        assert driver.text.count(said) == 2
        assert posts(fake) == []
        assert typed(driver)["lifetime"] == lifetime


async def test_the_default_is_thirty_days_in_whole_seconds(running, fake, clock):
    clock.advance(seconds=0.75)
    async with running() as driver:
        await driver.issue()
        assert posts(fake)[0].body == {"name": PROPOSED, "expires_at": "2026-12-23T12:00:00Z"}


async def test_a_preset_is_one_key_away(running, fake):
    async with running() as driver:
        await driver.open_form()
        await driver.tab_to("lifetime")
        await driver.press("tab", "tab", "enter")
        assert "2026-11-30 12:00 UTC, in 7 days" in driver.text
        await driver.tab_to("issue")
        await driver.press("enter")
        assert posts(fake)[0].body["expires_at"] == "2026-11-30T12:00:00Z"


# Where it goes


@pytest.fixture
def programs(dependencies, tmp_path: Path):
    """Programs of these names that keep what they are given."""

    def make(*names: str) -> dict[str, str]:
        for name in names:
            program = tmp_path / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(f"#!/bin/sh\ncat > {tmp_path}/{name}.got\n")
            program.chmod(0o700)
        return {**dependencies.environ, "PATH": f"{tmp_path}/bin:/usr/bin:/bin"}

    return make


async def test_the_destination_of_the_last_token_is_three_keys_away(
    running, fake, programs, secret, tmp_path
):
    """Counted from the account under the cursor: i, Enter, Enter."""
    async with running(environ=programs("vault")) as driver:
        await driver.open_form()
        await driver.press("shift+tab", "escape")
        await driver.press("i", "5", "enter")
        assert (tmp_path / "vault.got").read_text() == secret
        await driver.press("enter")

        (tmp_path / "vault.got").unlink()
        await driver.press("i", "enter", "enter")
        assert (tmp_path / "vault.got").read_text().startswith("spat_")
        assert "is issued. vault read all of it and exited with 0: vault kv put" in driver.words
        assert "konnect/ci-eu-deployer" in driver.words
        assert len(posts(fake)) == 2


async def test_keys_typed_ahead_of_the_form_are_those_of_the_form(running, programs, tmp_path):
    async with running(environ=programs("vault")) as driver:
        await driver.open_form()
        await driver.press("escape")
        await driver.burst("i5\r")
        await driver.press("enter")
        assert (tmp_path / "vault.got").read_text().startswith("spat_")
        assert "is issued." in driver.words


async def test_a_name_that_is_clicked_is_chosen(running):
    async with running() as driver:
        await driver.open_form()
        await driver.pilot.click("#kind", offset=(33, 0))
        assert "[4 Command]" in driver.text


@pytest.mark.parametrize("digit", ["2", "3"])
async def test_a_file_and_the_clipboard_are_four_keys_away(
    running, fake, programs, tmp_path, digit
):
    """i, the digit, Enter, Enter; the clipboard is one that confirms."""
    environ = programs("pbcopy") | {"HOME": str(tmp_path), "TERM": "linux"}
    place = NamedDestination("kept", kind="file", path=f"{tmp_path}/{{account}}.token")
    async with running(environ=environ, destinations=lambda: (place,)) as driver:
        await driver.open_form()
        await driver.press("escape")
        await driver.press("i", "5" if digit == "2" else digit, "enter", "enter")
        assert "is issued." in driver.words
        kept = tmp_path / ("ci-eu-deployer.token" if digit == "2" else "pbcopy.got")
        assert kept.read_text().startswith("spat_")


async def test_the_first_own_destination_comes_before_the_screen(running, programs):
    place = NamedDestination("mine", kind="command", command=("cat",), note="read by the jobs")
    async with running(environ=programs(), destinations=lambda: (place,)) as driver:
        await driver.open_form()
        assert "[5 mine]" in driver.text
        assert "read by the jobs" in driver.words


async def test_what_was_typed_is_there_the_next_time(running, fake, programs):
    async with running(environ=programs("mine")) as driver:
        await driver.open_form()
        await driver.press("shift+tab", "escape", "i", "4")
        await driver.tab_to("place")
        await driver.paste("mine '{account}' --x")
        await driver.press("enter", "enter", "i")
        assert typed(driver)["place"] == "mine '{account}' --x"
        assert "→ mine 'ci-eu-deployer' --x" in driver.words
        await driver.press("enter", "enter")
        assert len(posts(fake)) == 2


async def test_a_command_that_was_edited_is_not_proved_by_the_old_one(running, programs):
    place = NamedDestination("mine", kind="command", command=("cat",), verify=("echo", "x"))
    async with running(environ=programs(), destinations=lambda: (place,)) as driver:
        await driver.open_form()
        assert "Proved by echo x" in driver.text
        await driver.tab_to("place")
        await driver.fill("cat -")
        assert "Proved by" not in driver.text


async def test_a_destination_is_saved_under_a_name(running, programs):
    saved: list[NamedDestination] = []
    async with running(environ=programs("mine"), save_destination=saved.append) as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste("mine '{account}'")
        await driver.tab_to("save-as")
        await driver.press("enter")
        assert "Save the destination as…" in driver.text
        await driver.type("vault")
        await driver.press("enter")
        assert "There is a destination vault already" in driver.words
        await driver.fill("jobs")
        await driver.press("enter")
        assert "[jobs]" in driver.text
        assert "Saved as jobs." in driver.words
        assert saved == [NamedDestination("jobs", kind="command", command=("mine", "{account}"))]


async def test_a_file_of_profiles_that_cannot_be_read_is_told_and_stops_nothing(running, fake):
    def broken() -> tuple[NamedDestination, ...]:
        raise ProfileError("The key comand is not known here.", line=3)

    async with running(destinations=broken) as driver:
        await driver.open_form()
        assert "line 3: The key comand is not known here." in driver.words
        await driver.press("enter")
        assert len(posts(fake)) == 1


async def test_a_destination_that_is_written_down_wrongly_is_told_when_it_is_chosen(
    running, fake, programs
):
    wrong = NamedDestination("mine", kind="command", problem="line 3: There is no kind.")
    right = NamedDestination("kept", kind="command", command=("cat",))
    async with running(environ=programs(), destinations=lambda: (wrong, right)) as driver:
        await driver.open_form()
        assert "[6 kept]" in driver.text
        assert "There is no kind." not in driver.words
        await driver.press("escape", "i", "5")
        assert "line 3: There is no kind." in driver.words
        await driver.press("enter", "enter")
        assert posts(fake) == []
        await driver.press("6", "enter", "enter")
        assert len(posts(fake)) == 1


async def test_a_place_for_a_person_wants_the_recipient(running, fake, programs):
    async with running(environ=programs("age"), size=(120, 30)) as driver:
        await driver.open_form()
        await driver.choose("age")
        assert "put their age key in place of {recipient}" in driver.words
        await driver.press("enter")
        assert "Put the recipient's key in place of {recipient} in the command." in driver.words
        assert posts(fake) == []


# What it refuses before anything is created


async def test_a_token_needs_a_name(running, fake):
    async with running() as driver:
        await driver.open_form()
        await driver.fill("   ")
        await driver.press("enter")
        assert "Give the token a name" in driver.text
        assert posts(fake) == []


async def test_a_name_cannot_hold_what_nobody_sees(running, fake):
    async with running() as driver:
        await driver.open_form()
        await driver.fill("")
        await driver.paste("ci\u202etxt")
        await driver.press("enter")
        assert "printable characters" in driver.text
        assert posts(fake) == []


@pytest.mark.parametrize("keys", [(), ("shift+tab", "2", "tab"), ("shift+tab", "4", "tab")])
async def test_a_token_in_a_name_a_path_or_a_command_is_refused(running, fake, keys):
    async with running() as driver:
        await driver.open_form()
        await driver.press(*keys)
        await driver.paste(fake.operator_token)
        await driver.press("enter")
        assert "looks like a token: it must be in no name, path or command" in driver.words
        assert posts(fake) == []


async def test_a_name_that_was_read_as_taken_is_refused_at_once(running, fake):
    async with running() as driver:
        taken = fake.tokens_of(fake.account_named(ACCOUNT)["id"])[0]["name"]
        await driver.open_form()
        await driver.fill(taken)
        asked = len(fake.received)
        await driver.press("enter")
        assert f"already has a token named {taken}" in driver.words
        assert len(fake.received) == asked


async def test_a_name_that_was_taken_meanwhile_is_found_by_asking_konnect(running, fake):
    async with running() as driver:
        await driver.open_form()
        fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)
        await driver.press("enter")
        assert "Nothing was created" in driver.text
        assert fake.received[-1].query == {"filter[name][eq]": PROPOSED} | {
            key: value for key, value in fake.received[-1].query.items() if "page" in key
        }
        assert posts(fake) == []
        assert typed(driver)["name"] == PROPOSED


async def test_a_name_that_is_taken_between_asking_and_sending_is_konnects_to_refuse(
    running, fake, line, journal
):
    async def take(request: Any) -> None:
        if request.method == "POST":
            fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)

    async with running() as driver:
        await driver.open_form()
        line.before = take
        await driver.press("enter")
        assert isinstance(driver.app.screen, IssueForm)
        assert "Nothing was created" in driver.text
        assert "409" in driver.text
        assert [each.status for each in posts(fake)] == [409]
        assert journal.unfinished() == ()


def make_open_to_all(directory: Path) -> Path:
    directory.mkdir()
    directory.chmod(0o770)
    return directory / "token"


def make_existing(directory: Path) -> Path:
    directory.mkdir()
    (directory / "token").write_text("precious")
    return directory / "token"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (make_open_to_all, "Others may write in"),
        (make_existing, "already exists and is never overwritten"),
        (lambda directory: directory / "token", "does not exist"),
    ],
)
async def test_a_file_that_cannot_be_made_is_refused_before_anything_is_created(
    running, fake, tmp_path, make, said
):
    path = str(make(tmp_path / "d"))
    async with running() as driver:
        await driver.open_form()
        await driver.fill("nightly")
        await driver.choose("file")
        await driver.fill(path)
        asked = len(fake.received)
        await driver.press("enter")
        assert "Nothing was created: " in driver.words
        assert said in driver.words
        assert len(fake.received) == asked
        assert typed(driver)["name"] == "nightly"
        assert typed(driver)["place"] == path


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program --now", "no-such-program was not found on PATH"),
        ("", "The command is empty"),
        ("tee x | cat", "means something only to a shell"),
        ("cat '", "The command cannot be read"),
    ],
)
async def test_a_command_that_cannot_be_run_is_refused_before_anything_is_created(
    running, fake, command, said
):
    async with running() as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste(command)
        await driver.press("enter")
        assert said in driver.text
        assert posts(fake) == []
        assert typed(driver)["place"] == command


async def test_a_clipboard_that_nobody_can_reach_is_refused_before_anything_is_created(
    running, dependencies, fake
):
    environ = {**dependencies.environ, "TERM": "dumb"}
    async with running(environ=environ) as driver:
        await driver.open_form()
        await driver.choose("clipboard")
        assert "No clipboard can be reached from here" in driver.text
        await driver.tab_to("issue")
        await driver.press("enter")
        assert posts(fake) == []


async def test_a_refused_order_can_be_mended_and_sent(running, fake, tmp_path):
    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(f"{tmp_path}/missing/token")
        await driver.press("enter")
        assert "does not exist" in driver.words
        (tmp_path / "missing").mkdir(mode=0o700)
        await driver.press("enter")
        assert "Written to" in driver.words
        assert len(posts(fake)) == 1


async def test_a_refusal_leaves_the_focus_on_the_button_that_was_pressed(running):
    async with running() as driver:
        await driver.open_form()
        await driver.fill("")
        await driver.tab_to("issue")
        await driver.press("enter")
        assert "Give the token a name" in driver.text
        assert driver.app.focused.id == "issue"


async def test_without_a_journal_nothing_is_created(running, fake, clock, tmp_path):
    (tmp_path / "file").write_text("")
    journal = Journal(tmp_path / "file" / "journal", now=clock, pid=2**22 + 1, host="jump")
    async with running(journal=journal) as driver:
        assert "cannot be kept" in driver.text
        await driver.issue()
        assert "Nothing was created" in driver.text
        assert "cannot be kept" in driver.words
        assert posts(fake) == []


@pytest.mark.whole
async def test_esc_leaves_the_form_with_nothing_sent(running, fake):
    async with running() as driver:
        await driver.open_form()
        await driver.press("escape")
        assert "1 of 44 system accounts" in driver.text
        assert posts(fake) == []


# What is sent, once


async def test_the_intent_is_on_the_disk_before_the_request_is_sent(
    running, line, journal, tmp_path
):
    records: list[Any] = []

    async def read(request: Any) -> None:
        if request.method == "POST":
            records.extend(map(json.loads, journal.path.read_text().splitlines()))

    async with running() as driver:
        line.before = read
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(tmp_path / "token"))
        await driver.press("enter")
        assert [record["event"] for record in records] == ["intended"]
        assert records[0]["label"]["token_name"] == PROPOSED
        assert records[0]["label"]["organization_name"] == "Meridian Freight"
        assert str(tmp_path / "token") in records[0]["destination"]


async def test_two_enters_make_one_token(running, fake):
    async with running() as driver:
        await driver.open_form()
        await driver.press("enter", "enter")
        assert len(posts(fake)) == 1
        assert "Access token issued" in driver.text


async def test_enter_and_a_click_make_one_token(running, fake):
    async with running() as driver:
        await driver.open_form()
        issue = driver.app.screen.query_one("#issue")
        issue.press()
        await driver.press("enter")
        issue.press()
        await driver.settle()
        assert len(posts(fake)) == 1


async def test_while_the_answer_is_on_its_way_nothing_more_is_ordered_and_nothing_leaves(
    running, fake, line
):
    async with running() as driver:
        await driver.open_form()
        held = line.before = Held("POST", "/access-tokens")
        await driver.hit("enter")
        await held.has_come.wait()
        for key in ("enter", "escape", "ctrl+q", "ctrl+p", "q"):
            await driver.hit(key)
            assert isinstance(driver.app.screen, IssueForm)
        assert "The answer is on its way: wait for it." in driver.text
        held.may_go.set()
        await driver.settle()
        assert "Access token issued" in driver.text
        assert len(posts(fake)) == 1


async def test_a_request_that_konnect_puts_off_is_repeated_after_the_wait_it_asks_for(
    running, fake, clock, sleep, waits
):
    async with running() as driver:
        await driver.open_form()
        fake.inject(Fault("429", method="POST", retry_after_seconds=30))
        await driver.hit("enter")
        await driver.until(lambda: any(seconds >= 30 for seconds in waits))
        assert ": 30 s" in driver.text
        clock.advance(seconds=40)
        sleep.wake()
        await driver.settle()
        assert [each.status for each in posts(fake)] == [429, 201]
        assert "Access token issued" in driver.text


async def test_a_terminal_that_is_too_small_for_a_while_loses_no_dialog(running, line):
    async with running() as driver:
        await driver.open_form()
        held = line.before = Held("POST", "/access-tokens")
        await driver.hit("enter")
        await held.has_come.wait()
        await driver.resize(50, 10)
        held.may_go.set()
        await driver.turn()
        assert "too small" in driver.text
        await driver.resize(80, 24)
        await driver.settle()
        assert "Access token issued" in driver.text
        await driver.press("X")
        assert "is revoked" in driver.text


# Read-only


async def test_a_read_only_profile_orders_nothing(running, profile, fake):
    async with running(first=replace(profile, read_only=True)) as driver:
        await driver.open_form()
        assert "READ-ONLY" in driver.text
        assert "Issue an access token" not in driver.text
        await driver.press("enter", "i")
        assert "Issue an access token" not in driver.text
        assert {each.method for each in fake.received} == {"GET"}


async def test_on_the_smallest_terminal_the_whole_reason_of_a_refusal_is_seen(running):
    async with running((60, 16)) as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.fill("no-such-program")
        await driver.press("enter")
        assert "no-such-program was not found on" in driver.words
        assert "PATH: install it, or write its full path." in driver.words
