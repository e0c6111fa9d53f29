"""The query language: words, fields, AND, OR, NOT, parentheses; parsed, checked and printed.

    query := or ;  or := and {"OR" and} ;  and := not {["AND"] not} ;  not := {"NOT"|"-"|"!"} prim
    prim  := "(" or ")" | field OP value | word          OP := ":" | "=" | "!="

`:` asks "can it?", `=` asks "is it written so?". Terms about a grant that stand side by side must
match the same grant, terms about a token the same token; parentheses separate them. The rule it
keeps: a query that is printed and parsed again is the same query.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Literal

from sa_tui.access.query.fields import FIELDS, LATER, find_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sa_tui.access.query.fields import Field

Op = Literal[":", "=", "!="]

MAX_DEPTH = 30
"""How many parentheses and negations may be inside each other."""

_KEYWORDS = ("AND", "OR", "NOT")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LEXEME = re.compile(
    rf"""\s*(?:
        (?P<paren>[()])
      | (?P<minus>-(?=[^\s)])|!(?!=))
      | (?P<field>[^\W\d]+)(?P<op>!=|:|=)(?P<value>{_QUOTED}|[^\s()"]*)
      | (?P<quoted>{_QUOTED})
      | (?P<bare>[^\s()"]+)
      | (?P<open>")
      | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_LONE_MINUS = (
    'A - leaves out what stands right after it, as in -role:Admin; "-" in quotes finds the sign.'
)
_PLAIN_WORD = re.compile(r'[^\s()"\\:=!-][^\s()"\\:=!]*')
_PLAIN_VALUE = re.compile(r'[^\s()"\\]+')


class QueryError(ValueError):
    """A query that cannot be parsed; `position` and `length` say where in its text."""

    def __init__(self, message: str, *, position: int, length: int = 1) -> None:
        self.message = message
        self.position = position
        self.length = length
        super().__init__(f"{message} (at character {position + 1})")


@dataclass(frozen=True)
class Word:
    """Part of a name, a description or an id; `position` is None for a word in quotes."""

    text: str
    _: KW_ONLY
    position: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Term:
    """A field compared with a value; `position` is where its text begins."""

    name: str
    op: Op
    value: str
    _: KW_ONLY
    position: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Not:
    """Matches what its operand does not."""

    operand: Query


@dataclass(frozen=True)
class And:
    """Matches what all operands match; without any, everything. An And inside is in parentheses."""

    operands: tuple[Query, ...]


@dataclass(frozen=True)
class Or:
    """Matches what any operand matches."""

    operands: tuple[Query, ...]


Query = Word | Term | Not | And | Or

EVERYTHING = And(())
"""The empty query."""


def parse(text: str, fields: Mapping[str, Field] = FIELDS) -> Query:
    """The query of a text; an empty text asks for everything. Raises QueryError."""
    parser = _Parser(tuple(_lex(text, fields)))
    if parser.kind == "end":
        return EVERYTHING
    query = parser.alternatives()
    if parser.kind != "end":
        raise QueryError("Nothing opens this parenthesis.", position=parser.position)
    return _bare(query)


def terms(query: Query) -> Iterator[Term]:
    """Every term of a query, in its order."""
    match query:
        case Term():
            yield query
        case Not(operand):
            yield from terms(operand)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from terms(operand)
        case Word():
            pass


def terms_beside(text: str) -> tuple[Term, ...]:
    """The terms that a term written next, after this beginning of a query, would stand beside.

    Terms that are left out are none of them. Empty for a text that is wrong already.
    """
    open_groups: list[list[Term]] = [[]]
    is_left_out = False
    try:
        for lexeme in _lex(text, FIELDS):
            match lexeme.kind:
                case "NOT":
                    is_left_out = True
                    continue
                case "(":
                    open_groups.append([])
                case ")":
                    # What is in parentheses stands beside nothing outside of them.
                    open_groups = open_groups[:-1] or [[]]
                case "OR":
                    open_groups[-1].clear()
                case "prim" if isinstance(lexeme.query, Term) and not is_left_out:
                    open_groups[-1].append(lexeme.query)
            is_left_out = False
    except QueryError:
        return ()
    return tuple(open_groups[-1])


# Printing


def show(query: Query) -> str:
    """The query in its normal form."""
    match query:
        case Word(text):
            is_plain = text not in _KEYWORDS and _PLAIN_WORD.fullmatch(text)
            return text if is_plain else _quote(text)
        case Term(name, op, value):
            return f"{name}{op}{value if _PLAIN_VALUE.fullmatch(value) else _quote(value)}"
        case Not(operand):
            return f"-{_enclosed(operand)}"
        case And(operands):
            return " ".join(map(_enclosed, operands))
        case Or(operands):
            return " OR ".join(
                show(operand) if isinstance(operand, And) else _enclosed(operand)
                for operand in operands
            )


def _enclosed(query: Query) -> str:
    """The query as an operand, in parentheses if need be."""
    return show(query) if isinstance(query, Word | Term | Not) else f"({show(query)})"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text.startswith('"') else text


# Parsing


@dataclass(frozen=True)
class _Lexeme:
    kind: str
    text: str
    position: int
    query: Query | None = None


def _lex(text: str, fields: Mapping[str, Field]) -> Iterator[_Lexeme]:
    at = 0
    kind = ""
    while kind != "end":
        lexeme = _LEXEME.match(text, at)
        kind = (lexeme.lastgroup if lexeme else None) or "open"
        if lexeme is None or kind == "open":
            raise QueryError("This quotation mark is never closed.", position=text.index('"', at))
        at = lexeme.end()
        if kind == "value":
            if not lexeme["value"] and text[at : at + 1] == '"':
                raise QueryError("This quotation mark is never closed.", position=at)
            position = lexeme.start("field")
            term = _term(lexeme["field"], lexeme["op"], lexeme["value"], position, fields)
            yield _Lexeme("prim", lexeme.group().strip(), position, term)
        else:
            yield _lexeme(kind, lexeme[kind], lexeme.start(kind))


def _lexeme(kind: str, text: str, position: int) -> _Lexeme:
    if kind == "bare" and text == "-":
        raise QueryError(_LONE_MINUS, position=position)
    if kind == "quoted":
        return _Lexeme("prim", text, position, Word(_unquote(text)))
    if kind == "bare" and text not in _KEYWORDS:
        return _Lexeme("prim", text, position, Word(text, position=position))
    return _Lexeme({"minus": "NOT", "end": "end"}.get(kind, text), text, position)


def _term(name: str, op: str, raw: str, position: int, fields: Mapping[str, Field]) -> Term:
    length = len(name) + len(op) + len(raw)
    folded = name.casefold()
    if folded in LATER:
        message = f"The field {folded} is not available yet: it is about findings of an audit."
        raise QueryError(message, position=position, length=len(name))
    field = fields.get(folded)
    if field is None:
        raise QueryError(_no_field(name, fields), position=position, length=len(name))
    if not raw:
        message = f"The field {folded} needs a value: {field.help}."
        raise QueryError(message, position=position, length=length)
    value = _unquote(raw)
    if fault := find_fault(field, value):
        start = position + len(name) + len(op)
        raise QueryError(f"{folded}{op}{raw}: {fault}.", position=start, length=len(raw))
    return Term(folded, op, value, position=position)  # type: ignore[arg-type]


def _no_field(name: str, fields: Mapping[str, Field]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), fields, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(fields)}."
    return f'There is no field "{name}". {hint} To find the text itself, put it in quotes.'


class _Parser:
    """Reads lexemes from left to right, each once."""

    def __init__(self, lexemes: Sequence[_Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._lexemes[self._at].kind

    @property
    def position(self) -> int:
        return self._lexemes[self._at].position

    def alternatives(self) -> Query:
        operands = [self._conjunction()]
        while self.kind == "OR":
            self._at += 1
            operands.append(self._conjunction())
        return operands[0] if len(operands) == 1 else Or(tuple(map(_bare, operands)))

    def _conjunction(self) -> Query:
        operands = [self._negation()]
        while self.kind not in ("OR", ")", "end"):
            self._at += self.kind == "AND"
            operands.append(self._negation())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _negation(self) -> Query:
        if self.kind != "NOT":
            return self._primary()
        depth = self._deeper()
        self._at += 1
        operand = self._negation()
        self._depth = depth
        return Not(_bare(operand))

    def _primary(self) -> Query:
        lexeme = self._lexemes[self._at]
        if lexeme.query is not None:
            self._at += 1
            return lexeme.query
        if lexeme.kind != "(":
            raise QueryError(_missing(lexeme), position=lexeme.position, length=len(lexeme.text))
        depth = self._deeper()
        self._at += 1
        inner = self.alternatives()
        if self.kind != ")":
            raise QueryError("This parenthesis is never closed.", position=lexeme.position)
        self._at += 1
        self._depth = depth
        # Parentheses around one term separate it from those beside it.
        return And((inner,)) if isinstance(inner, Term) else inner

    def _deeper(self) -> int:
        """Goes one level down; returns the level before."""
        before = self._depth
        self._depth += 1
        if self._depth > MAX_DEPTH:
            message = f"More than {MAX_DEPTH} parentheses and negations inside each other."
            raise QueryError(message, position=self.position)
        return before


def _bare(query: Query) -> Query:
    """The query without parentheses that separate nothing."""
    return query.operands[0] if isinstance(query, And) and len(query.operands) == 1 else query


def _missing(lexeme: _Lexeme) -> str:
    if lexeme.kind == "end":
        return "Something is missing at the end."
    return f"Something is missing before {lexeme.text}."
