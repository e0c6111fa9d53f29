"""rotations.toml: read whole or not at all; what is wrong is told with its line and the mend.

The rule it keeps: a key that is not known is an error, because a typo would change what is revoked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sa_tui.org.rotating import IDLE_FORMS, parse_idle
from sa_tui.profiles import toml_file
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.lines import dotted
from sa_tui.profiles.mapping import check_keys, refuse_tokens, text_of, texts_of
from sa_tui.records.rotations import IDLE_FOR
from sa_tui.rotation.policy import Policy, parse_claim

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sa_tui.access.query.language import Query

FILE_NAME = "rotations.toml"

_BECAUSE = "it says which tokens are revoked, and names commands"
_SPANS = ("lifetime", "before", "overlap", "idle")
KEYS = ("account", "tokens", "query", "to", *_SPANS, "on_event")
"""The keys of an entry."""

_NEEDED = ("to", "lifetime", "before")
_OVERLAP = timedelta(days=1)
_EXAMPLE = (
    'Write [rotations.NAME] with account = "NAME" or query = "…", to = "DESTINATION", '
    'lifetime = "90d" and before = "14d".'
)


def read_policies(path: Path, *, caller: int | None = None) -> tuple[Policy, ...]:
    """The entries of the file, in its order. Raises ProfileError."""
    try:
        text, document = toml_file.read_toml(path, caller=caller, because=_BECAUSE)
    except FileNotFoundError:
        mend = f"{_EXAMPLE} --rotations FILE names another file."
        raise ProfileError("There is no file of rotations.", path=path, mend=mend) from None
    try:
        return _policies(document)
    except ProfileError as error:
        raise toml_file.placed(error, text, path) from None


def _policies(document: Mapping[str, Any]) -> tuple[Policy, ...]:
    refuse_tokens(document)
    check_keys(document, ("rotations", "on_event"))
    told = texts_of(document.get("on_event", ()), "on_event")
    tables = document.get("rotations", {})
    if not isinstance(tables, dict) or not tables:
        raise ProfileError("There is no rotation in it.", key="rotations", mend=_EXAMPLE)
    return tuple(_policy(name, table, told) for name, table in tables.items())


def _policy(name: str, table: object, told: tuple[str, ...]) -> Policy:
    here = dotted(("rotations", name))
    if not isinstance(table, dict):
        raise ProfileError("This is not a table.", key=here, mend=_EXAMPLE)
    check_keys(table, KEYS, within=here)
    for key in _NEEDED:
        if key not in table:
            raise ProfileError(f"The rotation has no {key}.", key=f"{here}.{key}", mend=_EXAMPLE)
    if ("account" in table) == ("query" in table):
        raise ProfileError("It needs an account or a query, not both.", key=here, mend=_EXAMPLE)
    if "query" in table and "tokens" in table:
        mend = "Write token:NAME into the query."
        raise ProfileError("tokens belongs to an account.", key=f"{here}.tokens", mend=mend)
    texts = {key: text_of(table[key], f"{here}.{key}") for key in table if key != "on_event"}
    _refuse_empty(texts, here)
    spans = {key: _span(texts[key], f"{here}.{key}") for key in _SPANS if key in texts}
    policy = Policy(
        name,
        to=texts["to"],
        lifetime=spans["lifetime"],
        before=spans["before"],
        overlap=spans.get("overlap", min(_OVERLAP, spans["before"])),
        idle_for=spans.get("idle", IDLE_FOR),
        account=texts.get("account", ""),
        tokens=texts.get("tokens", "*"),
        query=_query(texts["query"], f"{here}.query") if "query" in texts else None,
        query_text=texts.get("query", ""),
        on_event=texts_of(table.get("on_event", told), f"{here}.on_event"),
    )
    key, problem = policy.problem
    if problem:
        raise ProfileError(problem, key=f"{here}.{key}", mend="Write another length of time.")
    return policy


def _refuse_empty(texts: Mapping[str, str], here: str) -> None:
    for key, text in texts.items():
        if not text.strip():
            raise ProfileError("The value is empty.", key=f"{here}.{key}", mend=_EXAMPLE)


def _span(text: str, key: str) -> timedelta:
    try:
        span = parse_idle(text)
    except ValueError as error:
        raise ProfileError(str(error), key=key) from None
    if not span and not key.endswith((".overlap", ".idle")):
        raise ProfileError("The length of time is zero.", key=key, mend=f"Write {IDLE_FORMS}.")
    return span


def _query(text: str, key: str) -> Query:
    try:
        return parse_claim(text)
    except ValueError as error:
        raise ProfileError(str(error), key=key) from None
