"""Names that attack a terminal, wherever the application shows what Konnect sent."""

from __future__ import annotations

import re
import unicodedata

import httpx
import pytest
from rich.cells import cell_len

HOSTILE = (
    "[/foo]",
    "[@click=app.quit]press[/]",
    "\x1b]52;c;bm90IHlvdXJz\x07clip\x1b[31mred",
    "\x9b2Jc1 \x85 next",
    "bell\x07tab\tcr\rlf\nend",
    "invoice-\u202egnp.tob\u202c",
    "zero\u200b\u200dwidth\ufeff",
    "🚚 配送ボット 👩🏽‍💻 ✈️ 🇪🇺",
    "a\u0301\u0302\u0303 combining",
    "n" * 300,
    "漢" * 300,
    "\u2028line\u2029separators",
    "\ud83d",
)
OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@pytest.fixture
def hostile(fake):
    """Gives an account, its token, its role, its team and the organisation each hostile name."""
    fake.organisation.record["name"] = HOSTILE[2]
    fake.organisation.users[fake.organisation.operator_id]["email"] = HOSTILE[5]
    for name in HOSTILE:
        name = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        account_id = fake.add_account(name, description=f"{name} {name}", created_at=name)
        fake.add_token(account_id, name, created_at=name, last_used_at=name)
        fake.add_role(account_id, name, entity_type_name=name, entity_id=name, entity_region=name)
        fake.join(fake.add_team(name, description=name, labels={name: name}), account_id)
    return fake


def check(driver) -> None:
    """Every line fills the terminal exactly, and holds nothing that a terminal would obey."""
    width = driver.app.size.width
    for strip in driver.app.screen._compositor.render_strips():
        text = strip.text
        assert not OBEYED.search(text), repr(text)
        assert not any(unicodedata.category(character) == "Cs" for character in text)
        assert cell_len(text) == width, repr(text)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_no_name_in_the_list_leaves_its_place_or_is_obeyed(running, hostile, size):
    async with running(size) as driver:
        check(driver)
        for key in ("pagedown", "pagedown", "end", "S"):
            await driver.press(key)
            check(driver)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_no_name_on_an_account_leaves_its_place_or_is_obeyed(running, hostile, number):
    account_id = list(hostile.organisation.accounts)[number - len(HOSTILE)]["id"]
    async with running() as driver:
        await driver.press("colon")
        await driver.paste(f"account {account_id}")
        await driver.press("enter")
        assert account_id in driver.text
        assert "Access tokens · 1" in driver.text
        check(driver)
        await driver.press("y")
        check(driver)
        await driver.press("question_mark")
        check(driver)


async def test_brackets_are_shown_and_not_understood(running, hostile):
    async with running((160, 45)) as driver:
        await driver.press("slash")
        await driver.paste("[@click")
        assert "[@click=app.quit]press[/]" in driver.text
        check(driver)
        await driver.press("enter", "y")
        check(driver)


async def test_control_characters_are_made_visible(running, hostile):
    async with running((119, 40)) as driver:
        await driver.press("slash")
        await driver.paste("bell")
        assert "bell␇tab" in driver.text
        await driver.press("escape", "slash")
        await driver.paste("invoice-⟨U+202E⟩gnp")
        assert "invoice-⟨U+202E⟩gnp.tob⟨U+202C⟩" in driver.text


async def test_what_is_typed_or_pasted_is_not_obeyed_either(running, hostile):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("[/bold]x")
        check(driver)
        await driver.press("enter")
        check(driver)
        assert "There is no command :[/bold]x" in driver.text


async def test_an_error_text_of_konnect_is_not_obeyed(running, line):
    problem = {"status": 403, "title": "[/b]No", "detail": "\x1b[2J[red]\u202egone [/x]"}
    line.rewrite = lambda _, __: httpx.Response(403, json=problem)
    async with running() as driver:
        assert "[red]⟨U+202E⟩gone [/x]" in driver.words
        check(driver)
