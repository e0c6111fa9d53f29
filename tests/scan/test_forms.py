"""A token is found whole in every form in which a file may have it, and nothing else is."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sa_tui.scan.found import MOST_PLACES, Findings, FoundToken
from sa_tui.scan.stream import PIECE_BYTES, scan_stream

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TOKEN = "spat_7Hq2LxWvB9mZrT4cNfKpYd8sJgEaUo3iXk6VbQ1nMwRtFhDzCy"
PERSONAL = "kpat_Zr4TcNfKpYd8sJgEaUo3iXk6VbQ1nMwRtFhDzCy7Hq2LxWvB9m"


def found_in(content: bytes, **options: object) -> list[FoundToken]:
    findings = Findings(**options)  # type: ignore[arg-type]
    scan_stream(io.BytesIO(content), "a.log", findings)
    return list(findings.tokens.values())


def secrets_in(content: bytes) -> list[str]:
    return [token.secret.get_secret_value() for token in found_in(content) if token.secret]


secrets = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(("spat_", "kpat_")),
        st.text(ALPHABET, min_size=20, max_size=80).filter(lambda text: len(set(text)) > 5),
    ),
)


@given(secret=secrets, before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_base64_of_whatever_holds_a_token_gives_the_token(
    secret: str, before: bytes, after: bytes
) -> None:
    inner = before.replace(b"_", b" ") + b" " + secret.encode() + b" " + after.replace(b"_", b" ")
    for encoded in (base64.b64encode(inner), base64.urlsafe_b64encode(inner)):
        assert secrets_in(b'"' + encoded + b'"') == [secret]
        assert secrets_in(b"\n" + encoded.rstrip(b"=")) == [secret]


@given(secret=secrets, coding=st.sampled_from(("utf-16", "utf-16-le", "utf-16-be")))
def test_a_token_in_utf_16_is_found(secret: str, coding: str) -> None:
    (token,) = found_in(f"x\nKONNECT_TOKEN={secret}\n".encode(coding))
    assert token.secret is not None
    assert token.secret.get_secret_value() == secret
    assert (token.places[0].form, token.places[0].line) == ("utf-16", 2)


@pytest.mark.parametrize("beside", [0, 1, 5, 30, 54, 55, 60, 1024, 1025, 2000])
def test_a_token_across_two_pieces_is_found_once_and_on_its_line(beside: int) -> None:
    lead = b"\n" * 3 + b"." * (PIECE_BYTES - 3 - beside)
    (token,) = found_in(lead + TOKEN.encode() + b"\n" + PERSONAL[:9].encode())
    assert (token.count, token.places[0].line) == (1, 4)


class Slow:
    """A stream that gives as little at a time as it was told."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._left = content
        self._sizes = itertools.cycle(sizes)

    def read(self, _: int, /) -> bytes:
        size = next(self._sizes)
        piece, self._left = self._left[:size], self._left[size:]
        return piece


FORMS = (
    str.encode,
    lambda text: text.encode("utf-16-le"),
    lambda text: base64.b64encode(text.encode()),
)


@given(
    parts=st.lists(
        st.tuples(
            st.sampled_from((TOKEN, PERSONAL)), st.sampled_from(FORMS), st.integers(0, 2_500)
        ),
        max_size=6,
    ),
    sizes=st.lists(st.integers(1, 3_000), min_size=1, max_size=4),
)
def test_however_little_is_read_at_a_time_the_same_is_found(
    parts: list[tuple[str, Callable[[str], bytes], int]], sizes: list[int]
) -> None:
    content = b"".join(b"\n" + b"." * gap + b"\n" + form(text) for text, form, gap in parts)
    whole, slow = Findings(), Findings()
    scan_stream(io.BytesIO(content), "a", whole)
    scan_stream(Slow(content, sizes), "a", slow)

    assert {key: token.places for key, token in slow.tokens.items()} == {
        key: token.places for key, token in whole.tokens.items()
    }
    assert sum(token.count for token in slow.tokens.values()) == len(parts)


def test_each_token_is_found_once_with_all_its_lines() -> None:
    found = found_in(f"{TOKEN}\n\n{PERSONAL} {TOKEN}\n".encode() + b"x\n" * 5 + PERSONAL.encode())
    told = [(token.prefix, token.count, [place.line for place in token.places]) for token in found]
    assert told == [("spat_", 2, [1, 3]), ("kpat_", 2, [3, 9])]


@pytest.mark.parametrize(
    "text",
    [
        "spat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "kpat_12341234123412341234123412341234",
        "spat_backup",
        "spat_…7Hq2 (55 characters)",
        "spat_****************************",
        "SPAT_7HQ2LXWVB9MZRT4CNFKPYD8SJGEAUO3IXK6VBQ1NMWRTFHDZCY",
        base64.b64encode(b"spat_short").decode(),
        "c3BhdF",
        "",
    ],
)
def test_names_placeholders_and_masked_tokens_are_none(text: str) -> None:
    assert found_in(text.encode()) == []


def test_of_two_readings_the_known_one_counts_and_else_the_shorter() -> None:
    text = f"{TOKEN}-suffix\n".encode()
    (token,) = found_in(text)
    assert token.secret is not None
    assert token.secret.get_secret_value() == TOKEN
    longer = hashlib.sha256(f"{TOKEN}-suffix".encode()).hexdigest()
    (other,) = found_in(text, is_known={longer}.__contains__)
    assert other.fingerprint == longer


def test_the_places_of_a_token_are_counted_beyond_those_that_are_kept() -> None:
    (token,) = found_in(f"{TOKEN}\n".encode() * (MOST_PLACES + 5))
    assert (len(token.places), token.count) == (MOST_PLACES, MOST_PLACES + 5)


def test_more_tokens_than_anybody_has_are_said_and_not_kept() -> None:
    lines = "".join(f"spat_{TOKEN[5:40]}{number:05}\n" for number in range(10_001))
    findings = Findings()
    scan_stream(io.BytesIO(lines.encode()), "a", findings)
    assert (len(findings.tokens), findings.is_full) == (10_000, True)


def test_no_repr_has_a_secret_and_none_is_left_after_it_is_forgotten() -> None:
    (token,) = found_in(TOKEN.encode())
    assert TOKEN not in repr(token)
    token.forget()
    assert token.secret is None
