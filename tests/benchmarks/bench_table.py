"""What 10,000 rows cost in the program's table and in Textual's DataTable: time, as ratios.

Run by hand: python tests/benchmarks/bench_table.py [--rows N] [--rounds N]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import time
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.pilot import Pilot

TITLES = ("Name", "Live", "Next expiry", "Last used", "Roles", "Description")
SIZE = (120, 40)


def cells(number: int) -> tuple[str | Text, ...]:
    """One believable row of the account list."""
    expiry = Text(f"in {number % 90} d", style="bold" if number % 5 == 0 else "")
    return f"ci-deployer-{number:05}", str(number % 4), expiry, "2 h ago", "3", "Deploys a service"


class LineTables(App[None]):
    """The program's table, filled as a screen fills it."""

    def compose(self) -> ComposeResult:
        """One table that fills the screen."""
        columns = [Column(title, title, width=16) for title in TITLES]
        yield LineTable(columns, row=lambda key: cells(int(key)))

    def fill(self, numbers: Sequence[int]) -> None:
        """Show these rows and no others."""
        self.query_one(LineTable).set_keys([str(number) for number in numbers])


class DataTables(App[None]):
    """The same rows in Textual's own table."""

    def compose(self) -> ComposeResult:
        """One table that fills the screen."""
        table: DataTable[str | Text] = DataTable(cursor_type="row")
        for title in TITLES:
            table.add_column(title, width=16)
        yield table

    def fill(self, numbers: Sequence[int]) -> None:
        """Show these rows and no others."""
        table = self.query_one(DataTable)
        table.clear()
        for number in numbers:
            table.add_row(*cells(number), key=str(number))


async def milliseconds(pilot: Pilot[None], act: Callable[[], None]) -> float:
    """How long it takes until the screen shows what the act changed."""
    gc.collect()
    start = time.perf_counter()
    act()
    await pilot.pause()
    return (time.perf_counter() - start) * 1000


async def measure(app: LineTables | DataTables, rows: int, rounds: int) -> dict[str, float]:
    """The median time of each act, in milliseconds."""
    everything = range(rows)
    filtered = [number for number in everything if "7" in str(number)]
    taken: dict[str, list[float]] = {
        "nothing (floor)": [],
        "fill and paint": [],
        "filter keystroke": [],
    }
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(rounds):
            app.fill([])
            await pilot.pause()
            taken["nothing (floor)"].append(await milliseconds(pilot, lambda: None))
            taken["fill and paint"].append(await milliseconds(pilot, lambda: app.fill(everything)))
            taken["filter keystroke"].append(await milliseconds(pilot, lambda: app.fill(filtered)))
    return {act: statistics.median(times) for act, times in taken.items()}


async def main() -> None:
    """Print one line for each act."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ours = await measure(LineTables(), options.rows, options.rounds)
    theirs = await measure(DataTables(), options.rows, options.rounds)
    print(f"{options.rows:,} rows at {SIZE[0]}x{SIZE[1]}, medians of {options.rounds}, in ms")
    print(f"{'':18}{'LineTable':>12}{'DataTable':>12}{'ratio':>8}")
    for act, time_ms in ours.items():
        print(f"{act:18}{time_ms:12.1f}{theirs[act]:12.1f}{theirs[act] / time_ms:8.1f}")


if __name__ == "__main__":
    asyncio.run(main())
