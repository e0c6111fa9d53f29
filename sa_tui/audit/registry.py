"""All rules by their ids: what the modules of `rules/` define, and nothing else.

The rule it keeps: a rule is known as soon as its module is in that folder.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sa_tui.audit.rules
from sa_tui.audit.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

RULE_SET_VERSION = 1
"""Goes up when a rule is added, or finds something else than before."""


@cache
def rules() -> Mapping[str, Rule[Any]]:
    """Every rule, in the order of the ids. Raises ValueError if two have the same id."""
    found: dict[str, Rule[Any]] = {}
    for module in iter_modules(sa_tui.audit.rules.__path__):
        for value in vars(import_module(f"{sa_tui.audit.rules.__name__}.{module.name}")).values():
            if isinstance(value, Rule) and found.setdefault(value.id, value) is not value:
                raise ValueError(f"two rules have the id {value.id}")
    return MappingProxyType(dict(sorted(found.items())))


def needs_people(active: Collection[str]) -> bool:
    """Whether one of these rules looks at the list of people."""
    return any("people" in rules()[id].needs | rules()[id].reads for id in active)


def needs_personal_tokens(active: Collection[str]) -> bool:
    """Whether one of these rules looks at the tokens of people, two more calls for each of them."""
    return any(rules()[id].about == "person" for id in active)


def nearest(name: str) -> str:
    """What to write instead of an id that no rule has."""
    near = difflib.get_close_matches(name.upper(), rules(), n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"The rules are {', '.join(rules())}."
