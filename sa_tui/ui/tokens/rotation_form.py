"""The form that orders the successor of an access token; the old token keeps working."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from sa_tui.base.times import MAX_LIFETIME, MIN_LIFETIME, in_words
from sa_tui.org.rotating import NAME_CHARACTERS, next_name, parse_idle
from sa_tui.org.summary import in_days
from sa_tui.records.rotations import IDLE_FOR
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.tokens.issue_form import DEFAULT_LIFETIME, IssueForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.issuing import Order


class RotationForm(IssueForm):
    """Proposes the next name and the lifetime that the old token had."""

    is_rotation = True

    def __init__(
        self,
        account: SystemAccount,
        old: AccessToken,
        *,
        rotate: Callable[[Order, timedelta, IssueForm], None],
    ) -> None:
        super().__init__(account, place=lambda *_: None)
        self._rotate = rotate
        self._old = old
        self.heading = f"Rotate token {old.name}: issue its successor"
        self.lifetime = lifetime_of(old) or DEFAULT_LIFETIME

    @property
    def crumb(self) -> str:
        return "Rotate"

    def compose_more(self) -> ComposeResult:
        used = in_days(self._old, "last_used_at", self.host.now(), absent="never")
        with Horizontal(classes="field"):
            yield Static("Idle", classes="caption", markup=False)
            yield Input(in_words(IDLE_FOR).replace(" ", ""), id="idle", compact=True)
        with Horizontal(classes="fact"):
            yield Static("Old token", classes="caption", markup=False)
            yield Static(
                f"last used {'unknown' if used == '?' else used}; it keeps working. Retire it (R) "
                "once it has been idle for that long.",
                classes="value",
                markup=False,
            )

    def free_name(self, taken: set[str]) -> str:
        """The next name after the old token's."""
        name = next_name(self._old.name, taken=taken, now=self.host.now())
        return name if len(name) <= NAME_CHARACTERS else super().free_name(taken)

    def place(self, order: Order) -> None:
        """Orders the successor, unless the idle time cannot be read."""
        try:
            idle_for = parse_idle(self.query_one("#idle", Input).value)
        except ValueError as error:
            self.explain(str(error))
        else:
            self._rotate(order, idle_for, self)


def lifetime_of(token: AccessToken) -> str:
    """The lifetime that the token was given, as it is typed; empty when it is not known."""
    if token.created_at is None or token.expires_at is None:
        return ""
    days = round((token.expires_at - token.created_at) / timedelta(days=1))
    return f"{days}d" if MIN_LIFETIME <= timedelta(days=days) <= MAX_LIFETIME else ""
