"""A change says which verb it is and what it is done to; the two tables of rights agree on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sa_tui.access.change_verbs import verb_and_target
from sa_tui.konnect.rights import permission
from sa_tui.org.changes import accounts, roles, teams
from sa_tui.org.changes.change import VerbName
from tests.access.conftest import Organisation, token

if TYPE_CHECKING:
    from sa_tui.org.changes.change import Change


def every_change(organisation: Organisation) -> dict[str, list[Change]]:
    """Changes of each verb, by the title of the verb."""
    organisation.account("ci", organisation.role(), tokens=[token("gha")])
    organisation.team("Bots", organisation.role())
    snapshot = organisation.snapshot
    ((account_id, account),) = snapshot.details.items()
    ((team_id, held),) = snapshot.team_details.items()
    row, team = snapshot.account(account_id), snapshot.team(team_id)
    assert row is not None
    assert team is not None
    grant = roles.RoleRequest(role_name="R", entity_type_name="T", entity_id="*", entity_region="*")
    machine = roles.RoleOwner(kind="account", id=account_id, name="ci")
    group = roles.RoleOwner(kind="team", id=team_id, name="Bots")
    members = [
        teams.Member(kind="account", id=account_id, name="ci"),
        teams.Member(kind="user", id="user-0", name="jo"),
    ]
    assert account.tokens.value
    assert account.roles.value
    assert held.roles.value
    gha = account.tokens.value.rows[0]
    return {
        "New account": [accounts.create_account("new", description="")],
        "Edit account": [
            accounts.rename_account(row, name="new"),
            accounts.describe_account(row, description="new"),
        ],
        "Delete account": [accounts.delete_account(row)],
        "Rename token": [accounts.rename_token(row, gha, name="new")],
        "Revoke tokens": [accounts.revoke_token(row, gha)],
        "Give roles": [roles.assign_role(machine, grant), roles.assign_role(group, grant)],
        "Remove roles": [
            roles.remove_role(machine, account.roles.value.rows[0]),
            roles.remove_role(group, held.roles.value.rows[0]),
        ],
        "New team": [teams.create_team("new", description="", labels={})],
        "Edit team": [teams.update_team(team, name="new")],
        "Delete team": [teams.delete_team(team)],
        "Join teams": [teams.join_team(member, team) for member in members],
        "End memberships": [teams.leave_team(member, team) for member in members],
    }


def test_a_change_is_a_verb_that_needs_what_konnect_asks_for(organisation: Organisation) -> None:
    changes = every_change(organisation)

    for title, change in ((title, each) for title, those in changes.items() for each in those):
        verb, _ = verb_and_target(change, organisation.snapshot)
        assert verb.title == title
        assert verb.needs == permission(change.request.method, change.request.path)
    assert {each.verb for those in changes.values() for each in those} == {*get_args(VerbName)}


def test_a_change_is_done_to_what_its_request_names(organisation: Organisation) -> None:
    for change in (each for those in every_change(organisation).values() for each in those):
        _, target = verb_and_target(change, organisation.snapshot)
        ids = {
            "system-accounts": target.account_id,
            "users": target.user_id,
            "teams": target.team_id,
            "access-tokens": target.token and target.token.id,
            "assigned-roles": next((role.id for role in target.roles), None),
        }
        _, _, *path = change.request.path.split("/")
        named = [*path, *filter(None, [(change.request.body or {}).get("id")])]
        by_collection = dict(zip(named[::2], named[1::2], strict=False))
        assert {name: id for name, id in ids.items() if id is not None} == by_collection
