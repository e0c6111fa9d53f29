"""The exit code of a command that sent changes, from what became of them.

The rule it keeps: an outcome that is not known comes before everything else, since whoever goes on
has to look first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.exits import Exit, code_for_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.org.changes.change import Outcome


def code_of(outcomes: Sequence[Outcome]) -> Exit:
    """The exit code of these outcomes, unless a signal kept some changes from being answered."""
    statuses = {outcome.status for outcome in outcomes}
    if "unknown" in statuses:
        return Exit.UNKNOWN
    if "failed" not in statuses:
        return Exit.ALREADY if statuses <= {"already"} else Exit.DONE
    if "done" in statuses:
        return Exit.PARTLY
    codes = (_code_of_failure(outcome) for outcome in outcomes if outcome.status == "failed")
    return next(filter(None, codes), Exit.CONFLICT)


def _code_of_failure(outcome: Outcome) -> Exit | None:
    """The exit code of a change that was not made; None if another one is the reason for it."""
    if outcome.is_overtaken:
        return Exit.CONFLICT
    return code_for_refusal(outcome.error) if outcome.error else None
