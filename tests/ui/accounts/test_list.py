"""The list of accounts, as the operator sees it and as the demo Konnect is asked for it."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from sa_tui.demo.konnect import Fault
from sa_tui.demo.seed import build_organisation
from sa_tui.profiles.errors import ProfileError
from sa_tui.ui.kit.table.table import LineTable

pytestmark = pytest.mark.whole

DETAIL = re.compile(r"/v3/system-accounts/([^/]+)/(access-tokens|assigned-roles|teams)")


class Gate:
    """Holds back the requests that match until it is opened; counts those that wait."""

    def __init__(self, pattern: str) -> None:
        self.waiting = 0
        self._pattern = re.compile(pattern)
        self._is_open = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> None:
        if self._pattern.search(str(request.url)):
            self.waiting += 1
            await self._is_open.wait()

    async def reached(self, driver) -> None:
        """Waits until a request is held back."""
        await driver.until(lambda: self.waiting > 0)

    def open(self) -> None:
        self._is_open.set()


def names(driver) -> list[str]:
    """The accounts on the screen from top to bottom."""
    lines = driver.text.splitlines()
    header = next(n for n, line in enumerate(lines) if line.startswith("   NAME"))
    below = next((n for n, line in enumerate(lines) if line.startswith(" /")), -2)
    rows = [line for line in lines[header + 1 : below] if line.strip("┃ ")]
    return [line[3:].split("  ")[0] for line in rows]


def row(driver, name: str) -> str:
    return next(line for line in driver.text.splitlines() if line.startswith(f"   {name} "))


def status(driver) -> str:
    return driver.text.splitlines()[-2].strip()


def cursor(driver) -> str | None:
    table = driver.app.screen.query_one("#accounts", LineTable)
    account = driver.app.snapshot.account(table.cursor_key or "")
    return account and account.name


def reads(fake) -> list[tuple[str, str]]:
    """The (account id, part) of each detail that was asked for."""
    found = (DETAIL.fullmatch(each.path) for each in fake.received)
    return [(match[1], match[2]) for match in found if match]


def named(fake, name: str) -> str:
    return fake.account_named(name)["id"]


def on_screen(driver, fake) -> set[str]:
    """The ids of the accounts on the screen whose names stand there as Konnect has them."""
    return {named(fake, name) for name in names(driver) if name in fake.organisation.account_ids}


@pytest.fixture
def many(fake, clock, now):
    """Adds accounts until the organisation has so many, all in one way of counting."""

    def grow(count: int) -> None:
        for number in range(count - len(fake.organisation.accounts)):
            fake.add_account(f"zz-generated-{number:05}")

    return grow


# What it shows


async def test_the_list_shows_accounts_and_how_many(running):
    async with running() as driver:
        assert "Meridian Freight" in driver.text
        assert "ci-eu-deployer" in driver.text
        assert "44 system accounts" in driver.text


async def test_a_row_tells_tokens_expiry_use_roles_and_teams(running):
    async with running() as driver:
        assert re.search(r"ci-prod-deployer +2 +in 7 d ! +14 min ago +1 +1", driver.text)
        assert re.search(r"backstage-catalog +0 +- +- +2 +0", driver.text)


async def test_a_wide_terminal_shows_who_manages_an_account_and_what_it_is_for(running):
    async with running((119, 45)) as driver:
        assert re.search(r"mesh-zone-eu-1 +yes ", driver.text)
        assert "DESCRIPTION" in driver.text
        assert "Deploys to the European" in driver.text


async def test_the_status_line_says_when_it_was_read_and_where_the_token_comes_from(running):
    async with running() as driver:
        assert status(driver).endswith("read 2026-11-23 12:00 UTC · token from $KONNECT_TOKEN")


async def test_an_empty_organisation_says_why_it_may_be_empty(running, fake):
    for account in list(fake.organisation.accounts):
        fake.organisation.accounts.remove(account["id"])
    async with running() as driver:
        assert "No system accounts." in driver.text
        assert "Identity Admin" in driver.text
        assert "0 system accounts" in status(driver)


async def test_issuing_is_greyed_out_while_there_is_no_account(running, fake):
    for account in list(fake.organisation.accounts):
        fake.organisation.accounts.remove(account["id"])
    async with running() as driver:
        await driver.press("i")
        assert "No system accounts." in driver.text
        assert driver.app.screen.active_bindings["i"].enabled is False


# Reading


async def test_accounts_come_page_by_page_with_honest_counts(running, many, line):
    many(1000)
    gate = line.before = Gate(r"number%5D=4\b")
    async with running(settled=False) as driver:
        await driver.until(lambda: "Reading system accounts: 300 of 1,000…" in driver.text)
        assert "[/foo]" in driver.text
        gate.open()
        await driver.settle()
        assert "1,000 system accounts" in status(driver)


async def test_before_the_first_page_it_says_that_it_reads(running, line):
    gate = line.before = Gate(r"system-accounts\?")
    async with running(settled=False) as driver:
        await driver.until(lambda: "Reading the organisation…" in driver.text)
        assert status(driver) == "Reading system accounts… · token from $KONNECT_TOKEN"
        gate.open()
        await driver.settle()


async def test_what_was_not_read_yet_is_an_ellipsis(running, line):
    gate = line.before = Gate(r"/access-tokens")
    async with running(settled=False) as driver:
        await driver.until(lambda: "44 system accounts · read" in driver.text)
        assert row(driver, "ci-eu-deployer").split()[1:] == ["…"] * 5
        gate.open()
        await driver.settle()
        assert "…" not in row(driver, "ci-eu-deployer")


async def test_details_are_read_for_the_rows_on_the_screen_alone(running, fake):
    async with running() as driver:
        asked = {account_id for account_id, _ in reads(fake)}
        assert on_screen(driver, fake) <= asked
        assert len(asked) == len(names(driver)) + 4
        assert len(reads(fake)) == 3 * len(asked)


async def test_scrolling_reads_what_comes_into_view(running, fake):
    async with running() as driver:
        before = set(reads(fake))
        await driver.press("end")
        new = set(reads(fake)) - before
        last = named(fake, "token-minter")
        assert {(last, "access-tokens"), (last, "assigned-roles"), (last, "teams")} <= new
        assert not re.search(r"  (…|\?)  ", driver.text)


async def test_ten_thousand_accounts_cause_no_storm_of_requests(running, dependencies, now, fake):
    fake.organisation.__dict__.update(build_organisation(now, accounts=10_000).__dict__)
    async with running() as driver:
        assert "10,000 system accounts" in status(driver)
        assert len(reads(fake)) < 200  # a screenful when the first page is there, one at the end
        await driver.press("pagedown", "pagedown", "end", "home")
        await driver.press("s", "s", "s")
        for _ in range(4):
            await driver.press("pagedown")
        assert len(reads(fake)) < 1000


async def test_details_that_arrive_move_no_row_away_from_the_eyes(running, many, line):
    many(500)
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("sort expires")
        await driver.press("enter")
        gate = line.before = Gate("/access-tokens")
        await driver.hit("pagedown", "pagedown")
        await gate.reached(driver)
        before = names(driver)
        assert " … " in row(driver, before[5])
        gate.open()
        await driver.settle()
        assert names(driver) == before
        assert " … " not in row(driver, before[5])


async def test_what_could_not_be_read_is_a_question_mark(running, line):
    def refuse(request, response):
        if request.url.path.endswith("/assigned-roles"):
            return httpx.Response(403, json={"status": 403, "title": "Forbidden"})
        return response

    line.rewrite = refuse
    async with running() as driver:
        assert re.search(r"ci-eu-deployer +1 +in 139 d +2 h ago +\? +1", driver.text)
        assert "44 system accounts · r retries · NOT ALL READ: Konnect " in driver.words


async def test_a_row_that_cannot_be_read_hides_no_other(running, line):
    def spoil(request, response):
        if request.url.path != "/v3/system-accounts":
            return response
        body = response.json()
        body["data"][3] = {"name": "no id here"}
        body["data"][4]["created_at"] = ["soon"]
        body["data"][5] |= {"name": None, "konnect_managed": "perhaps", "invented": {"a": 1}}
        return httpx.Response(200, json=body)

    line.rewrite = spoil
    async with running() as driver:
        assert (
            "43 system accounts · r retries · INCOMPLETE: 1 rows could not be read." in driver.text
        )
        assert "(no name)" in driver.text


async def test_a_total_that_never_comes_true_is_said_to_be_incomplete(running, line):
    def promise(request, response):
        if request.url.path != "/v3/system-accounts":
            return response
        body = response.json()
        body["meta"]["page"]["total"] = 60.0
        return httpx.Response(200, json=body)

    line.rewrite = promise
    async with running() as driver:
        told = "44 system accounts · r retries · INCOMPLETE: Konnect counts 60, 44 were read."
        assert told in driver.text
        line.rewrite = lambda _, response: response
        await driver.press("r")
        assert "INCOMPLETE" not in driver.text


async def test_a_page_that_cannot_be_read_leaves_the_others_and_says_so(running, many, line):
    many(250)

    def lose(request, response):
        if request.url.params.get("page[number]") == "2":
            return httpx.Response(403, json={"status": 403, "title": "Forbidden"})
        return response

    line.rewrite = lose
    async with running() as driver:
        assert "100 system accounts · r retries · INCOMPLETE: Konnect counts" in driver.text
        assert "were read. Page 2 could not be read: Konnect " in driver.words
        assert "addon-manager" in driver.text


# When Konnect refuses


@pytest.mark.parametrize(
    ("status_code", "said"), [(401, "token"), (403, "Identity Admin"), (500, "500")]
)
async def test_a_refusal_says_what_to_do_and_r_recovers(running, line, status_code, said):
    line.rewrite = lambda _, __: httpx.Response(status_code, json={"status": status_code})
    async with running() as driver:
        assert said in driver.text
        assert "Request: GET /v3/system-accounts." in driver.words
        assert "r tries again · 8 switches the profile" in driver.text
        line.rewrite = lambda _, response: response
        await driver.press("r")
        assert "ci-eu-deployer" in driver.text
        assert "44 system accounts" in driver.text


async def test_a_konnect_out_of_reach_says_so_and_r_recovers(running, line):
    async def cut(request: httpx.Request) -> None:
        raise httpx.ConnectError("Name or service not known", request=request)

    passing, line.before = line.before, cut
    async with running() as driver:
        assert "konnect.demo.invalid" in driver.text
        assert "r tries again" in driver.text
        line.before = passing
        await driver.press("r")
        assert "44 system accounts" in driver.text


async def test_a_token_that_cannot_be_had_is_said_and_r_tries_again(running, dependencies):
    attempts = []

    async def connect(profile, **options):
        attempts.append(profile)
        if len(attempts) == 1:
            raise ProfileError("KONNECT_TOKEN is not set.", mend="Set it.")
        return await dependencies.connect(profile, **options)

    async with running(connect=connect) as driver:
        assert "KONNECT_TOKEN is not set." in driver.text
        assert "not connected" in driver.text.splitlines()[0]
        assert "Reading system accounts" not in driver.text
        await driver.press("r")
        assert "44 system accounts" in driver.text


async def test_a_refresh_that_fails_keeps_the_list_and_says_that_it_is_old(running, line, clock):
    async with running() as driver:
        line.rewrite = lambda _, __: httpx.Response(403, json={"status": 403})
        clock.advance(minutes=30)
        await driver.press("r")
        assert "ci-eu-deployer" in driver.text
        assert "44 system accounts, read 2026-11-23 12:00 UTC · NOT UP TO DATE: " in driver.text
        assert re.search(r"ci-eu-deployer +1\?", driver.text)
        line.rewrite = lambda _, response: response
        await driver.press("r")
        assert "NOT UP TO DATE" not in driver.text
        assert status(driver).startswith("44 system accounts · read 2026-11-23 12:30 UTC")


async def test_a_wait_that_konnect_asks_for_is_counted_down(running, fake, sleep, clock):
    for account in list(fake.organisation.accounts)[2:]:
        fake.organisation.accounts.remove(account["id"])
    fake.inject(Fault("429", path="/v3/system-accounts", retry_after_seconds=40))
    async with running(settled=False) as driver:
        said = ": 40 s, until 12:00:40 UTC · Esc stops · "
        await driver.until(lambda: said in driver.words)
        clock.advance(seconds=15)
        await driver.until(lambda: ": 25 s, until 12:00:40 UTC · " in driver.words)
        clock.advance(seconds=25)
        sleep.wake()
        await driver.settle()
        assert status(driver).startswith("2 system accounts · read")


# Filter


async def test_the_filter_narrows_as_you_type_and_counts(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.type("deployer")
        assert names(driver) == [
            "ci-au-deployer",
            "ci-eu-deployer",
            "ci-prod-deployer",
            "Ci-Prod-Deployer",
            "ci-staging-deployer",
        ]
        assert status(driver).startswith("5 of 44 system accounts")
        await driver.paste(" -ci-prod")
        assert len(names(driver)) == 3
        await driver.press("escape")
        assert status(driver).startswith("44 system accounts")
        assert "-ci-prod" not in driver.text


async def test_enter_keeps_the_filter_and_goes_to_the_list(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("mesh")
        await driver.press("enter", "down")
        assert cursor(driver) == "mesh-zone-us-1"
        await driver.press("enter")
        assert "Access tokens" in driver.text
        await driver.press("escape")
        assert len(names(driver)) == 2


async def test_a_filter_that_nothing_matches_says_how_to_clear_it(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("[/x] no such")
        assert "No account matches the filter." in driver.text
        assert status(driver).startswith("0 of 44 system accounts")
        await driver.press("escape")
        assert len(names(driver)) == 19


async def test_the_filter_looks_in_descriptions_and_ids(running, fake):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste(named(fake, "argo-rollouts"))
        assert names(driver) == ["argo-rollouts"]
        await driver.press("escape", "slash")
        await driver.paste("slip of the shift")
        assert names(driver) == ["Ci-Prod-Deployer"]


async def test_a_cleared_filter_brings_the_cursor_back_to_its_account(running):
    async with running() as driver:
        await driver.press("end", "up")
        before = cursor(driver)
        await driver.press("slash")
        await driver.paste("mesh")
        await driver.press("escape")
        assert cursor(driver) == before


# Order


async def test_s_orders_by_the_next_column_and_capital_s_the_other_way_round(running):
    async with running() as driver:
        await driver.press("S")
        assert names(driver)[0].startswith("🚚")
        await driver.press("s", "s", "s")
        assert re.search(r"in \d+ h !", row(driver, names(driver)[0]))
        assert re.search(r"in \d+ d ", row(driver, names(driver)[9]))
        assert "EXPIRES▲" in driver.text
        await driver.press("S")
        assert "EXPIRES▼" in driver.text


async def test_an_order_by_what_is_not_fully_read_says_how_much_is_missing(running):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("sort roles")
        await driver.press("enter")
        assert "44 system accounts · by ROLES: 21 not known (+ reads all)" in status(driver)
        await driver.press("+")
        assert "not known" not in driver.text
        roles = [int(row(driver, name).rstrip("┃ ").split()[-2]) for name in names(driver)]
        assert roles == sorted(roles)


async def test_reading_every_account_can_be_stopped(running, many, line, fake):
    many(400)
    async with running() as driver:
        gate = line.before = Gate("/access-tokens")
        await driver.hit("+")
        await driver.until(lambda: "· Esc stops" in driver.text)
        await driver.hit("escape")
        await driver.until(lambda: "Stopped reading; what was read stays." in driver.text)
        gate.open()
        await driver.settle()
        assert len({account_id for account_id, _ in reads(fake)}) < 100


# Refresh


async def test_refresh_keeps_the_cursor_and_the_view(running, fake):
    async with running() as driver:
        await driver.press("end", *["up"] * 6)
        before, at = names(driver), cursor(driver)
        fake.add_account("aa-new")
        await driver.press("r")
        assert names(driver) == before
        assert cursor(driver) == at
        assert status(driver).startswith("45 system accounts")


async def test_refresh_reads_the_rows_on_the_screen_again_and_forgets_the_others(running, fake):
    async with running() as driver:
        await driver.press("end")
        fake.add_token(named(fake, "token-minter"), "another")
        fake.received.clear()
        await driver.press("r")
        assert on_screen(driver, fake) <= {account_id for account_id, _ in reads(fake)}
        assert re.search(r"token-minter +2 ", driver.text)
        fake.received.clear()
        await driver.press("home")
        assert (named(fake, "[/foo]"), "access-tokens") in reads(fake)


async def test_refresh_keeps_the_old_rows_until_the_new_ones_are_there(running, line):
    async with running() as driver:
        gate = line.before = Gate(r"system-accounts\?")
        await driver.hit("r")
        await driver.until(lambda: "44 system accounts · reading again…" in driver.text)
        assert "ci-eu-deployer" in driver.text
        gate.open()
        await driver.settle()


async def test_pressing_refresh_twice_leaves_nothing_stale(running, fake, line):
    async with running() as driver:
        gate = line.before = Gate("/access-tokens")
        await driver.hit("r")
        await gate.reached(driver)
        fake.add_token(named(fake, "addon-manager"), "another")
        await driver.hit("r")
        gate.open()
        await driver.settle()
        assert re.search(r"addon-manager +2 ", driver.text)


async def test_an_account_that_is_gone_leaves_the_list(running, fake):
    async with running() as driver:
        await driver.press("down", "down")
        fake.organisation.accounts.remove(named(fake, "addon-manager"))
        await driver.press("r")
        assert "addon-manager" not in driver.text
        assert cursor(driver) == "api-publisher-ci"


# Another organisation


async def test_what_is_still_being_read_of_an_organisation_left_never_shows(running, line):
    async with running() as driver:
        gate = line.before = Gate("/access-tokens")
        await driver.hit("end")
        await gate.reached(driver)
        line.rewrite = lambda _, __: httpx.Response(403, json={"status": 403})
        await driver.hit("colon", *"profile demo", "enter")
        await driver.until(lambda: "r tries again" in driver.text)
        gate.open()
        await driver.settle()
        assert "token-minter" not in driver.text
        assert "organisation unknown" in driver.text


@pytest.mark.parametrize("refused", ["/v3/organizations/me", "/access-tokens"])
async def test_after_a_401_refreshing_reads_the_token_at_its_source_again(
    running, dependencies, line, refused
) -> None:
    opened = []

    async def connect(profile: object, **options: object) -> object:
        opened.append(profile)
        line.rewrite = lambda _, response: response  # the token was renewed at its source
        return await dependencies.connect(profile, **options)

    async with running(connect=connect) as driver:
        line.rewrite = lambda request, response: (
            httpx.Response(401, json={"status": 401})
            if request.url.path.endswith(refused)
            else response
        )
        await driver.press("r")
        assert len(opened) == 1
        await driver.press("r")
        assert len(opened) == 2
        assert "ci-eu-deployer" in driver.text
        assert not driver.app.snapshot.is_signed_out
