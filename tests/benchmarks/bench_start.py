"""How long until the first paint, against a fifteen-line Textual program with a DataTable.

Run by hand: python tests/benchmarks/bench_start.py [ROUNDS]
All start in a fresh terminal of 120x40, in turn; the clock stops when the table's first header
is on the terminal. Goal: at most 1.3 times. With the last snapshot of a profile, and a Konnect that
takes 200 ms for each answer, it stops when an account is there. Aim: 0.5 times.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GOAL, AIM = 1.3, 0.5
ROW = b"api-publisher-ci"
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


def seconds_to_paint(
    command: list[str],
    *,
    until: bytes = b"NAME",
    keys: bytes = b"",
    also: Mapping[str, str] | None = None,
) -> float:
    """The time from starting the command until this has been written; then `keys` end it."""
    environ = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8"} | dict(also or {})
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.execvpe(command[0], command, environ)
    seen = b""
    while until not in seen:
        if not select.select([terminal], [], [], LIMIT_SECONDS)[0]:
            raise SystemExit(f"{command[0]} painted nothing in {LIMIT_SECONDS:.0f} s")
        seen += os.read(terminal, 65536)
    elapsed = time.perf_counter() - started
    if keys:
        os.write(terminal, keys)
        with contextlib.suppress(OSError):  # the end of the terminal
            while os.read(terminal, 65536):
                pass
    else:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    return elapsed


@contextlib.contextmanager
def kept(program: str, directory: Path) -> Iterator[dict[str, str]]:
    """The environment of a profile whose list was read once and is kept."""
    serve = [program, "demo", "serve", "-o", "json", "--latency", "200"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        served = json.loads(server.stdout.readline())
        (directory / "token").touch(mode=0o600)
        (directory / "token").write_text(served["token"])
        (directory / "profiles.toml").write_text(
            f'[profiles.p]\nbase_url = "{served["base_url"]}"\n'
            f'regional_url = "{served["regional_url"]}"\n'
            f'token = {{ file = "{directory / "token"}" }}\n'
        )
        environ = {"SA_TUI_CONFIG": str(directory), "XDG_STATE_HOME": str(directory / "state")}
        seconds_to_paint([program], until=b"38 system accounts", keys=b"\x11", also=environ)
        try:
            yield environ
        finally:
            server.terminate()


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
        program = commands["sa-tui --demo"][0]
        rows: list[float] = []
        with kept(program, Path(directory)) as environ:
            for number in range(rounds + 1):
                for name, command in commands.items():
                    elapsed = seconds_to_paint(command)
                    if number:  # the first round fills the caches
                        times[name].append(elapsed)
                elapsed = seconds_to_paint([program], until=ROW, also=environ)
                if number:
                    rows.append(elapsed)
    for name, seconds in times.items():
        print(f"{name:14} {statistics.median(seconds) * 1000:7.0f} ms to the first paint")
    print(f"{'last snapshot':14} {statistics.median(rows) * 1000:7.0f} ms to the first row")
    ours, plain_times = times.values()
    ratio = statistics.median(a / b for a, b in zip(ours, plain_times, strict=True))
    print(f"ratio {ratio:.2f} (goal: at most {GOAL})")
    ratio = statistics.median(a / b for a, b in zip(rows, plain_times, strict=True))
    print(f"ratio of the first row {ratio:.2f} (aim: {AIM})")


if __name__ == "__main__":
    main()
