"""One secret on the screen: masked, or revealed for some seconds.

It is masked again after a while and whenever nobody may be looking, and the widget keeps nothing
of it once it is dropped. Python cannot wipe the memory that a `str` was in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cached_cell_len
from rich.text import Text
from textual.message import Message
from textual.reactive import reactive

from sa_tui.base.secrets import chunks, is_drawable, mask
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import SecretStr

REVEAL_SECONDS = 20.0


class SecretLine(Static):
    """Shows the secret masked, or revealed: whole on one line and below in groups."""

    class Masked(Message):
        """The secret was revealed and is masked again."""

    is_revealed: reactive[bool] = reactive(False, init=False)

    def __init__(self, secret: SecretStr, *, sleep: Callable[[float], Awaitable[None]]) -> None:
        super().__init__(mask(secret), id="secret", markup=False)
        self._secret: SecretStr | None = secret
        self._sleep = sleep

    def on_unmount(self) -> None:
        # Rich remembers the width of every text that was drawn, by the text itself.
        cached_cell_len.cache_clear()

    @property
    def allow_select(self) -> bool:
        """Whether the mouse can select it: only while it is revealed."""
        return self.is_revealed

    @property
    def is_drawable(self) -> bool:
        """Whether it can be revealed: a terminal could obey the characters of an odd secret."""
        return self._secret is not None and is_drawable(self._secret)

    def drop(self) -> None:
        """Forgets the secret."""
        self._secret = None
        self.is_revealed = False

    def watch_is_revealed(self, is_revealed: bool) -> None:
        self.set_class(is_revealed, "revealed")
        if self._secret is None:
            self.update("")
        elif is_revealed and self.is_drawable:
            text = Text(self._secret.get_secret_value(), style="bold")
            text.append("\n" + " ".join(chunks(self._secret)), style="not bold dim")
            self.update(text)
            self.run_worker(self._mask_later(), group="later", exclusive=True)
        else:
            self.screen.clear_selection()
            self.update(mask(self._secret))
            self.post_message(self.Masked())

    async def _mask_later(self) -> None:
        await self._sleep(REVEAL_SECONDS)
        self.is_revealed = False
