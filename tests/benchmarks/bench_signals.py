"""Whether the exit code of an order is the truth, whenever a signal comes.

Run by hand: python -m tests.benchmarks.bench_signals [--orders N]
Each order is a process of its own against a demo organisation on a socket; it ends with an
AssertionError at the first that is told otherwise than it is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from tests.cli.signalled import SA_TUI, Order, issue_and_signal, seconds_of_an_order


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first")
    parser.add_argument("--latency", default="30", help="how long Konnect takes, in milliseconds")
    options = parser.parse_args()
    server = subprocess.Popen(
        [*SA_TUI, "demo", "serve", "-o", "json", "--accounts", "7", "--latency", options.latency],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    address = json.loads(server.stdout.readline())
    signed_in = {"KONNECT_TOKEN": address["token"], "KONNECT_SERVER_URL": address["base_url"]}
    codes: Counter[int] = Counter()
    try:
        with tempfile.TemporaryDirectory() as home:
            seconds = seconds_of_an_order(Order("undisturbed", Path(home), signed_in))
        for seed in range(options.first, options.first + options.orders):
            with tempfile.TemporaryDirectory() as home:
                order = Order(f"o{seed}", Path(home), signed_in)
                codes[issue_and_signal(order, seed=seed, seconds=seconds)] += 1
    finally:
        server.terminate()
        server.wait()
    for code, count in sorted(codes.items()):
        print(f"exit code {code:>3}: {count} orders")


if __name__ == "__main__":
    main()
