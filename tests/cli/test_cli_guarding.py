"""A token verb on the command line is refused and warned of as everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command

ZONE = "mesh-zone-eu-1"
MANAGED = f"Konnect manages {ZONE} for a mesh zone: "


def writes(fake: FakeKonnect) -> list[str]:
    return [each.method for each in fake.received if each.method != "GET"]


@pytest.fixture
def zone_token(fake: FakeKonnect) -> str:
    return fake.add_token(fake.account_named(ZONE)["id"], "zone-3")


@pytest.mark.parametrize(
    "argv",
    [
        ("issue", ZONE, "--name", "ci", "--lifetime", "30d", "--to-file"),
        ("rotate", ZONE, "zone-3", "--to-file"),
        ("retire", ZONE, "zone-3", "--force"),
        ("revoke", ZONE, "zone-3", "--yes"),
    ],
    ids=lambda argv: argv[0],
)
def test_the_tokens_of_a_mesh_zone_want_its_name_and_say_why(
    signed_in: Command, fake: FakeKonnect, zone_token: str, tmp_path: Any, argv: tuple[str, ...]
) -> None:
    path = (str(tmp_path / "zone.token"),) if argv[-1] == "--to-file" else ()

    refused = signed_in("token", *argv, *path)
    assert refused.code == 7
    assert MANAGED in refused.err
    assert "Nothing was sent. To do it all the same, add --confirm " in refused.err
    assert writes(fake) == []

    assert signed_in("token", *argv, *path, "--confirm", ZONE).code == 0
    assert len(writes(fake)) == 1


def test_an_ordinary_account_wants_no_more_than_before(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_token(fake.account_named("ci-eu-deployer")["id"], "old")

    ended = signed_in("token", "revoke", "ci-eu-deployer", "old", "--yes")
    assert (ended.code, writes(fake)) == (0, ["DELETE"])
    assert "mesh zone" not in ended.err


def test_a_read_only_profile_says_so_before_anything_is_sent(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_token(fake.account_named("ci-eu-deployer")["id"], "old")

    ended = signed_in("token", "revoke", "ci-eu-deployer", "old", "--yes", "--read-only")
    assert (ended.code, writes(fake)) == (7, [])
    assert "This profile is read-only: nothing can be changed here." in ended.err


def test_a_name_that_differs_in_case_alone_is_told(
    signed_in: Command, fake: FakeKonnect, tmp_path: Any
) -> None:
    fake.add_token(fake.account_named("ci-eu-deployer")["id"], "gha")
    order = ("--name", "GHA", "--lifetime", "30d", "--to-file", str(tmp_path / "t"))

    ended = signed_in("token", "issue", "ci-eu-deployer", *order)
    assert ended.code == 0
    assert "There is already 'gha', which differs only in case or spacing." in ended.err


def test_the_only_administrator_is_warned_of(signed_in: Command, fake: FakeKonnect) -> None:
    id = fake.add_account("minter")
    fake.add_role(id, "Admin", entity_type_name="Identity", entity_region="*")
    fake.add_token(id, "only")

    refused = signed_in("token", "revoke", "minter", "only", "--yes")
    assert refused.code == 7
    assert "Whether anybody else holds Identity Admin after this is not known." in refused.err
    assert writes(fake) == []
