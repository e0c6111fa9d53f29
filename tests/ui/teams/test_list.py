"""The list of teams: what tells them apart, and making, changing and deleting them."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.konnect.predefined import API_NAMES, documented

CUSTOMS = "Customs EU"


def writes(fake: FakeKonnect) -> list[tuple[str, str, object]]:
    return [(each.method, each.path, each.body) for each in fake.received if each.method != "GET"]


async def open_teams(driver, words: str = "") -> None:
    """Opens the list, on the only team that has these words."""
    await driver.press("3")
    if words:
        await driver.press("slash")
        await driver.paste(words)
        await driver.press("enter")


async def confirm(driver, name: str) -> None:
    await driver.paste(name)
    await driver.press("enter")


# The list


@pytest.mark.whole
@pytest.mark.parametrize("is_of_the_api", [True, False])
async def test_a_predefined_team_is_shown_as_documented_and_found_by_both_names(
    running, fake, is_of_the_api
):
    for team in fake.organisation.teams:
        if team["system_team"] and (known := documented(team["name"])):
            team["name"] = API_NAMES[known] if is_of_the_api else known
    async with running((120, 30)) as driver:
        for words in ("control-plane-admin", '"Control Plane Admin"', 'name:"control plane*"'):
            await open_teams(driver, words)
            assert re.search(r"Control Plane Admin +predefined", driver.text)
            await driver.press("escape", "escape")
        for query in ("via:control-plane-admin", 'team:"Control Plane Admin" role:*'):
            await driver.press("4")
            await driver.paste(query)
            assert re.search(r"incident-responder +Admin .* Control P", driver.text)
            await driver.press("escape", "escape")
        await driver.press("slash")
        await driver.paste("incident-responder")
        await driver.press("enter", "m")
        await driver.paste("control-plane")
        assert "Control Plane Admin" in driver.text


@pytest.mark.whole
async def test_each_team_is_told_with_its_kind_and_its_counts(running):
    async with running() as driver:
        await open_teams(driver)
        assert re.search(r"Customs EU +custom +2 +1 +2 ", driver.text)
        assert re.search(r"Organization Admin +predefined +fixed +1 +1 ", driver.text)
        assert "15 teams, 7 custom" in driver.text


async def test_teams_of_the_same_name_are_told_apart_by_their_ids(running, fake):
    async with running() as driver:
        await open_teams(driver, "integrations")
        teams = [row for row in fake.organisation.teams.rows if row["name"] == "Integrations"]
        assert len(teams) == 2
        for team in teams:
            assert team["id"][:8] in driver.text


async def test_a_wide_terminal_shows_labels_and_the_description_beside_them(running):
    async with running((160, 45)) as driver:
        await open_teams(driver)
        assert "cost-center=4410 env=prod" in driver.text
        await driver.press("end", "up")
        await driver.until(lambda: "Looks at everything, changes nothing." in driver.text)


async def test_the_list_is_filtered_by_kind_and_label_and_esc_clears(running):
    async with running() as driver:
        await open_teams(driver, 'custom "env=prod"')
        assert "3 of 15 teams" in driver.text
        await driver.press("escape")
        assert "15 teams" in driver.text
        await driver.press("escape")
        assert "accounts" in driver.text


async def test_the_order_by_a_count_puts_the_most_first(running):
    async with running() as driver:
        await open_teams(driver)
        for _ in range(2):
            await driver.press("s")
        await driver.press("S")
        shown = [
            line for line in driver.text.splitlines() if "custom" in line and "teams" not in line
        ]
        assert shown[0].strip().startswith("Read Everything")


@pytest.mark.whole
async def test_after_everything_was_read_for_access_the_rest_of_a_team_is_read_too(running):
    async with running() as driver:
        await driver.press("5")
        await driver.press("q")
        await open_teams(driver, "customs")
        assert re.search(r"Customs EU +custom +2 +1 +2 ", driver.text)


async def test_a_command_opens_the_list(running):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("teams")
        await driver.press("enter")
        assert "15 teams" in driver.text


async def test_a_list_that_is_refused_is_unknown_and_not_empty(running, fake):
    fake.inject(Fault("500", path="/v3/teams", times=None))
    async with running() as driver:
        await open_teams(driver)
        assert "No team" not in driver.text
        assert "r tries again" in driver.text
        assert "Nothing could be read" in driver.text
        assert "Reading the teams" not in driver.text
        fake.clear_faults()
        await driver.press("r")
        assert "15 teams" in driver.text


@pytest.mark.whole
async def test_a_count_that_cannot_be_read_is_no_zero(running, fake):
    fake.inject(Fault("500", path="/v3/teams/*/users", times=None))
    async with running() as driver:
        await open_teams(driver)
        assert re.search(r"Customs EU +custom +2 +1 +\? ", driver.text)


# Making and changing


async def test_a_team_is_made_with_description_and_labels(running, fake):
    async with running() as driver:
        await open_teams(driver)
        await driver.press("n")
        await driver.paste("Pilots")
        await driver.hit("tab")
        await driver.paste("Flies.")
        await driver.hit("tab")
        await driver.paste("env=dev, tier=2")
        await driver.press("enter")
        assert "Create team Pilots" in driver.text
        assert writes(fake) == []

        await driver.press("Y", "escape")
        body = {"name": "Pilots", "description": "Flies.", "labels": {"env": "dev", "tier": "2"}}
        assert writes(fake) == [("POST", "/v3/teams", body)]
        assert re.search(r"Pilots +custom +0 +0 +0 ", driver.text)


@pytest.mark.parametrize(
    ("name", "labels", "reason"),
    [
        ("", "", "1 to 250"),
        ("x" * 251, "", "1 to 250"),
        ("Pilots", "env", "is not a label"),
        ("Pilots", "kong=1", "not beginning with kong"),
        ("Pilots", "a=b c", "value of a"),
        ("Pilots", "a=1, a=2", "twice"),
    ],
)
async def test_what_konnect_would_refuse_is_told_before(running, fake, name, labels, reason):
    async with running() as driver:
        await open_teams(driver)
        await driver.press("n")
        await driver.paste(name)
        await driver.hit("tab", "tab")
        await driver.paste(labels)
        await driver.press("enter")
        assert reason in driver.words
        assert writes(fake) == []


async def test_a_second_team_of_a_name_needs_enter_twice(running):
    async with running() as driver:
        await open_teams(driver)
        await driver.press("n")
        await driver.paste(CUSTOMS)
        await driver.press("enter")
        assert f"There is a team {CUSTOMS} already" in driver.text
        await driver.press("enter")
        assert f"Create team {CUSTOMS}" in driver.text


async def test_only_what_is_changed_is_sent_and_a_label_can_be_taken_away(running, fake):
    team = fake.team_named(CUSTOMS)
    async with running() as driver:
        await open_teams(driver, "customs")
        await driver.press("E")
        await driver.fill("Tolls")
        await driver.hit("tab", "tab")
        await driver.fill("kind=x")
        await driver.press("enter", "Y")
        body = {"name": "Tolls", "labels": {"region": None, "kind": "x"}}
        assert writes(fake) == [("PATCH", f"/v3/teams/{team['id']}", body)]
        assert (team["name"], team["labels"]) == ("Tolls", {"kind": "x"})

        await driver.press("u", "Y")
        assert (team["name"], team["labels"]) == (CUSTOMS, {"region": "eu"})


async def test_a_description_cannot_be_emptied(running, fake):
    async with running() as driver:
        await open_teams(driver, "customs")
        await driver.press("E", "tab")
        await driver.fill("")
        await driver.press("enter")
        assert "does not accept an empty description" in driver.text
        assert writes(fake) == []


# Deleting


@pytest.mark.whole
async def test_a_deletion_tells_who_loses_what_and_wants_the_name(running, fake):
    team = fake.team_named(CUSTOMS)
    async with running() as driver:
        await open_teams(driver, "customs")
        await driver.press("D")
        assert "What it gives is taken from 1 system account and 2 people" in driver.words
        assert "- Maintainer on APIs" in driver.text
        assert "customs-gateway, Jürgen Weiß, Luca Moretti" in driver.words

        await confirm(driver, "customs")
        assert "Nothing was sent" in driver.text
        assert writes(fake) == []

        await driver.fill(CUSTOMS)
        await driver.press("enter")
        assert writes(fake) == [("DELETE", f"/v3/teams/{team['id']}", None)]
        await driver.press("escape")
        assert "0 of 14 teams" in driver.text


async def test_a_deletion_names_the_entities_of_what_is_lost(running, fake):
    team_id = fake.add_team("Pilots")
    named = fake.organisation.entities["/v2/control-planes", "eu"].rows[0]
    for entity_id in (named["id"], "1" * 36):
        fake.add_role(team_id, "Deployer", entity_id=entity_id, entity_region="eu")
    async with running() as driver:
        await open_teams(driver, "pilots")
        await driver.press("D")
        assert f"- Deployer on Control Planes {named['name']} (eu)" in driver.text
        assert "- Deployer on Control Planes 11111111… (does not exist) (eu)" in driver.text


async def test_predefined_teams_are_guarded_with_the_reason(running, fake):
    async with running() as driver:
        await open_teams(driver, "portal")
        for key in ("E", "D"):
            await driver.press(key)
            assert "is a predefined team:" in driver.words
        assert writes(fake) == []


# When Konnect does not do what was asked


@pytest.mark.parametrize(
    ("kind", "told", "is_gone"),
    [
        ("500", "not", False),
        ("cut-before", "not", False),
        ("cut-after", "Done, although no answer said so", True),
    ],
)
async def test_a_failed_deletion_says_what_is_true_now(running, fake, kind, told, is_gone):
    fake.inject(Fault(kind, method="DELETE", times=1))
    async with running() as driver:
        await open_teams(driver, "customs")
        await driver.press("D")
        await confirm(driver, CUSTOMS)
        assert told in driver.words
        assert (CUSTOMS not in [row["name"] for row in fake.organisation.teams.rows]) == is_gone


async def test_a_team_that_somebody_else_deleted_is_told_to_be_gone(running, fake):
    team = fake.team_named(CUSTOMS)
    async with running() as driver:
        await open_teams(driver, "customs")
        await driver.press("D")
        fake.organisation.remove_team(team["id"])
        await confirm(driver, CUSTOMS)
        assert "It was gone already." in driver.words


async def test_a_team_that_somebody_else_changed_is_not_overwritten(running, fake):
    async with running() as driver:
        await open_teams(driver, "customs")
        await driver.press("E")
        await driver.fill("Tolls")
        fake.team_named(CUSTOMS)["name"] = "Duties"
        await driver.press("enter", "Y")
        assert "Somebody changed the name meanwhile" in driver.words
        assert writes(fake) == []


async def test_a_list_that_was_not_read_in_full_says_so(running, fake, line):
    def rewrite(request, response):
        if request.url.path != "/v3/teams":
            return response
        body = json.loads(response.content)
        body["meta"]["page"]["total"] += 1
        return httpx.Response(200, json=body)

    line.rewrite = rewrite
    async with running((160, 30)) as driver:
        await driver.press("3")
        assert "NOT COMPLETE: Konnect counts" in driver.words
