"""Every verb against every answer that Konnect may give, and against every guard.

What is sent is exactly what is shown, and the exit code says what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import Fault
from tests.cli.changing.answered import entity_id, run_json, writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.demo.faults import FaultKind
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command


@dataclass(frozen=True)
class Case:
    """A command line, and the one request that it sends."""

    line: str
    request: Callable[[FakeKonnect], tuple[str, str, Any]]

    @property
    def argv(self) -> tuple[str, ...]:
        return tuple(self.line.split())


def account(fake: FakeKonnect, name: str = "probe") -> str:
    return str(fake.account_named(name)["id"])


def crew(fake: FakeKonnect) -> str:
    return str(fake.team_named("crew")["id"])


def token(fake: FakeKonnect) -> str:
    return str(fake.tokens_of(account(fake))[0]["id"])


def role(fake: FakeKonnect) -> str:
    return str(fake.roles_of(account(fake))[0]["id"])


def role_body(fake: FakeKonnect, plane: str, region: str) -> dict[str, str]:
    return {
        "role_name": "Viewer",
        "entity_type_name": "Control Planes",
        "entity_id": entity_id(fake, plane),
        "entity_region": region,
    }


CASES = {
    "account create": Case(
        "account create fresh --description x",
        lambda fake: ("POST", "/v3/system-accounts", {"name": "fresh", "description": "x"}),
    ),
    "account rename": Case(
        "account edit probe --name renamed",
        lambda fake: ("PATCH", f"/v3/system-accounts/{account(fake)}", {"name": "renamed"}),
    ),
    "account describe": Case(
        "account edit probe --description new",
        lambda fake: ("PATCH", f"/v3/system-accounts/{account(fake)}", {"description": "new"}),
    ),
    "account delete": Case(
        "account delete probe --confirm probe",
        lambda fake: ("DELETE", f"/v3/system-accounts/{account(fake)}", None),
    ),
    "role give": Case(
        "role give probe --type cp --role Viewer --entity prod-eu",
        lambda fake: (
            "POST",
            f"/v3/system-accounts/{account(fake)}/assigned-roles",
            role_body(fake, "prod-eu", "eu"),
        ),
    ),
    "role give --team": Case(
        "role give --team crew --type cp --role Viewer --entity prod-eu",
        lambda fake: (
            "POST",
            f"/v3/teams/{crew(fake)}/assigned-roles",
            role_body(fake, "prod-eu", "eu"),
        ),
    ),
    "role take": Case(
        "role take probe --type cp --role Viewer --entity prod-us",
        lambda fake: (
            "DELETE",
            f"/v3/system-accounts/{account(fake)}/assigned-roles/{role(fake)}",
            None,
        ),
    ),
    "team create": Case(
        "team create fresh --label env=prod",
        lambda fake: ("POST", "/v3/teams", {"name": "fresh", "labels": {"env": "prod"}}),
    ),
    "team edit": Case(
        "team edit crew --description new --label env=prod",
        lambda fake: (
            "PATCH",
            f"/v3/teams/{crew(fake)}",
            {"description": "new", "labels": {"env": "prod"}},
        ),
    ),
    "team delete": Case(
        "team delete crew --confirm crew",
        lambda fake: ("DELETE", f"/v3/teams/{crew(fake)}", None),
    ),
    "team join": Case(
        "team join crew other",
        lambda fake: (
            "POST",
            f"/v3/teams/{crew(fake)}/system-accounts",
            {"id": account(fake, "other")},
        ),
    ),
    "team leave": Case(
        "team leave crew probe",
        lambda fake: ("DELETE", f"/v3/teams/{crew(fake)}/system-accounts/{account(fake)}", None),
    ),
    "token rename": Case(
        "token rename probe ci --name renamed",
        lambda fake: (
            "PATCH",
            f"/v3/system-accounts/{account(fake)}/access-tokens/{token(fake)}",
            {"name": "renamed"},
        ),
    ),
}
EVERY = pytest.mark.parametrize("name", CASES)


@EVERY
def test_a_verb_sends_exactly_what_its_dry_run_shows(
    signed_in: Command, fake: FakeKonnect, name: str
) -> None:
    case = CASES[name]
    expected = case.request(fake)

    code, planned = run_json(signed_in, *case.argv, "--dry-run")
    assert (code, planned["dry_run"], planned["outcomes"]) == (0, True, [])
    (change,) = planned["preview"]["changes"]
    request = change["request"]
    assert (request["method"], request["path"], request["body"]) == expected
    assert writes(fake) == []

    code, done = run_json(signed_in, *case.argv, "--yes")
    assert (code, done["dry_run"], done["error"]) == (0, False, None)
    assert done["preview"] == planned["preview"]
    assert [one["status"] for one in done["outcomes"]] == ["done"]
    assert writes(fake) == [expected]


@EVERY
def test_nothing_is_sent_that_nobody_confirmed(
    signed_in: Command, fake: FakeKonnect, name: str
) -> None:
    ended = signed_in(*CASES[name].argv)

    assert ended.code == 2
    assert "Nothing was sent: add --yes to send it, or --dry-run to look." in ended.err
    assert fake.received == []


@EVERY
def test_a_read_only_profile_plans_and_sends_nothing(
    signed_in: Command, fake: FakeKonnect, name: str
) -> None:
    line = ("--read-only", *CASES[name].argv)

    code, answer = run_json(signed_in, *line, "--yes")
    assert (code, answer["error"]["code"]) == (7, "unsafe")
    assert "read-only: nothing can be changed here" in answer["error"]["message"]
    assert run_json(signed_in, *line, "--dry-run")[0] == 0
    assert writes(fake) == []


FAULTS: dict[FaultKind, int] = {
    "403": 4,
    "404": 9,
    "409": 9,
    "429": 0,  # Konnect's wait is kept, and the request is sent again
    "500": 10,
    "503": 10,
    "cut-before": 10,
    "cut-after": 0,
    "malformed": 0,
}


@pytest.mark.parametrize("kind", FAULTS)
@EVERY
def test_the_exit_code_says_what_became_of_a_change(
    signed_in: Command, fake: FakeKonnect, name: str, kind: FaultKind
) -> None:
    case = CASES[name]
    method, path, _ = case.request(fake)
    fake.inject(Fault(kind, method=method, path=path))

    code, answer = run_json(signed_in, *case.argv, "--yes")

    assert code == FAULTS[kind], answer
    (outcome,) = answer["outcomes"]
    status = {0: "done", 10: "unknown"}.get(code, "failed")
    assert outcome["status"] == status
    assert answer["complete"] == (code == 0)
    if code:
        assert answer["error"]["exit_code"] == code
        assert outcome["message"] in answer["error"]["message"]
    sent = [request for request in writes(fake) if request[:2] == (method, path)]
    assert len(sent) == (2 if kind == "429" else 1)


TWICE = {name for name in CASES if name not in ("account delete", "team delete")}


@pytest.mark.parametrize("name", sorted(TWICE))
def test_a_second_run_sends_nothing_and_ends_in_8(
    signed_in: Command, fake: FakeKonnect, name: str
) -> None:
    argv = CASES[name].argv
    assert signed_in(*argv, "--yes").code == 0
    again = ["renamed" if word == "probe" and name == "account rename" else word for word in argv]
    again = ["renamed" if word == "ci" else word for word in again]
    fake.received.clear()

    code, answer = run_json(signed_in, *again, "--yes")

    assert (code, answer["complete"], answer["error"]) == (8, True, None)
    assert len(answer["already"]) >= 1
    assert (answer["preview"]["changes"], answer["outcomes"]) == ([], [])
    assert writes(fake) == []


@pytest.mark.parametrize("name", ["account delete", "team delete"])
def test_what_is_deleted_cannot_be_named_any_more(signed_in: Command, name: str) -> None:
    assert signed_in(*CASES[name].argv, "--yes").code == 0

    assert signed_in(*CASES[name].argv, "--yes").code == 2


@pytest.mark.parametrize("name", ["account delete", "team delete"])
def test_a_deletion_wants_the_name(signed_in: Command, fake: FakeKonnect, name: str) -> None:
    *line, _, confirmed = CASES[name].argv

    for wrong in ((), ("--confirm", "other")):
        ended = signed_in(*line, "--yes", *wrong)
        assert ended.code == 7
        assert f"add --confirm {confirmed}" in ended.err
    assert writes(fake) == []

    code, answer = run_json(signed_in, *line, "--yes")
    assert (code, answer["preview"]["confirm"]) == (7, confirmed)
    assert (answer["outcomes"], answer["error"]["code"]) == ([], "unsafe")
    assert f"add --confirm {confirmed}" in answer["error"]["message"]


MANAGED = {
    "account edit ZONE --name x": "cannot be changed by hand",
    "account delete ZONE --confirm ZONE": "cannot be deleted by hand",
    "role give ZONE --type cp --role Viewer --entity prod-eu": "cannot be given roles",
    "team join crew ZONE": "cannot be put into teams",
}


@pytest.fixture
def zone(fake: FakeKonnect) -> str:
    return fake.add_account("zone", konnect_managed=True)


@pytest.mark.parametrize("line", MANAGED)
def test_an_account_that_konnect_manages_stays_as_it_is(
    signed_in: Command, fake: FakeKonnect, zone: str, line: str
) -> None:
    code, answer = run_json(signed_in, *line.replace("ZONE", "zone").split(), "--yes")

    assert code == 7
    assert f"Konnect manages zone for a mesh zone: it {MANAGED[line]}" in answer["error"]["message"]
    assert writes(fake) == []


PREDEFINED = (
    "team edit organization-admin --name x",
    "team delete organization-admin --confirm organization-admin",
    "role give --team organization-admin --type cp --role Viewer --entity prod-eu",
)


@pytest.mark.parametrize("line", PREDEFINED)
def test_a_predefined_team_stays_as_it_is(signed_in: Command, fake: FakeKonnect, line: str) -> None:
    code, answer = run_json(signed_in, *line.split(), "--yes")

    assert code == 7
    assert "Organization Admin is a predefined team" in answer["error"]["message"]
    assert writes(fake) == []


def test_a_membership_that_gives_full_write_wants_the_name_of_the_team(
    signed_in: Command, fake: FakeKonnect
) -> None:
    line = ("team", "join", "Organization Admin", "other", "--yes")

    refused = signed_in(*line)
    assert refused.code == 7
    assert "EFFECT" in refused.err
    assert writes(fake) == []

    assert signed_in(*line, "--confirm", "organization-admin").code == 0


def test_whoever_may_not_change_anything_ends_in_4(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("403", method="GET", path="/v3/system-accounts"))

    assert signed_in("account", "create", "fresh", "--yes").code == 4
    assert writes(fake) == []
