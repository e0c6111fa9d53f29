"""How the application asks whether a change is refused, and what the operator must know before.

Every way to a change comes through here: what one refuses, all refuse, in the same words.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sa_tui.access.effects.guards import typeable
from sa_tui.access.refusals import refusal
from sa_tui.access.verbs import Target
from sa_tui.ui.kit.table.marking import marked_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sa_tui.access.stakes import Caution
    from sa_tui.access.verbs import Verb
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
