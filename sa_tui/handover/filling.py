"""Fills the names of the account, the token and the organisation into a path or a command.

The names are reduced to lower-case letters, digits and dashes: whatever they hold, they change
neither the number of arguments nor the directory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sa_tui.handover.formats import slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.base.label import Label

ORGANISATION = "{organisation}"

_PLACEHOLDER = re.compile(r"\{(account|token|organisation)\}")
_MEND = {
    "{repository}": "Put OWNER/NAME in place of {repository} in the command.",
    "{recipient}": "Put the recipient's key in place of {recipient} in the command.",
    ORGANISATION: "The name of the organisation is not known: write it in place of {organisation}.",
}


def fill(argv: Sequence[str], label: Label) -> tuple[str, ...]:
    """The arguments with the names in place of the placeholders.

    None begins with a dash because of them. The name of an organisation that is not known is not
    filled in.
    """
    return tuple(fill_text(part, label) for part in argv)


def fill_text(text: str, label: Label) -> str:
    """A text with the names in place of the placeholders."""
    names = {"account": slug(label.account_name), "token": slug(label.token_name)}
    if label.organization_name:
        names["organisation"] = slug(label.organization_name)
    return _PLACEHOLDER.sub(lambda found: names.get(found[1], found[0]), text)


def why_unfilled(placeholder: str) -> str:
    """What to do about a placeholder that is left."""
    return _MEND[placeholder]
