"""Draws every screen and dialog of sa-tui, on the demo organisation at a fixed moment.

    python screenshots/make.py          writes screenshots/*.svg, or those named
    python screenshots/make.py --png D  also writes each as PNG into the directory D

It needs what the tests need.

Each picture is the real application, led there by keys.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sa_tui.base.label import Label
from sa_tui.cli.connections import Konnect, demo_profile
from sa_tui.cli.environment import Environment
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.seed import build_organisation
from sa_tui.org.log import ActionLog
from sa_tui.profiles.model import EnvSource, Profile
from sa_tui.records.journal import Journal
from sa_tui.ui.app import SaTui
from sa_tui.ui.dependencies import Dependencies
from sa_tui.ui.kit.beside import Beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.pilot import Pilot

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NARROW, WIDE = (80, 24), (160, 45)
PRODUCTION = replace(demo_profile(), name="prod", label="PROD", colour="red", read_only=True)
SAVED = (demo_profile(), Profile("prod", label="PROD", source=EnvSource("KONNECT_SPAT")))
LOST_ANSWER = Fault("cut-after", method="POST", path="/v3/system-accounts/*/access-tokens")

OUTBOX = "sa-tui-pictures"
TOKEN_FILE = "ci-eu.token"
"""As a key: the path of a new file, typed; the picture shows it in /tmp/sa-tui-pictures."""

TO_DEPLOYER = ("slash", *"ci-eu", "enter")
TO_FORM = (*TO_DEPLOYER, "i")
TO_ROTATED = (*TO_DEPLOYER, "enter", "o", "enter", "enter", *"ci-eu-deployer", "enter")
TO_REVIEW = (*TO_DEPLOYER, "E", "end", *"-2", "tab", "end", *" by night", "enter")
TO_MANY = ("slash", *"ci-", "enter", "A", "X")
TO_LOG = (*TO_REVIEW, "Y", "u", "Y", "escape", "escape", *TO_REVIEW, "Y", "escape", "7")
REFUSED_RENAMING = Fault("500", method="PATCH")
TO_TYPE = (*TO_DEPLOYER, "enter", "a")
TO_STEP_OF_ROLES = (*TO_TYPE, "down", "enter")
TO_OUTSIDE = ("home", "delete", *"/tmp", "end")
"""Puts a path into /tmp: the home of whoever draws is no part of a picture."""
TO_ROLES = (*TO_STEP_OF_ROLES, "end", "up", "space", "home", *("down",) * 3, "space")
TO_ENTITY = (*TO_ROLES, "enter")
TO_SUCCESSORS = ("2", "space", "space", "space", "o")
WHO = "role:Admin type:cp entity:prod* region:eu"
TO_WHY = ("5", "slash", *"ci-prod", "enter", "right", "right", "enter")


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the keys that lead there, and what is different from the rule."""

    name: str
    keys: Iterable[str] = ()
    size: tuple[int, int] = NARROW
    faults: tuple[Fault, ...] = ()
    token: str = ""
    profile: Profile | None = field(default_factory=demo_profile)
    arrange: Callable[[FakeKonnect, Journal], None] = lambda *_: None


def _leave_over(fake: FakeKonnect, journal: Journal) -> None:
    account = fake.account_named("ci-eu-deployer")
    token_id = fake.add_token(account["id"], "gitlab-2026-11")
    label = Label(
        account["id"],
        account_name="ci-eu-deployer",
        token_name="gitlab-2026-11",
        token_id=None,
        expires_at=None,
        base_url=demo_profile().base_url,
    )
    entry = journal.intend(label, destination="the operator's screen", profile="demo")
    journal.minted(entry, token_id)


SHOTS = (
    Shot("first-page", ("down",) * 6),
    Shot("accounts", ("down",) * 11),
    Shot("accounts-wide", ("down",) * 11, WIDE),
    Shot("accounts-filter", ("slash", *"ci -sandbox")),
    Shot("accounts-filter-access", ("slash", *"role:Admin type:cp region:eu")),
    Shot("filter-completion", ("slash", *"is:managed ro", "tab", *"Ad", "tab")),
    Shot("filter-error", ("slash", *"rolle:Admin")),
    Shot("accounts-read-only", ("down",) * 5, profile=PRODUCTION),
    Shot("accounts-refused", token="kpat_revoked"),
    Shot("account", (*TO_DEPLOYER, "enter")),
    Shot("account-wide", ("slash", *"terraform-prod", "enter", "enter"), WIDE),
    Shot("command-line", ("colon", *"iss")),
    Shot("palette", ("ctrl+p",)),
    Shot("jump", ("g", *"cpd")),
    Shot("jump-wide", ("g", *"prod"), WIDE),
    Shot("export", ("4", *"role:Admin", "enter", "e")),
    Shot("help", ("question_mark",)),
    Shot("help-queries", ("question_mark", "tab", *("down",) * 12)),
    Shot("help-konnect", ("question_mark", "tab", "tab"), WIDE),
    Shot("issue", TO_FORM),
    Shot("issue-to-file", (*TO_FORM, "2")),
    Shot("issue-to-command", (*TO_FORM, "5")),
    Shot("issue-wide", TO_FORM, WIDE),
    Shot("rotate", (*TO_DEPLOYER, "enter", "o")),
    Shot("retire", (*TO_ROTATED, "R")),
    Shot("rotating", TO_ROTATED),
    Shot("rotations", TO_SUCCESSORS),
    Shot("rotations-page", (*TO_SUCCESSORS, "1", "tab", *TO_OUTSIDE, *"-{token}", "enter")),
    Shot("handover", (*TO_FORM, "enter")),
    Shot("handover-written", (*TO_FORM, "2", "tab", "ctrl+u", TOKEN_FILE, "enter")),
    Shot("handover-leaving", (*TO_FORM, "enter", "enter")),
    Shot("deliver", (*TO_FORM, "enter", "d")),
    Shot("handovers", ("escape", *TO_ROTATED, "H"), arrange=_leave_over),
    Shot("handovers-wide", ("escape", *TO_ROTATED, "H"), WIDE, arrange=_leave_over),
    Shot("answer-lost", (*TO_FORM, "enter"), faults=(LOST_ANSWER,)),
    Shot("left-over", arrange=_leave_over),
    Shot("first-run", profile=None),
    Shot("profiles", ("8",)),
    Shot("profile-form", ("8", "n")),
    Shot("review", TO_REVIEW),
    Shot("review-requests", (*TO_REVIEW, "dollar_sign")),
    Shot("review-typed", (*TO_DEPLOYER, "D")),
    Shot("review-done", (*TO_REVIEW, "Y")),
    Shot("review-many", (*TO_MANY, "down", "space")),
    Shot("review-many-wide", (*TO_MANY, "down", "space"), WIDE),
    Shot("review-undo", (*TO_REVIEW, "Y", "u")),
    Shot("review-plan", (*TO_DEPLOYER, "D"), profile=PRODUCTION),
    Shot("review-failed", (*TO_REVIEW, "Y"), faults=(REFUSED_RENAMING,)),
    Shot("log", TO_LOG),
    Shot("log-wide", TO_LOG, WIDE),
    Shot("teams", ("3",)),
    Shot("teams-wide", ("3",), WIDE),
    Shot("team", ("3", "slash", *"customs", "enter", "enter")),
    Shot("team-form", ("3", "slash", *"customs", "enter", "E")),
    Shot("team-delete", ("3", "slash", *"customs", "enter", "D")),
    Shot("membership", ("3", "slash", *"customs", "enter", "m", *"ci", "tab", "space", "space")),
    Shot("who", ("4",)),
    Shot("who-answer", ("4", *WHO, "enter")),
    Shot("who-wide", ("4", *"can:mint OR tier=write", "enter"), WIDE),
    Shot("why", TO_WHY),
    Shot("why-wide", TO_WHY, WIDE),
    Shot("matrix", ("5", "down", "down", "right", "right")),
    Shot("matrix-wide", ("5", "down", "down", "right", "right"), WIDE),
    Shot("matrix-roles", ("5", "right", "right", "b")),
    Shot("matrix-regions", ("5", "b", "b")),
    Shot("matrix-filter", ("5", "slash", *"is:admin")),
    Shot("entities", ("6",)),
    Shot("entity", ("6", "slash", *"prod-eu", "enter", "enter")),
    Shot("compare", ("5", "slash", *"ci- deployer", "enter", "space", "space", "equals_sign")),
    Shot(
        "compare-wide", ("5", "slash", *"terraform", "enter", "space", "space", "equals_sign"), WIDE
    ),
    Shot("too-small", size=(50, 14)),
    Shot("tokens", ("2", "space", "space", "space")),
    Shot("tokens-wide", ("2", "s", "s", "s"), WIDE),
    Shot("calendar", ("2", "C")),
    Shot("calendar-wide", ("2", "C"), WIDE),
    Shot("account-new", ("n", *"ci-us-deployer", "tab", *"Deploys")),
    Shot("account-edit", (*TO_DEPLOYER, "E")),
    Shot("account-clone", (*TO_DEPLOYER, "c", *"ci-us-deployer")),
    Shot("account-delete", ("slash", *"ci-prod", "enter", "D")),
    Shot("token-rename", (*TO_DEPLOYER, "enter", "N")),
    Shot("token-revoke", (*TO_DEPLOYER, "enter", "x")),
    Shot("tokens-revoked", ("2", "space", "space", "space", "x", "3", "enter")),
    Shot("role-type", TO_TYPE),
    Shot("role-roles", TO_ROLES),
    Shot("role-entity", TO_ENTITY),
    Shot("role-review", (*TO_ENTITY, *"prod-eu", "enter")),
    Shot("role-review-wide", (*TO_ENTITY, *"prod-eu", "enter"), WIDE),
    Shot(
        "role-many", ("slash", *"ci-", "enter", "A", "a", *"portals", "enter", *"viewer", "enter")
    ),
    Shot(
        "role-identity", (*TO_TYPE, *"identity", "enter", "down", "enter", "enter", "down", "enter")
    ),
    Shot("role-removal", (*TO_DEPLOYER, "enter", "tab", "space", "space", "x")),
)


_NAMES = {" ": "space", "-": "minus", ":": "colon", "*": "asterisk", "=": "equals_sign"}


async def _settled(pilot: Pilot[int]) -> None:
    """Waits until nothing is under way but what waits for the operator."""
    app = pilot.app
    for _ in range(8):
        await pilot.pause(0.01)
    while isinstance(app, SaTui) and app.reading.is_reading:
        await pilot.pause(0.01)
    while any(beside.is_due for beside in app.screen.query(Beside)):
        await pilot.pause(0.01)
    await pilot.pause(0.01)


async def draw(shot: Shot, home: Path) -> str:
    """The picture as SVG; whatever differs from one drawing to the next is left out."""
    app = _application(shot, home)
    with tempfile.TemporaryDirectory(prefix="sa-tui-", dir="/tmp") as outbox:  # as long as OUTBOX
        async with app.run_test(size=shot.size) as pilot:
            await _settled(pilot)
            for key in shot.keys:
                typed = f"{outbox}/{key}" if key == TOKEN_FILE else (_NAMES.get(key, key),)
                await pilot.press(*typed)
                await _settled(pilot)
            svg = app.export_screenshot(title="sa-tui", simplify=True)
    return re.sub(r"terminal-\d+", shot.name, svg.replace(Path(outbox).name, OUTBOX))


def _application(shot: Shot, home: Path) -> SaTui:
    """The application before it runs, with all that it would find outside itself."""
    fake = FakeKonnect(build_organisation(NOW), clock=lambda: NOW)
    for fault in shot.faults:
        fake.inject(fault)
    journal = Journal(
        home / "state" / "handover.jsonl", now=lambda: NOW, pid=2**22 + 1, host="jump"
    )
    shot.arrange(fake, journal)

    async def read_token(*_: object, **__: object) -> SecretStr:
        return SecretStr(shot.token or fake.operator_token)

    async def no_sleep(_: float) -> None:
        await asyncio.sleep(0)

    environ = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color"}
    env = Environment(
        environ=environ,
        home=home,
        stdin=sys.stdin,
        stdout=sys.stdout,
        stderr=sys.stderr,
        now=lambda: NOW,
        monotonic=lambda: 0.0,
        sleep=no_sleep,
        transport=None,
    )
    actions = ActionLog(now=env.now)
    konnect = Konnect(
        read_token=read_token,
        transport=fake.transport,
        env=env,
        is_read_only=False,
        actions=actions,
    )
    dependencies = Dependencies(
        connect=konnect.connect,
        journal=journal,
        saved_profiles=lambda: SAVED if shot.profile else (),
        found_profiles=lambda: (Profile("KONNECT_TOKEN", source=EnvSource("KONNECT_TOKEN")),),
        save=lambda _: None,
        edit=lambda *_: None,
        remove=lambda _: None,
        now=env.now,
        sleep=env.sleep,
        monotonic=env.monotonic,
        environ=environ,
        first=shot.profile,
        actions=actions,
        actions_path=Path("~/.local/state/sa-tui/actions.jsonl"),
        is_first_start=shot.name == "first-page",
    )
    return SaTui(dependencies)


async def main() -> None:
    """Draws all pictures, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="draw these only")
    parser.add_argument("--png", type=Path, help="also write PNG files into this directory")
    options = parser.parse_args()
    wanted = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    for shot in wanted:
        with tempfile.TemporaryDirectory() as home:
            svg = await draw(shot, Path(home))
        (HERE / f"{shot.name}.svg").write_text(svg, encoding="utf-8")
        if options.png:
            import resvg_py

            options.png.mkdir(parents=True, exist_ok=True)
            png = resvg_py.svg_to_bytes(svg_string=svg, monospace_family="DejaVu Sans Mono")
            (options.png / f"{shot.name}.png").write_bytes(bytes(png))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    from tests.conftest import PatientLoop

    # Its time passes only while there is nothing to do, however busy the machine is.
    with asyncio.Runner(loop_factory=PatientLoop) as runner:
        runner.run(main())
