"""Konnect's times are compared with Konnect's clock: this machine's is read in few places."""

from __future__ import annotations

import re
from pathlib import Path

import sa_tui

ROOT = Path(sa_tui.__file__).parent
OWN_CLOCK = re.compile(r"\b(?:env|dependencies)\.now\b|datetime\.now\(|time\.time\(")

KEEPERS = {
    "konnect/settings.py": "hands it to the client, which measures Konnect's by it",
    "cli/environment.py": "is where it comes from",
    "cli/application.py": "hands it to the records of this machine",
    "cli/connections.py": "hands it to the client and the organisation",
    "cli/info.py": "asks nothing of Konnect",
    "cli/opening.py": "hands it to the journal of this machine",
    "cli/output.py": "tells until when a wait lasts, by the operator's own clock",
    "cli/profiles.py": "asks nothing of Konnect that has a time",
    "cli/reading/file.py": "tells how old a file is",
    "cli/reading/opened.py": "hands it to the application, which tells how old a file is",
    "cli/reading/whose.py": "hands it to the journal of this machine, and goes by it offline",
    "cli/rotating/command.py": "hands it to the records of this machine",
    "cli/serving.py": "is the clock of the demo",
    "cli/changing/log.py": "lists what this machine has written down, by its own clock",
    "cli/changing/opening.py": "hands it to the records of this machine",
    "org/log.py": "is given it by whoever keeps the log",
    "org/store.py": "adds to it how far Konnect's is ahead",
    "ui/session.py": "goes by it as long as no organisation is open, and tells how old a file is",
    "ui/telling.py": "hands it to the reports of failures",
}


def test_only_those_named_here_read_the_clock_of_this_machine() -> None:
    rooms = ("access", "answers", "audit", "konnect", "cli", "org", "plans", "rotation", "ui")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    readers = {
        path.relative_to(ROOT).as_posix() for path in files if OWN_CLOCK.search(path.read_text())
    }

    assert readers == set(KEEPERS)
