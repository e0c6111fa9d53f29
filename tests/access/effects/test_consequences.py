"""Changes of any kind are weighed by the same rules, alone and together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sa_tui.access.effects.consequences import consequences
from sa_tui.access.effects.guards import REMOVALS_TO_TYPE, to_type, typeable
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.org.changes.accounts import delete_account, rename_account, revoke_token
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role, remove_role
from sa_tui.org.changes.teams import Member, delete_team, join_team, leave_team
from sa_tui.org.snapshot import Part, Snapshot
from tests.access.conftest import NOW, Organisation, read, refused, token

if TYPE_CHECKING:
    from sa_tui.access.effects.values import Consequences
    from sa_tui.org.changes.change import Change

VIEWER = RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
)
GONE = SystemAccount(id="gone", name="gone")
GONE_TEAM = Team(id="gone", name="gone")
NOBODY_LEFT = "Nobody holds Identity Admin after this: it may not be possible to give it back."


def weighed(snapshot: Snapshot, *changes: Change) -> Consequences:
    return consequences(changes, snapshot=snapshot, now=NOW)


def test_no_change_has_no_effect_and_one_without_access_says_so() -> None:
    account = SystemAccount(id="a", name="a", konnect_managed=False)
    snapshot = Organisation().snapshot

    assert weighed(snapshot) == replace(weighed(snapshot), changes=(), effect=(), warnings=())
    (line,) = weighed(snapshot, rename_account(account, name="b")).effect
    assert line.plain == "Nobody gains or loses access."


def test_changes_of_several_kinds_that_end_every_administrator_are_typed(
    organisation: Organisation,
) -> None:
    """Each kind alone leaves an administrator; all together leave none."""
    role = organisation.role("Admin", "Identity")
    team = organisation.team("Powers", organisation.role("Admin", "Identity"))
    direct = organisation.account("direct", role)
    member = organisation.account("member", teams=[team])
    members = replace(organisation.team_details[team.id], accounts=read([member]), users=read([]))
    organisation.team_details[team.id] = members
    owner = RoleOwner(kind="account", id=direct.id, name=direct.name)
    take = remove_role(owner, role)
    leave = leave_team(Member(kind="account", id=member.id, name=member.name), team)
    snapshot = organisation.snapshot

    for alone in (take, leave):
        assert NOBODY_LEFT not in weighed(snapshot, alone).warnings
    both = weighed(snapshot, take, leave)

    assert NOBODY_LEFT in both.warnings
    assert {change.level for change in both.changes} == {"type"}


def test_several_revocations_are_typed_and_a_caution_of_one_counts_for_all(
    organisation: Organisation,
) -> None:
    unused = [token(str(number), used_ago=None) for number in range(2)]
    account = organisation.account("a", tokens=unused)
    one, two = (revoke_token(account, row) for row in unused)
    # Konnect does not say whose token a session runs on: asked of a person, it is not theirs.
    me = organisation.person("ines")
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    assert [change.level for change in weighed(snapshot, one).changes] == ["ask"]
    assert [change.level for change in weighed(snapshot, one, two).changes] == ["type", "type"]
    assert to_type(weighed(snapshot, one, two).changes) == "2"


def test_what_was_not_read_is_a_warning_and_never_no_loss(organisation: Organisation) -> None:
    account = organisation.account("a", parts={"roles": refused(), "tokens": refused()})

    means = weighed(organisation.snapshot, delete_account(account))

    assert any("a: roles could not be read" in text for text in means.warnings)
    assert any("Direct roles: NOT KNOWN" in line.plain for line in means.effect)
    assert not any("none" in line.plain for line in means.effect if "Direct" in line.plain)


@pytest.mark.parametrize(
    "change",
    [
        revoke_token(GONE, token()),
        delete_account(GONE),
        delete_team(GONE_TEAM),
        join_team(Member(kind="account", id="gone", name="gone"), GONE_TEAM),
        leave_team(Member(kind="user", id="gone", name="gone"), GONE_TEAM),
    ],
    ids=lambda change: change.verb,
)
def test_what_is_not_known_at_all_is_never_said_to_change_no_access(change: Change) -> None:
    means = weighed(Snapshot(), change)

    assert [line.plain for line in means.effect] == ["Who gains or loses access is not known."]
    assert any("not read" in text for text in means.warnings)


def test_each_of_several_owners_and_accounts_has_its_name_above_its_effect(
    organisation: Organisation,
) -> None:
    accounts = [organisation.account(name) for name in ("first", "second")]
    owners = [RoleOwner(kind="account", id=row.id, name=row.name) for row in accounts]
    snapshot = organisation.snapshot

    given = weighed(snapshot, *(assign_role(owner, VIEWER) for owner in owners)).effect
    ended = weighed(snapshot, *map(delete_account, accounts)).effect

    for effect in (given, ended):
        strong = [line.plain for line in effect if line.tone == "strong"]
        assert [name for name in strong if name in ("first", "second")] == ["first", "second"]


@pytest.mark.parametrize(
    ("count", "typed"), [(1, None), (REMOVALS_TO_TYPE - 1, None), (REMOVALS_TO_TYPE, "5")]
)
def test_many_removals_are_confirmed_by_their_number(
    count: int, typed: str | None, organisation: Organisation
) -> None:
    teams = [organisation.team(f"T{number}") for number in range(count)]
    account = organisation.account("a", teams=teams)
    member = Member(kind="account", id=account.id, name=account.name)

    assert to_type([leave_team(member, team) for team in teams]) == typed
    assert to_type([join_team(member, team) for team in teams]) is None


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("ci-eu", "ci-eu"),
        ("  two words ", "two words"),
        ("", "12345678"),
        ("ünï", "12345678"),
        ("a\nb", "12345678"),
        ("x" * 41, "12345678"),
        ("\u202eabc", "12345678"),
    ],
)
def test_a_name_that_is_hard_to_type_gives_way_to_the_id(name: str, typed: str) -> None:
    assert typeable(name, "12345678-9abc") == typed
    assert typeable("", "") == "yes"
