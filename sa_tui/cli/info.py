"""Shows what a bug report needs: paths, versions and the features of the terminal."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import sa_tui
from sa_tui.cli.answers import put_facts
from sa_tui.cli.application import state_directory
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.handover.clipboard import detect_routes
from sa_tui.org.saved.last import DIRECTORY as SNAPSHOTS
from sa_tui.profiles.errors import ProfileError
from sa_tui.records.actions_file import FILE_NAME as ACTIONS_FILE
from sa_tui.records.journal import FILE_NAME
from sa_tui.records.receipts import FILE_NAME as RECEIPTS_FILE
from sa_tui.records.rotations import FILE_NAME as ROTATIONS_FILE
from sa_tui.records.typed import QUERIES_FILE_NAME
from sa_tui.rotation.file import FILE_NAME as SCHEDULE_FILE

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sa_tui.cli.environment import Environment

_PACKAGES = ("textual", "httpx", "pydantic", "tomlkit", "platformdirs", "keyring", "uvicorn")
_VARIABLES = ("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "LANG", "LC_ALL", "TMUX", "STY")


def run_info(options: Namespace, env: Environment) -> int:
    """Runs `info`, which reads no token and asks nobody."""
    choice = ProfileChoice(options=options, env=env)
    facts = {
        "paths": _paths(choice),
        "versions": _versions(),
        "terminal": _terminal(env),
        "clipboard": _clipboard(env.environ),
        "network": _network(env.environ),
        "destinations": _destinations(choice),
    }
    if options.output == "json":
        put_facts(env, env.run.head(read_at=env.now()), facts)
        return Exit.DONE
    for title, group in facts.items():
        env.put(title)
        rows = group.items() if isinstance(group, dict) else enumerate(group, start=1)
        for name, value in rows:
            env.put(f"  {name:<14} {_shown(value)}")
    return Exit.DONE


def _paths(choice: ProfileChoice) -> dict[str, object]:
    profiles = _path_or_none(lambda: choice.store.path)
    state = _path_or_none(lambda: state_directory(choice.env))
    return {
        "profiles": None if profiles is None else str(profiles),
        "profiles_exist": profiles is not None and profiles.exists(),
        "journal": None if state is None else str(state / FILE_NAME),
        "rotations": None if state is None else str(state / ROTATIONS_FILE),
        "schedule": None if profiles is None else str(profiles.with_name(SCHEDULE_FILE)),
        "receipts": None if state is None else str(state / RECEIPTS_FILE),
        "changes": None if state is None else str(state / ACTIONS_FILE),
        "snapshots": None if state is None else str(state / SNAPSHOTS),
        "queries": None if state is None else str(state / QUERIES_FILE_NAME),
        "program": str(os.path.dirname(sa_tui.__file__)),
        "python": sys.executable,
    }


def _destinations(choice: ProfileChoice) -> dict[str, object]:
    """What each named destination is, or why it cannot be used; or why the file cannot be."""
    try:
        own = choice.destinations().values()
    except (ProfileError, UsageError) as error:
        return {"profiles.toml": str(error)}
    return {
        each.name: f"cannot be used: {each.problem}" if each.problem else each.kind for each in own
    }


def _path_or_none(find: Callable[[], Path]) -> Path | None:
    try:
        return find()
    except UsageError:  # there is no home directory
        return None


def _versions() -> dict[str, object]:
    return {
        "sa-tui": sa_tui.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        **{name: _version_of(name) for name in _PACKAGES},
    }


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _terminal(env: Environment) -> dict[str, object]:
    environ = env.environ
    facts: dict[str, object] = {name: environ.get(name) for name in _VARIABLES}
    facts["SSH"] = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    for name, stream in (("stdin", env.stdin), ("stdout", env.stdout)):
        facts[name] = "a terminal" if stream.isatty() else "no terminal"
    facts["encoding"] = env.stdout.encoding
    facts["tmux"] = _tmux_version(environ)
    return facts


def _tmux_version(environ: Mapping[str, str]) -> str | None:
    tmux = shutil.which("tmux", path=environ.get("PATH"))
    if tmux is None:
        return None
    try:
        result = subprocess.run(
            [tmux, "-V"], capture_output=True, check=False, text=True, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout.strip() or None


def _clipboard(environ: Mapping[str, str]) -> list[str]:
    routes = detect_routes(environ, which=lambda name: shutil.which(name, path=environ.get("PATH")))
    return [route.describe() for route in routes] or ["no clipboard can be reached from here"]


def _network(environ: Mapping[str, str]) -> dict[str, object]:
    """The proxy for https without its password, and the entries of NO_PROXY that are ignored."""
    from sa_tui.konnect.proxies import proxies_of

    proxies = proxies_of(environ)
    return {
        "https_proxy": proxies.shown,
        "no_proxy_unusable": ", ".join(proxies.unusable) or None,
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
