"""Files and folders are looked into whole; what is not looked into is said."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from sa_tui.scan.files import FileScan
from sa_tui.scan.found import Findings

from .test_forms import PERSONAL, TOKEN


def scanned(*paths: Path, **limits: int) -> Findings:
    findings = Findings()
    scan = FileScan(findings, **limits)  # type: ignore[arg-type]
    for path in paths:
        scan.look_into(str(path))
    return findings


def places(findings: Findings, root: Path) -> set[tuple[str, int | None]]:
    return {
        (os.path.relpath(place.path, root), place.line)
        for token in findings.tokens.values()
        for place in token.places
    }


def test_a_folder_is_looked_into_to_its_ends(tmp_path: Path) -> None:
    state = {"resources": [{"instances": [{"attributes": {"token": TOKEN}}]}]}
    (tmp_path / "a" / "b" / ".hidden").mkdir(parents=True)
    (tmp_path / "a" / "b" / ".hidden" / ".env").write_text(f"x\nTOKEN={TOKEN}\n")
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state, indent=2))
    (tmp_path / "core").write_bytes(bytes(range(256)) * 99 + TOKEN.encode() + b"\0\xff")
    (tmp_path / "app.log.1.gz").write_bytes(gzip.compress(b"\n" * 9 + PERSONAL.encode()))
    (tmp_path / f"{TOKEN}.txt").write_text("nothing")

    findings = scanned(tmp_path)

    assert places(findings, tmp_path) == {
        ("a/b/.hidden/.env", 2),
        ("terraform.tfstate", 7),
        ("core", 100),
        ("app.log.1.gz", 10),
        ("spat_….txt", None),
    }
    assert (findings.files, findings.unread, findings.left_out) == (5, {}, {})


def test_a_link_in_a_folder_is_not_followed_and_a_named_one_is(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.write_text(TOKEN)
    (inside / "link").symlink_to(outside)
    (inside / "loop").symlink_to(inside)

    assert scanned(inside).tokens == {}
    assert set(scanned(inside).left_out.values()) == {"a link"}
    assert len(scanned(inside / "link").tokens) == 1


def test_what_is_no_regular_file_is_left_out_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as door:
        with contextlib.chdir(tmp_path):  # the path of a socket is short
            door.bind("door")
        findings = scanned(tmp_path)

    assert findings.tokens == {}
    assert sorted(findings.left_out.values()) == ["no regular file"] * 2


@pytest.mark.parametrize("name", ["/dev/zero", "a.zip", "a.zst"])
def test_what_is_named_and_cannot_be_looked_into_is_not_passed_over(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "a.zst").write_bytes(b"\x28\xb5\x2f\xfd")

    findings = scanned(tmp_path / name)

    assert list(findings.unread) == [str(tmp_path / name)]
    assert findings.left_out == {}


def test_a_named_pipe_that_is_given_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(f"a {TOKEN}"))
    writer.start()
    findings = scanned(pipe)
    writer.join()

    assert len(findings.tokens) == 1


def test_the_packed_history_of_git_and_archives_are_named(tmp_path: Path) -> None:
    for argv in (["init", "-q"], ["config", "remote.o.url", f"https://x:{TOKEN}@host/r"]):
        subprocess.run(["git", *argv], cwd=tmp_path, check=True)
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + TOKEN.encode())

    findings = scanned(tmp_path)

    assert places(findings, tmp_path) == {(".git/config", 7)}
    assert {Path(path).name: why for path, why in findings.left_out.items()} == {
        "objects": "the compressed history of git",
        "a.zip": "a zip archive",
    }


def test_what_cannot_be_read_is_said_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(os.urandom(4_000))[:-100])
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\0" * 5_000_000))

    findings = scanned(tmp_path, tmp_path / "gone" / "deeper", most_unpacked_bytes=2_000_000)

    reasons = {Path(path).name: why for path, why in findings.unread.items()}
    assert reasons["deeper"] == "No such file or directory"
    assert reasons["cut.gz"].startswith("it cannot be unpacked")
    assert reasons["bomb.gz"] == "only the beginning of what it unpacks to was looked into"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(TOKEN)
    (tmp_path / "secret").chmod(0)

    assert list(scanned(tmp_path).unread.values()) == ["Permission denied"]
