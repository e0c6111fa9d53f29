"""Applies mutes to findings, and tells which of them have become of no use.

The rule it keeps: a mute takes a finding out of what counts, never out of the report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sa_tui.audit.facts import Facts
    from sa_tui.audit.finding import Finding, Subject
    from sa_tui.audit.mute import Mute

NEVER_MUTED = ("C01",)
"""What no mute can accept: an incomplete audit."""


def is_about(mute: Mute, subject: Subject) -> bool:
    """Whether a mute is about this account or team."""
    if mute.account:
        return _is_named(mute.account, subject.account_id, subject.name)
    if mute.team:
        return _is_named(mute.team, subject.team_id, subject.name)
    return True


def matches(mute: Mute, finding: Finding) -> bool:
    """Whether a mute is about this finding, whether it still holds or not."""
    if finding.rule != mute.rule or not is_about(mute, finding.subject):
        return False
    return not mute.object or mute.object in (finding.token_id, finding.object, finding.fingerprint)


def _is_named(wanted: str, id: str | None, name: str) -> bool:
    if id is None:
        return False
    return wanted == id or fnmatchcase(name.casefold(), wanted.casefold())


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What is doubtful about a mute: M01 if it matched nothing, M02 if what it is about is gone."""

    id: Literal["M01", "M02"]
    mute: Mute
    text: str


class Mutes:
    """The mutes of a file, found by rule; those that hold today come first."""

    def __init__(self, mutes: Iterable[Mute] = (), *, today: date) -> None:
        self.all = tuple(mutes)
        self._today = today
        self._by_rule: dict[str, list[Mute]] = {}
        for mute in sorted(self.all, key=self.has_ended):
            self._by_rule.setdefault(mute.rule, []).append(mute)
        self.used: set[Mute] = set()

    def has_ended(self, mute: Mute) -> bool:
        """Whether a mute no longer holds."""
        return mute.expires < self._today

    def applied(self, finding: Finding) -> Finding:
        """The finding, muted if a mute holds; one that has ended is told in its note."""
        if finding.rule in NEVER_MUTED:
            return finding
        matching = [mute for mute in self._by_rule.get(finding.rule, ()) if matches(mute, finding)]
        if not matching:
            return finding
        self.used.update(matching)
        mute = matching[0]
        if not self.has_ended(mute):
            return replace(finding, status="muted", mute=mute)
        note = f"Muted until {mute.expires} by {mute.approved_by}: {mute.reason}"
        return replace(finding, note=note)

    def notices(
        self, facts: Facts, not_checked: Sequence[Finding], ran: frozenset[str]
    ) -> list[Notice]:
        """What to say of the mutes that matched nothing, as far as the audit can know."""
        notices = []
        for mute in self.all:
            if mute in self.used or mute.rule not in ran:
                continue
            if gone := _is_gone(mute, facts):
                text = f"{gone}: remove it."
                notices.append(Notice(id="M02", mute=mute, text=text))
            elif not any(_may_concern(mute, finding) for finding in not_checked):
                text = "It matched nothing: what it accepts has ended, or it is written otherwise."
                notices.append(Notice(id="M01", mute=mute, text=text))
        return notices


def _may_concern(mute: Mute, finding: Finding) -> bool:
    """Whether what was not checked may be what the mute accepts."""
    is_of_all = not finding.subject.id
    return finding.rule == mute.rule and (is_of_all or is_about(mute, finding.subject))


def _is_gone(mute: Mute, facts: Facts) -> str:
    """Why what a mute is about no longer exists, empty if it does or if that is not known."""
    if mute.account:
        subjects = [each.subject for each in facts.accounts]
        is_whole = facts.snapshot.accounts.is_whole
    elif mute.team:
        subjects = [each.subject for each in facts.teams]
        is_whole = facts.snapshot.teams.is_whole
    else:
        return ""
    if not is_whole or any(is_about(mute, subject) for subject in subjects):
        return ""
    return f"There is no {mute.whom}"
