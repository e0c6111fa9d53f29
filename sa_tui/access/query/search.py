"""Finds the accounts that match a query, with the grants and tokens that match.

The rule it keeps: terms about a grant that stand side by side match the same grant, terms about a
token the same token, and what was not read neither matches nor is ruled out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sa_tui.access.answer import Answer, signed
from sa_tui.access.grants import mints
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
from sa_tui.konnect.regions import EVERY

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
    """An account that matches a query, or may match.

    `grants` match the query's terms about grants: those of a certain match match for certain,
    those of an uncertain one may. They are empty when the query has no such terms, or when the
    grants were not read. With `can_become` the account does not match, but is one step away:
    `grants` are then those by which it can make tokens for anybody.
    """

    subject: Subject
    answer: Answer
    can_become: bool = False
    grants: tuple[Grant, ...] = ()
    tokens: tuple[AccessToken, ...] = ()


def by_minting(subject: Subject) -> Match:
    """A subject that does not match and is one step away, with the grants by which it is."""
    return Match(
        subject=subject,
        answer=Answer.NO,
        grants=_matching([mints], subject.grants, Answer.YES),
        can_become=True,
    )


class Search:
    """A query, compiled for the accounts of one organisation."""

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
        """Whether the query has terms about grants."""
        return bool(self._grant_clauses)

    @property
    def doubtful_lists(self) -> tuple[Pair, ...]:
        """The lists of names that left an answer so far unknown: not read, or not in full."""
        return tuple(sorted({pair for term in self._entity_terms for pair in term.doubtful}))

    @cached_property
    def _ask_as_minter(self) -> OfHolder:
        """Whether the query would match a subject that had every grant that it asks for."""
        return self._compiled(self._query, is_minter=True)

    def can_become(self, subject: Subject) -> bool:
        """Whether an account that certainly does not match is one step away from it.

        It is when the query asks for grants, when the account matches the other terms, and when
        it can make itself a token of an account that has the grants.
        """
        return (
            self._asks_for_grants
            and subject.can_mint is Answer.YES
            and self._ask(subject) is Answer.NO
            and self._ask_as_minter(subject) is Answer.YES
        )

    def becoming(self) -> tuple[Match, ...]:
        """The accounts that are one step away, with the grants by which they are."""
        subjects = self._access.subjects
        return tuple(by_minting(subject) for subject in subjects if self.can_become(subject))

    def answer(self, subject: Subject) -> Answer:
        """Whether the account matches."""
        return self._ask(subject)

    def match(self, subject: Subject) -> Match | None:
        """The account as a match; None when it does not match."""
        answer = self._ask(subject)
        if answer is Answer.NO:
            return None
        return Match(
            subject=subject,
            answer=answer,
            grants=_matching(self._grant_clauses, subject.grants, answer),
            tokens=_matching(self._token_clauses, _tokens_of(subject), answer),
        )

    def matches(self) -> tuple[Match, ...]:
        """Every account that matches or may match, in the organisation's order."""
        return tuple(match for subject in self._access.subjects if (match := self.match(subject)))

    # Compiling

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
                return _some([self._compiled(operand, **how) for operand in operands])

    def _conjunction(
        self, operands: Sequence[Query], *, is_meant: bool, is_minter: bool
    ) -> OfHolder:
        bound: dict[str, list[Term]] = {"grant": [], "token": [], "account": []}
        asks: list[OfHolder] = []
        for operand in operands:
            if isinstance(operand, Term):
                bound[FIELDS[operand.name].about].append(operand)
            else:
                asks.append(self._compiled(operand, is_meant=is_meant, is_minter=is_minter))
        asks += [_signed(of_account(term, self._now), term) for term in bound["account"]]
        if is_meant and not is_minter:
            self._grant_clauses += [ask for term in bound["account"] if (ask := answering(term))]
        if terms := bound["token"]:
            ask_token = _together([ask for _, ask in token_asks(terms, self._now)])
            asks.append(_of_some_token(ask_token))
            self._token_clauses += [ask_token] * (is_meant and not is_minter)
        if (terms := bound["grant"]) and is_minter and is_meant and _asks_can_it(terms):
            asks.append(lambda subject: subject.can_mint)
        elif terms:
            ask_grant = _together([ask for _, ask in self.grant_asks(terms)])
            if self._access.has_strays and any(term.op == ":" for term in terms):
                ask_grant = _reaching(ask_grant)
            asks.append(_of_some_grant(ask_grant))
            self._grant_clauses += [ask_grant] * is_meant
            self._asks_for_grants |= is_meant and _asks_can_it(terms)
        return _together(asks)

    def grant_asks(self, terms: Sequence[Term]) -> list[tuple[Term, OfGrant]]:
        """What each of these terms side by side asks, those that rule out the most first."""
        named = {
            term: self._access.kinds_named(term.value) for term in terms if term.name == "type"
        }
        # A role on every type is one on those that are asked for.
        positive = [kinds for term, kinds in named.items() if term.op != "!=" and term.value != "*"]
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
            (term, _signed(maker(term), term))
            for name, maker in makers.items()
            for term in terms
            if term.name == name
        ]

    def _of_entity(self, term: Term, clause: Sequence[Term]) -> OfGrant:
        if term.value == EVERY:
            return of_every_entity()
        scope = scope_of(clause, term, kinds_named=self._access.kinds_named)
        asked = EntityTerm(term, self._access.lists, scope)
        self._entity_terms.append(asked)
        return of_entity(asked)


def token_asks(terms: Sequence[Term], now: datetime) -> list[tuple[Term, OfToken]]:
    """What each of these terms asks of a token."""
    return [(term, _signed(of_token(term, now), term)) for term in terms]


def _signed(ask: Callable[[T], Answer], term: Term) -> Callable[[T], Answer]:
    return signed(ask, is_negative=term.op == "!=")


def _reaching(ask: OfGrant) -> OfGrant:
    """The question, answered no for a grant that reaches nothing."""
    return lambda grant: Answer.NO if grant.is_stray else ask(grant)


def _asks_can_it(terms: Sequence[Term]) -> bool:
    """Whether terms about a grant ask for what it gives, not for how it is written or held."""
    return any(term.op == ":" and term.value != EVERY for term in terms) and not any(
        term.name == "via" for term in terms
    )


def _together(asks: Sequence[Callable[[T], Answer]]) -> Callable[[T], Answer]:
    """Whether all of the questions have a yes for the same value."""
    if len(asks) == 1:
        return asks[0]

    def ask_all(value: T) -> Answer:
        least = Answer.YES
        for ask in asks:
            answer = ask(value)
            if answer < least:
                least = answer
                if not least:
                    break
        return least

    return ask_all


def _some(asks: Sequence[OfHolder]) -> OfHolder:
    """Whether any of the questions has a yes."""
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
    """The greatest of the answers, and at least `least`; stops at a yes."""
    yes = Answer.YES
    for answer in answers:
        if answer is yes:
            return answer
        least = max(least, answer)
    return least


def _tokens_of(subject: Subject) -> tuple[AccessToken, ...]:
    """The tokens that terms about a token are asked of."""
    return subject.tokens if subject.token is None else (subject.token,)


def _matching(
    clauses: Sequence[Callable[[T], Answer]], values: Iterable[T], least: Answer
) -> tuple[T, ...]:
    """The grants or tokens for which some clause answers at least that."""
    if not clauses:
        return ()
    if len(clauses) == 1:  # nearly always, and then much faster
        ask = clauses[0]
        return tuple([value for value in values if ask(value) >= least])
    return tuple([value for value in values if any(ask(value) >= least for ask in clauses)])
