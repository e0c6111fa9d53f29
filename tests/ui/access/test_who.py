"""Questions about access: what is found, why, from the side of an entity, and two side by side."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sa_tui.demo.konnect import Fault

PRODUCTION = "role:Admin type:cp entity:prod* region:eu"


def status(driver: Any) -> str:
    return driver.text.splitlines()[-2].strip()


def rows(driver: Any, title: str = "ACCOUNT") -> list[str]:
    """The lines of the list from top to bottom."""
    lines = driver.text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip().startswith(title))
    bars = [n for n, line in enumerate(lines) if line.startswith(" /") and n > start]
    rows = lines[start + 1 : bars[0] if bars else -2]
    listed = (line.partition("▏")[0].strip("┃ ") for line in rows)  # without what stands beside
    return [line for line in listed if line]


def refuse(part: str) -> Any:
    """Answers requests whose path has this in it with 403."""

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_meant = part in request.url.path
        return httpx.Response(403, json={"status": 403}) if is_meant else response

    return rewrite


async def ask(driver: Any, query: str) -> None:
    await driver.press("4")
    await driver.paste(query)


# Who


@pytest.mark.whole
async def test_who_can_delete_the_production_plane_takes_two_keys_and_one_query(running):
    async with running((100, 24)) as driver:
        await driver.press("4")
        await driver.paste(PRODUCTION)
        await driver.press("enter")
        *found, last = [line.split()[0] for line in rows(driver)]
        assert last == "→"
        # Through Control Plane Admin, Organization Admin, on * in eu, on * everywhere, and by team.
        assert found == [
            "incident-responder",
            "konnect-orchestrator",
            "terraform-eu",
            "terraform-prod",
            "terraform-prod",
        ]
        assert status(driver).startswith(
            f"4 system accounts found, → 1 can become one · {PRODUCTION}"
        )


@pytest.mark.whole
async def test_it_answers_while_it_is_typed(running):
    async with running((100, 24)) as driver:
        await driver.press("4")
        assert "Ask who can do what." in driver.text
        await driver.type("can:mint")
        assert status(driver).startswith("2 system accounts found · can:mint")
        assert {line.split()[0] for line in rows(driver)} == {
            "konnect-orchestrator",
            "token-minter",
        }


async def test_who_can_make_tokens_of_anybody_is_one_step_away_and_told_apart(running):
    async with running((120, 24)) as driver:
        await ask(driver, PRODUCTION)
        await driver.press("enter", "end")
        assert rows(driver)[-1].split()[:5] == ["→", "token-minter", "Admin", "idn", "*"]
        await driver.press("enter")
        assert "can:mint" in driver.text
        assert "It can make tokens for any account" in driver.text


@pytest.mark.whole
async def test_what_an_account_may_do_to_all_is_told_with_the_grants_that_say_so(running):
    async with running((100, 24)) as driver:
        await ask(driver, "can:mint")
        assert [line.split()[:2] for line in rows(driver)] == [
            ["konnect-orchestrator", "Organization"],
            ["token-minter", "Admin"],
        ]


async def test_a_command_asks_too(running):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("who can:mint")
        await driver.press("enter")
        assert "token-minter" in driver.text


async def test_a_typo_in_a_field_names_the_nearest_and_the_place(running):
    async with running() as driver:
        await ask(driver, "rolle:Admin")
        assert 'There is no field "rolle". Did you mean role?' in driver.words
        assert "(at character 1)" in driver.words


async def test_a_role_that_nobody_knows_is_warned_of_and_not_read_as_nobody(running):
    async with running() as driver:
        await ask(driver, "role:Admni")
        assert "No role Admni is known here. Did you mean Admin" in driver.words


async def test_enter_tells_why_a_line_is_found(running):
    async with running() as driver:
        await ask(driver, "name:terraform-prod entity:prod-eu role:Admin type:cp")
        await driver.press("enter", "enter")
        assert "terraform-prod" in driver.text
        assert "Strongest: Admin (full write)" in driver.text
        assert "Usable now: yes, 3 live tokens" in driver.words
        assert "via Platform" in driver.text


@pytest.mark.whole
async def test_what_could_not_be_read_is_found_last_as_a_question(running, line, fake):
    hidden = fake.account_named("cert-rotator")["id"]
    line.rewrite = refuse(f"{hidden}/assigned-roles")
    async with running() as driver:
        await ask(driver, PRODUCTION)
        assert [line for line in rows(driver) if line.startswith("? ")] == rows(driver)[6:7]
        assert rows(driver)[6].startswith("? cert-rotator")
        assert "4 system accounts found, → 1 can become one, 1 uncertain" in driver.words
        await driver.press("escape")
        assert "INCOMPLETE: 1 not read in full" in driver.words


async def test_people_answer_too_when_they_are_counted_in(running):
    async with running() as driver:
        await ask(driver, "can:mint")
        await driver.press("enter", "@")
        assert "@Amara Okafor" in driver.text
        assert "accounts and people found" in status(driver)


@pytest.mark.whole
async def test_esc_empties_the_question_and_then_goes_back(running):
    async with running() as driver:
        await ask(driver, "can:mint")
        await driver.press("escape")
        assert "Ask who can do what." in driver.text
        await driver.press("escape")
        assert status(driver).startswith("44 system accounts · read")


@pytest.mark.whole
async def test_esc_stops_what_is_read_before_it_empties_the_question(running, line):
    has_come, may_go = asyncio.Event(), asyncio.Event()

    async def hold(request: httpx.Request) -> None:
        if request.url.path == "/v3/system-accounts":
            has_come.set()
            await may_go.wait()

    line.before = hold
    async with running(settled=False) as driver:
        await driver.until(has_come.is_set)
        await driver.hit("4", *"can:mint", "escape")
        assert "can:mint" in driver.text
        assert "to read on" in driver.text
        may_go.set()
        await driver.settle()
        assert "? " in rows(driver)[0]  # the list is there, and what they hold was not read
        await driver.press("+")  # the key that was named, although the question was being typed
        assert "can:mint" in driver.text
        assert "konnect-orchestr" in rows(driver)[0]
        assert "? " not in rows(driver)[0]
        await driver.press("escape")
        assert "/ who can …" in driver.text


@pytest.mark.whole
async def test_what_was_asked_is_asked_again_with_the_arrows(running):
    async with running((100, 24)) as driver:
        await ask(driver, "can:mint")
        await driver.press("enter", "q", "slash")
        await driver.paste("mobile")
        await driver.press("escape", "4", "escape")
        await driver.type("is:pers")
        await driver.press("up")
        assert status(driver).startswith("2 system accounts found · can:mint")
        await driver.press("up")
        assert "/ mobile" in driver.text
        await driver.press("up", "down", "down")
        assert "/ is:pers" in driver.text


async def test_its_digit_asks_anew_in_place_of_the_question(running):
    async with running() as driver:
        await ask(driver, "role:Admin")
        await driver.press("enter")
        assert "4 New question" in driver.text
        await driver.press("4", *"can:mint")
        assert driver.app.screen.bar.text == "can:mint"


@pytest.mark.parametrize("leave", [("escape",), ("enter", "1"), ("escape", "2", "1")])
async def test_it_opens_ready_to_be_typed_in_each_time(running, fake, leave):
    async with running() as driver:
        await driver.press("4", *leave)
        await driver.burst("4role:Admin")
        assert driver.app.screen.bar.text == "role:Admin"


@pytest.mark.whole
async def test_a_slash_in_the_open_question_is_no_part_of_it(running):
    async with running((100, 24)) as driver:
        await driver.press("4", "slash")
        await driver.type("can:mint")
        assert status(driver).startswith("2 system accounts found · can:mint")


async def test_a_small_or_is_hinted_at(running):
    async with running((120, 24)) as driver:
        await driver.press("slash")
        await driver.paste("ci or deploy")
        assert "or is searched for as a word: write OR for one or the other." in driver.text
        await driver.fill('ci "or" deploy')
        assert "write OR" not in driver.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("via:Platfrom", "No team Platfrom is known here. Did you mean Platform Engineering?"),
        ("entity:prod-ue", "No entity prod-ue is known here. Did you mean prod-us or prod-eu?"),
        ("name:token-mintr", "No account token-mintr is known here. Did you mean token-minter"),
    ],
)
async def test_a_name_that_nothing_has_is_warned_of_with_the_nearest(running, query, said):
    async with running((120, 24)) as driver:
        await ask(driver, query)
        assert said in driver.words


# Names


@pytest.mark.whole
async def test_a_question_about_a_name_reads_every_list_that_it_leaves_open(running, fake):
    async with running((100, 24)) as driver:
        await ask(driver, "type:prd entity:*Partner*")
        await driver.press("enter")
        found = {line.split()[0] for line in rows(driver)}
        assert found - {"→"} == {"api-publisher-ci", "customs-gateway", "konnect-orchestrator"}
        await driver.press("escape", "escape", "6", "q", "4")
        await driver.paste("type:prd entity:*Partner*")
        assert {line.split()[0] for line in rows(driver)} == found
        lists = [(each.region, each.path) for each in fake.received if "api-products" in each.path]
        assert len(lists) == len(set(lists)) == 6


@pytest.mark.whole
async def test_who_may_reach_a_name_of_a_refused_list_is_a_question(running, line):
    line.rewrite = refuse("/api-products")
    async with running((100, 24)) as driver:
        await ask(driver, "type:prd entity:*Partner*")
        assert any(line.startswith("? api-publisher-ci") for line in rows(driver))


@pytest.mark.whole
async def test_other_lists_are_filtered_by_names_in_the_same_way(running):
    async with running((100, 30)) as driver:
        await driver.press("slash")
        await driver.paste("type:prd entity:*Partner*")
        assert "api-publisher-ci" in driver.text


# Why


async def test_a_duplicate_path_is_marked_and_said_to_cost_nothing(running):
    async with running() as driver:
        await ask(driver, "name=ci-prod-deployer entity:prod-us")
        await driver.press("enter", "enter")
        assert driver.text.count("duplicate") == 2
        assert "Without this path nothing is lost" in driver.text
        assert "via Release Bots gives the same." in driver.words


async def test_paths_that_add_nothing_alone_and_are_everything_together_say_so(running, fake):
    account = fake.add_account("aa-twice")
    for _ in range(3):
        fake.join(team := fake.add_team("Doubles"), account)
        fake.add_role(team, "Viewer", entity_type_name="Portals", entity_region="eu")
    async with running() as driver:
        await ask(driver, "name:aa-twice")
        await driver.press("enter", "enter")
        told = "3 paths, any one can go, or 2 at once; taken together they give everything"
        assert told in driver.text
        assert "Not if the other paths go as well: one of them must stay." in driver.words


@pytest.mark.whole
async def test_a_path_that_is_the_only_one_is_said_to_be_lost_without(running):
    async with running() as driver:
        await ask(driver, "name:audit-log-shipper")
        await driver.press("enter", "enter")
        assert "Without this path it is lost." in driver.text
        assert "Held directly: assignment " in driver.text


async def test_whether_a_path_is_needed_is_not_known_where_others_could_not_be_read(running, line):
    line.rewrite = refuse("/v3/teams/")
    async with running() as driver:
        await ask(driver, "name=ci-eu-deployer entity:staging-eu")
        await driver.press("enter", "enter")
        assert "Whether it is lost without this path is not known" in driver.words
        assert "There may be more: " in driver.words


@pytest.mark.whole
async def test_an_implied_path_is_said_to_be_documented_and_not_listed(running):
    async with running() as driver:
        await ask(driver, "name:konnect-orchestrator")
        await driver.press("enter", "enter")
        assert "Through the team Organization Admin" in driver.words
        assert "documented, not listed by Konnect" in driver.words
        assert "one step away from everything" in driver.words


@pytest.mark.whole
async def test_access_without_a_live_token_is_said_to_be_unusable_now(running):
    async with running() as driver:
        await ask(driver, "name:backstage-catalog")
        await driver.press("enter", "enter")
        assert "Usable now: no, it has no live token." in driver.text


async def test_enter_on_a_path_opens_the_team(running):
    async with running() as driver:
        await ask(driver, "name=ci-eu-deployer via:Release")
        await driver.press("enter", "enter", "enter")
        assert "Release Bots · custom" in driver.text


@pytest.mark.parametrize("keys", [("v",), ("enter", "v")], ids=["list", "account"])
async def test_the_list_and_the_account_page_tell_all_that_it_can_do(running, fake, keys):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter", *keys)
        assert "everything it has" in driver.text
        assert "via Release Bots" in driver.text
        assert "/v3/teams" not in {each.path for each in fake.received}


@pytest.mark.whole
async def test_a_direct_role_is_taken_away_from_where_it_is_explained(running, fake):
    async with running() as driver:
        await ask(driver, "name:audit-log-shipper")
        for key in ("enter", "enter", "x", "Y", "escape"):
            await driver.press(key)
        assert [each.method for each in fake.received if each.method != "GET"] == ["DELETE"]
        assert "It has nothing here." in driver.text


@pytest.mark.whole
@pytest.mark.parametrize(
    ("query", "said"),
    [("name:konnect-orchestrator", "Only a direct role"), ("name:mesh-zone-eu", "Konnect manages")],
)
async def test_what_cannot_be_taken_away_says_why(running, fake, query, said):
    async with running() as driver:
        await ask(driver, query)
        await driver.press("enter", "enter", "x")
        assert said in driver.text
        assert {each.method for each in fake.received} == {"GET"}


@pytest.mark.whole
async def test_read_only_plans_and_changes_nothing(running, fake, profile):
    async with running(first=replace(profile, read_only=True)) as driver:
        await ask(driver, "name:audit-log-shipper")
        await driver.press("enter", "enter", "x", "Y")
        assert "A plan for Meridian Freight" in driver.text
        assert {each.method for each in fake.received} == {"GET"}


async def test_a_role_in_a_region_where_its_entity_is_not_says_so(running, fake):
    planes = fake.organisation.entities["/v2/control-planes", "eu"].rows
    entity = next(row["id"] for row in planes if row["name"] == "prod-eu")
    account = fake.add_account("aa-stray")
    fake.add_role(account, "Admin", entity_id=entity, entity_region="us")
    async with running((120, 24)) as driver:
        await ask(driver, "name:aa-stray type:cp")
        assert "0 system accounts found" in status(driver)
        await driver.fill("name:aa-stray type=cp")
        assert re.search(r"prod-eu.* us !", driver.text)
        await driver.press("enter", "enter")
        assert "no effect" in driver.text
        assert "prod-eu (reaches nothing: it is in eu)" in driver.words
        assert "without this path nothing is lost" in driver.words
        await driver.press("enter")
        assert "prod-eu reaches nothing" in driver.text


async def test_an_account_says_of_its_own_roles_which_reach_nothing(running, fake):
    planes = fake.organisation.entities["/v2/control-planes", "eu"].rows
    entity = next(row["id"] for row in planes if row["name"] == "prod-eu")
    account = fake.add_account("aa-stray")
    fake.add_role(account, "Admin", entity_id=entity, entity_region="us")
    async with running((140, 40)) as driver:
        await driver.press("slash")
        await driver.paste("aa-stray")
        await driver.press("enter", "enter")
        assert "prod-eu reaches nothing" in driver.text


# From the side of an entity


@pytest.mark.whole
async def test_an_entity_is_picked_by_name_and_tells_who_reaches_it(running):
    async with running() as driver:
        await driver.press("6", "slash")
        await driver.paste("prod-eu")
        assert rows(driver, "NAME")[0].split()[0] == "prod-eu"
        await driver.press("enter", "enter")
        assert "Control Planes prod-eu in eu" in driver.text
        first = [line.split()[0] for line in rows(driver, "WHO")[:4]]
        assert first == [
            "incident-responder",
            "konnect-orchestrator",
            "terraform-eu",
            "terraform-prod",
        ]
        assert "4 full write" in status(driver)
        assert "ci-sandbox" not in driver.text  # it can only create others
        assert "One step away: token-minter can make tokens for anybody." in driver.text
        await driver.press("enter")
        assert "Control Planes prod-eu" in driver.text
        assert "Strongest: Admin (full write)" in driver.text


async def test_refreshing_the_entities_reads_every_list_once_more(running, fake):
    async with running() as driver:
        await driver.press("6")
        before = [each.path for each in fake.received if each.path == "/v3/portals"]
        await driver.press("r")
        assert "34 entities by name · Enter: who can" in driver.text
        again = [each.path for each in fake.received if each.path == "/v3/portals"]
        assert len(again) == 2 * len(before) > 0


async def test_entities_are_filtered_by_words_and_by_type_and_region(running):
    async with running() as driver:
        await driver.press("6", "slash")
        await driver.paste("type:cp region:eu")
        assert {line.split()[0] for line in rows(driver, "NAME")} == {"prod-eu", "staging-eu"}
        await driver.fill("role:Admin")
        assert "role says nothing about an entity" in driver.text


async def test_lists_that_are_refused_are_not_visible_and_not_empty(running, line):
    line.rewrite = refuse("/portals")
    async with running() as driver:
        await driver.press("6")
        assert "NOT VISIBLE: Portals in au" in driver.words
        assert "Developer Portal" not in driver.text


@pytest.mark.whole
async def test_who_reaches_an_entity_is_filtered_by_the_same_language(running):
    async with running() as driver:
        await driver.press("6", "slash")
        await driver.paste("prod-eu")
        await driver.press("enter", "enter", "slash")
        await driver.paste("used:never")
        assert [line.split()[0] for line in rows(driver, "WHO")] == [
            "incident-responder",
            "terraform-prod",
        ]


# Two side by side


async def test_two_that_are_marked_are_compared(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("name=ci-eu-deployer OR name=ci-au-deployer")
        await driver.press("enter", "space", "space", "equals_sign")
        assert "ci-au-deployer" in driver.text
        assert "ci-eu-deployer" in driver.text
        assert "4 grants, 3 differences" in status(driver)
        await driver.press("!")
        assert "3 grants, 3 differences" in status(driver)


async def test_comparing_reads_only_the_two(running, fake):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("name=ci-eu-deployer OR name=ci-au-deployer")
        await driver.press("enter", "space", "space", "equals_sign")
        assert not [each for each in fake.received if each.path == "/v3/teams"]


async def test_what_was_not_read_of_one_is_a_question_and_no_difference(running, line, fake):
    hidden = fake.account_named("ci-au-deployer")["id"]
    line.rewrite = refuse(f"{hidden}/assigned-roles")
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("name=ci-eu-deployer OR name=ci-au-deployer")
        await driver.press("enter", "space", "space", "equals_sign")
        assert "ci-au-deployer NOT READ IN FULL" in status(driver)
        assert all(" ? " in line for line in rows(driver, "ROLE"))


async def test_without_marks_it_says_how_to_compare(running):
    async with running() as driver:
        await driver.press("equals_sign")
        assert "Space marks two to compare" in driver.text


@pytest.mark.whole
@pytest.mark.parametrize(
    ("key", "words", "said", "found"),
    [
        ("6", "prod-eu", "Who reaches them could not be read", r"prod-eu +Control Planes +eu +4 "),
        ("4", "can:mint", "Nothing could be read", "token-minter"),
    ],
)
async def test_without_the_accounts_nothing_is_counted_as_none(
    running, fake, key, words, said, found
):
    fake.inject(Fault("500", path="/v3/system-accounts", times=None))
    async with running(size=(100, 30)) as driver:
        await driver.press(key, "slash")
        await driver.paste(words)
        await driver.press("enter")
        assert f"{said}: r tries again" in driver.text
        assert not re.search(r"\b0\b", driver.text)
        fake.clear_faults()
        await driver.press("r")
        assert said not in driver.text
        assert re.search(found, driver.text)
