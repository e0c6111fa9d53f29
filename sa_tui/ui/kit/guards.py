"""How the application asks whether a change is refused, and what the operator must know before.

Every way to a change comes through here: what one refuses, all refuse, in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sa_tui.access.change_verbs import verb_and_target
from sa_tui.access.refusals import refusal
from sa_tui.access.verbs import Target
from sa_tui.ui.kit.table.marking import marked_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sa_tui.access.stakes import Caution
    from sa_tui.access.verbs import Verb
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.kit.table.table import LineTable


def why_not(host: Host, verb: Verb, targets: Sequence[Target], *, marked: int = 0) -> str:
    """Why the verb cannot be done to these, in a sentence; empty when it can."""
    return refusal(
        verb,
        targets,
        snapshot=host.snapshot,
        is_read_only=_is_closed(host, verb),
        marked=marked,
    )


def _is_closed(host: Host, verb: Verb) -> bool:
    """Whether the verb cannot even be planned: in a read-only profile, a new token cannot."""
    return host.profile is None or (host.is_read_only and verb.makes_token)


def is_refused(host: Host, verb: Verb, targets: Sequence[Target]) -> bool:
    """Whether the verb cannot be done to these; says why, if so."""
    if reason := why_not(host, verb, targets):
        host.say(reason, is_error=True)
    return bool(reason)


@dataclass(frozen=True, kw_only=True)
class Passed:
    """The changes of an earlier time that can be sent now.

    `left_out` has a sentence for each of the others: why it cannot be sent.
    """

    changes: list[Change]
    left_out: list[str]


def why_not_now(host: Host, change: Change) -> str:
    """Why a change of an earlier time cannot be sent now; empty when it can."""
    verb, target = verb_and_target(change, host.snapshot)
    return refusal(
        verb,
        [target],
        snapshot=host.snapshot,
        is_read_only=_is_closed(host, verb),
        takes_unread=True,
    )


async def pass_again(host: Host, changes: Sequence[Change], org: Org) -> Passed:
    """Reads what the guards need, then asks them about changes of an earlier time."""
    targets = [verb_and_target(change, org.snapshot)[1] for change in changes]
    account_ids = {target.account_id for target in targets if target.account_id is not None}
    team_ids = {target.team_id for target in targets if target.team_id is not None}
    if team_ids:
        await org.read_teams()
        await org.read_team_details(sorted(team_ids), again=True)
    await org.read_details(sorted(account_ids))
    await read_powers(org, account_ids)
    allowed: list[Change] = []
    left_out: list[str] = []
    for change in changes:
        if reason := why_not_now(host, change):
            left_out.append(f"Left out: {change.title}. {reason}")
        else:
            allowed.append(change)
    return Passed(changes=allowed, left_out=left_out)


def chosen(table: LineTable, verb: Verb) -> tuple[list[str], int]:
    """The keys that a verb would be done to, and how many rows are marked that it cannot take.

    Marked rows come before the row under the cursor, also when a filter hides them.
    """
    return _chosen(table, verb, most=len(table.marks))


def looked_at(table: LineTable, verb: Verb) -> tuple[list[str], int]:
    """Of what is chosen as much as is looked at to grey a key out; the verb itself looks at all.

    Among ten thousand marked rows, to look at all of them would hold up every mark.
    """
    return _chosen(table, verb, most=_MOST_LOOKED_AT)


def _chosen(table: LineTable, verb: Verb, *, most: int) -> tuple[list[str], int]:
    marks = table.marks
    cursor = [table.cursor_key] if table.cursor_key is not None else []
    if not marks or marks == set(cursor):
        return cursor, 0
    if not verb.takes_several:
        return cursor, len(marks)
    return list(islice(table.marks_in_order, most)), 0


def notes_of_hidden(table: LineTable) -> tuple[str, ...]:
    """What is to be said before the marked rows are changed, unless all of them are shown."""
    is_hidden = table.hidden_marks > 0
    return (f"{marked_words(table)}: they are changed as well.",) if is_hidden else ()


_MOST_LOOKED_AT = 100

REMOVALS_TO_TYPE = 5
"""So many removals at once, or more, are confirmed by typing their number."""

_LONGEST_TO_TYPE = 40


def text_to_type(changes: Sequence[Change]) -> str | None:
    """What has to be typed to confirm these changes, or None when Y is enough."""
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


def ask_first(host: Host, verb: Verb, account_id: str, go_on: Callable[[], object]) -> None:
    """Goes on at once, or when there are cautions, after the account's name was typed."""
    targets = [Target(account_id=account_id)]
    account = host.snapshot.account(account_id)
    if is_refused(host, verb, targets) or account is None:
        return
    if not (known_cautions := cautions(host, verb, targets, host.snapshot)):
        go_on()
        return
    from sa_tui.ui.kit.confirm import ConfirmDialog

    def answered(answer: str | None) -> None:
        if answer == "yes":
            go_on()

    title = f"{verb.title}: {account.name or account.id}"
    texts = [caution.text for caution in known_cautions]
    dialog = ConfirmDialog(title, texts, to_type=typeable(account.name, account.id))
    host.push_screen(dialog, answered)


def cautions(
    host: Host, verb: Verb, targets: Sequence[Target], snapshot: Snapshot
) -> tuple[Caution, ...]:
    """What to know before the verb is done to these."""
    from sa_tui.access.stakes import cautions as find  # its models would slow the start

    return find(verb, targets, snapshot=snapshot, now=host.now())


async def read_powers(org: Org, account_ids: Iterable[str]) -> None:
    """Reads the other administrators if one of these accounts may be the last."""
    from sa_tui.access.stakes import read_powers as read

    await read(org, account_ids)
