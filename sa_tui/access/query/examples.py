"""An example of everything that a query can say, to be tried: each field, and how they join."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sa_tui.access.query.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.access.query.fields import Field

_ABOUT = {
    "grant": "Asked of a grant: terms about a grant that stand side by side mean the same one.",
    "token": "Asked of a token: terms about a token that stand side by side mean the same one.",
    "account": "Asked of the account.",
    "action": "Asked of an action of the log; words are looked for in all of it.",
}


class Example(NamedTuple):
    """A query to try: what it finds, in a few words and in full."""

    query: str
    brief: str
    story: str


def examples(fields: Mapping[str, Field] = FIELDS) -> tuple[Example, ...]:
    """How terms join, then every field in the order of the table."""
    of_fields = (
        Example(
            field.example,
            field.help,
            " ".join(
                filter(
                    None,
                    (f"{field.name}: {field.help}.", _values(field.values), _ABOUT[field.about]),
                )
            ),
        )
        for field in fields.values()
    )
    return (*(_JOINED if fields is FIELDS else _JOINED_OF_LOG), *of_fields)


def _values(values: tuple[str, ...]) -> str:
    return f"It takes {', '.join(values)}." if values else ""


_JOINED = (
    Example(
        "ci prod",
        "both words, in a name, description or id",
        "Words are looked for in names, descriptions and ids; every one of them must be there.",
    ),
    Example(
        '"a phrase"',
        "exactly this text, also with signs",
        "Quotes look for a text with blanks, or with signs that mean something in a query.",
    ),
    Example(
        "ci*prod",
        "a pattern: * is any text",
        "A * stands for any text, in a word and in the value of a field.",
    ),
    Example(
        "role:Viewer type:cp",
        ": asks whether it can",
        "With a : an Admin is found too, since that role includes the one asked for.",
    ),
    Example(
        "role=Viewer",
        "= asks whether it is written so",
        "With a = only what Konnect lists under exactly this name is found; != is the opposite.",
    ),
    Example(
        "-is:managed",
        "- or ! leaves out",
        "A - or ! right before a word, a field or a parenthesis leaves out what that finds.",
    ),
    Example(
        "is:idle OR is:orphan",
        "one or the other",
        "OR, AND and NOT are written in capitals; AND is meant where nothing stands.",
    ),
    Example(
        "(role:Admin) (region:eu)",
        "parentheses keep terms apart",
        "Apart, the two may be true of different grants; side by side they mean the same one.",
    ),
)
_JOINED_OF_LOG = (
    Example(
        "ci prod",
        "both words, anywhere in an action",
        "Words are looked for in titles, paths, answers, trace ids, values; all must be there.",
    ),
    Example(
        "verb:revoke -status:done",
        "- or ! leaves out",
        "Finds every revocation that was not simply done.",
    ),
    Example(
        "status:failed OR status:unknown",
        "one or the other",
        "OR, AND and NOT are written in capitals; AND is meant where nothing stands.",
    ),
)
