"""Findings, rules and what was examined as records with Kong's names.

The rule it keeps: values are as Konnect sent them; what was not checked is never an empty place.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sa_tui.answers.formats import plain
from sa_tui.audit.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Set

    from sa_tui.answers.records import Record
    from sa_tui.audit.finding import Finding, Subject
    from sa_tui.audit.mute import Mute
    from sa_tui.audit.mutes import Mutes
    from sa_tui.audit.rule import Rule
    from sa_tui.audit.run import Audit
    from sa_tui.org.snapshot import Snapshot

FINDING_FIELDS = (
    *("severity", "rule", "status", "title", "subject_type"),
    *("system_account_id", "system_account_name", "access_token_id", "access_token_name"),
    *("team_id", "team_name", "user_id", "user_name"),
    *("evidence", "because", "note", "mute", "remedy", "steps", "same_cause", "new"),
    *("object", "qualifier", "fingerprint"),
)
RULE_FIELDS = (
    *("id", "title", "severity", "about", "on", "when", "remedy"),
    *("false_positives", "maps_to", "hides", "limits"),
)


_OF_ROLE = ("role_name", "entity_type_name", "entity_id", "entity_region", "entity_name")


def subject_type(subject: Subject) -> str:
    """What Kong calls the kind of a subject; `organization` for all at once."""
    if subject.account_id is not None:
        return "system_account"
    if subject.team_id is not None:
        return "team"
    return "user" if subject.user_id is not None else "organization"


def finding_record(finding: Finding, snapshot: Snapshot, *, known: Set[str] | None) -> Record:
    """A finding; `new` is whether it is not among the `known`, null without any to compare."""
    subject = finding.subject
    is_checked = finding.status != "not-checked"
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "status": finding.status,
        "title": finding.title,
        "subject_type": subject_type(subject),
        "system_account_id": subject.account_id,
        "system_account_name": subject.name if subject.account_id else None,
        "access_token_id": finding.token_id,
        "access_token_name": token_name(finding, snapshot),
        "team_id": subject.team_id,
        "team_name": subject.name if subject.team_id else None,
        "user_id": subject.user_id,
        "user_name": subject.name if subject.user_id else None,
        "evidence": _evidence(finding, snapshot),
        "because": finding.because or None,
        "note": finding.note or None,
        "mute": mute_record(finding.mute) if finding.mute else None,
        "remedy": _remedy_of(finding) if is_checked else None,
        "steps": [{"verb": step.verb, "id": step.id} for step in finding.remedy],
        "same_cause": [each.fingerprint for each in finding.folded],
        "new": finding.fingerprint not in known if known is not None and is_checked else None,
        "object": finding.object or None,
        "qualifier": finding.qualifier or None,
        "fingerprint": finding.fingerprint,
        "unknown": [],
    }


def flat_finding_record(record: Record) -> Record:
    """A finding for a table of text: what has parts becomes one text."""
    mute = record["mute"]
    return record | {
        "evidence": evidence_text(record),
        "mute": f"until {mute['expires']} by {mute['approved_by']}: {mute['reason']}"
        if mute
        else None,
        "steps": [f"{step['verb']} {step['id']}" for step in record["steps"]],
    }


def evidence_text(record: Record) -> str:
    """The evidence on one line; a role is told in one piece."""
    evidence = dict(record["evidence"])
    texts = []
    if "role_name" in evidence:
        role, kind, entity, region, name = (evidence.pop(key, None) for key in _OF_ROLE)
        words = (role, kind, name or entity, region)
        texts = [" / ".join("?" if word is None else plain(word) for word in words)]
    texts += [f"{key}: {_or_none(value)}" for key, value in evidence.items()]
    return "; ".join(texts)


def _or_none(value: object) -> str:
    return "none" if value in (None, [], "") else plain(value)


def rule_record(rule: Rule[Any], *, is_on: bool) -> Record:
    """A rule with what it documents."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "about": rule.about,
        "on": is_on,
        "when": rule.when,
        "remedy": rule.remedy,
        "false_positives": list(rule.mistakes),
        "maps_to": list(rule.maps_to),
        "hides": [*rule.hides, *rule.folds],
        "limits": list(rule.limits),
        "unknown": [],
    }


def mute_record(mute: Mute) -> Record:
    """A mute as it stands in its file."""
    return {
        "rule": mute.rule,
        "account": mute.account or None,
        "team": mute.team or None,
        "object": mute.object or None,
        "reason": mute.reason,
        "approved_by": mute.approved_by,
        "created": mute.created.isoformat(),
        "expires": mute.expires.isoformat(),
        "ticket": mute.ticket or None,
    }


def mutes_records(mutes: Mutes) -> list[Record]:
    """The mutes with what became of each."""
    return [
        mute_record(mute) | {"ended": mutes.has_ended(mute), "matched": mute in mutes.used}
        for mute in mutes.all
    ]


def limits_record(limits: Limits) -> Record:
    """Every threshold and pattern."""
    values = ((field.name, getattr(limits, field.name)) for field in fields(Limits))
    return {name: _listed(value) for name, value in values}


def examined_record(audit: Audit) -> Record:
    """How much was looked at."""
    facts = audit.facts
    accounts = facts.accounts
    return {
        "system_accounts": len(accounts),
        "konnect_managed": sum(account.is_managed for account in accounts),
        "access_tokens": sum(len(account.tokens) for account in accounts),
        "assigned_roles": sum(len(account.roles) for account in accounts)
        + sum(len(team.roles) for team in facts.teams),
        "teams": len(facts.teams),
        "users": len(facts.snapshot.people.rows) if facts.with_people else None,
        "personal_access_tokens": sum(len(person.details.tokens.rows) for person in facts.people)
        if facts.with_personal_tokens
        else None,
        "entity_lists": len(facts.snapshot.entities),
        "rules": list(audit.rules),
    }


def _evidence(finding: Finding, snapshot: Snapshot) -> Record:
    """The evidence, with the name of the entity of a role."""
    evidence = {name: _listed(value) for name, value in finding.evidence.items()}
    entity_id = evidence.get("entity_id")
    if isinstance(entity_id, str) and "entity_name" not in evidence:
        entity = snapshot.entity(entity_id)
        evidence["entity_name"] = entity.name if entity else None
    return evidence


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _remedy_of(finding: Finding) -> str:
    from sa_tui.audit.registry import rules

    return rules()[finding.rule].remedy


def token_name(finding: Finding, snapshot: Snapshot) -> str | None:
    """The name of the token that a finding is about; None if there is none in the snapshot."""
    if finding.token_id is None:
        return None
    subject = finding.subject
    if subject.user_id is not None:
        rows = snapshot.user_details_of(subject.user_id).tokens.rows
        return next((row.name for row in rows if row.id == finding.token_id), None)
    tokens = snapshot.details_of(subject.account_id or "").tokens.rows
    return next((row.name for row in tokens if row.id == finding.token_id), None)
