"""The answers about what accounts and teams hold directly, and who belongs to a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.pages import team_record
from sa_tui.answers.problems import Problem, ProblemSubject, problem_of
from sa_tui.answers.records import account_record, fields_of, named_record, token_record
from sa_tui.answers.report import Report
from sa_tui.org.reading.entities import Sight, look_up

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sa_tui.answers.head import Head
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import AssignedRole, SystemAccount, Team, User
    from sa_tui.org.snapshot import Snapshot

ROLE_FIELDS = (
    *("id", "role_name", "entity_type_name", "entity_id", "entity_name", "entity_region"),
)
HOLDER_FIELDS = ("holder_type", "holder_id", "holder_name")


def roles_report(head: Head, holders: Iterable[SystemAccount | Team], snapshot: Snapshot) -> Report:
    """The roles that these accounts and teams hold directly, a row for each."""
    rows = [
        _holder(holder, snapshot) | role_record(role, snapshot)
        for holder in holders
        for role in _roles(holder, snapshot)
    ]
    return Report(head=head, key="assigned_roles", rows=rows, fields=(*HOLDER_FIELDS, *ROLE_FIELDS))


def role_record(role: AssignedRole, snapshot: Snapshot) -> Record:
    """An assigned role; its entity has a name if it is known, and none if it is every one."""
    names = ("id", "role_name", "entity_type_name", "entity_id", "entity_region")
    record = fields_of(role, names, always_given=names)
    sighting = look_up(role, snapshot)
    is_known = sighting.sight in (Sight.EVERYTHING, Sight.NAMED, Sight.ELSEWHERE)
    unknown = record["unknown"] + ["entity_name"] * (not is_known)
    return record | {"entity_name": sighting.name or None, "unknown": unknown}


def account_facts(account: SystemAccount, snapshot: Snapshot, *, now: datetime) -> Record:
    """Everything about one account, as far as it was read."""
    details = snapshot.details_of(account.id)
    return {
        "system_account": account_record(account, details, now),
        "access_tokens": [token_record(token, now) for token in details.tokens.rows],
        "assigned_roles": [role_record(role, snapshot) for role in details.roles.rows],
        "teams": [member_team_record(team) for team in details.teams.rows],
    }


def team_facts(team: Team, snapshot: Snapshot) -> Record:
    """Everything about one team, as far as it was read."""
    details = snapshot.team_details_of(team.id)
    return {
        "team": team_record(team, snapshot),
        "assigned_roles": [role_record(role, snapshot) for role in details.roles.rows],
        "system_accounts": [named_record(account) for account in details.accounts.rows],
        "users": [_user_record(user) for user in details.users.rows],
    }


def member_team_record(team: Team) -> Record:
    """A team that an account is in."""
    return fields_of(team, ("id", "name", "system_team"), always_given=("system_team",))


def problems_of_team(team: Team, snapshot: Snapshot) -> list[Problem]:
    """What is missing from the roles and the members of a team."""
    details = snapshot.team_details_of(team.id)
    subject = ProblemSubject("team", team.id, team.name)
    return [
        *problem_of("assigned_roles", details.roles, subject),
        *problem_of("system_accounts", details.accounts, subject),
        *problem_of("users", details.users, subject),
    ]


def _user_record(user: User) -> Record:
    return fields_of(user, ("id", "full_name", "email"))


def _holder(holder: SystemAccount | Team, snapshot: Snapshot) -> Record:
    is_team = snapshot.team(holder.id) is not None
    return {
        "holder_type": "team" if is_team else "system_account",
        "holder_id": holder.id,
        "holder_name": holder.name,
    }


def _roles(holder: SystemAccount | Team, snapshot: Snapshot) -> tuple[AssignedRole, ...]:
    if snapshot.team(holder.id) is not None:
        return snapshot.team_details_of(holder.id).roles.rows
    return snapshot.details_of(holder.id).roles.rows
