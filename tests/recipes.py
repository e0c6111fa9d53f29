"""What the recipes of the README run in: a home of its own, with `sa-tui` on the PATH."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def environ_in(home: Path) -> dict[str, str]:
    """An environment in which `sa-tui` is this one."""
    program = home / "bin" / "sa-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m sa_tui "$@"\n')
    program.chmod(0o755)
    return {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
    }


def add_profile(home: Path, server: dict[str, Any]) -> None:
    """Makes this server the only profile of a home."""
    (home / "token").touch(mode=0o600)
    (home / "token").write_text(server["token"])
    config = home / ".config" / "sa-tui"
    config.mkdir(parents=True)
    (config / "profiles.toml").write_text(
        f'[profiles.demo]\nbase_url = "{server["base_url"]}"\n'
        f'regional_url = "{server["regional_url"]}"\ntoken = {{ file = "{home / "token"}" }}\n'
    )
