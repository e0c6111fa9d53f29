"""Audits an organisation: what is wrong in it, what was not checked, and what to do.

The rule it keeps: an audit that is not complete never ends like one that found nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.language import parse, show
from sa_tui.access.query.search import Search
from sa_tui.answers.audit import Gate, audit_report, problems_of_audit
from sa_tui.answers.audit_text import (
    audit_markdown,
    told_counts,
    told_examined,
    told_gaps,
    told_limits,
)
from sa_tui.answers.problems import required
from sa_tui.audit.choosing import chosen
from sa_tui.audit.run import audit_snapshot
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.auditing.files import Baseline, mutes_of, settings_of
from sa_tui.cli.auditing.gathering import gather
from sa_tui.cli.auditing.views import columns_for
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.reading.asking import access_of, parse_query, warn_of
from sa_tui.cli.reading.run import answer

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Access
    from sa_tui.answers.report import Report
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.mute import Mute
    from sa_tui.audit.run import Audit
    from sa_tui.audit.settings import Settings
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What an audit goes by; `query` is None for all accounts."""

    settings: Settings
    mutes: tuple[Mute, ...]
    baseline: Baseline | None
    query: Query | None
    text: str


def run_audit_command(options: Namespace, env: Environment) -> int:
    """Runs `audit`. Raises UsageError and ProfileError before anything is read, KonnectError."""
    text = options.words[0] if options.words else ""
    if text in ("explain", "rules"):
        from sa_tui.cli.auditing.documenting import run_documenting

        return run_documenting(options, env)
    if len(options.words) > 1:
        raise UsageError("audit takes one query: put it in quotes.")
    asked = _Asked(
        settings=settings_of(options, env),
        mutes=mutes_of(options, env),
        baseline=Baseline(options.new_only, env) if options.new_only else None,
        query=parse_query(text) if text.strip() else None,
        text=text,
    )
    return answer(options, env, partial(_answer, asked=asked, options=options, env=env))


async def _answer(source: Source, *, asked: _Asked, options: Namespace, env: Environment) -> int:
    active = asked.settings.active(options.rules)
    await gather(source, active)
    required(source.snapshot.accounts, "accounts")
    access = await access_of(source, asked.query or parse(""), with_people=False)
    whole = audit_snapshot(
        source.snapshot,
        access,
        now=source.now(),
        settings=asked.settings,
        mutes=asked.mutes,
        named=options.rules,
    )
    facts = whole.facts
    if asked.baseline is not None:
        asked.baseline.check(facts.organization_id, env)
    for notice in whole.notices:
        place = f", line {notice.mute.line}" if notice.mute.line else ""
        mute = f"mute of {notice.mute.rule}, {notice.mute.whom}{place}"
        env.warn(f"{notice.id} {mute}: {notice.text}")
    account_ids = None
    if asked.query is not None:
        warn_of(asked.query, asked.text, source, access, env)
        account_ids = _matching(asked.query, access, facts)
    audit = chosen(whole, rules=options.rules, account_ids=account_ids)
    return _write(audit, asked, account_ids, options=options, env=env)


def _matching(query: Query, access: Access, facts: Facts) -> frozenset[str]:
    """The ids of the accounts that match, or may match."""
    search = Search(query, access, now=facts.now)
    return frozenset(
        subject.id for subject in access.subjects if search.answer(subject) is not Answer.NO
    )


def _write(
    audit: Audit,
    asked: _Asked,
    account_ids: frozenset[str] | None,
    *,
    options: Namespace,
    env: Environment,
) -> int:
    gate = Gate(
        fail_on=options.fail_on,
        known=asked.baseline.known if asked.baseline else None,
        allow_partial=options.allow_partial,
    )
    head = head_of(env, audit.facts.snapshot, problems_of_audit(audit))
    query = show(asked.query) if asked.query is not None else ""
    report = audit_report(head, audit, settings=asked.settings, gate=gate, query=query)
    failing = frozenset(finding.fingerprint for finding in gate.failing(audit))
    match options.output:
        case "md":
            env.stdout.write(audit_markdown(report, audit))
        case "junit":
            from sa_tui.answers.audit_junit import audit_junit

            env.stdout.write(audit_junit(report, audit, failing=failing, account_ids=account_ids))
        case "table" if not options.all_columns:
            checked = [row for row in report.rows if row["status"] != "not-checked"]
            shown = replace(report, rows=checked)
            columns = columns_for(checked)
            put_report(env, options, shown, shown=columns, now=audit.facts.now)
        case _:
            put_report(env, options, report, shown=(), now=audit.facts.now)
    _tell(report, env)
    stamp = "PARTIAL: " if report.facts["partial"] else ""
    code = conclude(env, head, f"{stamp}{query}{': ' if query else ''}{told_counts(audit)}")
    return _code(code, len(failing), options, env)


def _tell(report: Report, env: Environment) -> None:
    """Says what was examined and what was not."""
    *told, asked = told_examined(report.facts["examined"])
    env.tell(f"examined: {', '.join(told)}, by {asked.partition(':')[0]}")
    env.tell(told_limits(report.facts))
    gaps = told_gaps(row for row in report.rows if row["status"] == "not-checked")
    for gap in gaps:
        env.tell(f"NOT CHECKED: {gap}")


def _code(code: Exit, failing: int, options: Namespace, env: Environment) -> Exit:
    """The exit code: incomplete goes before findings, unless --allow-partial."""
    if failing:
        new = "new " if options.new_only else ""
        env.tell(f"FAILED: {plural(failing, f'{new}finding')} of {options.fail_on} or more.")
    if options.exit_zero:
        return Exit.DONE
    if code is Exit.INCOMPLETE and not options.allow_partial:
        return code
    return Exit.FINDINGS if failing else Exit.DONE
