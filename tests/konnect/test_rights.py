"""A refusal names who may do what was refused, in Kong's words, and only where Kong says it."""

from __future__ import annotations

from typing import Any

import pytest

from sa_tui.konnect import requests
from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.rights import permission

ADMINISTRATORS = "The Organization Admin team and the Identity Admin role may"


@pytest.mark.parametrize(
    ("request_line", "needed"),
    [
        ("POST /v3/system-accounts", "create system accounts"),
        ("PATCH /v3/system-accounts/A", "update system accounts"),
        ("DELETE /v3/system-accounts/A", "delete system accounts"),
        ("GET /v3/system-accounts/A/access-tokens", "read system account tokens"),
        ("POST /v3/system-accounts/A/access-tokens", "create system account tokens"),
        ("PATCH /v3/system-accounts/A/access-tokens/K", "update system account tokens"),
        ("DELETE /v3/system-accounts/A/access-tokens/K", "delete system account tokens"),
        ("POST /v3/system-accounts/A/assigned-roles", "update roles"),
        ("DELETE /v3/teams/T/assigned-roles/R", "update roles"),
        ("GET /v3/users/U/assigned-roles", "read roles"),
        ("POST /v3/teams", "create teams"),
        ("PATCH /v3/teams/T", "update teams"),
        ("DELETE /v3/teams/T", "delete teams"),
        ("POST /v3/teams/T/system-accounts", "manage the members of teams"),
        ("DELETE /v3/teams/T/users/U", "manage the members of teams"),
        ("GET /v3/users", "read users"),
        ("GET /v3/users/me", ""),
        ("GET /v3/organizations/me", ""),
        ("GET /v2/control-planes", ""),
    ],
)
def test_every_request_has_the_permission_that_kong_lists(request_line: str, needed: str) -> None:
    assert permission(*request_line.split()) == needed


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda c: c.send(requests.create_system_account("a")),
            f"{ADMINISTRATORS} create system accounts; ",
        ),
        (
            lambda c: c.send(requests.delete_access_token("A", "K")),
            "may delete system account tokens; ",
        ),
        (lambda c: c.send(requests.create_team("t")), "may create teams; a plan, a quota or"),
        (lambda c: c.users.list(), "team, Read Only as well, and the Identity Admin role may read"),
    ],
)
async def test_a_refusal_says_who_may(
    connect: Any, script: Any, answer: Any, call: Any, said: str
) -> None:
    client = connect(script(answer(403, text="")))
    with pytest.raises(Forbidden) as caught:
        await call(client)

    assert said in str(caught.value)


async def test_a_refusal_to_show_the_organisation_blames_no_missing_administrator(
    connect: Any, script: Any, answer: Any
) -> None:
    with pytest.raises(Forbidden) as caught:
        await connect(script(answer(403, text=""))).get_organization()

    assert "Admin" not in str(caught.value)
    assert "The token may lack a role for this; " in str(caught.value)
