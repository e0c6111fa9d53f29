"""How many bytes each key press sends to a real terminal of 80x24: what an SSH line has to carry.

Run by hand: python tests/benchmarks/bench_bytes.py [COMMAND ...]
Without a command it compares the program's table with Textual's DataTable, 500 rows each; with one
(such as `sa-tui --demo`) it presses the same keys there.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS, LINES = 80, 24
QUIET_SECONDS = 0.5
"""A screen that sent nothing for this long is done."""

IDLE_SECONDS = 5.0
START_SECONDS = 2.5

STEPS = (
    ("cursor down", b"\x1b[B", 600),
    ("cursor down again", b"\x1b[B", 600),
    ("page down", b"\x1b[6~", None),
    ("last row", b"\x1b[F", None),
    ("first row", b"\x1b[H", None),
)
"""What is done, the keys that do it, and the most bytes that it may send."""

PAGES = (
    ("open an account", b"\r", 9000),
    ("go back", b"\x1b", None),
    ("open the form", b"i", 9000),
    ("close the form", b"\x1b", None),
    ("review a deletion", b"D", 9000),
    ("down while a name is typed", b"\x1b[B", 600),
    ("close the review", b"\x1b", None),
    ("open the help", b"?", 9000),
    ("examples of queries", b"\t", 9000),
    ("Konnect's words", b"\t", 9000),
    ("close the help", b"\x1b", None),
    ("open the jump", b"g", 9000),
    ("a letter in it", b"c", 2000),
    ("another letter", b"p", 2000),
    ("close the jump", b"\x1b", None),
    ("open the export", b"e", 9000),
    ("another format", b"\x1b[C", 900),
    ("close the export", b"\x1b", None),
    ("open the palette", b"\x10", 9000),
    ("close the palette", b"\x1b", None),
    ("open the profiles", b"8", 9000),
    ("close them", b"1", None),
    ("read all: matrix", b"5", None),
    ("close it", b"1", None),
    ("open the matrix", b"5", 9000),
    ("column right", b"\x1b[C", 900),
    ("matrix down", b"\x1b[B", 900),
    ("explain a cell", b"\r", 9000),
    ("close that", b"\x1b", None),
    ("close the matrix", b"1", None),
    ("ask who", b"4", 9000),
    ("type of a question", b"role:Admin", None),
    ("clear it", b"\x1b", None),
    ("leave it", b"\x1b", None),
    ("close it again", b"1", None),
    ("open the entities", b"6", 9000),
    ("open the tokens", b"2", 9000),
    ("down among the tokens", b"\x1b[B", 600),
    ("mark eight of them", b" " * 8, None),
    ("review eight revocations", b"x", 9000),
    ("switch one off", b" ", 9000),
    ("close the review of them", b"\x1b", None),
    ("back to the accounts", b"1", None),
    ("open the filter", b"/", 9000),
    ("one letter of it", b"d", None),
    ("clear the filter", b"\x1b", None),
)
"""What is done besides in the program itself."""

TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


class Terminal:
    """A pty with a program in it; what the program writes is counted and thrown away."""

    def __init__(self, command: Sequence[str]) -> None:
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            # The size is read at start, so it has to be there before the program is.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execvpe(command[0], list(command), os.environ | TERMINAL)

    def read(self, quiet_seconds: float) -> int:
        """The number of bytes until nothing comes for so long."""
        count = 0
        while select.select([self._fd], [], [], quiet_seconds)[0]:
            try:
                data = os.read(self._fd, 65536)
            except OSError:  # the program is gone
                break
            if not data:
                break
            count += len(data)
        return count

    def press(self, keys: bytes) -> int:
        """The number of bytes that these keys bring."""
        os.write(self._fd, keys)
        return self.read(QUIET_SECONDS)

    def idle(self) -> int:
        """The number of bytes that come while nobody presses a key."""
        until = time.monotonic() + IDLE_SECONDS
        count = 0
        while (left := until - time.monotonic()) > 0:
            count += self.read(left)
        return count

    def close(self) -> None:
        """Ask the program to end, and wait for it."""
        os.write(self._fd, b"\x11")
        self.read(QUIET_SECONDS)
        os.close(self._fd)
        os.waitpid(self._pid, 0)


def measure(
    command: Sequence[str], *, pages: Sequence[tuple[str, bytes, int | None]] = ()
) -> dict[str, tuple[int, int | None]]:
    """Bytes sent and bytes allowed, for the start, each step, and doing nothing."""
    terminal = Terminal(command)
    sent: dict[str, tuple[int, int | None]] = {"start": (terminal.read(START_SECONDS), None)}
    for name, keys, allowed in (*STEPS, *pages):
        sent[name] = (terminal.press(keys), allowed)
    held = sum(terminal.press(b"\x1b[B") for _ in range(40)) // 40
    sent["mean of 40 downs"] = (held, 600)
    sent[f"idle for {IDLE_SECONDS:.0f} s"] = (terminal.idle(), 0)
    terminal.close()
    return sent


def run_app(kind: str) -> None:
    """The small program that is measured: 500 rows in a table, a footer, nothing else."""
    from rich.text import Text
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable, Footer

    from sa_tui.ui.kit.table.table import Column, LineTable

    titles = ("Name", "Live", "Next expiry", "Last used", "Roles")

    def cells(key: str) -> tuple[str | Text, ...]:
        expiry = Text("expires soon", style="bad" if kind == "LineTable" else "red")
        return f"ci-deployer-{key}", "2", expiry if int(key) % 5 == 0 else "in 90 d", "2 h ago", "3"

    class Measured(App[None]):
        def compose(self) -> ComposeResult:
            columns = [Column(title, title, width=12) for title in titles]
            yield LineTable(columns, row=cells) if kind == "LineTable" else DataTable()
            yield Footer()

        def on_mount(self) -> None:
            keys = [str(number) for number in range(500)]
            for table in self.query(LineTable):
                table.set_keys(keys)
            for data_table in self.query(DataTable):
                data_table.cursor_type = "row"
                for title in titles:
                    data_table.add_column(title, width=12)
                data_table.add_rows(map(cells, keys))

    Measured().run(mouse=False)


def main() -> None:
    """Print one line for each thing done."""
    if sys.argv[1:2] == ["--app"]:
        run_app(sys.argv[2])
        return
    this = [sys.executable, __file__, "--app"]
    programs = {"program": sys.argv[1:]} if sys.argv[1:] else {}
    programs = programs or {kind: [*this, kind] for kind in ("LineTable", "DataTable")}
    pages = PAGES if sys.argv[1:] else ()
    results = {name: measure(command, pages=pages) for name, command in programs.items()}
    print(f"bytes at {COLUMNS}x{LINES}, truecolor")
    print(f"{'':18}" + "".join(f"{name:>12}" for name in results) + f"{'allowed':>12}")
    for step, (_, allowed) in next(iter(results.values())).items():
        counts = "".join(f"{result[step][0]:12,}" for result in results.values())
        print(f"{step:18}{counts}{'' if allowed is None else allowed:>12}")


if __name__ == "__main__":
    main()
