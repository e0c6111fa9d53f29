"""Konnect's objects are read leniently: nothing on the wire hides a row or makes one lie."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    IssuedToken,
    Organization,
    PersonalAccessToken,
    SystemAccount,
    Team,
    User,
    read_rows,
)
from sa_tui.konnect.offer import Regions, read_catalogue


def test_a_system_account_keeps_what_konnect_said() -> None:
    account = SystemAccount.from_wire(
        {
            "id": "497f6eca",
            "name": "ci-deployer",
            "description": "Deploys",
            "konnect_managed": True,
            "created_at": "2025-01-12T15:54:00Z",
            "colour": "a field from the future",
        }
    )
    assert (account.id, account.name, account.konnect_managed) == ("497f6eca", "ci-deployer", True)
    assert account.created_at == datetime(2025, 1, 12, 15, 54, tzinfo=UTC)
    assert account.unreadable == {}


def test_an_unreadable_time_is_unknown_and_its_text_is_kept() -> None:
    token = AccessToken.from_wire({"id": "t", "expires_at": "2025-01-12:15:54Z"})
    assert token.expires_at is None
    assert token.unreadable == {"expires_at": "2025-01-12:15:54Z"}


def test_a_personal_token_keeps_the_state_that_konnect_said() -> None:
    wire = {
        "id": "83f8380e-7798-4566-99e3-2edf2b57d289",
        "name": "Development Token",
        "state": "REVOKED",
        "user_id": "84f8380e-7798-4566-99e3-2edf2b57d288",
        "revoked_by": "84f8380e-7798-4566-99e3-2edf2b57d288",
        "revoked_at": "2023-01-02T00:00:00.000Z",
    }
    token = PersonalAccessToken.from_wire(wire)
    assert (token.state, token.user_id) == ("REVOKED", "84f8380e-7798-4566-99e3-2edf2b57d288")
    assert token.revoked_at == datetime(2023, 1, 2, tzinfo=UTC)
    assert PersonalAccessToken.from_wire(wire | {"state": "SLEEPING"}).state == "SLEEPING"
    odd = PersonalAccessToken.from_wire(wire | {"state": 3})
    assert (odd.state, odd.unreadable) == ("", {"state": "3"})


def test_a_time_that_was_not_given_is_not_called_unreadable() -> None:
    token = AccessToken.from_wire({"id": "t", "expires_at": None})
    assert token.expires_at is None
    assert token.unreadable == {}


@pytest.mark.parametrize(
    "raw",
    [
        1736697240,
        "1736697240",
        "2025-01-12",
        "2025-01-12T15:54:00",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",  # how a program in Go spells a time that it does not have
        "1970-01-01T00:00:00Z",
        "2025-02-30T00:00:00Z",
        {"seconds": 1},
        "٢٠٢٥-01-12T15:54:00Z",
    ],
)
def test_a_time_that_would_have_to_be_guessed_is_unreadable(raw: object) -> None:
    assert "expires_at" in AccessToken.from_wire({"id": "t", "expires_at": raw}).unreadable


def test_times_are_utc_whatever_offset_they_came_with() -> None:
    token = AccessToken.from_wire({"id": "t", "created_at": "2025-01-12T17:54:00.123456789+02:00"})
    assert token.created_at == datetime(2025, 1, 12, 15, 54, 0, 123456, tzinfo=UTC)
    assert token.created_at.tzinfo is UTC


def test_fields_of_the_wrong_type_do_not_hide_the_row() -> None:
    account = SystemAccount.from_wire({"id": "a", "name": 7, "konnect_managed": "yes"})
    assert (account.name, account.konnect_managed) == ("", None)
    assert account.unreadable == {"name": "7", "konnect_managed": "yes"}


def test_a_row_cannot_bring_its_own_unreadable_fields() -> None:
    assert SystemAccount.from_wire({"id": "a", "unreadable": {"name": "x"}}).unreadable == {}


def test_every_text_is_kept_as_it_was_sent() -> None:
    text = (
        "Owner: a\r\nRunbook:\tb\n\x1b]52;c;x\x07 👩\u200d💻 \u00a0\u3000\u200c \u202e" + "n" * 3000
    )
    team = Team.from_wire({"id": text, "name": text, "description": text, "labels": {text: text}})
    assert (team.id, team.name, team.description, team.labels) == (text, text, text, {text: text})


@pytest.mark.parametrize(
    "row", [{}, {"id": None}, {"id": 7}, {"id": ""}, {"id": ".."}, "row", None]
)
def test_a_row_without_a_usable_id_is_skipped_and_counted(row: object) -> None:
    rows, skipped = read_rows(SystemAccount, [{"id": "a"}, row, {"id": "b"}])
    assert [each.id for each in rows] == ["a", "b"]
    assert skipped == 1


def test_unknown_roles_types_and_regions_are_kept_as_they_are() -> None:
    role = AssignedRole.from_wire(
        {
            "id": "r",
            "role_name": "Wizard",
            "entity_type_name": "Control Plane Groups",
            "entity_id": "*",
            "entity_region": "moon",
        }
    )
    assert (role.role_name, role.entity_type_name) == ("Wizard", "Control Plane Groups")
    assert (role.entity_id, role.entity_region) == ("*", "moon")


def test_what_an_assigned_role_does_not_say_is_unknown() -> None:
    role = AssignedRole.from_wire({"id": "r"})
    assert (role.entity_id, role.entity_region) == (None, None)


def test_labels_that_cannot_be_read_do_not_hide_the_team() -> None:
    team = Team.from_wire({"id": "t", "name": "Platform", "labels": ["a"], "system_team": False})
    assert (team.name, team.labels, team.unreadable) == ("Platform", {}, {"labels": '["a"]'})


def test_a_team_keeps_its_labels() -> None:
    assert Team.from_wire({"id": "t", "labels": {"env": "prod"}}).labels == {"env": "prod"}


def test_people_and_organisations_are_read() -> None:
    user = User.from_wire({"id": "u", "email": "a@example.com", "active": False})
    organisation = Organization.from_wire({"id": "o", "name": "Acme", "state": "hibernating"})
    assert (user.email, user.active) == ("a@example.com", False)
    assert (organisation.name, organisation.state) == ("Acme", "hibernating")


def test_models_cannot_be_changed() -> None:
    account = SystemAccount(id="a")
    with pytest.raises(FrozenInstanceError):
        account.name = "b"  # type: ignore[misc]


def test_an_issued_token_does_not_show_its_secret() -> None:
    issued = IssuedToken(access_token=AccessToken(id="t"), secret=SecretStr("spat_sentinel"))
    assert "spat_sentinel" not in f"{issued} {issued!r} {issued.secret!r}"


def test_the_catalogue_lists_whatever_types_and_roles_it_is_given() -> None:
    types = read_catalogue(
        {
            "control_planes": {
                "name": "Control Planes",
                "roles": {"admin": {"name": "Admin", "description": "All\x1b"}, "odd": 3},
            },
            "metering": {"roles": {"ingest": {}}},
            "broken": "x",
        }
    )
    assert [(each.key, each.name) for each in types] == [
        ("control_planes", "Control Planes"),
        ("metering", "metering"),
    ]
    assert [(each.name, each.description) for each in types[0].roles] == [("Admin", "All\x1b")]
    assert [each.name for each in types[1].roles] == ["ingest"]


@pytest.mark.parametrize("body", [None, [], {}, {"message": "hello"}])
def test_a_body_that_is_no_catalogue_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match="catalogue"):
        read_catalogue(body)


def test_regions_that_are_not_text_are_left_out() -> None:
    regions = Regions.from_wire({"regions": {"stable": ["us", 3], "beta": None}})
    assert (regions.stable, regions.stable_opt_in, regions.beta) == (("us",), (), ())
