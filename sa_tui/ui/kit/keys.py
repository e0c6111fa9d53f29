"""Bindings made from the table of keys: a page adds the action, its own words, and its verb.

The footer, the help, the palette, the names after `:`, and the reason why a key is greyed out all
come from these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from sa_tui.access.verbs import Verb
    from sa_tui.ui.kit.key_table import Means


@dataclass(frozen=True)
class Key(Binding):
    """One row of a page; `verb` is the change that the action makes, if any.

    `takes_marked` is whether the action is done to the marked rows where some are marked.
    """

    verb: Verb | None = None
    takes_marked: bool = False


def bind(
    means: Means,
    action: str,
    label: str = "",
    help: str = "",
    *,
    name: str = "",
    only: str = "",
    verb: Verb | None = None,
    takes_marked: bool = False,
    in_footer: bool = True,
    priority: bool = False,
) -> Key:
    """A row of a page for a row of the table, whose label and words it has unless it has its own.

    `name` is what can be typed after `:`. `only` chooses among the keys of the row. An action whose
    row has no place in the footer is not told there.
    """
    keys = only or means.keys
    if not {*keys.split(",")} <= {*means.keys.split(",")}:
        raise ValueError(f"{only} is not a key for: {means.words}")
    words = means.words[0].upper() + means.words[1:].replace("`", "")
    return Key(
        keys,
        action,
        label or means.label,
        show=in_footer and means.place > 0,
        priority=priority,
        tooltip=help or words,
        id=name or means.command,
        verb=verb,
        takes_marked=takes_marked,
    )


def row_of(page: DOMNode, action: str) -> Key | None:
    """The row of the page for this action; None when it has none."""
    rows = (row for row in page.BINDINGS if isinstance(row, Key) and row.action == action)
    return next(rows, None)


def verb_of(page: DOMNode, action: str) -> Verb | None:
    """The change that an action of the page makes; None when it makes none."""
    row = row_of(page, action)
    return row.verb if row is not None else None
