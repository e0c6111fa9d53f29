"""Writes reviewed changes to a file for its owner alone, in the directory of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.org.changes.change import Change
    from sa_tui.ui.kit.host import Host


def save_plan(host: Host, changes: Sequence[Change]) -> tuple[str, bool]:
    """Writes the changes; returns what happened in words, and whether the file is there."""
    from sa_tui.answers.saving import NotSavedError, free_path, save
    from sa_tui.base.private_file import make_private_directory
    from sa_tui.org.changes.plan import SecretInPlanError, plan_text

    if not changes:
        return "Every change is switched off: nothing was written.", False
    profile, now = host.profile, host.now()
    directory = host.records.path("plans")
    try:
        text = plan_text(
            changes,
            snapshot=host.snapshot,
            base_url=profile.base_url if profile is not None else "",
            profile=profile.name if profile is not None else "",
            now=now,
        )
        make_private_directory(directory)
        place = save(free_path(directory / f"{now:%Y-%m-%d-%H%M%S}.json"), text)
    except (NotSavedError, SecretInPlanError) as error:
        return str(error), False
    except OSError as error:
        return f"{directory} cannot be made: {error.strerror}.", False
    return f"The plan of {plural(len(changes), 'change')} is in {place}.", True
