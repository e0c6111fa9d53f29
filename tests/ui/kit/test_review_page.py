"""A review shows every field once, every warning in full, and sends only what is switched on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.konnect.models import AccessToken, SystemAccount, Team
from sa_tui.org.changes.accounts import (
    delete_account,
    describe_account,
    rename_account,
    revoke_token,
)
from sa_tui.org.changes.change import Change
from sa_tui.org.changes.teams import Member, join_team, leave_team
from sa_tui.ui.kit.shares import shares

NAME = "ci-eu-deployer"
SIZES = [(60, 16), (80, 24), (120, 40), (160, 45)]


def account_of(fake: FakeKonnect) -> SystemAccount:
    return SystemAccount.from_wire(fake.account_named(NAME))


def writes(fake: FakeKonnect) -> list[str]:
    return [f"{each.method} {each.path}" for each in fake.received if each.method != "GET"]


def revocations(fake: FakeKonnect, count: int) -> list[Change]:
    account = account_of(fake)
    ids = [fake.add_token(account.id, f"token-{number}") for number in range(count)]
    rows = [AccessToken.from_wire({"id": id, "name": f"token-{n}"}) for n, id in enumerate(ids)]
    return [revoke_token(account, row) for row in rows]


def joinings(fake: FakeKonnect, count: int) -> list[Change]:
    member = Member(kind="account", id=account_of(fake).id, name=NAME)
    teams = [Team.from_wire({"id": fake.add_team(f"T{n}"), "name": f"T{n}"}) for n in range(count)]
    return [join_team(member, team) for team in teams]


async def review(driver: Any, changes: Any, **options: Any) -> None:
    driver.app.review("", changes, **options)
    await driver.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_what_changes_and_where_is_told_once_at_every_size(size, running, fake, profile):
    async with running(size) as driver:
        await review(driver, [rename_account(account_of(fake), name="other")])

        assert driver.words.count(f"Rename system account {NAME}?") == 1
        assert driver.text.count(f"- name {NAME}") == 1
        assert driver.text.count("+ name other") == 1
        assert "Sends to Meridian Freight" in driver.text
        assert f"profile {profile.name}" in driver.text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [3, 20, 200])
async def test_every_one_of_many_revocations_can_be_seen_while_the_number_is_typed(
    count, size, running, fake
):
    async with running(size) as driver:
        await review(driver, revocations(fake, count))
        assert f"type {count} (there are {count} changes)" in driver.words
        seen = set()
        for _ in range(2 * count):
            seen |= {word for word in driver.words.split() if word.startswith("token-")}
            before = driver.text
            await driver.hit("pagedown")
            if driver.text == before:
                break

        assert seen == {f"token-{number}" for number in range(count)}
        assert writes(fake) == []


async def test_a_token_in_the_field_of_a_name_is_warned_of_before_it_is_sent(running, fake):
    async with running() as driver:
        await review(driver, [rename_account(account_of(fake), name=fake.operator_token)])
        assert "looks like a token: everybody who may read the organisation" in driver.words
        await driver.press("space")
        assert "looks like a token" not in driver.words


async def test_arrows_move_while_a_name_is_typed_and_space_switches(running, fake):
    async with running() as driver:
        await review(driver, revocations(fake, 20))
        await driver.press("down", "space")
        assert "Revoke 19 access tokens" in driver.text
        assert "19 OF 20 CHANGES ON" in driver.text
        assert "type 19 (there are 19 changes)" in driver.words

        await driver.press("2", "0", "enter")
        assert writes(fake) == []
        await driver.press("backspace", "backspace", "1", "9", "enter")
        assert len(writes(fake)) == 19
        assert not any(path.endswith(revoked_id(fake, "token-0")) for path in writes(fake))
        assert "switched off" in driver.text


def revoked_id(fake: FakeKonnect, name: str) -> str:
    tokens = fake.tokens_of(fake.account_named(NAME)["id"])
    return next(str(token["id"]) for token in tokens if token["name"] == name)


async def test_the_rest_of_what_had_to_be_typed_is_typed_again(running, fake, line):
    async def stop_at_the_third(request: Any) -> None:
        if request.method == "DELETE" and len(writes(fake)) == 2:
            driver.app.stop_sending()

    async with running() as driver:
        await review(driver, revocations(fake, 5))
        line.before = stop_at_the_third
        await driver.press("5", "enter")
        assert "3 changes done, 2 never sent. Y sends the rest" in driver.words
        await driver.press("Y", "enter", "Y", "enter")
        assert len(writes(fake)) == 3
        assert "That is not 2." in driver.words
        await driver.press("backspace", "2", "enter")

        assert len(writes(fake)) == 5
        assert "5 changes done." in driver.words


async def test_a_heading_switches_all_below_it_and_then_nothing_can_be_sent(running, fake):
    async with running() as driver:
        await review(driver, joinings(fake, 3))
        await driver.press("home", "space")
        assert "0 OF 3 CHANGES ON" in driver.text
        assert "Every change is switched off: nothing to send." in driver.words
        await driver.press("Y", "enter")
        assert writes(fake) == []

        await driver.press("space", "Y")
        assert len(writes(fake)) == 3


async def test_what_is_off_stays_off_when_the_snapshot_changes(running, fake):
    async with running() as driver:
        changes = joinings(fake, 3)
        await review(driver, lambda _: changes)
        await driver.press("end", "space")
        assert "2 OF 3 CHANGES ON" in driver.text
        await driver.app.org.load()
        await driver.settle()
        assert "2 OF 3 CHANGES ON" in driver.text
        await driver.press("Y")
        assert len(writes(fake)) == 2


async def test_the_effect_follows_what_is_on(running, fake):
    admin = fake.team_named("organization-admin")
    member = Member(kind="account", id=account_of(fake).id, name=NAME)
    teams = [Team.from_wire(admin), Team.from_wire(fake.team_named("Release Bots"))]
    async with running((120, 40)) as driver:
        await driver.app.org.read_teams()
        await driver.app.org.read_team_details([team.id for team in teams])
        await review(driver, [join_team(member, team) for team in teams])
        assert "type 2" in driver.words
        assert "Organization Admin on everything" in driver.text
        await driver.press("home", "down", "space")

        assert "Organization Admin on everything" not in driver.text
        assert "type" not in driver.text


@pytest.mark.parametrize("size", SIZES)
async def test_no_warning_is_out_of_view_without_a_mark(size, running, fake):
    notes = [f"Warning {number}: {'x' * 30} end." for number in range(12)]
    async with running(size) as driver:
        await review(driver, [rename_account(account_of(fake), name="other")], notes=notes)
        seen = ""
        for _ in range(12):
            seen += driver.words
            if "more line" not in driver.text:
                break
            await driver.press("pagedown")
        else:
            raise AssertionError(driver.text)

        assert [note for note in notes if f"{note.partition(':')[0]}:" not in seen] == []
        assert "+ name other" in driver.text or "- name" in driver.text
        assert "Send 1 change?" in driver.text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [NAME, "a long name " * 18])
@pytest.mark.parametrize("count", [1, 5, 200])
async def test_a_change_is_in_view_however_much_there_is_to_know_before(
    count, name, size, running, fake
):
    account = replace(account_of(fake), name=name)
    rows = [AccessToken.from_wire({"id": str(n), "name": f"token-{n}"}) for n in range(count)]
    notes = [f"Warning {number}: {'x' * 30} end." for number in range(12)]
    async with running(size) as driver:
        await review(driver, [revoke_token(account, row) for row in rows], notes=notes)

        # The heading of the only change stands before its fields if the title cannot have it.
        is_headed = count == 1 and name != NAME and size[0] < 120
        change = "Revoke token · a long name" if is_headed else "- token token-0"
        assert change in driver.text
        assert "Warning 0:" in driver.text
        assert "more lines of warnings: PgDn" in driver.text or "Warning 11:" in driver.text


async def test_a_name_of_an_attacker_drives_nothing_and_its_lines_are_shown(running, fake):
    hostile = "x\x1b]52;c;eA==\x07\u202egnp [/red]\nsecond line " + "界" * 60
    async with running() as driver:
        await review(driver, [describe_account(account_of(fake), description=hostile)])

        assert "\x1b" not in driver.text
        assert "⟨U+202E⟩" in driver.text
        assert "+   second line" in driver.text
        assert driver.text.count("界") == 60


async def test_an_undo_and_another_attempt_have_their_own_title_and_effect(running, fake):
    fake.inject(Fault("500", method="DELETE"))
    async with running((120, 40)) as driver:
        await driver.press("slash")
        await driver.paste(NAME)
        await driver.press("enter", "enter")
        await driver.tab_to("roles")
        await driver.press("space", "space", "x", "Y")
        assert "1 change done, 1 unknown" in driver.words
        await driver.press("f")
        assert f"Try again: remove 1 role from {NAME}?" in driver.text
        await driver.press("Y", "u")

        assert f"Undo: give back 2 roles to {NAME}?" in driver.text
        assert "before: no role there" in driver.text or "before: Deployer" in driver.text
        assert "+ role Deployer on Control Planes" in driver.text


async def test_undoing_the_way_out_of_a_mighty_team_has_to_be_typed(running, fake):
    member = Member(kind="account", id=account_of(fake).id, name=NAME)
    team = Team.from_wire(fake.team_named("organization-admin"))
    fake.join(team.id, member.id)
    async with running() as driver:
        await driver.app.org.read_teams()
        await review(driver, [leave_team(member, team)])
        await driver.paste(team.name)
        await driver.press("enter")
        count = len(writes(fake))
        await driver.press("u")

        assert f"Undo: begin again 1 membership of {NAME}?" in driver.text
        assert "type organization-admin and press Enter" in driver.words
        await driver.press("Y", "enter")
        assert len(writes(fake)) == count


@pytest.mark.parametrize("room", range(4, 40))
@pytest.mark.parametrize("warnings", [0, 1, 5, 30])
def test_the_rows_give_way_first_and_are_never_gone(room, warnings):
    for effect, rows in ((0, 1), (2, 300), (10, 3), (50, 50)):
        for least in range(2, 5):
            share = shares(room, warnings=warnings, effect=effect, rows=rows, least_rows=least)
            mark = share.warnings < warnings
            used = share.warnings + mark + share.effect

            assert used + least <= max(room, least + 2)
            assert not mark or share.warnings + mark >= room - least - min(effect, 2)


async def test_of_several_deletions_the_effect_tells_whose_loss_it_is(running, fake):
    names = (NAME, "ci-prod-deployer")
    rows = [SystemAccount.from_wire(fake.account_named(name)) for name in names]
    async with running((120, 40)) as driver:
        await review(driver, [delete_account(row) for row in rows])

        effect = "\n".join(line[60:] for line in driver.text.splitlines())
        assert all(name in effect for name in names)
        assert effect.count("cannot be restored") == 2
        assert "type 2" in driver.words
