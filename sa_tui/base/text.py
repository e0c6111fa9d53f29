"""Text from outside, made safe to show: nothing in it can drive a terminal or hide a difference.

What Konnect sent is kept as it was, compared and sent back as it was. Everything that shows it asks
here first. Asking twice changes nothing, and costs no more than the text is long.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import NewType

Shown = NewType("Shown", str)
"""Text that a terminal draws and never obeys."""

NAME_LIMIT = 250
"""Characters shown of a name: Kong's own limit for the names of teams and people."""

PROSE_LIMIT = 2000
"""Characters shown of a description, of an error's text, or of one line of a page."""

_SEARCHED = 100_000
"""Characters of a text that a search looks at, far more than Konnect takes."""

ELLIPSIS = "…"

_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f"
"""Characters that Unicode calls printable although nothing is drawn for them."""

_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_ODD = re.compile(f"[{_INVISIBLE}{_SELECTORS}]")
_SELECTOR = re.compile(f"[{_SELECTORS}]")
_JOINER = "\u200d"
_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_TAB = "    "
_KEYCAP = "\u20e3"
_WIDE_SPACE = "\u3000"
_SKIN_TONES = "\U0001f3fb-\U0001f3ff"
_UNSTEADY = re.compile(f"[{_SELECTORS}{_SKIN_TONES}]")
_FLAG_LETTERS = str.maketrans(
    {0x1F1E6 + at: letter for at, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
)
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*+[ -/]*+[@-~]"  # colours and cursor movements
    r"|\x1b[\]PX^_][^\x07\x1b]*+(?:\x07|\x1b\\)"  # titles, clipboards and other strings
    r"|\x1b[ -/]*+[0-~]"
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]")


def one_line(text: str, *, limit: int | None = NAME_LIMIT) -> Shown:
    """The text on one line, every control, bidirectional and invisible character made visible.

    Control characters become their pictures (␛, ␍), others their number (⟨U+202E⟩); a joiner
    between two emoji is left out. A text longer than `limit` characters ends in `…`; `None` keeps
    all of it.
    """
    is_cut = limit is not None and len(text) > 2 * limit
    if is_cut and limit is not None:
        # What is left out shortens a text to half at most, so what lies beyond cannot be needed.
        text = text[: 2 * limit]
    if not is_plain(text):
        text = "".join(map(_shown, text, "\0" + text, text[1:] + "\0"))
    if limit is not None and (is_cut or len(text) > limit):
        text = text[: limit - 1] + ELLIPSIS
    return Shown(text)


def lines(text: str, *, limit: int | None = PROSE_LIMIT) -> Shown:
    """The text with its line ends kept, and each line made safe to show; a tab is four blanks."""
    if is_plain(text) and (limit is None or len(text) <= limit):
        return Shown(text)
    rows = text.replace("\r\n", "\n").replace("\t", _TAB).split("\n")
    return Shown("\n".join(one_line(row, limit=limit) for row in rows))


def pieces(text: str) -> list[str]:
    """What is shown for each character of a text in lines: joined they are the text made safe."""
    shown = map(_shown_in_lines, text, "\0" + text, text[1:] + "\0")
    return list(shown)


def in_place(text: str) -> Shown:
    """The text with every character shown as exactly one, for a field in which a cursor stands.

    What takes no place of its own shows as a dot, an odd blank as ␣.
    """
    if is_plain(text):
        return Shown(text)
    return Shown("".join(map(_in_place, text, "\0" + text)))


def folded(text: str, *, limit: int | None = PROSE_LIMIT) -> Shown:
    """The text on one line, its runs of white space folded into single spaces."""
    return one_line(" ".join(text.split()), limit=limit)


def steady(text: str, *, limit: int | None = None) -> Shown:
    """The text on one line in characters of which every terminal knows the width.

    Variation selectors and skin tones are dropped, a flag becomes its two letters.
    """
    if text.isascii() and text.isprintable() and (limit is None or len(text) <= limit):
        return Shown(text)  # nearly all that is ever drawn
    text = one_line(text, limit=limit)
    if text.isascii():
        return text
    return Shown(_UNSTEADY.sub("", text).translate(_FLAG_LETTERS))


def without_escapes(text: str) -> Shown:
    """What a program printed, in lines: its escape sequences dropped, the rest made safe."""
    return lines(_ESCAPE_SEQUENCE.sub("", text), limit=None)


def escaped_json(text: str) -> str:
    """JSON in which everything that is not plainly visible is an escape; its values stay the same.

    Line ends and blanks between the values stay, because within them JSON has none.
    """
    return _BEYOND_ASCII.sub(_as_escape, text)


def sought(*texts: str) -> str:
    """What a search without case looks in: each text on a line, and as it is shown if otherwise."""
    forms = [form for text in texts for form in _forms(text[:_SEARCHED])]
    return "\n".join(forms).casefold()


def is_plain(text: str) -> bool:
    """Whether the text is already safe to show on one line."""
    return text.isprintable() and (text.isascii() or not _ODD.search(text))


def is_visible_ascii(text: str) -> bool:
    """Whether the text is of printable ASCII alone, without blanks, as tokens and addresses are."""
    return text.isascii() and text.isprintable() and " " not in text


def is_obeyed(text: str) -> bool:
    """Whether the text would drive a terminal, or turn the order of what it draws."""
    return not text.isprintable() and _OBEYED.search(text) is not None


def _shown(character: str, before: str, after: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if character == _WIDE_SPACE:
        return character
    if character == _JOINER:
        return "" if _is_emoji(before) and _is_symbol(after) else _number(character)
    if _SELECTOR.match(character):
        # After a symbol it chooses the emoji's form; anywhere else it only hides a difference.
        if after == _KEYCAP:
            return ""
        return character if _is_symbol(before) else _number(character)
    if character.isprintable() and character not in _INVISIBLE:
        return character
    return _number(character)


def _forms(text: str) -> tuple[str, ...]:
    if is_plain(text):
        return (text,)
    return (one_line(text, limit=None), *text.split("\n"))


def _shown_in_lines(character: str, before: str, after: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return _TAB
    if character == "\r" and after == "\n":
        return ""
    return _shown(character, before, after)


def _in_place(character: str, before: str) -> str:
    shown = _shown(character, before, "\0")
    if len(shown) == 1:
        return shown
    return "␣" if unicodedata.category(character) == "Zs" else "·"


def _is_symbol(character: str) -> bool:
    return character not in _INVISIBLE and unicodedata.category(character).startswith("S")


def _is_emoji(character: str) -> bool:
    return _is_symbol(character) or character == "\ufe0f"


def _number(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _as_escape(match: re.Match[str]) -> str:
    character = match[0]
    return character if is_plain(character) else json.dumps(character)[1:-1]
