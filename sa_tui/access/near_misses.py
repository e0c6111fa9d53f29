"""Why an account does not match a query: what comes nearest, and which terms that does not meet.

The rule it keeps: it is asked only of an account that certainly does not match.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.matrix import strength
from sa_tui.access.query.fields import FIELDS
from sa_tui.access.query.language import And, Or, Query, Term
from sa_tui.access.query.search import Search, token_asks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.konnect.models import AccessToken

MOST = 3
"""Of several that are equally near, so many are given: the strongest."""


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """Parts of a query that are not so: of the account, or of the `grant` or `token` nearest to it.

    Terms about grants that no grant meets even in part have neither. A grant that reaches nothing
    may meet every term.
    """

    unmet: tuple[Query, ...]
    grant: Grant | None = None
    token: AccessToken | None = None


def near_misses(
    query: Query, subject: Subject, access: Access, *, now: datetime
) -> tuple[NearMiss, ...]:
    """What comes nearest to a query; of alternatives, the one with the fewest parts unmet."""
    if isinstance(query, Or):
        found = [near_misses(operand, subject, access, now=now) for operand in query.operands]
        return min(found, key=lambda misses: sum(len(miss.unmet) for miss in misses))
    operands = query.operands if isinstance(query, And) else (query,)
    terms: dict[str, list[Term]] = {"grant": [], "token": []}
    unmet: list[Query] = []
    misses: list[NearMiss] = []
    for operand in operands:
        if isinstance(operand, Term) and FIELDS[operand.name].about in terms:
            terms[FIELDS[operand.name].about].append(operand)
        elif Search(operand, access, now=now).answer(subject) is Answer.YES:
            continue
        elif isinstance(operand, And | Or):
            misses += near_misses(operand, subject, access, now=now)
        else:
            unmet.append(operand)
    if unmet:
        misses.append(NearMiss(unmet=tuple(unmet)))
    misses += _of_grants(terms["grant"], subject.grants, Search(query, access, now=now))
    misses += _of_tokens(terms["token"], subject.tokens, now)
    return tuple(misses)


def _of_grants(
    terms: Sequence[Term], grants: Iterable[Grant], search: Search
) -> Iterable[NearMiss]:
    asks = search.grant_asks(terms)
    asks_what_it_gives = any(term.op == ":" for term in terms)
    missed = []
    for grant in sorted(grants, key=strength):
        unmet = tuple(term for term, ask in asks if ask(grant) is not Answer.YES)
        is_idle = grant.is_stray and asks_what_it_gives
        missed.append((len(unmet) + is_idle, NearMiss(unmet=unmet, grant=grant)))
    return _nearest(terms, missed)


def _of_tokens(
    terms: Sequence[Term], tokens: Iterable[AccessToken], now: datetime
) -> Iterable[NearMiss]:
    asks = token_asks(terms, now)
    missed = []
    for token in tokens:
        unmet = tuple(term for term, ask in asks if ask(token) is not Answer.YES)
        missed.append((len(unmet), NearMiss(unmet=unmet, token=token)))
    return _nearest(terms, missed)


def _nearest(terms: Sequence[Term], missed: Sequence[tuple[int, NearMiss]]) -> Iterable[NearMiss]:
    """Those with the fewest terms unmet; none if one meets them all, or if there are no terms."""
    fewest = min((count for count, _ in missed), default=len(terms))
    if fewest == 0:
        return ()
    if fewest >= len(terms) and all(len(miss.unmet) == len(terms) for _, miss in missed):
        return (NearMiss(unmet=tuple(terms)),)
    return [miss for count, miss in missed if count == fewest][:MOST]
