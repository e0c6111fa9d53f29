"""A buffer of tmux's: confirmed when it is there, and deleted by tmux itself at its time."""

from __future__ import annotations

import secrets
import shlex
import shutil
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

from sa_tui.handover.command import missing_program
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.process import Ended, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

SECRET_SECONDS = 60
"""How long a secret stays in a buffer of tmux's, whatever becomes of this program."""
COPY_TIMEOUT_SECONDS = 10.0
"""How long a program that copies may take."""
BLANK = " "
NO_CLAIM = "there is no way to know whether it worked"


@dataclass(frozen=True)
class TmuxRoute:
    """A buffer of tmux's under a name of its own; tmux sends it on to the terminal.

    With `keep_seconds` each copy has a buffer of its own, named after `buffer`, and tmux itself is
    told to delete it in the same breath: no end of this program can keep the copy alive, and none
    cuts its time short.
    """

    buffer: str
    _: KW_ONLY
    environ: Mapping[str, str] = field(repr=False, compare=False)
    keep_seconds: int | None = None

    @property
    def name(self) -> str:
        """`tmux`."""
        return "tmux"

    def describe(self) -> str:
        """Names the buffer, and how long it holds a copy."""
        for_long = "" if self.keep_seconds is None else f" for {self.keep_seconds} s"
        return f"tmux buffer {self.buffer}{for_long}, sent on to the terminal"

    async def check(self) -> str | None:
        """Says that the tmux server does not answer, or None."""
        missing = missing_program(["tmux"], environ=self.environ)
        if missing:
            return missing
        ended = await self._tmux("list-buffers")
        return None if ended.code == 0 else f"tmux {ended.how}: {ended.output}"

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Loads the buffer; its being there is confirmed by tmux."""
        value, buffer = text.get_secret_value(), self._new_name()
        onward = "sent on to the terminal (cannot be confirmed)"
        ended = await self._load(buffer, value, "-w")
        if not ended.is_success:
            # tmux before 3.2 does not know -w. Trying tells more than a version, which is the
            # client's and not the server's.
            first = ended
            ended = await self._load(buffer, value)
            onward = "not sent on to the terminal: that needs tmux 3.2"
            if not ended.is_success:
                return Delivery("failed", message=f"tmux {first.how}.", detail=first.output)
        for_long = "" if self.keep_seconds is None else f" for {self.keep_seconds} s"
        return Delivery(
            "delivered",
            message=f"In tmux buffer {buffer}{for_long} (confirmed), and {onward}.",
            proof="tmux has it in a buffer",
        )

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Deletes every copy of this route; with `overwrite` blanks the terminal's before."""
        if overwrite:
            await self._tmux("load-buffer", "-w", "-b", self.buffer, "-", text=BLANK)
        for buffer in await self._own_buffers():
            ended = await self._tmux("delete-buffer", "-b", buffer)
            if ended.code != 0 and "unknown buffer" not in ended.output:
                message = f"tmux {ended.how}: buffer {buffer} may still hold the token."
                return Delivery("failed", message=message, detail=ended.output)
        rest = (
            f"a blank was sent to the terminal's clipboard ({NO_CLAIM})"
            if overwrite
            else "the terminal's own clipboard may still hold the token"
        )
        return Delivery("delivered", message=f"Buffer {self.buffer} is gone from tmux; {rest}.")

    def _new_name(self) -> str:
        # A name for each copy: what deletes the first at its time must not hit the second.
        return self.buffer if self.keep_seconds is None else f"{self.buffer}-{secrets.token_hex(3)}"

    async def _load(self, buffer: str, value: str, *options: str) -> Ended:
        # In one order to the server, the deletion first: nothing can come between them.
        return await self._tmux(
            *self._deletion_of(buffer), "load-buffer", *options, "-b", buffer, "-", text=value
        )

    def _deletion_of(self, buffer: str) -> tuple[str, ...]:
        """What has tmux delete the buffer at its time; a shell, since -d came with tmux 3.2."""
        if self.keep_seconds is None:
            return ()
        program = shutil.which("tmux", path=self.environ.get("PATH", "")) or "tmux"
        socket = self.environ.get("TMUX", "").rsplit(",", 2)[0]
        delete = shlex.join([program, "-S", socket, "delete-buffer", "-b", buffer])
        line = f"sleep {self.keep_seconds}; {delete} >/dev/null 2>&1; :"
        return ("run-shell", "-b", line.replace("#", "##"), ";")  # else # begins a format

    async def _own_buffers(self) -> tuple[str, ...]:
        """The buffers of this route that are there; the one it names in any case."""
        if self.keep_seconds is None:
            return (self.buffer,)
        ended = await self._tmux("list-buffers", "-F", "#{buffer_name}")
        names = ended.output.split() if ended.code == 0 else []
        return (*(name for name in names if name.startswith(f"{self.buffer}-")), self.buffer)

    async def _tmux(self, *arguments: str, text: str = "") -> Ended:
        return await run_copier(("tmux", *arguments), text=text, environ=self.environ)


async def run_copier(
    argv: tuple[str, ...], *, text: str, environ: Mapping[str, str], keep_terminal: bool = False
) -> Ended:
    """Runs a program that copies its standard input; one that cannot be started failed."""
    try:
        return await run(
            argv,
            text=text,
            secret=text,
            environ=environ,
            timeout_seconds=COPY_TIMEOUT_SECONDS,
            keep_terminal=keep_terminal,
        )
    except OSError as error:
        return Ended(code=127, unread_bytes=0, output=str(error.strerror))
