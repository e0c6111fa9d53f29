"""The log of this run, to be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.head import Head
from sa_tui.answers.pages import log_report
from sa_tui.ui.kit.exporting import Export

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.answers.report import Report
    from sa_tui.org.logged import LoggedAction
    from sa_tui.ui.kit.host import Host


def log_export(host: Host, actions: Sequence[LoggedAction], *, query: str) -> Export:
    """The actions that the filter shows; each says where it was sent."""
    head = Head(
        command="log",
        profile=host.profile.name if host.profile is not None else None,
        organization=host.snapshot.organization.value,
        read_at=host.now(),
    )

    def report(_: str) -> Report:
        return log_report(head, actions, query=query)

    note = "The command lists the changes of earlier runs."
    return Export(name="log", report=report, words=("log",), last=query or None, note=note)
