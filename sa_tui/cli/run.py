"""What a run collects for the head of its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.answers.head import FileOrigin, Head, Warning
    from sa_tui.answers.problems import Problem
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import Organization


@dataclass(frozen=True, kw_only=True)
class LeftToken:
    """A token that was issued and that nobody is known to have; `is_revoked` may be unknown."""

    system_account_id: str
    id: str | None
    name: str
    is_revoked: bool | None

    def record(self) -> Record:
        """The token with stable names."""
        return {
            "system_account_id": self.system_account_id,
            "id": self.id,
            "name": self.name,
            "revoked": self.is_revoked,
        }


@dataclass(kw_only=True)
class Run:
    """One run of a command, and what it has met so far.

    `has_answered` is set when the answer is written; `failures` are the messages instead of one.
    """

    command: str = ""
    is_json: bool = False
    profile: str | None = None
    organization: Organization | None = None
    source: FileOrigin | None = None
    warnings: list[Warning] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    left_tokens: list[LeftToken] = field(default_factory=list)
    has_answered: bool = False

    @classmethod
    def of(cls, options: Namespace) -> Run:
        """The run of a command line.

        When a secret goes to standard output, nothing else does, not even an error in JSON.
        """
        words = (options.command, getattr(options, "verb", None))
        is_json = getattr(options, "output", None) == "json"
        gets_secret = getattr(options, "stdout", False) and not options.dry_run
        return cls(
            command=" ".join(word for word in words if word), is_json=is_json and not gets_secret
        )

    def head(
        self,
        *,
        organization: Organization | None = None,
        read_at: datetime | None = None,
        problems: Sequence[Problem] = (),
    ) -> Head:
        """The head of an answer, with the warnings until now."""
        from sa_tui.answers.head import Head

        return Head(
            command=self.command,
            profile=self.profile,
            organization=organization,
            read_at=read_at,
            problems=problems,
            warnings=tuple(self.warnings),
            source=self.source,
        )
