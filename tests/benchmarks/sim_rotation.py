"""Ten years of nightly rotation of 500 tokens, in virtual time; says what must never happen.

Run by hand: python tests/benchmarks/sim_rotation.py [--seeds N …] [--chains N] [--days N]
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any


def world_module() -> Any:
    """The world of the tests, which are no package."""
    path = Path(__file__).parents[1] / "rotation" / "world.py"
    spec = importlib.util.spec_from_file_location("world", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["world"] = module
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Lives through the worlds; returns 1 if something was wrong in one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--chains", type=int, default=500)
    parser.add_argument("--days", type=int, default=3650)
    options = parser.parse_args()
    world = world_module()
    wrong: list[str] = []
    for seed in options.seeds:
        began = time.monotonic()
        lived = world.World(seed, chains=options.chains, days=options.days).live()
        wrong += lived.wrong
        counts = ", ".join(f"{count:,} {what}" for what, count in Counter(lived.counts).items())
        sys.stdout.write(f"seed {seed}: {time.monotonic() - began:.0f} s; {counts}\n")
    sys.stdout.write("\n".join(wrong) + ("\n" if wrong else "Nothing went wrong.\n"))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
