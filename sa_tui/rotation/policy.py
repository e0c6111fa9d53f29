"""One entry of rotations.toml: which tokens are replaced, when, and where their secrets go.

The rule it keeps: a query never asks for what a rotation itself changes, or a token would leave its
entry half replaced.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sa_tui.access.query.language import QueryError, parse, terms
from sa_tui.base.times import MAX_LIFETIME, MIN_LIFETIME
from sa_tui.org.rotating import family_of

if TYPE_CHECKING:
    from datetime import timedelta

    from sa_tui.access.query.language import Query, Term

_CHANGING = ("used", "expires", "created", "tokens")
_STABLE = {"is": ("admin", "managed", "account", "person"), "has": ("owner", "description")}


@dataclass(frozen=True)
class Policy:
    """One entry; it has an `account`, by exact name or id, or a `query`.

    A successor is issued `before` the end of a token, for `lifetime`, and handed over `to` a named
    destination. The old token works on for the `overlap`, and until it was not used for `idle_for`.
    `on_event` is the command that is told of what happens.
    """

    name: str
    _: KW_ONLY
    to: str
    lifetime: timedelta
    before: timedelta
    overlap: timedelta
    idle_for: timedelta
    account: str = ""
    tokens: str = "*"
    query: Query | None = None
    query_text: str = ""
    on_event: tuple[str, ...] = ()

    def names(self, token_name: str) -> bool:
        """Whether `tokens` means this token: a pattern, or the name of one of its family."""
        if "*" in self.tokens or "?" in self.tokens:
            return fnmatchcase(token_name, self.tokens)
        return family_of(token_name) == family_of(self.tokens)

    @property
    def problem(self) -> tuple[str, str]:
        """The key whose value cannot be carried out, and why; empty if all can."""
        if not MIN_LIFETIME <= self.lifetime <= MAX_LIFETIME:
            return "lifetime", "Konnect's tokens live for 1 to 365 days."
        if self.before >= self.lifetime:
            return "before", "It must be shorter than the lifetime, or each run would rotate."
        if self.overlap > self.before:
            return "overlap", "It cannot be longer than before: the old token has ended by then."
        return "", ""


def parse_claim(text: str) -> Query:
    """The query of an entry. Raises ValueError with a message for the operator."""
    try:
        query = parse(text)
    except QueryError as error:
        raise ValueError(str(error)) from None
    if changing := next((term for term in terms(query) if _is_changing(term)), None):
        shown = f"{changing.name}{changing.op}{changing.value}"
        raise ValueError(
            f"{shown} changes with each rotation: choose by names, roles, teams and owners."
        )
    return query


def _is_changing(term: Term) -> bool:
    stable = _STABLE.get(term.name)
    return term.name in _CHANGING or (stable is not None and term.value.casefold() not in stable)
