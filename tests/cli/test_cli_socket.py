"""The real thing: a server on a socket, a profile in a file, its token in a private file."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Command

SA_TUI = (sys.executable, "-m", "sa_tui")


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, Any]]:
    """Where `sa-tui demo serve` listens, and the token it takes."""
    run = subprocess.Popen(
        [*SA_TUI, "demo", "serve", "-o", "json", "--accounts", "7"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert run.stdout is not None
    yield json.loads(run.stdout.readline())
    run.terminate()
    run.communicate(timeout=20)


def profile_with(token: str, base_url: str, directory: Path) -> None:
    """Keeps the default profile, with its token in a file for its owner alone."""
    directory.mkdir()
    path = directory / "token"
    path.touch(mode=0o600)
    path.write_text(f"{token}\n")
    (directory / "profiles.toml").write_text(
        f'[profiles.demo]\nbase_url = "{base_url}"\ntoken = {{ file = "{path}" }}\n'
    )


def sa_tui(*argv: str, directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SA_TUI, "--config", str(directory), *argv],
        env={"HOME": str(directory), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_the_demo_is_listed_in_process() -> None:
    run = subprocess.run(
        [*SA_TUI, "--demo", "accounts", "-o", "json"], capture_output=True, text=True, timeout=30
    )

    assert run.returncode == 0
    assert len(json.loads(run.stdout)["system_accounts"]) == 38


def test_accounts_are_listed_over_a_socket(server: dict[str, Any], directory: Path) -> None:
    profile_with(server["token"], server["base_url"], directory)

    run = sa_tui("accounts", "-o", "json", directory=directory)

    assert run.returncode == 0
    assert len(json.loads(run.stdout)["system_accounts"]) == 7
    assert "token from file" in run.stderr
    assert server["token"] not in run.stdout + run.stderr


def test_a_wrong_token_ends_in_4_over_a_socket(server: dict[str, Any], directory: Path) -> None:
    profile_with("kpat_nobody", server["base_url"], directory)

    run = sa_tui("accounts", directory=directory)

    assert (run.returncode, run.stdout) == (4, "")


def test_a_token_that_others_may_read_is_refused(server: dict[str, Any], directory: Path) -> None:
    profile_with(server["token"], server["base_url"], directory)
    (directory / "token").chmod(0o644)

    run = sa_tui("accounts", directory=directory)

    assert (run.returncode, run.stdout) == (2, "")
    assert "chmod 600" in run.stderr


def test_an_address_where_nothing_listens_ends_in_5(command: Command, directory: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, so that nobody else takes it, and not listening
        profile_with("kpat_somebody", f"http://127.0.0.1:{unused.getsockname()[1]}", directory)
        command.env = replace(command.env, transport=None)

        ended = command("accounts")

    assert (ended.code, ended.out) == (5, "")
    assert "No connection" in ended.err


def test_an_interrupt_while_konnect_is_silent_ends_in_130(directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        profile_with("kpat_somebody", f"http://127.0.0.1:{silent.getsockname()[1]}", directory)
        run = subprocess.Popen(
            [*SA_TUI, "--config", str(directory), "accounts"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        silent.settimeout(20)
        asked, _ = silent.accept()
        with asked:
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=20)

    assert (run.returncode, out) == (130, "")
    assert err.endswith("Interrupted.\n")
    assert "Traceback" not in err


def test_what_is_served_is_announced_as_its_schema_says(
    server: dict[str, Any], command: Command
) -> None:
    schema = command("schema", "demo", "serve").json

    Draft202012Validator(schema).validate(server)
    assert (server["command"], server["complete"], server["error"]) == ("demo serve", True, None)
