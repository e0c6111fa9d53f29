"""The operator's clipboard, over SSH too; a route claims no more than what it knows.

    the command in SA_TUI_COPY_COMMAND     its exit code
    tmux load-buffer -w                    in the tmux buffer for certain, the terminal perhaps
    OSC 52 wrapped for GNU screen          perhaps
    OSC 52                                 perhaps
    a tool of the desktop                  its exit code; only when this is no SSH session

No terminal confirms OSC 52, and tmux and screen drop it unless they are asked in their own way.
"""

from __future__ import annotations

import base64
import os
import shlex
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from sa_tui.handover.command import missing_program
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.process import Ended, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

    from sa_tui.handover.delivery import Label, Status

TEST_WORD = "sa-tui-clipboard-test"
"""What `send_test` sends; the operator pastes it somewhere and sees that the route works."""

COPY_COMMAND = "SA_TUI_COPY_COMMAND"

_PAYLOAD_LIMIT_BYTES = 74_994  # terminals give up at sequences of 100,000 bytes
_SCREEN_CHUNK_BYTES = 700  # GNU screen drops strings longer than 768 bytes
_BLANK = " "
_NO_CLAIM = "there is no way to know whether it worked"
_TIMEOUT_SECONDS = 10.0
_NO_OSC_52 = frozenset({"", "dumb", "linux"})


class Route(Protocol):
    """One way to the operator's clipboard."""

    @property
    def name(self) -> str:
        """A short name, such as `tmux`."""

    def describe(self) -> str:
        """Say which way it goes and what will be known."""

    async def check(self) -> str | None:
        """Say what stands in the way and what to do, or None."""

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Copy the text; `write` puts an escape sequence on the operator's terminal."""

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Take back what can be taken back for certain.

        With `overwrite` the clipboard itself is replaced by a blank: ask first, since it may hold
        something else by now.
        """


@dataclass(frozen=True)
class TmuxRoute:
    """A buffer of tmux's under a name of its own; tmux sends it on to the terminal."""

    buffer: str
    _: KW_ONLY
    environ: Mapping[str, str] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """`tmux`."""
        return "tmux"

    def describe(self) -> str:
        """Name the buffer."""
        return f"tmux buffer {self.buffer}, sent on to the terminal"

    async def check(self) -> str | None:
        """Say that the tmux server does not answer, or None."""
        missing = missing_program(["tmux"], environ=self.environ)
        if missing:
            return missing
        ended = await self._tmux("list-buffers")
        return None if ended.code == 0 else f"tmux {ended.how}: {ended.output}"

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Load the buffer; its being there is confirmed by tmux."""
        value = text.get_secret_value()
        onward = "sent on to the terminal (cannot be confirmed)"
        ended = await self._tmux("load-buffer", "-w", "-b", self.buffer, "-", text=value)
        if not ended.is_success:
            # tmux before 3.2 does not know -w. Trying tells more than a version, which is the
            # client's and not the server's.
            first = ended
            ended = await self._tmux("load-buffer", "-b", self.buffer, "-", text=value)
            onward = "not sent on to the terminal: that needs tmux 3.2"
            if not ended.is_success:
                return Delivery("failed", message=f"tmux {first.how}.", detail=first.output)
        return Delivery(
            "delivered", message=f"In tmux buffer {self.buffer} (confirmed), and {onward}."
        )

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Delete the buffer; with `overwrite` send a blank on to the terminal before."""
        if overwrite:
            await self._tmux("load-buffer", "-w", "-b", self.buffer, "-", text=_BLANK)
        ended = await self._tmux("delete-buffer", "-b", self.buffer)
        is_gone = ended.code == 0 or "unknown buffer" in ended.output
        if not is_gone:
            message = f"tmux {ended.how}: buffer {self.buffer} may still hold the token."
            return Delivery("failed", message=message, detail=ended.output)
        rest = (
            f"a blank was sent to the terminal's clipboard ({_NO_CLAIM})"
            if overwrite
            else "the terminal's own clipboard may still hold the token"
        )
        return Delivery("delivered", message=f"Buffer {self.buffer} is gone from tmux; {rest}.")

    async def _tmux(self, *arguments: str, text: str = "") -> Ended:
        return await _run(("tmux", *arguments), text=text, environ=self.environ)


@dataclass(frozen=True)
class EscapeRoute:
    """OSC 52 straight to the terminal, or wrapped so that GNU screen lets it through."""

    name: str
    _: KW_ONLY
    is_in_screen: bool

    def describe(self) -> str:
        """Say that this route cannot be confirmed."""
        through = " through GNU screen" if self.is_in_screen else ""
        return f"OSC 52 to the terminal{through} (cannot be confirmed)"

    async def check(self) -> str | None:
        """Nothing can be known beforehand."""
        return None

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Write the escape sequence, in one piece."""
        problem = self._write(text.get_secret_value(), write)
        if problem:
            return Delivery("failed", message=problem)
        return Delivery("sent", message="Sent to the terminal (cannot be confirmed).")

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Replace the clipboard by a blank with `overwrite`; otherwise nothing can be done."""
        if not overwrite:
            message = "The terminal's clipboard was left alone and may still hold the token."
            return Delivery("failed", message=message)
        problem = self._write(_BLANK, write)
        if problem:
            return Delivery("failed", message=problem)
        return Delivery("sent", message=f"A blank was sent to the terminal; {_NO_CLAIM}.")

    def _write(self, text: str, write: Callable[[str], None]) -> str | None:
        content = text.encode()
        if len(content) > _PAYLOAD_LIMIT_BYTES:
            return (
                f"{len(content)} bytes are more than terminals take ({_PAYLOAD_LIMIT_BYTES}): "
                "nothing was sent."
            )
        # Ended by BEL: the other end mark would also end screen's wrapping.
        sequence = f"\x1b]52;c;{base64.b64encode(content).decode()}\x07"
        if self.is_in_screen:
            step = _SCREEN_CHUNK_BYTES
            parts = (sequence[at : at + step] for at in range(0, len(sequence), step))
            sequence = "".join(f"\x1bP{part}\x1b\\" for part in parts)
        try:
            write(sequence)
        except OSError as error:
            return f"The terminal could not be written to: {error.strerror}."
        return None


@dataclass(frozen=True)
class ToolRoute:
    """A program that copies its standard input: the operator's own, or one of the desktop."""

    argv: tuple[str, ...]
    _: KW_ONLY
    environ: Mapping[str, str] = field(repr=False, compare=False)
    is_own: bool = False

    @property
    def name(self) -> str:
        """The program's name without its directory."""
        return os.path.basename(self.argv[0])

    def describe(self) -> str:
        """Name the program, and whose clipboard it is."""
        if self.is_own:
            return f"your copy command {self.name}"
        return f"{self.name}, the clipboard of the machine that sa-tui runs on"

    async def check(self) -> str | None:
        """Say that the program cannot be found, or None."""
        return missing_program(self.argv, environ=self.environ)

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Run the program; its exit code is all that is known."""
        ended = await self._copy(text.get_secret_value())
        status: Status = "delivered" if ended.is_success else "failed"
        return Delivery(status, message=f"{self.name} {ended.how}.", detail=ended.output)

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Copy a blank with `overwrite`; otherwise the clipboard is left alone."""
        if not overwrite:
            message = "The clipboard was left alone and may still hold the token."
            return Delivery("failed", message=message)
        ended = await self._copy(_BLANK)
        if ended.is_success:
            return Delivery("delivered", message=f"{self.name} replaced the clipboard by a blank.")
        message = f"{self.name} {ended.how}: the clipboard may still hold the token."
        return Delivery("failed", message=message, detail=ended.output)

    async def _copy(self, text: str) -> Ended:
        # The operator's own script may well write OSC 52 to /dev/tty, which takes a terminal.
        return await _run(self.argv, text=text, environ=self.environ, keep_terminal=self.is_own)


@dataclass(frozen=True)
class ClipboardDestination:
    """The operator's clipboard, by one route."""

    route: Route
    _: KW_ONLY
    write: Callable[[str], None] = field(repr=False, compare=False)

    @property
    def kind(self) -> str:
        """`clipboard`."""
        return "clipboard"

    def describe(self) -> str:
        """Name the route."""
        return f"clipboard: {self.route.describe()}"

    async def check(self) -> str | None:
        """Say what stands in the way and what to do, or None; copies nothing."""
        return await self.route.check()

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Copy exactly the token."""
        return await self.route.send(secret, write=self.write)


def detect_routes(
    environ: Mapping[str, str],
    *,
    which: Callable[[str], str | None],
    buffer_id: str | None = None,
) -> tuple[Route, ...]:
    """Return the routes that this environment offers, best first; perhaps none.

    `SA_TUI_COPY_COMMAND` is a program of the operator's own and its arguments, without a shell.
    `buffer_id` makes the name of the tmux buffer this program's own; by default its process id.
    """
    routes: list[Route] = []
    if own := environ.get(COPY_COMMAND, "").strip():
        routes.append(ToolRoute(_split(own), environ=environ, is_own=True))
    if environ.get("TMUX") and which("tmux"):
        routes.append(TmuxRoute(f"sa-tui-{buffer_id or os.getpid()}", environ=environ))
    elif environ.get("TERM", "") not in _NO_OSC_52:
        is_in_screen = bool(environ.get("STY"))
        name = "screen" if is_in_screen else "terminal"
        routes.append(EscapeRoute(name, is_in_screen=is_in_screen))
    # Over SSH such a tool fills the clipboard of the wrong machine, and reports success.
    if not any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        routes += [
            ToolRoute(argv, environ=environ)
            for argv, variable in _DESKTOP_TOOLS
            if which(argv[0]) and (variable is None or environ.get(variable))
        ]
    return tuple(routes)


def _split(line: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(line))
    except ValueError:
        return (line,)  # its check says that there is no such program


_DESKTOP_TOOLS: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("pbcopy",), None),
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
    (("clip.exe",), None),
)


async def send_test(route: Route, *, write: Callable[[str], None]) -> Delivery:
    """Copy a harmless word, `TEST_WORD`, by the route that the token would take."""
    from pydantic import SecretStr

    delivery = await route.send(SecretStr(TEST_WORD), write=write)
    if delivery.status == "failed":
        return delivery
    return replace(delivery, message=f"{delivery.message} Paste it: it must read {TEST_WORD}.")


async def _run(
    argv: tuple[str, ...], *, text: str, environ: Mapping[str, str], keep_terminal: bool = False
) -> Ended:
    try:
        return await run(
            argv,
            text=text,
            secret=text,
            environ=environ,
            timeout_seconds=_TIMEOUT_SECONDS,
            keep_terminal=keep_terminal,
        )
    except OSError as error:
        return Ended(code=127, unread_bytes=0, output=str(error.strerror))
