"""A driver that takes keys for keys, and drops what a terminal answers late.

A terminal answers questions that somebody asked, often not this program: its attributes, its
colours, its name. Textual takes an escape sequence that it does not know for the keys that it is
spelled with. Here a CSI, OSC, DCS or APC sequence that is no key is dropped whole, also when it
arrives in pieces; so is what was typed before there was anything to see.
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
"""How long the rest of a sequence is waited for; no key of ours begins like one."""

MOST_CHARACTERS = 4096
"""Of a sequence that has not ended; the middle of a longer one is forgotten."""

_BEGINNING = len("\x1b]0")
_READ_BYTES = 4096
_LOOK_SECONDS = 0.1
_CSI = re.compile(r"\x1b\[(?:\[.|[0-?]*[ -/]*[@-~])", re.DOTALL)
_BEGUN_CSI = re.compile(r"\x1b\[(?:\[|[0-?]*[ -/]*)\Z")
_STRING = re.compile(
    r"\x1b(?:\][0-9]|P[0-9>!+$|]|_[0-9A-Za-z])[^\x07\x1b\x9c]*(?:[\x07\x9c]|\x1b\\)"
)
_BEGUN_STRING = re.compile(
    r"\x1b(?:[\]P_]|(?:\][0-9]|P[0-9>!+$|]|_[0-9A-Za-z])[^\x07\x1b\x9c]*\x1b?)\Z"
)
# What can follow an Esc that was taken for a key because its sequence was torn right behind it.
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
    """Textual's parser, given whole sequences that it knows, and plain characters.

    `seconds` is a clock that only goes forward.
    """

    def __init__(self, debug: bool = False, *, seconds: Callable[[], float] = get_time) -> None:
        super().__init__(debug)
        self._seconds = seconds
        self._held = ""
        self._held_since = 0.0
        self._escaped_at = -TORN_SECONDS
        self._pasted: str | None = None

    def feed(self, data: str) -> Iterable[Message]:
        """The messages that this text makes; empty text ends everything."""
        if not data:
            yield from super().feed("")
            return
        if not self._held and self._seconds() - self._escaped_at < TORN_SECONDS:
            data = _REST.sub("", data, count=1) if _REST.match(data) else data
        for piece in self._pieces(self._held + data):
            # Textual's own way with a paste makes keys of an escape character in it.
            yield from super().feed(piece) if isinstance(piece, str) else (piece,)

    def tick(self) -> Iterable[Message]:
        """Takes a lone Esc for the key once nothing followed it, and drops what never ended."""
        waited = self._seconds() - self._held_since
        if self._held == ESC and waited >= constants.ESCAPE_DELAY:
            self._held, self._escaped_at = "", self._seconds()
            yield events.Key("escape", ESC)
        elif self._held and self._held != ESC and waited >= TORN_SECONDS:
            self._held = ""
        yield from super().tick()

    def _pieces(self, text: str) -> Iterator[str | events.Paste]:
        """What of the text is to be parsed; the beginning of a sequence is held back."""
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
            found = _CSI.match(text, start) or _STRING.match(text, start)
            if found is not None:
                at = found.end()
                if found[0] == BRACKETED_PASTE_START:
                    self._pasted = ""
                elif self._is_known(found[0]):
                    yield found[0]
            elif start == len(text) - 1 or _has_begun(text, start):
                self._hold(text[start:])
                return
            else:
                at = start + 2 if text[start + 1] != ESC else start + 1
                yield text[start:at]

    def _hold(self, text: str) -> None:
        # Of a long one its beginning will do: all that matters is where it ends.
        self._held = text if len(text) <= MOST_CHARACTERS else text[:_BEGINNING] + text[-1:]
        self._held_since = self._seconds()

    def _is_known(self, sequence: str) -> bool:
        if sequence in SPECIAL_SEQUENCES or any(each.match(sequence) for each in _KNOWN):
            return True
        with suppress(ValueError, OverflowError):  # a number that is no character
            return any(True for _ in self._sequence_to_key_events(sequence))
        return False


def _has_begun(text: str, start: int) -> bool:
    return bool(_BEGUN_CSI.match(text, start) or _BEGUN_STRING.match(text, start))


class KeyDriver(LinuxDriver):
    """Textual's driver with that parser."""

    def run_input_thread(self) -> None:
        """Reads from the terminal until the driver stops."""
        parser = KeyParser(self._debug)
        # What cannot be read as UTF-8 must not end the reading of all that follows.
        decode = getincrementaldecoder("utf-8")("replace").decode
        with suppress(termios.error):  # typed before there was anything to see
            termios.tcflush(self.fileno, termios.TCIFLUSH)
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _LOOK_SECONDS)[0]:
                if not (received := os.read(self.fileno, _READ_BYTES)):
                    self.exit_event.wait(_LOOK_SECONDS)  # its end is always ready to be read
                elif text := decode(received):
                    for message in parser.feed(text):
                        self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
