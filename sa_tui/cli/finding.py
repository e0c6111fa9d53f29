"""Finds the account that somebody means by a name or an id; it never guesses."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sa_tui.api.errors import Unreadable
from sa_tui.api.text import clean
from sa_tui.cli.exits import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.api.models import SystemAccount

MOST_SUGGESTIONS = 5


def find_account(
    wanted: str, accounts: Sequence[SystemAccount], *, incomplete: str | None
) -> SystemAccount:
    """The account with this id, else with exactly this name, else with it but for case.

    Raises UsageError when there is none or more than one, and Unreadable when there is none among
    those that could be read.
    """
    wanted = clean(wanted)
    exact = [each for each in accounts if wanted == each.id]
    exact = exact or [each for each in accounts if wanted == each.name]
    folded = wanted.casefold()
    found = exact or [each for each in accounts if folded == each.name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f'"{each.name}" {each.id}' for each in found)
        raise UsageError(f'"{wanted}" is not clear. Name one by its id: {choices}')
    if incomplete:
        raise Unreadable(
            f'There is no account "{wanted}" among those that could be read. {incomplete}',
            advice="Try again",
        )
    near = _near(folded, accounts)
    known = "`sa-tui accounts --quick` lists them all."
    suggestion = f"Did you mean {', '.join(near)}? Otherwise, {known}" if near else known
    raise UsageError(f'There is no account with the name or id "{wanted}". {suggestion}')


def _near(folded: str, accounts: Sequence[SystemAccount]) -> list[str]:
    names: dict[str, list[str]] = {}
    for each in accounts:
        names.setdefault(each.name.casefold(), []).append(each.name)
    alike = get_close_matches(folded, names, n=MOST_SUGGESTIONS)
    holding = [name for name in names if folded and folded in name]
    near = [name for fold in dict.fromkeys([*alike, *holding]) for name in names[fold]]
    return [f'"{name}"' for name in near[:MOST_SUGGESTIONS]]
