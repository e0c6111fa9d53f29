"""Keeps a plan in a new private file, from which `apply` sends exactly what it says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import sa_tui
from sa_tui.answers.saving import NotSavedError, free_path, save
from sa_tui.cli.exits import UsageError
from sa_tui.org.changes.plan import SecretInPlanError, plan_text
from sa_tui.org.saved.model import Saved

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.cli.changing.command import ChangeCommand, Wanted
    from sa_tui.cli.environment import Environment


def refuse_taken(path: Path) -> None:
    """Raises UsageError if something is at this place: nothing is overwritten."""
    if os.path.lexists(path.expanduser()):
        raise UsageError(
            f"{path} exists, and nothing is overwritten: {free_path(path).name} is free."
        )


def keep(command: ChangeCommand, wanted: Wanted, path: Path) -> None:
    """Writes the changes that are wanted. Raises UsageError."""
    profile, now = command.profile, command.org.now()
    saved = Saved(
        snapshot=command.snapshot,
        taken_at=now,
        profile=profile.name,
        base_url=profile.base_url,
        program_version=sa_tui.__version__,
        is_complete=not wanted.problems,
    )
    keep_plan(wanted, path, saved=saved, env=command.env)


def keep_plan(wanted: Wanted, path: Path, *, saved: Saved, env: Environment) -> None:
    """Writes what is wanted of this snapshot. Raises UsageError."""
    try:
        text = plan_text(
            wanted.changes,
            snapshot=saved.snapshot,
            base_url=saved.base_url,
            profile=saved.profile,
            now=saved.taken_at,
        )
        env.tell(f"the plan is in {save(path, text)}")
    except (NotSavedError, SecretInPlanError) as error:
        raise UsageError(str(error)) from None
