"""How long an answer from a snapshot file takes, above what Python itself takes to start.

Run by hand: python tests/benchmarks/bench_file.py [ROUNDS]
`python -c pass` and `sa-tui who` on files of 38 and of 1,000 accounts run in turn. Goal: at most
60 ms above `python -c pass`, and 1 ms more for each 100 accounts.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 25
GOAL_MS, GOAL_PER_100_MS = 60.0, 1.0
SIZES = (38, 1000)
RUN = "import sys; from sa_tui.cli import main; sys.exit(main(sys.argv[1:]))"


def seconds(command: list[str]) -> tuple[float, float]:
    """The time that a command takes by the clock, and of the processor."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    elapsed, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Prints how far each is above Python's own start, and how many times that start it takes."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as directory:
        commands = {"python -c pass": [sys.executable, "-c", "pass"]}
        for size in SIZES:
            path = str(Path(directory) / f"{size}.json")
            run = [sys.executable, "-c", RUN]
            subprocess.run(
                [*run, "--demo", "--accounts", str(size), "snapshot", "-o", path],
                check=True,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"HOME": directory},
            )
            commands[f"who, {size:,} accounts"] = [*run, "who", "role:Admin", "--from", path]
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, command in commands.items():
                taken = seconds(command)
                if number:  # the first round fills the caches
                    times[name].append(taken)
    base = times.pop("python -c pass")
    for (name, own), size in zip(times.items(), SIZES, strict=True):
        above = [1000 * (one[0] - plain[0]) for one, plain in zip(own, base, strict=True)]
        least = 1000 * (min(one[1] for one in own) - min(plain[1] for plain in base))
        ratio = statistics.median(one[1] / plain[1] for one, plain in zip(own, base, strict=True))
        goal = GOAL_MS + GOAL_PER_100_MS * size / 100
        print(
            f"{name:20} {statistics.median(above):6.0f} ms above `python -c pass` (goal "
            f"{goal:.0f}); of the processor at least {least:.0f} ms above it, {ratio:.1f} times it"
        )


if __name__ == "__main__":
    main()
