"""Profiles without the application: tried before they are kept, and never a token in sight."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import Fault
from sa_tui.profiles.store import ProfileStore

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command


def kept(directory: Path) -> dict[str, Any]:
    path = directory / "profiles.toml"
    document = tomllib.loads(path.read_text()) if path.exists() else {}
    profiles: dict[str, Any] = document.get("profiles", {})
    return profiles


def test_a_new_profile_is_tried_and_kept(signed_in: Command, directory: Path) -> None:
    ended = signed_in("profiles", "add", "prod", "--env", "KONNECT_TOKEN", "--label", "PROD")

    assert ended.code == 0
    assert "Meridian Freight" in ended.out
    assert "ines.castellanos@meridianfreight.example" in ended.out
    assert kept(directory) == {"prod": {"label": "PROD", "token": {"env": "KONNECT_TOKEN"}}}


def test_a_profile_that_konnect_refuses_is_not_kept(command: Command, directory: Path) -> None:
    command.environ["KONNECT_TOKEN"] = "kpat_nobody"

    ended = command("profiles", "add", "prod", "--env", "KONNECT_TOKEN")

    assert ended.code == 4
    assert kept(directory) == {}


def test_a_profile_can_be_kept_without_asking(
    command: Command, fake: FakeKonnect, directory: Path
) -> None:
    ended = command("profiles", "add", "prod", "--env", "NOT_SET_YET", "--no-test")

    assert ended.code == 0
    assert "prod" in kept(directory)
    assert fake.received == []


def test_a_token_of_another_tool_goes_to_the_server_of_that_tool(
    command: Command, directory: Path
) -> None:
    command.environ["KONGCTL_TEAM_A_KONNECT_PAT"] = "kpat_of_kongctl"
    command.environ["KONGCTL_TEAM_A_KONNECT_BASE_URL"] = "https://eu.api.konghq.tech"

    found = command("profiles", "add", "found", "--kongctl", "Team_A", "--no-test")
    named = command(
        *("profiles", "add", "named", "--kongctl", "team_a", "--no-test"),
        *("--base-url", "https://konnect.test"),
    )

    assert (found.code, named.code) == (0, 0)
    assert "address https://global.api.konghq.tech, as found for kongctl:team_a" in found.err
    profiles = kept(directory)
    assert profiles["found"]["base_url"] == "https://global.api.konghq.tech"
    assert profiles["found"]["regions"] == ["eu"]
    assert profiles["found"]["token"] == {"kongctl": "team_a"}
    assert profiles["named"]["base_url"] == "https://konnect.test"
    assert "regions" not in profiles["named"]


def test_a_name_that_is_taken_is_refused_before_konnect_is_asked(
    signed_in: Command, fake: FakeKonnect
) -> None:
    signed_in("profiles", "add", "prod", "--env", "KONNECT_TOKEN", "--no-test")

    ended = signed_in("profiles", "add", "prod", "--env", "KONNECT_TOKEN")

    assert ended.code == 2
    assert "already" in ended.err
    assert fake.received == []


@pytest.mark.parametrize(
    ("flags", "token"),
    [
        (["--env", "MY_TOKEN"], {"env": "MY_TOKEN"}),
        (["--token-file", "/run/token"], {"file": "/run/token"}),
        (["--command", "pass show 'kong nect'"], {"command": ["pass", "show", "kong nect"]}),
        (["--keyring", "konnect", "--username", "me"], {"keyring": "konnect", "username": "me"}),
        (["--kongctl", "default"], {"kongctl": "default"}),
    ],
)
def test_every_token_source_is_kept_as_it_was_given(
    command: Command, directory: Path, flags: list[str], token: dict[str, Any]
) -> None:
    assert command("profiles", "add", "p", "--no-test", *flags).code == 0
    assert kept(directory)["p"]["token"] == token


def test_every_setting_is_kept_as_it_was_given(command: Command, directory: Path) -> None:
    flags = "--base-url https://k.example --regional-url https://{region}.k.example --region eu"
    flags += " --region us --label DEV --read-only --colour red --page-size 50 --timeout 9.5"
    flags += " --concurrency 9 --ca-bundle /etc/ca.pem --env T --no-test --default"

    assert command("profiles", "add", "p", *flags.split()).code == 0

    profiles = ProfileStore(directory).load()
    assert profiles.default == "p"
    assert kept(directory)["p"] == {
        "base_url": "https://k.example",
        "regional_url": "https://{region}.k.example",
        "regions": ["eu", "us"],
        "label": "DEV",
        "read_only": True,
        "colour": "red",
        "page_size": 50,
        "timeout_seconds": 9.5,
        "concurrency": 9,
        "ca_bundle": "/etc/ca.pem",
        "token": {"env": "T"},
    }


@pytest.mark.parametrize(
    "flags",
    [
        ["--env", "spat_0123456789abcdef0123"],
        ["--command", "echo spat_0123456789abcdef0123"],
        ["--command", "echo 'unended"],
        ["--keyring", "konnect"],
        ["--env", "T", "--username", "me"],
        ["--env", "T", "--base-url", "http://elsewhere.example"],
        ["--env", "T", "--colour", "plaid"],
    ],
)
def test_what_cannot_be_a_profile_is_refused_without_repeating_a_token(
    command: Command, directory: Path, flags: list[str]
) -> None:
    ended = command("profiles", "add", "p", "--no-test", *flags)

    assert ended.code == 2
    assert "spat_0123456789abcdef0123" not in ended.out + ended.err
    assert kept(directory) == {}


def test_a_test_says_whose_token_it_is(signed_in: Command, fake: FakeKonnect) -> None:
    found = signed_in("profiles", "test", "KONNECT_TOKEN", "-o", "json").json

    assert found["organization"]["name"] == "Meridian Freight"
    assert found["identity"]["email"] == "ines.castellanos@meridianfreight.example"
    assert [each.path for each in fake.received] == ["/v3/organizations/me", "/v3/users/me"]


def test_a_person_who_cannot_be_read_is_unknown(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("503", path="/v3/users/me", times=None))

    ended = signed_in("profiles", "test", "-o", "json")

    assert ended.code == 3
    assert ended.json["identity"]["id"] is None
    assert ended.json["identity"]["unknown"] == ["id", "full_name", "email"]
    assert [each["what"] for each in ended.json["incomplete"]] == ["identity"]
    assert ended.json["complete"] is False


def test_the_list_shows_kept_and_found_profiles_and_where_each_token_is(
    signed_in: Command, fake: FakeKonnect
) -> None:
    signed_in("profiles", "add", "prod", "--token-file", "/run/t", "--no-test", "--default")

    ended = signed_in("profiles", "list", "-o", "json")

    rows = [
        (each["name"], each["token_from"], each["found"], each["default"])
        for each in ended.json["profiles"]
    ]
    assert rows == [
        ("prod", "file /run/t", False, True),
        ("KONNECT_TOKEN", "environment variable KONNECT_TOKEN", True, False),
    ]
    assert fake.operator_token not in ended.out + ended.err


def test_the_first_profile_is_the_default_until_another_is_named(command: Command) -> None:
    command("profiles", "add", "first", "--env", "T", "--no-test")
    command("profiles", "add", "second", "--env", "T", "--no-test")

    rows = command("profiles", "list", "-o", "json").json["profiles"]

    assert [each["name"] for each in rows if each["default"]] == ["first"]


def test_a_removed_profile_is_gone(command: Command, directory: Path) -> None:
    command("profiles", "add", "p", "--env", "T", "--no-test")

    assert command("profiles", "remove", "p").code == 0
    assert kept(directory) == {}
    assert command("profiles", "remove", "p").code == 2
