"""Which findings of an audit are shown, and which of them fail it.

The rule it keeps: an audit that is shown in part was made of the whole, so that nothing depends on
what is shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.audit.run import ALWAYS
from sa_tui.audit.severity import rank

if TYPE_CHECKING:
    from collections.abc import Collection, Set

    from sa_tui.audit.finding import Finding
    from sa_tui.audit.run import Audit
    from sa_tui.audit.severity import Severity


def chosen(
    audit: Audit, *, rules: Collection[str] = (), account_ids: Set[str] | None = None
) -> Audit:
    """The audit with the findings of these rules and accounts; of all where none are given.

    What says that the audit is incomplete always stays.
    """

    def is_chosen(finding: Finding) -> bool:
        if finding.rule == ALWAYS:
            return True
        is_of_rule = not rules or finding.rule in rules
        # What was not checked of everybody was not checked of these.
        is_of_all = finding.status == "not-checked" and not finding.subject.id
        is_of_account = account_ids is None or is_of_all or finding.subject.id in account_ids
        return is_of_rule and is_of_account

    return replace(
        audit,
        findings=tuple(filter(is_chosen, audit.findings)),
        not_checked=tuple(filter(is_chosen, audit.not_checked)),
        rules=tuple(id for id in audit.rules if not rules or id in rules or id == ALWAYS),
    )


def failing(
    audit: Audit, *, fail_on: Severity, known: Set[str] | None = None
) -> tuple[Finding, ...]:
    """The findings that fail an audit: open, at least so serious, and not `known` by fingerprint.

    Whether it is incomplete is a separate question.
    """
    return tuple(
        finding
        for finding in audit.findings
        if finding.is_open
        and finding.rule != ALWAYS
        and rank(finding.severity) >= rank(fail_on)
        and (known is None or finding.fingerprint not in known)
    )
