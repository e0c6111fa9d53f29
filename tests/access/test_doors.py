"""The request of a change says which verb it is, and the two tables of rights agree on it."""

from __future__ import annotations

import pytest

from sa_tui.access.doors import door
from sa_tui.konnect.requests import Request
from sa_tui.konnect.rights import permission
from tests.access.conftest import Organisation


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("POST /v3/system-accounts", "New account"),
        ("PATCH /v3/system-accounts/account-0", "Edit account"),
        ("DELETE /v3/system-accounts/account-0", "Delete account"),
        ("PATCH /v3/system-accounts/account-0/access-tokens/K", "Rename token"),
        ("DELETE /v3/system-accounts/account-0/access-tokens/K", "Revoke tokens"),
        ("POST /v3/system-accounts/account-0/assigned-roles", "Give roles"),
        ("DELETE /v3/system-accounts/account-0/assigned-roles/assignment-0", "Take roles"),
        ("POST /v3/teams", "New team"),
        ("PATCH /v3/teams/team-0", "Edit team"),
        ("DELETE /v3/teams/team-0", "Delete team"),
        ("POST /v3/teams/team-0/assigned-roles", "Give roles"),
        ("DELETE /v3/teams/team-0/assigned-roles/assignment-1", "Take roles"),
        ("POST /v3/teams/team-0/system-accounts", "Join teams"),
        ("DELETE /v3/teams/team-0/system-accounts/account-0", "End memberships"),
        ("POST /v3/teams/team-0/users", "Join teams"),
        ("DELETE /v3/teams/team-0/users/user-0", "End memberships"),
    ],
)
def test_a_request_is_a_verb_that_needs_what_konnect_asks_for(
    line: str, title: str, organisation: Organisation
) -> None:
    organisation.account("ci", organisation.role())
    organisation.team("Bots", organisation.role())
    method, path = line.split()

    request = Request(method=method, path=path, body={"id": "x"}, read=lambda _: None)

    verb, subject = door(request, organisation.snapshot)

    assert verb.title == title
    assert verb.needs == permission(method, path)
    taken = [role.id for role in subject.roles]
    assert taken == ([path.rpartition("/")[2]] if title == "Take roles" else [])
