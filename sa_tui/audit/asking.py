"""Asks each rule about each account, token, team and person, and about all of them at once.

The rule it keeps: a rule that could not look at everything it needs leaves a finding that says so.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sa_tui.access.answer import Answer
from sa_tui.audit.finding import Finding, Gap, Subject
from sa_tui.audit.gaps import NO_GAPS, why_missing
from sa_tui.audit.severity import raised
from sa_tui.audit.things import AccountFacts, TokenFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.audit.facts import Facts
    from sa_tui.audit.finding import Hit
    from sa_tui.audit.gaps import Gaps
    from sa_tui.audit.needs import About
    from sa_tui.audit.rule import Rule
    from sa_tui.audit.things import PersonFacts, TeamFacts

    Thing = AccountFacts | TokenFacts | TeamFacts | PersonFacts | Facts

MOST_REASONS = 3


def ask_all(facts: Facts, rules: Sequence[Rule[Any]]) -> list[Finding]:
    """What these rules find, in no particular order, and what they could not check."""
    return _Asking(facts, rules).all()


class _Asking:
    """The rules by what they are asked of; `_findings` grows with each answer."""

    def __init__(self, facts: Facts, rules: Sequence[Rule[Any]]) -> None:
        self._facts = facts
        self._rules = rules
        self._findings: list[Finding] = []
        self._by_about: defaultdict[About, list[Rule[Any]]] = defaultdict(list)
        for rule in rules:
            # What is missing of the organisation is missing for everybody, and said once.
            if rule.about == "organization" or rule.needs.isdisjoint(facts.gaps):
                self._by_about[rule.about].append(rule)
        self._of_accounts = (*self._by_about["account"], *self._by_about["holder"])
        self._of_managed = [rule for rule in self._of_accounts if rule.of_managed]

    def all(self) -> list[Finding]:
        for rule in self._rules:
            self._ask_of_population(rule)
        for account in self._facts.accounts:
            self._ask_of_account(account)
        if self._by_about["holder"] or self._by_about["team"]:
            for team in self._facts.teams:
                self._ask(self._by_about["holder"], team, team.gaps)
                if team.is_custom:
                    self._ask(self._by_about["team"], team, team.gaps)
        if self._by_about["person"]:
            for person in self._facts.people:
                self._ask(self._by_about["person"], person, person.gaps)
        for rule in self._by_about["organization"]:
            gaps = self._facts.gaps_of_all if rule.needs or rule.reads else NO_GAPS
            self._ask([rule], self._facts, gaps)
        return self._findings

    def _ask_of_population(self, rule: Rule[Any]) -> None:
        """Says what a rule cannot check because a list is not complete."""
        snapshot, gaps = self._facts.snapshot, self._facts.gaps
        reasons = []
        if rule.about != "organization":
            reasons = [gaps[need] for need in sorted(rule.needs | rule.reads) if need in gaps]
        if rule.about in ("token", "account", "holder") and "accounts" in gaps:
            reasons.append(gaps["accounts"])
        if rule.about in ("team", "holder") and (reason := why_missing(snapshot.teams)):
            reasons.append(f"teams: {reason}")
        if rule.about == "person" and "people" in gaps:
            reasons.append(gaps["people"])
        if reasons:
            self._leave_open(rule, self._facts, reasons)

    def _ask_of_account(self, account: AccountFacts) -> None:
        gaps = account.gaps
        if account.is_managed:
            self._ask(self._of_managed, account, gaps)
            return
        self._ask(self._of_accounts, account, gaps)
        if of_tokens := self._by_about["token"]:
            for token in account.tokens:
                self._ask(of_tokens, token, token.gaps)
            for rule in of_tokens if "tokens" in gaps else ():
                self._leave_open(rule, account, [gaps["tokens"]])

    def _ask(self, rules: Iterable[Rule[Any]], thing: Thing, gaps: Gaps) -> None:
        for rule in rules:
            if gaps and not rule.needs.isdisjoint(gaps):
                reasons = [gaps[need] for need in sorted(rule.needs) if need in gaps]
                self._leave_open(rule, thing, reasons)
                continue
            reasons = []
            for result in rule.check(thing, self._facts):
                if isinstance(result, Gap):
                    reasons.append(result.reason)
                else:
                    self._findings.append(self._found(rule, thing, result))
            if gaps and not rule.reads.isdisjoint(gaps):
                reasons += [gaps[need] for need in sorted(rule.reads) if need in gaps]
            if reasons:
                self._leave_open(rule, thing, reasons)

    def _found(self, rule: Rule[Any], thing: Thing, hit: Hit) -> Finding:
        severity = hit.severity or rule.severity
        owner = thing.account if isinstance(thing, TokenFacts) else thing
        is_privileged = isinstance(owner, AccountFacts) and owner.is_privileged is Answer.YES
        if rule.family == "T" and is_privileged:  # a token opens all that its account may do
            severity = raised(severity)
        return Finding(
            rule=rule.id,
            title=rule.title,
            severity=severity,
            subject=_subject(thing),
            organization_id=self._facts.organization_id,
            token_id=hit.token_id,
            object=hit.object,
            qualifier=hit.qualifier,
            evidence=hit.evidence,
            remedy=hit.remedy,
        )

    def _leave_open(self, rule: Rule[Any], thing: Thing, reasons: Sequence[str]) -> None:
        """Adds that a rule could not be checked."""
        distinct = list(dict.fromkeys(reasons))
        more = len(distinct) - MOST_REASONS
        because = "; ".join(distinct[:MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")
        self._findings.append(
            Finding(
                rule=rule.id,
                title=rule.title,
                severity=rule.severity,
                subject=_subject(thing),
                organization_id=self._facts.organization_id,
                status="not-checked",
                token_id=thing.token.id if isinstance(thing, TokenFacts) else None,
                because=because,
            )
        )


def _subject(thing: Thing) -> Subject:
    return thing.account.subject if isinstance(thing, TokenFacts) else thing.subject
