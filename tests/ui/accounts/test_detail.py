"""One account: beside the list on a wide terminal, on a screen of its own on a narrow one."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest


async def go_to(driver, name: str) -> None:
    """Opens the account of this name."""
    await driver.press("slash")
    await driver.paste(name)
    await driver.press("enter", "enter")


def lines(driver) -> list[str]:
    return [line.strip() for line in driver.text.splitlines()[1:]]


def beside(driver) -> str:
    """What stands right of the list."""
    return "\n".join(line.partition("▕")[2] or line[80:] for line in driver.text.splitlines()[1:-2])


def refuse(part: str):
    """Lets Konnect refuse one part of every account."""

    def rewrite(request, response):
        if request.url.path.endswith(part):
            return httpx.Response(403, json={"status": 403, "detail": "not for you"})
        return response

    return rewrite


def spoil(part: str, **fields):
    """Changes these fields of the first row of one part of every account."""

    def rewrite(request, response):
        if not request.url.path.endswith(part):
            return response
        body = response.json()
        for row in body["data"]:
            row.update(fields)
        return httpx.Response(200, json=body)

    return rewrite


# What it shows


async def test_an_account_tells_what_it_is(running, fake):
    async with running() as driver:
        await go_to(driver, "ci-au-deployer")
        shown = lines(driver)
        assert shown[1] == "ci-au-deployer"
        account_id = fake.account_named("ci-au-deployer")["id"]
        assert shown[2] == f"id {account_id} · managed: no"
        assert re.fullmatch(
            r"created 2025-\d\d-\d\d \d\d:\d\d UTC \(\d+ d ago\) · changed 20\d\d-\d\d-\d\d \(.+\)",
            shown[3],
        )
        assert shown[4].startswith("Deploys to prod-au.")


async def test_tokens_are_told_in_days_with_their_state(running):
    async with running() as driver:
        await go_to(driver, "ci-prod-deployer")
        assert "Access tokens · 2 · 2 live" in driver.text
        assert re.search(r"gha-prod-2 +live +in 7 d +4 h ago +\d+ d ago", driver.text)


async def test_the_token_under_the_cursor_is_told_in_exact_utc(running, fake):
    async with running() as driver:
        await go_to(driver, "ci-prod-deployer")
        tokens = fake.tokens_of(fake.account_named("ci-prod-deployer")["id"])
        for token in tokens:
            said = f"expires {token['expires_at'][:16].replace('T', ' ')} UTC · last used "
            assert said in driver.text
            assert f"id {token['id']}" in driver.text
            await driver.press("down")


async def test_the_exact_dates_stand_right_below_the_tokens(running):
    async with running() as driver:
        await go_to(driver, "ci-prod-deployer")
        shown = lines(driver)
        last = max(n for n, line in enumerate(shown) if line.startswith("gha-prod-"))
        assert shown[last + 1].startswith("expires ")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_many_tokens_leave_room_for_roles_and_teams(running, fake, size):
    account_id = fake.account_named("ci-prod-deployer")["id"]
    for number in range(60):
        fake.add_token(account_id, f"t{number}")
        fake.add_role(account_id, "Viewer")
    async with running(size) as driver:
        await go_to(driver, "Deploys gateway configuration")
        assert lines(driver)[1] == "ci-prod-deployer"
        assert re.search(r"gha-prod-3 +live", driver.text)
        assert "Direct roles · 61" in driver.text
        assert len(re.findall(r"Control Planes", driver.text)) >= 3
        assert "Teams · 1" in driver.text
        assert "Release Bots" in driver.text


@pytest.mark.whole
async def test_an_expired_token_is_not_live(running, fake):
    account_id = fake.account_named("backstage-catalog")["id"]
    fake.add_token(account_id, "old", expires_at="2026-11-20T12:00:00Z", last_used_at=None)
    async with running() as driver:
        await go_to(driver, "backstage-catalog")
        assert "Access tokens · 1 · 0 live" in driver.text
        assert re.search(r"old +expired +expired 3 d ago|old +expired +expired 3", driver.text)
        assert "last used never" in driver.text


@pytest.mark.whole
async def test_roles_tell_entity_and_region_and_wildcards_as_such(running, fake):
    account_id = fake.account_named("backstage-catalog")["id"]
    fake.add_role(account_id, "Admin")
    async with running() as driver:
        await go_to(driver, "backstage-catalog")
        assert re.search(r"Admin +Control Planes +\* \(all\) +\* \(all\)", driver.text)


async def test_teams_tell_whether_konnect_made_them(running):
    async with running() as driver:
        await go_to(driver, "ci-eu-deployer")
        assert "Teams · 1" in driver.text
        assert re.search(r"custom|predefined", driver.text)


@pytest.mark.whole
async def test_an_account_without_anything_says_none(running):
    async with running() as driver:
        await go_to(driver, "reserved-for-sre")
        assert lines(driver).count("None.") == 3
        assert "Access tokens · 0 · 0 live" in driver.text


# What could not be read


async def test_roles_that_are_refused_leave_the_tokens_readable(running, line):
    line.rewrite = refuse("/assigned-roles")
    async with running() as driver:
        await go_to(driver, "ci-eu-deployer")
        assert "gitlab-eu" in driver.text
        assert re.search(r"Direct roles\n", driver.text)
        assert "Not known: " in driver.text
        assert "403 Forbidden" in driver.words
        assert "not everything could be read: r reads again" in driver.text
        line.rewrite = lambda _, response: response
        await driver.press("r")
        assert "Direct roles · 2" in driver.text
        assert "not everything" not in driver.text


async def test_a_failed_second_reading_keeps_the_first_and_says_so(running, line):
    async with running() as driver:
        await go_to(driver, "ci-eu-deployer")
        line.rewrite = refuse("/access-tokens")
        await driver.press("r")
        assert "gitlab-eu" in driver.text
        assert "NOT UP TO DATE" in driver.text


async def test_a_time_that_cannot_be_read_is_shown_as_it_came(running, line):
    line.rewrite = spoil("/access-tokens", expires_at="next spring", created_at=17)
    async with running() as driver:
        await go_to(driver, "ci-eu-deployer")
        assert re.search(r"gitlab-eu +unknown +\? ", driver.text)
        assert "expires unknown (Konnect wrote next spring)" in driver.text
        assert "created unknown (Konnect wrote 17)" in driver.text
        assert "0? live" in driver.text


async def test_an_unreadable_creation_time_of_an_account_is_shown_as_it_came(running, fake):
    fake.add_account("odd", created_at="last \x1b[31mMonday")
    async with running() as driver:
        await go_to(driver, "odd")
        assert "created unknown (Konnect wrote last ␛[31mMonday)" in driver.text


async def test_a_list_cut_short_by_the_server_is_said_to_be_incomplete(running, line):
    def promise(request, response):
        if request.url.path.endswith("/teams") and "system-accounts" in request.url.path:
            body = response.json()
            body["meta"]["page"]["total"] = 7
            return httpx.Response(200, json=body)
        return response

    line.rewrite = promise
    async with running() as driver:
        await go_to(driver, "ci-eu-deployer")
        assert "Teams · 1 · INCOMPLETE: Konnect counts 7, 1 were read." in driver.text


async def test_reading_again_is_said_until_the_answer_is_there(running, line, clock):
    is_open = asyncio.Event()

    async def hold(_: httpx.Request) -> None:
        await is_open.wait()

    async with running() as driver:
        await go_to(driver, "ci-eu-deployer")
        line.before = hold
        clock.advance(minutes=5)
        await driver.hit("r")
        assert "Reading tokens, roles and teams again…" in driver.text
        is_open.set()
        await driver.settle()
        assert lines(driver)[-2] == "read 2026-11-23 12:05 UTC"


@pytest.mark.whole
async def test_an_account_that_is_gone_is_said_to_be(running, fake):
    async with running() as driver:
        await driver.press("down", "down", "enter")
        fake.organisation.accounts.remove(fake.account_named("addon-manager")["id"])
        await driver.press("r")
        assert "404" in driver.text


# The way there and back


@pytest.mark.whole
@pytest.mark.parametrize("key", ["escape", "backspace", "left", "q"])
async def test_back_goes_to_the_list_with_the_cursor_where_it_was(running, key):
    async with running() as driver:
        await driver.press("down", "down", "down", "enter")
        assert "Access tokens" in driver.text
        assert "api-publisher-ci" in driver.text
        await driver.press(key)
        assert "44 system accounts" in driver.text
        await driver.press("enter")
        assert lines(driver)[1] == "api-publisher-ci"


@pytest.mark.whole
async def test_opening_an_account_asks_only_for_what_is_not_known(running, fake):
    async with running() as driver:
        fake.received.clear()
        await driver.press("enter", "escape")
        assert fake.received == []


@pytest.mark.whole
async def test_opening_by_command_reads_an_account_far_down_the_list(running, fake):
    account_id = fake.account_named("token-minter")["id"]
    async with running() as driver:
        assert account_id not in {each.path.split("/")[3] for each in fake.received[3:]}
        await driver.press("colon")
        await driver.paste("account token-m")
        await driver.press("enter")
        assert lines(driver)[1] == "token-minter"
        assert "Access tokens · 1" in driver.text


async def test_tab_goes_through_tokens_roles_and_teams(running):
    async with running() as driver:
        await go_to(driver, "ci-eu-deployer")
        seen = []
        for _ in range(3):
            seen.append(driver.app.focused.id)
            await driver.press("tab")
        assert seen == ["tokens", "roles", "teams"]


# Beside the list


@pytest.mark.whole
async def test_a_wide_terminal_shows_the_account_beside_the_list(running):
    async with running((160, 45)) as driver:
        assert "Access tokens" in beside(driver)
        assert "[b]token[/b]" in beside(driver)


@pytest.mark.whole
async def test_the_account_beside_follows_the_cursor(running):
    async with running((160, 45)) as driver:
        await driver.press("down", "down")
        assert "addon-manager" in beside(driver)
        assert re.search(r"addons +live", beside(driver))
        await driver.press("down")
        assert "api-publisher-ci" in beside(driver)


@pytest.mark.whole
async def test_the_account_beside_follows_the_filter(running):
    async with running((160, 45)) as driver:
        await driver.press("slash")
        await driver.paste("mesh-zone-us")
        assert "managed: yes" in beside(driver)
        await driver.paste("nothing like it")
        assert "Access tokens" in beside(driver)
        assert "does not list" not in beside(driver)
        assert "Not read yet" not in beside(driver)  # there is nothing to be read


@pytest.mark.whole
async def test_a_terminal_that_grows_shows_the_account_at_once(running):
    async with running() as driver:
        # With everything read already, nothing but the new size draws the account.
        await driver.press("slash")
        await driver.paste("addon-manager")
        await driver.press("enter")
        await driver.resize(160, 45)
        await driver.settle()
        assert "addon-manager" in beside(driver)
        assert re.search(r"addons +live", beside(driver))
        await driver.resize(80, 24)
        await driver.settle()
        assert "Access tokens" not in driver.text


# Copying


@pytest.mark.whole
async def test_copying_an_id_says_what_is_known_of_it(running, fake):
    async with running() as driver:
        account_id = fake.account_named("addon-manager")["id"]
        await driver.press("down", "down", "y")
        assert account_id in driver.text
        assert "cannot" in driver.text
        await driver.press("down")
        assert account_id not in driver.text
