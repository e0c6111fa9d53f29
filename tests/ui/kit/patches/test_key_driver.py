"""What a terminal answers is no key, however late and in whatever pieces it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from sa_tui.ui.kit.patches.key_driver import MOST_CHARACTERS, TORN_SECONDS, KeyParser

ANSWERS = (
    "\x1b[>0;276;0c",  # what the terminal is, asked by DA2
    "\x1b[?62;1;6;22c",  # DA1
    "\x1b[?997;1n",  # light or dark
    "\x1b[0n",
    "\x1b[6;18;9t",
    "\x1b[?1u",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "\x1b]52;c;eXllcw==\x07",
    "\x1bP>|tmux 3.3a\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1bP0$r0m\x1b\\",
    "\x1b_Gi=1;OK\x1b\\",
    "\x1b[99999999999999u",  # a number that is no character
)
KEYS = {
    "y": ["y"],
    "\r": ["enter"],
    "\x1b[A": ["up"],
    "\x1bOP": ["f1"],
    "\x1b[[A": ["f1"],
    "\x1b[3~": ["delete"],
    "\x1b[1;5C": ["ctrl+right"],
    "\x1b[97u": ["a"],
    "é": ["é"],
}


class Terminal:
    """Feeds a parser piece by piece, and lets time pass."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._parser = KeyParser(seconds=lambda: self._seconds)

    def send(self, *pieces: str, wait: float = 0.0) -> list[Message]:
        messages: list[Message] = []
        for piece in pieces:
            messages += self._parser.feed(piece)
            self._seconds += wait
            messages += self._parser.tick()
        return messages

    def keys(self, *pieces: str, wait: float = 0.0) -> list[str]:
        return [each.key for each in self.send(*pieces, wait=wait) if isinstance(each, events.Key)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_dropped_whole_wherever_it_is_torn(answer: str) -> None:
    for at in range(len(answer)):
        terminal = Terminal()
        assert terminal.keys("a" + answer[:at], answer[at:] + "b") == ["a", "b"], at
    assert Terminal().keys(*answer, "y") == ["y"]


@pytest.mark.parametrize("answer", [each for each in ANSWERS if "9999" not in each])
def test_a_long_pause_within_an_answer_makes_no_key_of_it(answer: str) -> None:
    for at in range(2, len(answer)):
        assert Terminal().keys(answer[:at], answer[at:], wait=0.9 * TORN_SECONDS) == []


def test_an_answer_torn_right_after_its_esc_costs_no_more_than_that_esc() -> None:
    for answer in ("\x1b[>0;276;0c", "\x1b]11;rgb:1e1e/1e1e/2e2e\x07", "\x1bP>|tmux 3.3a\x1b\\"):
        terminal = Terminal()
        assert terminal.keys("\x1b", wait=0.2) == ["escape"]
        assert terminal.keys(answer[1:] + "j") == ["j"]


@pytest.mark.parametrize(("text", "keys"), KEYS.items())
def test_keys_are_still_keys(text: str, keys: list[str]) -> None:
    assert Terminal().keys(text) == keys
    assert Terminal().keys("\x1b[>0;276;0c" + text + "\x1b[0n") == keys


def test_esc_alone_is_a_key_after_its_delay() -> None:
    assert Terminal().keys("\x1b") == []
    assert Terminal().keys("\x1b", wait=0.11) == ["escape"]
    assert Terminal().keys("\x1b\x1b", wait=0.11)[-1] == "escape"


def test_what_never_ends_is_given_up() -> None:
    terminal = Terminal()
    assert terminal.keys("\x1b]11;rgb:", wait=TORN_SECONDS) == []
    assert terminal.keys("y") == ["y"]


def test_a_very_long_answer_is_dropped_too() -> None:
    pieces = ["\x1b]52;c;", *["QUJD" * 500] * 10, "\x07"]
    assert sum(map(len, pieces)) > MOST_CHARACTERS
    assert Terminal().keys(*pieces, "y") == ["y"]


@given(st.lists(st.sampled_from([*ANSWERS, *KEYS]), max_size=6), st.data())
def test_only_the_keys_of_any_mixture_arrive(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if a < b]
    expected = [key for part in parts for key in KEYS.get(part, ())]
    assert Terminal().keys(*pieces) == expected


def test_a_paste_keeps_what_looks_like_an_answer() -> None:
    pasted = "one \x1b[>0;276;0c two\nthree"
    for at in range(len(pasted)):
        text = f"\x1b[200~{pasted}\x1b[201~y"
        (paste, key) = Terminal().send(text[:at], text[at:]) if at else Terminal().send(text)
        assert isinstance(paste, events.Paste)
        assert paste.text == pasted
        assert isinstance(key, events.Key)
        assert key.key == "y"
