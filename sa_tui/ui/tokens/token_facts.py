"""What the page of a new secret says of its token: the facts, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.base.text import one_line
from sa_tui.base.times import until, utc
from sa_tui.ui.kit.place import place

if TYPE_CHECKING:
    from sa_tui.base.label import Label
    from sa_tui.ui.kit.delivery_notes import DeliveryNotes
    from sa_tui.ui.kit.host import Host

_LEAVES = "Enter leaves this page, and the secret is gone from here."
_LEAVES_ONLY = "Enter leaves this page."
_SENT = "Paste the token here as proof: it is compared and never shown. Or deliver it (d)"
_STAYS = "Nobody but this page has the secret. Deliver it (d), copy it (y)"
_OR = ", revoke it (X), or press Enter and type the account's name to leave anyway."


def facts(host: Host, label: Label) -> Text:
    """The token, its account, where it is, and its end."""
    text = Text(f"Token    {one_line(label.token_name)}\n")
    text.append(f"Account  {one_line(label.account_name)}\nWhere    ")
    text.append(place(host, None))
    if label.expires_at is not None:
        time_left = until(label.expires_at, host.now())
        text.append(f"\nExpires  {utc(label.expires_at)}, {time_left}")
    return text


def next_step(notes: DeliveryNotes, *, has_secret: bool, left: str) -> str:
    """What to do next; `left` says what becomes of copies."""
    if notes.confirmed is not None:
        return f"{_LEAVES if has_secret else _LEAVES_ONLY} {left}".rstrip()
    return f"{_SENT if notes.unconfirmed else _STAYS}{_OR}"
