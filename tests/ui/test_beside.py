"""On a wide screen what is known of the row under the cursor stands beside its list."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from rich.cells import cell_len

from sa_tui.ui.kit.beside import DetailPane
from sa_tui.ui.kit.table.table import LineTable

WIDE = (140, 40)
HOSTILE = "\x1b]52;c;aGk=\x07\r\n[/foo] 日本語 \u202eevil\nSECOND LINE"


def beside(driver: Any) -> str:
    """What stands beside the list, on one line."""
    lines = [line.partition("▏")[2] for line in driver.text.splitlines() if "▏" in line]
    return " ".join(" ".join(lines).split())


def table(driver: Any) -> LineTable:
    found: LineTable = driver.app.screen.query(LineTable).first()
    return found


async def seen(driver: Any, *texts: str) -> None:
    """Waits until these texts stand beside the list: it is drawn when the cursor rests."""
    await driver.until(lambda: all(text in beside(driver) for text in texts))


def refuse(part: str) -> Any:
    """Answers requests whose path has this in it with 403."""

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_meant = part in request.url.path
        return httpx.Response(403, json={"status": 403}) if is_meant else response

    return rewrite


async def test_a_token_has_its_life_its_dates_and_what_its_account_can_do_beside_it(running):
    async with running(WIDE) as driver:
        await driver.press("2")
        await seen(driver, "buildkite-au of ci-au-deployer", "├━", "expires 2026-11-24")
        await seen(driver, "What its account can do Deployer on Control Planes prod-au")
        await driver.press("down")
        await seen(driver, "gitlab-eu of ci-eu-deployer", "via Release Bots")
        assert "buildkite-au" not in beside(driver)


async def test_j_and_k_move_what_is_longer_than_its_room_and_the_list_stays(running, fake):
    account = fake.account_named("ci-au-deployer")["id"]
    for number in range(40):
        fake.add_role(account, "Viewer", entity_type_name="Portals", entity_id=f"portal-{number}")
    async with running((140, 24)) as driver:
        await driver.press("2")
        await seen(driver, "more lines: J")
        first, cursor = beside(driver), table(driver).cursor_key
        await driver.press("J")
        await driver.until(lambda: beside(driver) != first)
        assert table(driver).cursor_key == cursor
        await driver.press(*["J"] * 9)
        assert "more lines" not in beside(driver)
        await driver.press(*["K"] * 12)
        assert beside(driver) == first


async def test_where_all_of_it_is_shown_j_and_k_are_no_actions(running):
    async with running((80, 24)) as driver:
        await driver.press("2", "question_mark")
        assert "detail-down" not in driver.text


async def test_j_moves_the_account_beside_the_list(running, fake):
    account = fake.account_named("ci-au-deployer")["id"]
    for number in range(40):
        fake.add_token(account, f"t{number}")
    async with running((140, 24)) as driver:
        await driver.until(lambda: " t0 " in driver.text)
        await driver.press("J")
        assert " t0 " not in driver.text
        await driver.press("K")
        assert " t0 " in driver.text


async def test_what_could_not_be_read_is_unknown_beside_a_token(running, line):
    line.rewrite = refuse("/assigned-roles")
    async with running(WIDE) as driver:
        await driver.press("2")
        await seen(driver, "There may be more: its roles")
        assert "nothing" not in beside(driver)


async def test_a_hand_over_is_told_beside_its_token(running, fake):
    async with running(WIDE) as driver:
        await driver.issue()
        await driver.press("enter")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter", "escape")
        account_id = fake.organisation.account_ids["ci-eu-deployer"]
        name = next(row["name"] for row in fake.tokens_of(account_id) if row["name"] != "gitlab-eu")
        await driver.press("2", "slash")
        await driver.paste(name)
        await driver.press("enter")
        await seen(driver, f"{name} of ci-eu-deployer", "Hand-over: ", "Delivery")


async def test_names_cannot_drive_the_terminal_beside_a_list(running, fake):
    account_id = fake.add_account(HOSTILE)
    fake.add_token(account_id, HOSTILE)
    fake.add_team(HOSTILE)
    async with running(WIDE) as driver:
        await driver.press("2", "slash")
        await driver.paste("evil")
        await driver.press("enter")
        await seen(driver, "[/foo] 日本語", "What its account can do nothing")
        await driver.press("3", "slash")
        await driver.paste("evil")
        await driver.press("enter")
        await seen(driver, "[/foo] 日本語", "People · 0")
        assert not {"\x1b", "\u202e", "\x07"} & set(driver.text)
        for strip in driver.app.screen._compositor.render_strips():
            assert cell_len(strip.text) == WIDE[0]
        assert not any(row.lstrip(" │▏").startswith("SECOND") for row in driver.text.splitlines())


async def test_who_has_why_beside_it(running):
    async with running(WIDE) as driver:
        await driver.press("4")
        await driver.paste("can:mint")
        await driver.press("enter")
        await seen(driver, "token-minter", "It can make tokens for any account", "Held directly")
        await driver.press("slash")
        await driver.fill("role:Deployer name:ci-au-*")
        await seen(driver, "ci-au-deployer", "Deployer on Control Planes prod-au (au), direct")


async def test_a_cell_of_the_matrix_has_its_paths_beside_it(running):
    async with running(WIDE) as driver:
        await driver.press("5")
        await seen(driver, "ci-au-deployer", "Identity", "It has nothing here.")
        await driver.press("right")
        await seen(driver, "Control Planes", "Deployer on Control Planes prod-au")
        await driver.press("down")
        await seen(driver, "ci-eu-deployer", "Without this path")


async def test_an_entity_has_those_who_reach_it_beside_it(running):
    async with running(WIDE) as driver:
        await driver.press("6", "slash")
        await driver.paste("prod-eu")
        await driver.press("enter")
        await seen(driver, "prod-eu Control Planes in eu", "Full write · 1 terraform-prod")
        await driver.press("enter")
        await seen(driver, "terraform-prod", "Held directly")


async def test_an_entity_of_which_not_all_is_known_says_so(running, line):
    line.rewrite = refuse("/assigned-roles")
    async with running(WIDE) as driver:
        await driver.press("6")
        await seen(driver, "May reach it: not all is known")


async def test_a_team_has_its_roles_accounts_and_people_beside_it(running):
    async with running(WIDE) as driver:
        await driver.press("3")
        await seen(driver, "Analytics Admin · predefined", "they are fixed", "People · 1")
        await driver.press(*["down"] * 5)
        await seen(driver, "Customs EU · custom", "Roles · 2", "System accounts · 0")


async def test_a_team_that_could_not_be_read_is_not_empty(running, line):
    line.rewrite = refuse("/users")
    async with running(WIDE) as driver:
        await driver.press("3")
        await seen(driver, "People Not known: ")


async def test_a_week_of_the_calendar_has_its_tokens_with_their_lives_beside_it(running):
    async with running(WIDE) as driver:
        await driver.press("2", "C")
        await seen(driver, "buildkite-au of ci-au-deployer", "├━")
        await driver.press("end")
        await driver.until(lambda: "buildkite-au" not in beside(driver))


@pytest.mark.parametrize("section", ["2", "3", "4", "5", "6"])
async def test_a_terminal_that_becomes_narrow_and_wide_keeps_cursor_and_marks(running, section):
    async with running(WIDE) as driver:
        await driver.press(section)
        if section == "4":
            await driver.paste("tier:write")
            await driver.press("enter")
        await driver.press("down", "space", "down")
        key, marks = table(driver).cursor_key, table(driver).marks
        await seen(driver, "")
        for width in (119, 120, 80, 160):
            await driver.resize(width, 40)
            await driver.settle()
            assert (table(driver).cursor_key, table(driver).marks) == (key, marks)
            panes = driver.app.screen.query(DetailPane)
            assert len(panes) == (width >= 120)
            for strip in driver.app.screen._compositor.render_strips():
                assert cell_len(strip.text) == width
        await driver.until(lambda: bool(beside(driver)))


async def test_the_detail_takes_no_key(running):
    async with running(WIDE) as driver:
        await driver.press("2", "tab", "tab")
        assert not driver.app.screen.query_one(DetailPane).can_focus
        await driver.press("down")
        await seen(driver, "gitlab-eu of ci-eu-deployer")


async def test_a_row_that_needs_more_lines_than_there_are_says_how_many(running):
    async with running((140, 16)) as driver:
        await driver.press("2")
        await seen(driver, "more lines")


async def test_no_line_is_drawn_while_the_cursor_is_held_down(running):
    async with running(WIDE) as driver:
        await driver.press("2")
        await seen(driver, "buildkite-au of")
        await driver.hit("down", "down")
        before = beside(driver)
        await seen(driver, "gha-prod-2 of ci-prod-deployer")
        assert "gha-prod-2" not in before


# The life of a token where there is no space beside it


async def test_the_life_of_a_token_is_one_line_below_its_dates(running):
    async with running() as driver:
        await driver.press("2")
        lines = driver.text.splitlines()
        created = next(n for n, text in enumerate(lines) if text.startswith(" created "))
        assert lines[created + 1].startswith(" 2026-08-26 ├━")
        assert lines[created + 1].rstrip().endswith("2026-11-24")
        assert sum("├" in text for text in lines) == 1


async def test_at_sixty_by_sixteen_the_life_of_a_token_gives_way_to_the_list(running):
    async with running((60, 16)) as driver:
        await driver.press("2")
        assert "├" not in driver.text
        assert re.search(r"buildki\S+ +live", driver.text)
        await driver.press("enter")
        assert "├" not in driver.text
        assert "expires " in driver.text


async def test_the_life_shows_where_the_successor_begins(running, clock):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter", "enter")
        assert "├━" in driver.text
        assert "◆" not in driver.text
        clock.advance(seconds=20 * 86400)  # a while after its last use
        await driver.press("o", "enter", "enter")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter")
        clock.advance(seconds=20 * 86400)
        await driver.press("r", "home")
        assert "rotating: old gitlab-eu" in driver.text
        assert re.search(r"gitlab-eu +live.*\n +gitlab-eu-2 +live", driver.text)
        assert "├━" not in driver.text  # both tokens have to be seen
        await driver.press("2", "slash")
        await driver.paste("gitlab-eu")
        await driver.press("enter")
        assert re.search("├━+●━+◆━+│┄+┤", driver.text)
