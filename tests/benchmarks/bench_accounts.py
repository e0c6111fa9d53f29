"""What the list of accounts costs at 10,000 accounts, against refilling Textual's DataTable.

Run by hand: python tests/benchmarks/bench_accounts.py [--accounts N] [--rounds N]
The real application over the demo Konnect, in process; times are medians in milliseconds, less
what waiting for an idle application takes in any case.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.models import AccessToken, AssignedRole, Listing
from sa_tui.konnect.settings import Settings
from sa_tui.org.snapshot import Details, Part, Snapshot
from sa_tui.org.store import Org
from sa_tui.profiles.model import EnvSource, Profile
from sa_tui.records.journal import Journal
from sa_tui.ui.accounts.rows import COLUMNS, cells
from sa_tui.ui.app import SaTui
from sa_tui.ui.dependencies import Dependencies
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

SIZE = (119, 40)
BATCH = 50
ROLES = (
    ("Admin", "Control Planes"),
    ("Viewer", "APIs"),
    ("Deployer", "Control Planes"),
    ("Editor", "Dashboards"),
)
FLOOR = "nothing"
REORDER = "details arrive, by EXPIRES"
QUERY = "query keystroke"
JUMP = "jump keystroke"
LIMITS = {
    "fill and paint": 100,
    "filter keystroke": 50,
    QUERY: 100,
    JUMP: 50,
    "details arrive": 20,
    REORDER: 50,
    "mark all": 50,
    "invert the marks": 50,
}
"""With every account read and ordered by what was read, each may get another place."""


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def application(accounts: int, directory: Path) -> SaTui:
    """The real application over a demo organisation of this size."""
    fake = FakeKonnect(build_organisation(utc_now(), accounts=accounts), clock=utc_now)
    profile = Profile(
        "demo", source=EnvSource("NONE"), base_url=BASE_URL, regional_url=REGIONAL_URL
    )

    async def connect(profile: Profile, *, on_change: Any, on_wait: Any, aside: Any) -> Org:
        token = SecretStr(fake.operator_token)
        client = KonnectClient(
            token,
            Settings(
                base_url=profile.base_url,
                regional_url=profile.regional_url,
                page_size=1000,
                transport=fake.transport(),
            ),
        )
        return Org(client, on_change=on_change)

    dependencies = Dependencies(
        connect=connect,
        journal=Journal(directory / "journal.jsonl", now=utc_now, pid=os.getpid(), host="bench"),
        saved_profiles=lambda: (profile,),
        found_profiles=lambda: (),
        save=lambda _: None,
        edit=lambda *_: None,
        remove=lambda _: None,
        now=utc_now,
        sleep=asyncio.sleep,
        monotonic=time.monotonic,
        environ={"TERM": "xterm-256color"},
        first=profile,
    )
    return SaTui(dependencies)


class Refilled(App[None]):
    """The same rows in Textual's own table, which is emptied and filled again."""

    def compose(self) -> ComposeResult:
        """One table that fills the screen."""
        table: DataTable[Text] = DataTable(cursor_type="row")
        for column in COLUMNS:
            table.add_column(column.title, width=column.width)
        yield table

    def fill(self, rows: list[tuple[Text, ...]]) -> None:
        """Show these rows and no others."""
        table = self.query_one(DataTable)
        table.clear()
        for row in rows:
            table.add_row(*row)


async def milliseconds(pilot: Pilot[Any], act: Callable[[], None]) -> float:
    """How long it takes until the screen shows what the act changed and nothing is to do."""
    gc.collect()
    start = time.perf_counter()
    act()
    await pilot.pause()
    return (time.perf_counter() - start) * 1000


def details(name: str, days: int) -> Details:
    """One token, two roles, and no teams."""
    token = AccessToken(id=name, name=name, expires_at=utc_now() + timedelta(days=days))
    roles = [
        AssignedRole(
            id=f"{name}-{number}",
            role_name=role,
            entity_type_name=kind,
            entity_id="*" if days % 7 == 0 else f"entity-{days}",
            entity_region=("eu", "us", "*")[days % 3],
        )
        for number, (role, kind) in enumerate((ROLES[days % 4], ROLES[(days + 1) % 4]))
    ]
    return Details(
        tokens=Part(value=Listing((token,))),
        roles=Part(value=Listing(tuple(roles))),
        teams=Part(value=Listing(())),
    )


async def measure(app: SaTui, accounts: int, rounds: int) -> tuple[dict[str, float], Snapshot]:
    """The median time of each act, and the snapshot they were done on."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    async with app.run_test(size=SIZE) as pilot:

        async def timed(name: str, act: Callable[[], None]) -> None:
            taken[name].append(await milliseconds(pilot, act))

        def show(snapshot: Snapshot) -> None:
            app.snapshot = snapshot

        def arrive(some: dict[str, Details]) -> None:
            show(full.with_details(some))

        def rows() -> int:
            listing = app.snapshot.accounts.value
            return len(listing.rows) if listing and not app.snapshot.accounts.is_reading else 0

        while rows() < accounts:
            await pilot.pause(0.1)
        loaded = app.snapshot
        assert loaded.accounts.value is not None
        ids = [account.id for account in loaded.accounts.value.rows]
        # With every detail known nothing is read meanwhile, which would be timed too.
        full = loaded.with_details({key: details(key, n % 300) for n, key in enumerate(ids)})
        one = replace(full, accounts=Part(value=Listing(loaded.accounts.value.rows[:1])))
        app.reading.is_stopped = True  # else a query would have it all read, and be timed with it
        line = app.screen.query_one("#filter", Input)
        for number in range(rounds):
            some = {key: details(key, number + 2) for key in ids[: BATCH * 20 : 20]}
            show(one)
            await pilot.pause()
            await timed(FLOOR, lambda: None)
            await timed("fill and paint", lambda: show(full))
            await timed("details arrive", partial(arrive, some))
            table = app.screen.query_one(LineTable)
            await timed("mark all", table.action_mark_all)
            await timed("invert the marks", table.action_invert)
            await pilot.press("slash")
            for text in ("d", "de", "dep", "de"):
                await timed("filter keystroke", partial(setattr, line, "value", text))
            for text in ("role:A", "role:Ad", "role:Adm", "role:Adm type:c", "role:Adm type:cp"):
                await timed(QUERY, partial(setattr, line, "value", text))
            await pilot.press("escape", "ctrl+k")
            while not (app.memory.jumps.find("") and app.memory.jumps.unread):
                await pilot.pause(0.1)
            line_of_jump = app.screen.query_one(Input)
            for text in ("d", "de", "dep", "de", "cpd", "ci prod zz"):
                await timed(JUMP, partial(setattr, line_of_jump, "value", text))
            await pilot.press("escape")
            app.run_with_argument("sort", "expires")
            show(full)
            await pilot.pause()
            await timed(REORDER, partial(arrive, some))
            app.run_with_argument("sort", "name")
            await pilot.pause()
    return {name: statistics.median(times) for name, times in taken.items()}, full


async def measure_refill(snapshot: Snapshot, rounds: int) -> dict[str, float]:
    """The same acts where every change is a refill."""
    now = utc_now()
    listing = snapshot.accounts.value
    accounts = listing.rows if listing else ()
    # As Text, because a DataTable takes a str for markup and crashes on the name `[/foo]`.
    rows = [
        tuple(Text(cell) if isinstance(cell, str) else Text(cell.plain) for cell in row)
        for row in (cells(each, snapshot.details_of(each.id), now) for each in accounts)
    ]
    filtered = [row for row in rows if "de" in row[0].plain]
    taken: defaultdict[str, list[float]] = defaultdict(list)
    app = Refilled()
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(rounds):
            app.fill([])
            await pilot.pause()
            taken[FLOOR].append(await milliseconds(pilot, lambda: None))
            taken["fill and paint"].append(await milliseconds(pilot, lambda: app.fill(rows)))
            taken["filter keystroke"].append(await milliseconds(pilot, lambda: app.fill(filtered)))
            taken["details arrive"].append(await milliseconds(pilot, lambda: app.fill(rows)))
    return {name: statistics.median(times) for name, times in taken.items()}


async def main() -> None:
    """Print one line for each act."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        app = application(options.accounts, Path(directory))
        ours, snapshot = await measure(app, options.accounts, options.rounds)
    theirs = await measure_refill(snapshot, rounds=2)
    print(f"{options.accounts:,} accounts at {SIZE[0]}x{SIZE[1]}, medians, in ms")
    print(f"{'':28}{'sa-tui':>10}{'allowed':>10}{'DataTable':>12}{'ratio':>8}")
    floor_ms, refill_floor_ms = ours.pop(FLOOR), theirs.pop(FLOOR)
    for act in ("mark all", "invert the marks"):
        print(f"{act:28}{ours.pop(act) - floor_ms:10.1f}{LIMITS[act]:>10}")
    for act, total_ms in ours.items():
        kind = act.partition(",")[0]
        allowed = LIMITS[act]
        time_ms = total_ms - floor_ms
        refill_ms = theirs["filter keystroke" if act in (QUERY, JUMP) else kind] - refill_floor_ms
        print(f"{act:28}{time_ms:10.1f}{allowed:>10}{refill_ms:12.1f}{refill_ms / time_ms:8.1f}")


if __name__ == "__main__":
    asyncio.run(main())
