"""What a plan makes is there for what comes after it, and has nothing but what the plan gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sa_tui.access.effects.consequences import consequences
from sa_tui.access.effects.guards import refused
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.org.changes.accounts import create_account, rename_account
from sa_tui.org.changes.change import once_made
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role, owner_of_new, remove_role
from sa_tui.org.changes.teams import (
    Member,
    create_team,
    join_team,
    leave_team,
    member_of_new,
    team_of_new,
)
from tests.access.conftest import NOW, Organisation
from tests.access.conftest import refused as unread

if TYPE_CHECKING:
    from sa_tui.access.effects.values import Consequences
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot

VIEWER = RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
)
ADMIN = RoleRequest(
    role_name="Admin", entity_type_name="Control Planes", entity_id="*", entity_region="*"
)


def lines(means: Consequences) -> list[str]:
    return [line.plain for line in means.effect]


def weighed(snapshot: Snapshot, *changes: Change) -> Consequences:
    return consequences(changes, snapshot=snapshot, now=NOW)


def given(new: NewId, request: RoleRequest) -> Change:
    return once_made([new], lambda: assign_role(owner_of_new(new), request))


def joined(account: NewId, team: NewId) -> Change:
    needs = (account, team)
    return once_made(needs, lambda: join_team(member_of_new(account), team_of_new(team)))


def test_a_new_account_certainly_had_nothing_before(organisation: Organisation) -> None:
    new = NewId("account", key="ci-new")
    plan = [create_account("ci-new", description="", makes=new), given(new, VIEWER)]

    means = weighed(organisation.snapshot, *plan)

    assert lines(means) == [
        "On Control Planes all (eu):",
        "  before: no role there",
        "  after:  Viewer",
    ]
    assert means.warnings == ()


def test_who_joins_a_new_team_gets_what_the_plan_gives_to_it(organisation: Organisation) -> None:
    account, team = NewId("account", key="ci-new"), NewId("team", key="Readers")
    plan = [
        create_account("ci-new", description="", makes=account),
        create_team("Readers", description="", labels={}, makes=team),
        given(team, VIEWER),
        joined(account, team),
    ]

    means = weighed(organisation.snapshot, *plan)

    assert "  reaches 0 system accounts and 0 people" in lines(means)
    assert lines(means)[-2:] == [
        "ci-new · before: 0 roles · after: 1 role",
        "+ Viewer on all Control Planes (eu)",
    ]
    assert means.warnings == ()
    assert {change.level for change in means.changes} == {"ask"}


def test_to_join_a_new_team_with_full_write_its_name_is_typed(organisation: Organisation) -> None:
    account, team = NewId("account", key="ci-new"), NewId("team", key="Powers")
    plan = [
        create_account("ci-new", description="", makes=account),
        create_team("Powers", description="", labels={}, makes=team),
        given(team, ADMIN),
        joined(account, team),
    ]

    *_, join = weighed(organisation.snapshot, *plan).changes

    assert (join.level, join.confirm_text) == ("type", "Powers")
    assert join.needs == (account, team)


@pytest.mark.parametrize("is_one", [True, False])
def test_roles_that_a_plan_takes_from_a_team_are_given_to_nobody_who_joins(
    is_one: bool, organisation: Organisation
) -> None:
    role = organisation.role("Viewer", region="eu")
    team = organisation.team("Readers", role)
    members = [organisation.account(name) for name in ("a", "b")][: 1 if is_one else 2]
    owner = RoleOwner(kind="team", id=team.id, name=team.name)

    means = weighed(
        organisation.snapshot,
        remove_role(owner, role),
        *(join_team(Member(kind="account", id=m.id, name=m.name), team) for m in members),
    )

    assert not any("+ Viewer" in line for line in lines(means))
    assert lines(means)[-1] == ("no role is gained or lost" if is_one else "  no role")


def test_who_leaves_loses_what_the_team_gave_before_the_plan(organisation: Organisation) -> None:
    role = organisation.role("Viewer", region="eu")
    team = organisation.team("Readers", role)
    account = organisation.account("a", teams=[team])
    owner = RoleOwner(kind="team", id=team.id, name=team.name)
    member = Member(kind="account", id=account.id, name=account.name)

    means = weighed(organisation.snapshot, remove_role(owner, role), leave_team(member, team))

    assert "- Viewer on all Control Planes (eu)" in lines(means)


def test_a_role_that_a_team_gives_by_then_is_still_held_when_it_is_taken(
    organisation: Organisation,
) -> None:
    direct = organisation.role("Viewer", region="eu")
    team = organisation.team("Readers", organisation.role("Viewer", region="eu"))
    account = organisation.account("a", direct)
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    member = Member(kind="account", id=account.id, name=account.name)

    means = weighed(organisation.snapshot, remove_role(owner, direct), join_team(member, team))

    assert lines(means)[:4] == [
        "On Control Planes all (eu):",
        "  before: Viewer",
        "  after:  Viewer through Readers",
        "  still Viewer on all through Readers",
    ]
    assert lines(means)[4] == "a · before: 1 role · after: 1 role"


def test_a_role_of_a_team_that_is_left_is_held_only_directly_after_it_is_given(
    organisation: Organisation,
) -> None:
    team = organisation.team("Readers", organisation.role("Viewer", region="eu"))
    account = organisation.account("a", teams=[team])
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    member = Member(kind="account", id=account.id, name=account.name)

    means = weighed(organisation.snapshot, assign_role(owner, VIEWER), leave_team(member, team))

    assert lines(means) == [
        "On Control Planes all (eu):",
        "  before: Viewer through Readers",
        "  after:  Viewer",
        "a · before: 1 role · after: 1 role",
        "- Viewer on all Control Planes (eu) · still held directly",
    ]


def test_who_joins_a_team_that_was_not_read_may_hold_more_by_then(
    organisation: Organisation,
) -> None:
    team = organisation.team("Readers", part=unread())
    account = organisation.account("a")
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    member = Member(kind="account", id=account.id, name=account.name)

    means = weighed(organisation.snapshot, assign_role(owner, VIEWER), join_team(member, team))

    assert lines(means)[1:3] == ["  before: no role there", "  after:  at least Viewer"]
    assert any("a may hold more than is shown" in text for text in means.warnings)


def test_what_needs_a_change_that_is_switched_off_is_said_not_to_be_sent(
    organisation: Organisation,
) -> None:
    new = NewId("account", key="ci-new")
    created, role = create_account("ci-new", description="", makes=new), given(new, VIEWER)
    told = (
        "Give Viewer on Control Planes all (eu) to ci-new: it needs system account ci-new, "
        "which no change here makes: it is not sent."
    )

    assert weighed(organisation.snapshot, created, role).warnings == ()
    assert weighed(organisation.snapshot, role).warnings == (told,)
    new.value = "made-id"
    assert told not in weighed(organisation.snapshot, role).warnings


def test_what_an_earlier_change_makes_refuses_nothing(organisation: Organisation) -> None:
    account, team = NewId("account", key="ci-new"), NewId("team", key="Readers")
    snapshot = organisation.snapshot

    for change in (given(account, VIEWER), given(team, VIEWER), joined(account, team)):
        assert refused(change, snapshot, is_read_only=False) == ""
        assert "read-only" in refused(change, snapshot, is_read_only=True)


def test_what_is_neither_there_nor_planned_is_refused(organisation: Organisation) -> None:
    gone = SystemAccount(id="gone", name="gone")
    owner = RoleOwner(kind="team", id="gone", name="gone")
    snapshot = organisation.snapshot

    for change in (rename_account(gone, name="x"), assign_role(owner, VIEWER)):
        assert "Konnect does not list this" in refused(change, snapshot, is_read_only=False)


def test_a_list_that_was_not_read_stays_incomplete(organisation: Organisation) -> None:
    from sa_tui.access.effects.planned import with_new
    from sa_tui.org.snapshot import Snapshot

    account, team = NewId("account", key="ci-new"), NewId("team", key="Readers")
    plan = [joined(account, team)]

    snapshot = with_new(plan, Snapshot())

    assert not snapshot.accounts.is_whole
    assert not snapshot.teams.is_whole
    assert snapshot.account(account.text) == SystemAccount(
        id=account.text, name="ci-new", konnect_managed=False
    )
    assert isinstance(snapshot.team(team.text), Team)
    assert with_new([], snapshot) is snapshot
