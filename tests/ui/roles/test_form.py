"""Roles are chosen step by step, previewed as a diff, and given one by one."""

from __future__ import annotations

import httpx
import pytest

from sa_tui.demo.faults import FaultKind
from sa_tui.demo.konnect import FakeKonnect, Fault
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
        await driver.paste(text)
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


async def choose(driver, type_name: str, role: str, entity: str, *region: str) -> None:
    """Goes through all steps with one role and one entity."""
    await take(driver, type_name, role, entity, *region)


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
        await choose(driver, "control planes", "viewer", "staging-eu")

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
        await take(driver, "developer portal")
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
        await take(driver, "Tool Publisher", entity, "mars")
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
        await choose(driver, "Mesh Control Plane", "viewer", "mesh-eu")
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
        await take(driver, "viewer")
        assert "Names are missing; an id can be typed." in driver.words
        await take(driver, entity, "eu")
        await driver.press("Y")

        assert sent(fake)[0]["entity_id"] == entity


@pytest.mark.parametrize("path", ["/v3/roles", "/v3/available-regions"])
async def test_the_form_works_without_the_offer(running, fake, path: str) -> None:
    fake.inject(Fault("500", path=path, times=None))
    async with running() as driver:
        await open_form(driver)
        assert ("could not be read" in driver.words) is (path == "/v3/roles")
        await choose(driver, "control planes", "viewer", "*", "eu")
        await driver.press("Y")

        assert sent(fake)[0]["entity_id"] == "*"
        assert "1 change done" in driver.text


async def test_going_back_keeps_what_was_chosen(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "staging-eu")
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


async def open_for_many(driver, *names: str) -> None:
    """Marks these accounts in this order, and goes to the form for all of them."""
    table = driver.app.screen.table
    keys = {account.name: account.id for account in driver.app.snapshot.accounts.rows}
    for name in names:
        table.move_to(keys[name])
        await driver.press("space")
    await driver.press("a")


# Several entities and several accounts


async def test_each_entity_that_is_marked_gives_its_own_region(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes", "viewer")
        for name in ("prod-us", "staging-eu"):
            await driver.paste(name)
            await driver.press("down", "space", "shift+tab", "ctrl+u")
        await driver.press("enter")
        assert "Review" in driver.text  # no region was asked
        await driver.press("Y")

        given = [(body["entity_id"], body["entity_region"]) for body in sent(fake)]
        assert given == [
            (plane(fake, "prod-us", "us"), "us"),
            (plane(fake, "staging-eu", "eu"), "eu"),
        ]


async def test_all_entities_are_not_marked_together_with_others(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes", "viewer")
        await driver.press("down", "space", "end", "space", "enter")
        assert "All entities is a choice of its own" in driver.words
        assert "Mark all" not in driver.text  # A is a letter, which searches
        await driver.press("end", "space", "enter")
        assert "Give role · mobile-edge" not in driver.text
        assert "+ role Viewer on Control Planes mobile-edge (us)" in driver.text
        assert sent(fake) == []


async def test_the_region_is_asked_once_for_an_id_and_kept_of_what_is_listed(running, fake) -> None:
    entity = "11111111-2222-4333-8444-555555555555"
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes", "viewer")
        await driver.paste(entity)
        await driver.press("down", "space", "shift+tab", "ctrl+u")
        await driver.paste("staging-eu")
        await driver.press("down", "space", "enter")
        assert "In which region?" in driver.text
        await take(driver, "au")
        await driver.press("Y")

        regions = {body["entity_id"]: body["entity_region"] for body in sent(fake)}
        assert regions == {entity: "au", plane(fake, "staging-eu", "eu"): "eu"}


async def test_several_accounts_are_given_what_they_lack_in_one_review(running, fake) -> None:
    async with running((120, 40)) as driver:
        await open_for_many(driver, "terraform-prod", NAME, "token-minter")
        assert f"Give roles to 3 system accounts: terraform-prod, {NAME}, token" in driver.words
        await choose(driver, "control planes", "deployer", "staging-eu")
        left_out = "Left out, held already: Deployer on Control Planes staging-eu (eu): "
        assert f"{left_out}{NAME}." in driver.words
        assert "Give 2 roles?" in driver.text
        await driver.press("Y")

        names = ("terraform-prod", "token-minter")
        assert [each.path for each in fake.received if each.method == "POST"] == [
            f"/v3/system-accounts/{fake.account_named(name)['id']}/assigned-roles" for name in names
        ]


async def test_what_everybody_holds_leaves_nothing_to_give(running, fake) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "deployer", "staging-eu")
        assert "Nothing to give. Left out, held already" in driver.words
        assert f"Deployer on Control Planes staging-eu (eu): {NAME}." in driver.words
        assert "Review" not in driver.text


async def test_what_is_held_is_read_again_before_the_review(running, fake) -> None:
    async with running() as driver:
        await driver.press("slash")
        await driver.paste(NAME)
        await driver.press("enter", "enter")
        fake.add_role(
            fake.account_named(NAME)["id"],
            "Viewer",
            entity_type_name="Control Planes",
            entity_id=plane(fake, "staging-eu", "eu"),
            entity_region="eu",
        )
        await driver.press("a")
        await choose(driver, "control planes", "viewer", "staging-eu")
        assert "Nothing to give. Left out, held already" in driver.words


async def test_a_managed_account_among_the_marked_is_named_and_nothing_opens(running) -> None:
    async with running() as driver:
        await open_for_many(driver, NAME, "mesh-zone-eu-1")
        assert "Konnect manages mesh-zone-eu-1 for a mesh zone" in driver.words
        assert "Give roles" not in driver.text


async def test_admin_of_everything_for_several_takes_their_number(running, fake) -> None:
    async with running() as driver:
        await open_for_many(driver, NAME, "ci-au-deployer")
        await choose(driver, "portals", "admin", "*", "us")
        await driver.press("Y")
        assert sent(fake) == []
        await driver.fill("2")
        await driver.press("enter")
        assert [body["entity_id"] for body in sent(fake)] == ["*", "*"]


async def test_several_teams_are_given_roles_together(running, fake) -> None:
    names = ("Release Bots", "Customs EU")
    async with running((120, 40)) as driver:
        await driver.press("3")
        keys = {team.name: team.id for team in driver.app.snapshot.teams.rows}
        for name in names:
            driver.app.screen.table.move_to(keys[name])
            await driver.press("space")
        await driver.press("a")
        await choose(driver, "portals", "viewer", "developer portal")
        await driver.press("Y")
        paths = [each.path for each in fake.received if each.method == "POST"]
        assert paths == [f"/v3/teams/{keys[name]}/assigned-roles" for name in names]


# What is told before


async def test_what_was_held_before_and_after_is_told(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "prod-eu")

        assert "+ role Viewer on Control Planes prod-eu (eu)" in driver.text
        assert "before: Deployer, Deployer through Release Bots" in driver.text
        assert "after: Viewer, Deployer, Deployer through Release Bots" in driver.words


@pytest.mark.parametrize(
    ("steps", "warning"),
    [
        (("control planes", "deployer", "staging-eu"), "held already"),
        (("control planes", "deployer", "prod-au"), "held already through Release Bots"),
        (("portals", "admin", "*", "us"), "full write on everything"),
        (("identity", "admin", "*", "*"), "can make tokens and give roles"),
        (("portals", "creator", "developer portal"), "creating makes sense on all"),
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
        await choose(driver, "portals", "viewer", "developer portal")

        assert "covered by Admin on all" in driver.words


async def test_what_could_not_be_read_is_told(running, fake) -> None:
    fake.inject(Fault("500", path="/v3/teams/*/assigned-roles", times=None))
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "portals", "viewer", "developer portal")

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
    accounts = len(fake.organisation.account_teams.members(team["id"]))
    async with running() as driver:
        await driver.app.org.read_teams()
        role_verbs.assign_to_teams(driver.app, [team["id"]])
        await driver.settle()
        await choose(driver, "control planes", "viewer", "staging-eu")
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
        role_verbs.assign_to_teams(driver.app, [team["id"]])
        await driver.settle()
        await choose(driver, "control planes", "viewer", "staging-eu")

        assert "an unknown number of people" in driver.text


# What comes of it


async def test_a_role_that_somebody_gave_meanwhile_is_no_failure(running, fake) -> None:
    entity = plane(fake, "staging-eu", "eu")
    async with running() as driver:
        await open_form(driver)
        await choose(driver, "control planes", "viewer", "staging-eu")
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
        await choose(driver, "control planes", "viewer", "*", "us")
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
        await choose(driver, "control planes", "viewer", "*", "us")
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
        await choose(driver, "control planes", "viewer", "*", "us")
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
        role_verbs.assign_to_teams(driver.app, [team["id"]])
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
        await driver.press(*"all", "enter", "enter")
        assert "Nothing is chosen yet" in driver.words
        await driver.press(*"us", "enter")
        assert "Viewer" in driver.text
        assert "Admin" not in driver.text
        assert sent(fake) == []


async def test_the_arrows_come_in_at_the_first_row(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "dashboards")
        await driver.press("down", "enter")
        assert "Roles    Admin" in driver.text


async def test_the_best_answer_is_the_first(running) -> None:
    async with running() as driver:
        await open_form(driver)
        await take(driver, "control planes")
        await driver.paste("viewer")
        await driver.press("enter")
        assert "Roles    Viewer" in driver.text
