"""Finds the account, the person, the team or the token that is named by a name or an id.

What is changed has to be named exactly: names that differ only by case are different. What is
only read may be named loosely, and a message then says which one was taken.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError
from sa_tui.konnect.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    from sa_tui.konnect.models import AccessToken, Listing, SystemAccount, Team, User

    class Identified(Protocol):
        """Whatever has an id."""

        @property
        def id(self) -> str:
            """The id."""


RowT = TypeVar("RowT", bound="Identified")

MOST_SUGGESTIONS = 5
ID_PREFIX_CHARACTERS = 8
"""How many characters of an id are enough to name it: as many as the application shows."""

_ACCOUNTS = "`sa-tui accounts --quick` lists them all."


@dataclass(frozen=True)
class Candidates(Generic[RowT]):
    """The rows to choose from, by each of their names; `incomplete` is why there may be more.

    `about` says of some ids what is behind them, where a name may be that of several kinds.
    """

    named: Sequence[tuple[str, RowT]]
    _: KW_ONLY
    what: str
    lists: str
    incomplete: str | None
    about: Mapping[str, str] = field(default_factory=dict)

    def exactly(self, text: str) -> dict[str, str]:
        """The names by id of the rows with this id, else this name, else an id that begins so."""
        names = {row.id: name for name, row in self.named if text == row.id}
        names = names or {row.id: name for name, row in self.named if text == name}
        if names or self.incomplete:  # the id of a row that was not read may begin so too
            return names
        return {row.id: name for name, row in self.named if is_begin_of_id(text, row.id)}

    def loosely(self, text: str) -> dict[str, str]:
        """The names by id of the rows with this name; case and invisible characters are ignored."""
        folded = one_line(text).casefold()
        return {row.id: name for name, row in self.named if folded == one_line(name).casefold()}

    def only(self, text: str, names: dict[str, str]) -> RowT:
        """The row with the one id of `names`. Raises UsageError if there is not exactly one.

        Raises Unreadable if there is none and not every row could be read.
        """
        if len(names) == 1:
            return next(row for _, row in self.named if row.id in names)
        shown = one_line(text)
        if names:
            choices = ", ".join(self._choice(id, name) for id, name in names.items())
            raise UsageError(f'"{shown}" is not clear. Name one by its id: {choices}')
        if self.incomplete:
            raise Unreadable(
                f'There is no {self.what} "{shown}" among those that could be read. '
                f"{self.incomplete}",
                advice="Try again",
            )
        near = _near(shown.casefold(), self.named)
        guess = f"Did you mean {', '.join(near)}? Otherwise, " if near else ""
        raise UsageError(
            f'There is no {self.what} with the name or id "{shown}". {guess}{self.lists}'
        )

    def _choice(self, id: str, name: str) -> str:
        about = f" ({one_line(self.about[id])})" if id in self.about else ""
        return f'"{one_line(name)}" {id}{about}'


def find_account(
    text: str,
    accounts: Sequence[SystemAccount],
    *,
    incomplete: str | None,
    tell: Callable[[str], object],
) -> SystemAccount:
    """The account to read; `tell` is called with its name when it was not named exactly.

    Raises UsageError when there is none or more than one, and Unreadable when there is none but
    not every account could be read.
    """
    return find_loosely(text, _accounts(accounts, incomplete), tell=tell)


def account_named(
    text: str, accounts: Sequence[SystemAccount], *, tell: Callable[[str], object]
) -> SystemAccount | None:
    """The account to read, or None if none has this name or id. Raises UsageError for several."""
    candidates = _accounts(accounts, None)
    if not candidates.exactly(text) and not candidates.loosely(text):
        return None
    return find_loosely(text, candidates, tell=tell)


def nearest_accounts(text: str, accounts: Sequence[SystemAccount]) -> str:
    """The names that are nearest to this one, in quotes; empty if none is near."""
    return ", ".join(_near(one_line(text).casefold(), _accounts(accounts, None).named))


def find_account_to_change(
    text: str, accounts: Sequence[SystemAccount], *, incomplete: str | None
) -> SystemAccount:
    """The account that is named exactly. Raises as `find_account`."""
    candidates = _accounts(accounts, incomplete)
    return candidates.only(text, candidates.exactly(text))


def find_team(
    text: str, teams: Sequence[Team], *, incomplete: str | None, tell: Callable[[str], object]
) -> Team:
    """The team to read. Raises as `find_account`."""
    return find_loosely(text, _teams(teams, incomplete), tell=tell)


def find_team_to_change(text: str, teams: Sequence[Team], *, incomplete: str | None) -> Team:
    """The team that is named exactly. Raises as `find_account`."""
    candidates = _teams(teams, incomplete)
    return candidates.only(text, candidates.exactly(text))


def find_person_to_change(text: str, people: Sequence[User], *, incomplete: str | None) -> User:
    """The person with exactly this e-mail address, full name or id. Raises as `find_account`."""
    candidates = Candidates(
        _people(people),
        what="person",
        lists="`sa-tui who is:person --people` lists them all.",
        incomplete=incomplete,
    )
    return candidates.only(text, candidates.exactly(text))


def find_token_to_change(
    text: str, tokens: Listing[AccessToken], *, account: SystemAccount
) -> AccessToken:
    """The token of this account that is named exactly. Raises as `find_account`."""
    candidates = Candidates(
        [(token.name, token) for token in tokens.rows],
        what=f"token of {account.name}",
        lists=f"`sa-tui token list {account.id}` lists them all.",
        incomplete=tokens.incomplete,
    )
    return candidates.only(text, candidates.exactly(text))


def find_subject(
    text: str,
    accounts: Sequence[SystemAccount],
    people: Sequence[User],
    *,
    incomplete: str | None,
    tell: Callable[[str], object],
) -> SystemAccount | User:
    """The account or person to read; a person has a name and an e-mail address."""
    named: list[tuple[str, SystemAccount | User]] = [
        (account.name, account) for account in accounts
    ]
    named += _people(people)
    candidates = Candidates(named, what="account or person", lists=_ACCOUNTS, incomplete=incomplete)
    return find_loosely(text, candidates, tell=tell)


def is_begin_of_id(text: str, id: str) -> bool:
    """Whether the text is enough of the id to name it, also with the `…` of the application."""
    begin = text.removesuffix("…")
    return len(begin) >= ID_PREFIX_CHARACTERS and id.startswith(begin)


def _accounts(
    accounts: Sequence[SystemAccount], incomplete: str | None
) -> Candidates[SystemAccount]:
    named = [(account.name, account) for account in accounts]
    return Candidates(named, what="account", lists=_ACCOUNTS, incomplete=incomplete)


def _teams(teams: Sequence[Team], incomplete: str | None) -> Candidates[Team]:
    """The teams by Konnect's names, and the predefined ones by their documented names too."""
    named = [(name, team) for team in teams for name in dict.fromkeys((team.name, *team.names))]
    lists = "`sa-tui team list --quick` lists them all."
    return Candidates(named, what="team", lists=lists, incomplete=incomplete)


def _people(people: Sequence[User]) -> list[tuple[str, User]]:
    return [(name, user) for user in people for name in (user.full_name, user.email) if name]


def find_loosely(text: str, candidates: Candidates[RowT], *, tell: Callable[[str], object]) -> RowT:
    """The row to read; `tell` is called when it was not named exactly. Raises as `find_account`."""
    names = candidates.exactly(text) or candidates.loosely(text)
    row = candidates.only(text, names)
    name = names[row.id]
    if text not in (name, row.id):
        tell(f'"{one_line(text)}" is taken for {one_line(name)} ({row.id})')
    return row


def _near(folded: str, named: Sequence[tuple[str, Identified]]) -> list[str]:
    names: dict[str, list[str]] = {}
    for name, _ in named:
        names.setdefault(one_line(name).casefold(), []).append(one_line(name))
    from difflib import get_close_matches

    alike = get_close_matches(folded, names, n=MOST_SUGGESTIONS)
    holding = [name for name in names if folded and folded in name]
    near = [name for fold in dict.fromkeys([*alike, *holding]) for name in names[fold]]
    return [f'"{name}"' for name in near[:MOST_SUGGESTIONS]]
