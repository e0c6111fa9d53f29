"""The proof by paste: what is pasted is compared with the secret, and never shown or kept."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Literal

from sa_tui.base.secrets import is_token_begun
from sa_tui.handover.clipboard import TEST_WORD
from sa_tui.ui.kit.safe import Input

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr
    from textual import events

PasteOutcome = Literal["same", "other", "test", "nothing"]


def compared(pasted: str, secret: SecretStr | None) -> PasteOutcome:
    """What was pasted: the secret, the word that tests the clipboard, something else, or nothing.

    The comparison takes the same time however much of it is right.
    """
    text = pasted.strip()
    if secret is None or not text:
        return "nothing"
    if hmac.compare_digest(text.encode(), secret.get_secret_value().strip().encode()):
        return "same"
    return "test" if text == TEST_WORD else "other"


class NameField(Input):
    """A field for the account's name; a token that is pasted into it goes to the page instead."""

    def __init__(self, *, placeholder: str, is_secret: Callable[[str], bool]) -> None:
        super().__init__(placeholder=placeholder, id="account-name", compact=True)
        self._is_secret = is_secret

    def on_paste(self, event: events.Paste) -> None:
        """Lets the event go up to the page, and shows nothing of it."""
        if is_token_begun(event.text) or self._is_secret(event.text):
            event.prevent_default()
