"""The profiles: first run, making and testing one, switching, and a file that is broken.

Tokens come from real variables and files, profiles are kept in a real profiles.toml.
"""

from __future__ import annotations

import tomllib
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Paste
from textual.widgets import Input

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.store import Org
from sa_tui.profiles.discover import survey
from sa_tui.profiles.model import EnvSource, FileSource, Profile
from sa_tui.profiles.sources import read_token
from sa_tui.profiles.store import ProfileStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime
    from pathlib import Path

    from sa_tui.ui.dependencies import Dependencies

PASTED = "spat_" + "x1Yz" * 12


@pytest.fixture
def fake(now: datetime, clock: Callable[[], datetime]) -> FakeKonnect:
    """A small organisation: here it matters which one is open, not what it holds."""
    return FakeKonnect(build_organisation(now, accounts=3), clock=clock)


@pytest.fixture
def environ(tmp_path: Path, fake: FakeKonnect) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "OPERATOR_TOKEN": fake.operator_token,
    }


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    return ProfileStore(tmp_path / "config", home=tmp_path)


@pytest.fixture
def prod(store: ProfileStore) -> Profile:
    profile = Profile(
        "prod",
        source=EnvSource("OPERATOR_TOKEN"),
        base_url=BASE_URL,
        regional_url=REGIONAL_URL,
        label="PROD",
    )
    store.add(profile)
    return profile


@pytest.fixture
def opened(
    running: Any,
    dependencies: Dependencies,
    store: ProfileStore,
    environ: dict[str, str],
    tmp_path: Path,
    fake: FakeKonnect,
    clock: Any,
) -> Callable[..., Any]:
    """Starts the application on the profiles that the store and the environment really hold."""

    async def connect(profile: Profile, *, on_change: Any, on_wait: Any, aside: Any) -> Org:
        token = read_token(profile.source, environ=environ, home=tmp_path)
        client = KonnectClient(
            token,
            Settings(
                base_url=profile.base_url,
                regional_url=profile.regional_url,
                read_only=profile.read_only,
                transport=fake.transport(sleep=dependencies.sleep),
                sleep=dependencies.sleep,
                monotonic=dependencies.monotonic,
                now=clock,
                jitter=lambda: 0.5,
                on_wait=lambda wait: on_wait(wait.seconds, wait.reason),
            ),
        )
        has_person = not token.get_secret_value().startswith("spat_")
        return Org(client, now=clock, on_change=on_change, has_person=has_person)

    @asynccontextmanager
    async def run(*, first: Profile | None = None, **more: Any) -> AsyncIterator[Any]:
        async with running(
            first=first,
            connect=connect,
            saved_profiles=lambda: tuple(store.load().values()),
            found_profiles=lambda: survey(environ, tmp_path).profiles,
            save=store.add,
            edit=store.replace,
            remove=store.remove,
            environ=environ,
            **more,
        ) as driver:
            yield driver

    return run


def issued_token(fake: FakeKonnect) -> str:
    """The secret of a system account that may read everything, as its owner keeps it."""
    account = fake.add_account("sa-tui-operator")
    fake.add_role(account, "Admin", entity_type_name="Identity")
    row = {"id": fake.organisation.new_id(), "name": "terminal"}
    row |= {"created_at": "2026-11-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z"}
    return fake.organisation.issue_token(account, row | {"expires_at": "2027-01-01T00:00:00Z"})


def paths(fake: FakeKonnect) -> list[str]:
    return [received.path for received in fake.received]


def words(driver: Any) -> str:
    """What is on the screen, as if on one endless line."""
    return " ".join(driver.text.split())


def field(driver: Any, name: str) -> Input:
    found: Input = driver.app.screen.query_one(f"#{name.replace('_', '-')}", Input)
    return found


async def paste(driver: Any, text: str) -> None:
    driver.app.post_message(Paste(text))
    await driver.settle()


async def fill(driver: Any, **fields: str) -> None:
    """Pastes into fields by their ids, over what they hold."""
    for name, text in fields.items():
        field(driver, name).focus()
        await driver.turn()
        field(driver, name).action_select_all()
        if not text:
            await driver.hit("delete")
        driver.app.post_message(Paste(text))
        await driver.turn()
    await driver.settle()


async def press_button(driver: Any, name: str) -> None:
    driver.app.screen.query_one(f"#{name}").focus()
    await driver.press("enter")


async def make_prod(driver: Any) -> None:
    """Opens the form and fills in a profile that works."""
    await driver.press("n")
    await fill(driver, name="prod", token_env="OPERATOR_TOKEN", base_url=BASE_URL, label="PROD")
    await fill(driver, regional_url=REGIONAL_URL)


# First run


async def test_the_first_run_explains_the_choices(opened: Any) -> None:
    async with opened() as driver:
        assert "sa-tui itself never stores a token" in driver.text
        for place in ("environment", "private file", "command", "keyring", "kongctl"):
            assert place in driver.text
        assert "sa-tui --demo" in driver.text
        assert "Press n to make a profile" in driver.text
        assert "no other tool's token was found" in driver.text


async def test_leaving_the_first_run_leaves_the_application(opened: Any) -> None:
    for key in ("escape", "q"):
        async with opened() as driver:
            await driver.press(key)
        assert driver.app.return_value == 0


async def test_a_profile_is_tested_before_it_is_saved(
    opened: Any, store: ProfileStore, fake: FakeKonnect
) -> None:
    async with opened() as driver:
        await make_prod(driver)
        await driver.press("enter")
        shown = words(driver)
        assert "Meridian Freight · ines.castellanos@meridianfreight.example" in shown
        assert "token from environment variable OPERATOR_TOKEN" in shown
        assert sorted(paths(fake)) == ["/v3/organizations/me", "/v3/users/me"]
        assert not store.load()
        await driver.press("enter")
        assert store.load()["prod"] == Profile(
            "prod",
            source=EnvSource("OPERATOR_TOKEN"),
            base_url=BASE_URL,
            regional_url=REGIONAL_URL,
            label="PROD",
        )
        assert fake.operator_token not in store.path.read_text()
        assert "prod is saved. Enter opens it." in driver.text
        assert len(fake.received) == 2
        await driver.press("enter")
        assert "ci-eu-deployer" in driver.text
        assert "prod [PROD]  Meridian Freight" in driver.text


async def test_a_found_token_is_offered_and_opened(
    opened: Any, environ: dict[str, str], fake: FakeKonnect, store: ProfileStore
) -> None:
    environ["KONNECT_TOKEN"] = fake.operator_token
    environ["KONNECT_SERVER_URL"] = BASE_URL
    async with opened() as driver:
        assert "variable KONNECT_TOKEN" in driver.text
        assert "found" in driver.text
        await driver.press("enter")
        assert "ci-eu-deployer" in driver.text
        assert "token from $KONNECT_TOKEN" in driver.text
        assert not store.path.exists()


async def test_a_system_accounts_token_is_not_asked_who_it_is(
    opened: Any, environ: dict[str, str], fake: FakeKonnect
) -> None:
    environ |= {"KONNECT_SPAT": issued_token(fake), "KONNECT_SERVER_URL": BASE_URL}
    async with opened() as driver:
        await driver.press("t")
        assert "Meridian Freight · a system account's token" in driver.text
        assert paths(fake) == ["/v3/organizations/me"]


# The form


async def test_a_profile_that_does_not_work_is_saved_only_on_request(
    opened: Any, store: ProfileStore, fake: FakeKonnect
) -> None:
    async with opened() as driver:
        await driver.press("n")
        await fill(driver, name="prod", token_env="NOT_SET", base_url=BASE_URL)
        await driver.press("enter", "enter")
        assert "Environment variable NOT_SET is not set." in words(driver)
        assert not store.load()
        assert fake.received == []
        await press_button(driver, "save")
        assert store.load()["prod"].source == EnvSource("NOT_SET")


async def test_what_konnect_refuses_is_told_with_the_source(
    opened: Any, environ: dict[str, str], store: ProfileStore
) -> None:
    environ["STALE"] = "kpat_" + "n0" * 20
    async with opened() as driver:
        await driver.press("n")
        await fill(driver, name="prod", token_env="STALE", base_url=BASE_URL)
        await driver.press("enter")
        shown = words(driver)
        assert "Does not work, token from environment variable STALE" in shown
        assert "organizations/me" in shown
        assert environ["STALE"] not in driver.text
        assert not store.load()


async def test_a_change_after_the_test_asks_for_another_test(
    opened: Any, store: ProfileStore, fake: FakeKonnect
) -> None:
    async with opened() as driver:
        await make_prod(driver)
        await driver.press("enter")
        await fill(driver, token_env="NOT_SET")
        assert "The profile changed since it was tested" in driver.text
        await driver.press("enter")
        assert "NOT_SET is not set" in driver.text
        assert not store.load()
        assert len(fake.received) == 2


async def test_a_refused_field_is_marked_and_nothing_typed_is_lost(
    opened: Any, store: ProfileStore
) -> None:
    async with opened() as driver:
        await make_prod(driver)
        for name, text, mark, complaint in (
            ("name", "", "! Name", "cannot be the name"),
            ("token_env", "$KONNECT", "! Variable", "not the name of an environment"),
            ("base_url", "http://konnect.example", "! Server", "unencrypted"),
            ("regional_url", "https://eu.example", "! Regional", "does not contain {region}"),
            ("regions", "us, EU", "! Regions", "is not a region"),
            ("label", "A-LABEL-TOO-LONG", "! Label", "cannot be a label"),
            ("colour", "mauve", "! Colour", "There is no colour"),
        ):
            typed = {each.id: each.value for each in driver.app.screen.query(Input)}
            await fill(driver, **{name: text})
            await driver.press("enter")
            assert mark in driver.text
            assert driver.text.count("! ") == 1
            assert complaint in words(driver)
            assert driver.app.screen.focused is field(driver, name)
            kept = {each.id: each.value for each in driver.app.screen.query(Input)}
            assert kept == typed | {name.replace("_", "-"): text}
            await fill(driver, **{name: typed[name.replace("_", "-")]})
        await driver.press("enter")
        assert "! " not in driver.text
        assert "Works: Meridian Freight" in driver.text
        assert not store.load()


async def test_a_token_that_is_pasted_is_never_taken_in(opened: Any) -> None:
    async with opened() as driver:
        await driver.press("n")
        for name in ("name", "token_env", "base_url", "regions", "label"):
            await fill(driver, **{name: PASTED})
            assert "This looks like a token itself" in driver.text
            assert "spat_" not in driver.text
            assert "x1Yz" not in driver.text
            assert field(driver, name).value == ""


async def test_a_token_that_is_typed_leaves_nothing_behind(opened: Any) -> None:
    async with opened() as driver:
        await driver.press("n")
        field(driver, "token_env").focus()
        await driver.type(PASTED[:12])
        assert "This looks like a token itself" in driver.text
        assert not any("x1" in each.value for each in driver.app.screen.query(Input))
        await driver.press("tab")
        assert driver.app.screen.focused is not None


async def test_a_name_that_is_taken_is_refused_and_the_saved_one_stays(
    opened: Any, prod: Profile, store: ProfileStore
) -> None:
    async with opened(first=prod) as driver:
        await driver.press("8", "c")
        await fill(driver, token_env="NOT_SET")
        await press_button(driver, "save")
        assert 'already a profile "prod"' in words(driver)
        assert "! Name" in driver.text
        assert dict(store.load()) == {"prod": prod}


async def test_a_copy_keeps_what_the_form_does_not_show(
    opened: Any, prod: Profile, store: ProfileStore
) -> None:
    slow = replace(prod, name="slow", page_size=10, timeout_seconds=90.0, read_only=True)
    store.add(slow)
    async with opened(first=prod) as driver:
        await driver.press("8", "down", "c")
        await fill(driver, name="slower")
        await driver.press("enter", "enter")
        assert store.load()["slower"] == replace(slow, name="slower")


@pytest.mark.parametrize(
    ("presses", "fields", "saved"),
    [
        (1, {"token_file": "~/token"}, {"file": "HOME/token"}),
        (
            2,
            {"token_command": "pass show 'my konnect'"},
            {"command": ["pass", "show", "my konnect"]},
        ),
        (
            3,
            {"token_keyring": "konnect", "token_username": "me"},
            {"keyring": "konnect", "username": "me"},
        ),
        (4, {"token_kongctl": "default"}, {"kongctl": "default"}),
    ],
)
async def test_every_kind_of_source_is_saved_as_typed(
    opened: Any, store: ProfileStore, tmp_path: Path, presses: int, fields: Any, saved: Any
) -> None:
    async with opened() as driver:
        await driver.press("n")
        await fill(driver, name="prod")
        await driver.press("tab", *["right"] * presses, "space")
        await fill(driver, **fields)
        await press_button(driver, "save")
        written = tomllib.loads(store.path.read_text())["profiles"]["prod"]["token"]
        assert written == {
            key: value.replace("HOME", str(tmp_path)) if key == "file" else value
            for key, value in saved.items()
        }


async def test_an_open_quotation_mark_is_said(opened: Any) -> None:
    async with opened() as driver:
        await driver.press("n")
        await fill(driver, name="prod")
        await driver.press("tab", "right", "right", "space")
        await fill(driver, token_command="pass show 'my")
        await driver.press("enter")
        assert "! Command" in driver.text
        assert "A quotation mark is not closed." in driver.text


async def test_cancelling_the_form_saves_nothing(opened: Any, store: ProfileStore) -> None:
    async with opened() as driver:
        await make_prod(driver)
        await driver.press("escape")
        assert "0 saved" in driver.text
        assert not store.path.exists()


# Editing one that is saved


async def test_a_saved_profile_is_edited_where_it_stands_after_a_test(
    opened: Any, prod: Profile, store: ProfileStore, fake: FakeKonnect
) -> None:
    store.add(replace(prod, name="other"))
    store.path.write_text(f'# ours\ndefault = "prod"\n{store.path.read_text()}# the end\n')
    async with opened(first=prod) as driver:
        await driver.press("8", "E")
        assert "Edit profile prod" in driver.text
        assert field(driver, "token_env").value == "OPERATOR_TOKEN"
        await fill(driver, name="live", label="LIVE")
        fake.received.clear()
        await driver.press("enter")
        assert "Works: Meridian Freight" in driver.text
        assert "prod" in store.load()
        await driver.press("enter")

        assert "live is saved. It stays open as it was; Enter opens it again." in driver.text
        assert store.load()["live"] == replace(prod, name="live", label="LIVE")
        assert (list(store.load()), store.load().default) == (["live", "other"], "live")
        text = store.path.read_text()
        assert text.startswith("# ours\n")
        assert text.endswith("# the end\n")
        assert sorted(paths(fake)) == ["/v3/organizations/me", "/v3/users/me"]
        await driver.press("enter")
        assert "live [LIVE]  Meridian Freight" in driver.text


async def test_an_edit_that_does_not_work_is_saved_only_on_request(
    opened: Any, prod: Profile, store: ProfileStore
) -> None:
    async with opened(first=prod) as driver:
        await driver.press("8", "E")
        await fill(driver, token_env="NOT_SET")
        await driver.press("enter", "enter")
        assert "Environment variable NOT_SET is not set." in words(driver)
        assert store.load()["prod"] == prod
        await press_button(driver, "save")
        assert dict(store.load()) == {"prod": replace(prod, source=EnvSource("NOT_SET"))}


async def test_an_edit_does_not_take_the_name_of_another_profile(
    opened: Any, prod: Profile, store: ProfileStore
) -> None:
    store.add(replace(prod, name="other"))
    before = store.path.read_text()
    async with opened(first=prod) as driver:
        await driver.press("8", "E")
        await fill(driver, name="other")
        await press_button(driver, "save")
        assert 'already a profile "other"' in words(driver)
        assert "! Name" in driver.text
        assert store.path.read_text() == before


async def test_an_edit_does_not_undo_what_was_changed_in_the_file_meanwhile(
    opened: Any, prod: Profile, store: ProfileStore
) -> None:
    async with opened(first=prod) as driver:
        await driver.press("8", "E")
        await fill(driver, label="MINE")
        theirs = store.path.read_text().replace("PROD", "THEIRS")
        store.path.write_text(theirs)
        await press_button(driver, "save")
        assert 'The profile "prod" was changed meanwhile.' in words(driver)
        assert field(driver, "label").value == "MINE"
        assert store.path.read_text() == theirs


async def test_a_found_profile_is_copied_and_not_edited(
    opened: Any, environ: dict[str, str], fake: FakeKonnect, store: ProfileStore
) -> None:
    environ |= {"KONNECT_TOKEN": fake.operator_token, "KONNECT_SERVER_URL": BASE_URL}
    async with opened() as driver:
        await driver.press("E")
        assert "found in another tool's configuration" in driver.text
        await driver.press("c")
        assert "New profile" in driver.text
        await press_button(driver, "save")
        assert store.load()["KONNECT_TOKEN"].source == EnvSource("KONNECT_TOKEN")


# The list


async def test_the_profile_that_is_open_is_marked(opened: Any, prod: Profile, store: Any) -> None:
    store.add(replace(prod, name="second", label="TEST", read_only=True))
    async with opened(first=prod) as driver:
        await driver.press("8")
        lines = driver.text.splitlines()
        assert any(line.split()[:3] == ["*", "prod", "PROD"] for line in lines)
        assert any(line.split()[:3] == ["second", "TEST", "read-only"] for line in lines)
        assert "2 saved · 0 found" in driver.text
        await driver.press("escape")
        assert "ci-eu-deployer" in driver.text


async def test_switching_opens_the_other_organisation(
    opened: Any, prod: Profile, store: ProfileStore, fake: FakeKonnect, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(issued_token(fake))
    token.chmod(0o600)
    store.add(replace(prod, name="robot", source=FileSource(token), label="", read_only=True))
    async with opened(first=prod) as driver:
        await driver.press("8", "down", "enter")
        assert driver.app.profile.name == "robot"
        assert "robot READ-ONLY  Meridian Freight" in driver.text
        assert "ci-eu-deployer" in driver.text
        await driver.press("8")
        assert any(line.split()[:2] == ["*", "robot"] for line in driver.text.splitlines())


async def test_a_profile_that_cannot_be_opened_leads_back_to_the_list(
    opened: Any, prod: Profile, store: ProfileStore
) -> None:
    store.add(replace(prod, name="gone", source=EnvSource("NOT_SET")))
    async with opened(first=prod) as driver:
        await driver.press("8", "down", "enter")
        assert "Environment variable NOT_SET is not set." in driver.text
        await driver.press("8")
        await driver.press("up", "enter")
        assert "ci-eu-deployer" in driver.text


async def test_testing_from_the_list_changes_nothing(
    opened: Any, prod: Profile, store: ProfileStore, fake: FakeKonnect
) -> None:
    store.add(replace(prod, name="gone", source=EnvSource("NOT_SET")))
    before = store.path.read_bytes()
    async with opened(first=prod) as driver:
        await driver.press("8", "down")
        fake.received.clear()
        await driver.press("t")
        assert "DOES NOT WORK: Environment variable NOT_SET is not set." in driver.text
        assert fake.received == []
        await driver.press("up", "t")
        assert sorted(paths(fake)) == ["/v3/organizations/me", "/v3/users/me"]
        assert "prod works: Meridian Freight" in driver.text
        assert driver.app.profile == prod
        assert store.path.read_bytes() == before


async def test_removing_asks_first_and_leaves_the_token(
    opened: Any, prod: Profile, store: ProfileStore, fake: FakeKonnect, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(fake.operator_token)
    store.add(replace(prod, name="old", source=FileSource(token)))
    async with opened(first=prod) as driver:
        await driver.press("8", "down")
        for keep in ("enter", "escape", "q"):
            await driver.press("x")
            assert "Remove the profile old?" in driver.text
            await driver.press(keep)
            assert "old" in store.load()
        await driver.press("x", "x")
        assert list(store.load()) == ["prod"]
        assert "old is removed. Its token is untouched." in driver.text
        assert token.read_text() == fake.operator_token


async def test_a_found_profile_cannot_be_removed(opened: Any, environ: dict[str, str]) -> None:
    environ["KONNECT_TOKEN"] = "kpat_none"
    async with opened() as driver:
        await driver.press("x")
        assert "Remove the profile" not in driver.text
        assert "variable KONNECT_TOKEN" in driver.text


async def test_a_broken_file_is_told_and_left_alone_until_it_is_mended(
    opened: Any, prod: Profile, store: ProfileStore, environ: dict[str, str], fake: FakeKonnect
) -> None:
    environ |= {"KONNECT_TOKEN": fake.operator_token, "KONNECT_SERVER_URL": BASE_URL}
    good = store.path.read_text()
    broken = good + 'colour = "mauve"\n'
    store.path.write_text(broken)
    async with opened() as driver:
        shown = "".join(driver.text.split())
        assert str(store.path) in shown
        assert f"line{broken.count(chr(10))},profiles.prod.colour" in shown
        assert 'Thereisnocolour"mauve".Chooseoneof' in shown
        assert "PROD" not in driver.text
        assert "variable KONNECT_TOKEN" in driver.text
        await driver.press("n", "E", "c", "x")
        assert "The saved profiles cannot be used." in driver.text
        assert store.path.read_text() == broken
        store.path.write_text(good)
        await driver.press("r")
        assert "PROD" in driver.text
        assert "1 saved · 1 found" in driver.text


async def test_a_wide_terminal_shows_the_servers(opened: Any, prod: Profile) -> None:
    async with opened(first=prod, size=(160, 45)) as driver:
        await driver.press("8")
        row = next(line for line in driver.text.splitlines() if line.startswith(" *"))
        assert "konnect.demo.invalid" in row


async def test_on_a_wide_screen_the_facts_have_the_room_that_the_list_does_not_need(
    opened: Any, prod: Profile
) -> None:
    async with opened(first=prod, size=(160, 45)) as driver:
        await driver.press("8")
        heads = next(line for line in driver.text.splitlines() if "TOKEN FROM" in line)
        assert heads.index("▏") - len(heads.partition("▏")[0].rstrip()) <= 4
