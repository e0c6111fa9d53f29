"""How the application asks what stands in the way of a change, and tells what to know before it.

Every door to a change comes through here: what one refuses, all refuse, in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.access.doors import door
from sa_tui.access.refusals import refusal
from sa_tui.access.verbs import Target
from sa_tui.ui.kit.safe import shown_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sa_tui.access.stakes import Caution
    from sa_tui.access.verbs import Verb
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.kit.table.table import LineTable


def why_not(app: Host, verb: Verb, targets: Sequence[Target], *, marked: int = 0) -> str:
    """Why the verb cannot be done to these, in a sentence; empty when it can."""
    return refusal(
        verb, targets, snapshot=app.snapshot, is_read_only=app.is_read_only, marked=marked
    )


def is_refused(app: Host, verb: Verb, targets: Sequence[Target]) -> bool:
    """Whether the verb cannot be done to these; says why, if so."""
    if reason := why_not(app, verb, targets):
        app.say(reason, is_error=True)
    return bool(reason)


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Of changes that were made before, those that can be sent now, and what to know of them.

    `left_out` says of each of the others why it cannot, in a sentence.
    """

    changes: list[Change]
    left_out: list[str]
    found: list[Caution]


def why_not_now(app: Host, change: Change) -> str:
    """Why a change that was made before cannot be sent now; empty when it can."""
    verb, target = door(change, app.snapshot)
    return refusal(
        verb,
        [target],
        snapshot=app.snapshot,
        is_read_only=app.is_read_only,
        takes_unread=True,
    )


async def pass_again(app: Host, changes: Sequence[Change], org: Org) -> Passed:
    """Asks the guards about changes that were made before, after reading what they have to know."""
    doors = [door(change, org.snapshot) for change in changes]
    accounts = {each.account_id for _, each in doors if each.account_id is not None}
    teams = {each.team_id for _, each in doors if each.team_id is not None}
    if teams:
        await org.read_teams()
        await org.read_team_details(sorted(teams), again=True)
    await org.read_details(sorted(accounts))
    await read_powers(org, accounts)
    passed = Passed(changes=[], left_out=[], found=[])
    for change in changes:
        if reason := why_not_now(app, change):
            passed.left_out.append(f"Left out: {change.title}. {reason}")
            continue
        passed.changes.append(change)
        verb, target = door(change, org.snapshot)
        passed.found.extend(cautions(app, verb, [target], org.snapshot))
    return replace(
        passed,
        changes=careful(passed.changes, passed.found),
        found=list(dict.fromkeys(passed.found)),
    )


def chosen(table: LineTable, verb: Verb) -> tuple[list[str], int]:
    """The keys that a verb would be done to, and how many rows are marked that it cannot take.

    Marks win, also those that a filter hides.
    """
    cursor = [table.cursor_key] if table.cursor_key is not None else []
    if not table.marks or table.marks == set(cursor):
        return cursor, 0
    if not verb.takes_several:
        return cursor, len(table.marks)
    shown = [key for key in table.keys if key in table.marks]
    return [*shown, *sorted(table.marks - set(shown))], 0


REMOVALS_TO_TYPE = 5
"""From so many removals at once on, their number has to be typed."""

_LONGEST_TO_TYPE = 40


def text_to_type(changes: Sequence[Change]) -> str | None:
    """What has to be typed to confirm these changes, or None when y is enough."""
    removals = sum(change.request.method == "DELETE" for change in changes)
    if len(changes) > 1:
        has_to = removals >= REMOVALS_TO_TYPE or any(each.level == "type" for each in changes)
        return str(len(changes)) if has_to else None
    if changes[0].level != "type":
        return None
    ids = changes[0].ids
    return typeable(changes[0].confirm_text, ids.account_id or ids.team_id or "")


def typeable(name: str, id: str) -> str:
    """What is typed to confirm something of this name: the id's beginning where nobody can."""
    name = name.strip()
    if name.isascii() and name.isprintable() and 0 < len(name) <= _LONGEST_TO_TYPE:
        return name
    return id[:8] or "yes"


def ask_first(app: Host, verb: Verb, account_id: str, go_on: Callable[[], object]) -> None:
    """Goes on at once, or after the account's name was typed where there is something to know."""
    targets = [Target(account_id=account_id)]
    account = app.snapshot.account(account_id)
    if is_refused(app, verb, targets) or account is None:
        return
    if not (found := cautions(app, verb, targets, app.snapshot)):
        go_on()
        return
    from sa_tui.ui.kit.confirm import ConfirmDialog

    def answered(answer: str | None) -> None:
        if answer == "yes":
            go_on()

    title = f"{verb.title}: {account.name or account.id}"
    reasons = [caution.text for caution in found]
    dialog = ConfirmDialog(title, reasons, to_type=typeable(account.name, account.id))
    app.push_screen(dialog, answered)


def cautions(
    app: Host, verb: Verb, targets: Sequence[Target], snapshot: Snapshot
) -> tuple[Caution, ...]:
    """What to know before the verb is done to these."""
    from sa_tui.access.stakes import cautions as known  # the models, which a start does without

    return known(verb, targets, snapshot=snapshot, now=app.now())


def careful(changes: Iterable[Change], found: Sequence[Caution]) -> list[Change]:
    """The changes, to be confirmed by typing where a caution asks for it."""
    if any(caution.is_typed for caution in found):
        return [replace(change, level="type") for change in changes]
    return list(changes)


def warned(preview: Text | str, found: Sequence[Caution]) -> Text:
    """What is told before changes, the cautions first."""
    lines = [shown_line(Text(each.text, style="bold red")) for each in found]
    return Text("\n").join([*lines, *([Text.assemble(preview)] if preview else [])])


async def read_powers(org: Org, account_ids: Iterable[str]) -> None:
    """Reads who else is an administrator where one of these accounts may be the last."""
    from sa_tui.access.stakes import read_powers as read

    await read(org, account_ids)
