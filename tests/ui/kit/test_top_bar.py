"""The line at the top: where the operator is, as whom, and what may be done there."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest
from rich.color import ColorSystem
from textual.color import Color

from sa_tui.profiles.model import COLOURS
from sa_tui.ui.kit.top_bar import TopBar


def top(driver) -> str:
    return driver.text.splitlines()[0]


async def test_it_names_profile_organisation_and_caller(running):
    async with running() as driver:
        assert top(driver) == (
            " sa-tui  demo  Meridian Freight · ines.castellanos@… · read just now"
        )


async def test_label_and_read_only_are_said_in_words(running, profile):
    async with running(first=replace(profile, label="PROD", read_only=True)) as driver:
        assert top(driver).startswith(" sa-tui  demo [PROD] READ-ONLY  Meridian Freight")


async def test_a_colour_is_said_in_words_where_there_is_no_label(running, profile):
    async with running(first=replace(profile, colour="red")) as driver:
        assert top(driver).startswith(" sa-tui  demo [red]  Meridian Freight")


@pytest.mark.parametrize("colour", COLOURS)
async def test_each_colour_of_a_profile_can_be_read(running, profile, colour):
    async with running(first=replace(profile, colour=colour)) as driver:
        bar = driver.app.screen.query_one(TopBar)
        background, foreground = bar.styles.background, bar.styles.color
        assert abs(foreground.brightness - background.brightness) > 0.3
        assert (background == Color.parse("#1e2633")) == (colour == "none")


@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
async def test_no_two_colours_of_profiles_are_one_on_a_terminal_of_few(running, profile, system):
    numbers = []
    for colour in COLOURS:
        async with running(first=replace(profile, colour=colour)) as driver:
            background = driver.app.screen.query_one(TopBar).styles.background
            numbers.append(background.rich_color.downgrade(system).number)
    assert len(set(numbers)) == len(COLOURS)


async def test_what_is_most_needed_survives_a_narrow_terminal(running, profile, fake):
    fake.organisation.record["name"] = "The very long name of an organisation " * 4
    long = replace(profile, name="p" * 30, label="PRODUCTION", read_only=True)
    async with running((60, 16), first=long) as driver:
        assert " [PRODUCTION] READ-ONLY" in top(driver)
        assert top(driver).endswith("…")


@pytest.mark.whole
async def test_an_organisation_that_is_not_known_is_not_made_up(running, line):
    def refuse(request, response):
        if request.url.path in ("/v3/organizations/me", "/v3/users/me"):
            return httpx.Response(403, json={"status": 403})
        return response

    line.rewrite = refuse
    async with running() as driver:
        assert "organisation unknown · caller unknown" in top(driver)
        assert "44 system accounts" in driver.text


async def test_while_it_connects_it_says_so(running, line):
    is_open = asyncio.Event()

    async def hold(_: httpx.Request) -> None:
        await is_open.wait()

    line.before = hold
    async with running(settled=False) as driver:
        await driver.turn()
        assert top(driver) == " sa-tui  demo  connecting…"
        is_open.set()
        await driver.settle()
        assert "Meridian Freight" in top(driver)


async def test_it_stands_over_every_screen(running):
    async with running() as driver:
        await driver.press("enter")
        assert "Meridian Freight" in top(driver)


async def test_a_name_with_brackets_is_shown_as_it_is(running, fake):
    fake.organisation.record["name"] = "[red]Acme[/] [/x]"
    async with running() as driver:
        assert "[red]Acme[/] [/x] · ines" in top(driver)
