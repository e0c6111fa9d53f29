"""Makes one report of what the rules say: precedence, mutes, and what was not checked.

The rule it keeps: one cause is one finding, whether it is muted or not.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sa_tui.audit.asking import ask_all
from sa_tui.audit.facts import Facts
from sa_tui.audit.mutes import Mutes
from sa_tui.audit.registry import needs_people, needs_personal_tokens, rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from sa_tui.access.subjects import Access
    from sa_tui.audit.finding import Finding
    from sa_tui.audit.mute import Mute
    from sa_tui.audit.mutes import Notice
    from sa_tui.audit.settings import Settings
    from sa_tui.org.snapshot import Snapshot

ALWAYS = "C01"
"""The rule that is always asked: whether an audit is complete is never left open."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Audit:
    """What an audit found, the most serious first, and what was not checked.

    `rules` are the ids of the rules that were asked. `results` are all that they said, also what
    another finding stands for. `notices` are about mutes.
    """

    facts: Facts
    findings: tuple[Finding, ...]
    not_checked: tuple[Finding, ...]
    rules: tuple[str, ...]
    mutes: Mutes = field(repr=False)
    results: tuple[Finding, ...] = field(default=(), repr=False)
    notices: tuple[Notice, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything that the rules need could be read."""
        return not self.facts.missing


def default_rules() -> tuple[str, ...]:
    """The rules that are on unless somebody says otherwise."""
    return tuple(id for id, rule in rules().items() if rule.is_default)


def audit_snapshot(
    snapshot: Snapshot,
    access: Access,
    *,
    now: datetime,
    settings: Settings,
    mutes: Iterable[Mute] = (),
    named: Collection[str] = (),
    without: Collection[str] = (),
) -> Audit:
    """The audit of a snapshot by these settings, and by the rules that are `named` besides.

    The rules of `without` are not asked. `access` is that of the snapshot, `now` is by Konnect's
    clock.
    """
    active = [id for id in settings.active(named) if id not in without]
    facts = Facts(
        snapshot=snapshot,
        access=access,
        now=now,
        limits=settings.limits,
        limits_of=settings.limits_of,
        owned=settings.owned,
        with_people=needs_people(active),
        with_personal_tokens=needs_personal_tokens(active),
    )
    return run_audit(facts, active=active, mutes=Mutes(mutes, today=now.date()))


def run_audit(
    facts: Facts, *, active: Collection[str] | None = None, mutes: Mutes | None = None
) -> Audit:
    """Asks the rules with these ids, and C01; without `active` those that are on by default.

    Raises KeyError for an id that no rule has.
    """
    mutes = mutes or Mutes(today=facts.now.date())
    ids = sorted({*(default_rules() if active is None else active), ALWAYS})
    results = ask_all(facts, [rules()[id] for id in ids])
    # A mute of a finding that another one hides is a mute that matches.
    results = [finding if finding.because else mutes.applied(finding) for finding in results]
    shown = sorted(_without_same_cause(results), key=lambda finding: finding.order)
    not_checked = tuple(finding for finding in shown if finding.status == "not-checked")
    return Audit(
        facts=facts,
        findings=tuple(finding for finding in shown if finding.status != "not-checked"),
        not_checked=not_checked,
        rules=tuple(ids),
        mutes=mutes,
        results=tuple(results),
        notices=tuple(mutes.notices(facts, not_checked, frozenset(ids))),
    )


def _without_same_cause(results: Sequence[Finding]) -> Iterator[Finding]:
    """The findings without those that another one hides; those that it folds become part of it."""
    hidden: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)
    folding: dict[tuple[str, str], list[Finding]] = {}
    for finding in results:
        rule = rules()[finding.rule]
        if finding.status != "not-checked" and (rule.hides or rule.folds):
            hidden[finding.subject.id, finding.token_id].update(rule.hides)
            folding |= {(finding.subject.id, id): [] for id in rule.folds}
    kept = []
    for finding in results:
        key = (finding.subject.id, finding.rule)
        if key in folding:
            folding[key].append(finding)
        elif not _is_hidden(finding, hidden):
            kept.append(finding)
    for finding in kept:
        folds = rules()[finding.rule].folds if finding.status != "not-checked" else ()
        same_cause = [each for id in folds for each in folding.get((finding.subject.id, id), ())]
        yield replace(finding, folded=tuple(same_cause)) if same_cause else finding


def _is_hidden(finding: Finding, hidden: dict[tuple[str, str | None], set[str]]) -> bool:
    """Whether a finding about the same account or token has the same cause."""
    if not hidden:
        return False
    for token_id in {finding.token_id, None}:
        names = hidden.get((finding.subject.id, token_id), ())
        # A letter stands for the others of its family.
        if finding.rule in names or (finding.rule[0] in names and not _hides_family(finding)):
            return True
    return False


def _hides_family(finding: Finding) -> bool:
    return finding.rule[0] in rules()[finding.rule].hides
