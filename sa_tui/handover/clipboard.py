"""The operator's clipboard, over SSH too; a route claims no more than what it knows.

    the command in SA_TUI_COPY_COMMAND     its exit code
    tmux load-buffer -w                    in the tmux buffer for certain, the terminal perhaps;
                                           a secret is deleted there by tmux, a minute later
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
from sa_tui.handover.tmux import BLANK, NO_CLAIM, TmuxRoute, run_copier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import SecretStr

    from sa_tui.base.label import Label
    from sa_tui.handover.delivery import DeliveryStatus
    from sa_tui.handover.process import Ended

TEST_WORD = "sa-tui-clipboard-test"
"""What `send_test` sends; the operator pastes it somewhere and sees that the route works."""

COPY_COMMAND = "SA_TUI_COPY_COMMAND"

_PAYLOAD_LIMIT_BYTES = 74_994  # terminals give up at sequences of 100,000 bytes
_SCREEN_CHUNK_BYTES = 700  # GNU screen drops strings longer than 768 bytes
_NO_OSC_52 = frozenset({"", "dumb", "linux"})


class Route(Protocol):
    """One way to the operator's clipboard."""

    @property
    def name(self) -> str:
        """A short name, such as `tmux`."""

    def describe(self) -> str:
        """Says which way it goes and what will be known."""

    async def check(self) -> str | None:
        """Says what stands in the way and what to do, or None."""

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Copies the text; `write` puts an escape sequence on the operator's terminal."""

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Takes back what can be taken back for certain.

        With `overwrite` the clipboard itself is replaced by a blank: ask first, since it may hold
        something else by now.
        """


@dataclass(frozen=True)
class EscapeRoute:
    """OSC 52 straight to the terminal, or wrapped so that GNU screen lets it through."""

    name: str
    _: KW_ONLY
    is_in_screen: bool
    tmux: TmuxRoute | None = None

    def describe(self) -> str:
        """Says that this route cannot be confirmed."""
        through = " through GNU screen" if self.is_in_screen else ""
        left = ", where TMUX leads nowhere" if self.tmux else ""
        return f"OSC 52 to the terminal{through}{left} (cannot be confirmed)"

    async def check(self) -> str | None:
        """Refuses where a tmux is in between: it would keep a copy that nobody deletes."""
        if self.tmux is None or await self.tmux.check() is not None:
            return None
        return "tmux answers, and would keep a copy of its own: choose its buffer instead."

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Writes the escape sequence, in one piece."""
        problem = self._write(text.get_secret_value(), write)
        if problem:
            return Delivery("failed", message=problem)
        return Delivery("sent", message="Sent to the terminal (cannot be confirmed).")

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Replaces the clipboard by a blank with `overwrite`; otherwise nothing can be done."""
        if not overwrite:
            message = "The terminal's clipboard was left alone and may still hold the token."
            return Delivery("failed", message=message)
        problem = self._write(BLANK, write)
        if problem:
            return Delivery("failed", message=problem)
        return Delivery("sent", message=f"A blank was sent to the terminal; {NO_CLAIM}.")

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
        """Names the program, and whose clipboard it is."""
        if self.is_own:
            return f"your copy command {self.name}"
        return f"{self.name}, the clipboard of the machine that sa-tui runs on"

    async def check(self) -> str | None:
        """Says that the program cannot be found, or None."""
        return missing_program(self.argv, environ=self.environ)

    async def send(self, text: SecretStr, *, write: Callable[[str], None]) -> Delivery:
        """Runs the program; its exit code is all that is known."""
        ended = await self._copy(text.get_secret_value())
        status: DeliveryStatus = "delivered" if ended.is_success else "failed"
        how = f"{self.name} {ended.how}"
        proof = how if ended.is_success else ""
        return Delivery(status, message=f"{how}.", detail=ended.output, proof=proof)

    async def clear(self, *, write: Callable[[str], None], overwrite: bool = False) -> Delivery:
        """Copies a blank with `overwrite`; otherwise the clipboard is left alone."""
        if not overwrite:
            message = "The clipboard was left alone and may still hold the token."
            return Delivery("failed", message=message)
        ended = await self._copy(BLANK)
        if ended.is_success:
            return Delivery("delivered", message=f"{self.name} replaced the clipboard by a blank.")
        message = f"{self.name} {ended.how}: the clipboard may still hold the token."
        return Delivery("failed", message=message, detail=ended.output)

    async def _copy(self, text: str) -> Ended:
        # The operator's own script may well write OSC 52 to /dev/tty, which takes a terminal.
        return await run_copier(
            self.argv, text=text, environ=self.environ, keep_terminal=self.is_own
        )


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

    def filled(self, label: Label) -> ClipboardDestination:
        """The same clipboard: it has no names."""
        return self

    def describe(self) -> str:
        """Names the route."""
        return f"clipboard: {self.route.describe()}"

    async def check(self) -> str | None:
        """Says what stands in the way and what to do, or None; copies nothing."""
        return await self.route.check()

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Copies exactly the token."""
        delivery = await self.route.send(secret, write=self.write)
        return replace(delivery, place=f"the clipboard, by {self.route.name}")


def detect_routes(
    environ: Mapping[str, str],
    *,
    which: Callable[[str], str | None],
    buffer_id: str | None = None,
    keep_seconds: int | None = None,
) -> tuple[Route, ...]:
    """The routes that this environment offers, best first; perhaps none.

    `SA_TUI_COPY_COMMAND` is a program of the operator's own and its arguments, without a shell.
    `buffer_id` makes the name of the tmux buffer this program's own; by default its process id.
    A copy that is a secret is deleted from tmux after `keep_seconds`.
    """
    routes: list[Route] = []
    if own := environ.get(COPY_COMMAND, "").strip():
        routes.append(ToolRoute(_split(own), environ=environ, is_own=True))
    tmux = None
    if environ.get("TMUX") and which("tmux"):
        buffer = f"sa-tui-{buffer_id or os.getpid()}"
        tmux = TmuxRoute(buffer, environ=environ, keep_seconds=keep_seconds)
        routes.append(tmux)
    if environ.get("TERM", "") not in _NO_OSC_52:
        is_in_screen = bool(environ.get("STY"))
        name = "screen" if is_in_screen else "terminal"
        routes.append(EscapeRoute(name, is_in_screen=is_in_screen, tmux=tmux))
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


async def first_usable(routes: Sequence[Route]) -> Route | None:
    """The best route that nothing stands in the way of; else the best, which will say why."""
    for route in routes:
        if await route.check() is None:
            return route
    return next(iter(routes), None)


async def send_test(route: Route, *, write: Callable[[str], None]) -> Delivery:
    """Copies a harmless word, `TEST_WORD`, by the route that the token would take."""
    from pydantic import SecretStr

    delivery = await route.send(SecretStr(TEST_WORD), write=write)
    if delivery.status == "failed":
        return delivery
    return replace(delivery, message=f"{delivery.message} Paste it: it must read {TEST_WORD}.")
