"""How long until the first paint, against a fifteen-line Textual program with a DataTable.

Run by hand: python tests/benchmarks/bench_start.py [ROUNDS]
Both start in a fresh terminal of 120x40, in turn; the clock stops when the table's first header
is on the terminal. Goal: at most 1.3 times.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

GOAL = 1.3
ROUNDS = 15
LIMIT_SECONDS = 20.0

PLAIN_PROGRAM = """\
from textual.app import App
from textual.widgets import DataTable, Footer, Header

class Plain(App):
    def compose(self):
        yield Header()
        yield DataTable()
        yield Footer()

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("NAME", "LIVE", "EXPIRES", "LAST USED", "ROLES", "TEAMS")
        table.add_rows([(f"account {n}", 1, "in 9 d", "1 h ago", 2, 3) for n in range(40)])

Plain().run()
"""


def seconds_to_paint(command: list[str]) -> float:
    """The time from starting the command until its table's header has been written."""
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.execvpe(command[0], command, os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8"})
    seen = b""
    while b"NAME" not in seen:
        if not select.select([terminal], [], [], LIMIT_SECONDS)[0]:
            raise SystemExit(f"{command[0]} painted nothing in {LIMIT_SECONDS:.0f} s")
        seen += os.read(terminal, 65536)
    elapsed = time.perf_counter() - started
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    return elapsed


def main() -> None:
    """Prints both medians and the ratio of each round."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as directory:
        plain = Path(directory) / "plain.py"
        plain.write_text(PLAIN_PROGRAM)
        commands = {
            "sa-tui --demo": [str(Path(sys.executable).with_name("sa-tui")), "--demo"],
            "plain program": [sys.executable, str(plain)],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, command in commands.items():
                elapsed = seconds_to_paint(command)
                if number:  # the first round fills the caches
                    times[name].append(elapsed)
    for name, seconds in times.items():
        print(f"{name:14} {statistics.median(seconds) * 1000:7.0f} ms to the first paint")
    ratio = statistics.median(a / b for a, b in zip(*times.values(), strict=True))
    print(f"ratio {ratio:.2f} (goal: at most {GOAL})")


if __name__ == "__main__":
    main()
