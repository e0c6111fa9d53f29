"""What refuses a change, and what has to be typed to confirm some.

The rule it keeps: every way to a change asks here, so that what one refuses, all refuse, in the
same words, and no way confirms more lightly than another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.change_verbs import verb_and_target
from sa_tui.access.refusals import refusal
from sa_tui.org.changes.new_ids import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org

REMOVALS_TO_TYPE = 5
"""So many removals at once, or more, are confirmed by typing their number."""

_LONGEST_TO_TYPE = 40


def refused(change: Change, snapshot: Snapshot, *, is_read_only: bool) -> str:
    """Why the change cannot be made now, in a sentence; empty when it can.

    What was not read refuses nothing: ask `read_for_guards` first. What an earlier change makes
    refuses nothing either.
    """
    if change.needs:
        from sa_tui.access.effects.planned import with_new  # it loads the models

        snapshot = with_new([change], snapshot)
    verb, target = verb_and_target(change, snapshot)
    return refusal(verb, [target], snapshot=snapshot, is_read_only=is_read_only, takes_unread=True)


async def read_for_guards(changes: Iterable[Change], org: Org) -> None:
    """Reads what the guards need to know about these changes."""
    from sa_tui.access.stakes import read_powers  # it loads the models

    targets = [verb_and_target(change, org.snapshot)[1] for change in changes]
    account_ids = {id for target in targets if (id := target.account_id) and not is_placeholder(id)}
    team_ids = {id for target in targets if (id := target.team_id) and not is_placeholder(id)}
    if team_ids:
        await org.read_teams()
        await org.read_team_details(sorted(team_ids), again=True)
    await org.read_details(sorted(account_ids))
    await read_powers(org, account_ids)


@dataclass(frozen=True, kw_only=True)
class Passed:
    """The changes of an earlier time that can be sent now.

    `left_out` has a sentence for each of the others: why it cannot be sent.
    """

    changes: list[Change]
    left_out: list[str]


async def pass_again(changes: Sequence[Change], org: Org, *, is_read_only: bool) -> Passed:
    """Reads what the guards need, then asks them about changes of an earlier time."""
    await read_for_guards(changes, org)
    allowed: list[Change] = []
    left_out: list[str] = []
    for change in changes:
        if reason := refused(change, org.snapshot, is_read_only=is_read_only):
            left_out.append(f"Left out: {change.title}. {reason}")
        else:
            allowed.append(change)
    return Passed(changes=allowed, left_out=left_out)


def to_type(changes: Sequence[Change]) -> str | None:
    """What has to be typed to confirm these changes, or None when a yes is enough.

    Their levels are those that `consequences` gives them.
    """
    removals = sum(change.request.method == "DELETE" for change in changes)
    is_typed = any(change.level == "type" for change in changes)
    if len(changes) > 1:
        return str(len(changes)) if is_typed or removals >= REMOVALS_TO_TYPE else None
    if not is_typed:
        return None
    ids = changes[0].ids
    return typeable(changes[0].confirm_text, ids.account_id or ids.team_id or "")


def typeable(name: str, id: str) -> str:
    """The name to type as a confirmation, or the beginning of the id if it is hard to type."""
    name = name.strip()
    if name.isascii() and name.isprintable() and 0 < len(name) <= _LONGEST_TO_TYPE:
        return name
    return id[:8] or "yes"
