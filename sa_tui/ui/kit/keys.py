"""Key tables: a row says the key, what it does in words, and which change it makes, if it is one.

The footer, the help, the palette, the names after `:`, and the reason why a key is greyed out all
come from these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from sa_tui.access.verbs import Verb


@dataclass(frozen=True)
class Key(Binding):
    """One row; `verb` is the change that the action makes."""

    verb: Verb | None = None


def main_key(
    keys: str,
    action: str,
    label: str,
    help: str = "",
    *,
    id: str = "",
    verb: Verb | None = None,
    display: str | None = None,
    priority: bool = False,
    in_footer: bool = True,
) -> Key:
    """A row, in the footer unless told, for keys that are separated by commas.

    `id` is what can be typed after `:`, the action's name unless told; `display` how the key is
    shown, where not by its own name.
    """
    return Key(
        keys,
        action,
        label,
        show=in_footer,
        key_display=display,
        priority=priority,
        tooltip=help,
        id=id or action.replace("_", "-"),
        verb=verb,
    )


more_key = partial(main_key, in_footer=False)
"""A row that the help tells of, and the footer has no room for."""


def verb_of(page: DOMNode, action: str) -> Verb | None:
    """The change that an action of the page makes; None when it makes none."""
    rows = (row for row in page.BINDINGS if isinstance(row, Key) and row.action == action)
    return next((row.verb for row in rows), None)
