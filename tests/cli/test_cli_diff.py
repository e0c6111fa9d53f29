"""`sa-tui diff`: each class of change, between two files and from a file to Konnect."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.faults import Fault
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from tests.audit.test_diff import opposite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Command

    Act = Callable[[FakeKonnect], object]

LATER = timedelta(days=3, hours=2)
HOSTILE = "=cmd|' /C calc'!A0 <b>&[/x](http://x.example)\x1b[31m\u202e\"\n,;\u0085\ufffe?"


class Clock:
    """The clock of Konnect."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps what is written down inside the test's directory."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def fake(now: datetime, clock: Clock) -> FakeKonnect:
    """Two accounts in a team of two roles, and a person."""
    konnect = FakeKonnect(build_organisation(now, accounts=0), clock=clock)
    team = konnect.add_team("Shippers", description="Ships.")
    konnect.add_role(team, "Viewer", entity_region="eu")
    for name in ("reader", "shipper"):
        account = konnect.add_account(name, description="Owner: ines@example.com")
        soon = (now + timedelta(days=1)).isoformat().replace("+00:00", "Z")
        konnect.add_token(account, f"{name}-1")
        konnect.add_token(account, f"{name}-2", expires_at=soon)
        konnect.add_role(account, "Deployer", entity_region="us")
    konnect.join(team, konnect.account_named("shipper")["id"])
    return konnect


@pytest.fixture
def keep(signed_in: Command, tmp_path: Path, clock: Clock) -> Any:
    """Keeps a snapshot in a file; both clocks are Konnect's."""

    def kept(name: str, *words: str) -> str:
        signed_in.env = replace(signed_in.env, now=clock)
        path = tmp_path / name
        assert signed_in("snapshot", "-o", str(path), *(words or ("--people",))).code == 0
        return str(path)

    return kept


def id_of(fake: FakeKonnect, name: str) -> str:
    return str(fake.account_named(name)["id"])


def team_of(fake: FakeKonnect) -> str:
    return str(fake.team_named("Shippers")["id"])


def rename(fake: FakeKonnect) -> None:
    fake.account_named("reader")["description"] = "Owner: amara@example.com"


def use(fake: FakeKonnect) -> None:
    (token, *_) = fake.tokens_of(id_of(fake, "reader"))
    token["last_used_at"] = "2026-03-02T09:00:00Z"


def nothing(fake: FakeKonnect) -> None:
    """Only time passes."""


def mint(fake: FakeKonnect) -> None:
    fake.add_token(id_of(fake, "reader"), "reader-3")


def mint_endless(fake: FakeKonnect) -> None:
    fake.add_token(id_of(fake, "reader"), "endless", expires_at=None)


def join(fake: FakeKonnect) -> None:
    fake.join(team_of(fake), id_of(fake, "reader"))


def give(fake: FakeKonnect) -> None:
    fake.add_role(id_of(fake, "reader"), "Admin", entity_region="eu")


def give_team(fake: FakeKonnect) -> None:
    fake.add_role(team_of(fake), "Admin", entity_region="us")


def add_account(fake: FakeKonnect) -> None:
    fake.join(team_of(fake), fake.add_account("newcomer", description="x"))


def add_team(fake: FakeKonnect) -> None:
    fake.add_team("Newcomers")


CLASSES: tuple[tuple[Act, dict[str, Any]], ...] = (
    (rename, {"change": "text_changed", "field": "description", "subject_name": "reader"}),
    (use, {"change": "token_first_used", "access_token_name": "reader-1", "before": None}),
    (nothing, {"change": "token_expired", "access_token_name": "reader-2", "after": "expired"}),
    (mint, {"change": "token_minted", "access_token_name": "reader-3", "after": "live"}),
    (join, {"change": "team_joined", "subject_name": "reader", "team_name": "Shippers"}),
    (join, {"change": "access_gained", "role_name": "Viewer", "because": "joined team Shippers"}),
    (give, {"change": "role_given", "role_name": "Admin", "subject_name": "reader"}),
    (give, {"change": "access_gained", "role_name": "Admin", "because": "role given to it"}),
    (give_team, {"change": "role_given", "subject_type": "team", "system_accounts": 1}),
    (
        give_team,
        {
            "change": "access_gained",
            "subject_name": "shipper",
            "because": "role given to team Shippers",
        },
    ),
    (add_account, {"change": "account_new", "subject_name": "newcomer"}),
    (add_account, {"change": "access_gained", "because": "new, in team Shippers"}),
    (add_team, {"change": "team_new", "subject_name": "Newcomers"}),
    (mint_endless, {"change": "finding_new", "rule": "T01", "access_token_name": "endless"}),
    (nothing, {"change": "finding_resolved", "rule": "T03", "access_token_name": "reader-2"}),
)
REVERSED = {"joined": "left", "given to": "taken from", "new,": "gone,"}


def has(rows: list[dict[str, Any]], wanted: dict[str, Any]) -> bool:
    return any(wanted.items() <= row.items() for row in rows)


@pytest.mark.parametrize(("act", "wanted"), CLASSES)
def test_each_class_of_change_is_told_both_ways(
    act: Act, wanted: dict[str, Any], fake: FakeKonnect, keep: Any, signed_in: Command, clock: Clock
) -> None:
    old = keep("old.json")
    act(fake)
    clock.now += LATER
    new = keep("new.json")

    there = signed_in("diff", old, new, "-o", "json")
    back = signed_in("diff", new, old, "-o", "json")
    live = signed_in("diff", old, "-o", "json")

    assert (there.code, back.code, live.code) == (0, 0, 0), there.err
    assert has(there.json["changes"], wanted), there.out
    assert there.json["changes"] == live.json["changes"]
    reverse = wanted | {"change": opposite(wanted["change"])}
    swapped = {"before": "after", "after": "before"}
    reverse = {swapped.get(name, name): value for name, value in reverse.items()}
    for word, other in REVERSED.items():
        if "because" in reverse:
            reverse["because"] = reverse["because"].replace(word, other)
    assert has(back.json["changes"], reverse), back.out


def test_what_was_deleted_is_gone_with_its_access(
    fake: FakeKonnect, keep: Any, signed_in: Command
) -> None:
    old = keep("old.json")
    ended = signed_in("account", "delete", "shipper", "--confirm", "shipper", "--yes")
    assert ended.code == 0, ended.err

    rows = signed_in("diff", old, "-o", "json").json["changes"]

    assert has(rows, {"change": "account_gone", "subject_name": "shipper"})
    assert has(rows, {"change": "access_lost", "because": "gone, in team Shippers"})
    assert has(rows, {"change": "token_removed", "access_token_name": "shipper-1"})
    assert not has(rows, {"subject_name": "reader"})


def test_a_person_is_part_of_it_if_the_old_snapshot_has_people(
    fake: FakeKonnect, keep: Any, signed_in: Command
) -> None:
    kept = keep("with.json"), keep("without.json", "--max-wait", "9")
    user = next(iter(fake.organisation.users))["id"]
    fake.join(team_of(fake), user)

    with_people, without = (signed_in("diff", each, "-o", "json") for each in kept)

    wanted = {"change": "team_joined", "subject_type": "user", "subject_id": user}
    assert has(with_people.json["changes"], wanted)
    assert (without.code, without.json["changes"]) == (0, [])
    assert (with_people.json["users_compared"], without.json["users_compared"]) == (True, False)
    assert "people are not compared" in without.err


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_every_format_has_the_change_and_both_times(
    form: str, fake: FakeKonnect, keep: Any, signed_in: Command, clock: Clock, now: datetime
) -> None:
    reader = id_of(fake, "reader")
    fake.organisation.accounts[reader]["name"] = HOSTILE
    old = keep("old.json")
    fake.add_role(reader, "Admin")
    clock.now += LATER

    ended = signed_in("diff", old, "-o", form)

    assert ended.code == 0
    assert f"from {now:%Y-%m-%dT%H:%M}" in ended.err
    assert "3 d 2 h" in ended.err
    assert not set("\x1b\u202e\u0085") & set(ended.out)
    if form == "json":
        answer = ended.json
        Draft202012Validator(schema_of("diff")).validate(answer)
        assert answer["gap_seconds"] == LATER.total_seconds()
        assert answer["old"]["file"] == old
        assert answer["new"]["file"] is None
    elif form == "csv":
        row = next(csv.DictReader(io.StringIO(ended.out)))
        assert (row["change"], row["role_name"]) == ("access_gained", "Admin")
        assert datetime.fromisoformat(row["old_taken_at"]).astimezone(UTC) == now
        assert row["new_taken_at"] > row["old_taken_at"]
    elif form == "md":
        assert "3 d 2 h" in ended.out
        assert "access gained" in ended.out.replace("\\", "")
    else:
        assert re.search(r"\+ access gained .* Admin on Control Planes \* .* role given", ended.out)


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_a_snapshot_and_itself_differ_in_nothing(form: str, keep: Any, signed_in: Command) -> None:
    old = keep("old.json")

    ended = signed_in("diff", old, old, "-o", form, "--fail-on-change")

    assert ended.code == 0
    assert "0 changes" in ended.err


def test_a_change_fails_only_if_that_was_asked(
    fake: FakeKonnect, keep: Any, signed_in: Command
) -> None:
    old = keep("old.json")
    mint(fake)

    assert signed_in("diff", old).code == 0
    assert signed_in("diff", old, "--fail-on-change").code == 1


@pytest.mark.parametrize("status", ["403", "404", "429", "500"])
@pytest.mark.parametrize("part", ["access-tokens", "assigned-roles", "teams"])
def test_what_konnect_refused_is_not_compared(
    status: Any, part: str, fake: FakeKonnect, keep: Any, signed_in: Command
) -> None:
    old = keep("old.json")
    path = f"*/system-accounts/{id_of(fake, 'shipper')}/{part}"
    fake.inject(Fault(status, method="GET", path=path, times=None))
    if part == "teams":
        fake.inject(Fault(status, method="GET", path="*/teams/*/system-accounts", times=None))

    ended = signed_in("diff", old, "-o", "json", "--fail-on-change")

    assert ended.code == 3, ended.err
    Draft202012Validator(schema_of("diff")).validate(ended.json)
    assert ended.json["changes"] == []
    said = {each["what"] for each in ended.json["incomplete"]}
    assert {"access-tokens": "access_tokens", "assigned-roles": "assigned_roles"}.get(
        part, "teams"
    ) in said
    assert all("not compared, NEW" in each["reason"] for each in ended.json["incomplete"])
    assert "INCOMPLETE: " in ended.err


def test_a_certain_change_fails_beside_what_is_not_compared(
    fake: FakeKonnect, keep: Any, signed_in: Command
) -> None:
    old = keep("old.json")
    mint(fake)
    path = f"*/system-accounts/{id_of(fake, 'shipper')}/access-tokens"
    fake.inject(Fault("403", method="GET", path=path, times=None))

    assert signed_in("diff", old).code == 3
    assert signed_in("diff", old, "--fail-on-change").code == 1


def test_another_organisation_is_refused_before_it_is_read(
    fake: FakeKonnect, keep: Any, signed_in: Command, tmp_path: Path
) -> None:
    old = keep("old.json")
    fake.organisation.record["id"] = "11111111-2222-4333-8444-555555555555"
    new = keep("new.json")
    fake.received.clear()

    live, kept = signed_in("diff", old, "-o", "json"), signed_in("diff", old, new)

    assert (live.code, kept.code, kept.out) == (7, 7, "")
    assert "two organisations are not compared" in kept.err
    Draft202012Validator(schema_of("error")).validate(live.json)
    assert not any("access-tokens" in str(call) for call in fake.received)


def test_an_organisation_that_is_not_known_leaves_it_incomplete(
    fake: FakeKonnect, keep: Any, signed_in: Command
) -> None:
    old = keep("old.json")
    fake.inject(Fault("500", method="GET", path="*/organizations/me", times=None))

    ended = signed_in("diff", old, "-o", "json")

    assert (ended.code, ended.json["changes"]) == (3, [])
    assert {each["what"] for each in ended.json["incomplete"]} == {"organization"}


@pytest.mark.parametrize("text", ["", "{}", "not json", "[" * 9999])
def test_a_file_that_is_no_snapshot_is_refused_before_anything_is_asked(
    text: str, fake: FakeKonnect, signed_in: Command, tmp_path: Path
) -> None:
    path = tmp_path / "no.json"
    path.write_text(text)

    for line in (("diff", str(path)), ("diff", str(tmp_path / "missing.json"))):
        ended = signed_in(*line)
        assert (ended.code, ended.out) == (2, "")
    assert not fake.received


def test_new_and_from_exclude_each_other(keep: Any, signed_in: Command) -> None:
    old = keep("old.json")

    ended = signed_in("diff", old, old, "--from", old)

    assert ended.code == 2
    assert json.loads(signed_in("diff", old, "--from", old, "-o", "json").out)["changes"] == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [("403", 4), ("404", 5), ("500", 5), ("cut-before", 5), ("cut-after", 5), ("malformed", 5)],
)
def test_without_a_list_of_accounts_there_is_no_answer(
    fault: Any, code: int, fake: FakeKonnect, keep: Any, signed_in: Command
) -> None:
    old = keep("old.json")
    fake.inject(Fault(fault, method="GET", path="/v3/system-accounts", times=None))

    ended = signed_in("diff", old, "-o", "json")

    assert ended.code == code, ended.err
    Draft202012Validator(schema_of("error")).validate(ended.json)


def test_a_refused_token_ends_in_4(keep: Any, signed_in: Command) -> None:
    old = keep("old.json")
    signed_in.environ["KONNECT_TOKEN"] = "kpat_nobody"

    assert signed_in("diff", old).code == 4
