"""A preview for a command says what the review on the screen says, and holds no secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.access.effects.consequences import consequences
from sa_tui.answers.preview import outcome_records, preview_record, render_preview
from sa_tui.cli.schemas.changes import OUTCOMES, PREVIEW
from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.models import AccessToken, Listing, SystemAccount, Team
from sa_tui.org.changes import accounts, roles, teams
from sa_tui.org.changes.change import Outcome, once_made
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.snapshot import Details, Part, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.access.effects.values import Consequences
    from sa_tui.org.changes.change import Change

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://global.api.konghq.com"
ACCOUNT = SystemAccount(id="a-1", name="ci-eu", konnect_managed=False)
OTHER = SystemAccount(id="b-1", name="ci-us", konnect_managed=False)
TOKEN = AccessToken(id="t-1", name="gitlab", last_used_at=NOW)
TEAM = Team(id="team-1", name="Readers", system_team=False)
VIEWER = roles.RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
)
SECRET = "spat_" + "Ab3" * 15
HOSTILE = "=x\x1b[31m\u202e\n[/x]"


def owner(account: SystemAccount) -> roles.RoleOwner:
    return roles.RoleOwner(kind="account", id=account.id, name=account.name)


def weighed(*changes: Change, **parts: Any) -> Consequences:
    whole: dict[str, Part[Any]] = {
        name: Part(value=Listing(())) for name in ("tokens", "roles", "teams")
    }
    details = Details(**(whole | parts))
    snapshot = Snapshot(
        accounts=Part(value=Listing((ACCOUNT, OTHER))),
        details={account.id: details for account in (ACCOUNT, OTHER)},
    )
    return consequences(changes, snapshot=snapshot, now=NOW)


def text(*changes: Change, **options: Any) -> str:
    return render_preview(weighed(*changes), base_url=URL, **options)


def record(means: Consequences, **options: Any) -> dict[str, Any]:
    record = preview_record(means, base_url=URL, **options)
    Draft202012Validator(PREVIEW).validate(record)
    json.dumps(record)
    return record


def test_the_only_change_is_named_by_the_title_and_each_field_is_told_once() -> None:
    rename = accounts.rename_account(ACCOUNT, name="ci-north")

    assert text(rename) == (
        "Rename system account ci-eu?\n\n"
        "  - name ci-eu\n"
        "  + name ci-north\n\n"
        "EFFECT\n"
        "Nobody gains or loses access."
    )


def test_changes_stand_by_their_kind_with_the_effect_of_all_and_their_requests() -> None:
    given = [roles.assign_role(owner(account), VIEWER) for account in (ACCOUNT, OTHER)]

    told = text(*given, title="Give Viewer?", notes=["Two of them are marked."], with_requests=True)

    body = json.dumps(given[0].request.body)
    assert told.split("\n\n")[0] == "Give Viewer?"
    assert "! Two of them are marked." in told
    assert (
        "Give role · 2\n"
        "ci-eu  + role Viewer on Control Planes all (eu)\n"
        "ci-us  + role Viewer on Control Planes all (eu)\n"
    ) in told
    assert (
        "EFFECT\n"
        "ci-eu\n"
        "On Control Planes all (eu):\n"
        "  before: no role there\n"
        "  after:  Viewer\n"
        "ci-us\n"
    ) in told
    assert told.endswith(f"-H 'Content-Type: application/json' -d '{body}'")
    assert told.count("curl -X POST") == 2
    assert "$KONNECT_TOKEN" in told


def test_a_change_of_several_lines_keeps_them_and_short_fields_share_one() -> None:
    described = accounts.describe_account(ACCOUNT, description="first\nsecond")
    revoked = accounts.revoke_token(ACCOUNT, TOKEN)

    assert "  + description first\n  +   second\n" in text(described)
    assert "  - token gitlab · expires never · last used 2026-11-23\n" in text(revoked)


@pytest.mark.parametrize("hostile", [HOSTILE, "a\r\nb", "\u2066abc\u2069"])
def test_text_from_konnect_drives_no_terminal_and_breaks_no_line(hostile: str) -> None:
    odd = SystemAccount(id="a-1", name=hostile, konnect_managed=False)
    team = Team(id="team-1", name=hostile, system_team=False)
    member = teams.Member(kind="account", id=odd.id, name=odd.name)
    changes = [
        roles.assign_role(owner(odd), VIEWER),
        teams.join_team(member, team),
        accounts.delete_account(odd),
        accounts.rename_account(odd, name="calm"),
    ]

    told = text(*changes, with_requests=True)

    assert all(line.isprintable() for line in told.split("\n"))
    kept = record(weighed(*changes))["changes"]
    assert kept[0]["subject"] == hostile
    assert kept[3]["fields"] == [{"name": "name", "before": hostile, "after": "calm"}]


def test_a_value_that_is_a_token_is_warned_of_and_written_nowhere() -> None:
    renamed = accounts.rename_account(ACCOUNT, name=SECRET)
    created = teams.create_team("t", description=SECRET, labels={"k": SECRET})
    means = weighed(renamed, created)

    told = render_preview(means, base_url=URL, with_requests=True)
    kept = record(means)

    assert "looks like a token" in told
    assert SECRET not in told
    assert SECRET not in json.dumps(kept)
    assert kept["changes"][0]["fields"][0]["after"] == "spat_…"


def test_a_record_has_ids_fields_request_level_and_what_has_to_be_typed() -> None:
    revoked = accounts.revoke_token(ACCOUNT, TOKEN)
    means = weighed(revoked, tokens=Part(value=Listing((TOKEN,))))

    kept = record(means, notes=["A note."])

    (change,) = kept["changes"]
    assert kept["title"] == "Revoke 1 access token of ci-eu?"
    assert kept["confirm"] == "gitlab"
    assert kept["warnings"][0] == "A note."
    assert kept["effect"] == ["last used just now, never expires · gitlab of ci-eu"]
    assert (change["number"], change["verb"], change["level"]) == (1, "revoke-token", "type")
    assert change["ids"] == {
        "system_account_id": "a-1",
        "user_id": None,
        "team_id": None,
        "access_token_id": "t-1",
        "assigned_role_id": None,
    }
    assert change["request"]["method"] == "DELETE"
    assert change["request"]["path"] == "/v3/system-accounts/a-1/access-tokens/t-1"
    assert change["request"]["body"] is None
    assert change["request"]["curl"] == revoked.request.as_curl(URL)


def test_one_change_that_needs_no_typing_asks_for_a_yes_alone() -> None:
    given = roles.assign_role(owner(ACCOUNT), VIEWER)

    assert record(weighed(given))["confirm"] is None
    assert record(weighed(given))["changes"][0]["level"] == "ask"


def test_what_needs_an_id_that_is_not_there_says_which_change_makes_it() -> None:
    new = NewId("account", key="ci-new")
    made = accounts.create_account("ci-new", description="", makes=new)
    given = once_made([new], lambda: roles.assign_role(roles.owner_of_new(new), VIEWER))
    means = weighed(made, given)

    first, second = record(means)["changes"]
    told = render_preview(means, base_url=URL, with_requests=True)

    assert (first["needs"], second["needs"]) == ([], [1])
    assert second["ids"]["system_account_id"] is None
    (waiting,) = [line for line in told.split("\n") if "new%3A" in line]
    assert waiting.startswith("# needs the id of system account ci-new: curl -X POST")
    assert second["request"]["curl"] == waiting
    new.value = "made-id"
    assert "# needs" not in render_preview(means, base_url=URL, with_requests=True)


def test_what_was_not_read_is_said_in_text_and_record() -> None:
    deleted = accounts.delete_account(ACCOUNT)
    means = weighed(deleted, tokens=Part(error=Forbidden(403, request="GET /v3/x")))

    kept = record(means)

    assert any("tokens could not be read" in text for text in kept["warnings"])
    assert any("NOT KNOWN" in line for line in kept["effect"])
    told = render_preview(means, base_url=URL)
    assert all(sentence in told for sentence in kept["warnings"])


def outcomes_of(changes: Sequence[Change], *outcomes: Outcome) -> list[dict[str, Any]]:
    records = outcome_records(changes, outcomes)
    Draft202012Validator(OUTCOMES).validate(records)
    return records


def test_each_change_has_its_outcome_and_the_rest_were_never_sent() -> None:
    changes = [roles.assign_role(owner(account), VIEWER) for account in (ACCOUNT, OTHER, ACCOUNT)]
    done = Outcome(change=changes[0], status="done", message="Done.", trace="abc")
    failed = Outcome(
        change=changes[1], status="failed", message=f"Not done: {SECRET}", is_overtaken=True
    )

    first, second, third = outcomes_of(changes, done, failed)

    assert first == {
        "change": 1, "status": "done", "message": "Done.", "overtaken": False, "trace": "abc"
    }  # fmt: skip
    assert (second["status"], second["overtaken"], second["trace"]) == ("failed", True, None)
    assert SECRET not in second["message"]
    assert (third["change"], third["status"]) == (3, "unsent")
