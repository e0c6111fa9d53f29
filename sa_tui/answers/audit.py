"""The answer of `audit`: its findings, what was examined and what was not, and by which limits.

The rule it keeps: whoever reads the answer alone can tell what it does not say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sa_tui.answers.audit_records import (
    FINDING_FIELDS,
    RULE_FIELDS,
    examined_record,
    finding_record,
    flat_finding_record,
    limits_record,
    mutes_records,
    rule_record,
)
from sa_tui.answers.problems import Problem, ProblemSubject
from sa_tui.answers.report import Report
from sa_tui.audit.choosing import failing
from sa_tui.audit.controls import NOT_COMPUTABLE
from sa_tui.audit.registry import RULE_SET_VERSION, rules
from sa_tui.audit.severity import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence, Set

    from sa_tui.answers.head import Head
    from sa_tui.answers.records import Record
    from sa_tui.audit.coverage import Missing
    from sa_tui.audit.finding import Finding
    from sa_tui.audit.run import Audit
    from sa_tui.audit.settings import Settings
    from sa_tui.audit.severity import Severity


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What fails an audit.

    `known` are the fingerprints of the baseline. With `allow_partial` an incomplete one may pass.
    """

    fail_on: Severity = "high"
    known: Set[str] | None = None
    allow_partial: bool = False

    def failing(self, audit: Audit) -> tuple[Finding, ...]:
        """The findings that fail it."""
        return failing(audit, fail_on=self.fail_on, known=self.known)


def problems_of_audit(audit: Audit) -> list[Problem]:
    """What the rules need and could not be read."""
    return [_problem(missing) for missing in audit.facts.missing]


def _problem(missing: Missing) -> Problem:
    subject = None
    if missing.kind is not None:
        subject = ProblemSubject(missing.kind, missing.id, missing.name)
    return Problem(what=missing.what, reason=missing.reason, subject=subject, error=missing.error)


def audit_report(
    head: Head,
    audit: Audit,
    *,
    settings: Settings,
    gate: Gate,
    query: str = "",
) -> Report:
    """The findings as rows, the open ones first, then the muted, then what was not checked."""
    shown = sorted(audit.findings, key=lambda finding: not finding.is_open)
    snapshot = audit.facts.snapshot
    rows = [
        finding_record(each, snapshot, known=gate.known) for each in (*shown, *audit.not_checked)
    ]
    return Report(
        head=head,
        key="findings",
        rows=rows,
        fields=FINDING_FIELDS,
        facts=_facts(audit, settings=settings, gate=gate, query=query),
        flat_rows=[flat_finding_record(row) for row in rows],
    )


def _facts(audit: Audit, *, settings: Settings, gate: Gate, query: str) -> Record:
    by_severity = counts(audit)
    return {
        "query": query,
        "audited_at": audit.facts.now,
        "rule_set": {"version": RULE_SET_VERSION, "profile": settings.profile},
        "partial": gate.allow_partial and not audit.is_complete,
        "gate": {
            "fail_on": gate.fail_on,
            "new_only": gate.known is not None,
            "failing": len(gate.failing(audit)),
        },
        "counts": {
            "open": dict(by_severity),
            "muted": sum(finding.status == "muted" for finding in audit.findings),
            "not_checked": len(audit.not_checked),
        },
        "examined": examined_record(audit),
        "not_computable": [f"OWASP NHI 2025, {name}" for name in NOT_COMPUTABLE],
        "limits": limits_record(settings.limits),
        "limits_of_accounts": [
            {"accounts": pattern, "limits": _plain(changed)}
            for pattern, changed in settings.of_accounts
        ],
        "mutes": mutes_records(audit.mutes),
    }


def _plain(changed: Any) -> Record:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in changed.items()
    }


def counts(audit: Audit) -> dict[Severity, int]:
    """How many findings are open, by severity, the most serious first."""
    counted = Counter(finding.severity for finding in audit.findings if finding.is_open)
    return {severity: counted[severity] for severity in reversed(SEVERITIES)}


def rules_report(head: Head, *, active: Collection[str], named: Sequence[str] = ()) -> Report:
    """The rules as rows, in the order of their ids; of all or of those that are named."""
    shown = [rule for id, rule in rules().items() if not named or id in named]
    return Report(
        head=head,
        key="rules",
        rows=[rule_record(rule, is_on=rule.id in active) for rule in shown],
        fields=RULE_FIELDS,
        facts={"rule_set": {"version": RULE_SET_VERSION}},
    )
