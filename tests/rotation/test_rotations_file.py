"""rotations.toml: every mistake is told with its line and the mend, before anything is sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sa_tui.profiles.errors import ProfileError
from sa_tui.rotation.file import read_policies

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
on_event = ["notify"]

[rotations.gha]
account = "ci"
tokens = "gha-*"
to = "vault"
lifetime = "90d"
before = "14d"

[rotations.eu]
query = 'team:"Release" token:gitlab'
to = "vault"
lifetime = "36h"
before = "12h"
overlap = "0m"
idle = "2d"
on_event = []
"""


def write(directory: Path, text: str) -> Path:
    path = directory / "rotations.toml"
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    gha, eu = read_policies(write(tmp_path, WHOLE))

    assert (gha.name, gha.account, gha.tokens, gha.to) == ("gha", "ci", "gha-*", "vault")
    assert (gha.lifetime, gha.before) == (timedelta(days=90), timedelta(days=14))
    assert (gha.overlap, gha.idle_for) == (timedelta(days=1), timedelta(days=1))
    assert gha.on_event == ("notify",)
    assert (eu.overlap, eu.idle_for, eu.on_event) == (timedelta(), timedelta(days=2), ())
    assert eu.query is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('tokens = "gha-*"', 'token = "gha-*"', 5, 'Did you mean "tokens"'),
        ("on_event = [", "on_evnt = [", 1, 'Did you mean "on_event"'),
        ('to = "vault"\nlifetime = "90d"', 'lifetime = "90d"', 3, "has no to"),
        ('lifetime = "90d"', 'lifetime = "400d"', 7, "1 to 365 days"),
        ('lifetime = "90d"', "lifetime = 90", 7, "text in quotes"),
        ('lifetime = "90d"', 'lifetime = "soon"', 7, "90m, 24h, 7d or 2w"),
        ('before = "14d"', 'before = "90d"', 8, "shorter than the lifetime"),
        ('before = "14d"', 'before = "0d"', 8, "zero"),
        ('overlap = "0m"', 'overlap = "13h"', 15, "longer than before"),
        ('account = "ci"', 'query = "ci"', 5, "tokens belongs to an account"),
        ('account = "ci"', 'account = "ci"\nquery = "ci"', 3, "not both"),
        ('account = "ci"', 'account = " "', 4, "empty"),
        ("token:gitlab", "expires:<9d", 11, "changes with each rotation"),
        ("token:gitlab", "is:idle", 11, "changes with each rotation"),
        ("token:gitlab", "tokn:x", 11, "tokn"),
        ("query = 'team:\"Release\" token:gitlab'", "", 10, "needs an account or a query"),
        ('on_event = ["notify"]', 'on_event = "notify"', 1, "a list of texts"),
        ("[rotations.gha]", "[rotations.gha", 3, "not TOML"),
        ('to = "vault"', 'to = "spat_0123456789abcdefghij"', 6, "token"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    old: str, new: str, line: int, words: str, tmp_path: Path
) -> None:
    assert old in WHOLE
    path = write(tmp_path, WHOLE.replace(old, new, 1))

    with pytest.raises(ProfileError) as told:
        read_policies(path)

    assert f"rotations.toml, line {line}" in str(told.value)
    assert words in str(told.value)
    assert "spat_0123" not in str(told.value)


@pytest.mark.parametrize("text", ["", "[rotations]", "rotations = 1", "rotations.x = 1"])
def test_a_file_without_a_rotation_says_how_to_write_one(text: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=re.escape("Write [rotations.NAME]")):
        read_policies(write(tmp_path, text))


def test_no_file_says_so_and_one_that_others_may_write_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="There is no file of rotations"):
        read_policies(tmp_path / "rotations.toml")
    path = write(tmp_path, WHOLE)
    path.chmod(0o666)
    with pytest.raises(ProfileError, match="may change this file"):
        read_policies(path)


@pytest.mark.parametrize("name", ["gha-3", "gha", "gha-*", "gha-?"])
def test_tokens_are_a_pattern_or_a_whole_family(name: str, tmp_path: Path) -> None:
    policy, _ = read_policies(write(tmp_path, WHOLE.replace("gha-*", name)))

    assert policy.names("gha-7")
    assert not policy.names("other-7")
