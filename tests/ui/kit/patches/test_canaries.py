"""What a release of Textual could break without a word, tried on a real pseudo-terminal.

Each is named by rows of the table at the head of `sa_tui.ui.kit.patches`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.ui.terminal import is_restored

if TYPE_CHECKING:
    from tests.ui.terminal import Terminal

LINES = 24
MOST_BYTES = 9_000
MOST_TRIES = 5
"""A page that takes longer to lay out than it is held back may be sent twice on a busy machine."""

CAN_SYNCHRONISE = "\x1b[?2026;1$y"
SYNC_ON, SYNC_OFF = b"\x1b[?2026h", b"\x1b[?2026l"
F1, F2, F3, F4 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"
PASTE_ON, PASTE_OFF = "\x1b[200~", "\x1b[201~"
SCROLLBAR = b"\x1b[7;"
"""How the thumb of a scroll bar begins: it is drawn once the height of the page is known."""


def frames(on: Terminal, mark: bytes) -> list[bytes]:
    """What is drawn at once each time, up to the drawing that this mark is in."""
    seen = b""
    while mark not in seen or not seen.endswith(SYNC_OFF):
        seen += on.until(SYNC_OFF)
    return seen.split(SYNC_ON)[1:]


def is_repaint(frame: bytes) -> bool:
    """Whether most of the lines are sent."""
    return len(set(re.findall(rb"\x1b\[(\d+);1H", frame))) > LINES / 2


def cursor_column(frame: bytes) -> int:
    """Where the drawing leaves the cursor of the terminal."""
    return int(re.findall(rb"\x1b\[\d+;(\d+)H", frame)[-1])


def test_it_starts_and_ends(terminal: Any) -> None:
    on = terminal()
    on.type("q")
    assert on.ended() == 0
    assert is_restored(on.seen)


def test_a_dialog_is_sent_once(terminal: Any) -> None:
    """The help, which is made of the key bindings of the page."""
    on = terminal()
    on.type(CAN_SYNCHRONISE)
    tries: list[tuple[int, int]] = []
    while (1, True) not in tries:
        assert len(tries) < MOST_TRIES, tries
        on.type("?")
        opening = frames(on, SCROLLBAR)
        size = sum(map(len, opening))
        tries.append((sum(map(is_repaint, opening)), size < MOST_BYTES))
        on.type("\x1b")
        frames(on, b"38 system accounts")
    assert b":issue" in on.seen


def test_keys_typed_ahead_arrive(terminal: Any) -> None:
    on = terminal()
    on.type("/ci-eu\ri")
    seen = on.until(b"Issue an access token", b"ci-eu-deployer")
    assert b"Clone" not in seen


def test_an_answer_is_no_key(terminal: Any) -> None:
    on = terminal(typed_ahead="n\r")
    on.type("\x1b[>0;276;0c")  # spelled with the key that clones an account
    on.type("\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\")
    on.type("/zzq")  # and these are meant for the list
    on.until(b"No account matches the filter")
    assert b"New system account" not in on.seen
    on.type("\x11")
    assert on.ended() == 0


def small(terminal: Any) -> Any:
    """The small application of this room, in which anything can fail."""
    return terminal(module="tests.ui.kit.patches.small", arguments=(), until=b"ready")


def test_a_fault_ends_nothing(terminal: Any) -> None:
    on = small(terminal)
    for key, place in ((F1, b"handler"), (F2, b"worker")):
        on.type(key)
        on.until(b"reported: " + place)
    on.type("\x11")
    assert on.ended() == 0


def test_a_late_page_takes_none(terminal: Any) -> None:
    on = small(terminal)
    on.type(F4 + "xz\x11")
    assert on.ended() == 0
    assert b"too early" not in on.seen


def test_a_crash_shows_no_values(terminal: Any) -> None:
    on = small(terminal)
    on.type(F3)
    assert on.ended() == 1
    assert is_restored(on.seen)
    told = on.seen.rpartition(b"sa-tui met an error")[2]
    assert b"in on_mount" in told
    assert b"RuntimeError: crash of 13" in told
    assert b"Local0Secret1" not in on.seen


def test_the_cursor_is_in_place(terminal: Any) -> None:
    on = small(terminal)
    on.type(CAN_SYNCHRONISE)
    columns = []
    for character, drawn in (("x", "x"), ("\x9b", "·")):
        on.type(f"{PASTE_ON}{character}{PASTE_OFF}")
        columns.append(cursor_column(frames(on, drawn.encode())[-1]))
    assert columns[1] == columns[0] + 1


def test_a_choice_has_its_shape(terminal: Any) -> None:
    assert "(•)".encode() in small(terminal).seen


def test_a_copy_is_sent(terminal: Any) -> None:
    on = terminal()
    on.type("y")
    on.until(b"\x1b]52;c;")


def test_a_page_is_replaced(terminal: Any) -> None:
    on = terminal()
    on.type("8")
    on.until(b"Profiles")
    on.type("\r")
    on.until(b"38 system accounts")
