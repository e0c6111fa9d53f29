"""What several changes are called together: the title of their review, and of their undoing.

The rule it keeps: an undo has a title of its own, which says what it does and not what it undoes.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sa_tui.org.changes.change import Change, VerbName

KINDS: Mapping[VerbName, str] = MappingProxyType(
    {
        "create-account": "Create system account",
        "rename-account": "Rename system account",
        "describe-account": "Describe system account",
        "delete-account": "Delete system account",
        "rename-token": "Rename token",
        "revoke-token": "Revoke token",
        "give-role": "Give role",
        "take-role": "Remove role",
        "create-team": "Create team",
        "edit-team": "Edit team",
        "delete-team": "Delete team",
        "join-team": "Join team",
        "leave-team": "Leave team",
    }
)
"""What each kind of change does, for the heading of its rows."""

# The act, its object, and the word before the name of what it is done to.
_ACTS: Mapping[VerbName, tuple[str, str, str]] = MappingProxyType(
    {
        "create-account": ("Create", "system account", ""),
        "rename-account": ("Rename", "system account", ""),
        "describe-account": ("Describe", "system account", ""),
        "delete-account": ("Delete", "system account", ""),
        "rename-token": ("Rename", "token", "of"),
        "revoke-token": ("Revoke", "access token", "of"),
        "give-role": ("Give", "role", "to"),
        "take-role": ("Remove", "role", "from"),
        "create-team": ("Create", "team", ""),
        "edit-team": ("Edit", "team", ""),
        "delete-team": ("Delete", "team", ""),
        "join-team": ("Begin", "membership", "of"),
        "leave-team": ("End", "membership", "of"),
    }
)
_BACK: Mapping[str, str] = MappingProxyType(
    {"Give": "give back", "Remove": "take back", "Begin": "begin again"}
)


def in_order(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes by their kind, the kinds and what is in each in the order they came in."""
    kinds = list(dict.fromkeys(change.verb for change in changes))
    return tuple(sorted(changes, key=lambda change: kinds.index(change.verb)))


def title_of(changes: Sequence[Change]) -> str:
    """What these changes do, as a question: `Revoke 20 access tokens?`."""
    return f"{_acts(changes, is_undo=False)}?"


def undo_title(changes: Sequence[Change]) -> str:
    """What these changes do, if they undo others: `Undo: give back 3 roles to ci-eu?`."""
    return f"Undo: {_acts(changes, is_undo=True)}?"


def retry_title(changes: Sequence[Change]) -> str:
    """What these changes do, if they were tried before: `Try again: give 2 roles to ci-eu?`."""
    text = _acts(changes, is_undo=False)
    return f"Try again: {text[:1].lower()}{text[1:]}?"


def _acts(changes: Sequence[Change], *, is_undo: bool) -> str:
    verbs = {change.verb for change in changes}
    if len(verbs) != 1:
        text = f"Make {plural(len(changes), 'change')}"
        return text.lower() if is_undo else text
    act, noun, before_name = _ACTS[next(iter(verbs))]
    if is_undo:
        act = _BACK.get(act, act.lower())
    count = plural(len(changes), noun) if before_name or len(changes) > 1 else noun
    names = {_name(change) for change in changes}
    if len(names) > 1:
        return f"{act} {count}"
    name = one_line(names.pop(), limit=PROSE_LIMIT)
    return " ".join(filter(None, (act, count, before_name, name)))


def _name(change: Change) -> str:
    """The name of what is changed, which is a field of what is created or deleted."""
    if change.subject or not change.fields:
        return change.subject
    return change.fields[0].after or change.fields[0].before or ""
