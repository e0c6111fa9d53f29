"""Changes are read by their kind, each said once; what only is planned cannot be pasted."""

from __future__ import annotations

import subprocess

import pytest

from sa_tui.konnect.models import SystemAccount
from sa_tui.org.changes.accounts import create_account, rename_account
from sa_tui.org.changes.change import once_made
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.changes.outline import as_curl, field_lines, groups
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role, owner_of_new

URL = "https://konnect.invalid"
VIEWER = RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
)


def test_changes_of_a_kind_share_a_heading_and_their_subject() -> None:
    one, two = (RoleOwner(kind="account", id=name, name=name) for name in ("one", "two"))
    rename = rename_account(SystemAccount(id="one", name="one"), name="x")
    both = [assign_role(owner, VIEWER) for owner in (one, two)]
    same = [assign_role(one, VIEWER)] * 2

    first, second = groups([*both, rename])
    (third,) = groups(same)

    assert (first.heading, second.heading) == ("Give role", "Rename system account · one")
    assert [first.lead(change) for _, change in first.changes] == ["one", "two"]
    assert [number for number, _ in (*first.changes, *second.changes)] == [0, 1, 2]
    assert third.heading == "Give role · one"
    assert [third.lead(change) for _, change in third.changes] == ["", ""]


def test_a_field_without_a_value_is_not_told() -> None:
    create = create_account("new", description="")

    assert [tuple(line) for line in field_lines(create)] == [("+", "name", "new")]


@pytest.mark.parametrize("name", ["ci-new", "two\nlines; touch x", "'; exit 7 #", "$(exit 7)"])
def test_a_request_that_needs_an_id_is_a_comment_until_it_is_there(name: str) -> None:
    new = NewId("account", key=name)
    change = once_made([new], lambda: assign_role(owner_of_new(new), VIEWER))
    shell = f"curl() {{ printf '%s\\n' \"$*\"; }}\n{as_curl(change, URL)}\n"

    waiting = subprocess.run(["/bin/sh"], input=shell, text=True, capture_output=True, check=True)
    new.value = "made-id"
    there = as_curl(change.ready(), URL)

    assert (waiting.stdout, waiting.stderr) == ("", "")
    assert there.startswith(f"curl -X POST {URL}/v3/system-accounts/made-id/assigned-roles")
