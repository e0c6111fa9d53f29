"""A secret on the screen: masked, or in groups that can be read aloud."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sa_tui.base.masked import chunks, mask


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
