"""Finds actions of the log by words and by fields of its own, in the language of queries.

The rule it keeps: an action has everything that is asked of it, so each matches or does not.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from sa_tui.access.query.account_terms import COMPARE
from sa_tui.access.query.fields import Field, parse_span, pattern
from sa_tui.access.query.language import And, Not, Or, Query, Term, Word
from sa_tui.base.text import sought
from sa_tui.org.logged import VERBS, ActionOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sa_tui.org.logged import LoggedAction

    Test = Callable[[LoggedAction], bool]

LOG_FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        field.name: field
        for field in (
            Field(
                "status",
                about="action",
                help="what became of it, or the HTTP status: 409, 4*",
                example="status:failed",
                values=get_args(ActionOutcome),
                also=r"[1-5](\d\d|\*)",
            ),
            Field(
                "verb",
                about="action",
                help="what was asked for, or a part of it",
                example="verb:delete-account",
                values=VERBS,
                takes_parts=True,
            ),
            Field("who", about="action", help="part of who sent it", example="who:ines"),
            Field(
                "since",
                about="action",
                help="how long ago it was sent: <7d, >12h",
                example="since:<7d",
                is_span=True,
            ),
            Field(
                "profile",
                about="action",
                help="part of the profile it was sent with",
                example="profile:prod",
            ),
        )
    }
)


def matcher(query: Query, *, now: datetime) -> Test:
    """Whether an action matches the query."""
    match query:
        case Word(text):
            matches = pattern(text, is_part=True).match
            return lambda action: any(map(matches, _texts_of(action).split("\n")))
        case Term():
            test = _of_term(query, now)
            return (lambda action: not test(action)) if query.op == "!=" else test
        case Not(operand):
            operand_test = matcher(operand, now=now)
            return lambda action: not operand_test(action)
        case And(operands):
            tests = [matcher(operand, now=now) for operand in operands]
            return lambda action: all(test(action) for test in tests)
        case Or(operands):
            tests = [matcher(operand, now=now) for operand in operands]
            return lambda action: any(test(action) for test in tests)


def _of_term(term: Term, now: datetime) -> Test:
    if term.name == "since":
        span = parse_span(term.value)
        length = span.length
        return lambda action: length is not None and COMPARE[span.compare](now - action.at, length)
    is_part = term.op == ":" and term.name != "status"
    matches = pattern(term.value, is_part=is_part).match

    def test(action: LoggedAction) -> bool:
        texts = {
            "status": (action.outcome, str(action.status or "")),
            "verb": (action.verb,),
            "who": (action.operator,),
            "profile": (action.profile,),
        }[term.name]
        return any(matches(text.casefold()) for text in texts)

    return test


def _texts_of(action: LoggedAction) -> str:
    """What words are looked for in, one text on each line."""
    values = (value for field in action.fields for value in (field.name, field.before, field.after))
    return sought(
        *(action.title, action.method, action.path, action.outcome, str(action.status or "")),
        *(action.trace or "", action.profile, action.organization, action.operator),
        *(action.message, *filter(None, values)),
    )
