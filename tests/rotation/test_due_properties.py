"""Whatever tokens an account has: what is due never leaves their users without one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sa_tui.konnect.models import AccessToken, SystemAccount
from sa_tui.org.rotating import NAME_CHARACTERS, family_of
from sa_tui.rotation.due import Decision, Family, Known, decide
from sa_tui.rotation.policy import Policy

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDING = ("revoke", "retire", "remove")
POLICY = Policy("p", to="v", lifetime=30 * DAY, before=10 * DAY, overlap=DAY, idle_for=2 * DAY)


@st.composite
def tokens(draw: st.DrawFn) -> tuple[AccessToken, ...]:
    """Tokens of one family, of all ages, used or not, made by runs and by people."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        age = draw(st.integers(0, 2000)) * HOUR
        used = draw(st.none() | st.integers(0, 1999).map(lambda hours: hours * HOUR))
        lifetime = draw(st.sampled_from([30 * DAY, 30 * DAY, 90 * DAY, 7 * DAY]))
        made_at = NOW - age
        row: dict[str, Any] = {"created_at": made_at, "expires_at": made_at + lifetime}
        if used is not None and used <= age:
            row["last_used_at"] = min(NOW - used, row["expires_at"])
        rows.append(AccessToken(id=str(number), name=f"gha-{number + 2}", **row))
    return tuple(draw(st.permutations(rows)))


def decided(rows: tuple[AccessToken, ...]) -> Decision:
    taken = frozenset(row.name for row in rows)
    account = SystemAccount(id="a", name="ci")
    family = Family("gha-*", policy=POLICY, account=account, tokens=rows, taken=taken)
    return decide(family, Known(), now=NOW)


def by_age(row: AccessToken) -> tuple[datetime, str]:
    return row.created_at or NOW, row.name


@given(tokens())
def test_no_order_of_the_tokens_makes_a_difference(rows: tuple[AccessToken, ...]) -> None:
    assert decided(rows) == decided(rows[::-1])


@given(tokens())
def test_one_action_for_a_token_and_one_successor_at_most(rows: tuple[AccessToken, ...]) -> None:
    actions = decided(rows).actions

    ended = [action.token.id for action in actions if action.kind in ENDING]
    issued = [action for action in actions if action.kind == "issue"]
    assert len(ended) == len(set(ended))
    assert len(issued) <= 1
    for action in issued:
        assert action.name not in {row.name for row in rows}
        assert family_of(action.name) == "gha-*"
        assert len(action.name) <= NAME_CHARACTERS


@given(tokens())
def test_what_was_used_of_late_and_the_newest_that_was_used_stay(
    rows: tuple[AccessToken, ...],
) -> None:
    ended = {action.token.id for action in decided(rows).actions if action.kind in ENDING}
    live = [row for row in rows if row.expires_at and row.expires_at > NOW]
    used = [row for row in live if row.last_used_at]

    for row in used:
        assert row.id not in ended or NOW - row.last_used_at >= POLICY.idle_for  # type: ignore[operator]
    if used:
        newest = max(used, key=by_age)
        assert newest.id not in ended


@given(tokens())
def test_whoever_has_a_token_that_ends_soon_gets_another_or_somebody_is_told(
    rows: tuple[AccessToken, ...],
) -> None:
    first = min(rows, key=by_age)  # somebody has it, since nobody else has anything
    lasting = [row for row in rows if row.expires_at and row.expires_at - NOW > POLICY.before]
    if any(row.last_used_at or row is first for row in lasting):
        return

    actions = decided(rows).actions

    assert any(action.kind in ("issue", "wait", "alarm") for action in actions)


@given(tokens())
def test_nothing_is_due_once_all_of_it_was_done(rows: tuple[AccessToken, ...]) -> None:
    actions = decided(rows).actions
    gone = {action.token.id for action in actions if action.kind in ENDING}
    left = [row for row in rows if row.id not in gone]
    for action in actions:
        if action.kind == "issue":
            facts: dict[str, Any] = {
                "created_at": NOW,
                "expires_at": NOW + POLICY.lifetime,
                "last_used_at": NOW,
            }
            left.append(AccessToken(id="new", name=action.name, **facts))

    again = decided(tuple(left)).actions if left else ()

    assert not [action for action in again if action.kind in ("issue", "revoke", "retire")]
