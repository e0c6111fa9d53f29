"""After a restore the access is that of the snapshot, whatever was done in between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.models import Listing
from sa_tui.org.snapshot import Part
from sa_tui.plans.difference import Difference, difference
from sa_tui.plans.errors import WishError
from sa_tui.plans.restoring import EVERYTHING, ONE_ACCOUNT, wished_of

from .conftest import World
from .histories import History, access_of

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.org.snapshot import Snapshot

SOME, ALL = range(50), range(50, 500)


def restore(world: World, saved: Snapshot, **only: str) -> Difference:
    """The plan of a restore; the whole organisation, or one account."""
    wished = wished_of(saved, name="saved.json", **only)
    return difference(wished, world.read(), scope=ONE_ACCOUNT if only else EVERYTHING)


def small(now: datetime, seed: int) -> World:
    """An organisation of a dozen accounts, in which no role is of an old type."""
    fake = FakeKonnect(build_organisation(now, seed=seed, accounts=0), clock=lambda: now)
    History(fake, -seed - 1).run(60)
    return World(fake)


@pytest.mark.parametrize(
    "seed",
    [*SOME, *(pytest.param(seed, marks=pytest.mark.complete) for seed in ALL)],
)
def test_after_a_restore_the_access_equals_that_of_the_snapshot(seed: int, now: datetime) -> None:
    world = small(now, seed)
    saved = world.read()
    History(world.fake, seed).run(30)

    outcomes = world.send(restore(world, saved).changes)

    assert [outcome.message for outcome in outcomes if not outcome.is_good] == []
    there, wished = access_of(world.read()), access_of(saved)
    # What was made since stays: an account without access, a team that was not there.
    made_since = there.keys() - wished.keys()
    assert {name: there[name] for name in wished} == wished
    assert all(there[name] == ([], []) for name in made_since if name.startswith("account "))
    again = restore(world, saved)
    assert again.changes == (), "a second restore has nothing to do"


@pytest.fixture
def saved(world: World) -> Snapshot:
    return world.read()


def titles(made: Difference) -> list[str]:
    return [change.title for change in made.changes]


def test_nothing_is_restored_where_nothing_changed(world: World, saved: Snapshot) -> None:
    made = restore(world, saved)

    assert made.changes == ()
    assert made.unread == ()


def test_one_account_is_restored_alone(world: World, saved: Snapshot) -> None:
    fake = world.fake
    for name in ("ci-eu-deployer", "ci-au-deployer"):
        fake.account_named(name)["description"] = "changed"
    fake.add_role(fake.team_named("Release Bots")["id"], "Admin")
    id = fake.account_named("ci-eu-deployer")["id"]

    assert [
        title.partition(" as")[0] for title in titles(restore(world, saved, account_id=id))
    ] == ["Describe system account ci-eu-deployer"]


def test_an_account_that_is_gone_is_made_again_with_all_that_it_had(
    world: World, saved: Snapshot
) -> None:
    fake = world.fake
    old_id = fake.account_named("ci-eu-deployer")["id"]
    fake.organisation.remove_account(old_id)

    world.send(restore(world, saved, account_id=old_id).changes)

    assert fake.account_named("ci-eu-deployer")["id"] != old_id
    there, before = access_of(world.read()), access_of(saved)
    assert there["account ci-eu-deployer"] == before["account ci-eu-deployer"]


def test_an_account_that_was_made_anew_by_hand_is_taken_and_said(
    world: World, saved: Snapshot
) -> None:
    fake = world.fake
    old_id = fake.account_named("ci-eu-deployer")["id"]
    fake.organisation.remove_account(old_id)
    new_id = fake.add_account("ci-eu-deployer")

    made = restore(world, saved, account_id=old_id)

    assert made.notes == (f"ci-eu-deployer is another account now: {new_id}, not {old_id}.",)
    assert not any(title.startswith("Create") for title in titles(made))


def test_a_name_that_moved_to_another_account_is_given_back_first(
    world: World, saved: Snapshot
) -> None:
    fake = world.fake
    fake.organisation.remove_account(fake.account_named("ci-eu-deployer")["id"])
    fake.organisation.rename_account(fake.account_named("ci-au-deployer"), "ci-eu-deployer")

    outcomes = world.send(restore(world, saved).changes)

    assert [outcome.message for outcome in outcomes if not outcome.is_good] == []
    assert access_of(world.read()) == access_of(saved)


def test_a_role_that_konnect_gives_nobody_any_more_is_left_out_and_said(world: World) -> None:
    id = world.fake.add_account("old")
    role_id = world.fake.add_role(id, "Admin", entity_type_name="Runtime Groups")
    saved = world.read()
    world.fake.organisation.remove_role(id, role_id)

    made = restore(world, saved, account_id=id)

    assert made.changes == ()
    assert made.notes[0].startswith("Left out: Admin on Runtime Groups all (all regions) of old: ")


def test_tokens_are_no_part_of_it(world: World, saved: Snapshot) -> None:
    id = world.fake.account_named("ci-eu-deployer")["id"]
    world.fake.add_token(id, "new")

    assert restore(world, saved).changes == ()


def test_what_konnect_manages_is_left_alone(world: World, saved: Snapshot) -> None:
    managed = world.fake.account_named("mesh-zone-eu-1")
    world.fake.add_role(managed["id"], "Viewer")

    assert restore(world, saved).changes == ()
    with pytest.raises(WishError, match="Konnect manages this account"):
        restore(world, saved, account_id=managed["id"])


@pytest.mark.parametrize("part", ["roles", "teams"])
@pytest.mark.parametrize("is_cut", [True, False])
def test_of_what_the_snapshot_does_not_know_nothing_is_taken_away(
    part: str, is_cut: bool, world: World, saved: Snapshot
) -> None:
    id = world.fake.account_named("ci-eu-deployer")["id"]
    details = saved.details_of(id)
    known: Part[Any] = getattr(details, part)
    cut = Part(value=replace(known.value or Listing(()), incomplete="page 2 failed"))
    failed: Part[Any] = Part(error=Forbidden(403, request="GET /x"))
    lost: dict[str, Any] = {part: cut if is_cut else failed}
    saved = saved.with_details({id: replace(details, **lost)})
    world.fake.add_role(id, "Admin")
    world.fake.join(world.fake.team_named("Release Bots")["id"], id)

    made = restore(world, saved, account_id=id)

    taken = "take-role" if part == "roles" else "leave-team"
    assert taken not in {change.verb for change in made.changes}
    assert any("does not know all of the" in note for note in made.notes)
