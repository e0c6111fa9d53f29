"""Names that attack a terminal, wherever the application shows what Konnect sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from time import process_time
from typing import Any

import httpx
import pytest
from rich.cells import cell_len

from sa_tui.ui.kit.patches.changed_lines import guarded
from sa_tui.ui.kit.safe import Static

SIZES = ((60, 16), (80, 24), (160, 45))
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
SECOND_LINE = "zweite"
MIXED = (
    f"[/x]\x1b]52;c;aGk=\x07\x9b2J\u202egnp\u202c\n{SECOND_LINE}\t=1+1 "
    "👩🏽\u200d💻 ✈\ufe0f e\u0301\r\u2028\u200b\u2800 <b>*x*|~~y~~ [@click=app.quit]z[/] "
    "https://evil.example 漢字"
)
"""All of it in one name, on two lines."""


@pytest.fixture
def hostile(fake):
    """Gives an account, its token, its role, its team and the organisation each hostile name."""
    fake.organisation.record["name"] = HOSTILE[2]
    fake.organisation.users[fake.organisation.operator_id]["email"] = HOSTILE[5]
    for text in HOSTILE:
        name = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        account_id = fake.add_account(name, description=f"{name} {name}", created_at=name)
        fake.add_token(account_id, name, created_at=name, last_used_at=name)
        fake.add_role(account_id, name, entity_type_name=name, entity_id=name, entity_region=name)
        fake.join(fake.add_team(name, description=name, labels={name: name}), account_id)
    return fake


def check(driver) -> None:
    """Every line fills the terminal exactly, and holds nothing that a terminal would obey.

    The last look before the terminal had nothing to do, and no name made a line of its own.
    """
    width = driver.app.size.width
    for strip in driver.app.screen._compositor.render_strips():
        text = strip.text
        assert guarded(strip) is strip, repr(text)
        assert not OBEYED.search(text), repr(text)
        assert not any(unicodedata.category(character) == "Cs" for character in text)
        assert cell_len(text) == width, repr(text)
    for widget in driver.app.screen.query(Static):
        rows = str(widget.visual).split("\n")
        assert not any(row.lstrip().startswith(SECOND_LINE) for row in rows), rows


@pytest.mark.whole
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


# Every page and every dialog


@pytest.fixture
def mixed(fake):
    """An organisation in which every text is all of it at once."""
    organisation = fake.organisation
    organisation.record["name"] = MIXED
    user = organisation.users[organisation.operator_id]
    user["email"] = user["full_name"] = user["preferred_name"] = MIXED
    for account in organisation.accounts:
        account["name"] = account["description"] = MIXED
    account_id = fake.add_account("hostile", description=MIXED)
    fake.add_token(account_id, MIXED)
    fake.add_role(account_id, MIXED, entity_type_name=MIXED, entity_id=MIXED, entity_region=MIXED)
    team_id = fake.add_team(f"a hostile team {MIXED}", description=MIXED, labels={"a": MIXED})
    fake.join(team_id, account_id)
    return fake


PAGES = {
    "list": (),
    "account": ("enter",),
    "tokens": ("2",),
    "teams": ("3",),
    "who": ("4",),
    "matrix": ("5",),
    "entities": ("6",),
    "log": ("7",),
    "profiles": ("8",),
}
DIALOGS = {
    "help": ("question_mark",),
    "palette": ("ctrl+p",),
    "new": ("n", "escape"),
    "edit": ("E", "end", "left", "2", "enter", "escape", "escape"),
    "delete": ("D", "w", "escape"),
    "like": ("c", "escape"),
    "issue": ("i", "f2", "enter"),
    "teams": ("m", "down", "escape"),
    "revoke": ("X", "escape"),
    "access": ("v", "down", "escape"),
    "filter": ("slash", "h", "o", "tab", "tab", "escape"),
}


def at_each_size(names: Iterable[str]) -> list[Any]:
    """Every page at every size; one of them, each at its turn, is tried every time."""
    return [
        pytest.param(
            name,
            size,
            id=f"{name}-{size[0]}x{size[1]}",
            marks=() if number % len(SIZES) == at else pytest.mark.complete,
        )
        for number, name in enumerate(names)
        for at, size in enumerate(SIZES)
    ]


@pytest.mark.parametrize(("page", "size"), at_each_size(PAGES))
async def test_no_text_leaves_its_place_on_any_page(running, mixed, page, size):
    async with running(size) as driver:
        for key in (*PAGES[page], "down", "enter", "y", "question_mark"):
            await driver.press(key)
            check(driver)


@pytest.mark.parametrize(("dialog", "size"), at_each_size(DIALOGS))
async def test_no_text_leaves_its_place_in_any_dialog(running, mixed, dialog, size):
    async with running(size) as driver:
        await driver.hit("slash")
        await driver.paste("hostile")
        await driver.press("enter")
        for key in DIALOGS[dialog]:
            await driver.press(key)
            check(driver)


@pytest.mark.parametrize("keys", [("N", "end", "2", "enter"), ("o", "enter"), ("x",), ("a",)])
async def test_no_text_leaves_its_place_in_what_is_done_to_an_account(running, mixed, keys):
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste("hostile")
        await driver.press("enter", "enter")
        for key in keys:
            await driver.press(key)
            check(driver)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_any_name_can_be_rotated(running, fake, number):
    name = HOSTILE[number].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    account_id = fake.add_account("owner")
    fake.add_token(account_id, name)
    async with running() as driver:
        await driver.press("colon")
        await driver.paste(f"account {account_id}")
        for key in ("enter", "o", "right", "end", "left", "backspace", "2"):
            await driver.press(key)
            check(driver)
        assert type(driver.app.screen).__name__ == "RotationForm"


@pytest.mark.parametrize(
    "keys", [("E", "end", "2", "enter"), ("D",), ("m", "space", "enter"), ("p",), ("a",)]
)
async def test_no_text_leaves_its_place_in_what_is_done_to_a_team(running, mixed, keys):
    async with running() as driver:
        await driver.press("3", "slash")
        await driver.paste("hostile")
        await driver.press("enter", "enter")
        check(driver)
        for key in keys:
            await driver.press(key)
            check(driver)


# What comes beside the bodies


async def test_a_trace_id_is_not_obeyed(running, line):
    def rewrite(_, response):
        response.headers["x-kong-request-id"] = "abc\x1b]52;c;eA==\x1b[2J"
        return response

    line.rewrite = rewrite
    async with running((160, 45)) as driver:
        await driver.press("n")
        await driver.fill("new-bot")
        await driver.press("enter", "Y", "escape", "7")
        assert "abc␛]52;c;eA==␛[2J" in driver.text
        check(driver)
        await driver.press("y")
        check(driver)


@pytest.mark.parametrize("key", ["*", "P"])
async def test_a_secret_that_a_terminal_would_obey_is_not_drawn(running, line, key):
    odd = "spat_\x1b]52;c;eA==\x07abcdefghijklmnop\x9b2J"

    def rewrite(request, response):
        if request.method == "POST" and request.url.path.endswith("/access-tokens"):
            return httpx.Response(201, json={**response.json(), "token": odd})
        return response

    line.rewrite = rewrite
    async with running() as driver:
        await driver.issue()
        assert f"… ({len(odd)} characters, not those of a token: not drawn)" in driver.text
        await driver.press(key)
        assert "so it is not drawn" in driver.words
        assert "]52" not in driver.text
        check(driver)


# Texts of a megabyte


async def test_a_name_of_a_megabyte_costs_no_more_than_what_is_shown_of_it(running, fake):
    for number in range(20):
        account_id = fake.add_account(f"{number} {'x' * 1_000_000}", description="\x1b漢" * 500_000)
        fake.add_token(account_id, "t" * 1_000_000)
    async with running((160, 45)) as driver:
        begun = process_time()
        for key in ("end", "home", "enter", "escape", "7", "escape"):
            await driver.press(key)
            check(driver)
        await driver.press("D", "escape", "E", "escape", "2", "escape")
        assert process_time() - begun < 20
