"""What is particular to a verb: names, several at once, accounts, teams and clones."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sa_tui.cli.changing.names import MOST_CHARACTERS
from sa_tui.demo.konnect import Fault
from tests.cli.changing.answered import held, run_json, writes

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.demo.faults import FaultKind
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command

GIVE = ("role", "give", "probe", "--type", "cp", "--role", "Viewer")


def with_stdin(command: Command, text: str) -> Command:
    return replace(command, env=replace(command.env, stdin=io.StringIO(text)))


def names(fake: FakeKonnect) -> list[str]:
    return [row["name"] for row in fake.organisation.accounts.rows]


# Names


def test_names_come_from_standard_input_as_well(signed_in: Command, fake: FakeKonnect) -> None:
    ended = with_stdin(signed_in, "b\r\n\nc d\nb\n")("account", "create", "a", "-", "--yes")

    assert ended.code == 0, ended.err
    assert names(fake)[-3:] == ["a", "b", "c d"]
    ids = [fake.account_named(name)["id"] for name in ("a", "b", "c d")]
    assert ended.out.split() == ids


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no name on standard input"),
        ("\n\r\n", "There is no name on standard input"),
        ("x" * (MOST_CHARACTERS + 1), "more than 5,000,000 characters"),
    ],
    ids=["empty", "blank", "huge"],
)
def test_what_is_no_list_of_names_is_refused(
    signed_in: Command, fake: FakeKonnect, text: str, said: str
) -> None:
    ended = with_stdin(signed_in, text)("account", "create", "-", "--yes")

    assert ended.code == 2
    assert said in ended.err
    assert fake.received == []


def test_names_may_stand_behind_the_options(signed_in: Command, fake: FakeKonnect) -> None:
    for line in (("crew", "--yes", "other"), ("crew", "--yes", "--", "other")):
        assert signed_in("team", "leave", *line).code == 8
    assert signed_in("team", "join", "crew", "--yes", "other", "--nonsense").code == 2


@pytest.mark.parametrize("name", ["Probe", "PROBE", "prob", "probe "])
def test_what_is_changed_has_to_be_named_exactly(
    signed_in: Command, fake: FakeKonnect, name: str
) -> None:
    ended = signed_in("account", "edit", name, "--description", "x", "--yes")

    assert ended.code == 2
    assert 'Did you mean "probe"' in ended.err
    assert writes(fake) == []


def test_an_id_or_its_begin_names_an_account(signed_in: Command, fake: FakeKonnect) -> None:
    id = fake.account_named("probe")["id"]

    assert signed_in("account", "edit", id, "--description", "x", "--yes").code == 0
    assert signed_in("account", "edit", id[:8], "--description", "y", "--yes").code == 0
    assert signed_in("account", "edit", id[:7], "--description", "z", "--yes").code == 2
    assert fake.account_named("probe")["description"] == "y"


def test_two_teams_of_one_name_are_told_apart_by_their_ids(
    signed_in: Command, fake: FakeKonnect
) -> None:
    second = fake.add_team("crew")

    ended = signed_in("team", "join", "crew", "other", "--yes")
    assert ended.code == 2
    assert second in ended.err
    assert signed_in("team", "join", second, "other", "--yes").code == 0


HOSTILE = "=cmd \x1b[31m\u202ered [/x]"


def test_a_name_that_attacks_a_terminal_stays_harmless(
    signed_in: Command, fake: FakeKonnect
) -> None:
    id = fake.add_account(HOSTILE)

    ended = signed_in("account", "edit", HOSTILE, "--description", "x", "--dry-run")
    assert ended.code == 0
    assert "\x1b" not in ended.out + ended.err
    assert "\u202e" not in ended.out + ended.err
    code, answer = run_json(signed_in, "account", "edit", id, "--name", "tame", "--yes")
    assert (code, answer["preview"]["changes"][0]["subject"]) == (0, HOSTILE)


# Several at once


def test_several_are_sent_one_by_one_and_a_failure_stops_none(
    signed_in: Command, fake: FakeKonnect
) -> None:
    id = fake.account_named("other")["id"]
    fake.inject(Fault("403", method="POST", path=f"/v3/system-accounts/{id}/*"))

    code, answer = run_json(
        signed_in, *GIVE[:3], "other", *GIVE[3:], "--entity", "prod-eu", "--entity", "*",
        "--region", "eu", "--yes",
    )  # fmt: skip

    assert code == 11
    assert [one["status"] for one in answer["outcomes"]] == ["done", "done", "failed", "done"]
    assert answer["error"]["code"] == "partly"
    assert answer["error"]["status"] == 403


def test_what_is_so_already_is_left_out_of_several(signed_in: Command, fake: FakeKonnect) -> None:
    code, answer = run_json(signed_in, *GIVE, "--entity", "prod-us,prod-eu", "--yes")

    assert code == 0
    assert [one["fields"][0]["after"] for one in answer["already"]] == [
        "Viewer on Control Planes prod-us (us)"
    ]
    assert len(writes(fake)) == 1


def test_many_removals_want_their_number(signed_in: Command, fake: FakeKonnect) -> None:
    many = [fake.add_account(f"old-{number}") for number in range(5)]

    refused = signed_in("account", "delete", *many, "--yes")
    assert refused.code == 7
    assert "add --confirm 5" in refused.err
    assert signed_in("account", "delete", *many, "--yes", "--confirm", "5").code == 0
    assert not set(many) & {row["id"] for row in fake.organisation.accounts.rows}


def test_several_tokens_are_revoked_at_once_and_their_number_is_wanted(
    signed_in: Command, fake: FakeKonnect
) -> None:
    id = fake.account_named("probe")["id"]
    fake.add_token(id, "old")
    fake.add_token(id, "older")
    line = ("token", "revoke", "probe", "ci", "old")

    code, answer = run_json(signed_in, *line, "--yes")
    assert (code, answer["preview"]["confirm"], writes(fake)) == (7, "2", [])
    code, answer = run_json(signed_in, *line, "--yes", "--confirm", "2")
    assert (code, [one["status"] for one in answer["outcomes"]]) == (0, ["done", "done"])
    assert [token["name"] for token in fake.tokens_of(id)] == ["older"]
    assert with_stdin(signed_in, "older\n")("token", "revoke", "probe", "-", "--yes").code == 0
    assert fake.tokens_of(id) == []


def test_a_rotation_ends_with_its_old_token(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    id = fake.account_named("probe")["id"]
    fake.add_token(id, "old")
    to_file = ("--lifetime", "1d", "--to-file", str(tmp_path / "new"))
    assert signed_in("token", "rotate", "probe", "ci", *to_file).code == 0
    assert "BEING REPLACED" in signed_in("token", "list", "probe").err

    line = ("token", "revoke", "probe", "ci", "old", "--yes", "--confirm", "2")
    assert signed_in(*line).code == 0
    assert "BEING REPLACED" not in signed_in("token", "list", "probe").err


# Accounts and teams


def test_a_name_that_another_account_has_is_a_conflict(
    signed_in: Command, fake: FakeKonnect
) -> None:
    for line in (
        ("account", "edit", "probe", "--name", "other"),
        ("account", "create", "probe", "--description", "another"),
        ("account", "clone", "other", "--name", "other"),
        ("team", "create", "crew", "--label", "env=prod"),
    ):
        code, answer = run_json(signed_in, *line, "--yes")
        assert (code, answer["error"]["code"]) == (9, "conflict"), line
    assert writes(fake) == []


def test_an_account_that_is_there_is_named_by_its_id(signed_in: Command, fake: FakeKonnect) -> None:
    ended = signed_in("account", "create", "probe", "--yes")

    assert (ended.code, ended.out.strip()) == (8, fake.account_named("probe")["id"])


def test_a_team_is_made_only_where_none_can_have_its_name(
    signed_in: Command, fake: FakeKonnect
) -> None:
    assert signed_in("team", "create", "new", "new ", "--yes").code == 0
    assert [row["name"] for row in fake.organisation.teams.rows].count("new") == 1

    fake.inject(Fault("malformed", method="GET", path="/v3/teams", times=None))
    assert signed_in("team", "create", "newer", "--yes").code == 5


@pytest.mark.parametrize("name", ["", "  ", "a\x07b", "a\nb"])
def test_a_name_that_nobody_can_type_is_not_made(
    signed_in: Command, fake: FakeKonnect, name: str
) -> None:
    assert signed_in("account", "create", name, "--yes").code == 2
    assert signed_in("team", "create", name, "--yes").code == 2
    assert writes(fake) == []


def test_a_name_that_differs_in_case_alone_is_warned_of(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("account", "create", "Probe", "--yes")

    assert ended.code == 0
    assert "There is already 'probe', which differs only in case or spacing." in ended.err


def test_a_description_can_be_emptied(signed_in: Command, fake: FakeKonnect) -> None:
    assert signed_in("account", "edit", "probe", "--description", "", "--yes").code == 0
    assert fake.account_named("probe")["description"] == ""
    assert signed_in("account", "edit", "probe", "--description", "-", "--yes").code == 0
    assert fake.account_named("probe")["description"] == "-"
    assert signed_in("account", "edit", "probe", "--yes").code == 2


def test_labels_are_set_and_taken_away(signed_in: Command, fake: FakeKonnect) -> None:
    line = ("team", "edit", "crew")

    assert signed_in(*line, "--label", "a=1", "--label", "b=2", "--yes").code == 0
    assert signed_in(*line, "--no-label", "a", "--label", "c=3", "--yes").code == 0
    assert fake.team_named("crew")["labels"] == {"b": "2", "c": "3"}
    assert signed_in(*line, "--label", "kong-x=1", "--yes").code == 2
    assert signed_in(*line, "--label", "b=2", "--no-label", "b", "--yes").code == 2


def test_people_join_and_leave_by_their_address(signed_in: Command, fake: FakeKonnect) -> None:
    you = fake.organisation.operator_id
    person = next(row for row in fake.organisation.users.rows if row["active"] and row["id"] != you)
    line = ("crew", "--person", person["email"], "--yes")

    assert signed_in("team", "join", *line).code == 0
    assert signed_in("team", "join", *line).code == 8
    assert signed_in("team", "leave", *line).code == 0
    assert signed_in("team", "leave", *line).code == 8
    assert signed_in("team", "join", "crew", "--yes").code == 2


def test_a_membership_that_could_not_be_read_is_ended_all_the_same(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("503", method="GET", path="/v3/teams/*/system-accounts", times=None))

    assert signed_in("team", "leave", "crew", "probe", "--yes", "--confirm", "crew").code == 0
    assert len(writes(fake)) == 1


def test_two_teams_of_one_name_are_not_taken_for_the_new_one(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_team("crew")

    ended = signed_in("team", "create", "crew", "--yes")

    assert ended.code == 9
    assert "There are 2 teams crew already" in ended.err


# Clones


def test_a_clone_has_the_roles_and_teams_and_no_tokens(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("account", "clone", "probe", "--name", "twin", "--yes")

    assert ended.code == 0, ended.err
    twin, probe = (fake.account_named(name) for name in ("twin", "probe"))
    assert ended.out.split() == [twin["id"]]
    assert twin["description"] == probe["description"]
    assert held(fake, twin["id"]) == held(fake, probe["id"])
    teams = fake.organisation.account_teams
    assert teams.teams(twin["id"]) == teams.teams(probe["id"])
    assert fake.tokens_of(twin["id"]) == []
    assert signed_in("account", "clone", "probe", "--name", "twin", "--yes").code == 8


def test_what_a_clone_lacks_is_given_only_if_that_is_said(
    signed_in: Command, fake: FakeKonnect
) -> None:
    line = ("account", "clone", "probe", "--name", "other", "--yes")

    code, answer = run_json(signed_in, *line)
    assert code == 9
    assert "it lacks 2 roles and teams of probe" in answer["error"]["message"]
    assert writes(fake) == []
    assert signed_in(*line, "--existing").code == 0
    assert len(writes(fake)) == 2


def test_nothing_is_given_to_a_clone_that_was_not_made(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("403", method="POST", path="/v3/system-accounts"))

    code, answer = run_json(signed_in, "account", "clone", "probe", "--name", "twin", "--yes")

    assert code == 4
    assert [one["status"] for one in answer["outcomes"]] == ["failed"] * 3
    assert answer["made"] == []
    assert len(writes(fake)) == 1


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [
        ("403", "*/assigned-roles", 11),
        ("500", "/v3/teams/*", 10),
        ("cut-after", "*/assigned-roles", 0),
        ("cut-before", "/v3/system-accounts", 10),
    ],
)
def test_a_clone_that_met_a_fault_is_finished_by_the_same_line(
    signed_in: Command, fake: FakeKonnect, kind: FaultKind, path: str, code: int
) -> None:
    line = ("account", "clone", "probe", "--name", "twin", "--yes", "--existing")
    fake.inject(Fault(kind, method="POST", path=path))

    assert signed_in(*line).code == code
    assert signed_in(*line).code == (0 if code else 8)
    twin, probe = (fake.account_named(name)["id"] for name in ("twin", "probe"))
    assert held(fake, twin) == held(fake, probe)
    assert fake.organisation.account_teams.teams(twin)


def test_a_clone_whose_answer_was_lost_is_found_and_gets_its_access(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("cut-after", method="POST", path="/v3/system-accounts"))

    assert signed_in("account", "clone", "probe", "--name", "twin", "--yes").code == 0
    assert len(held(fake, fake.account_named("twin")["id"])) == 1
