"""The tokens of all accounts, to be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.pages import all_tokens_report, calendar_report
from sa_tui.answers.problems import ProblemSubject, problem_of, problems_of_lists
from sa_tui.ui.kit.exporting import Export, HeadMaker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.answers.problems import Problem
    from sa_tui.answers.report import Report
    from sa_tui.org.expiries import Calendar
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Kept
    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.tokens.rows import TokenRow


def tokens_export(host: Host, kept: Kept, rows: Iterable[TokenRow]) -> Export:
    """The tokens that are shown; every account of which tokens may be missing is a problem."""
    head, snapshot, now = HeadMaker.of(host), host.snapshot, host.now()
    tokens = [(row.account, row.token) for row in rows]

    def report(_: str) -> Report:
        details = [snapshot.details_of(account.id) for account in snapshot.accounts.rows]
        answer_head = head("tokens of all accounts", problems_of_tokens(snapshot), details)
        return kept.marked(all_tokens_report(answer_head, tokens, now=now))

    note = "No command lists the tokens of several accounts."
    return Export(name="tokens", report=report, note=note)


def calendar_export(host: Host, calendar: Calendar) -> Export:
    """The tokens behind the lines of the calendar, in their order."""
    head, snapshot, now = HeadMaker.of(host), host.snapshot, host.now()

    def report(_: str) -> Report:
        details = [snapshot.details_of(account.id) for account in snapshot.accounts.rows]
        answer_head = head("calendar", problems_of_tokens(snapshot), details)
        return calendar_report(answer_head, calendar, now=now)

    return Export(name="calendar", report=report, note="No command shows the calendar.")


def problems_of_tokens(snapshot: Snapshot) -> list[Problem]:
    """What is missing of the tokens of all accounts."""
    problems = problems_of_lists(snapshot)
    for account in snapshot.accounts.rows:
        subject = ProblemSubject("system_account", account.id, account.name)
        problems += problem_of("access_tokens", snapshot.details_of(account.id).tokens, subject)
    return problems
