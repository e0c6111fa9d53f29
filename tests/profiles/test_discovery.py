"""What other Konnect tools have configured is found in order, with its source and its server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sa_tui.profiles.discover import survey
from sa_tui.profiles.model import EnvSource, FileSource, KongctlSource
from sa_tui.profiles.sources import read_token

if TYPE_CHECKING:
    from pathlib import Path

SPAT = "spat_" + "a1B2c3D4e5" * 5
KPAT = "kpat_" + "a1B2c3D4e5" * 5


def kongctl(home: Path, text: str) -> None:
    path = home / ".config" / "kongctl" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_nothing_configured_is_nothing_found(tmp_path: Path) -> None:
    found = survey({}, tmp_path)
    assert (found.profiles, found.notes) == ((), ())


def test_everything_is_found_in_order_with_its_source(tmp_path: Path) -> None:
    kept = tmp_path / "deck-token"
    kept.write_text(SPAT)
    kept.chmod(0o600)
    kongctl(tmp_path, f"prod: {{konnect: {{pat: {KPAT}}}}}")
    environ = {
        "DECK_KONNECT_TOKEN_FILE": str(kept),
        "DECK_KONNECT_TOKEN": KPAT,
        "KONGCTL_CI_KONNECT_PAT": KPAT,
        "KONNECT_TOKEN": KPAT,
        "KONNECT_SPAT": SPAT,
    }
    profiles = survey(environ, tmp_path).profiles
    assert [(p.name, p.source.describe()) for p in profiles] == [
        ("KONNECT_SPAT", "environment variable KONNECT_SPAT"),
        ("KONNECT_TOKEN", "environment variable KONNECT_TOKEN"),
        ("kongctl:ci", "kongctl profile ci"),
        ("kongctl:prod", "kongctl profile prod"),
        ("DECK_KONNECT_TOKEN", "environment variable DECK_KONNECT_TOKEN"),
        ("DECK_KONNECT_TOKEN_FILE", f"file {kept}"),
    ]
    for profile in profiles:
        token = read_token(profile.source, environ=environ, home=tmp_path)
        assert token.get_secret_value() in (SPAT, KPAT)


def test_a_variable_with_only_blanks_counts_as_not_set(tmp_path: Path) -> None:
    blank = dict.fromkeys(
        ("KONNECT_SPAT", "KONNECT_TOKEN", "DECK_KONNECT_TOKEN", "DECK_KONNECT_TOKEN_FILE"), " "
    )
    assert survey(blank, tmp_path).profiles == ()


@pytest.mark.parametrize(
    ("address", "base_url", "regional_url", "regions"),
    [
        (
            "https://eu.api.konghq.com",
            "https://global.api.konghq.com",
            "https://{region}.api.konghq.com",
            ("eu",),
        ),
        (
            "https://global.api.konghq.tech/",
            "https://global.api.konghq.tech",
            "https://{region}.api.konghq.tech",
            (),
        ),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080/{region}", ()),
    ],
)
def test_identity_calls_go_to_the_global_host_of_the_configured_server(
    tmp_path: Path, address: str, base_url: str, regional_url: str, regions: tuple[str, ...]
) -> None:
    kongctl(tmp_path, f"p: {{konnect: {{pat: {KPAT}, base-url: '{address}'}}}}")
    environ = {
        "KONNECT_SPAT": SPAT,
        "KONNECT_SERVER_URL": address,
        "DECK_KONNECT_TOKEN": KPAT,
        "DECK_KONNECT_ADDR": address,
    }
    profiles = survey(environ, tmp_path).profiles
    assert len(profiles) == 3
    for profile in profiles:
        assert (profile.base_url, profile.regional_url) == (base_url, regional_url)
        assert profile.regions == regions


def test_a_token_for_an_unusable_server_is_not_sent_elsewhere(tmp_path: Path) -> None:
    environ = {"KONNECT_TOKEN": KPAT, "KONNECT_SERVER_URL": "http://konnect.example.com"}
    found = survey(environ, tmp_path)
    assert found.profiles == ()
    assert "KONNECT_TOKEN was found but cannot be used" in found.notes[0]
    assert "https://" in found.notes[0]


def test_a_kongctl_login_without_a_token_is_noted(tmp_path: Path) -> None:
    kongctl(tmp_path, "default: {konnect: {region: us}}")
    found = survey({}, tmp_path)
    assert found.profiles == ()
    assert 'kongctl profile "default" has no token' in found.notes[0]


def test_a_broken_kongctl_file_does_not_hide_the_rest(tmp_path: Path) -> None:
    kongctl(tmp_path, f"default: [{KPAT}")
    found = survey({"KONNECT_SPAT": SPAT}, tmp_path)
    assert [p.source for p in found.profiles] == [EnvSource("KONNECT_SPAT")]
    assert "line 1" in found.notes[0]
    assert KPAT not in found.notes[0]


def test_a_kongctl_name_that_fits_no_profile_is_noted(tmp_path: Path) -> None:
    kongctl(tmp_path, f"{'x' * 50}: {{konnect: {{pat: {KPAT}}}}}\nok: {{konnect: {{pat: {KPAT}}}}}")
    found = survey({}, tmp_path)
    assert [p.source for p in found.profiles] == [KongctlSource("ok")]
    assert len(found.notes) == 1


def test_a_relative_token_file_is_made_absolute(tmp_path: Path) -> None:
    relative = os.path.relpath(tmp_path / "token")
    (profile,) = survey({"DECK_KONNECT_TOKEN_FILE": relative}, tmp_path).profiles
    assert profile.source == FileSource(tmp_path / "token")


def test_what_is_found_holds_no_token(tmp_path: Path) -> None:
    environ = {"KONNECT_SPAT": SPAT, "KONGCTL_CI_KONNECT_PAT": KPAT}
    shown = repr(survey(environ, tmp_path))
    assert SPAT not in shown
    assert KPAT not in shown
