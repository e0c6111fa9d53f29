"""A saved plan of any verb is still to be sent before, and done after; nothing else is taken."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import pytest

from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.models import Listing
from sa_tui.org.changes import accounts, roles, teams
from sa_tui.org.changes.change import Change, VerbName
from sa_tui.org.changes.plan import plan_text
from sa_tui.org.snapshot import Part
from sa_tui.plans.checking.check import _VERBS, check
from sa_tui.plans.saved import SavedPlan, read_plan

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.org.snapshot import Snapshot

    from .conftest import World

NAME = "ci-eu-deployer"
GRANT = roles.RoleRequest(
    role_name="Viewer", entity_type_name="APIs", entity_id="*", entity_region="eu"
)


@pytest.fixture
def snapshot(world: World) -> Snapshot:
    world.fake.add_token(world.fake.account_named(NAME)["id"], "ci")
    world.fake.add_team("Old")
    return world.read(with_people=True)


def changes_of(snapshot: Snapshot) -> dict[str, Change]:
    """A change of every verb, for what there is; two where a person can be concerned as well."""
    account = next(row for row in snapshot.accounts.rows if row.name == NAME)
    details = snapshot.details_of(account.id)
    team = next(row for row in snapshot.teams.rows if row.name == "Release Bots")
    old = next(row for row in snapshot.teams.rows if row.name == "Old")
    role, token = details.roles.rows[0], details.tokens.rows[0]
    owner = roles.RoleOwner(kind="account", id=account.id, name=account.name)
    of_team = roles.RoleOwner(kind="team", id=team.id, name=team.name)
    member = teams.Member(kind="account", id=account.id, name=account.name)
    customs = next(row for row in snapshot.teams.rows if row.name == "Customs EU")
    person = next(
        row
        for row in snapshot.people.rows
        if not any(user.id == row.id for user in snapshot.team_details_of(team.id).users.rows)
    )
    user = teams.Member(kind="user", id=person.id, name=person.full_name)
    named = snapshot.team_details_of(team.id).roles.value
    return {
        "create-account": accounts.create_account("new", description="made"),
        "rename-account": accounts.rename_account(account, name="other"),
        "describe-account": accounts.describe_account(account, description="other"),
        "delete-account": accounts.delete_account(account, details),
        "rename-token": accounts.rename_token(account, token, name="other"),
        "revoke-token": accounts.revoke_token(account, token),
        "give-role": roles.assign_role(owner, GRANT),
        "give-role to a team": roles.assign_role(of_team, GRANT),
        "take-role": roles.remove_role(owner, role, entity_name="prod-eu"),
        "create-team": teams.create_team("New", description="d", labels={"a": "b"}),
        "edit-team": teams.update_team(team, name="n", description="d", labels={"kind": None}),
        "delete-team": teams.delete_team(old, snapshot.team_details_of(old.id)),
        "join-team": teams.join_team(member, customs),
        "join-team of a person": teams.join_team(user, team),
        "leave-team": teams.leave_team(member, team, roles=named),
    }


NAMES = (
    *get_args(VerbName),
    "give-role to a team",
    "join-team of a person",
)


def saved(changes: list[Change], snapshot: Snapshot, now: datetime) -> SavedPlan:
    text = plan_text(changes, snapshot=snapshot, base_url="https://x", profile="p", now=now)
    return read_plan(text.encode())


def test_every_verb_can_be_compared() -> None:
    assert set(_VERBS) == set(get_args(VerbName))


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_is_still_to_be_sent_before_and_done_after(
    name: str, world: World, snapshot: Snapshot, now: datetime
) -> None:
    change = changes_of(snapshot)[name]
    plan = saved([change], snapshot, now)

    before = check(plan, world.read(with_people=True))
    outcomes = world.send(before.changes)
    after = check(plan, world.read(with_people=True))

    assert (len(before.changes), before.already, before.moved) == (1, (), ())
    assert before.changes[0].title == change.title
    assert before.changes[0].request == change.request
    assert [outcome.status for outcome in outcomes] == ["done"]
    assert (after.changes, len(after.already), after.moved) == ((), 1, ())


@pytest.mark.parametrize("name", NAMES)
def test_without_the_lists_nothing_is_taken_for_done(
    name: str, world: World, snapshot: Snapshot, now: datetime
) -> None:
    refused: Part[Any] = Part(error=Forbidden(403, request="GET /x"))
    plan = saved([changes_of(snapshot)[name]], snapshot, now)
    cut: Part[Any] = Part(value=Listing((), incomplete="cut"))
    for accounts_part, teams_part in ((refused, refused), (cut, cut)):
        blind = replace(
            snapshot,
            accounts=accounts_part,
            teams=teams_part,
            people=refused,
            details={},
            team_details={},
        )

        checked = check(plan, blind)

        assert checked.changes == ()
        assert len(checked.moved) == 1


def test_a_plan_of_all_is_sent_in_its_order(
    world: World, snapshot: Snapshot, now: datetime
) -> None:
    every = changes_of(snapshot)
    names = ("create-account", "create-team", "give-role", "join-team", "take-role", "leave-team")
    plan = saved([every[name] for name in names], snapshot, now)

    world.send(check(plan, world.read(with_people=True)).changes)

    after = check(plan, world.read(with_people=True))
    assert (after.changes, len(after.already), after.moved) == ((), len(names), ())


def test_a_person_who_is_gone_stops_the_plan(
    world: World, snapshot: Snapshot, now: datetime
) -> None:
    change = changes_of(snapshot)["join-team of a person"]
    plan = saved([change], snapshot, now)
    world.fake.organisation.remove_user(change.ids.user_id or "")

    assert "is not among the people" in check(plan, world.read(with_people=True)).moved[0]


def test_a_plan_of_an_earlier_version_is_read(snapshot: Snapshot, now: datetime) -> None:
    """Version 1 had neither `makes` nor `gives`."""
    every = changes_of(snapshot)
    text = plan_text(
        [every["create-account"], every["join-team"]],
        snapshot=snapshot,
        base_url="https://x",
        profile="p",
        now=now,
    )
    record = json.loads(text)
    del record["changes"][0]["makes"], record["changes"][1]["gives"]

    checked = check(read_plan(json.dumps(record).encode()), snapshot)

    assert len(checked.changes) == 2
