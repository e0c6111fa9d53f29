"""Files: real directories, real modes, and a disk that fills up."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.handover.file import FileDestination

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sa_tui.base.label import Label


async def test_a_delivered_file_holds_exactly_the_token_and_only_its_owner_can_read_it(
    tmp_path: Path, secret: SecretStr, label: Label
) -> None:
    destination = FileDestination(tmp_path / "token")

    delivery = await destination.deliver(secret, label)

    path = tmp_path / "token"
    assert delivery.status == "delivered"
    assert path.read_text() == secret.get_secret_value()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"{path} (mode 0600, 55 bytes)" in delivery.message


@pytest.mark.parametrize("umask", [0o000, 0o377])
async def test_the_mode_does_not_depend_on_the_umask(
    tmp_path: Path, secret: SecretStr, label: Label, umask: int
) -> None:
    before = os.umask(umask)
    try:
        await FileDestination(tmp_path / "token").deliver(secret, label)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600


async def test_checking_finds_nothing_wrong_and_leaves_nothing_behind(tmp_path: Path) -> None:
    assert await FileDestination(tmp_path / "token").check() is None
    assert os.listdir(tmp_path) == []


async def test_an_existing_file_is_never_overwritten(
    tmp_path: Path, secret: SecretStr, label: Label
) -> None:
    path = tmp_path / "token"
    path.write_text("yesterday's")
    destination = FileDestination(path)

    problem = await destination.check()
    delivery = await destination.deliver(secret, label)

    assert problem is not None
    assert "already exists" in problem
    assert delivery.status == "failed"
    assert path.read_text() == "yesterday's"


async def test_of_many_that_write_at_once_one_succeeds_and_its_file_stays(
    tmp_path: Path, label: Label
) -> None:
    secrets = [SecretStr(f"spat_{number:050}") for number in range(16)]
    destination = FileDestination(tmp_path / "token")

    deliveries = await asyncio.gather(*(destination.deliver(secret, label) for secret in secrets))

    (winner,) = (
        secret
        for secret, delivery in zip(secrets, deliveries, strict=True)
        if delivery.status == "delivered"
    )
    assert (tmp_path / "token").read_text() == winner.get_secret_value()


async def test_a_dangling_link_is_not_followed(
    tmp_path: Path, secret: SecretStr, label: Label
) -> None:
    (tmp_path / "token").symlink_to(tmp_path / "elsewhere")
    destination = FileDestination(tmp_path / "token")

    assert "already exists" in str(await destination.check())
    assert (await destination.deliver(secret, label)).status == "failed"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
async def test_a_directory_in_which_others_may_write_is_refused(
    tmp_path: Path, secret: SecretStr, label: Label, mode: int
) -> None:
    os.chmod(tmp_path, mode)
    destination = FileDestination(tmp_path / "token")

    problem = await destination.check()
    delivery = await destination.deliver(secret, label)

    assert problem is not None
    assert f"mode {mode:04o}" in problem
    assert f"chmod go-w {tmp_path}" in problem
    assert delivery.status == "failed"
    assert not (tmp_path / "token").exists()


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o1777])
async def test_a_directory_that_others_can_only_list_or_that_is_sticky_is_accepted(
    tmp_path: Path, secret: SecretStr, label: Label, mode: int
) -> None:
    os.chmod(tmp_path, mode)

    assert await FileDestination(tmp_path / "token").check() is None
    assert (await FileDestination(tmp_path / "token").deliver(secret, label)).status == "delivered"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("missing/token", "does not exist: make it"),
        ("plain-file/token", "is not a directory"),
        ("folder", "is a directory: add a file name"),
    ],
)
async def test_a_path_that_cannot_work_is_explained(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "plain-file").touch()
    (tmp_path / "folder").mkdir()

    assert words in str(await FileDestination(tmp_path / path).check())


async def test_a_file_system_that_takes_no_files_is_found_out_before_a_token_is_made(
    secret: SecretStr, label: Label
) -> None:
    destination = FileDestination(Path("/proc/sa-tui-token"))

    assert "No file can be made in /proc" in str(await destination.check())
    delivery = await destination.deliver(secret, label)
    assert delivery.status == "failed"
    assert "Nothing was written" in delivery.message


async def test_a_full_disk_is_found_out_before_a_token_is_made(
    tmp_path: Path, no_file_beyond: Callable[[int], AbstractContextManager[None]]
) -> None:
    with no_file_beyond(100):
        problem = await FileDestination(tmp_path / "token").check()

    assert "No file can be made" in str(problem)
    assert os.listdir(tmp_path) == []


async def test_a_partial_file_is_removed_and_that_is_said(
    tmp_path: Path,
    secret: SecretStr,
    label: Label,
    no_file_beyond: Callable[[int], AbstractContextManager[None]],
) -> None:
    with no_file_beyond(10):
        delivery = await FileDestination(tmp_path / "token").deliver(secret, label)

    assert delivery.status == "failed"
    assert "The partial file was removed" in delivery.message
    assert os.listdir(tmp_path) == []


def test_a_relative_path_is_shown_in_full() -> None:
    destination = FileDestination(Path("secrets/../token"))

    assert destination.target == Path.cwd() / "token"
    assert str(Path.cwd() / "token") in destination.describe()


def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert FileDestination(Path("~/token")).target == tmp_path / "token"


@pytest.mark.parametrize("variable", ["", "1TOKEN", "A-B", "A B", "A=B", "ÄPFEL", "A\n"])
async def test_a_name_that_no_shell_accepts_is_refused(tmp_path: Path, variable: str) -> None:
    destination = FileDestination(tmp_path / "token", format="env", variable=variable)

    assert "is not a name for a variable" in str(await destination.check())


async def test_neither_message_nor_description_holds_the_token(
    tmp_path: Path, secret: SecretStr, label: Label
) -> None:
    destination = FileDestination(tmp_path / "token", format="json")

    said = repr(destination) + destination.describe()
    for _ in range(2):
        said += repr(await destination.deliver(secret, label))

    assert secret.get_secret_value() not in said
