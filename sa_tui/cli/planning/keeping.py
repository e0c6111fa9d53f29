"""Keeps a plan in a new private file, from which `apply` sends exactly what it says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sa_tui.answers.saving import NotSavedError, free_path, save
from sa_tui.cli.exits import UsageError
from sa_tui.org.changes.plan import SecretInPlanError, plan_text

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.cli.changing.command import ChangeCommand, Wanted


def refuse_taken(path: Path) -> None:
    """Raises UsageError if something is at this place: nothing is overwritten."""
    if os.path.lexists(path.expanduser()):
        raise UsageError(
            f"{path} exists, and nothing is overwritten: {free_path(path).name} is free."
        )


def keep(command: ChangeCommand, wanted: Wanted, path: Path) -> None:
    """Writes the changes that are wanted. Raises UsageError."""
    profile = command.profile
    try:
        text = plan_text(
            wanted.changes,
            snapshot=command.snapshot,
            base_url=profile.base_url,
            profile=profile.name,
            now=command.org.now(),
        )
        command.env.tell(f"the plan is in {save(path, text)}")
    except (NotSavedError, SecretInPlanError) as error:
        raise UsageError(str(error)) from None
