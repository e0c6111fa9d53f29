"""Asks each rule about each account, token, team and person, and about all of them at once.

The rule it keeps: a rule that could not look at everything it needs leaves a finding that says so.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sa_tui.access.answer import Answer
from sa_tui.audit.finding import Finding, Gap, Subject
from sa_tui.audit.gaps import why_missing
from sa_tui.audit.severity import raised
from sa_tui.audit.things import AccountFacts, TokenFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sa_tui.audit.facts import Facts
    from sa_tui.audit.finding import Hit
    from sa_tui.audit.gaps import Gaps
    from sa_tui.audit.needs import About
    from sa_tui.audit.rule import Rule
    from sa_tui.audit.things import PersonFacts, TeamFacts

    Thing = AccountFacts | TokenFacts | TeamFacts | PersonFacts | Facts

MOST_REASONS = 3


def ask_all(facts: Facts, rules: Sequence[Rule[Any]]) -> Iterator[Finding]:
    """What these rules find, in no particular order, and what they could not check."""
    return _Asking(facts, rules).all()


class _Asking:
    """The rules by what they are asked of."""

    def __init__(self, facts: Facts, rules: Sequence[Rule[Any]]) -> None:
        self._facts = facts
        self._rules = rules
        self._by_about: defaultdict[About, list[Rule[Any]]] = defaultdict(list)
        for rule in rules:
            # What is missing of the organisation is missing for everybody, and said once.
            if rule.about == "organization" or rule.needs.isdisjoint(facts.gaps):
                self._by_about[rule.about].append(rule)
        of_accounts = (*self._by_about["account"], *self._by_about["holder"])
        self._of_managed = [rule for rule in of_accounts if rule.of_managed]
        self._of_accounts = of_accounts

    def all(self) -> Iterator[Finding]:
        for rule in self._rules:
            yield from self._of_population(rule)
        for account in self._facts.accounts:
            yield from self._of_account(account)
        for team in self._facts.teams if self._by_about["holder"] or self._by_about["team"] else ():
            for rule in self._by_about["holder"]:
                yield from self._ask(rule, team, team.gaps)
            for rule in self._by_about["team"] if team.is_custom else ():
                yield from self._ask(rule, team, team.gaps)
        for person in self._facts.people if self._by_about["person"] else ():
            for rule in self._by_about["person"]:
                yield from self._ask(rule, person, person.gaps)
        for rule in self._by_about["organization"]:
            gaps = self._facts.gaps_of_all if rule.needs or rule.reads else {}
            yield from self._ask(rule, self._facts, gaps)

    def _of_population(self, rule: Rule[Any]) -> Iterator[Finding]:
        """What a rule cannot check because a list is not complete."""
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
            yield self._not_checked(rule, self._facts, reasons)

    def _of_account(self, account: AccountFacts) -> Iterator[Finding]:
        gaps = account.gaps
        if account.is_managed:
            for rule in self._of_managed:
                yield from self._ask(rule, account, gaps)
            return
        for rule in self._of_accounts:
            yield from self._ask(rule, account, gaps)
        if not (of_tokens := self._by_about["token"]):
            return
        for token in account.tokens:
            for rule in of_tokens:
                yield from self._ask(rule, token, token.gaps)
        if "tokens" in gaps:
            for rule in of_tokens:
                yield self._not_checked(rule, account, [gaps["tokens"]])

    def _ask(self, rule: Rule[Any], thing: Thing, gaps: Gaps) -> Iterator[Finding]:
        reasons: list[str] = []
        if gaps and not rule.needs.isdisjoint(gaps):
            reasons = [gaps[need] for need in sorted(rule.needs) if need in gaps]
        else:
            for result in rule.check(thing, self._facts):
                if isinstance(result, Gap):
                    reasons.append(result.reason)
                else:
                    yield self._found(rule, thing, result)
            if gaps:
                reasons += [gaps[need] for need in sorted(rule.reads) if need in gaps]
        if reasons:
            yield self._not_checked(rule, thing, reasons)

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

    def _not_checked(self, rule: Rule[Any], thing: Thing, reasons: Sequence[str]) -> Finding:
        distinct = list(dict.fromkeys(reasons))
        more = len(distinct) - MOST_REASONS
        because = "; ".join(distinct[:MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")
        return Finding(
            rule=rule.id,
            title=rule.title,
            severity=rule.severity,
            subject=_subject(thing),
            organization_id=self._facts.organization_id,
            status="not-checked",
            token_id=thing.token.id if isinstance(thing, TokenFacts) else None,
            because=because,
        )


def _subject(thing: Thing) -> Subject:
    return thing.account.subject if isinstance(thing, TokenFacts) else thing.subject
