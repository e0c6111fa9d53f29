"""Key tables: a row has the key, what it does in words, and the verb if it makes a change.

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
    """One row; `verb` is the change that the action makes, if any."""

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
    """A row for keys that are separated by commas, in the footer by default.

    `id` is what can be typed after `:`, by default the name of the action. `display` is how the key
    is shown, by default its own name.
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
"""A row that is in the help and not in the footer."""


def verb_of(page: DOMNode, action: str) -> Verb | None:
    """The change that an action of the page makes; None when it makes none."""
    rows = (row for row in page.BINDINGS if isinstance(row, Key) and row.action == action)
    return next((row.verb for row in rows), None)
