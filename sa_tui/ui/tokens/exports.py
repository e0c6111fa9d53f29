"""The tokens of all accounts, to be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.query.language import EVERYTHING, Word, parse, show, terms
from sa_tui.access.query.search import Search
from sa_tui.answers.doubts import warnings_of
from sa_tui.answers.listings import all_tokens_report, problems_of_tokens
from sa_tui.answers.pages import calendar_report
from sa_tui.ui.kit.exporting import Export, HeadMaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.access.query.language import Query
    from sa_tui.answers.report import Report
    from sa_tui.org.expiries import Calendar
    from sa_tui.ui.kit.exporting import Kept
    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.tokens.rows import TokenRow


def tokens_export(host: Host, kept: Kept, rows: Sequence[TokenRow]) -> Export:
    """The tokens that are shown; every account of which tokens may be missing is a problem."""
    snapshot, now = host.snapshot, host.now()
    tokens = [(row.account, row.token) for row in rows]
    access, query = host.access.current, parse(kept.query)
    search = Search(query, access, now=now)
    head = HeadMaker.of(host, warnings=warnings_of(query, kept.query, host.access.words))
    unsure_ids = {row.token.id for row in rows if row.key in kept.unsure}

    def report(_: str) -> Report:
        for subject in access.subjects:
            search.answer(subject)  # which finds the lists of names that it rests on
        details = [snapshot.details_of(account.id) for account in snapshot.accounts.rows]
        problems = problems_of_tokens(snapshot, access, query, search.doubtful_lists)
        return all_tokens_report(
            head("tokens of all accounts", problems, details),
            tokens,
            now=now,
            query=kept.query,
            unsure_ids=unsure_ids,
        )

    return Export(name="tokens", report=report, words=("tokens",), last=_as_query(query))


def calendar_export(host: Host, calendar: Calendar) -> Export:
    """The tokens behind the lines of the calendar, in their order."""
    head, snapshot, now = HeadMaker.of(host), host.snapshot, host.now()
    access = host.access.current

    def report(_: str) -> Report:
        details = [snapshot.details_of(account.id) for account in snapshot.accounts.rows]
        answer_head = head("calendar", problems_of_tokens(snapshot, access, EVERYTHING), details)
        return calendar_report(answer_head, calendar, now=now)

    return Export(name="calendar", report=report, note="No command shows the calendar.")


def _as_query(query: Query) -> str | None:
    """The query as an argument that is not taken for the name of an account; None for all."""
    text = show(query)
    if not text or next(terms(query), None) is not None:
        return text or None
    return f'"{text}"' if isinstance(query, Word) else f"({text})"
