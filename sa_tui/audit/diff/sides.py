"""Makes one side of a difference from a snapshot.

The rule it keeps: both sides are judged by the same rules and limits, each at its own time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.reader import read_access, team_subjects
from sa_tui.audit.diff.model import Side
from sa_tui.audit.registry import rules
from sa_tui.audit.run import audit_snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.audit.settings import Settings
    from sa_tui.org.snapshot import Snapshot


def side_of(
    snapshot: Snapshot, *, now: datetime, settings: Settings, with_people: bool = False
) -> Side:
    """A snapshot with its access and its findings; `now` is by Konnect's clock.

    Without people, the rules that look at them are not asked.
    """
    access = read_access(snapshot)
    audit = audit_snapshot(
        snapshot,
        access,
        now=now,
        settings=settings,
        without=() if with_people else _of_people(),
    )
    if with_people:
        access = read_access(snapshot, before=access, with_people=True)
    teams = {subject.id: subject for subject in team_subjects(snapshot, before=access.subjects)}
    return Side(
        snapshot=snapshot,
        access=access,
        teams=teams,
        audit=audit,
        now=now,
        with_people=with_people,
    )


def _of_people() -> frozenset[str]:
    """The rules that look at people, or at who is in a team."""
    return frozenset(
        id
        for id, rule in rules().items()
        if rule.about == "person" or (rule.needs | rule.reads) & {"people", "members"}
    )
