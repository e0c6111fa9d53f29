"""An audit as JUnit XML: a case for each rule and each thing that it was asked of.

The rule it keeps: a case passes only if the rule could be asked. What could not be read is an
error.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

from sa_tui.answers.audit_records import evidence_text
from sa_tui.answers.audit_text import told_mute
from sa_tui.answers.formats import in_utc
from sa_tui.audit.registry import rules
from sa_tui.audit.run import ALWAYS
from sa_tui.base.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from sa_tui.answers.records import Record
    from sa_tui.answers.report import Report
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Rule
    from sa_tui.audit.run import Audit

WHOLE = ("", "organisation")
"""The id and the name of the case for the organisation."""


def audit_junit(
    report: Report, audit: Audit, *, failing: Set[str], account_ids: Set[str] | None = None
) -> str:
    """The XML. A case fails for the fingerprints that are `failing`; a muted one is skipped.

    With `account_ids` there are no cases of other accounts.
    """
    by_case: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for row in report.rows:
        id = row["system_account_id"] or row["team_id"] or row["user_id"] or ""
        by_case[row["rule"], id].append(row)
    organization = report.head.organization
    is_partial = bool(report.facts["partial"])
    root = Xml.Element("testsuites", name=f"sa-tui audit of {_name(organization)}")
    for id in audit.rules:
        rule = rules()[id]
        suite = Xml.SubElement(root, "testsuite", name=_safe(f"{id} {rule.title}"))
        suite.set("timestamp", in_utc(audit.facts.now).removesuffix("Z").split(".")[0])
        cases = list(_cases(rule, audit.facts))
        if account_ids is not None and rule.about != "organization":
            cases = [case for case in cases if case[0] in account_ids]
        if (id, "") in by_case and WHOLE not in cases:
            cases.append(WHOLE)
        for case_id, name in cases:
            case = Xml.SubElement(suite, "testcase", classname=id, time="0")
            case.set("name", _safe(f"{name} ({case_id})" if case_id else name))
            _result(case, by_case.get((id, case_id), ()), failing, may_be_partial=is_partial)
        _count(suite)
    _count(root)
    Xml.indent(root)
    text = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _cases(rule: Rule[Any], facts: Facts) -> Iterator[tuple[str, str]]:
    """What a rule was asked of, by id and name."""
    if rule.about in ("token", "account", "holder"):
        for account in facts.accounts:
            if rule.of_managed or not account.is_managed:
                yield account.account.id, account.account.name
    if rule.about in ("holder", "team"):
        for team in facts.teams:
            if rule.about == "holder" or team.is_custom:
                yield team.team.id, f"team {team.team.title}"
    if rule.about == "person":
        for person in facts.people:
            yield person.user.id, person.subject.name
    if rule.about == "organization":
        yield WHOLE


def _result(
    case: Xml.Element, rows: Sequence[Record], failing: Set[str], *, may_be_partial: bool
) -> None:
    """What became of a case; the most serious of its findings decides."""
    failed = [row for row in rows if row["fingerprint"] in failing and row["status"] == "open"]
    unread = [
        row
        for row in rows
        if row["status"] == "not-checked" or (row["rule"] == ALWAYS and not may_be_partial)
    ]
    muted = [row for row in rows if row["status"] == "muted"]
    rest = [row for row in rows if row not in failed and row not in unread and row not in muted]
    if failed:
        _add(case, "failure", failed, type=failed[0]["severity"])
    elif unread:
        _add(case, "error", unread, type="not checked")
    elif muted and not rest:
        Xml.SubElement(case, "skipped", message=_safe(f"muted {told_mute(muted[0])}"))
    if rest:
        Xml.SubElement(case, "system-out").text = "\n".join(map(_line, rest))


def _add(case: Xml.Element, tag: str, rows: Sequence[Record], *, type: str) -> None:
    element = Xml.SubElement(case, tag, type=type, message=_line(rows[0]))
    element.text = "\n".join(map(_line, rows))


def _line(row: Record) -> str:
    """A finding on one line."""
    text = row["because"] or evidence_text(row)
    token = f", {row['access_token_name']}" if row["access_token_name"] else ""
    remedy = f" -- {row['remedy']}" if row["remedy"] else ""
    return _safe(f"{row['severity']}: {row['title']}{token}: {text}{remedy}")


def _count(element: Xml.Element) -> None:
    """Sets how many cases there are in an element, and what became of them."""
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        if element.tag == "testsuite" or tag != "skipped":
            element.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _name(organization: object) -> str:
    return _safe(getattr(organization, "name", None) or "an unknown organisation")


def _safe(text: str) -> str:
    """A text that XML can hold, on one line."""
    return one_line(text, limit=None)
