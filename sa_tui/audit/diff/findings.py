"""Which findings are new and which are resolved, by their fingerprints.

The rule it keeps: what a rule could not look at on one side is neither new nor resolved there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.audit.diff.model import About, Change, Diff, NotCompared
from sa_tui.audit.run import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sa_tui.audit.diff.model import AboutKind, Code, Side
    from sa_tui.audit.finding import Finding

    Key = tuple[str, str, str | None]


def changed_findings(old: Side, new: Side, *, is_open: Collection[AboutKind]) -> Diff:
    """The findings that one side has and the other lacks.

    `is_open` are the kinds of which one side may lack some: theirs are compared where both have
    the thing. How far an audit is complete is no finding here: what is not compared says it.
    """
    changes: list[Change] = []
    gaps: list[NotCompared] = []
    ways: tuple[tuple[Code, Side, Side], ...] = (
        ("finding_new", old, new),
        ("finding_resolved", new, old),
    )
    for code, here, there in ways:
        known, unasked = _fingerprints(here), _unasked(here)
        for finding in _shown(there):
            about = _about(finding)
            if finding.fingerprint in known:
                continue
            if about.kind in is_open and about.id and not _has(here, about):
                continue  # the list that lacks it is not compared, and says so
            if (because := _why(finding, unasked)) is None:
                changes.append(Change(code=code, about=about, finding=finding))
                continue
            reason = f"rule {finding.rule}: {because}"
            whose = about if about.id else None
            is_old = here is old
            gap = NotCompared(what="findings", about=whose, is_old=is_old, reason=reason)
            gaps.append(gap)
    both = _unasked(old).keys() & _unasked(new).keys()
    return Diff(changes=tuple(changes), not_compared=tuple(gaps), unasked=len(both))


def _shown(side: Side) -> Iterator[Finding]:
    return (each for each in side.audit.findings if each.rule != ALWAYS)


def _fingerprints(side: Side) -> frozenset[str]:
    """Those of every finding, also of one that another finding stands for."""
    return frozenset(
        each.fingerprint for each in side.audit.results if each.status != "not-checked"
    )


def _unasked(side: Side) -> Mapping[Key, str]:
    """Why a rule could not look at something, by the rule and what it is about."""
    return {
        (each.rule, each.subject.id, each.token_id): each.because
        for each in side.audit.results
        if each.status == "not-checked" and each.rule != ALWAYS
    }


def _why(finding: Finding, unasked: Mapping[Key, str]) -> str | None:
    """Why the other side does not know of a finding; None if it does."""
    for token_id in dict.fromkeys((finding.token_id, None)):
        because = unasked.get((finding.rule, finding.subject.id, token_id))
        if because is not None:
            return because
    return None


def _about(finding: Finding) -> About:
    """What it is about; without an id for the whole organisation."""
    subject = finding.subject
    kind: AboutKind = "team" if subject.team_id else "user" if subject.user_id else "system_account"
    return About(kind=kind, id=subject.id, name=subject.name)


def _has(side: Side, about: About) -> bool:
    snapshot = side.snapshot
    find = {"system_account": snapshot.account, "team": snapshot.team, "user": snapshot.user}
    return find[about.kind](about.id) is not None
