"""Undoes a change of the log: the one that is named, or the last.

The rule it keeps: the last change is the newest that was made here. If it cannot be undone, no
older one takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.effects.guards import read_for_guards
from sa_tui.base.text import one_line
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.konnect.errors import KonnectError, NotFound
from sa_tui.org.changes.words import undo_title

if TYPE_CHECKING:
    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.org.changes.change import Change
    from sa_tui.org.logged import LoggedAction

_EDITS = ("rename-account", "describe-account", "rename-token", "edit-team")

FEWEST_CHARACTERS = 4
"""So many characters of an id name a change, if no other begins so."""


async def undo(command: ChangeCommand) -> Wanted:
    """The change that undoes another, made again from what Konnect has now.

    Raises StoppedError if it cannot be undone.
    """
    organization = command.snapshot.organization.value
    here = organization.id if organization is not None else None
    action = _chosen(command, here)
    if action.outcome == "undone":
        raise StoppedError(f"{_about(action)} was undone already.", code=Exit.ALREADY)
    if reason := action.why_no_undo(here):
        raise StoppedError(f"Nothing was sent. {_about(action)}: {reason}", code=Exit.UNSAFE)
    plan = action.undo_plan
    if plan is None:
        raise UsageError(f"{_about(action)} has nothing to undo.")
    try:
        change = await command.org.rebuilt(plan)
    except KonnectError as error:
        # What it is about is gone, or the error is one of its own.
        if isinstance(error, NotFound) or type(error) is KonnectError:
            text = f"Nothing was sent. {_about(action)} cannot be undone any more. {error}"
            raise StoppedError(text, code=Exit.CONFLICT) from error
        raise
    _refuse_overtaken(action, change)
    command.actions.remade(action.number, change)
    await read_for_guards([change], command.org)
    return Wanted(changes=(change,), title=undo_title([change]))


def _chosen(command: ChangeCommand, here: str | None) -> LoggedAction:
    """The change that is named, or the newest that was made in this organisation."""
    text, earlier = command.options.id, command.actions.earlier
    if text is None:
        made = (one for one in earlier if one.outcome == "done" and one.organization_id == here)
        action = next(made, None)
        if action is None:
            raise UsageError("Nothing was changed in this organisation from here.")
        return action
    matching = [one for one in earlier if one.id.startswith(text.lower())]
    if len(matching) == 1 and len(text) >= FEWEST_CHARACTERS:
        return matching[0]
    what = "There is no change" if not matching else "There is more than one change"
    raise UsageError(f"{what} with the id {one_line(text)!r}: `sa-tui log` lists them.")


def _refuse_overtaken(action: LoggedAction, change: Change) -> None:
    """Raises StoppedError if somebody changed since what the change would put back."""
    left = {field.name: field.after for field in action.fields}
    for field in change.fields if change.verb in _EDITS else ():
        if (field.before or "") != (left.get(field.name) or ""):
            now = one_line(field.before or "") or "empty"
            raise StoppedError(
                f"Nothing was sent. {_about(action)}: somebody changed the {field.name} since, it "
                f"is {now} now.",
                code=Exit.CONFLICT,
            )


def _about(action: LoggedAction) -> str:
    return f"{action.id} ({action.title})"
