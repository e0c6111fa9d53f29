"""Several tokens are rotated one after the other; the first that goes wrong stops the others."""

from __future__ import annotations

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.org.rotating import Old, names_of_successors
from sa_tui.ui.tokens.destination import DestinationPicker
from sa_tui.ui.tokens.handover import HandoverDialog
from sa_tui.ui.tokens.rotations_form import RotationsForm
from sa_tui.ui.tokens.rotations_page import RotationsPage

OLD = ("minter", "gitlab-eu", "tfc-prod")
POST = "/v3/system-accounts/*/access-tokens"


def made(fake: FakeKonnect) -> list[str]:
    """The names of the tokens that were ordered, in that order."""
    return [each.body["name"] for each in fake.received if each.method == "POST"]


async def open_form(driver, *names: str) -> None:
    """Marks these tokens in this order, and goes to the form."""
    await driver.press("2")
    table = driver.app.screen.table
    for name in names or OLD:
        table.move_to(next(key for key in table.keys if name in "".join(map(str, table._row(key)))))
        await driver.press("space")
    await driver.press("o")


async def to_files(driver, template: str) -> None:
    """Chooses files by this template and goes on to the page that issues."""
    picker = driver.app.screen.query_one(DestinationPicker)
    number = [each.name for each in picker._choices].index("File") + 1
    driver.app.screen.action_choose(number)
    await driver.settle()
    driver.app.screen.query_one("#place").value = template
    driver.app.screen.query_one("#place").focus()
    await driver.press("enter")


async def test_the_successors_are_issued_in_the_order_of_the_marks(running, fake, tmp_path) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        assert "Rotate 3 tokens: order their successors" in driver.text
        assert "minter → minter-2, gitlab-eu → gitlab-eu-2, tfc-prod → tfc-prod-2" in driver.words
        await to_files(driver, f"{tmp_path}/{{account}}-{{token}}")
        assert "Issue 3 successors, one after the other? Y sends" in driver.words
        assert made(fake) == []

        await driver.press("Y")
        assert made(fake) == ["minter-2", "gitlab-eu-2", "tfc-prod-2"]
        assert "3 successors issued, delivered and tried." in driver.words
        assert len(list(tmp_path.glob("*-2"))) == 3
        rotations = driver.app.records.rotations.in_progress(
            base_url=driver.app.profile.base_url,
            account_id=fake.account_named("token-minter")["id"],
        )
        assert [(each.old_name, each.new_name) for each in rotations] == [("minter", "minter-2")]
        assert rotations[0].verified_at is not None

        await driver.press("enter")
        assert not isinstance(driver.app.screen, RotationsPage | RotationsForm)
        assert not driver.app.records.journal.unfinished()


async def test_a_template_for_one_place_is_refused_before_anything_is_sent(
    running, fake, tmp_path
) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        await to_files(driver, f"{tmp_path}/token")
        assert "would both go to file" in driver.words
        assert isinstance(driver.app.screen, RotationsForm)
        assert made(fake) == []


async def test_a_clipboard_is_no_place_for_several(running, fake) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        picker = driver.app.screen.query_one(DestinationPicker)
        number = [each.name for each in picker._choices].index("Clipboard") + 1
        driver.app.screen.action_choose(number)
        await driver.press("enter")
        assert isinstance(driver.app.screen, RotationsForm)
        assert made(fake) == []


async def test_a_failed_delivery_is_asked_about_and_stops_the_run(running, fake, tmp_path) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        await to_files(driver, f"{tmp_path}/{{account}}/{{token}}")
        for name in ("token-minter", "terraform-prod"):
            (tmp_path / name).mkdir()
        await driver.press("Y")
        # The second has no directory: its order is refused before a token is made.
        assert made(fake) == ["minter-2"]
        assert "1 successor issued, delivered and tried, 1 not in order" in driver.words
        assert "1 not sent: Y goes on with them" in driver.words

        await driver.press("Y")
        assert made(fake) == ["minter-2", "tfc-prod-2"]


async def test_a_command_that_fails_shows_the_secret_as_for_one(running, fake) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        picker = driver.app.screen.query_one(DestinationPicker)
        number = [each.name for each in picker._choices].index("Command") + 1
        driver.app.screen.action_choose(number)
        await driver.settle()
        field = driver.app.screen.query_one("#place")
        field.value = "sh -c 'exit 3' {account} {token}"
        field.focus()
        await driver.press("enter")
        await driver.hit("Y")
        await driver.until(lambda: isinstance(driver.app.screen, HandoverDialog))
        assert made(fake) == ["minter-2"]
        assert "NOT DELIVERED" in driver.text

        await driver.press("X")
        await driver.until(lambda: isinstance(driver.app.screen, RotationsPage))
        await driver.settle()
        assert made(fake) == ["minter-2"]  # the others were not sent
        assert "No successor: it was revoked" in driver.words
        assert "2 not sent" in driver.words


async def test_a_lost_answer_in_the_middle_is_asked_about_and_stops_the_run(
    running, fake, tmp_path, line
) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        await to_files(driver, f"{tmp_path}/{{token}}")
        account_id = fake.account_named("ci-eu-deployer")["id"]
        path = f"/v3/system-accounts/{account_id}/access-tokens"
        fake.inject(Fault("cut-after", method="POST", path=path))
        await driver.press("Y")
        assert "No answer says whether the token was made" in driver.words
        assert made(fake) == ["minter-2", "gitlab-eu-2"]


async def test_a_refusal_for_busyness_is_waited_out_and_sent_once_more(
    running, fake, tmp_path, clock, sleep
) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        await to_files(driver, f"{tmp_path}/{{token}}")
        fake.inject(Fault("429", method="POST", path=POST))
        await driver.hit("Y")
        for _ in range(500):
            if not any(worker.group == "writes" for worker in driver.app.workers):
                break
            clock.advance(seconds=60)
            sleep.wake()
            await driver.turn()
        assert made(fake) == ["minter-2", "minter-2", "gitlab-eu-2", "tfc-prod-2"]
        assert len(list(tmp_path.glob("*-2"))) == 3


async def test_esc_stops_after_the_one_under_way(running, fake, tmp_path, line) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        await to_files(driver, f"{tmp_path}/{{token}}")

        async def press_escape(request: httpx.Request) -> None:
            if request.method == "POST":
                driver.app.screen.action_close()

        line.before = press_escape
        await driver.press("Y")
        assert made(fake) == ["minter-2"]
        assert "1 successor issued, delivered and tried, 2 not sent" in driver.words


async def test_leaving_ends_after_the_one_under_way_and_the_next_start_asks(
    running, fake, tmp_path, line
) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        await to_files(driver, f"{tmp_path}/{{token}}")

        async def leave(request: httpx.Request) -> None:
            if request.method == "POST":
                await driver.app.action_quit()

        line.before = leave
        await driver.hit("Y")
        await driver.until(lambda: not driver.app.is_running)
        assert made(fake) == ["minter-2"]
        assert len(list(tmp_path.glob("*-2"))) == 1
        files = (path for path in (tmp_path / "journal").rglob("*") if path.is_file())
        journal = "".join(path.read_text() for path in files)
        assert "delivered" in journal
        assert "acknowledged" not in journal


async def test_a_token_with_a_successor_is_named_and_none_is_rotated(
    running, fake, tmp_path
) -> None:
    async with running((140, 40)) as driver:
        await open_form(driver)
        await to_files(driver, f"{tmp_path}/{{token}}")
        await driver.press("Y", "enter", "escape")
        await open_form(driver)
        assert "Nothing is rotated. minter has a successor already: minter-2." in driver.words
        assert made(fake) == ["minter-2", "gitlab-eu-2", "tfc-prod-2"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("{next}", ["gha-2", "gha-3"]),
        ("{token}-q4", ["gha-q4", "gha-1-q4"]),
    ],
)
def test_names_are_free_and_differ(org_tokens, now, pattern, names) -> None:
    assert names_of_successors(pattern, org_tokens, taken={"a": {"gha", "gha-1"}}, now=now) == names


@pytest.mark.parametrize("pattern", ["", " ", "same", "{token}", "a\x1bb{next}", "x" * 251])
def test_names_that_are_no_names_or_taken_are_refused(org_tokens, now, pattern) -> None:
    with pytest.raises(ValueError, match="The successor of gha"):
        names_of_successors(pattern, org_tokens, taken={"a": {"gha", "gha-1"}}, now=now)


@pytest.fixture
def org_tokens() -> list[Old]:
    from sa_tui.konnect.models import AccessToken, SystemAccount

    account = SystemAccount(id="a", name="ci")
    tokens = [AccessToken(id=name, name=name) for name in ("gha", "gha-1")]
    return [Old(account=account, token=token) for token in tokens]
