"""On a machine whose clock is wrong the screen goes by Konnect's, and says so once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

AHEAD = timedelta(days=3)
DIFFERENCE = "This machine's clock is 3 d ahead of Konnect's"


@pytest.fixture
def fake(now: datetime, clock: Any) -> FakeKonnect:
    """Konnect, by whose clock this machine's is three days ahead."""
    return FakeKonnect(build_organisation(now - AHEAD), clock=lambda: clock() - AHEAD)


async def test_the_difference_is_said_once(running):
    async with running((120, 30)) as driver:
        assert DIFFERENCE in driver.words

        await driver.press("down")
        assert DIFFERENCE not in driver.words
        await driver.press("r")
        assert DIFFERENCE not in driver.words


async def test_a_lifetime_of_30_days_ends_30_days_after_konnects_now(running, fake, now):
    account_id = fake.organisation.account_ids["ci-eu-deployer"]
    before = {each["id"] for each in fake.tokens_of(account_id)}
    async with running((120, 40)) as driver:
        await driver.open_form()
        assert "this machine's clock" not in driver.words
        await driver.tab_to("lifetime")
        await driver.fill("30d")
        await driver.press("enter")

    (token,) = (each for each in fake.tokens_of(account_id) if each["id"] not in before)
    lifetime = datetime.fromisoformat(token["expires_at"]) - (now - AHEAD)
    assert abs(lifetime - timedelta(days=30)) < timedelta(minutes=1)


async def test_a_token_that_lives_two_more_days_is_not_shown_as_expired(running, fake, now):
    account_id = fake.add_account("00-first")
    ends = (now - AHEAD + timedelta(days=2, hours=1)).isoformat().replace("+00:00", "Z")
    fake.add_token(account_id, "alive", expires_at=ends)
    async with running((120, 40)) as driver:
        await driver.hit("slash")
        await driver.paste("00-first")
        await driver.press("enter", "enter")

        assert "in 2 d" in driver.words
        assert "expired" not in driver.words


async def test_what_is_odd_about_the_token_is_said_when_it_is_opened(running, dependencies):
    notice = "Others on this machine can read the token in /k/config.yaml (mode 0644)."

    async def connect(*given: Any, **options: Any) -> Any:
        org = await dependencies.connect(*given, **options)
        org.notices = (notice,)
        return org

    async with running((120, 30), connect=connect) as driver:
        assert f"{notice} {DIFFERENCE}" in driver.words


@pytest.fixture
def timeless(line):
    """A line on which every Date gets lost."""

    def forget(_: httpx.Request, response: httpx.Response) -> httpx.Response:
        del response.headers["date"]
        return response

    line.rewrite = forget


@pytest.mark.usefixtures("timeless")
async def test_where_konnects_clock_is_not_known_the_form_says_whose_it_goes_by(running):
    async with running((120, 40)) as driver:
        assert DIFFERENCE not in driver.words
        await driver.open_form()
        assert "by this machine's clock: Konnect's is not known" in driver.words
