"""Finds the account or the person that somebody means by a name or an id; it never guesses."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from sa_tui.api.errors import Unreadable
from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.api.models import Row, SystemAccount, User

RowT = TypeVar("RowT", bound="Row")

MOST_SUGGESTIONS = 5


def find_account(
    wanted: str, accounts: Sequence[SystemAccount], *, incomplete: str | None
) -> SystemAccount:
    """The account with this id, else with exactly this name, else with it but for case.

    Raises UsageError when there is none or more than one, and Unreadable when there is none among
    those that could be read.
    """
    named = [(each.name, each) for each in accounts]
    return _find(wanted, named, incomplete=incomplete, what="account")


def find_subject(
    wanted: str,
    accounts: Sequence[SystemAccount],
    people: Sequence[User],
    *,
    incomplete: str | None,
) -> SystemAccount | User:
    """The same among accounts and people, who go by their names and e-mail addresses."""
    named: list[tuple[str, SystemAccount | User]] = [(each.name, each) for each in accounts]
    named += [(name, each) for each in people for name in (each.full_name, each.email) if name]
    return _find(wanted, named, incomplete=incomplete, what="account or person")


def _find(
    wanted: str, named: Sequence[tuple[str, RowT]], *, incomplete: str | None, what: str
) -> RowT:
    wanted = one_line(wanted)
    folded = wanted.casefold()
    found = {each.id: name for name, each in named if wanted == each.id}
    found = found or {each.id: name for name, each in named if wanted == name}
    found = found or {each.id: name for name, each in named if folded == name.casefold()}
    if len(found) == 1:
        return next(each for _, each in named if each.id in found)
    if found:
        choices = ", ".join(f'"{name}" {id}' for id, name in found.items())
        raise UsageError(f'"{wanted}" is not clear. Name one by its id: {choices}')
    if incomplete:
        raise Unreadable(
            f'There is no {what} "{wanted}" among those that could be read. {incomplete}',
            advice="Try again",
        )
    near = _near(folded, [name for name, _ in named])
    known = "`sa-tui accounts --quick` lists them all."
    suggestion = f"Did you mean {', '.join(near)}? Otherwise, {known}" if near else known
    raise UsageError(f'There is no {what} with the name or id "{wanted}". {suggestion}')


def _near(folded: str, known: Sequence[str]) -> list[str]:
    names: dict[str, list[str]] = {}
    for each in known:
        names.setdefault(each.casefold(), []).append(each)
    alike = get_close_matches(folded, names, n=MOST_SUGGESTIONS)
    holding = [name for name in names if folded and folded in name]
    near = [name for fold in dict.fromkeys([*alike, *holding]) for name in names[fold]]
    return [f'"{name}"' for name in near[:MOST_SUGGESTIONS]]
