"""Roles are chosen step by step, previewed as a diff, and given one by one."""

from __future__ import annotations

import httpx
import pytest

from sa_tui.demo.faults import FaultKind
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.org.changes.roles import RoleOwner
from sa_tui.ui.roles import verbs as role_verbs

NAME = "ci-eu-deployer"
ROLES = "/v3/system-accounts/*/assigned-roles"


def sent(fake: FakeKonnect) -> list[dict[str, str]]:
    """The bodies of what was sent to be changed."""
    return [each.body for each in fake.received if each.method == "POST"]


def plane(fake: FakeKonnect, name: str, region: str) -> str:
    rows = fake.organisation.entities["/v2/control-planes", region].rows
    return str(next(row["id"] for row in rows if row["name"] == name))


async def open_form(driver, name: str = NAME) -> None:
    """Goes to the form that gives roles to this account."""
    await driver.press("slash")
    await driver.paste(name)
    await driver.press("enter", "enter", "a")


async def take(driver, *texts: str) -> None:
    """Searches for each text in turn and takes what is found."""
    for text in texts:
        await driver.fill(text)
        await driver.press("enter")


async def answered(driver, clock, sleep) -> None:
    """Lets time pass until everything is sent and read again: after a 429 the client waits."""
    for _ in range(500):
        if not any(worker.group == "writes" for worker in driver.app.workers):
            return
        clock.advance(seconds=60)
        sleep.wake()
        await driver.turn()
    raise AssertionError(driver.text)


async def choose(driver, type_name: str, role: str, region: str, entity: str) -> None:
    """Goes through all four steps with one role."""
    await take(driver, type_name)
    await driver.press("shift+tab")
    await take(driver, role, region, entity)


def refuse(method: str, status: int, detail: str = "not for you"):
    """Lets Konnect refuse what is done to assigned roles."""

    def rewrite(request, response):
        if request.method == method and "assigned-roles" in request.url.path:
            return httpx.Response(status, json={"status": status, "detail": detail})
        return response

    return rewrite


# Choosing


async def test_a_role_is_given_on_an_entity_chosen_by_name(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "eu", "staging")

        assert "On Control Planes staging-eu (eu):" in driver.text
        assert sent(fake) == []
        await driver.press("Y")

        assert sent(fake) == [
            {
                "role_name": "Viewer",
                "entity_type_name": "Control Planes",
                "entity_id": plane(fake, "staging-eu", "eu"),
                "entity_region": "eu",
            }
        ]
        assert "1 change done" in driver.text

        await driver.press("escape")
        assert "Direct roles · 3" in driver.text


async def test_several_roles_are_marked_and_given_one_by_one(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "portals")
        await driver.press("home", "space", "space", "enter")
        await take(driver, "us", "developer")
        assert driver.text.count("  + ") == 2
        await driver.press("Y")

        given = [body["role_name"] for body in sent(fake)]
        assert len(given) == 2
        assert len(set(given)) == 2
        assert "2 changes done" in driver.text


async def test_letters_typed_among_the_roles_search_for_all_of_them(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes")
        await driver.type("vault")
        assert " / vault" in driver.text
        assert "Vault Admin" in driver.text
        await driver.press("down")
        await driver.burst("s")
        assert " / vaults" in driver.text


async def test_what_no_catalogue_knows_can_be_typed(running, fake) -> None:
    entity = "11111111-2222-4333-8444-555555555555"
    async with running() as driver:
        await open_form(driver)
        await take(driver, "Black Holes")
        await take(driver, "Tool Publisher", "mars", entity)
        assert "in no catalogue" in driver.words
        await driver.press("Y")

        assert sent(fake) == [
            {
                "role_name": "Tool Publisher",
                "entity_type_name": "Black Holes",
                "entity_id": entity,
                "entity_region": "mars",
            }
        ]
        assert "1 failed" in driver.text


async def test_the_type_is_sent_as_assignments_spell_it(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "Mesh Control Plane", "viewer", "eu", "mesh-eu")
        await driver.press("Y")

        assert sent(fake)[0]["entity_type_name"] == "Mesh Control Planes"
        assert "1 change done" in driver.text


async def test_names_that_are_refused_leave_room_for_an_id(running, fake, line) -> None:
    def rewrite(request, response):
        if request.url.path == "/v2/control-planes":
            return httpx.Response(403, json={"status": 403, "detail": "not for you"})
        return response

    line.rewrite = rewrite
    entity = plane(fake, "staging-eu", "eu")
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes")
        await driver.press("shift+tab")
        await take(driver, "viewer", "eu")
        assert "Names are missing; an id can be typed." in driver.words
        await take(driver, entity)
        await driver.press("Y")

        assert sent(fake)[0]["entity_id"] == entity


@pytest.mark.parametrize("path", ["/v3/roles", "/v3/available-regions"])
async def test_the_form_works_without_the_offer(running, fake, path: str) -> None:
    fake.inject(Fault("500", path=path, times=None))
    async with running() as driver:
        await open_form(driver)
        assert ("could not be read" in driver.words) is (path == "/v3/roles")
        await choose(driver, "control planes", "viewer", "eu", "*")
        await driver.press("Y")

        assert sent(fake)[0]["entity_id"] == "*"
        assert "1 change done" in driver.text


async def test_going_back_keeps_what_was_chosen(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "eu", "staging")
        await driver.press("escape", "escape", "escape")
        assert "Viewer" in driver.text

        await driver.press("enter", "enter", "enter")
        assert "On Control Planes staging-eu (eu):" in driver.text
        assert sent(fake) == []


async def test_another_type_forgets_the_roles(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes")
        await driver.press("space", "escape")
        await take(driver, "identity")

        assert "✓" not in driver.text


# What is told before


async def test_what_was_held_before_and_after_is_told(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "eu", "prod-eu")

        assert "+ role Viewer on Control Planes prod-eu (eu)" in driver.text
        assert "before: Deployer, Deployer through Release Bots" in driver.text
        assert "after: Viewer, Deployer, Deployer through Release Bots" in driver.words


@pytest.mark.parametrize(
    ("steps", "warning"),
    [
        (("control planes", "deployer", "eu", "staging"), "held already"),
        (("control planes", "deployer", "au", "prod-au"), "held already through Release Bots"),
        (("portals", "admin", "us", "*"), "full write on everything"),
        (("identity", "admin", "*", "*"), "can make tokens and give roles"),
        (("portals", "creator", "us", "developer"), "creating makes sense on all"),
    ],
)
async def test_doubts_are_told_before_sending(running, fake, steps, warning: str) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, *steps)

        assert warning in driver.words
        assert sent(fake) == []


async def test_a_wider_grant_is_told(running, fake) -> None:
    fake.add_role(fake.account_named(NAME)["id"], "Admin", entity_type_name="Portals")
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "portals", "viewer", "us", "developer")

        assert "covered by Admin on all" in driver.words


async def test_what_could_not_be_read_is_told(running, fake) -> None:
    fake.inject(Fault("500", path="/v3/teams/*/assigned-roles", times=None))
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "portals", "viewer", "us", "developer")

        assert 'may hold more than is shown: roles of team "Release Bots"' in driver.words


async def test_admin_of_everything_has_to_be_typed(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "identity", "admin", "*", "*")
        await driver.type("Y")
        await driver.press("enter")
        assert sent(fake) == []

        await driver.fill(NAME)
        await driver.press("enter")
        assert sent(fake)[0]["entity_type_name"] == "Identity"


async def test_a_team_tells_how_many_it_reaches(running, fake) -> None:
    team = fake.team_named("Customs EU")
    owner = RoleOwner(kind="team", id=team["id"], name=team["name"])
    accounts = len(fake.organisation.account_teams.members(team["id"]))
    async with running() as driver:
        await driver.app.org.read_teams()
        role_verbs.assign_roles(driver.app, owner)
        await driver.settle()
        await choose(driver, "control planes", "viewer", "eu", "staging")
        people = "reaches {} system account{} and 2 people"
        assert people.format(accounts, "" if accounts == 1 else "s") in driver.text
        await driver.press("Y")

        assert fake.received[-1].method == "GET"
        posts = [each.path for each in fake.received if each.method == "POST"]
        assert posts == [f"/v3/teams/{team['id']}/assigned-roles"]


async def test_a_reach_that_cannot_be_read_is_not_known(running, fake) -> None:
    fake.inject(Fault("500", path="/v3/teams/*/users", times=None))
    team = fake.team_named("Customs EU")
    async with running() as driver:
        await driver.app.org.read_teams()
        role_verbs.assign_roles(
            driver.app, RoleOwner(kind="team", id=team["id"], name=team["name"])
        )
        await driver.settle()
        await choose(driver, "control planes", "viewer", "eu", "staging")

        assert "an unknown number of people" in driver.text


# What comes of it


async def test_a_role_that_somebody_gave_meanwhile_is_no_failure(running, fake) -> None:
    entity = plane(fake, "staging-eu", "eu")
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "eu", "staging")
        fake.add_role(
            fake.account_named(NAME)["id"],
            "Viewer",
            entity_type_name="Control Planes",
            entity_id=entity,
            entity_region="eu",
        )
        await driver.press("Y")

        assert "1 change done" in driver.text
        assert "It was so already." in driver.words


@pytest.mark.parametrize("status", [403, 404])
async def test_a_refusal_is_told_and_can_be_tried_again(running, line, status: int) -> None:
    line.rewrite = refuse("POST", status)
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "us", "*")
        await driver.press("Y")
        assert "1 failed" in driver.text
        assert "not for you" in driver.words

        line.rewrite = lambda _, response: response
        await driver.press("f", "Y")
        assert "1 change done" in driver.text


@pytest.mark.parametrize(
    ("kind", "sendings", "said"),
    [
        ("429", 2, "1 change done"),
        ("500", 1, "1 unknown"),
        ("cut-before", 1, "1 unknown"),
        ("cut-after", 1, "1 change done"),
    ],
)
async def test_nothing_is_given_twice_over_a_bad_line(
    running, fake, clock, sleep, kind: FaultKind, sendings: int, said: str
) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "us", "*")
        fake.inject(Fault(kind, method="POST", path=ROLES))
        await driver.hit("Y")
        await answered(driver, clock, sleep)

        assert said in driver.text
        assert len(sent(fake)) == sendings
        held = [
            role
            for role in fake.roles_of(fake.account_named(NAME)["id"])
            if (role["role_name"], role["entity_region"]) == ("Viewer", "us")
        ]
        assert len(held) == (1 if said == "1 change done" else 0)


async def test_a_role_that_was_given_can_be_taken_back(running, fake) -> None:
    account = fake.account_named(NAME)
    before = fake.roles_of(account["id"])
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "us", "*")
        await driver.press("Y", "u", "Y")

        assert fake.roles_of(account["id"]) == before


async def test_a_managed_account_is_given_no_roles(running, fake) -> None:
    fake.add_account("zone-proxy", konnect_managed=True)
    async with running() as driver:
        await open_form(driver, "zone-proxy")

        assert (
            "Konnect manages zone-proxy for a mesh zone: it cannot be given roles." in driver.words
        )
        assert "Give roles" not in driver.text


async def test_a_predefined_team_is_given_no_roles(running, fake) -> None:
    team = fake.team_named("portal-admin")
    async with running() as driver:
        await driver.app.org.read_teams()
        role_verbs.assign_roles(
            driver.app, RoleOwner(kind="team", id=team["id"], name=team["name"])
        )
        await driver.settle()

        assert "is a predefined team: its roles cannot be changed." in driver.words


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_nothing_is_chosen_before_the_operator_chooses(running, fake, size) -> None:
    async with running(size) as driver:
        await open_form(driver)
        await driver.press("enter")
        assert "Nothing is chosen yet: choose with the arrows, or type." in driver.words
        await take(driver, "control planes")
        await driver.press("enter")
        assert "Nothing is chosen yet" in driver.words
        await driver.press(*"viewer", "enter")
        await driver.press("enter")
        assert "Nothing is chosen yet" in driver.words
        await driver.press("down", "enter", "enter")
        assert "Nothing is chosen yet" in driver.words
        await driver.press(*"staging", "enter")
        assert "Viewer" in driver.text
        assert "Admin" not in driver.text
        assert sent(fake) == []


async def test_the_arrows_come_in_at_the_first_row(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "dashboards")
        await driver.press("down", "enter")
        assert "Roles   Admin" in driver.text


async def test_the_best_answer_is_the_first(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes")
        await driver.paste("viewer")
        await driver.press("enter")
        assert "Roles   Viewer" in driver.text
