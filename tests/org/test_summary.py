"""What state a token is in: what Konnect keeps of it and what its date says, whichever is less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sa_tui.konnect.models import AccessToken, PersonalAccessToken
from sa_tui.org.summary import token_state

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("kept", "expires_at", "state"),
    [
        ("ACTIVE", FUTURE, "live"),
        ("active", None, "live"),
        ("ACTIVE", PAST, "expired"),
        ("ACTIVE", NOW, "expired"),
        ("EXPIRED", FUTURE, "expired"),
        ("REVOKED", FUTURE, "revoked"),
        ("REVOKED", PAST, "revoked"),
        # A state that nobody knows, or none: only the date can rule it out.
        ("SLEEPING", FUTURE, "unknown"),
        ("", FUTURE, "unknown"),
        ("", PAST, "expired"),
    ],
)
def test_a_persons_token_is_as_konnect_says_and_as_its_date_says(
    kept: str, expires_at: datetime | None, state: str
) -> None:
    token = PersonalAccessToken(id="t", state=kept, expires_at=expires_at)

    assert token_state(token, NOW) == state


@pytest.mark.parametrize(
    ("expires_at", "state"), [(FUTURE, "live"), (None, "live"), (PAST, "expired")]
)
def test_an_accounts_token_is_as_its_date_says(expires_at: datetime | None, state: str) -> None:
    assert token_state(AccessToken(id="t", expires_at=expires_at), NOW) == state


@pytest.mark.parametrize(("kept", "state"), [("ACTIVE", "unknown"), ("REVOKED", "revoked")])
def test_without_a_readable_date_only_what_konnect_keeps_counts(kept: str, state: str) -> None:
    token = PersonalAccessToken(id="t", state=kept, unreadable={"expires_at": "x"})

    assert token_state(token, NOW) == state
