"""No token gets through, little else is lost, and a secret is drawn masked or in groups."""

from __future__ import annotations

import base64
import textwrap
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sa_tui.base.secrets import chunks, conceal, is_secret_inside, looks_like_token, mask, redact

if TYPE_CHECKING:
    from collections.abc import Callable

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
        ("token=kpat_Abc123.x.", "token=kpat_….x."),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer …"),
        ("bearer=abcdefghijklmnop", "bearer=…"),
        ("got eyJhbGciOi.eyJzdWIi.c2ln back", "got eyJ… back"),
        ("glued_eyJhbGciOiJIUzI1NiJ9", "glued_eyJ…"),
        ("Bearer token is not valid", "Bearer token is not valid"),
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


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (" spat_short", True),
        ("Authorization: Bearer x", True),
        (f"token {JWT}", True),
        ("read kpat_12345678901234567890 here", True),
        ("see spat_backup", False),
        ("the bearer", False),
        ("eyJ.x", False),
    ],
)
def test_what_is_shaped_like_a_token_is_noticed(text: str, is_one: bool) -> None:
    assert looks_like_token(text) is is_one


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


@pytest.mark.parametrize(
    "hostile",
    ["eyJ", "eyJeyJ", "eyJabc.", "ey", "eyJhbGci.-", "spat_", "spat_.", "bearer ", "bearer=", "."],
)
@pytest.mark.parametrize(
    "work", [redact, is_secret_inside, looks_like_token], ids=lambda work: work.__name__
)
def test_four_times_the_text_costs_little_more_than_four_times(
    work: Callable[[str], object], hostile: str
) -> None:
    short, long = hostile * 20_000, hostile * 80_000

    assert seconds(work, long) < 12 * seconds(work, short) + 0.02


def test_four_times_the_output_of_a_program_costs_little_more_than_four_times() -> None:
    def work(text: str) -> str:
        return conceal(text, "spat_0123456789abcdefghij")

    assert seconds(work, "spat_0" * 16_000) < 12 * seconds(work, "spat_0" * 4_000) + 0.02


def seconds(work: Callable[[str], object], text: str) -> float:
    """The least of the time that the processor needed, of a few runs."""
    spent = []
    for _ in range(3):
        begun = process_time()
        work(text)
        spent.append(process_time() - begun)
    return min(spent)


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
