"""A profile that exists is valid, and never holds a token."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.model import (
    CommandSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KongctlSource,
    Profile,
    TokenSource,
)

SPAT = "spat_" + "a1B2c3D4e5" * 5
KPAT = "kpat_" + "Z9y8X7w6V5" * 4
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
SOURCE = EnvSource("KONNECT_SPAT")


def test_a_profile_needs_only_a_name_and_a_source() -> None:
    profile = Profile("prod", source=SOURCE)
    assert profile.base_url == "https://global.api.konghq.com"
    assert profile.regional_url == "https://{region}.api.konghq.com"
    assert (profile.page_size, profile.timeout_seconds, profile.concurrency) == (100, 30.0, 6)


def test_a_profile_cannot_be_changed() -> None:
    profile = Profile("prod", source=SOURCE)
    with pytest.raises(FrozenInstanceError):
        profile.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 41),
        ("name", "two\nlines"),
        ("name", "\u202eprod"),
        ("name", " prod"),
        ("base_url", "http://global.api.konghq.com"),
        ("base_url", "ftp://global.api.konghq.com"),
        ("base_url", "global.api.konghq.com"),
        ("base_url", "https://user:pass@global.api.konghq.com"),
        ("base_url", "https://global.api.konghq.com?x=1"),
        ("base_url", "https://[::1"),
        ("base_url", "https://host:port"),
        ("base_url", "https://global.api\t.konghq.com"),
        ("base_url", "http://127.0.0.1.example.com"),
        ("base_url", ""),
        ("regional_url", "https://us.api.konghq.com"),
        ("regional_url", "http://{region}.api.konghq.com"),
        ("regional_url", "https://{region}.{host}"),
        ("regions", ("us", "EU")),
        ("regions", ("us/../x",)),
        ("label", "much too long to show"),
        ("label", "PR\x1b[31mOD"),
        ("colour", "crimson"),
        ("page_size", 0),
        ("page_size", 1001),
        ("timeout_seconds", 0.0),
        ("timeout_seconds", float("nan")),
        ("timeout_seconds", float("inf")),
        ("concurrency", 17),
        ("ca_bundle", Path("ca.pem")),
    ],
)
def test_a_wrong_value_is_refused_with_its_field_and_a_mend(field: str, value: Any) -> None:
    with pytest.raises(ProfileError) as refused:
        Profile(**{"name": "prod", "source": SOURCE, field: value})
    assert refused.value.key == field
    assert refused.value.mend
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:9", "http://127.8.9.1/x"]
)
def test_http_is_allowed_to_this_machine(url: str) -> None:
    assert Profile("dev", source=SOURCE, base_url=url).base_url == url


def test_a_trailing_slash_is_dropped_from_addresses() -> None:
    profile = Profile(
        "p", source=SOURCE, base_url="https://x.example/", regional_url="https://{region}.x/"
    )
    assert (profile.base_url, profile.regional_url) == ("https://x.example", "https://{region}.x")


@pytest.mark.parametrize(
    ("base_url", "regional_url"),
    [
        ("https://global.api.konghq.tech", "https://{region}.api.konghq.tech"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/{region}"),
        ("https://evil-konghq.com", "https://evil-konghq.com/{region}"),
    ],
)
def test_regional_calls_stay_with_the_server_of_the_base_url(
    base_url: str, regional_url: str
) -> None:
    assert Profile("p", source=SOURCE, base_url=base_url).regional_url == regional_url


@pytest.mark.parametrize("token", [SPAT, KPAT, JWT, f" {SPAT}", f"--token={SPAT}"])
@pytest.mark.parametrize(
    "place",
    [
        EnvSource,
        lambda token: FileSource(Path("/run") / token),
        lambda token: CommandSource(("echo", token)),
        lambda token: KeyringSource(token, username="me"),
        lambda token: KeyringSource("konnect", username=token),
        KongctlSource,
        lambda token: Profile(token, source=SOURCE),
        lambda token: Profile("p", source=SOURCE, label=token),
    ],
)
def test_a_token_in_place_of_its_source_is_refused_and_not_repeated(place: Any, token: str) -> None:
    with pytest.raises(ProfileError) as refused:
        place(token)
    assert token.strip() not in str(refused.value)
    assert token.strip() not in repr(refused.value)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (EnvSource("KONNECT_SPAT"), "environment variable KONNECT_SPAT"),
        (FileSource(Path("/run/secrets/spat_ci")), "file /run/secrets/spat_ci"),
        (CommandSource(("pass", "show", "a b")), "command pass show 'a b'"),
        (KeyringSource("konnect", username="ci"), "keyring entry konnect of ci"),
        (KongctlSource("team-a"), "kongctl profile team-a"),
    ],
)
def test_a_source_says_where_the_token_comes_from(source: TokenSource, says: str) -> None:
    assert source.describe() == says


def test_a_long_command_is_described_on_one_short_line() -> None:
    says = CommandSource(("sh", "-c", "line one\nline two\x1b[2J " + "x" * 500)).describe()
    assert says.isprintable()
    assert len(says) <= 80


def test_a_profile_describes_itself_on_one_line() -> None:
    profile = Profile("prod", source=SOURCE, label="PROD", read_only=True)
    assert profile.describe() == (
        "prod · PROD · https://global.api.konghq.com · read-only · "
        "token from environment variable KONNECT_SPAT"
    )


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, sa_tui.profiles.model, sa_tui.profiles.store, sa_tui.profiles.sources,"
        " sa_tui.profiles.discover\n"
        "heavy = {'pydantic', 'tomlkit', 'yaml', 'keyring', 'httpx', 'platformdirs'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
