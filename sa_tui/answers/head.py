"""The head of every answer: what was asked, of which organisation, and what could not be read.

The rule it keeps: an answer that is not complete says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sa_tui

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sa_tui.answers.problems import Problem
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import Organization
    from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails, UserDetails

SCHEMA_VERSION = 1
"""Within a version no field changes its meaning, and none is removed."""


@dataclass(frozen=True)
class Warning:
    """A warning; `term` is the part of a query that it is about."""

    message: str
    term: str | None = None

    def record(self) -> Record:
        """The warning with stable names."""
        return {"message": self.message, "term": self.term}


@dataclass(frozen=True, kw_only=True)
class FileOrigin:
    """The file that an answer comes from; `age_seconds` goes by this machine's clock."""

    file: str
    taken_at: datetime
    age_seconds: int

    def record(self) -> Record:
        """The file with stable names."""
        return {"file": self.file, "taken_at": self.taken_at, "age_seconds": self.age_seconds}


@dataclass(frozen=True, kw_only=True)
class Head:
    """The fields that every answer has besides its data.

    `read_at` is when the oldest of that data was read; `source` is None for what Konnect said now.
    """

    command: str
    profile: str | None
    organization: Organization | None = None
    read_at: datetime | None = None
    problems: Sequence[Problem] = ()
    warnings: Sequence[Warning] = ()
    source: FileOrigin | None = None

    def record(self) -> Record:
        """The head with stable names."""
        return {
            "schema_version": SCHEMA_VERSION,
            "program": {"name": "sa-tui", "version": sa_tui.__version__},
            "command": self.command,
            "profile": self.profile,
            "organization": organization_record(self.organization),
            "read_at": self.read_at,
            "complete": not self.problems,
            "incomplete": [problem.record() for problem in self.problems],
            "warnings": [warning.record() for warning in self.warnings],
            "error": None,
            "source": self.source.record() if self.source else None,
        }

    def columns(self) -> Record:
        """The head as the last columns of a CSV."""
        organization = self.organization
        return {
            "profile": self.profile,
            "organization_id": organization.id if organization else None,
            "organization_name": organization.name if organization else None,
            "read_at": self.read_at,
            "complete": not self.problems,
        }


def head_from(
    snapshot: Snapshot,
    *,
    command: str,
    profile: str | None,
    problems: Sequence[Problem] = (),
    warnings: Sequence[Warning] = (),
    source: FileOrigin | None = None,
    details: Iterable[Details | UserDetails | TeamDetails] = (),
) -> Head:
    """The head of an answer from a snapshot, of which it has the lists and these details."""
    parts: list[Part[object]] = [snapshot.organization, snapshot.accounts]
    for kept in details:
        parts += vars(kept).values()
    return Head(
        command=command,
        profile=profile,
        organization=snapshot.organization.value,
        read_at=min((part.read_at for part in parts if part.read_at), default=None),
        problems=problems,
        warnings=warnings,
        source=source,
    )


def organization_record(organization: Organization | None) -> Record | None:
    """The organisation by id and name."""
    if organization is None:
        return None
    return {"id": organization.id, "name": organization.name}
