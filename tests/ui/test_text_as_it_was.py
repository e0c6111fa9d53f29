"""What the operator does not change goes back to Konnect as it was, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

HEREDOC = "Owner: a\nRunbook: b\n"
FAMILY = "\N{WOMAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
ODD = {
    "lines": HEREDOC,
    "tabs": "\tOwner:\ta\r\n\tRunbook:\tb\r\n",
    "long": "x" * 2500,
    "family": f"the {FAMILY} bot \u2764\ufe0f",
    "spaces": "deploys\u00a0to\u3000all",
    "persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "escapes": "\x1b]52;c;eA==\x07 \u202egnp\u202c \x9b2J",
}


def writes(fake: Any) -> list[tuple[str, Any]]:
    return [(each.method, each.body) for each in fake.received if each.method != "GET"]


async def choose(driver: Any, account_id: str) -> None:
    await driver.press("colon")
    await driver.paste(f"account {account_id}")
    await driver.press("enter")


@pytest.fixture(params=ODD, ids=list(ODD))
def text(request: Any) -> str:
    return ODD[request.param]


@pytest.fixture
def account_id(fake: Any, text: str) -> str:
    return fake.add_account("odd", description=text)


def description(fake: Any, account_id: str) -> str:
    (row,) = (each for each in fake.organisation.accounts if each["id"] == account_id)
    return row["description"]


async def test_a_description_is_edited_at_its_end_and_taken_back(running, fake, account_id, text):
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste("odd")
        await driver.press("enter", "E")
        await driver.press("tab", "end", "!", "enter", "Y")
        assert description(fake, account_id) == f"{text}!"
        await driver.press("u", "Y")

    assert description(fake, account_id) == text
    assert writes(fake) == [
        ("PATCH", {"description": f"{text}!"}),
        ("PATCH", {"description": text}),
    ]


async def test_another_name_leaves_the_description_alone(running, fake, account_id, text):
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste("odd")
        await driver.press("enter", "E")
        await driver.press("end", "2", "enter", "Y")

    assert writes(fake) == [("PATCH", {"name": "odd2"})]
    assert description(fake, account_id) == text


async def test_an_account_like_another_has_its_description(running, fake, account_id, text):
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste("odd")
        await driver.press("enter", "c")
        await driver.fill("twin")
        await driver.press("enter", "Y")

    assert writes(fake) == [("POST", {"name": "twin", "description": text})]


async def test_a_team_is_edited_at_its_end_and_taken_back(running, fake, text):
    text = text[:240]
    team_id = fake.add_team("odd", description=text, labels={"env": "prod"})
    async with running() as driver:
        await driver.press("3", "slash")
        await driver.paste("odd")
        await driver.press("enter", "E")
        await driver.press("tab", "end", "!", "enter", "Y")
        assert fake.organisation.teams[team_id]["description"] == f"{text}!"
        await driver.press("u", "Y")

    assert fake.organisation.teams[team_id]["description"] == text
    assert writes(fake) == [
        ("PATCH", {"description": f"{text}!"}),
        ("PATCH", {"description": text}),
    ]


async def test_a_token_is_renamed_and_taken_back(running, fake, text):
    name = text[:200]
    account_id = fake.add_account("owner")
    fake.add_token(account_id, name)
    async with running() as driver:
        await choose(driver, account_id)
        await driver.press("N", "end", "!", "enter", "Y")
        await driver.press("u", "Y")

    assert writes(fake) == [("PATCH", {"name": f"{name}!"}), ("PATCH", {"name": name})]


async def test_what_was_sent_is_kept_as_it_was_in_the_log(running, fake, tmp_path):
    fake.add_account("odd", description=HEREDOC)
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste("odd")
        await driver.press("enter", "E")
        await driver.press("tab", "end", "!", "enter", "Y")

    kept = (tmp_path / "actions.jsonl").read_text().splitlines()
    assert "Owner: a␊Runbook: b␊!" in json.loads(kept[-1])["title"]
