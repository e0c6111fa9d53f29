"""How long all rules take over 1,000, 10,000 and more accounts, and how that grows.

Run by hand: `python tests/benchmarks/bench_audit.py`. Each account has ten roles of its own, which
is the worst case: those of a team are made once. Times are those of the processor.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

from sa_tui.access.catalogue import TYPES
from sa_tui.access.matrix import by_type
from sa_tui.access.query.language import parse
from sa_tui.access.query.search import Search
from sa_tui.access.reader import read_access
from sa_tui.audit.facts import Facts
from sa_tui.audit.limits import BASELINE
from sa_tui.audit.registry import rules
from sa_tui.audit.run import run_audit
from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    AuthenticationSettings,
    Entity,
    Listing,
    Organization,
    SystemAccount,
    Team,
)
from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails

T = TypeVar("T")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
REGIONS = ("us", "eu", "au", "*")
ROLES = tuple((kind.name, role) for kind in TYPES for role in kind.roles)
GRANTS = 10
QUERY = "role:Admin type:cp entity:prod* region:eu"


def organisation(accounts: int, *, odd: int = 100) -> Snapshot:
    """An organisation of accounts with two tokens, ten roles and a team each.

    Of an `odd` account nearly everything is found; `odd` is how many in a hundred.
    """
    chance = random.Random(1)
    entities = tuple(
        Entity(id=f"{n:08x}", name=f"prod-{n}", entity_type_name="Control Planes", region="eu")
        for n in range(500)
    )
    teams = tuple(Team(id=f"team-{n}", name=f"Team {n}", system_team=False) for n in range(50))
    details = {
        f"account-{n}": Details(
            tokens=_read(*(_token(chance, f"{n}-{m}", is_odd=n % 100 < odd) for m in range(2))),
            roles=_read(
                *(_role(chance, entities, f"{n}-{m}", is_odd=n % 100 < odd) for m in range(GRANTS))
            ),
            teams=_read(teams[n % len(teams)]),
        )
        for n in range(accounts)
    }
    rows = [
        SystemAccount(
            id=id,
            name=f"ci-{id}",
            description=f"Runs. owner: team-{n % 97}",
            konnect_managed=False,
            created_at=NOW - timedelta(days=chance.randrange(400)),
        )
        for n, id in enumerate(details)
    ]
    return Snapshot(
        organization=Part(value=Organization(id="organization-1", name="Bench")),
        accounts=_read(*rows),
        details=MappingProxyType(details),
        teams=_read(*teams),
        team_details=MappingProxyType(
            {
                team.id: TeamDetails(
                    roles=_read(_role(chance, entities, team.id, is_odd=False)),
                    accounts=_read(*rows[n :: len(teams)]),
                    users=_read(),
                )
                for n, team in enumerate(teams)
            }
        ),
        people=_read(),
        catalogue=Part(value=()),
        authentication=Part(value=AuthenticationSettings(idp_mapping_enabled=False)),
        entities=MappingProxyType({("Control Planes", "eu"): _read(*entities)}),
    )


def _token(chance: random.Random, id: str, *, is_odd: bool) -> AccessToken:
    age = chance.randrange(200 if is_odd else 60)
    used_ago = chance.randrange(age + 1) if is_odd else 0
    ends_in = chance.randrange(-30, 300) if is_odd else 300 - age
    return AccessToken(
        id=f"token-{id}",
        name=f"token-{id}",
        created_at=NOW - timedelta(days=age),
        last_used_at=NOW - timedelta(days=used_ago),
        expires_at=NOW + timedelta(days=ends_in),
    )


def _role(
    chance: random.Random, entities: tuple[Entity, ...], id: str, *, is_odd: bool
) -> AssignedRole:
    kind, role = chance.choice(ROLES) if is_odd else ("Control Planes", "Viewer")
    on_one = kind == "Control Planes" and (not is_odd or chance.random() < 0.9)
    return AssignedRole(
        id=id,
        role_name=role,
        entity_type_name=kind,
        entity_id=chance.choice(entities).id if on_one else "*",
        entity_region="eu" if on_one else chance.choice(REGIONS),
    )


def _read(*rows: T) -> Part[Listing[T]]:
    return Part(value=Listing(rows), read_at=NOW)


def main() -> None:
    """Prints the seconds of each step for each size, and how they grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--odd", type=int, default=5, help="accounts in a hundred full of findings")
    options = parser.parse_args()
    before = None
    for size in options.sizes:
        seconds = _measure(size, options.odd)
        growth = (
            f", {seconds / before[1]:.1f} times for {size / before[0]:g} times" if before else ""
        )
        print(f"  all rules and access together: {seconds:.2f} s{growth}")
        before = (size, seconds)
    print("goal: all rules over 1,000 accounts in under 1 s, and linear growth")


def _measure(size: int, odd: int) -> float:
    snapshot = organisation(size, odd=odd)
    gc.collect()
    gc.freeze()
    print(f"{size:,} accounts, {size * GRANTS:,} roles, {size * 2:,} tokens")
    reading, access = _timed("access", lambda: read_access(snapshot))
    facts = Facts(
        snapshot=snapshot, access=access, now=NOW, limits=BASELINE, limits_of=lambda _: BASELINE
    )
    asking, audit = _timed("all rules", lambda: run_audit(facts, active=rules()))
    _timed("a query", lambda: Search(parse(QUERY), access, now=NOW).matches())
    _timed("the matrix", lambda: by_type(access.subjects))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {len(audit.findings):,} findings, peak of the process {peak:,.0f} MB")
    return reading + asking


def _timed(what: str, run: Callable[[], T]) -> tuple[float, T]:
    gc.disable()  # as a command does: all that is made stays until its end
    started = time.process_time()
    result = run()
    seconds = time.process_time() - started
    gc.enable()
    print(f"  {seconds:8.3f} s  {what}")
    return seconds, result


if __name__ == "__main__":
    main()
