"""How much memory grows while pages are opened, filtered and left in turn, at 2,000 accounts.

Run by hand: python tests/benchmarks/bench_memory.py [--accounts N] [--rounds N]
The real application over the demo Konnect, in process. After the first tenth of the rounds, in
which caches fill, the memory that is in use may grow by a fifth.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.store import Org
from sa_tui.profiles.model import EnvSource, Profile
from sa_tui.records.journal import Journal
from sa_tui.ui.app import SaTui
from sa_tui.ui.dependencies import Dependencies

MOST_GROWTH = 0.2
PAGES = ("enter", "2", "3", "4", "5", "6", "7", "8", "question_mark", "i", "n", "t")


def megabytes() -> float:
    """What the process holds now."""
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this needs /proc")


def wired(accounts: int, directory: Path) -> Dependencies:
    def now() -> datetime:
        return datetime.now(UTC)

    fake = FakeKonnect(build_organisation(now(), accounts=accounts), clock=now)
    source = EnvSource("KONNECT_TOKEN")
    profile = Profile("demo", source=source, base_url=BASE_URL, regional_url=REGIONAL_URL)

    async def connect(profile: Profile, *, on_change: Any, **_: Any) -> Org:
        client = KonnectClient(
            SecretStr(fake.operator_token),
            Settings(
                base_url=profile.base_url,
                regional_url=profile.regional_url,
                transport=fake.transport(),
            ),
        )
        return Org(client, on_change=on_change)

    return Dependencies(
        connect=connect,
        journal=Journal(directory / "handover.jsonl", now=now, pid=1, host="here"),
        saved_profiles=lambda: (profile,),
        found_profiles=lambda: (),
        save=lambda _: None,
        edit=lambda *_: None,
        remove=lambda _: None,
        now=now,
        sleep=asyncio.sleep,
        monotonic=asyncio.get_running_loop().time,
        environ={"HOME": str(directory), "TERM": "xterm-256color"},
        first=profile,
    )


async def measure(accounts: int, rounds: int) -> bool:
    """Whether the memory stays in its bounds."""
    with tempfile.TemporaryDirectory() as directory:
        app = SaTui(wired(accounts, Path(directory)))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause(3)
            base = 0.0
            for number in range(rounds + 1):
                if number == max(1, rounds // 10):
                    base = megabytes()
                    print(f"after {number} rounds: {base:.0f} MB")
                await go_round(app, pilot)
            end = megabytes()
    growth = end / base - 1
    print(f"after {rounds} rounds: {end:.0f} MB, {growth:+.0%} (at most {MOST_GROWTH:+.0%})")
    return growth <= MOST_GROWTH


async def go_round(app: SaTui, pilot: Any) -> None:
    """Opens each page, filters it, and comes back to the list."""
    for key in PAGES:
        await pilot.press("down", key)
        await pilot.pause(0.05)
        await pilot.press("slash", "e", "u", "escape")
        for _ in range(5):
            if len(app.screen_stack) <= 2:
                break
            await pilot.press("escape")
            await pilot.pause(0.01)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    return 0 if asyncio.run(measure(options.accounts, options.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
