"""An export is complete, and reading it back makes the same organisation, to the letter."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.models import AssignedRole, Listing, Organization, SystemAccount, Team
from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails
from sa_tui.plans.difference import difference
from sa_tui.plans.export import export_yaml
from sa_tui.plans.form import read_wished
from sa_tui.plans.refs import Refs
from sa_tui.plans.scope import Scope
from sa_tui.plans.terraform import access_text, imports_text
from sa_tui.plans.yaml_text import scalar

if TYPE_CHECKING:
    from .conftest import World

ODD = "a\nb: #c\x1b[31m\u202e\U0001f600\U000e0041 'd' \"e\" \\ é ${x} %{y}"


@pytest.fixture
def givable(world: World) -> World:
    """The organisation without its old roles, which Konnect gives nobody any more."""
    organisation = world.fake.organisation
    for owner in (*organisation.accounts, *organisation.teams):
        for role in list(organisation.roles(owner["id"])):
            if role["entity_type_name"] == "Control Plane Groups":
                organisation.remove_role(owner["id"], role["id"])
    return world


def snapshot(**parts: Any) -> Snapshot:
    whole: dict[str, Any] = {
        "organization": Part(value=Organization(id="O", name="Meridian")),
        "accounts": Part(value=Listing(())),
        "teams": Part(value=Listing(())),
    }
    return Snapshot(**(whole | parts))


def account(name: str, **fields: Any) -> SystemAccount:
    return SystemAccount(id=f"id-{name}", name=name, konnect_managed=False, **fields)


def read(*rows: Any, incomplete: str | None = None) -> Part[Any]:
    return Part(value=Listing(tuple(rows), incomplete=incomplete))


def test_an_export_that_is_applied_to_an_empty_organisation_is_exported_again_to_the_letter(
    givable: World, empty: World
) -> None:
    text = export_yaml(givable.read()).text

    empty.apply(text)

    assert export_yaml(empty.read()).text == text


def test_an_export_wishes_for_nothing_that_is_not_so(world: World) -> None:
    made = world.plan(export_yaml(world.read()).text)

    assert made.changes == ()
    assert (made.notes, made.unread) == ((), ())


def test_an_export_has_every_account_that_konnect_does_not_manage(world: World) -> None:
    written = yaml.safe_load(export_yaml(world.read()).text)["organization"]["system-accounts"]

    rows = world.fake.organisation.accounts
    mine = {row["name"] for row in rows if not row["konnect_managed"]}
    assert {account["name"] for account in written} == mine
    assert any(account["teams"] == [] for account in written)


def test_what_konnect_manages_is_a_comment(world: World) -> None:
    text = export_yaml(world.read()).text

    assert "# Konnect manages these for mesh zones: mesh-zone-eu-1, mesh-zone-us-1." in text
    assert "mesh-zone-eu-1" not in str(yaml.safe_load(text))
    assert "# Predefined, without a system account: " in text
    assert "_external:" in text  # a predefined team with an account


def test_kongctl_takes_every_key_of_what_is_written_for_it(world: World) -> None:
    written = yaml.safe_load(export_yaml(world.read(), is_for_kongctl=True).text)

    organization = written["organization"]
    refs = []
    for one in organization["system-accounts"]:
        assert one.keys() <= {"ref", "name", "id", "kongctl", "teams", "roles"}
        refs += [one["ref"], *(row["ref"] for row in (*one["teams"], *one["roles"]))]
    for team in organization["teams"]:
        known = {"ref", "name", "description", "labels", "kongctl", "roles", "_external"}
        assert team.keys() <= known
        refs += [team["ref"], *(row["ref"] for row in team.get("roles", ()))]
    assert len(refs) == len(set(refs))
    assert max(map(len, refs)) <= 63


def test_the_file_says_which_of_kongctls_commands_takes_literal_ids(world: World) -> None:
    assert "use `kongctl apply`, and not\n# `kongctl sync`" in export_yaml(world.read()).text


def test_the_label_of_kongctl_is_written_as_its_namespace(world: World) -> None:
    teams = yaml.safe_load(export_yaml(world.read()).text)["organization"]["teams"]

    assert {"namespace": "depots"} in [team.get("kongctl") for team in teams]
    assert not any("KONGCTL-namespace" in team.get("labels", {}) for team in teams)


@pytest.mark.parametrize(
    "text", [ODD, "", "no", "~", "*", "12", "1e3", "a: b", " a", "a ", "- a", "é"]
)
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    rows = read(account("x", description=text), account(text or "empty"))
    written = export_yaml(snapshot(accounts=rows)).text

    wished = read_wished([("x", written.encode("utf-8"))])

    by_name = {one.name: one for one in wished.accounts}
    assert by_name["x"].description == text
    assert (text or "empty") in by_name
    assert yaml.safe_load(scalar(text)) == text


def test_what_yaml_cannot_hold_is_left_out_and_said() -> None:
    written = export_yaml(snapshot(accounts=read(account("half \ud800"), account("whole"))))

    (one,) = yaml.safe_load(written.text)["organization"]["system-accounts"]
    assert one["name"] == "whole"
    assert written.unread[0].startswith("System account id-half")


def test_a_list_that_was_not_read_is_not_written_and_said(world: World) -> None:
    role = AssignedRole(
        id="R", role_name="Viewer", entity_type_name="APIs", entity_id="*", entity_region="eu"
    )
    details = {
        "id-cut": Details(roles=read(role, incomplete="page 2 failed"), teams=read()),
        "id-refused": Details(roles=Part(error=Forbidden(403, request="GET /x")), teams=read()),
    }
    shot = snapshot(accounts=read(account("cut"), account("refused")), details=details)

    written = export_yaml(shot)

    one, other = yaml.safe_load(written.text)["organization"]["system-accounts"]
    assert "roles" not in one
    assert "roles" not in other
    assert yaml.safe_load(written.text)["organization_system_account_roles"][0]["role_name"]
    assert written.unread[0] == "The roles of cut: page 2 failed"
    assert "#   The roles of cut: page 2 failed" in written.text
    wished = read_wished([("x", written.text.encode())])
    assert [len(account.more_roles) for account in wished.accounts] == [1, 0]


def test_an_organisation_of_which_nothing_was_read_is_marked_so() -> None:
    refused: Part[Any] = Part(error=Forbidden(403, request="GET /v3/teams"))

    written = export_yaml(Snapshot(accounts=refused, teams=refused))

    assert len(written.unread) == 2
    assert "# INCOMPLETE." in written.text


def test_two_teams_of_one_name_are_told_apart_by_their_descriptions(world: World) -> None:
    shot = snapshot(
        teams=read(
            Team(id="b", name="Same", description="one", system_team=False),
            Team(id="a", name="Same", description="two", system_team=False),
        ),
        team_details={id: TeamDetails(roles=read(), accounts=read()) for id in "ab"},
    )
    wished = read_wished([("x", export_yaml(shot).text.encode())])

    made = difference(wished, shot)

    assert made.changes == ()
    assert difference(wished, snapshot()).changes[0].title == "Create team Same"


def test_refs_are_the_same_for_the_same_names_and_never_used_twice() -> None:
    def given() -> list[str]:
        refs = Refs()
        return [refs.of(*words) for words in (("A b",), ("a-b",), ("a", "b"), ("é",), ("x" * 99,))]

    assert given() == given()
    assert given()[:4] == ["a-b", "a-b-2", "a-b-3", "x"]
    assert len(given()[4]) == 63


# Terraform


def test_terraform_imports_what_it_can_and_says_what_it_cannot(world: World) -> None:
    shot = world.read()
    imports, access = imports_text(shot), access_text(shot)

    name = "ci-eu-deployer"
    id = world.fake.account_named(name)["id"]
    block = f'import {{\n  to = konnect_system_account.account_ci_eu_deployer\n  id = "{id}"\n}}'
    assert block in imports.text
    custom = [team for team in world.fake.organisation.teams if not team["system_team"]]
    assert imports.text.count('resource "konnect_team" ') == len(custom)
    assert "account_id       = konnect_system_account.account_ci_eu_deployer.id" in access.text
    assert "import {" not in access.text
    assert "cannot import these" in access.text
    assert imports.unread == access.unread == ()


def test_terraform_gets_no_text_that_it_would_act_upon() -> None:
    shot = snapshot(accounts=read(account("a", description=ODD)))

    (line,) = [row for row in imports_text(shot).text.splitlines() if "description" in row]

    assert "$${x} %%{y}" in line
    assert '\\"e\\" \\\\ ' in line
    assert "\\nb" in line
    assert all(character.isprintable() for character in line)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_reads_what_is_written(world: World, tmp_path: Any) -> None:
    (tmp_path / "a.tf").write_text(imports_text(world.read()).text)

    done = subprocess.run(["terraform", "fmt", "-check", str(tmp_path)], check=False)

    assert done.returncode == 0


def test_what_was_not_read_is_said_in_terraform_too() -> None:
    shot = snapshot(accounts=read(account("a")))

    written = access_text(replace(shot, teams=Part(error=Forbidden(403, request="GET /x"))))

    assert "# INCOMPLETE. The roles of account_a: not read" in written.text


# Any organisation


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
ROLE_ROWS = st.lists(
    st.tuples(TEXTS, TEXTS, TEXTS, TEXTS).map(
        lambda fields: AssignedRole(
            id="-".join(fields),
            role_name=fields[0],
            entity_type_name=fields[1],
            entity_id=fields[2],
            entity_region=fields[3],
        )
    ),
    max_size=3,
)


@given(
    names=st.lists(TEXTS, max_size=4, unique=True),
    team_names=st.lists(TEXTS, max_size=3, unique=True),
    held=ROLE_ROWS,
    descriptions=st.lists(TEXTS, min_size=4, max_size=4),
    labels=st.dictionaries(TEXTS, TEXTS, max_size=2),
)
@settings(max_examples=200)
def test_whatever_is_in_an_organisation_its_export_wishes_for_just_that(
    names: list[str],
    team_names: list[str],
    held: list[AssignedRole],
    descriptions: list[str],
    labels: dict[str, str],
) -> None:
    teams = [
        Team(id=f"t{n}", name=name, description=descriptions[n], labels=labels, system_team=False)
        for n, name in enumerate(team_names)
    ]
    rows = [account(name, description=descriptions[n]) for n, name in enumerate(names)]
    shot = snapshot(
        accounts=read(*rows),
        teams=read(*teams),
        details={
            row.id: Details(tokens=read(), roles=read(*held), teams=read(*teams)) for row in rows
        },
        team_details={
            team.id: TeamDetails(roles=read(*held), accounts=read(*rows)) for team in teams
        },
    )

    text = export_yaml(shot).text
    made = difference(
        read_wished([("x", text.encode())]), shot, scope=Scope(named=True, accounts=("*",))
    )

    assert [change.title for change in made.changes] == []
    assert (made.unread, [line for line in text.splitlines() if not line.isprintable()]) == ((), [])
