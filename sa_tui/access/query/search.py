"""Finds the accounts that a query asks for, each with the grants and tokens that are meant.

The rule it keeps: terms about a grant that stand side by side hold on one grant, terms about a
token on one token, and what was not read is neither found nor ruled out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sa_tui.access.answer import Answer, signed
from sa_tui.access.grants import EVERY, mints
from sa_tui.access.lists import scope_of
from sa_tui.access.query.account_terms import answering, of_account, of_token, of_word
from sa_tui.access.query.entity_terms import EntityTerm
from sa_tui.access.query.fields import FIELDS
from sa_tui.access.query.grant_terms import (
    of_entity,
    of_every_entity,
    of_region,
    of_role,
    of_tier,
    of_type,
    of_via,
)
from sa_tui.access.query.language import And, Not, Or, Query, Term, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.query.account_terms import OfHolder, OfToken
    from sa_tui.access.query.grant_terms import OfGrant
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.reading.entities import Pair

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Match:
    """An account that a query finds, or may find.

    `grants` are those that the query's terms about grants are about: of a certain match those that
    hold for sure, of an uncertain one those that may. Empty when it has no such terms, or when
    what would hold was not read. With `can_become` the account has nothing of it and is one step
    away: `grants` are then those by which it can make tokens of anybody.
    """

    subject: Subject
    answer: Answer
    can_become: bool = False
    grants: tuple[Grant, ...] = ()
    tokens: tuple[AccessToken, ...] = ()


class Search:
    """A query made ready to be asked of each account of an organisation."""

    def __init__(self, query: Query, access: Access, *, now: datetime) -> None:
        self._access = access
        self._now = now
        self._grant_clauses: list[OfGrant] = []
        self._token_clauses: list[OfToken] = []
        self._entity_terms: list[EntityTerm] = []
        self._asks_for_grants = False
        self._query = query
        self._ask = self._compiled(query)

    @property
    def is_about_grants(self) -> bool:
        """Whether the query asks for grants, and not for accounts alone."""
        return bool(self._grant_clauses)

    @property
    def doubtful_lists(self) -> tuple[Pair, ...]:
        """The lists of names that left answers given so far open: not read, or not in full."""
        return tuple(sorted({pair for each in self._entity_terms for pair in each.doubtful}))

    @cached_property
    def _ask_as_minter(self) -> OfHolder:
        """Whether the query would find somebody who has every grant that it asks for."""
        return self._compiled(self._query, is_minter=True)

    def can_become(self, subject: Subject) -> bool:
        """Whether an account that is not found, for certain, is one step away from it.

        It is when the query asks for grants, when the account is all else that is asked for, and
        when it can make itself a token of whoever has them.
        """
        return (
            self._asks_for_grants
            and subject.can_mint is Answer.YES
            and self._ask(subject) is Answer.NO
            and self._ask_as_minter(subject) is Answer.YES
        )

    def becoming(self) -> tuple[Match, ...]:
        """Every account that is one step away, with the grants by which it is."""
        return tuple(
            Match(
                subject=subject,
                answer=Answer.NO,
                grants=_meant([mints], subject.grants, Answer.YES),
                can_become=True,
            )
            for subject in self._access.subjects
            if self.can_become(subject)
        )

    def answer(self, subject: Subject) -> Answer:
        """Whether the query finds this account."""
        return self._ask(subject)

    def match(self, subject: Subject) -> Match | None:
        """The account as the query finds it; None when it does not."""
        found = self._ask(subject)
        if found is Answer.NO:
            return None
        return Match(
            subject=subject,
            answer=found,
            grants=_meant(self._grant_clauses, subject.grants, found),
            tokens=_meant(self._token_clauses, _tokens_of(subject), found),
        )

    def matches(self) -> tuple[Match, ...]:
        """Every account that the query finds or may find, in the organisation's order."""
        return tuple(found for each in self._access.subjects if (found := self.match(each)))

    # Making it ready

    def _compiled(
        self, query: Query, *, is_meant: bool = True, is_minter: bool = False
    ) -> OfHolder:
        how = {"is_meant": is_meant, "is_minter": is_minter}
        match query:
            case Word(text):
                return of_word(text)
            case Term():
                return self._conjunction((query,), **how)
            case Not(operand):
                return signed(self._compiled(operand, is_meant=False), is_negative=True)
            case And(operands):
                return self._conjunction(operands, **how)
            case Or(operands):
                return _some([self._compiled(each, **how) for each in operands])

    def _conjunction(
        self, operands: Sequence[Query], *, is_meant: bool, is_minter: bool
    ) -> OfHolder:
        bound: dict[str, list[Term]] = {"grant": [], "token": [], "account": []}
        asks: list[OfHolder] = []
        for each in operands:
            if isinstance(each, Term):
                bound[FIELDS[each.name].about].append(each)
            else:
                asks.append(self._compiled(each, is_meant=is_meant, is_minter=is_minter))
        asks += [_signed(of_account(each, self._now), each) for each in bound["account"]]
        if is_meant and not is_minter:
            self._grant_clauses += [ask for each in bound["account"] if (ask := answering(each))]
        if terms := bound["token"]:
            ask_token = _together([_signed(of_token(each, self._now), each) for each in terms])
            asks.append(_of_some_token(ask_token))
            self._token_clauses += [ask_token] * (is_meant and not is_minter)
        if (terms := bound["grant"]) and is_minter and is_meant and _asks_can_it(terms):
            asks.append(_can_mint)
        elif terms:
            ask_grant = _together(self._grant_asks(terms))
            if self._access.has_strays and any(each.op == ":" for each in terms):
                ask_grant = _reaching(ask_grant)
            asks.append(_of_some_grant(ask_grant))
            self._grant_clauses += [ask_grant] * is_meant
            self._asks_for_grants |= is_meant and _asks_can_it(terms)
        return _together(asks)

    def _grant_asks(self, terms: Sequence[Term]) -> list[OfGrant]:
        """The terms' questions, those that rule out the most first."""
        named = {
            each: self._access.kinds_named(each.value) for each in terms if each.name == "type"
        }
        # A role on every type is one on those that are asked for.
        positive = [kinds for each, kinds in named.items() if each.op != "!=" and each.value != "*"]
        kinds = frozenset.intersection(*positive) if positive else None
        makers: dict[str, Callable[[Term], OfGrant]] = {
            "type": lambda term: of_type(term, named[term]),
            "role": lambda term: of_role(term, kinds, known=self._access.roles),
            "tier": of_tier,
            "region": of_region,
            "via": of_via,
            "entity": lambda term: self._of_entity(term, terms),
        }
        return [
            _signed(makers[name](each), each)
            for name in makers
            for each in terms
            if each.name == name
        ]

    def _of_entity(self, term: Term, clause: Sequence[Term]) -> OfGrant:
        if term.value == EVERY:
            return of_every_entity()
        scope = scope_of(clause, term, kinds_named=self._access.kinds_named)
        asked = EntityTerm(term, self._access.lists, scope)
        self._entity_terms.append(asked)
        return of_entity(asked)


def _signed(ask: Callable[[T], Answer], term: Term) -> Callable[[T], Answer]:
    return signed(ask, is_negative=term.op == "!=")


def _reaching(ask: OfGrant) -> OfGrant:
    """The same of a grant that reaches its entity: one that does not can do nothing."""
    return lambda grant: Answer.NO if grant.is_stray else ask(grant)


def _asks_can_it(terms: Sequence[Term]) -> bool:
    """Whether terms about a grant ask for what it gives, not for how it is written or held."""
    return any(each.op == ":" and each.value != EVERY for each in terms) and not any(
        each.name == "via" for each in terms
    )


def _can_mint(subject: Subject) -> Answer:
    return subject.can_mint


def _together(asks: Sequence[Callable[[T], Answer]]) -> Callable[[T], Answer]:
    """All of the questions, about one and the same thing."""
    if len(asks) == 1:
        return asks[0]

    def ask_all(of: T) -> Answer:
        least = Answer.YES
        for ask in asks:
            found = ask(of)
            if found < least:
                least = found
                if not least:
                    break
        return least

    return ask_all


def _some(asks: Sequence[OfHolder]) -> OfHolder:
    """Any of the questions."""
    return lambda subject: _greatest(Answer.NO, (ask(subject) for ask in asks))


def _of_some_grant(ask: OfGrant) -> OfHolder:
    def ask_subject(subject: Subject) -> Answer:
        least = Answer.NO if subject.is_complete else Answer.UNKNOWN
        return _greatest(least, map(ask, subject.grants))

    return ask_subject


def _of_some_token(ask: OfToken) -> OfHolder:
    def ask_subject(subject: Subject) -> Answer:
        is_open = subject.tokens_missing and subject.token is None
        least = Answer.UNKNOWN if is_open else Answer.NO
        return _greatest(least, map(ask, _tokens_of(subject)))

    return ask_subject


def _greatest(least: Answer, answers: Iterable[Answer]) -> Answer:
    """The greatest of the answers, at least `least`; none is asked for after a yes."""
    yes = Answer.YES
    for found in answers:
        if found is yes:
            return found
        least = max(least, found)
    return least


def _tokens_of(subject: Subject) -> tuple[AccessToken, ...]:
    """The tokens that terms about a token are about."""
    return subject.tokens if subject.token is None else (subject.token,)


def _meant(
    clauses: Sequence[Callable[[T], Answer]], things: Iterable[T], found: Answer
) -> tuple[T, ...]:
    """The things that some clause is about."""
    if not clauses:
        return ()
    if len(clauses) == 1:  # nearly always, and then much faster
        ask = clauses[0]
        return tuple([each for each in things if ask(each) >= found])
    return tuple([each for each in things if any(ask(each) >= found for ask in clauses)])
