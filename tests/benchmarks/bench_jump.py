"""What one key costs in the jump over 10,000 accounts, as a ratio to looking at each name once.

Run by hand: python tests/benchmarks/bench_jump.py [--accounts N]
"""

from __future__ import annotations

import argparse
import random
import time
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.fuzzy import NameIndex, lookup

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = ("ci", "prod", "eu", "us", "au", "deployer", "terraform", "mesh", "zone", "gateway")
TYPED = ("c", "cp", "cpd", "ci-prod", "prodep", "eu prod", "ci prod nowhere", "zzzz", "a" * 250)
BUDGET_MILLISECONDS = 50
ROUNDS = 5


def names(accounts: int) -> list[tuple[str, str]]:
    """Believable names with what else finds them: an account, and two tokens of each."""
    chance = random.Random(1)
    owners = ["-".join((*chance.choices(WORDS, k=3), str(number))) for number in range(accounts)]
    tokens = [
        (f"{chance.choice(WORDS)}-{number % 24}", owners[number // 2])
        for number in range(2 * accounts)
    ]
    return [*((name, "account") for name in owners), *tokens]


def find(index: NameIndex, typed: str) -> None:
    """Look a text up as one key does."""
    for _ in index.find(typed, limit=200):
        pass


def milliseconds(act: Callable[[], object]) -> float:
    """The best of a few rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def main() -> None:
    """Print one line for each text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    rows = names(parser.parse_args().accounts)
    index = NameIndex([lookup(name, more) for name, more in rows])
    for _ in index.prepare():
        pass
    folded = [name.casefold() for name, _ in rows]
    floor = milliseconds(lambda: [name for name in folded if "zzzz" in name])
    print(f"{len(rows):,} names; a look at each takes {floor:.1f} ms")
    for typed in TYPED:
        taken = milliseconds(partial(find, index, typed))
        verdict = "" if taken <= BUDGET_MILLISECONDS else f"  over {BUDGET_MILLISECONDS} ms"
        print(f"{typed[:20]:22}{taken:8.1f} ms{taken / floor:8.1f} times{verdict}")


if __name__ == "__main__":
    main()
