"""The list of accounts, to be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.listings import accounts_report
from sa_tui.answers.problems import problems_of_accounts, problems_of_lists
from sa_tui.ui.kit.exporting import Export, HeadMaker

if TYPE_CHECKING:
    from sa_tui.answers.report import Report
    from sa_tui.ui.kit.exporting import Kept
    from sa_tui.ui.kit.host import Host


def accounts_export(host: Host, kept: Kept) -> Export:
    """The accounts that are shown, with the figures of their details."""
    head, snapshot, now = HeadMaker.of(host), host.snapshot, host.now()
    accounts = [account for key in kept.keys if (account := snapshot.account(key)) is not None]

    def report(_: str) -> Report:
        problems = problems_of_lists(snapshot) + problems_of_accounts(snapshot, accounts)
        details = [snapshot.details_of(account.id) for account in accounts]
        # No command filters accounts: what has a filter is no answer of `accounts`.
        command = "filtered accounts" if kept.query else "accounts"
        answer_head = head(command, problems, details)
        return kept.marked(accounts_report(answer_head, accounts, snapshot, now=now))

    note = "The command lists every account: it takes no filter." if kept.query else ""
    return Export(name="accounts", report=report, words=("accounts",), note=note)
