"""A demo Konnect in a process of its own, and a search of this process's memory for its tokens."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.births import Births
from sa_tui.org.store import Org

SERVE = (sys.executable, "-m", "sa_tui", "demo", "serve", "-o", "json", "--accounts", "7")
SEED = ("--seed", "90417")
"""Not that of the demo in other tests: its tokens may still be in the memory of this process."""
ENVIRON = {"PATH": "/usr/bin:/bin"}


def serve(*options: str) -> Iterator[dict[str, Any]]:
    """Serves until it is resumed; says where, and with which token."""
    run = subprocess.Popen(
        [*SERVE, *SEED, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert run.stdout is not None
    yield json.loads(run.stdout.readline())
    run.terminate()
    run.communicate(timeout=20)


def connected(
    server: dict[str, Any],
    *,
    environ: dict[str, str] = ENVIRON,
    exchanges: list[Any],
    max_wait_seconds: float | None = None,
    **more: Any,
) -> Org:
    """The organisation of that server, whose secrets are born in processes of their own."""
    token = SecretStr(server["token"])
    births = Births(
        token,
        settings={
            "base_url": server["base_url"],
            "regional_url": server["regional_url"],
            "timeout_seconds": 30.0,
            "ca_bundle": None,
            "proxies": {"https": None, "direct": (), "unusable": ()},
            "max_wait_seconds": max_wait_seconds,
        },
        environ=environ,
        on_wait=lambda *_: None,
        on_exchange=exchanges.append,
    )
    settings = Settings(base_url=server["base_url"], regional_url=server["regional_url"])
    return Org(KonnectClient(token, settings), births=births, **more)


def in_own_memory(digest: str, characters: int) -> bool:
    """Whether a token of this SHA-256 is anywhere in the memory of this process."""
    pattern = re.compile(rb"spat_[A-Za-z0-9]{%d}" % (characters - 5))
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
        for line in maps:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                try:
                    memory.seek(start)
                    content = memory.read(end - start)
                except (OSError, ValueError, OverflowError):
                    continue
                for found in pattern.finditer(content):
                    if hashlib.sha256(found[0]).hexdigest() == digest:
                        return True
    return False


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, by a program: reading it here would put it into this memory."""
    told = subprocess.run(["sha256sum", str(path)], capture_output=True, text=True, check=True)
    return told.stdout.split()[0]
