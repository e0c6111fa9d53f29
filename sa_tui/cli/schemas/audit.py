"""The schemas of findings, rules, and what an audit examined."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, get_args

from sa_tui.audit.finding import Status, StepVerb
from sa_tui.audit.limits import PROFILES, Limits
from sa_tui.audit.needs import About
from sa_tui.audit.severity import SEVERITIES
from sa_tui.cli.schemas.kinds import count, flag, many, mapping, moment, one_of, record, row, text

if TYPE_CHECKING:
    from sa_tui.cli.schemas.kinds import Schema

_SEVERITY = one_of("How serious it is.", *reversed(SEVERITIES))
_TEXTS = many("Texts.", text("A text."))
_VALUE: Schema = {
    "type": ["string", "integer", "boolean", "array", "null"],
    "items": text("A text."),
    "description": "A value as Konnect has it; null if there is none.",
}
_MUTE: Schema = {
    "rule": text("The rule that it is about."),
    "account": text("The id of an account, or a pattern of names.", is_nullable=True),
    "team": text("The id of a team, or a pattern of names.", is_nullable=True),
    "object": text("The token, role or fingerprint that it is about.", is_nullable=True),
    "reason": text("Why the finding is accepted."),
    "approved_by": text("Who has accepted it."),
    "created": text("The day of the decision."),
    "expires": text("The last day on which it holds."),
    "ticket": text("Where it was decided.", is_nullable=True),
}
_LIMITS: Schema = {
    field.name: {
        int: count("Days, or how many; the last number that is fine."),
        str: text("A regular expression, in any case."),
        tuple: _TEXTS,
    }[type(getattr(PROFILES["baseline"], field.name))]
    for field in fields(Limits)
}
FINDING: Schema = {
    "severity": _SEVERITY,
    "rule": text("The id of the rule."),
    "status": one_of("Whether it counts.", *get_args(Status)),
    "title": text("What is wrong, in a few words."),
    "subject_type": one_of("What it is about.", "system_account", "team", "user", "organization"),
    "system_account_id": text("The account that it is about.", is_nullable=True),
    "system_account_name": text("Its name.", is_nullable=True),
    "access_token_id": text("The token that it is about.", is_nullable=True),
    "access_token_name": text("Its name.", is_nullable=True),
    "team_id": text("The team that it is about.", is_nullable=True),
    "team_name": text("Its name.", is_nullable=True),
    "user_id": text("The user that it is about.", is_nullable=True),
    "user_name": text("Their name.", is_nullable=True),
    "evidence": mapping("What the rule saw, by Kong's words.", _VALUE),
    "because": text("Why it was not checked; null if it was.", is_nullable=True),
    "note": text("What else to know, such as that a mute has ended.", is_nullable=True),
    "mute": record("The mute that holds.", _MUTE, is_nullable=True),
    "remedy": text("What to do; null if it was not checked.", is_nullable=True),
    "steps": many(
        "What ends it, if that is for a program to say.",
        record(
            "A step.",
            {
                "verb": one_of("What is done.", *get_args(StepVerb)),
                "id": text("To which token, assigned role, team or account."),
            },
        ),
    ),
    "same_cause": many(
        "The fingerprints of the findings that it stands for.", text("A fingerprint.")
    ),
    "new": flag("Whether the baseline lacks it; null without one.", is_nullable=True),
    "object": text("Which of several things of the subject it is about.", is_nullable=True),
    "qualifier": text("What tells it from others about the same thing.", is_nullable=True),
    "fingerprint": text("Stays the same while names, dates and severities change."),
}
AUDIT: Schema = {
    "query": text("The query for the accounts that are shown; empty for all."),
    "audited_at": moment("The time by which tokens were judged."),
    "rule_set": record(
        "The rules.",
        {
            "version": count("Goes up when rules change."),
            "profile": one_of("The profile of the limits.", *PROFILES),
        },
    ),
    "partial": flag("Whether it is incomplete, and that was allowed."),
    "gate": record(
        "What fails it.",
        {
            "fail_on": _SEVERITY,
            "new_only": flag("Whether only findings count that the baseline lacks."),
            "failing": count("How many findings fail it."),
        },
    ),
    "counts": record(
        "How much was found.",
        {
            "open": record("By severity.", {name: count("How many.") for name in SEVERITIES}),
            "muted": count("How many are muted."),
            "not_checked": count("How often a rule could not be asked."),
        },
    ),
    "examined": record(
        "How much was looked at.",
        {
            "system_accounts": count("Accounts."),
            "konnect_managed": count("Those of them that Konnect manages."),
            "access_tokens": count("Their tokens."),
            "assigned_roles": count("Roles of accounts and teams."),
            "teams": count("Teams."),
            "users": count("Users; null if no rule asks for them.", is_nullable=True),
            "personal_access_tokens": count(
                "Their tokens; null if no rule asks for them.", is_nullable=True
            ),
            "entity_lists": count("Lists of entities."),
            "rules": many("The rules that were asked.", text("An id.")),
        },
    ),
    "not_computable": many("What this API cannot tell.", text("A risk of a catalogue.")),
    "limits": record("The limits of all rules.", _LIMITS),
    "limits_of_accounts": many(
        "Other limits for some accounts.",
        record(
            "Limits.",
            {"accounts": text("A pattern of names, or an id."), "limits": mapping("Them.", _VALUE)},
        ),
    ),
    "mutes": many(
        "The mutes, and what became of each.",
        record(
            "A mute.",
            _MUTE
            | {
                "ended": flag("Whether it no longer holds."),
                "matched": flag("Whether it is about a finding."),
            },
        ),
    ),
    "findings": many("The findings.", row("A finding.", FINDING)),
}
RULES: Schema = {
    "rule_set": record("The rules.", {"version": count("Goes up when rules change.")}),
    "rules": many(
        "The rules.",
        row(
            "A rule.",
            {
                "id": text("Its id."),
                "title": text("What it finds, in a few words."),
                "severity": _SEVERITY,
                "about": one_of("What it is asked of.", *get_args(About)),
                "on": flag("Whether it is on."),
                "when": text("When it reports something."),
                "remedy": text("What to do."),
                "false_positives": many("What may be no mistake.", text("And how it is handled.")),
                "maps_to": many("Controls of other catalogues.", text("A control.")),
                "hides": many("The rules whose findings it stands for.", text("An id, or T.")),
                "limits": many("The limits that it goes by.", text("A limit.")),
            },
        ),
    ),
}
