"""The remedy of a finding as changes that are ready to be shown and sent.

The rule it keeps: a change is made of what the snapshot has now. What a change cannot do, or what
needs the words of an operator, is named instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import can_be_given
from sa_tui.org.changes.accounts import (
    delete_account,
    describe_account,
    rename_account,
    rename_token,
    revoke_token,
)
from sa_tui.org.changes.roles import RoleOwner, remove_role
from sa_tui.org.changes.teams import Member, delete_team, leave_team

if TYPE_CHECKING:
    from sa_tui.audit.finding import Finding, Step
    from sa_tui.konnect.models import SystemAccount, Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What ends a finding: `changes` can be sent; `named` are the steps that are none.

    A token is rotated or issued by its own ways. A description or a name needs a text.
    """

    changes: tuple[Change, ...] = ()
    named: tuple[Step, ...] = ()


def remedy_of(finding: Finding, snapshot: Snapshot, *, text: str | None = None) -> Remedy:
    """The remedy of a finding; `text` is the new description or name, where one is needed.

    What is no longer there needs no change, and what Konnect manages cannot be changed.
    """
    account = snapshot.account(finding.subject.account_id or "")
    if account is not None and account.konnect_managed:
        return Remedy()
    changes: list[Change] = []
    named: list[Step] = []
    for step in finding.remedy:
        if step.verb in ("rotate-token", "issue-token") or (_needs_text(step) and text is None):
            named.append(step)
        elif (change := _change(step, finding, snapshot, text or "")) is not None:
            changes.append(change)
    return Remedy(changes=tuple(changes), named=tuple(named))


def _needs_text(step: Step) -> bool:
    return step.verb in ("describe-account", "rename-account", "rename-token")


def _change(step: Step, finding: Finding, snapshot: Snapshot, text: str) -> Change | None:
    """The change of one step; None if what it is about is gone."""
    account = snapshot.account(finding.subject.account_id or "")
    team = snapshot.team(finding.subject.team_id or "")
    if step.verb == "delete-team" and team is not None:
        return delete_team(team, snapshot.team_details_of(team.id))
    if step.verb == "take-role" and (account is not None or team is not None):
        return _take_role(step, account, team, snapshot)
    return None if account is None else _of_account(step, account, snapshot, text)


def _of_account(step: Step, account: SystemAccount, snapshot: Snapshot, text: str) -> Change | None:
    details = snapshot.details_of(account.id)
    token = next((row for row in details.tokens.rows if row.id == step.id), None)
    match step.verb:
        case "revoke-token":
            return revoke_token(account, token) if token else None
        case "rename-token":
            return rename_token(account, token, name=text) if token else None
        case "describe-account":
            return describe_account(account, description=text)
        case "rename-account":
            return rename_account(account, name=text)
        case "delete-account":
            return delete_account(account, details)
        case "leave-team":
            team = snapshot.team(step.id)
            member = Member(kind="account", id=account.id, name=account.name)
            roles = snapshot.team_details_of(step.id).roles.value
            return leave_team(member, team, roles=roles) if team else None
        case _:
            return None


def _take_role(
    step: Step, account: SystemAccount | None, team: Team | None, snapshot: Snapshot
) -> Change | None:
    if account is not None:
        owner = RoleOwner(kind="account", id=account.id, name=account.name)
        roles = snapshot.details_of(account.id).roles.rows
    elif team is not None:
        owner = RoleOwner(kind="team", id=team.id, name=team.name)
        roles = snapshot.team_details_of(team.id).roles.rows
    role = next((row for row in roles if row.id == step.id), None)
    if role is None:
        return None
    entity = snapshot.entity(role.entity_id or "")
    return remove_role(
        owner,
        role,
        entity_name=entity.name if entity else "",
        can_be_given=can_be_given(role.entity_type_name or "", snapshot.catalogue.value),
    )
