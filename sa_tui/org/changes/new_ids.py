"""Ids that a change is going to make: other changes can be planned with them before they exist.

The rule it keeps: an id is never guessed. It is what Konnect answered, or what it lists as new.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal

_PREFIX = "new:"


@dataclass(eq=False)
class NewId:
    """The id of an account or a team that a change makes; `key` tells it from others of its kind.

    `value` is None until it is made.
    """

    kind: Literal["account", "team"]
    _: KW_ONLY
    key: str
    value: str | None = None

    @property
    def placeholder(self) -> str:
        """What stands for the id until it is made: no id of Konnect looks like it."""
        return f"{_PREFIX}{self.kind}:{self.key}"

    @property
    def text(self) -> str:
        """The id, or what stands for it."""
        return self.value or self.placeholder

    def describe(self) -> str:
        """What the id is of: `system account ci-eu`."""
        return f"{'system account' if self.kind == 'account' else 'team'} {self.key}"


def is_placeholder(id: str) -> bool:
    """Whether this stands for an id that is not made yet."""
    return id.startswith(_PREFIX)


def new_id_of(placeholder: str) -> NewId:
    """The id that this stands for. Raises ValueError if it is not a placeholder."""
    _, kind, key = placeholder.split(":", 2)
    if kind == "account":
        return NewId("account", key=key)
    if kind == "team":
        return NewId("team", key=key)
    raise ValueError(f"{placeholder} does not stand for an id")
