"""Real processes and a Konnect on a socket: two runs at once, and one that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.served import serve

from .conftest import ENTRY, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HANGS = "echo $$ > {home}/begun; exec sleep 60"
KEEPS = "cat > {home}/secret.kept"


@pytest.fixture
def server() -> Iterator[dict[str, Any]]:
    yield from serve()


class Machine:
    """A home with a configuration for this server, in which runs are started."""

    def __init__(self, home: Path, server: dict[str, Any]) -> None:
        self.home = home
        home.mkdir(exist_ok=True)
        self.environ = {"HOME": str(home), "PATH": os.environ["PATH"]}
        self.environ |= {"KONNECT_TOKEN": server["token"], "KONNECT_SERVER_URL": server["base_url"]}
        self.config = home / "config"
        self.config.mkdir()
        # Every token of this account is due: none of them lives for longer.
        entry = ENTRY.replace('"probe"', '"ci-eu-deployer"').replace("gha-*", "gitlab-eu")
        entry = entry.replace('"90d"', '"365d"').replace('"14d"', '"364d"')
        (self.config / "rotations.toml").write_text(entry)

    def destination(self, shell: str) -> None:
        command = ["sh", "-c", shell.format(home=self.home)]
        text = f'[destinations.keep]\nkind = "command"\ncommand = {command}\n'
        (self.config / "profiles.toml").write_text(text)

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sa_tui", "--config", str(self.config), "rotate", "--due"],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self) -> tuple[int, str]:
        with self.start() as run:
            out, err = run.communicate(timeout=60)
        assert not SECRET.search(out + err)
        return run.returncode, out + err


@pytest.fixture
def machine(tmp_path: Path, server: dict[str, Any]) -> Machine:
    return Machine(tmp_path, server)


def until(condition: Callable[[], bool]) -> None:
    """Waits for another process."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_run_that_is_killed_leaves_no_process_and_no_lock_and_is_made_up_for(
    machine: Machine,
) -> None:
    machine.destination(HANGS)
    begun = machine.home / "begun"
    with machine.start() as killed:
        until(lambda: begun.exists() and begun.read_text().endswith("\n"))
        beside = machine.run()
        killed.send_signal(signal.SIGKILL)
    command = int(begun.read_text())

    assert beside[0] == 7
    assert "Another run is at work" in beside[1]
    until(lambda: not is_alive(command))
    machine.destination(KEEPS)
    code, told = machine.run()
    assert code == 0, told
    assert "Nothing is due" in told  # the successor may still come into use
    assert "NOT ACKNOWLEDGED: token gitlab-eu-2" in told


def test_a_signal_ends_the_delivery_and_says_what_became_of_the_token(machine: Machine) -> None:
    machine.destination(HANGS)
    begun = machine.home / "begun"
    with machine.start() as ended:
        until(lambda: begun.exists() and begun.read_text().endswith("\n"))
        ended.terminate()
        out, err = ended.communicate(timeout=60)

    assert ended.returncode == 143
    assert "gitlab-eu-2" in out + err
    assert "It may have kept the token" in out
    assert not is_alive(int(begun.read_text()))


def test_two_machines_that_run_at_once_make_one_successor(
    tmp_path: Path, server: dict[str, Any]
) -> None:
    machines = [Machine(tmp_path / name, server) for name in ("one", "other")]
    for machine in machines:
        machine.destination(KEEPS)

    runs = [machine.start() for machine in machines]
    told = [run.communicate(timeout=60) for run in runs]

    # Who comes second finds the name taken, or a successor that may be on its way.
    assert [run.returncode for run in runs] == [0, 0], told
    delivered = [machine for machine in machines if (machine.home / "secret.kept").exists()]
    assert len(delivered) == 1
    headers = {"Authorization": f"Bearer {server['token']}"}
    with httpx.Client(base_url=server["base_url"], headers=headers, trust_env=False) as client:
        accounts = client.get("/v3/system-accounts").json()["data"]
        (id,) = (each["id"] for each in accounts if each["name"] == "ci-eu-deployer")
        tokens = client.get(f"/v3/system-accounts/{id}/access-tokens").json()["data"]
    assert [token["name"] for token in tokens] == ["gitlab-eu", "gitlab-eu-2"]
