"""What a page shows is written out as its command answers, and what is missing is said before."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import shlex
import stat
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sa_tui.cli import main
from sa_tui.cli.environment import Environment
from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.demo.konnect import FakeKonnect

WIDE = (100, 30)
"""A size without the border of a panel; a command line may take two lines."""


async def export(driver: Any, path: Path, *, steps: int = 0) -> str:
    """Writes the page to this file, in the format so many steps to the right; the command line."""
    await driver.press("e", *["right"] * steps)
    await driver.tab_to("path")
    await driver.fill(str(path))
    found = re.search(r"From a shell: (.*?)\n *\n", driver.text, flags=re.DOTALL)
    await driver.press("enter")
    # A path is longer than a line.
    assert f"writtento{path}" in "".join(driver.text.split()), driver.text
    return " ".join(found[1].split()) if found else ""


async def answer(line: str, fake: FakeKonnect, clock: Any, home: Path) -> str:
    """What the command writes to standard output."""
    (home / "profiles.toml").write_text(
        f'[profiles.demo]\nbase_url = "{BASE_URL}"\nregional_url = "{REGIONAL_URL}"\n'
        'token = { env = "KONNECT_TOKEN" }\n'
    )
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    env = Environment(
        environ={"SA_TUI_CONFIG": str(home), "KONNECT_TOKEN": fake.operator_token},
        home=home,
        stdin=io.StringIO(),
        stdout=out,
        stderr=err,
        now=clock,
        transport=fake.transport(),
    )
    program, *argv = shlex.split(line)
    assert program == "sa-tui"
    code = await asyncio.to_thread(main, argv, env=env)
    assert code in (0, 3), err.getvalue()
    out.seek(0)
    return out.read()


def refuse(part: str) -> Any:
    """Answers requests whose path has this in it with 403."""

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_meant = part in request.url.path
        return httpx.Response(403, json={"status": 403}) if is_meant else response

    return rewrite


def of_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def open_who(driver: Any, query: str = "role:Admin -is:managed") -> None:
    await driver.press("4")
    await driver.paste(query)
    await driver.press("enter")


async def open_who_with_people(driver: Any) -> None:
    await open_who(driver, "role:Admin")
    await driver.press("at")


async def open_matrix(driver: Any, *keys: str) -> None:
    await driver.press("5", *keys)


async def open_why(driver: Any) -> None:
    await driver.press("enter", "v")


async def open_accounts(driver: Any, *keys: str) -> None:
    await driver.press("plus", *keys)


async def open_tokens(driver: Any, *keys: str) -> None:
    await driver.press("2", *keys)


async def open_why_of_a_query(driver: Any) -> None:
    await open_who(driver, "role:Deployer type:cp")
    await driver.press("enter")


async def open_entities(driver: Any, *keys: str) -> None:
    await driver.press("6", *keys)


async def open_entity(driver: Any) -> None:
    await open_entities(driver, "slash", *"prod-eu", "enter", "enter")


async def open_teams(driver: Any) -> None:
    await driver.press("3")


async def open_compare(driver: Any, *keys: str) -> None:
    await driver.press("5", "space", "down", "space", "equals_sign", *keys)


PAGES: dict[str, tuple[Any, str]] = {
    "who": (open_who, "csv"),
    "who with a warning": (lambda driver: open_who(driver, "role:Admni  OR tokens:>0"), "json"),
    "who with people": (open_who_with_people, "json"),
    "matrix": (open_matrix, "csv"),
    "matrix markdown": (open_matrix, "md"),
    "matrix by role": (lambda driver: open_matrix(driver, "right", "right", "b"), "csv"),
    "access": (open_why, "json"),
    "why": (open_why_of_a_query, "json"),
    "why as a table": (open_why_of_a_query, "csv"),
    "teams": (open_teams, "json"),
    "teams as a table": (open_teams, "csv"),
    "entities": (open_entities, "json"),
    "entities of a type": (
        lambda driver: open_entities(driver, "slash", *"type:cp prod", "enter"),
        "csv",
    ),
    "entity": (open_entity, "json"),
    "compare": (open_compare, "json"),
    "compare what differs": (lambda driver: open_compare(driver, "exclamation_mark"), "csv"),
    "accounts": (open_accounts, "json"),
    "accounts that match": (
        lambda driver: open_accounts(driver, "slash", *"role:Admni OR is:armed", "enter"),
        "json",
    ),
    "accounts with words": (lambda driver: open_accounts(driver, "slash", *"ci", "enter"), "csv"),
    "tokens": (open_tokens, "json"),
    "tokens that match": (
        lambda driver: open_tokens(driver, "slash", *"expires:<90d", "enter"),
        "csv",
    ),
    "tokens with an account's name": (
        lambda driver: open_tokens(driver, "slash", *"ci-prod-deployer", "enter"),
        "json",
    ),
    "tokens of admins": (
        lambda driver: open_tokens(driver, "plus", "slash", *"role:Admin", "enter"),
        "json",
    ),
}


@pytest.mark.parametrize("page", PAGES)
async def test_the_file_is_what_the_command_on_the_page_writes(
    running, fake, clock, tmp_path, page
):
    go, ending = PAGES[page]
    path = tmp_path / f"out.{ending}"

    async with running(WIDE) as driver:
        await go(driver)
        line = await export(driver, path, steps=["csv", "json", "md"].index(ending))

    assert line.startswith("sa-tui --profile demo ")
    assert path.read_text() == await answer(line, fake, clock, tmp_path)


# What is shown


async def test_a_list_is_written_as_it_is_filtered_and_ordered(running, tmp_path):
    async with running(WIDE) as driver:
        await driver.press("plus", "slash")
        await driver.paste("deployer")
        await driver.press("enter", "S")
        await export(driver, tmp_path / "accounts.csv")
        shown = list(driver.app.screen.table.keys)

    rows = of_csv((tmp_path / "accounts.csv").read_text())
    assert [row["id"] for row in rows] == shown
    assert [row["name"] for row in rows] == ["ci-prod-deployer", "ci-eu-deployer", "ci-au-deployer"]
    assert {row["match"] for row in rows} == {"yes"}


async def test_a_row_that_the_filter_is_not_sure_of_is_marked(running, line, tmp_path):
    line.rewrite = refuse("/assigned-roles")
    async with running(WIDE) as driver:
        await driver.press("slash")
        await driver.paste("role:Admin is:account")
        await driver.press("enter")
        await export(driver, tmp_path / "accounts.json", steps=1)

    answer = json.loads((tmp_path / "accounts.json").read_text())
    assert (answer["command"], answer["query"]) == ("accounts", "role:Admin is:account")
    assert {row["match"] for row in answer["system_accounts"]} == {"unknown"}
    assert answer["complete"] is False


async def test_some_paths_are_not_written_as_if_they_were_all(running, tmp_path):
    async with running(WIDE) as driver:
        await open_entity(driver)
        await driver.press("enter", "e")
        assert "The command gives everything that it has." in driver.text
        await driver.press("escape")
        await export(driver, tmp_path / "why.json", steps=1)
        count = len(driver.app.screen.query(LineTable).first().keys)

    answer = json.loads((tmp_path / "why.json").read_text())
    assert (answer["command"], answer["about"]) == ("why", "Control Planes prod-eu")
    assert len(answer["grants"]) == count > 0


async def test_the_matrix_marks_what_its_command_does_not(running, line, tmp_path):
    line.rewrite = refuse("/assigned-roles")
    async with running(WIDE) as driver:
        await open_matrix(driver, "slash", *"role:Admin", "enter")
        await export(driver, tmp_path / "matrix.json", steps=1)

    answer = json.loads((tmp_path / "matrix.json").read_text())
    assert answer["command"] == "filtered matrix"
    assert [row["match"] for row in answer["rows"]] == ["unknown"] * len(answer["rows"])
    assert answer["rows"]


async def test_what_is_missing_is_said_before_it_is_written_and_in_the_file(
    running, line, tmp_path
):
    line.rewrite = refuse("/access-tokens")
    async with running(WIDE) as driver:
        await driver.press("plus", "e")
        assert "INCOMPLETE: access tokens of" in driver.words
        assert "Each line of the CSV says that it is not complete." in driver.words
        await driver.press("escape")
        await export(driver, tmp_path / "accounts.csv")

    for row in of_csv((tmp_path / "accounts.csv").read_text()):
        assert (row["complete"], row["live_tokens"]) == ("no", "?")


async def test_what_is_read_while_the_dialog_is_open_is_not_in_what_it_announced(
    running, line, tmp_path
):
    gate = asyncio.Event()

    async def hold(request: httpx.Request) -> None:
        if request.url.path.endswith("/access-tokens"):
            await gate.wait()

    line.before = hold
    async with running(settled=False, directory=tmp_path) as driver:
        await driver.until(lambda: "ci-eu-deployer" in driver.text)
        await driver.hit("e")
        await driver.until(lambda: "6 accounts not read in full (+ reads on)." in driver.text)
        gate.set()
        await driver.settle()
        assert "6 accounts not read in full" in driver.text
        await driver.press("right", "enter")

    (path,) = tmp_path.glob("accounts-*.json")
    answer = json.loads(path.read_text())
    assert {row["live_tokens"] for row in answer["system_accounts"]} == {None}
    assert answer["complete"] is False


async def test_a_csv_without_rows_is_said_to_hide_that_something_is_missing(running, line):
    line.rewrite = refuse("/assigned-roles")
    async with running() as driver:
        await open_who(driver, "name:nobody-has-this-name")
        await driver.press("e")
        assert "A CSV without rows cannot say so: JSON and Markdown do." in driver.words

        await driver.press("right")
        assert "The JSON says so." in driver.words


async def test_the_calendar_is_written_token_by_token(running, tmp_path):
    async with running(WIDE) as driver:
        await driver.press("2")
        await export(driver, tmp_path / "tokens.csv")
        await driver.press("C")
        await export(driver, tmp_path / "calendar.csv")

    tokens, ends = (
        of_csv((tmp_path / f"{name}.csv").read_text()) for name in ("tokens", "calendar")
    )
    assert sorted(row["id"] for row in ends) == sorted(row["id"] for row in tokens)
    weeks = [int(row["week"]) for row in ends if row["week"].isdigit()]
    assert weeks == sorted(weeks)
    assert weeks


async def test_the_log_is_written_with_what_became_of_each_change(running, tmp_path):
    async with running(WIDE) as driver:
        await driver.press("n", *"new-account", "enter", "Y", "escape", "7")
        await export(driver, tmp_path / "log.csv")

    (row,) = of_csv((tmp_path / "log.csv").read_text())
    assert (row["sent_profile"], row["sent_organization_name"]) == ("demo", "Meridian Freight")
    assert "name:" in row["changed"]
    assert (row["method"], row["path"], row["outcome"]) == ("POST", "/v3/system-accounts", "done")
    assert row["status"] == "201"


async def test_on_a_page_that_shows_nothing_there_is_nothing_to_write(running):
    async with running() as driver:
        await driver.press("4", "enter", "e")

        assert "There is nothing to export." in driver.text


# Where it goes


async def test_a_taken_name_is_not_overwritten_and_another_is_proposed(running, tmp_path):
    taken = tmp_path / "accounts.csv"
    taken.write_text("before")
    async with running() as driver:
        await driver.press("e")
        await driver.tab_to("path")
        await driver.fill(str(taken))
        await driver.press("enter")
        assert "accounts-2.csv is free" in driver.words
        await driver.press("enter")
        assert "written to" in driver.words

    assert taken.read_text() == "before"
    second = tmp_path / "accounts-2.csv"
    assert of_csv(second.read_text())
    assert stat.S_IMODE(second.stat().st_mode) == 0o600


async def test_a_name_is_proposed_that_nothing_has(running, tmp_path, now):
    first = tmp_path / f"accounts-{now:%Y-%m-%d}.csv"
    first.touch()
    async with running(directory=tmp_path) as driver:
        await driver.press("e", "enter")

        assert f"accounts-{now:%Y-%m-%d}-2.csv" in "".join(driver.text.split())
    assert len(list(tmp_path.glob("accounts-*.csv"))) == 2


async def test_the_clipboard_says_what_is_known_and_is_proposed_again(running):
    async with running() as driver:
        await driver.press("e", "right", "right", "down", "right", "enter")
        assert "Markdown of accounts: Sent to the terminal (cannot be confirmed)." in driver.words

        await driver.press("e")
        assert "(•) Markdown" in driver.text
        assert "(•) Clipboard" in driver.text


@pytest.mark.whole
async def test_what_no_clipboard_takes_stays_in_the_dialog(running):
    async with running() as driver:
        await driver.press("5", "e", "right", "down", "right", "enter")

        assert "more than terminals take" in driver.words
        assert "Export: matrix" in driver.text


async def test_the_command_line_alone_can_be_written(running, tmp_path):
    async with running(directory=tmp_path) as driver:
        await driver.press("4")
        await driver.paste("-is:managed")
        await driver.press("enter", "e", "right", "right", "right", "enter")
        assert "Thecommandlineofwho:written" in "".join(driver.text.split())

    (path,) = tmp_path.glob("who-*.sh")
    assert path.read_text() == "sa-tui --profile demo who -o csv -- -is:managed\n"


# Secrets


async def test_what_shows_a_secret_writes_nothing_and_no_file_has_one(running, secret, tmp_path):
    async with running(WIDE, directory=tmp_path) as driver:
        await driver.issue()
        await driver.press("e")
        assert "Export" not in driver.text
        await driver.press("X", "Y")
        await driver.settle()
        await driver.press("7")
        await export(driver, tmp_path / "log.json", steps=1)

    assert len(json.loads((tmp_path / "log.json").read_text())["actions"]) == 2
    for path in tmp_path.glob("*.json"):
        assert secret not in path.read_text()


async def test_the_calendar_is_written_week_by_week(running, tmp_path):
    async with running(WIDE) as driver:
        await driver.press("2", "C")
        await export(driver, tmp_path / "calendar.csv")

    rows = of_csv((tmp_path / "calendar.csv").read_text())
    in_the_first = [row["name"] for row in rows if row["week"] == "0"]
    assert in_the_first == ["buildkite-au"]
    assert {row["name"] for row in rows} >= {"gha-prod-2", "gitlab-eu"}


async def test_a_token_in_a_description_is_not_carried_away(running, fake, secret, tmp_path):
    account_id = fake.organisation.account_ids["ci-eu-deployer"]
    fake.organisation.accounts[account_id]["description"] = f"old token: {secret}"
    async with running(WIDE) as driver:
        await export(driver, tmp_path / "accounts.csv")

    text = (tmp_path / "accounts.csv").read_text()
    assert secret not in text
    assert "old token: spat_…" in text
