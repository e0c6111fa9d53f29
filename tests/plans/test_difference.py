"""A plan changes what is not as it is wished, takes away only what it may, and guesses nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.konnect.errors import Forbidden, Unreadable
from sa_tui.konnect.models import Listing
from sa_tui.org.snapshot import Part
from sa_tui.plans.difference import Difference, difference
from sa_tui.plans.errors import WishError
from sa_tui.plans.form import read_wished
from sa_tui.plans.scope import Scope

if TYPE_CHECKING:
    from sa_tui.org.snapshot import Snapshot

    from .conftest import World

NAMED = Scope(named=True)
EVERYWHERE = "region: '*'"
ROLE = "{role_name: Viewer, entity_name: prod-eu, entity_type_name: cp, entity_region: eu}"


def titles(made: Difference) -> list[str]:
    return [change.title for change in made.changes]


def account(name: str, fields: str = "") -> str:
    return f"organization:\n  system-accounts:\n    - {{name: {name}, {fields}}}\n"


def made_of(text: str, snapshot: Snapshot, scope: Scope = NAMED) -> Difference:
    return difference(read_wished([("x.yaml", text.encode())]), snapshot, scope=scope)


def refused() -> Part[Any]:
    return Part(error=Forbidden(403, request="GET /v3/x"))


@pytest.fixture
def bot(world: World) -> str:
    """An account with two roles and a team."""
    id = world.fake.add_account("bot", description="old")
    world.fake.add_role(id, "Viewer", entity_region="eu")
    world.fake.add_role(id, "Deployer", entity_region="us")
    world.fake.join(world.fake.team_named("Release Bots")["id"], id)
    return id


# What is there or is created


def test_what_is_not_there_is_created_with_all_that_it_is_given(world: World) -> None:
    text = """
organization:
  teams:
    - {ref: bots, name: New Bots, description: Of plans., labels: {env: test}, roles: [%s]}
  system-accounts:
    - {name: new, description: made, roles: [%s], teams: [bots, Release Bots]}
""" % (ROLE, ROLE)  # noqa: UP031

    outcomes = world.apply(text)

    fake = world.fake
    made, team = fake.account_named("new"), fake.team_named("New Bots")
    prod_eu = next(
        row["id"]
        for row in fake.organisation.entities["/v2/control-planes", "eu"]
        if row["name"] == "prod-eu"
    )
    assert made["description"] == "made"
    assert (team["description"], team["labels"]) == ("Of plans.", {"env": "test"})
    for owner in (made, team):
        (role,) = fake.roles_of(owner["id"])
        assert (role["entity_id"], role["role_name"]) == (prod_eu, "Viewer")
        assert role["entity_type_name"] == "Control Planes"
    teams = fake.organisation.account_teams.teams(made["id"])
    assert set(teams) == {team["id"], fake.team_named("Release Bots")["id"]}
    assert len(outcomes) == 6


def test_what_is_as_it_is_wished_is_not_changed_and_told(world: World) -> None:
    text = account("new", f"description: d, roles: [{ROLE}], teams: [Release Bots]")
    world.apply(text)

    again = world.plan(text)

    assert again.changes == ()
    assert [same.what for same in again.unchanged] == [
        "system account new",
        "role Viewer on Control Planes prod-eu (eu)",
        "member of team Release Bots",
    ]


def test_what_is_different_is_changed_and_nothing_taken_away(world: World, bot: str) -> None:
    text = account("bot", f"description: new, roles: [{ROLE}], teams: []")

    assert titles(world.plan(text)) == [
        "Describe system account bot as 'new'",
        "Give Viewer on Control Planes prod-eu (eu) to bot",
    ]


def test_a_team_gets_its_description_and_labels_in_one_change(world: World) -> None:
    text = """
organization:
  teams: [{name: Release Bots, description: Other., labels: {env: test, new: x}}]
"""
    (change,) = world.plan(text).changes

    assert change.request.body == {"description": "Other.", "labels": {"env": "test", "new": "x"}}
    (pruning,) = world.plan(text, scope=NAMED).changes
    assert pruning.request.body["labels"]["kind"] is None  # type: ignore[index]


def test_the_labels_of_kongctl_stay(world: World) -> None:
    text = "organization: {teams: [{name: 'Depot Kiosks [retired]', labels: {a: b}}]}"

    (change,) = world.plan(text, scope=NAMED).changes

    assert change.request.body == {"labels": {"a": "b"}}


def test_a_team_cannot_lose_its_description_and_that_is_said(world: World) -> None:
    made = world.plan("organization: {teams: [{name: Release Bots, description: ''}]}")

    assert made.changes == ()
    assert made.notes == ("Release Bots keeps its description: Konnect takes no empty one.",)


def test_an_account_is_found_by_its_id(world: World, bot: str) -> None:
    text = f"organization: {{system-accounts: [{{id: {bot}, description: by id}}]}}"

    assert titles(world.plan(text)) == ["Describe system account bot as 'by id'"]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("Viewer", "Vewer", "there is no role Vewer on Control Planes. Did you mean Viewer?"),
        ("type_name: cp", "type_name: Runtime Groups", "Konnect gives no roles on Runtime Groups."),
        ("region: eu", "region: ue", "there is no region ue. There is *, "),
    ],
)
def test_what_konnect_certainly_does_not_give_is_an_error(
    right: str, wrong: str, message: str, world: World
) -> None:
    role = ROLE.replace("entity_name: prod-eu", "entity_id: '*'").replace(right, wrong)

    with pytest.raises(WishError) as refusal:
        world.plan(account("new", f"roles: [{role}]"))

    assert message in str(refusal.value)


def test_without_the_lists_of_konnect_any_role_may_be(world: World) -> None:
    shot = replace(world.read(), catalogue=Part(), regions=Part())
    role = "{role_name: X, entity_id: '*', entity_type_name: Y, entity_region: zz}"

    (_, change) = made_of(account("new", f"roles: [{role}]"), shot).changes

    assert change.title == "Give X on Y all (zz) to new"


def test_an_old_role_that_is_held_is_as_it_is_wished(world: World) -> None:
    id = world.fake.add_account("old")
    world.fake.add_role(id, "Admin", entity_type_name="Runtime Groups", entity_region="eu")
    role = "{role_name: Admin, entity_id: '*', entity_type_name: Runtime Groups, entity_region: eu}"

    assert world.plan(account("old", f"roles: [{role}]"), scope=NAMED).changes == ()


# What is taken away


def test_with_the_scope_of_the_files_the_rest_of_what_they_name_goes(
    world: World, bot: str
) -> None:
    made = world.plan(account("bot", f"roles: [{ROLE}], teams: []"), scope=NAMED)

    assert titles(made) == [
        "Give Viewer on Control Planes prod-eu (eu) to bot",
        "Remove bot from team Release Bots",
        "Remove Viewer on Control Planes all (eu) from bot",
        "Remove Deployer on Control Planes all (us) from bot",
    ]
    world.send(made.changes)
    assert len(world.fake.roles_of(bot)) == 1
    assert world.fake.organisation.account_teams.teams(bot) == ()


def test_of_what_a_file_does_not_say_nothing_goes(world: World, bot: str) -> None:
    assert titles(world.plan(account("bot"), scope=NAMED)) == []


def test_what_is_said_apart_does_not_say_that_there_is_nothing_else(world: World, bot: str) -> None:
    text = account("bot", "ref: bot") + (
        f"organization_system_account_roles: [{ROLE.replace('{', '{system_account: bot, ')}]\n"
    )

    assert titles(world.plan(text, scope=NAMED)) == [
        "Give Viewer on Control Planes prod-eu (eu) to bot"
    ]


def test_a_pattern_deletes_what_nobody_wishes_for(world: World, bot: str) -> None:
    world.fake.add_account("bot-old")
    world.fake.add_team("bots")

    made = world.plan(account("bot"), scope=Scope(accounts=("bot*",), teams=("bots",)))

    assert titles(made) == ["Delete system account bot-old", "Delete team bots"]
    assert [change.level for change in made.changes] == ["type", "type"]


def test_a_pattern_takes_from_nobody_else(world: World, bot: str) -> None:
    text = account("bot", "roles: []")

    assert titles(world.plan(text, scope=Scope(accounts=("ci-*-none",)))) == []
    assert len(titles(world.plan(text, scope=Scope(accounts=("bot",))))) == 2


def test_what_konnect_manages_and_predefined_teams_are_in_no_scope(world: World) -> None:
    made = world.plan("", scope=Scope(accounts=("*",), teams=("*",)))

    managed = [row["name"] for row in world.fake.organisation.accounts if row["konnect_managed"]]
    predefined = [row["name"] for row in world.fake.organisation.teams if row["system_team"]]
    assert managed
    assert not any(name in title for title in titles(made) for name in (*managed, *predefined))


# What is not known


def test_a_list_that_was_not_read_loses_nothing_and_is_said(world: World, bot: str) -> None:
    shot = world.read(with_every_entity=True)
    details = replace(shot.details_of(bot), roles=refused(), teams=refused())

    made = made_of(account("bot", f"roles: [{ROLE}], teams: []"), shot.with_details({bot: details}))

    assert titles(made) == ["Give Viewer on Control Planes prod-eu (eu) to bot"]
    assert [str(unread).partition(":")[0] for unread in made.unread] == [
        "The roles of bot",
        "The teams of bot",
    ]


@pytest.mark.parametrize("part", ["roles", "teams"])
def test_a_cut_list_loses_nothing(part: str, world: World, bot: str) -> None:
    shot = world.read()
    listing = getattr(shot.details_of(bot), part).value
    cut: dict[str, Any] = {part: Part(value=replace(listing, incomplete="page 2 failed"))}
    shot = shot.with_details({bot: replace(shot.details_of(bot), **cut)})

    made = made_of(account("bot", f"{part}: []"), shot)

    unread = list(map(str, made.unread))
    assert (titles(made), unread) == ([], [f"The {part} of bot: page 2 failed"])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (account("new"), "accounts"),
        ("organization: {teams: [{name: New}]}", "teams"),
        (account("bot", "teams: [New]"), "teams"),
    ],
)
def test_nothing_is_created_because_a_list_was_not_read(
    text: str, part: str, world: World, bot: str
) -> None:
    shot = world.read()
    cut: dict[str, Any] = {part: Part(value=replace(getattr(shot, part).value, incomplete="cut"))}

    with pytest.raises(Unreadable, match="is not known: cut"):
        made_of(text, replace(shot, **cut))


def test_a_pattern_over_a_cut_list_is_said(world: World) -> None:
    shot = world.read()
    cut = Part(value=replace(shot.accounts.value or Listing(()), incomplete="cut"))

    made = made_of("", replace(shot, accounts=cut), Scope(accounts=("none",)))

    assert list(map(str, made.unread)) == ["The accounts: cut"]


@pytest.mark.parametrize("part", ["tokens", "roles", "teams"])
def test_an_account_is_not_deleted_while_it_is_not_known_what_goes_with_it(
    part: str, world: World, bot: str
) -> None:
    shot = world.read()
    lost: dict[str, Any] = {part: refused()}
    shot = shot.with_details({bot: replace(shot.details_of(bot), **lost)})

    made = made_of("", shot, Scope(accounts=("bot",)))

    assert (made.changes, len(made.unread)) == ((), 1)
    assert str(made.unread[0]).startswith(f"The {part} of bot: ")


@pytest.mark.parametrize("part", ["roles", "accounts", "users"])
def test_a_team_is_not_deleted_while_it_is_not_known_what_goes_with_it(
    part: str, world: World
) -> None:
    id = world.fake.add_team("old")
    shot = world.read()
    lost: dict[str, Any] = {part: refused()}
    shot = shot.with_team_details({id: replace(shot.team_details_of(id), **lost)})

    made = made_of("", shot, Scope(teams=("old",)))

    assert (made.changes, len(made.unread)) == ((), 1)


def test_an_entity_in_a_list_that_was_not_read_is_not_an_unknown_one(world: World) -> None:
    shot = replace(world.read(), entities={("Control Planes", "eu"): refused()})

    with pytest.raises(Unreadable, match="Whether there is prod-eu among the Control Planes in eu"):
        made_of(account("new", f"roles: [{ROLE}]"), shot)


# What is not clear


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            account("new", f"roles: [{ROLE.replace('prod-eu', 'prod-ue')}]"),
            "there is no prod-ue among the Control Planes in eu. Did you mean prod-eu?",
        ),
        (
            account("new", f"roles: [{ROLE.replace('cp', 'Sevice Hub')}]"),
            "Konnect lists no Sevice Hub: give the entity_id of prod-eu",
        ),
        (
            account("new", f"roles: [{ROLE.replace('region: eu', EVERYWHERE)}]"),
            "prod-eu needs its region: a name is one of a region",
        ),
        (
            account("new", f"roles: [{ROLE.replace('cp', 'Reports')}]"),
            "Konnect lists no Reports: give the entity_id of prod-eu",
        ),
        (account("new", "teams: [Relaese Bots]"), "here or in Konnect. Did you mean Release Bots?"),
        (account("new", "teams: [Integrations]"), "more than one team is called Integrations: "),
        ("organization: {teams: [{name: Integrations}]}", "more than one team is called"),
        (
            "organization: {system-accounts: [{id: x}]}",
            "there is no system account with the id x",
        ),
        (
            "organization: {teams: [{ref: t, _external: {id: x}}]}",
            "there is no team x.",
        ),
        (
            "organization: {teams: [{ref: t, name: portal-admn, _external: {id: ''}}]}",
            "Did you mean portal-admin?",
        ),
    ],
)
def test_what_is_not_clear_is_an_error_that_says_what_there_is(
    text: str, message: str, world: World
) -> None:
    with pytest.raises((WishError, Unreadable), match=r".") as refusal:
        world.plan(text)

    assert message in str(refusal.value)


def test_every_mistake_of_a_file_is_named_at_once(world: World) -> None:
    roles = f"{ROLE.replace('prod-eu', 'a')}, {ROLE.replace('prod-eu', 'b')}"

    with pytest.raises(WishError) as refusal:
        world.plan(account("new", f"roles: [{roles}]"))

    assert len(refusal.value.reasons) == 2
    assert all(reason.startswith("wish.yaml:3: ") for reason in refusal.value.reasons)


def test_an_api_is_found_by_its_name_without_the_version(world: World) -> None:
    (name,) = [
        row["name"]
        for row in world.fake.organisation.entities["/v3/apis", "eu"]
        if row["name"] == "Customs"
    ]
    role = f"{{role_name: Viewer, entity_name: {name}, entity_type_name: APIs, entity_region: eu}}"

    (_, change) = world.plan(account("new", f"roles: [{role}]")).changes

    assert change.title == "Give Viewer on APIs Customs v1 (eu) to new"
