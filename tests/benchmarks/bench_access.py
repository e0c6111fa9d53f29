"""How long a query takes over 2,000 accounts with 20,000 grants, and how long reading them off.

Run by hand: `python tests/benchmarks/bench_access.py`. Each grant is an account's own, which is the
worst case: those of a team are made and judged once.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from sa_tui.access.catalogue import TYPES
from sa_tui.access.matrix import by_type
from sa_tui.access.query.language import parse
from sa_tui.access.query.search import Search
from sa_tui.access.reader import read_access
from sa_tui.konnect.models import AccessToken, AssignedRole, Entity, Listing, SystemAccount
from sa_tui.org.snapshot import Details, Part, Snapshot

T = TypeVar("T")
GOAL_SECONDS = 0.05
QUERIES = (
    "role:Admin type:cp entity:prod* region:eu",
    "role:Viewer",
    "-role:Admin is:armed",
    "entity:prod-7* OR used:>30d",
    "ci",
    "",
)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
REGIONS = ("us", "eu", "au", "*")


def organisation(accounts: int, grants: int) -> Snapshot:
    """An organisation in which every account has an equal share of the grants."""
    chance = random.Random(1)
    entities = tuple(
        Entity(id=f"{n:08x}", name=f"prod-{n}", entity_type_name="Control Planes", region="eu")
        for n in range(500)
    )
    share = grants // accounts
    details = {
        f"account-{n}": Details(
            tokens=_read(
                AccessToken(
                    id=f"token-{n}",
                    name="token",
                    created_at=NOW,
                    last_used_at=NOW - timedelta(days=chance.randrange(90)),
                    expires_at=NOW + timedelta(days=chance.randrange(1, 90)),
                )
            ),
            roles=_read(*(_role(chance, entities, f"{n}-{m}") for m in range(share))),
            teams=_read(),
        )
        for n in range(accounts)
    }
    rows = (SystemAccount(id=each, name=f"ci-{each}") for each in details)
    return Snapshot(
        accounts=_read(*rows),
        details=MappingProxyType(details),
        entities=MappingProxyType({("Control Planes", "eu"): _read(*entities)}),
    )


def _role(chance: random.Random, entities: tuple[Entity, ...], id: str) -> AssignedRole:
    entity_type = chance.choice(TYPES)
    return AssignedRole(
        id=id,
        role_name=chance.choice(list(entity_type.roles)),
        entity_type_name=entity_type.name,
        entity_id=chance.choice((chance.choice(entities).id, "*")),
        entity_region=chance.choice(REGIONS),
    )


def _read(*rows: T) -> Part[Listing[T]]:
    return Part(value=Listing(rows), read_at=NOW)


def main() -> None:
    """Prints the median of each query, and of what comes before and after."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--grants", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    snapshot = organisation(options.accounts, options.grants)
    access = read_access(snapshot)

    def search(text: str) -> object:
        return Search(parse(text), access, now=NOW).matches()

    _tell("reading it off the snapshot", lambda: read_access(snapshot), options.rounds)
    for text in QUERIES:
        _tell(f"{text!r}", partial(search, text), options.rounds)
    _tell("the matrix by type", lambda: by_type(access.subjects), options.rounds)
    print(f"goal for each query: at most {GOAL_SECONDS * 1000:.0f} ms")


def _tell(what: str, run: Callable[[], object], rounds: int) -> None:
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - started)
    size = len(result) if isinstance(result, tuple) else ""
    print(f"{statistics.median(seconds) * 1000:7.1f} ms  {what}  {size}")


if __name__ == "__main__":
    main()
