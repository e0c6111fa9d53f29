"""The log says what was sent, and undo takes back what can be taken back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import Fault
from sa_tui.demo.seed import build_organisation
from tests.cli.changing.answered import run_json, writes
from tests.cli.conftest import NOW

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command


def log(command: Command, *options: str) -> list[dict[str, Any]]:
    code, answer = run_json(command, "log", *options)
    assert code == 0
    actions: list[dict[str, Any]] = answer["actions"]
    return actions


def done(command: Command, line: str) -> None:
    ended = command(*line.split(), "--yes")
    assert ended.code == 0, ended.err


# The log


def test_the_log_lists_what_was_sent_the_newest_first(
    signed_in: Command, fake: FakeKonnect
) -> None:
    assert log(signed_in) == []
    done(signed_in, "account create a")
    fake.inject(Fault("403", method="PATCH"))
    assert signed_in("account", "edit", "a", "--name", "b", "--yes").code == 4
    fake.received.clear()

    renamed, created = log(signed_in)

    assert (created["title"], created["outcome"]) == ("Create system account a", "done")
    assert (renamed["outcome"], renamed["status"]) == ("failed", 403)
    assert renamed["trace"]
    assert renamed["changed"] == [{"name": "name", "before": "a", "after": "b"}]
    assert (created["sent_organization_name"], created["path"]) == (
        "Meridian Freight",
        "/v3/system-accounts",
    )
    assert created["id"] != renamed["id"]
    assert fake.received == []


def test_a_query_finds_actions_by_the_fields_of_the_log(
    signed_in: Command, fake: FakeKonnect
) -> None:
    done(signed_in, "account create a")
    fake.inject(Fault("403", method="PATCH"))
    signed_in("account", "edit", "a", "--name", "b", "--yes")

    (failed,) = log(signed_in, "status:failed verb:edit since:<1h")
    (created,) = log(signed_in, "-status:failed")

    assert (failed["status"], created["status"]) == (403, 201)
    assert signed_in("log", "status:403", "-o", "json").json["query"] == "status:403"
    refused = signed_in("log", "role:Admin")
    assert (refused.code, refused.out) == (2, "")
    assert 'There is no field "role"' in refused.err


@pytest.mark.parametrize("output", ["table", "csv", "md", "json"])
def test_the_log_is_written_in_every_format_without_a_profile(
    signed_in: Command, output: str
) -> None:
    done(signed_in, "account create a")
    del signed_in.environ["KONNECT_TOKEN"]

    ended = signed_in("log", "-o", output)

    assert ended.code == 0
    assert "Create system account a" in ended.out
    if output == "csv":
        (row,) = csv.DictReader(io.StringIO(ended.out))
        assert len(row["id"]) == 8


def test_the_log_of_an_account_follows_it_through_a_new_name(signed_in: Command) -> None:
    done(signed_in, "account create a")
    done(signed_in, "account edit a --name b")
    done(signed_in, "team join crew b")
    done(signed_in, "account create other-one")
    done(signed_in, "account edit other --description x")

    id = signed_in("account", "show", "b", "-o", "json").json["system_account"]["id"]
    titles = [
        "Add b to team crew",
        "Rename system account a to b",
        "Create system account a",
    ]
    for text, known in (("a", titles), ("b", titles[:2]), (id[:8], titles[:2])):
        assert [one["title"] for one in log(signed_in, "--account", text)] == known
    assert log(signed_in, "--account", "nobody") == []


@pytest.mark.parametrize(
    ("since", "count"), [("1h", 0), ("3h", 1), ("90m", 0), ("1d", 1), ("2026-03-02", 1)]
)
def test_the_log_begins_at_a_time(signed_in: Command, since: str, count: int) -> None:
    now = signed_in.env
    signed_in.env = replace(now, now=lambda: NOW - timedelta(hours=2))
    done(signed_in, "account create a")
    signed_in.env = now

    assert len(log(signed_in, "--since", since)) == count


def test_a_time_that_is_none_is_refused(signed_in: Command) -> None:
    for text in ("soon", "7", "-1d", "2026-13-01"):
        assert signed_in("log", f"--since={text}").code == 2


# Undo


@pytest.mark.parametrize(
    "line",
    [
        "account edit probe --name renamed",
        "account edit probe --description new",
        "role give other --type cp --role Viewer --entity prod-eu",
        "role take probe --type cp --role Viewer --entity prod-us",
        "team join crew other",
        "team leave crew probe",
        "team edit crew --label env=prod",
        "token rename probe ci --name renamed",
    ],
)
def test_what_was_done_is_undone_exactly(signed_in: Command, fake: FakeKonnect, line: str) -> None:
    def state() -> object:
        organisation = fake.organisation
        accounts = [(one["name"], one["description"]) for one in organisation.accounts.rows]
        probe, other = (fake.account_named(name)["id"] for name in ("probe", "other"))
        ids = (probe, other)
        roles = [[(one["role_name"], one["entity_id"]) for one in fake.roles_of(id)] for id in ids]
        teams = [organisation.account_teams.teams(id) for id in ids]
        tokens = [one["name"] for one in fake.tokens_of(probe)]
        return accounts, roles, teams, tokens, fake.team_named("crew")["labels"]

    before = state()
    done(signed_in, line)

    code, answer = run_json(signed_in, "undo", "--yes")

    assert code == 0, answer["error"]
    assert answer["preview"]["title"].startswith("Undo: ")
    assert state() == before
    undo, action = log(signed_in)
    assert (undo["outcome"], action["outcome"]) == ("done", "undone")
    assert signed_in("undo", action["id"], "--yes").code == 8


def test_a_change_is_undone_by_its_id(signed_in: Command, fake: FakeKonnect) -> None:
    done(signed_in, "account edit probe --description one")
    done(signed_in, "account edit other --description two")
    first = log(signed_in)[1]["id"]

    assert signed_in("undo", first, "--dry-run").code == 0
    assert signed_in("undo", first[:3], "--yes").code == 2
    assert signed_in("undo", "00000000", "--yes").code == 2
    assert signed_in("undo", first[:5].upper(), "--yes").code == 0
    assert fake.account_named("probe")["description"] == "what it is for"
    assert fake.account_named("other")["description"] == "two"


def test_no_older_change_takes_the_place_of_one_that_cannot_be_undone(
    signed_in: Command, fake: FakeKonnect
) -> None:
    done(signed_in, "account edit probe --description one")
    done(signed_in, "account create a")
    fake.received.clear()

    ended = signed_in("undo", "--yes")

    assert ended.code == 7
    assert "(Create system account a): It cannot be undone exactly" in ended.err
    assert writes(fake) == []


def test_what_was_never_done_is_not_undone(signed_in: Command, fake: FakeKonnect) -> None:
    assert signed_in("undo", "--yes").code == 2
    fake.inject(Fault("403", method="PATCH"))
    assert signed_in("account", "edit", "probe", "--name", "b", "--yes").code == 4

    (action,) = log(signed_in)
    assert signed_in("undo", action["id"], "--yes").code == 7
    assert signed_in("undo", "--yes").code == 2


def test_what_somebody_else_changed_since_is_not_undone(
    signed_in: Command, fake: FakeKonnect
) -> None:
    done(signed_in, "account edit probe --name renamed")
    fake.account_named("renamed")["name"] = "theirs"
    fake.received.clear()

    ended = signed_in("undo", "--yes")

    assert ended.code == 9
    assert "somebody changed the name since, it is theirs now" in ended.err
    assert writes(fake) == []


def test_what_is_gone_cannot_be_undone(signed_in: Command, fake: FakeKonnect) -> None:
    done(signed_in, "account edit other --name renamed")
    fake.organisation.remove_account(fake.account_named("renamed")["id"])

    ended = signed_in("undo", "--yes")

    assert ended.code == 9
    assert "cannot be undone any more" in ended.err


def test_a_change_of_another_organisation_is_left_alone(
    signed_in: Command, fake: FakeKonnect
) -> None:
    from sa_tui.demo.konnect import FakeKonnect as Other

    done(signed_in, "account edit probe --name renamed")
    (action,) = log(signed_in)
    elsewhere = Other(build_organisation(NOW, seed=7, accounts=2), clock=lambda: NOW)
    signed_in.env = replace(signed_in.env, transport=elsewhere.transport())
    signed_in.environ["KONNECT_TOKEN"] = elsewhere.operator_token

    assert signed_in("undo", "--yes").code == 2
    ended = signed_in("undo", action["id"], "--yes")
    assert ended.code == 7
    assert "open that" in ended.err
    assert writes(elsewhere) == []


def test_an_undo_is_refused_as_any_other_change(signed_in: Command, fake: FakeKonnect) -> None:
    done(signed_in, "account edit probe --name renamed")
    fake.account_named("renamed")["konnect_managed"] = True
    fake.received.clear()

    assert signed_in("undo", "--yes").code == 7
    assert signed_in("--read-only", "undo", "--yes").code == 7
    assert writes(fake) == []
