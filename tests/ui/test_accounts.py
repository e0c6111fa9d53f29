"""The list of accounts."""

from __future__ import annotations


async def test_the_list_shows_accounts_and_how_many(running):
    async with running() as driver:
        assert "Meridian Freight" in driver.text
        assert "ci-eu-deployer" in driver.text
        assert "44 system accounts" in driver.text
