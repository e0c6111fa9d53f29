"""What a rule says, and what becomes of it: a finding with its evidence and its fingerprint.

The rule it keeps: values are as Konnect sent them. Whoever shows them makes them safe.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from sa_tui.audit.severity import rank

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sa_tui.audit.mute import Mute
    from sa_tui.audit.severity import Severity

Value: TypeAlias = "str | int | bool | datetime | tuple[str, ...] | None"
"""One field of evidence; None means that there is none."""

Status = Literal["open", "muted", "not-checked"]

StepVerb = Literal[
    "revoke-token",
    "rotate-token",
    "rename-token",
    "issue-token",
    "take-role",
    "leave-team",
    "delete-account",
    "rename-account",
    "describe-account",
    "delete-team",
]

NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True)
class Step:
    """One step of a remedy: what is done to the token, role, team or account with this id."""

    verb: StepVerb
    id: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What a rule finds of one thing.

    `severity` is that of the rule if it is None. `token_id` is set where one token of an account
    is meant. `object` says which of several things it is, by ids alone, such as the tuple of a
    role; `qualifier` tells apart what is still alike. `remedy` are the steps that end it.
    """

    evidence: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    severity: Severity | None = None
    token_id: str | None = None
    object: str = ""
    qualifier: str = ""
    remedy: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Gap:
    """A rule could not decide about something, and why."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a finding is about: an account, a team or a person; all None for the organisation."""

    account_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    name: str = ""

    @property
    def id(self) -> str:
        """The id of what it is about; empty for the organisation."""
        return self.account_id or self.team_id or self.user_id or ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, or that could not be checked.

    `because` says why it was not checked. `mute` is the mute that holds. `note` is what to know of
    it besides, such as that a mute has ended. `folded` are the findings of other rules that have
    the same cause.
    """

    rule: str
    title: str
    severity: Severity
    subject: Subject
    organization_id: str
    status: Status = "open"
    token_id: str | None = None
    object: str = ""
    qualifier: str = ""
    evidence: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    remedy: tuple[Step, ...] = ()
    because: str = ""
    mute: Mute | None = None
    note: str = ""
    folded: tuple[Finding, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """What stays the same while names, dates and severities change; for baselines and mutes."""
        parts = (
            *(self.rule, self.organization_id, self.subject.id),
            *(self.token_id or self.object, self.qualifier),
        )
        return sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        """Whether it counts: something is wrong, and nobody has muted it."""
        return self.status == "open"

    @property
    def order(self) -> tuple[int, str, str, str]:
        """The most serious first, then by rule, name and object."""
        name = self.subject.name.casefold()
        return (-rank(self.severity), self.rule, name, self.token_id or self.object)
