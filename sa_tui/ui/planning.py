"""Opens a wished state, or a plan that was saved, in the review: `:plan FILE`.

The rule it keeps: everything is read again first, and nothing is sent but from the review. What a
file does not say is left alone.
"""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.base.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.org.changes.change import Change
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host


async def open_plan(host: Host, name: str) -> None:
    """Reviews what the file wishes for; says why not, or that everything is so."""
    from sa_tui.konnect.errors import KonnectError
    from sa_tui.plans.errors import FileError, WishError
    from sa_tui.plans.saved import SavedPlanError, is_saved_plan
    from sa_tui.plans.tree import LARGEST_BYTES

    if (org := host.org) is None:
        host.say("No organisation is open.", is_error=True)
        return
    screen = host.screen
    try:
        content = await asyncio.to_thread(_content, name, LARGEST_BYTES + 1)
        host.say(f"Reading what {one_line(name)} is about…")
        make = _of_saved if is_saved_plan(content) else _of_wish
        changes, notes = await make(org, name, content)
    except OSError as error:
        host.say(f"{one_line(name)} cannot be read: {error.strerror or error}.", is_error=True)
        return
    except WishError as error:
        host.say(" ".join(error.reasons), is_error=True)
        return
    except (FileError, SavedPlanError, KonnectError, ValueError) as error:
        host.say(f"{one_line(str(error)).removesuffix('.')}.", is_error=True)
        return
    if host.screen is not screen or host.org is not org:
        return
    _review(host, name, changes, notes)


def _content(name: str, size: int) -> bytes:
    path = Path(name).expanduser()
    if path.exists() and not path.is_file():  # a pipe would wait for its writer
        raise OSError(errno.EINVAL, "it is not a regular file")
    with path.open("rb") as file:
        return file.read(size)


def _review(host: Host, name: str, changes: Sequence[Change], notes: Sequence[str]) -> None:
    from sa_tui.access.effects.guards import refused

    snapshot = host.snapshot
    reasons = (refused(change, snapshot, is_read_only=False) for change in changes)
    if texts := list(dict.fromkeys(filter(None, reasons))):
        host.say(" ".join(texts), is_error=True)
    elif not changes:
        host.say(" ".join((f"Everything that {one_line(name)} wishes for is so.", *notes)))
    else:
        title = f"{plural(len(changes), 'change')} for {one_line(Path(name).name)}?"
        host.review(title, changes, notes=notes)


async def _of_wish(org: Org, name: str, content: bytes) -> tuple[Sequence[Change], Sequence[str]]:
    """The changes that make a wished state so, and what to know before."""
    from sa_tui.plans.form import read_wished
    from sa_tui.plans.reading import planned_in
    from sa_tui.plans.scope import NOTHING

    wished = read_wished([(name, content)])
    await org.load_accounts()
    planned = await planned_in(org, wished, NOTHING, again=True)
    notes = [*planned.notes, *(f"{unread}." for unread in planned.unread)]
    if planned.unchanged:
        notes.append(f"{plural(len(planned.unchanged), 'thing')} as wished for already.")
    return planned.changes, notes


async def _of_saved(org: Org, name: str, content: bytes) -> tuple[Sequence[Change], Sequence[str]]:
    """What of a saved plan is still to be sent. Raises SavedPlanError if it cannot be."""
    from sa_tui.plans.checking.check import why_not_here
    from sa_tui.plans.reading import checked_in
    from sa_tui.plans.saved import SavedPlanError, read_plan

    plan = read_plan(content)
    if reason := why_not_here(plan, org.snapshot):
        raise SavedPlanError(reason)
    await org.load_accounts()
    checked = await checked_in(org, plan, again=True)
    if reason := checked.why_not:
        raise SavedPlanError(f"{one_line(name)}: {reason}")
    done = f"{plural(len(checked.already), 'change')} of it done already."
    return checked.changes, (plan.origin, *((done,) if checked.already else ()))
