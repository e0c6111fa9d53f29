"""The table from outcomes to exit codes, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sa_tui.cli.changing.outcomes import code_of
from sa_tui.cli.exits import Exit
from sa_tui.konnect.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KonnectError,
    NotFound,
    NotSignedIn,
    RateLimited,
    ServerFault,
    Unreachable,
)
from sa_tui.org.changes.accounts import create_account
from sa_tui.org.changes.change import Outcome, Overtaken, Status

CHANGE = create_account("a", description="")


def outcome(status: Status, error: KonnectError | None = None) -> Outcome:
    return Outcome(change=CHANGE, status=status, message="", error=error)


DONE, ALREADY = outcome("done"), outcome("already")
UNKNOWN = outcome("unknown", Unreachable("no answer"))
FORBIDDEN, CONFLICT = outcome("failed", Forbidden(403)), outcome("failed", Conflict(409))
UNNEEDED = outcome("failed")


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([DONE], Exit.DONE),
        ([DONE, ALREADY], Exit.DONE),
        ([ALREADY], Exit.ALREADY),
        ([ALREADY, ALREADY], Exit.ALREADY),
        ([], Exit.ALREADY),
        ([UNKNOWN], Exit.UNKNOWN),
        ([DONE, FORBIDDEN, UNKNOWN], Exit.UNKNOWN),
        ([DONE, FORBIDDEN], Exit.PARTLY),
        ([ALREADY, FORBIDDEN], Exit.REFUSED),
        ([FORBIDDEN, CONFLICT], Exit.REFUSED),
        ([CONFLICT, FORBIDDEN], Exit.CONFLICT),
        ([UNNEEDED, FORBIDDEN], Exit.REFUSED),
        ([UNNEEDED], Exit.CONFLICT),
    ],
)
def test_the_worst_that_became_of_them_decides(outcomes: list[Outcome], code: Exit) -> None:
    assert code_of(outcomes) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Forbidden(403), Exit.REFUSED),
        (NotSignedIn(401), Exit.REFUSED),
        (Conflict(409), Exit.CONFLICT),
        (NotFound(404), Exit.CONFLICT),
        (Invalid(400), Exit.USAGE),
        (RateLimited(429), Exit.UNREACHABLE),
        (ServerFault(500), Exit.UNREACHABLE),
        (Unreachable("no route"), Exit.UNREACHABLE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_ends_as_its_error_says(error: KonnectError, code: Exit) -> None:
    assert code_of([outcome("failed", error)]) == code


def test_what_is_not_what_was_shown_is_a_conflict() -> None:
    for error in (None, Overtaken("it is another")):
        overtaken = replace(outcome("failed", error), is_overtaken=True)
        assert code_of([overtaken]) == Exit.CONFLICT
