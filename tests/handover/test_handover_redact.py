"""Redaction: no token gets through, and little else is lost."""

from __future__ import annotations

import base64
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sa_tui.handover.masked import chunks, mask
from sa_tui.handover.redact import conceal, is_secret_inside, plain, redact

ALPHANUMERIC = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=8)
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcGVyYXRvciJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1g"


@given(
    before=st.text(), body=ALPHANUMERIC, after=st.text(), prefix=st.sampled_from(["spat_", "kpat_"])
)
def test_no_konnect_token_survives_whatever_surrounds_it(
    before: str, body: str, after: str, prefix: str
) -> None:
    assert f"{prefix}{body}" not in redact(before + prefix + body + after)


@given(text=st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    for example in (text, f"Bearer {text}", f"spat_{text}"):
        assert redact(redact(example)) == redact(example)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("token spat_abc123 was refused", "token spat_… was refused"),
        ("x=kpat_abc123,y", "x=kpat_…,y"),
        ("Authorization: Bearer spat_abc123", "Authorization: Bearer spat_…"),
        ("authorization: bearer 0123456789abcdef", "authorization: bearer …"),
        (f"cookie={JWT};", "cookie=eyJ…;"),
        (f"Bearer {JWT}", "Bearer eyJ…"),
        ("Name [ci-bot] expires in 30 days", "Name [ci-bot] expires in 30 days"),
    ],
)
def test_what_is_kept_still_says_what_it_was(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_only_an_unmistakable_token_counts_as_a_secret() -> None:
    assert is_secret_inside("spat_12345678901234567890")
    assert is_secret_inside(JWT)
    assert not is_secret_inside("spat_backup")
    assert not is_secret_inside("rotation-of-kpat_tokens")


@given(body=st.text("abcdefghijkmnpqrstuvwxyz0123456789", min_size=30, max_size=60))
def test_a_secret_cannot_be_put_together_from_concealed_output(body: str) -> None:
    secret = f"spat_{body}"
    encoded = base64.b64encode(f"user:{secret}".encode()).decode()

    shown = conceal(f"{secret} {secret[:20]}\n{textwrap.fill(secret, 16)} {encoded}", secret)

    for at in range(len(secret) - 5):
        assert secret[at : at + 6] not in shown
    for at in range(8, len(encoded) - 8):
        assert encoded[at : at + 6] not in shown


def test_what_is_not_the_secret_is_left_as_it_was() -> None:
    text = "Success! Data written to: secret/data/konnect/ci-deployer"

    assert conceal(text, "spat_0123456789abcdefghij") == text
    assert conceal("a b c", "b") == "a b c"


@given(text=st.text())
def test_plain_text_cannot_drive_a_terminal(text: str) -> None:
    for example in (text, f"\x1b]52;c;{text}\x07", f"\x1b[{text}", f"\x9b{text}"):
        assert not any(
            (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in plain(example)
        )


def test_colours_are_dropped_and_invisible_marks_are_shown() -> None:
    assert plain("\x1b[31merror\x1b[0m: a\u202eb\x07\r\n") == "error: a⟨U+202E⟩b␇\n"


def test_hostile_output_costs_no_more_than_its_length() -> None:
    # Each of these would take minutes with a pattern that starts over at every character.
    for hostile in ("\x1b]", "eyJ", "\x1b[0", "bearer ", "spat_"):
        redact(plain(hostile * 50_000))


def test_a_mask_shows_prefix_last_four_and_length(secret: SecretStr) -> None:
    assert mask(secret) == "spat_…lPw0 (55 characters)"


def test_a_mask_shows_nothing_of_a_short_or_unknown_secret() -> None:
    assert mask(SecretStr("hunter2")) == "… (7 characters)"
    assert mask(SecretStr("spat_short")) == "spat_… (10 characters)"


@given(value=st.text(), size=st.integers(1, 20))
def test_groups_joined_are_the_secret(value: str, size: int) -> None:
    groups = chunks(SecretStr(value), size=size)

    assert "".join(groups) == value
    assert all(len(group) == size for group in groups[:-1])
