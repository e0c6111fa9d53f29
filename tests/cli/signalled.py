"""Orders a token in a process of its own, signals to it at some moment, and asks for the truth."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

SA_TUI = (sys.executable, "-m", "sa_tui")
ACCOUNT = "ci-eu-deployer"
KEEP = "import sys; secret = sys.stdin.read(); open(sys.argv[1], 'w').write(secret)"


@dataclass(frozen=True)
class Order:
    """A token of this name, ordered of a demo organisation on a socket."""

    name: str
    home: Path
    signed_in: dict[str, str]

    @property
    def environ(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": os.environ["PATH"], **self.signed_in}

    @property
    def kept(self) -> Path:
        """Where the secret is kept once it was delivered."""
        return self.home / self.name

    def start(self, *destination: str) -> subprocess.Popen[str]:
        line = ("token", "issue", ACCOUNT, "--name", self.name, "--lifetime", "1d")
        return subprocess.Popen(
            [*SA_TUI, *line, *destination],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def listed(self) -> list[str]:
        """The ids of the tokens of this name that Konnect has."""
        headers = {"Authorization": f"Bearer {self.signed_in['KONNECT_TOKEN']}"}
        base_url = self.signed_in["KONNECT_SERVER_URL"]
        with httpx.Client(base_url=base_url, headers=headers, trust_env=False) as client:
            accounts = client.get("/v3/system-accounts").json()["data"]
            (id,) = (each["id"] for each in accounts if each["name"] == ACCOUNT)
            only = {"filter[name][eq]": self.name}
            asked = client.get(f"/v3/system-accounts/{id}/access-tokens", params=only)
            tokens = asked.json()["data"]
        return [token["id"] for token in tokens if token["name"] == self.name]

    def unfinished(self) -> bool:
        """Whether the journal still holds an entry that waits for somebody."""
        path = self.home / ".local/state/sa-tui/handover.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        seen = [json.loads(line)["event"] for line in lines]
        return bool(seen) and seen[-1] not in ("acknowledged", "revoked", "failed")


def wait_until_it_takes_signals(run: subprocess.Popen[str]) -> None:
    """Returns when Python has loaded the first lines of the program, before which nobody can."""
    wanted = 1 << (signal.SIGHUP - 1) | 1 << (signal.SIGTERM - 1)
    while run.poll() is None:
        status = Path(f"/proc/{run.pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        if int(caught.split()[1], 16) & wanted == wanted:
            return


def seconds_of_an_order(order: Order) -> float:
    """How long it takes when nothing comes in between, from when it takes signals."""
    run = order.start("--exec", sys.executable, "-c", KEEP, str(order.kept))
    wait_until_it_takes_signals(run)
    began = time.monotonic()
    _, told = run.communicate(timeout=60)
    assert (run.returncode, len(order.listed())) == (0, 1), told
    return time.monotonic() - began


def issue_and_signal(order: Order, *, seed: int, seconds: float) -> int:
    """Sends signals at moments of this seed within `seconds`; what is said then has to be so."""
    chance = random.Random(seed)
    number = chance.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    run = order.start("--exec", sys.executable, "-c", KEEP, str(order.kept))
    wait_until_it_takes_signals(run)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        try:
            run.wait(chance.uniform(0.0, seconds))
        except subprocess.TimeoutExpired:
            run.send_signal(number)
    _, told = run.communicate(timeout=60)
    live, case = order.listed(), f"seed {seed}, {number.name}, {run.returncode}: {told}"

    assert "Traceback" not in told, case
    assert "Exception ignored" not in told, case
    if run.returncode == 0:
        assert len(live) == 1, case
        assert order.kept.read_text(), case
        assert not order.unfinished(), case
    elif run.returncode == 6:
        assert all(id in told for id in live), case
        assert not live or order.unfinished(), case
        assert live or "revoked" in told or "Look for" in told, case
    else:
        assert run.returncode == 128 + number, case
        assert live == [], case
    return run.returncode
