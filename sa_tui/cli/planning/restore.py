"""Gives accounts and teams back the access that they had in a snapshot, as one reviewed change.

The rule it keeps: tokens are no part of it, and what the snapshot does not know is left alone. A
snapshot of another organisation restores nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.base.words import plural
from sa_tui.cli.changing.run import run_wanted
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.cli.finding import find_account_to_change
from sa_tui.cli.planning.wanting import wanted_of
from sa_tui.cli.reading.file import saved_in
from sa_tui.plans.errors import WishError
from sa_tui.plans.restoring import EVERYTHING, ONE_ACCOUNT, wished_of

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.changing.command import ChangeCommand, Wanted
    from sa_tui.cli.environment import Environment
    from sa_tui.org.changes.change import Change
    from sa_tui.org.saved.model import Saved
    from sa_tui.plans.wished import Wished


def run_restore(options: Namespace, env: Environment) -> int:
    """Runs `restore`. Raises UsageError, for a wrong file before it asks Konnect."""
    saved = saved_in(options.to, env, lead="to", use="restored from")
    account_id = _account_id(options.account, saved)
    scope = replace(EVERYTHING, keeps_others=not options.prune)
    if account_id is not None:
        scope = ONE_ACCOUNT
        if options.prune:
            raise UsageError("--prune deletes what was made since: it goes without --account.")
    wished = _wished(saved, options.to, account_id)

    async def make(command: ChangeCommand) -> Wanted:
        _refuse_other(command, saved)
        wanted = await wanted_of(command, wished, scope)
        notes = (*wanted.notes, *_without_tokens(wanted.changes, saved))
        if not saved.is_complete:
            notes += ("The snapshot is not complete: what it does not know is left alone.",)
        return replace(wanted, notes=notes)

    return run_wanted(options, env, make)


def _account_id(text: str | None, saved: Saved) -> str | None:
    """The account that is named exactly, of those that were there. Raises UsageError."""
    listing = saved.snapshot.accounts.value
    if text is None or listing is None:
        return None
    return find_account_to_change(text, listing.rows, incomplete=listing.incomplete).id


def _wished(saved: Saved, name: str, account_id: str | None) -> Wished:
    try:
        return wished_of(saved.snapshot, name=name, account_id=account_id)
    except WishError as error:
        raise StoppedError(f"Nothing was sent. {error}", code=Exit.UNSAFE) from None


def _refuse_other(command: ChangeCommand, saved: Saved) -> None:
    """Raises StoppedError unless the snapshot is of the organisation that is open."""
    there = command.snapshot.organization.value
    then = saved.snapshot.organization.value
    if there is not None and then is not None and there.id == then.id:
        return
    if there is None or then is None:
        reason = "It is not known which organisation this is, or which one the snapshot is of"
    else:
        reason = f"The snapshot is of {one_line(then.name)} ({then.id}), not of this organisation"
    raise StoppedError(f"Nothing was sent. {reason}.", code=Exit.UNSAFE)


def _without_tokens(changes: tuple[Change, ...], saved: Saved) -> tuple[str, ...]:
    """A sentence for each account that is made again: its tokens do not come back."""
    notes = []
    for change in changes:
        if change.verb != "create-account" or change.makes is None:
            continue
        name = change.makes.key
        then = next((row for row in saved.snapshot.accounts.rows if row.name == name), None)
        tokens = saved.snapshot.details_of(then.id).tokens.rows if then is not None else ()
        if tokens:
            count = plural(len(tokens), "token")
            notes.append(f"{one_line(name)} had {count}: none comes back, issue new ones.")
    return tuple(notes)
