"""The fields of the query language: what each is about, and which values it takes.

The rule it keeps: a wrong value is refused before the search, so that a typo never looks like an
empty result.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from sa_tui.base.times import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

About = Literal["account", "grant", "token", "action"]
"""Terms about a grant must match the same grant, terms about a token the same token."""


@dataclass(frozen=True)
class Field:
    """A field, and an example of it; `values` are those that it takes, empty if any text.

    With `takes_parts` a part of one of the values is taken as well, and whatever `also` matches.
    """

    name: str
    _: KW_ONLY
    about: About
    help: str
    example: str
    values: tuple[str, ...] = ()
    takes_parts: bool = False
    also: str = ""
    is_span: bool = False
    is_count: bool = False


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        field.name: field
        for field in (
            Field(
                "name",
                about="account",
                help="part of the account's name, or a pattern",
                example="name:ci-*",
            ),
            Field(
                "id", about="account", help="the beginning of the account's id", example="id:0f3c"
            ),
            Field("desc", about="account", help="part of the description", example="desc:deploy"),
            Field(
                "owner",
                about="account",
                help="who the description names as owner",
                example="owner:ines",
            ),
            Field(
                "role", about="grant", help="a role, or one that includes it", example="role:Admin"
            ),
            Field(
                "type", about="grant", help="an entity type: cp, api, portal, …", example="type:cp"
            ),
            Field(
                "entity",
                about="grant",
                help="name, pattern or id of an entity; * for all",
                example="entity:prod*",
            ),
            Field(
                "region", about="grant", help="a region such as eu; * for all", example="region:eu"
            ),
            Field(
                "via",
                about="grant",
                help="direct, team, or part of a team's name",
                example="via:team",
            ),
            Field(
                "tier",
                about="grant",
                help="admin, write, create, read or unknown",
                example="tier:write",
                values=("admin", "write", "create", "read", "unknown"),
            ),
            Field(
                "team",
                about="account",
                help="part of the name of a team it is in; * for any",
                example="team:*",
            ),
            Field("token", about="token", help="part of a token's name", example="token:gha"),
            Field(
                "used",
                about="token",
                help="last use: >90d, <7d, never",
                example="used:>90d",
                is_span=True,
            ),
            Field(
                "expires",
                about="token",
                help="<30d, >90d, <0d is past, never",
                example="expires:<30d",
                is_span=True,
            ),
            Field(
                "created",
                about="token",
                help="a token's age: >90d, <7d",
                example="created:>90d",
                is_span=True,
            ),
            Field(
                "tokens",
                about="account",
                help="how many live tokens: 0, >2",
                example="tokens:>2",
                is_count=True,
            ),
            Field(
                "is",
                about="account",
                help="what is true of the account",
                example="is:idle",
                values=(
                    *("armed", "admin", "idle", "orphan", "managed", "unknown"),
                    *("account", "person"),
                ),
            ),
            Field(
                "has",
                about="account",
                help="what the account has",
                example="has:owner",
                values=("tokens", "roles", "teams", "description", "owner"),
            ),
            Field(
                "can",
                about="account",
                help="mint: make tokens for anybody",
                example="can:mint",
                values=("mint",),
            ),
        )
    }
)

LATER = frozenset({"sev", "rule", "risk"})
"""Fields about findings of an audit."""

LATER_VALUES = frozenset({("is", "muted")})

TIER_NAMES = MappingProxyType(
    {"admin": "A", "write": "W", "create": "C", "read": "R", "unknown": "?"}
)

Comparison = Literal["<", "<=", ">", ">=", "="]

_SPAN = re.compile(r"(<=|>=|<|>)(\d{1,5})([hdw])", re.ASCII)
_COUNT = re.compile(r"(<=|>=|<|>|)(\d{1,6})", re.ASCII)

NEVER = "never"


@dataclass(frozen=True)
class Span:
    """A comparison with a length of time; `length` None is never."""

    compare: Comparison = "="
    _: KW_ONLY
    length: timedelta | None = None


def parse_span(text: str) -> Span:
    """`>90d`, `<=12h`, `never`. Raises ValueError with what to write instead."""
    text = text.casefold()
    if text == NEVER:
        return Span()
    if (matched := _SPAN.fullmatch(text)) is None:
        raise ValueError("write >90d, <30d, <12h, >8w or never")
    compare, count, unit = matched.groups()
    return Span(compare, length=int(count) * UNITS[unit])  # type: ignore[arg-type]


def parse_count(text: str) -> tuple[Comparison, int]:
    """`2`, `>2`, `<=1`. Raises ValueError with what to write instead."""
    if (matched := _COUNT.fullmatch(text)) is None:
        raise ValueError("write a number such as 0, >2 or <=1")
    compare, count = matched.groups()
    return compare or "=", int(count)  # type: ignore[return-value]


def find_fault(field: Field, value: str) -> str | None:
    """What is wrong with a value of a field; None if nothing is."""
    if (field.name, value.casefold()) in LATER_VALUES:
        return "not available yet, it is about findings of an audit"
    if field.name == "tier" and value.upper() in TIER_NAMES.values():
        return None
    if field.values and not _is_taken(field, value.casefold()):
        return f"the field takes {', '.join(field.values)}"
    try:
        if field.is_span:
            parse_span(value)
        elif field.is_count:
            parse_count(value)
    except ValueError as error:
        return str(error)
    return None


def _is_taken(field: Field, value: str) -> bool:
    if value in field.values or (field.also and re.fullmatch(field.also, value)):
        return True
    matches = pattern(value, is_part=True).match
    return field.takes_parts and any(map(matches, field.values))


def pattern(value: str, *, is_part: bool = False) -> re.Pattern[str]:
    """The pattern of a value, for casefolded text: `*` stands for any characters.

    With `is_part` a value without a `*` matches anywhere in the text.
    """
    pieces = [re.escape(piece) for piece in value.casefold().split("*")]
    if is_part and len(pieces) == 1:
        pieces = ["", *pieces, ""]
    if len(pieces) == 1:
        return re.compile(rf"{pieces[0]}\Z", re.DOTALL)
    first, *between, last = pieces
    # The first match of a piece is as good as a later one. Without backtracking the time stays
    # linear in the text, however many stars there are.
    body = "".join(f"(?>.*?{piece})" for piece in between)
    return re.compile(rf"{first}{body}.*{last}\Z", re.DOTALL)
