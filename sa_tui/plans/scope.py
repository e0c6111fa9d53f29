"""What a plan may take away from: nothing, unless it is said.

The rule it keeps: what Konnect manages and predefined teams are in no scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal["accounts", "teams"]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The accounts and teams that may lose what is not wished, by their names.

    With `named`, those that are wished for may. Those that match a pattern may too, and those among
    them that are not wished for are deleted, or with `keeps_others` only lose all access.
    """

    named: bool = False
    accounts: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    keeps_others: bool = False

    def holds(self, kind: Kind, name: str) -> bool:
        """Whether a pattern of this kind matches the name."""
        patterns = self.accounts if kind == "accounts" else self.teams
        return any(fnmatchcase(name, pattern) for pattern in patterns)

    def takes_from(self, kind: Kind, name: str) -> bool:
        """Whether one that is wished for may lose what is not."""
        return self.named or self.holds(kind, name)


NOTHING = Scope()
"""The scope of a plan that takes nothing away."""


def scope_of(texts: tuple[str, ...]) -> Scope:
    """The scope of `--scope` options, each `named`, `accounts=PATTERN` or `teams=PATTERN`.

    Raises ValueError with what is wrong.
    """
    if not texts:
        return Scope(named=True)
    found: dict[str, list[str]] = {"accounts": [], "teams": []}
    for text in texts:
        kind, _, pattern = text.partition("=")
        if text != "named" and (kind not in found or not pattern):
            raise ValueError(
                f"{text} is not a scope: it is named, accounts=PATTERN or teams=PATTERN, "
                "such as accounts=ci-*"
            )
        if text != "named":
            found[kind].append(pattern)
    return Scope(
        named="named" in texts, accounts=tuple(found["accounts"]), teams=tuple(found["teams"])
    )
