"""Finds the account, the person or the token that somebody means by a name or an id.

What is to be changed has to be named exactly: a namesake that differs by case alone is another one.
What is only read may be named loosely, and whom that was taken for is said.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Generic, TypeVar

from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError
from sa_tui.konnect.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.konnect.models import AccessToken, Listing, Row, SystemAccount, User

RowT = TypeVar("RowT", bound="Row")

MOST_SUGGESTIONS = 5
LEAST_OF_AN_ID = 8
"""How much of an id names it: as much as the application shows of one."""

_ACCOUNTS = "`sa-tui accounts --quick` lists them all."


@dataclass(frozen=True)
class _Known(Generic[RowT]):
    """What there is to be found: each under its names. `incomplete` is why there may be more."""

    named: Sequence[tuple[str, RowT]]
    _: KW_ONLY
    what: str
    lists: str
    incomplete: str | None

    def exactly(self, wanted: str) -> dict[str, str]:
        """The names, by id, of what has this id, else this name, else an id that begins so."""
        found = {each.id: name for name, each in self.named if wanted == each.id}
        found = found or {each.id: name for name, each in self.named if wanted == name}
        if found or self.incomplete:  # what was not read may begin so too
            return found
        return {each.id: name for name, each in self.named if is_begin_of_id(wanted, each.id)}

    def loosely(self, wanted: str) -> dict[str, str]:
        """The same for what has the name but for case and for what cannot be seen."""
        folded = one_line(wanted).casefold()
        return {each.id: name for name, each in self.named if folded == one_line(name).casefold()}

    def only(self, wanted: str, found: dict[str, str]) -> RowT:
        """The one that was found. Raises UsageError, and Unreadable where it may be unread."""
        if len(found) == 1:
            return next(each for _, each in self.named if each.id in found)
        shown = one_line(wanted)
        if found:
            choices = ", ".join(f'"{one_line(name)}" {id}' for id, name in found.items())
            raise UsageError(f'"{shown}" is not clear. Name one by its id: {choices}')
        if self.incomplete:
            raise Unreadable(
                f'There is no {self.what} "{shown}" among those that could be read. '
                f"{self.incomplete}",
                advice="Try again",
            )
        near = _near(shown.casefold(), self.named)
        otherwise = f"Did you mean {', '.join(near)}? Otherwise, {self.lists}" if near else ""
        raise UsageError(
            f'There is no {self.what} with the name or id "{shown}". {otherwise or self.lists}'
        )


def find_account(
    wanted: str,
    accounts: Sequence[SystemAccount],
    *,
    incomplete: str | None,
    tell: Callable[[str], object],
) -> SystemAccount:
    """The account to be read; `tell` is told which it is when it was not named exactly.

    Raises UsageError when there is none or more than one, and Unreadable when there is none among
    those that could be read.
    """
    return _find(wanted, _accounts(accounts, incomplete), tell=tell)


def find_account_to_change(
    wanted: str, accounts: Sequence[SystemAccount], *, incomplete: str | None
) -> SystemAccount:
    """The account that is named exactly. Raises as `find_account`."""
    known = _accounts(accounts, incomplete)
    return known.only(wanted, known.exactly(wanted))


def find_token_to_change(
    wanted: str, tokens: Listing[AccessToken], *, account: SystemAccount
) -> AccessToken:
    """The token of this account that is named exactly. Raises as `find_account`."""
    known = _Known(
        [(each.name, each) for each in tokens.rows],
        what=f"token of {account.name}",
        lists=f"`sa-tui token list {account.id}` lists them all.",
        incomplete=tokens.incomplete,
    )
    return known.only(wanted, known.exactly(wanted))


def find_subject(
    wanted: str,
    accounts: Sequence[SystemAccount],
    people: Sequence[User],
    *,
    incomplete: str | None,
    tell: Callable[[str], object],
) -> SystemAccount | User:
    """The account or person to be read; people go by their names and e-mail addresses."""
    named: list[tuple[str, SystemAccount | User]] = [(each.name, each) for each in accounts]
    named += [(name, each) for each in people for name in (each.full_name, each.email) if name]
    known = _Known(named, what="account or person", lists=_ACCOUNTS, incomplete=incomplete)
    return _find(wanted, known, tell=tell)


def is_begin_of_id(wanted: str, id: str) -> bool:
    """Whether this is enough of the id to mean it, also with the `…` of the application."""
    begin = wanted.removesuffix("…")
    return len(begin) >= LEAST_OF_AN_ID and id.startswith(begin)


def _accounts(accounts: Sequence[SystemAccount], incomplete: str | None) -> _Known[SystemAccount]:
    named = [(each.name, each) for each in accounts]
    return _Known(named, what="account", lists=_ACCOUNTS, incomplete=incomplete)


def _find(wanted: str, known: _Known[RowT], *, tell: Callable[[str], object]) -> RowT:
    found = known.exactly(wanted) or known.loosely(wanted)
    row = known.only(wanted, found)
    name = found[row.id]
    if wanted not in (name, row.id):
        tell(f'"{one_line(wanted)}" is taken for {one_line(name)} ({row.id})')
    return row


def _near(folded: str, named: Sequence[tuple[str, Row]]) -> list[str]:
    names: dict[str, list[str]] = {}
    for name, _ in named:
        names.setdefault(one_line(name).casefold(), []).append(one_line(name))
    alike = get_close_matches(folded, names, n=MOST_SUGGESTIONS)
    holding = [name for name in names if folded and folded in name]
    near = [name for fold in dict.fromkeys([*alike, *holding]) for name in names[fold]]
    return [f'"{name}"' for name in near[:MOST_SUGGESTIONS]]
