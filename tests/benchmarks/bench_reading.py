"""How close reading 1,000 accounts in 60 teams comes to the fewest calls and the shortest time.

Run by hand: `python tests/benchmarks/bench_reading.py`. The demo is served on a socket by a process
of its own; each answer takes the latency. The ideal time is calls x latency / concurrency; what as
many bare requests take is what the server and the machine add to it.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import multiprocessing
import random
import re
import statistics
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.demo.serve import serving
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CALLS_GOAL = 1.02
TIME_GOAL = 1.25
PAGE = 100


def organisation(accounts: int, teams: int) -> FakeKonnect:
    """The demo with so many accounts and teams, each account in up to three of them."""
    now = datetime.now(UTC)
    fake = FakeKonnect(build_organisation(now, accounts=accounts), clock=lambda: now)
    while len(fake.organisation.teams) < teams:
        team = fake.add_team(f"team-{len(fake.organisation.teams)}")
        fake.add_role(team, "Viewer")
    chance = random.Random(1)
    custom = [team["id"] for team in fake.organisation.teams if not team["system_team"]]
    for account in fake.organisation.accounts:
        for team_id in chance.sample(custom, chance.randrange(4)):
            fake.join(team_id, account["id"])
    return fake


def _serve(accounts: int, teams: int, latency_seconds: float, pipe: Connection) -> None:
    async def run() -> None:
        fake = organisation(accounts, teams)
        members = [
            fake.organisation.account_teams.members(t["id"]) for t in fake.organisation.teams
        ]
        async with serving(fake, latency_seconds=latency_seconds) as address:
            pipe.send((dict(address), [len(each) for each in members]))
            await asyncio.Event().wait()

    asyncio.run(run())


def fewest_calls(accounts: int, members: list[int]) -> int:
    """The minimum: two objects and two lists, two lists of each account, each team's members or
    each account's teams, and the roles of teams with members."""
    teams = len(members)
    base = 2 + math.ceil(accounts / PAGE) + math.ceil(teams / PAGE)
    return base + 2 * accounts + min(accounts, teams) + sum(1 for each in members if each)


async def _read(address: dict[str, str], *, workers: int) -> tuple[float, Counter[str]]:
    calls: Counter[str] = Counter()
    client = KonnectClient(
        SecretStr(address["token"]),
        Settings(
            base_url=address["base_url"],
            regional_url=address["regional_url"],
            page_size=PAGE,
            concurrency=workers,
            on_exchange=lambda exchange: calls.update([exchange.path]),
        ),
    )
    async with Org(client, has_person=False) as org:
        started = time.perf_counter()
        await read_organisation(org)
        wall = time.perf_counter() - started
        assert all(
            part.value is not None and part.value.incomplete is None
            for each in org.snapshot.details.values()
            for part in (each.tokens, each.roles, each.teams)
        )
        return wall, calls


async def _floor(address: dict[str, str], *, calls: int, workers: int) -> float:
    """Seconds for as many bare requests, which only the server and the machine are to blame for."""
    parts = urlsplit(address["base_url"])
    request = (
        f"GET /v3/organizations/me HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Authorization: Bearer {address['token']}\r\n\r\n"
    ).encode()

    async def work(count: int) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for _ in range(count):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(work(calls // workers) for _ in range(workers)))
    return time.perf_counter() - started


def main() -> None:
    """Prints both ratios of each round, and the medians of the time and of the least time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--teams", type=int, default=60)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--latency", type=float, default=40.0, metavar="MS")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    latency_seconds = options.latency / 1000
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(
        target=_serve,
        args=(options.accounts, options.teams, latency_seconds, theirs),
        daemon=True,
    )
    server.start()
    address, members = ours.recv()
    fewest = fewest_calls(options.accounts, members)
    ratios, floors = [], []
    for _ in range(options.rounds):
        wall, calls = asyncio.run(_read(address, workers=options.workers))
        made = calls.total()
        ideal = made * latency_seconds / options.workers
        ratios.append(wall / ideal)
        print(f"{made} calls, fewest {fewest}, ratio {made / fewest:.3f}", end="; ")
        print(f"{wall:.2f} s, ideal {ideal:.2f} s, ratio {wall / ideal:.2f}", end="; ")
        floor = asyncio.run(_floor(address, calls=made, workers=options.workers))
        floors.append(floor / ideal)
        print(f"bare requests {floor / ideal:.2f}")
    print(f"goals: calls at most {CALLS_GOAL}, time at most {TIME_GOAL}", end="; ")
    print(f"median ratio of the time {statistics.median(ratios):.2f}", end=", ")
    print(f"of bare requests {statistics.median(floors):.2f}")
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
