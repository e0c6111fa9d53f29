"""Accounts, teams and roles as they are listed and shown."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.konnect import Fault
from tests.cli.changing.answered import entity_id, run_json, writes

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command

HOSTILE = "=cmd \x1b[31m\u202ered\n[/x]"


def test_an_account_is_shown_with_everything_it_has(signed_in: Command, fake: FakeKonnect) -> None:
    code, answer = run_json(signed_in, "account", "show", "PROBE")

    assert code == 0
    assert answer["system_account"]["description"] == "what it is for"
    assert answer["system_account"]["live_tokens"] == 1
    assert [token["name"] for token in answer["access_tokens"]] == ["ci"]
    (role,) = answer["assigned_roles"]
    assert (role["role_name"], role["entity_name"]) == ("Viewer", "prod-us")
    assert role["entity_id"] == entity_id(fake, "prod-us")
    assert [team["name"] for team in answer["teams"]] == ["crew"]

    text = signed_in("account", "show", "probe")
    assert text.code == 0
    for words in ("what it is for", "Access tokens: 1", "prod-us", "Teams: 1", "crew"):
        assert words in text.out


def test_a_team_is_shown_with_its_roles_and_members(signed_in: Command, fake: FakeKonnect) -> None:
    crew = fake.team_named("crew")["id"]
    fake.add_role(crew, "Viewer", entity_id=entity_id(fake, "prod-eu"), entity_region="eu")
    person = fake.organisation.users.rows[0]
    fake.join(crew, person["id"])

    code, answer = run_json(signed_in, "team", "show", "Crew")

    assert code == 0
    assert [one["name"] for one in answer["system_accounts"]] == ["probe"]
    assert [one["email"] for one in answer["users"]] == [person["email"]]
    assert [one["entity_name"] for one in answer["assigned_roles"]] == ["prod-eu"]
    counts = {"assigned_roles": 1, "system_accounts": 1, "users": 1}
    assert {name: answer["team"][name] for name in counts} == counts
    text = signed_in("team", "show", "crew").out
    for words in ("System accounts: 1", "People: 1", person["email"], "prod-eu"):
        assert words in text


def test_teams_are_listed_with_their_counts(signed_in: Command, fake: FakeKonnect) -> None:
    code, answer = run_json(signed_in, "team", "list")

    assert code == 0
    crew = next(team for team in answer["teams"] if team["name"] == "crew")
    assert (crew["system_accounts"], crew["unknown"]) == (1, [])
    quick = signed_in("team", "list", "--quick")
    assert "crew" in quick.out
    assert "Organization Admin" in quick.out


def test_roles_are_listed_by_their_holders(signed_in: Command, fake: FakeKonnect) -> None:
    crew = fake.team_named("crew")["id"]
    fake.add_role(crew, "Admin", entity_id="*", entity_region="*")

    ended = signed_in("role", "list", "probe", "--team", "crew", "-o", "csv")

    assert ended.code == 0
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [(row["holder_type"], row["holder_name"], row["role_name"]) for row in rows] == [
        ("system_account", "probe", "Viewer"),
        ("team", "crew", "Admin"),
    ]
    code, answer = run_json(signed_in, "role", "list", "other", "--team", "crew")
    assert (code, len(answer["assigned_roles"])) == (0, 1)
    assert signed_in("role", "list").code == 2


LINES = (
    ("account", "show", "probe"),
    ("team", "show", "crew"),
    ("team", "list"),
    ("role", "list", "probe", "--team", "crew"),
)


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_what_could_not_be_read_is_never_shown_as_nothing(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    fake.inject(Fault("503", method="GET", path="*/assigned-roles", times=None))

    code, answer = run_json(signed_in, *line)

    assert code == 3
    assert "assigned_roles" in {problem["what"] for problem in answer["incomplete"]}
    ended = signed_in(*line)
    assert ended.code == 3
    assert "INCOMPLETE: " in ended.err


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_names_that_attack_a_terminal_are_shown_safely(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    for row in (fake.account_named("probe"), fake.team_named("crew")):
        row["description"] = HOSTILE
    fake.add_role(fake.account_named("probe")["id"], HOSTILE, entity_type_name=HOSTILE)
    fake.add_role(fake.team_named("crew")["id"], HOSTILE, entity_region=HOSTILE)

    ended = signed_in(*line)

    assert ended.code in (0, 3)
    assert "\x1b" not in ended.out + ended.err
    assert "\u202e" not in ended.out + ended.err
    assert writes(fake) == []
