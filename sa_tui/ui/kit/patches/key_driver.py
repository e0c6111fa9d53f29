"""A driver that reads keys, and drops late answers of the terminal.

A terminal answers questions about its attributes, colours and name, which often another program
asked. Textual reads an unknown escape sequence as the keys of its characters. This driver drops a
CSI, OSC, DCS or APC sequence that is no key, also when it arrives in pieces; and it drops keys that
were typed before the screen showed anything.
"""

from __future__ import annotations

import os
import re
import select
import termios
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import constants, events
from textual._time import get_time
from textual._xterm_parser import (
    BRACKETED_PASTE_END,
    BRACKETED_PASTE_START,
    SPECIAL_SEQUENCES,
    XTermParser,
    _re_cursor_position,
    _re_in_band_window_resize,
    _re_mouse_event,
    _re_terminal_mode_response,
)
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from textual.message import Message

ESC = "\x1b"
TORN_SECONDS = 1.0
"""How long to wait for the rest of a sequence; no key of the application begins like one."""

MOST_CHARACTERS = 4096
"""How much of a sequence without an end is kept; the middle of a longer one is forgotten."""

_BEGINNING = len("\x1b]0")
_READ_BYTES = 4096
_POLL_SECONDS = 0.1
_CSI = re.compile(r"\x1b\[(?:\[.|[0-?]*[ -/]*[@-~])", re.DOTALL)
_BEGUN_CSI = re.compile(r"\x1b\[(?:\[|[0-?]*[ -/]*)\Z")
_STRING = re.compile(
    r"\x1b(?:\][0-9]|P[0-9>!+$|]|_[0-9A-Za-z])[^\x07\x1b\x9c]*(?:[\x07\x9c]|\x1b\\)"
)
_BEGUN_STRING = re.compile(
    r"\x1b(?:[\]P_]|(?:\][0-9]|P[0-9>!+$|]|_[0-9A-Za-z])[^\x07\x1b\x9c]*\x1b?)\Z"
)
# What can follow an Esc that was read as a key because its sequence was torn right behind it.
_REST = re.compile(
    r"(?:\[[<=>?][0-9;]*[ -/]*[@-~]"
    r"|\][0-9]+;[^\x07\x1b\x9c]*(?:[\x07\x9c]|\x1b\\)"
    r"|P[0-9>!+$|][^\x07\x1b\x9c]*(?:[\x07\x9c]|\x1b\\))"
)
_KNOWN = (
    _re_in_band_window_resize,
    _re_cursor_position,
    _re_mouse_event,
    _re_terminal_mode_response,
)


class KeyParser(XTermParser):
    """Textual's parser, which gets only plain characters and whole sequences that it knows.

    `seconds` is a monotonic clock.
    """

    def __init__(self, debug: bool = False, *, seconds: Callable[[], float] = get_time) -> None:
        super().__init__(debug)
        self._seconds = seconds
        self._held = ""
        self._held_since = 0.0
        self._escaped_at = -TORN_SECONDS
        self._pasted: str | None = None

    def feed(self, data: str) -> Iterable[Message]:
        """The messages of this text; an empty text ends the input."""
        if not data:
            yield from super().feed("")
            return
        if not self._held and self._seconds() - self._escaped_at < TORN_SECONDS:
            data = _REST.sub("", data, count=1) if _REST.match(data) else data
        for piece in self._pieces(self._held + data):
            # Textual's own parser would read an escape character in a paste as keys.
            yield from super().feed(piece) if isinstance(piece, str) else (piece,)

    def tick(self) -> Iterable[Message]:
        """Reads a lone Esc as the key when nothing follows it, and drops a sequence without end."""
        waited = self._seconds() - self._held_since
        if self._held == ESC and waited >= constants.ESCAPE_DELAY:
            self._held, self._escaped_at = "", self._seconds()
            yield events.Key("escape", ESC)
        elif self._held and self._held != ESC and waited >= TORN_SECONDS:
            self._held = ""
        yield from super().tick()

    def _pieces(self, text: str) -> Iterator[str | events.Paste]:
        """The parts of the text to parse; the beginning of a sequence is held back."""
        self._held, at = "", 0
        while at < len(text):
            if self._pasted is not None:
                pasted, end, rest = (self._pasted + text[at:]).partition(BRACKETED_PASTE_END)
                if not end:
                    self._pasted = pasted
                    return
                yield events.Paste(pasted.replace("\x00", ""))
                self._pasted, text, at = None, rest, 0
                continue
            start = text.find(ESC, at)
            yield from filter(None, [text[at:start] if start >= 0 else text[at:]])
            if start < 0:
                return
            sequence = _CSI.match(text, start) or _STRING.match(text, start)
            if sequence is not None:
                at = sequence.end()
                if sequence[0] == BRACKETED_PASTE_START:
                    self._pasted = ""
                elif self._is_known(sequence[0]):
                    yield sequence[0]
            elif start == len(text) - 1 or _has_begun(text, start):
                self._hold(text[start:])
                return
            else:
                at = start + 2 if text[start + 1] != ESC else start + 1
                yield text[start:at]

    def _hold(self, text: str) -> None:
        # The beginning of a long sequence is enough: only its end matters.
        self._held = text if len(text) <= MOST_CHARACTERS else text[:_BEGINNING] + text[-1:]
        self._held_since = self._seconds()

    def _is_known(self, sequence: str) -> bool:
        if sequence in SPECIAL_SEQUENCES or any(known.match(sequence) for known in _KNOWN):
            return True
        with suppress(ValueError, OverflowError):  # the number of no character
            return any(True for _ in self._sequence_to_key_events(sequence))
        return False


def _has_begun(text: str, start: int) -> bool:
    return bool(_BEGUN_CSI.match(text, start) or _BEGUN_STRING.match(text, start))


class KeyDriver(LinuxDriver):
    """Textual's driver with a `KeyParser`."""

    def run_input_thread(self) -> None:
        """Reads from the terminal until the driver stops."""
        parser = KeyParser(self._debug)
        # Bytes that are no UTF-8 must not end the reading.
        decode = getincrementaldecoder("utf-8")("replace").decode
        with suppress(termios.error):  # drops keys that were typed before the first screen
            termios.tcflush(self.fileno, termios.TCIFLUSH)
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _POLL_SECONDS)[0]:
                if not (received := os.read(self.fileno, _READ_BYTES)):
                    self.exit_event.wait(_POLL_SECONDS)  # at its end the terminal is always ready
                elif text := decode(received):
                    for message in parser.feed(text):
                        self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
