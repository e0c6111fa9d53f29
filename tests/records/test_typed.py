"""What was typed and saved outlives the program, without secrets and without growing for ever."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.records.lines import JournalError
from sa_tui.records.typed import LONGEST, MOST_KEPT, QueriesFile, TypedFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "typed.jsonl"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Histories


def test_texts_are_kept_for_their_profile_and_line_and_for_the_owner_alone(
    path: Path, now: Any
) -> None:
    file = TypedFile(path)
    file.add("prod", "query", "role:Admin", at=now)
    file.add("prod", "query", "is:idle", at=now)
    file.add("prod", "query", "role:Admin", at=now)
    file.add("prod", "command", "teams", at=now)
    file.add("stage", "query", "mesh", at=now)

    again = TypedFile(path)
    assert again.texts("prod", "query") == ("is:idle", "role:Admin")
    assert again.texts("prod", "command") == ("teams",)
    assert again.texts("stage", "query") == ("mesh",)
    assert again.texts("other", "query") == ()
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_what_looks_like_a_token_or_is_too_long_is_not_kept(
    path: Path, now: Any, secret: Any
) -> None:
    file = TypedFile(path)
    for text in (
        secret.get_secret_value(),
        f"name:{secret.get_secret_value()}",
        " ",
        "x" * (LONGEST + 1),
    ):
        file.add("prod", "query", text, at=now)
    assert not path.exists()


def test_a_full_file_keeps_the_newest_and_loses_nothing(path: Path, now: Any) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"not a record\n")
    file = TypedFile(path, max_bytes=20_000)
    for number in range(400):
        file.add("prod", "query", f"query {number}", at=now)

    assert path.stat().st_size < 21_000
    assert file.texts("prod", "query") == tuple(f"query {n}" for n in range(400 - MOST_KEPT, 400))
    assert mode(path) == 0o600


def test_the_file_that_was_full_still_has_the_line_that_nobody_can_read(
    path: Path, now: Any
) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"not a record\n")
    file = TypedFile(path, max_bytes=150)
    for number in range(3):
        file.add("prod", "query", f"query {number}", at=now)

    assert b"not a record" in path.with_name("typed.jsonl.1").read_bytes()


@pytest.mark.parametrize(
    "line", [b"[]", b'{"id": 1}', b"\xff", b'{"id": "prod", "event": "query"}']
)
def test_a_line_that_cannot_be_read_hides_no_other(path: Path, now: Any, line: bytes) -> None:
    file = TypedFile(path)
    file.add("prod", "query", "before", at=now)
    path.write_bytes(path.read_bytes() + line + b"\n")
    file.add("prod", "query", "after", at=now)

    assert file.texts("prod", "query") == ("before", "after")
    assert line in path.read_bytes()


# Saved queries


def test_a_query_is_saved_replaced_and_forgotten_by_its_name(path: Path, now: Any) -> None:
    file = QueriesFile(path)
    file.save("prod", "admins", "role:Admin", at=now)
    file.save("prod", "idle", "is:idle", at=now)
    file.save("stage", "admins", "is:admin", at=now)
    file.save("prod", "admins", "is:admin tokens:>0", at=now)
    file.forget("prod", "idle")

    assert QueriesFile(path).of("prod") == {"admins": "is:admin tokens:>0"}
    assert QueriesFile(path).of("stage") == {"admins": "is:admin"}
    assert len(path.read_bytes().splitlines()) == 2
    assert mode(path) == 0o600


def test_a_broken_file_of_queries_is_told_and_never_lost(path: Path, now: Any) -> None:
    file = QueriesFile(path)
    file.save("prod", "admins", "role:Admin", at=now)
    path.write_bytes(b'{"event": "saved", "id": "torn\n' + path.read_bytes())
    file.save("prod", "idle", "is:idle", at=now)
    file.forget("prod", "admins")

    assert file.of("prod") == {"idle": "is:idle"}
    assert "1 line of" in file.notices[0]
    assert b'{"event": "saved", "id": "torn\n' in path.read_bytes()


def test_a_query_with_a_token_is_refused(path: Path, now: Any, secret: Any) -> None:
    with pytest.raises(JournalError, match="not saved"):
        QueriesFile(path).save("prod", "mine", secret.get_secret_value(), at=now)
    assert not path.exists()


def test_profiles_and_names_are_not_mixed_up(path: Path, now: Any) -> None:
    file = QueriesFile(path)
    file.save("a", "b c", "one", at=now)
    file.save("a b", "c", "two", at=now)

    assert (file.of("a"), file.of("a b")) == ({"b c": "one"}, {"c": "two"})
    assert all(json.loads(line)["event"] == "saved" for line in path.read_bytes().splitlines())
