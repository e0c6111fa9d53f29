"""An audit as Markdown for people, for a review or the summary of a pipeline.

The rule it keeps: no text of Konnect can act: it makes no link, no emphasis, no HTML and no line.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sa_tui.answers.audit import counts
from sa_tui.answers.audit_records import evidence_text, limits_record
from sa_tui.answers.formats import in_markdown, in_utc, markdown_text, plain
from sa_tui.answers.problems import sentences
from sa_tui.audit.limits import PROFILES
from sa_tui.base.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.answers.records import Record
    from sa_tui.answers.report import Report
    from sa_tui.audit.rule import Rule
    from sa_tui.audit.run import Audit


def audit_markdown(report: Report, audit: Audit) -> str:
    """The findings by status, then what was examined, what was not, the limits and the mutes."""
    return "\n".join(_sections(report, audit))


def _sections(report: Report, audit: Audit) -> Iterator[str]:
    facts = report.facts
    organization = report.head.organization
    name = in_markdown(plain(organization.name)) if organization else "unknown organisation"
    stamp = " (PARTIAL)" if facts["partial"] else ""
    yield f"# Audit of {name}{stamp}\n"
    query = f" of accounts that match {facts['query']}" if facts["query"] else ""
    yield f"{in_markdown(plain(f'{told_counts(audit)}{query}.'))}\n"
    for status, title in (("open", "Findings"), ("muted", "Muted")):
        if rows := [row for row in report.rows if row["status"] == status]:
            yield f"## {title}\n\n{_table(rows)}"
    if rows := [row for row in report.rows if row["status"] == "not-checked"]:
        yield f"## Not checked\n\n{''.join(_items(told_gaps(rows)))}"
    read_at = f"read since {in_utc(report.head.read_at)}" if report.head.read_at else "not read"
    told = [f"profile {report.head.profile}, {read_at}, judged at {in_utc(audit.facts.now)}"]
    yield f"## Examined\n\n{''.join(_items([*told, *told_examined(facts['examined'])]))}"
    if missing := sentences(report.head.problems):
        yield f"## Incomplete\n\n{''.join(_items(missing))}"
    if mutes := facts["mutes"]:
        yield f"## Mutes\n\n{''.join(_items(map(_told_mute, mutes)))}"
    limits = (f"{key}: {plain(value)}" for key, value in facts["limits"].items())
    yield f"## Limits ({facts['rule_set']['profile']})\n\n{''.join(_items(limits))}"


def _table(rows: Sequence[Record]) -> str:
    records = [
        {
            "Severity": row["severity"],
            "Rule": f"{row['rule']} {row['title']}",
            "Of": whom(row),
            "Evidence": evidence_text(row),
            "What to do": row["remedy"],
            "Note": told_mute(row),
        }
        for row in rows
    ]
    names = [name for name in records[0] if any(record[name] for record in records)]
    return markdown_text(names, records)


def _items(texts: Iterable[str]) -> Iterator[str]:
    return (f"* {in_markdown(plain(text))}\n" for text in texts)


def whom(row: Record) -> str:
    """What a finding is about, by names; by ids where there is none."""
    for kind in ("system_account", "team", "user"):
        if row[f"{kind}_id"]:
            name = row[f"{kind}_name"] or row[f"{kind}_id"]
            token = row["access_token_name"] or row["access_token_id"]
            prefix = "team " if kind == "team" else ""
            return f"{prefix}{name}, {token}" if token else f"{prefix}{name}"
    return "the organisation"


def told_mute(row: Record) -> str:
    """Who has accepted a finding, why and until when; or what is to be noted of it."""
    mute = row["mute"]
    if mute is None:
        return row["note"] or ""
    return f"until {mute['expires']} by {mute['approved_by']}: {mute['reason']}"


def _told_mute(mute: Record) -> str:
    """A mute of the file, and what became of it."""
    names = ((key, mute[key]) for key in ("account", "team", "object"))
    whom = ", ".join(f"{key} {name}" for key, name in names if name) or "the organisation"
    state = "ended on" if mute["ended"] else "holds until"
    matched = "" if mute["matched"] else ", matched nothing"
    text = f"{mute['rule']}, {whom}: {state} {mute['expires']}{matched}"
    return f"{text}, by {mute['approved_by']}: {mute['reason']}"


def told_counts(audit: Audit) -> str:
    """How much was found, in a clause."""
    by_severity = [f"{n:,} {severity}" for severity, n in counts(audit).items() if n]
    muted = sum(finding.status == "muted" for finding in audit.findings)
    found = sum(finding.is_open for finding in audit.findings)
    text = plural(found, "finding") + (f" ({', '.join(by_severity)})" if by_severity else "")
    text += f", {muted:,} muted" if muted else ""
    unchecked = len(audit.not_checked)
    return text + (f", {unchecked:,} not checked" if unchecked else "")


def told_gaps(rows: Iterable[Record]) -> list[str]:
    """What was not checked: of each rule how often, and the first reason."""
    count: Counter[str] = Counter()
    first: dict[str, Record] = {}
    for row in rows:
        count[row["rule"]] += 1
        first.setdefault(row["rule"], row)
    return [
        f"{rule} {row['title']}, {whom(row)}"
        f"{f' and {count[rule] - 1:,} more' if count[rule] > 1 else ''}: {row['because']}"
        for rule, row in sorted(first.items())
    ]


def told_examined(examined: Record) -> list[str]:
    """How much was looked at, and by which rules."""
    managed = f"{examined['konnect_managed']:,} of them managed by Konnect"
    parts = [
        f"{plural(examined['system_accounts'], 'system account')} ({managed})",
        plural(examined["access_tokens"], "access token"),
        plural(examined["assigned_roles"], "assigned role"),
        plural(examined["teams"], "team"),
    ]
    if examined["users"] is not None:
        parts.append(plural(examined["users"], "user"))
    if examined["personal_access_tokens"] is not None:
        parts.append(plural(examined["personal_access_tokens"], "personal access token"))
    parts.append(plural(examined["entity_lists"], "list of entities", "lists of entities"))
    ids = examined["rules"]
    return [*parts, f"{plural(len(ids), 'rule')}: {', '.join(ids)}"]


def told_limits(facts: Record) -> str:
    """The limits that differ from those of the profile, and the mutes, in a clause."""
    profile = facts["rule_set"]["profile"]
    usual = limits_record(PROFILES[profile])
    changed = [
        f"{key} {plain(value)}" for key, value in facts["limits"].items() if value != usual[key]
    ]
    texts = [f"limits of {profile}", *changed]
    if of_some := facts["limits_of_accounts"]:
        texts.append(f"others for {', '.join(each['accounts'] for each in of_some)}")
    if mutes := facts["mutes"]:
        ended = sum(mute["ended"] for mute in mutes)
        texts.append(plural(len(mutes), "mute") + (f" ({ended:,} ended)" if ended else ""))
    return "; ".join(texts)


def rule_text(rule: Rule[object], *, is_on: bool) -> str:
    """All that is known of a rule, in lines."""
    lines = [
        f"{rule.id} {rule.title}",
        "",
        f"Severity      {rule.severity}{'' if is_on else ', and off unless it is asked for'}",
        f"Reported when {rule.when}",
        f"What to do    {rule.remedy}",
    ]
    titles = ("Not a mistake", "Controls", "Limits", "Hides")
    values = (rule.mistakes, rule.maps_to, rule.limits, (*rule.hides, *rule.folds))
    for title, texts in zip(titles, values, strict=True):
        lines += [f"{title if not at else '':13} {text}" for at, text in enumerate(texts)]
    return "\n".join(lines)


def rules_markdown(rules: Iterable[Rule[object]]) -> str:
    """The rules as a page of documentation."""
    return "\n".join(_rule_section(rule) for rule in rules)


def _rule_section(rule: Rule[object]) -> str:
    default = "on" if rule.is_default else "opt-in"
    lines = [
        f"## {rule.id} {in_markdown(rule.title)}\n",
        f"{rule.severity}, {default}. {in_markdown(rule.when)}\n",
        f"What to do: {in_markdown(rule.remedy)}\n",
    ]
    if rule.mistakes:
        lines.append("Known false positives:\n\n" + "".join(_items(rule.mistakes)))
    lines.append("Controls:\n\n" + "".join(_items(rule.maps_to)))
    return "\n".join(lines)
