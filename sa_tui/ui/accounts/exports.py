"""The list of accounts, to be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.query.language import parse
from sa_tui.access.query.search import Search
from sa_tui.answers.doubts import warnings_of
from sa_tui.answers.listings import accounts_report, problems_of_found
from sa_tui.ui.kit.exporting import Export, HeadMaker

if TYPE_CHECKING:
    from sa_tui.answers.report import Report
    from sa_tui.ui.kit.exporting import Kept
    from sa_tui.ui.kit.host import Host


def accounts_export(host: Host, kept: Kept) -> Export:
    """The accounts that are shown, with the figures of their details."""
    snapshot, now = host.snapshot, host.now()
    accounts = [account for key in kept.keys if (account := snapshot.account(key)) is not None]

    access, query = host.access.current, parse(kept.query)
    search = Search(query, access, now=now)
    head = HeadMaker.of(host, warnings=warnings_of(query, kept.query, host.access.words))

    def report(_: str) -> Report:
        for subject in access.subjects:
            search.answer(subject)  # which finds the lists of names that it rests on
        lists = search.doubtful_lists
        problems = problems_of_found(snapshot, accounts, access, query, lists)
        details = [snapshot.details_of(account.id) for account in accounts]
        return accounts_report(
            head("accounts", problems, details),
            accounts,
            snapshot,
            now=now,
            query=kept.query,
            unsure_ids=kept.unsure,
        )

    return Export(name="accounts", report=report, words=("accounts",), last=kept.query or None)
