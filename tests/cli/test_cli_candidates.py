"""A shell that completes gets names that it can take as they are, offline, and no error ever."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from sa_tui.org.saved.file import read_file
from sa_tui.org.saved.last import LastSnapshots
from sa_tui.profiles.model import EnvSource
from sa_tui.records.journal import default_directory

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

ODD = ("-x", "two\nlines", "\x1b]52;c;x\x07", "\u202ertl", " blank ", "")


@pytest.fixture
def file(signed_in: Command, fake: FakeKonnect, tmp_path: Path) -> str:
    """A snapshot with odd names in it; the network is gone from then on."""
    for name in (*ODD, "twin", "twin", "two words", "$(rm)", "naïve"):
        fake.add_token(fake.add_account(name), f"of-{name}")
    path = str(tmp_path / "org.json")
    assert signed_in("snapshot", "-o", path).code in (0, 3)
    signed_in.env = replace(signed_in.env, transport=None)
    return path


def test_names_are_offered_one_on_a_line(signed_in: Command, file: str) -> None:
    ended = signed_in("--from", file, "__complete", "accounts", "access")

    assert (ended.code, ended.err) == (0, "")
    names = ended.out.splitlines()
    assert names == sorted(names)
    assert {"ci-prod-deployer", "two words", "$(rm)", "naïve"} <= set(names)


def test_what_a_shell_could_take_for_something_else_is_offered_by_its_id(
    signed_in: Command, file: str, fake: FakeKonnect
) -> None:
    names = signed_in("--from", file, "__complete", "accounts").out.splitlines()

    assert all(name.isprintable() and name.strip() == name and name[0] != "-" for name in names)
    rows = fake.organisation.accounts
    odd = [row["id"] for row in rows if row["name"] in (*ODD, "twin")]
    assert set(odd) <= set(names)
    assert "twin" not in names


def test_tokens_are_those_of_the_account_on_the_line(signed_in: Command, file: str) -> None:
    ended = signed_in("--from", file, "__complete", "tokens", "token", "ci-prod-deployer")

    assert ended.out.splitlines() == ["gha-prod-2", "gha-prod-3"]
    assert signed_in("__complete", "tokens", "ci-prod-deployer", f"--from={file}").out == ended.out
    assert signed_in("--from", file, "__complete", "tokens", "nobody").out == ""


def test_teams_and_members_are_offered(signed_in: Command, file: str) -> None:
    teams = set(signed_in("--from", file, "__complete", "teams").out.splitlines())

    assert "Platform Engineering" in teams
    assert teams < set(signed_in("--from", file, "__complete", "members").out.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "__complete",
        "__complete accounts",
        "__complete nothing",
        "--profile none __complete accounts",
        "--from /nowhere __complete accounts",
        "--demo __complete accounts",
    ],
)
def test_nothing_to_offer_is_no_error(line: str, command: Command, tmp_path: Path) -> None:
    ended = command(*line.split())

    if not line.startswith("--demo"):  # that is no question of a shell's
        assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_names_of_the_last_run_are_offered_without_a_token(
    signed_in: Command, file: str, fake: FakeKonnect, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    added = signed_in("profiles", "add", "prod", "--env", "KONNECT_TOKEN", "--no-test")
    assert added.code == 0
    last = LastSnapshots(default_directory())
    saved = replace(read_file(Path(file)), profile="prod")
    source = repr(EnvSource("KONNECT_TOKEN"))
    last.keep(saved, source=source, token=SecretStr(fake.operator_token))
    del signed_in.environ["KONNECT_TOKEN"]

    assert "ci-prod-deployer" in signed_in("__complete", "accounts").out.splitlines()
    assert signed_in("--profile", "prod", "__complete", "teams").out
    assert signed_in("--profile", "other", "__complete", "teams").out == ""
    store = tmp_path / "elsewhere"
    other = ("--config", str(store))
    add = ("profiles", "add", "prod", "--env", "OTHER_TOKEN", "--no-test")
    assert signed_in(*other, *add).code == 0
    assert signed_in(*other, "__complete", "accounts").out == ""
    path = store / "profiles.toml"
    text = path.read_text().replace("OTHER_TOKEN", "KONNECT_TOKEN")
    path.write_text(text)
    assert "ci-prod-deployer" in signed_in(*other, "__complete", "accounts").out.splitlines()
    path.write_text(text.replace("[profiles.prod]", "[profiles.prod]\nkeep_snapshot = false"))
    assert signed_in(*other, "__complete", "accounts").out == ""
    assert signed_in("profiles", "remove", "prod").code == 0
    assert list((default_directory() / "snapshots").glob("*.json")) == []


def test_profiles_are_offered(signed_in: Command) -> None:
    assert signed_in("profiles", "add", "prod", "--env", "KONNECT_TOKEN", "--no-test").code == 0

    assert "prod" in signed_in("__complete", "profiles").out.splitlines()
