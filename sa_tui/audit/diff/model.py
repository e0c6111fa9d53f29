"""What a difference is made of: the two sides, the changes, and what could not be compared.

The rule it keeps: values are as Konnect sent them. Whoever shows them makes them safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sa_tui.access.grants import Grant, Via
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.audit.finding import Finding
    from sa_tui.audit.run import Audit
    from sa_tui.konnect.errors import KonnectError
    from sa_tui.konnect.models import AccessToken, Team
    from sa_tui.org.snapshot import Snapshot

Code = Literal[
    "access_gained",
    "access_lost",
    "account_new",
    "account_gone",
    "team_new",
    "team_gone",
    "user_new",
    "user_gone",
    "token_minted",
    "token_removed",
    "token_expired",
    "token_not_expired",
    "token_first_used",
    "token_not_used",
    "team_joined",
    "team_left",
    "role_given",
    "role_taken",
    "text_changed",
    "finding_new",
    "finding_resolved",
]
Pair: TypeAlias = tuple[Code, Code]
"""A change, and the one that takes it back."""

AboutKind = Literal["system_account", "team", "user"]
What = Literal[
    "organization",
    "system_accounts",
    "teams",
    "users",
    "access_tokens",
    "personal_access_tokens",
    "assigned_roles",
    "access",
    "content",
    "findings",
]


@dataclass(frozen=True, kw_only=True)
class About:
    """What a change is about; `name` is the newer one."""

    kind: AboutKind
    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The raw change that gives or takes access, `via` a team or not.

    `made` is whether whoever holds it is new or gone, else `member` whether they joined or left the
    team; without either the role itself was given or taken.
    """

    raw: Literal["made", "member", "role"]
    via: Via | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference.

    `system_accounts` is how many accounts a role of a team reaches; None if that is not known, or
    for anything else. `before` and `after` are the state of a token, or a text.
    """

    code: Code
    about: About
    grant: Grant | None = None
    causes: tuple[Cause, ...] = ()
    team: Team | None = None
    token: AccessToken | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    finding: Finding | None = None
    system_accounts: int | None = None


@dataclass(frozen=True, kw_only=True)
class NotCompared:
    """Something that one side did not read in full, and why."""

    what: What
    is_old: bool
    reason: str
    about: About | None = None
    error: KonnectError | None = None


@dataclass(frozen=True, kw_only=True)
class Diff:
    """What changed, by kind and name, and what could not be compared.

    `unasked` is how many rules could be asked on neither side, about one thing each.
    """

    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]
    unasked: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One of the two snapshots; `now` is Konnect's clock when it was taken.

    `access` has the people if they are compared. `with_people` is alike on both sides.
    """

    snapshot: Snapshot
    access: Access
    teams: Mapping[str, Subject]
    audit: Audit
    now: datetime
    with_people: bool = False

    @cached_property
    def accounts_by_team(self) -> Mapping[str, int] | None:
        """How many accounts are in each team; None if some of that is not known."""
        counts = dict.fromkeys(self.teams, 0)
        for subject in self.access.subjects:
            if subject.kind == "account":
                if subject.teams_missing:
                    return None
                for team in subject.teams:
                    counts[team.id] = counts.get(team.id, 0) + 1
        return None if self.access.missing else counts
