"""What rules are asked of, and what they need to be read."""

from __future__ import annotations

from typing import Literal

About = Literal["token", "account", "holder", "team", "person", "organization"]
"""What a rule is asked of: each of these, or all of them at once.

A holder is an account or a team, with the roles that are assigned to it itself.
"""

Need = Literal[
    "tokens",
    "expiry",
    "use",
    "issued",
    "roles",
    "teams",
    "access",
    "members",
    "age",
    "text",
    "kind",
    "accounts",
    "people",
    "catalogue",
]
"""Something that can be missing: a list, or a field that could not be read in one of its rows.

Of tokens: the list, `expiry`, last `use`, and when they were `issued`. Of an account: its own
`roles`, its `teams`, all `access` by both, its `age`, its name and description (`text`). Of a team:
its `roles`, its `members`, whether it is predefined (`kind`). Of the organisation: `accounts`,
`people`, and the `catalogue` of roles.
"""
