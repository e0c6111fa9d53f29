"""What a page can write out: its rows as an answer, and the command line that gives the same.

The rule it keeps: the rows are those that are shown, in the order in which they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sa_tui.answers.head import head_from
from sa_tui.answers.report import filtered, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sa_tui.answers.head import FileOrigin, Head, Warning
    from sa_tui.answers.problems import Problem
    from sa_tui.answers.report import Report
    from sa_tui.org.snapshot import Details, Snapshot, TeamDetails, UserDetails
    from sa_tui.ui.kit.host import Host


@dataclass(frozen=True, kw_only=True)
class Export:
    """What a page shows, as it was when the export was asked for.

    `name` begins the name of the file. `report` makes the answer for one output, `csv`, `json` or
    `md`; it may take a while. `words` and `last` are the command without the profile, None where
    there is none; `note` says why, or in what its answer differs.
    """

    name: str
    report: Callable[[str], Report]
    words: Sequence[str] | None = None
    last: str | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The rows of a list that are shown, the uncertain ones among them, and its filter."""

    keys: Sequence[str]
    unsure: frozenset[str]
    query: str

    def marked(self, report: Report) -> Report:
        """The report with the filter, and with a mark at what may not match."""
        return marked(filtered(report, self.query), [key in self.unsure for key in self.keys])


@dataclass(frozen=True, kw_only=True)
class HeadMaker:
    """Makes the heads of answers from one state of the organisation."""

    snapshot: Snapshot
    profile: str | None
    warnings: tuple[Warning, ...] = ()
    source: FileOrigin | None = None

    @classmethod
    def of(cls, host: Host, *, warnings: Iterable[Warning] = ()) -> HeadMaker:
        """What makes heads from what the application knows now."""
        from sa_tui.answers.head import Warning

        org = host.org
        said = (*org.notices, org.clock_difference) if org is not None else ()
        known = [Warning(text) for text in said if text]
        return cls(
            snapshot=host.snapshot,
            profile=host.profile.name if host.profile is not None else None,
            warnings=(*known, *warnings),
            source=host.dependencies.source,
        )

    def with_warnings(self, warnings: Sequence[Warning]) -> HeadMaker:
        """The same, with more warnings."""
        return replace(self, warnings=(*self.warnings, *warnings))

    def __call__(
        self,
        command: str,
        problems: Sequence[Problem],
        details: Iterable[Details | UserDetails | TeamDetails] = (),
    ) -> Head:
        return head_from(
            self.snapshot,
            command=command,
            profile=self.profile,
            problems=problems,
            warnings=self.warnings,
            source=self.source,
            details=details,
        )
