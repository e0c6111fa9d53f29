"""Turns what is planned into the changes of a command, with what is told besides.

The rule it keeps: what could not be read makes the answer incomplete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.problems import Problem, ProblemSubject
from sa_tui.base.words import plural
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import UsageError
from sa_tui.plans.errors import WishError
from sa_tui.plans.reading import planned_in

if TYPE_CHECKING:
    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.plans.difference import Difference
    from sa_tui.plans.holdings import Owner, Unread
    from sa_tui.plans.scope import Scope
    from sa_tui.plans.wished import Wished


async def wanted_of(command: ChangeCommand, wished: Wished, scope: Scope) -> Wanted:
    """The changes that make the organisation as it is wished, and what is so already.

    Raises UsageError for what is not clear in it.
    """
    try:
        planned = await planned_in(command.org, wished, scope)
    except WishError as error:
        first, *others = error.reasons
        raise UsageError(first, below=tuple(others)) from None
    if wished.is_written and not (wished.accounts or wished.teams):
        command.env.tell("The files name no system account and no team.")
    if planned.unchanged:
        command.env.tell(f"{plural(len(planned.unchanged), 'thing')} as wished for already.")
    return wanted_from(planned)


def wanted_from(planned: Difference) -> Wanted:
    """The changes of a plan, with what is told besides."""
    unchanged = [{"subject": same.subject, "what": same.what} for same in planned.unchanged]
    return Wanted(
        changes=planned.changes,
        notes=planned.notes,
        problems=tuple(map(_problem, planned.unread)),
        more={"unchanged": unchanged},
    )


def _problem(unread: Unread) -> Problem:
    return Problem(what=unread.what, reason=unread.why, subject=_subject(unread.owner))


def _subject(owner: Owner | None) -> ProblemSubject | None:
    if owner is None:
        return None
    id = owner.id or None
    if owner.kind == "team":
        return ProblemSubject(type="team", id=id, name=owner.name)
    return ProblemSubject(type="system_account", id=id, name=owner.name)
