"""Who can do what, from the command line: the answers, the formats, and what could not be read."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.answers.formats import guarded
from sa_tui.demo.faults import FaultKind
from sa_tui.demo.konnect import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

WHO_FIELDS = [
    *("subject_type", "subject_id", "subject_name", "email", "active", "match"),
    *("role_name", "entity_type_name", "entity_id", "entity_name", "entity_region", "tier"),
    *("via", "team_id", "team_name", "system_team", "implied", "assigned_role_id"),
    *("reaches_nothing", "armed", "live_tokens", "last_used_at", "unknown"),
    *("profile", "organization_id", "organization_name", "read_at", "complete"),
]


def plane(fake: FakeKonnect, name: str, region: str) -> str:
    rows = fake.organisation.entities["/v2/control-planes", region].rows
    return str(next(row["id"] for row in rows if row["name"] == name))


def accounts(rows: list[dict[str, Any]]) -> set[str]:
    return {row["subject_name"] for row in rows}


def test_who_can_delete_the_production_control_plane_in_the_eu(signed_in: Command) -> None:
    ended = signed_in("who", "role:Admin type:cp entity:prod-eu region:eu", "-o", "json")

    assert ended.code == 0
    found = [row for row in ended.json["matches"] if row["match"] != "can_become"]
    assert {row["match"] for row in found} == {"yes"}
    # By a predefined team, by the organisation's own team, by Admin on everything of the
    # EU or of every region, and by being Organization Admin.
    assert {(row["subject_name"], row["team_name"]) for row in found} == {
        ("incident-responder", "control-plane-admin"),
        ("konnect-orchestrator", "organization-admin"),
        ("terraform-eu", None),
        ("terraform-prod", None),
        ("terraform-prod", "Platform Engineering"),
    }


def test_an_old_type_of_which_nobody_knows_what_it_still_reaches_is_told_apart(
    signed_in: Command,
) -> None:
    found = signed_in("who", "role:Admin type:cp region:us", "-o", "json").json["matches"]

    assert accounts([row for row in found if row["match"] == "unknown"]) == {"legacy-jenkins"}


def test_a_match_names_its_grant_its_entity_and_its_path(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    team = fake.add_team("probes")
    entity = plane(fake, "prod-eu", "eu")
    role = fake.add_role(team, "Route Admin", entity_id=entity, entity_region="eu")
    fake.join(team, account)

    ended = signed_in("who", "via=probes role:*", "-o", "json")

    assert ended.json["query"] == "via=probes role:*"
    assert ended.json["matches"] == [
        {
            "subject_type": "system_account",
            "subject_id": account,
            "subject_name": "probe",
            "email": None,
            "active": None,
            "match": "yes",
            "role_name": "Route Admin",
            "entity_type_name": "Control Planes",
            "entity_id": entity,
            "entity_name": "prod-eu",
            "entity_region": "eu",
            "tier": "W",
            "via": "team",
            "team_id": team,
            "team_name": "probes",
            "system_team": False,
            "implied": False,
            "reaches_nothing": False,
            "assigned_role_id": role,
            "armed": False,
            "live_tokens": 0,
            "last_used_at": None,
            "unknown": [],
        }
    ]


def test_who_is_one_step_away_is_told_apart_from_who_can(signed_in: Command) -> None:
    ended = signed_in("who", "role:Admin type:cp entity:prod-eu region:eu", "-o", "json")

    found = [row for row in ended.json["matches"] if row["match"] == "can_become"]
    assert [(row["subject_name"], row["role_name"]) for row in found] == [("token-minter", "Admin")]
    assert "4 accounts; 1 can become one of them" in ended.err


def test_a_query_about_accounts_tells_each_once(signed_in: Command) -> None:
    rows = signed_in("who", "name:mint", "-o", "json").json["matches"]

    assert [(row["subject_name"], row["role_name"]) for row in rows] == [("token-minter", None)]


@pytest.mark.parametrize("query", ["can:mint", "is:admin name:*mint* OR can:mint"])
def test_what_an_account_can_do_to_all_is_told_with_the_grants_that_say_so(
    signed_in: Command, query: str
) -> None:
    rows = signed_in("who", query, "-o", "json").json["matches"]

    told = [
        (row["subject_name"], row["role_name"], row["entity_id"], row["team_name"]) for row in rows
    ]
    (root, minter) = told
    assert root[:3] == ("konnect-orchestrator", "Organization Admin", "*")
    assert minter == ("token-minter", "Admin", "*", None)


def test_a_query_that_cannot_be_read_is_refused_before_anything_is_sent(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("who", "is:armed roel:Admin")

    assert (ended.code, ended.out) == (2, "")
    assert "Did you mean role?" in ended.err
    assert "\n  is:armed roel:Admin\n           ^^^^" in ended.err
    assert fake.received == []


def test_a_role_that_nobody_has_heard_of_is_warned_of(signed_in: Command) -> None:
    ended = signed_in("who", "role:Amdin")

    assert ended.code == 0
    assert "WARNING: No role Amdin is known here. Did you mean Admin" in ended.err


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("via:Platfrom", "No team Platfrom is known here. Did you mean Platform Engineering?"),
        ("team:Platfrom", "No team Platfrom is known here. Did you mean Platform Engineering?"),
        ("entity:prod-ue", "No entity prod-ue is known here. Did you mean prod-us or prod-eu?"),
        ("name=token-mintr", "No account token-mintr is known here. Did you mean token-minter"),
        ("ci or deploy", "or is searched for as a word: write OR for one or the other."),
    ],
)
def test_a_name_that_nothing_has_is_warned_of_in_the_data_too(
    signed_in: Command, query: str, said: str
) -> None:
    ended = signed_in("who", query, "-o", "json")

    assert any(each["message"].startswith(said) for each in ended.json["warnings"])
    assert f"WARNING: {said}" in ended.err


def test_the_roles_of_a_type_that_nobody_knows_are_warned_of(signed_in: Command) -> None:
    ended = signed_in("matrix", "--by", "role", "--type", "portl")

    assert "WARNING: No type portl is known here. Did you mean portal" in ended.err
    assert "WARNING" not in signed_in("matrix", "--by", "role", "--type", "portal").err


def test_a_query_that_begins_by_leaving_out_is_no_option(signed_in: Command) -> None:
    without = signed_in("who", "-role:Admin", "-o", "json")

    assert without.json == signed_in("who", "-o", "json", "--", "-role:Admin").json
    assert without.json["query"] == "-role:Admin"
    assert signed_in("who", "-owner:x").code == 0  # -o is an option, -owner: is not
    refused = signed_in("who", "- role:Admin")
    assert refused.code == 2
    assert "as in -role:Admin" in refused.err


def test_what_could_not_be_read_is_neither_found_nor_ruled_out(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    path = f"/v3/system-accounts/{account}/assigned-roles"
    fake.inject(Fault("503", method="GET", path=path, times=None))

    ended = signed_in("who", "role:Admin type:portal", "-o", "json")

    assert ended.code == 3
    assert ended.json["complete"] is False
    (missing,) = ended.json["incomplete"]
    assert (missing["what"], missing["subject"]["id"]) == ("assigned_roles", account)
    row = next(row for row in ended.json["matches"] if row["subject_name"] == "probe")
    assert row["match"] == "unknown"
    assert {"role_name", "via"} <= set(row["unknown"])
    assert "INCOMPLETE: roles of probe" in ended.err
    assert "; 1 uncertain" in ended.err


def test_roles_of_a_team_that_could_not_be_read_leave_its_members_open(
    signed_in: Command, fake: FakeKonnect
) -> None:
    team = fake.add_team("probes")
    fake.join(team, fake.add_account("probe"))
    fake.inject(Fault("500", path=f"/v3/teams/{team}/assigned-roles", times=None))

    ended = signed_in("matrix", "name=probe OR name=terraform-prod", "-o", "json")

    assert ended.code == 3
    cells = next(row for row in ended.json["rows"] if row["subject_name"] == "probe")["cells"]
    assert {cell["text"] for cell in cells.values()} == {"ERR"}
    assert {cell["held"] for cell in cells.values()} == {None}


def test_names_that_are_not_visible_make_nothing_incomplete(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", path="/v2/control-planes", times=None))

    ended = signed_in("who", "role=Deployer", "-o", "json")

    assert ended.code == 0
    assert {row["entity_name"] for row in ended.json["matches"]} == {None}
    assert all("entity_name" in row["unknown"] for row in ended.json["matches"])
    assert "WARNING: names of Control Planes in eu: " in ended.err


PARTNERS = "type:prd entity:*Partner*"


def test_a_name_is_looked_for_in_every_list_that_the_query_leaves_open(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("who", PARTNERS, "-o", "json")

    assert (ended.code, ended.json["complete"]) == (0, True)
    # It holds Publisher on every product of the US: no role names one there.
    assert "api-publisher-ci" in accounts(ended.json["matches"])
    assert {row["match"] for row in ended.json["matches"]} == {"yes", "can_become"}
    lists = [(each.region, each.path) for each in fake.received if "products" in each.path]
    assert len(lists) == len(set(lists)) == 6


@pytest.mark.parametrize("kind", ["500", "503"])
def test_a_list_of_names_that_is_refused_leaves_open_who_holds_everything(
    signed_in: Command, fake: FakeKonnect, kind: FaultKind
) -> None:
    fake.inject(Fault(kind, path="/v2/api-products", times=None))

    ended = signed_in("who", PARTNERS, "-o", "json")

    assert (ended.code, ended.json["complete"]) == (3, False)
    missing = {(each["what"], each["subject"]["name"]) for each in ended.json["incomplete"]}
    assert ("entity_names", "API Products in au") in missing
    found = {row["subject_name"]: row["match"] for row in ended.json["matches"]}
    assert found["api-publisher-ci"] == "unknown"


def test_a_list_that_no_answer_rests_on_makes_nothing_incomplete(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", path="/v1/mesh/control-planes", times=None))

    assert signed_in("matrix", "entity:prod-eu -type:mesh", "-o", "json").code == 0


def test_an_account_is_told_with_every_path_and_what_each_adds(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("access", "ci-eu-deployer", "-o", "json")

    assert ended.code == 0
    assert ended.json["system_account"]["armed"] is True
    assert ended.json["system_account"]["can_mint"] is False
    grants = {(row["entity_name"], row["via"]): row for row in ended.json["grants"]}
    double = grants["prod-eu", "direct"]
    (same,) = double["same_as"]
    assert double["needed"] is False
    twins = [row for row in ended.json["grants"] if row["entity_name"] == "prod-eu"]
    assert sorted(row["spare"] for row in twins) == [False, True]
    assert (same["role_name"], same["entity_name"]) == ("Deployer", "prod-eu")
    assert same["team_name"] == "Release Bots"
    assert grants["staging-eu", "direct"]["needed"] is True
    # Its own three lists, and the roles of its one team: nobody else is asked about.
    details = [each.path for each in fake.received if each.path.startswith("/v3/system-accounts/")]
    assert len(details) == 3


def test_whether_a_path_is_needed_is_unknown_beside_one_that_could_not_be_read(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account, prod = fake.add_account("probe"), plane(fake, "prod-eu", "eu")
    fake.add_role(account, "Viewer", entity_id=prod, entity_region="eu")
    fake.add_role(account, "Admin", entity_id=prod, entity_region=None)

    ended = signed_in("access", "probe", "-o", "json")

    viewer = next(row for row in ended.json["grants"] if row["role_name"] == "Viewer")
    assert (viewer["needed"], viewer["unknown"]) == (None, ["needed"])
    assert "what else gives it is not known" in signed_in("access", "probe").out


def test_a_table_claims_no_lack_of_other_paths_beside_one_that_could_not_be_read(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account, prod = fake.add_account("probe"), plane(fake, "prod-eu", "eu")
    fake.add_role(account, "Deployer", entity_id=prod, entity_region="eu")
    fake.add_role(account, "Admin", entity_id=prod, entity_region="eu")
    fake.join(team := fake.add_team("Pilots"), account)
    fake.inject(Fault("500", path=f"/v3/teams/{team}/assigned-roles", times=None))

    ended = signed_in("access", "probe", "-o", "csv")

    rows = list(csv.DictReader(io.StringIO(ended.out)))
    admin = next(row for row in rows if row["role_name"] == "Admin")
    assert ended.code == 3
    assert [admin[name] for name in ("needed", "spare", "same_as", "covered_by")] == ["?"] * 4
    assert admin["remains"].startswith("Deployer on prod-eu in eu, direct")
    assert admin["remains"].endswith("; ?")
    assert admin["unknown"] == "needed; spare; same_as; covered_by"


def test_a_role_in_a_region_where_its_entity_is_not_reaches_nothing(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.add_role(account, "Admin", entity_id=plane(fake, "prod-eu", "eu"), entity_region="us")

    ended = signed_in("access", "probe", "-o", "json")

    (row,) = ended.json["grants"]
    assert (row["entity_name"], row["reaches_nothing"], row["needed"]) == ("prod-eu", True, False)
    assert signed_in("who", "name:probe role:Admin", "-o", "json").json["matches"] == []
    rows = signed_in("matrix", "name:probe", "-o", "json").json
    assert {cell["text"] for cell in rows["rows"][0]["cells"].values()} <= {"."}
    assert "reaches nothing" in signed_in("access", "probe").out


def test_an_account_that_can_mint_says_so(signed_in: Command) -> None:
    ended = signed_in("access", "token-minter")

    assert ended.code == 0
    assert "can make tokens for anybody" in ended.err


def test_an_account_that_is_not_there_is_refused(signed_in: Command) -> None:
    ended = signed_in("access", "ci-prod-deploy")

    assert ended.code == 2
    assert "Did you mean" in ended.err


def test_the_matrix_has_a_column_for_each_type_that_somebody_holds(signed_in: Command) -> None:
    ended = signed_in("matrix", "-o", "json")

    assert ended.code == 0
    assert [column["title"] for column in ended.json["columns"]][:3] == ["ORG", "CPL", "API"]
    rows = {row["subject_name"]: row["cells"] for row in ended.json["rows"]}
    assert rows["token-minter"]["identity"]["text"] == "A*"
    assert rows["konnect-orchestrator"]["portals"]["text"] == "a*!"
    assert rows["mobile-release-bot"]["control_planes"]["text"] == "."
    assert len(rows) == 44


def test_a_cell_counts_what_its_text_counts(signed_in: Command, fake: FakeKonnect) -> None:
    account, entity = fake.add_account("probe"), plane(fake, "prod-eu", "eu")
    fake.add_role(account, "Admin", entity_id=entity, entity_region="eu")
    # It reaches nothing: the plane is in another region.
    stray = plane(fake, "staging-eu", "eu")
    fake.add_role(account, "Admin", entity_id=stray, entity_region="us")

    (row,) = signed_in("matrix", "name=probe", "-o", "json").json["rows"]

    cell = row["cells"]["control_planes"]
    assert (cell["text"], cell["scope"], cell["entities"]) == ("A1", "entities", 1)


def test_the_matrix_is_of_roles_and_of_regions_too(signed_in: Command) -> None:
    roles = signed_in("matrix", "--by", "role", "--type", "mesh", "-o", "json").json
    regions = signed_in("matrix", "name:terraform-eu", "--by", "region", "-o", "json").json

    assert [column["name"] for column in roles["columns"]][1:] == [
        "Admin",
        "Connector",
        "Creator",
        "Viewer",
    ]
    regional = [column["key"] for column in regions["columns"]]
    assert regional == ["*", "us", "eu", "au", "me", "in", "sg"]


def test_a_cell_and_the_query_of_its_column_agree(signed_in: Command) -> None:
    matrix = signed_in("matrix", "-o", "json").json
    for column in matrix["columns"]:
        found = signed_in("who", column["query"], "-o", "json").json["matches"]
        found = [row for row in found if row["match"] != "can_become"]
        held = {
            row["subject_name"]
            for row in matrix["rows"]
            if row["cells"][column["key"]]["text"] != "."
        }
        assert accounts(found) == held


@pytest.mark.parametrize(
    "line", [("who", "role:Viewer"), ("access", "terraform-prod"), ("matrix",)]
)
def test_data_and_narration_go_separate_ways(signed_in: Command, line: tuple[str, ...]) -> None:
    ended = signed_in(*line)

    assert "Meridian Freight" in ended.err
    assert "Meridian Freight" not in ended.out
    assert ended.out.splitlines()[0].split()[0] in ("ACCOUNT", "ROLE")


def test_csv_has_stable_fields_and_the_same_rows_as_json(signed_in: Command) -> None:
    rows = list(csv.DictReader(io.StringIO(signed_in("who", "role:Viewer", "-o", "csv").out)))
    records = signed_in("who", "role:Viewer", "-o", "json").json["matches"]

    assert list(rows[0]) == WHO_FIELDS
    assert [row["subject_id"] for row in rows] == [row["subject_id"] for row in records]
    assert {row["match"] for row in rows} == {"yes", "can_become", "unknown"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_taken_for_a_formula(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"


def test_a_name_that_looks_like_a_formula_is_guarded(signed_in: Command, fake: FakeKonnect) -> None:
    fake.add_account('=HYPERLINK("http://x")')

    out = signed_in("who", "name:=HYPER", "-o", "csv").out

    assert "'=HYPERLINK" in out


def test_markdown_keeps_names_in_their_cells(signed_in: Command, fake: FakeKonnect) -> None:
    fake.add_role(fake.add_account("a|b *c*"), "Viewer")

    lines = signed_in("who", 'name:"a|b" role:Viewer', "-o", "md").out.splitlines()

    assert len(lines) == 3
    assert "a\\|b \\*c\\*" in lines[2]
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1


@pytest.mark.parametrize("line", ["who role:Admin", "access token-minter", "matrix"])
def test_none_of_them_loads_textual(line: str, tmp_path: Path) -> None:
    run = "import sys; from sa_tui.cli import main; code = main(sys.argv[1:])"
    tell = "print(code, 'textual' in sys.modules, file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", f"{run}; {tell}", "--demo", *line.split(" ", 1)],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert ended.stderr.splitlines()[-1] == "0 False"
