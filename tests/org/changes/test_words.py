"""Changes and what undoes them have titles of their own, and say which fields they alter."""

from __future__ import annotations

from typing import Any

from sa_tui.konnect.models import AccessToken, AssignedRole, SystemAccount, Team
from sa_tui.org.changes import accounts, roles, teams
from sa_tui.org.changes.change import Change
from sa_tui.org.changes.words import in_order, retry_title, title_of, undo_title

ACCOUNT = SystemAccount.from_wire({"id": "a", "name": "ci-eu", "description": "by hand"})
OTHER = SystemAccount.from_wire({"id": "b", "name": "ci-us"})
TOKEN = AccessToken.from_wire({"id": "t", "name": "gitlab", "expires_at": "2027-02-21T12:00:00Z"})
TEAM = Team.from_wire(
    {"id": "t", "name": "Integrations", "description": "old", "labels": {"env": "dev", "a": "b"}}
)
OWNER = roles.RoleOwner(kind="account", id="a", name="ci-eu")
GRANT = roles.RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
)
ROLE = AssignedRole.from_wire(
    {
        "id": "r",
        "role_name": "Viewer",
        "entity_type_name": "Control Planes",
        "entity_id": "*",
        "entity_region": "eu",
    }
)


def fields(change: Change) -> list[tuple[str, Any, Any]]:
    return [(field.name, field.before, field.after) for field in change.fields]


def test_a_change_says_field_by_field_what_becomes_different() -> None:
    edit = teams.update_team(TEAM, name="X", labels={"env": "prod", "a": None, "new": "1"})
    member = teams.Member(kind="account", id="a", name="ci-eu")

    assert fields(accounts.rename_account(ACCOUNT, name="X")) == [("name", "ci-eu", "X")]
    assert fields(accounts.describe_account(ACCOUNT, description="a\nb")) == [
        ("description", "by hand", "a\nb")
    ]
    assert fields(accounts.delete_account(ACCOUNT)) == [
        ("name", "ci-eu", None),
        ("description", "by hand", None),
    ]
    assert fields(accounts.revoke_token(ACCOUNT, TOKEN)) == [
        ("token", "gitlab", None),
        ("expires", "2027-02-21", None),
        ("last used", "never", None),
    ]
    assert fields(edit) == [
        ("name", "Integrations", "X"),
        ("label env", "dev", "prod"),
        ("label a", "b", None),
        ("label new", None, "1"),
    ]
    assert fields(roles.assign_role(OWNER, GRANT)) == [
        ("role", None, "Viewer on Control Planes all (eu)")
    ]
    assert fields(teams.join_team(member, TEAM)) == [("team", None, "Integrations")]
    assert fields(teams.leave_team(member, TEAM)) == [("team", "Integrations", None)]


def test_a_title_says_what_is_done_and_to_what() -> None:
    give, take = roles.assign_role(OWNER, GRANT), roles.remove_role(OWNER, ROLE)
    revoke = accounts.revoke_token(ACCOUNT, TOKEN)

    assert title_of([give] * 3) == "Give 3 roles to ci-eu?"
    assert undo_title([give] * 3) == "Undo: give back 3 roles to ci-eu?"
    assert undo_title([take]) == "Undo: take back 1 role from ci-eu?"
    assert retry_title([take] * 2) == "Try again: remove 2 roles from ci-eu?"
    assert title_of([revoke, accounts.revoke_token(OTHER, TOKEN)]) == "Revoke 2 access tokens?"
    assert undo_title([accounts.rename_account(ACCOUNT, name="x")]) == (
        "Undo: rename system account ci-eu?"
    )
    assert title_of([accounts.create_account("new", description="")]) == (
        "Create system account new?"
    )
    assert title_of([give, revoke]) == "Make 2 changes?"
    assert undo_title([give, revoke]) == "Undo: make 2 changes?"


def test_a_name_cannot_drive_the_terminal_from_a_title() -> None:
    hostile = SystemAccount.from_wire({"id": "a", "name": "x\x1b]52;c;y\x07"})

    assert "\x1b" not in title_of([accounts.rename_account(hostile, name="x")])


def test_changes_are_grouped_by_kind_in_the_order_they_came_in() -> None:
    give, take = roles.assign_role(OWNER, GRANT), roles.remove_role(OWNER, ROLE)
    again = roles.assign_role(OWNER, GRANT)

    assert in_order([give, take, again]) == (give, again, take)
