"""Every verb against every kind of target: what is refused, what is warned of, what is free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.access.refusals import READ_ONLY, refusal
from sa_tui.access.stakes import cautions, holders
from sa_tui.access.verbs import (
    DELETE_ACCOUNT,
    DELETE_TEAM,
    EDIT_ACCOUNT,
    EDIT_TEAM,
    LEAVE_TEAM,
    REMOVE_ROLES,
    REVOKE_ALL_TOKENS,
    REVOKE_TOKENS,
    VERBS,
    Target,
    Verb,
)
from sa_tui.konnect.models import Organization
from sa_tui.org.snapshot import Part, Snapshot
from tests.access.conftest import NOW, Organisation, read, refused, token

# What each verb answers for a zone's account and for a predefined team; all else is free.
MANAGED = {
    "Edit account": "refused",
    "Delete account": "refused",
    "Change teams": "refused",
    "Give roles": "refused",
    "Join teams": "refused",
    "Remove roles": "typed",
    "End memberships": "typed",
    "Issue token": "typed",
    "Rotate token": "typed",
    "Retire token": "typed",
    "Rename token": "typed",
    "Revoke tokens": "typed",
    "Revoke all tokens": "typed",
}
PREDEFINED = {"Edit team", "Delete team", "Give roles", "Remove roles"}
OF_ACCOUNTS = [verb for verb in VERBS if verb.noun not in (None, "team")]
OF_TEAMS = [verb for verb in VERBS if verb.noun in ("team", "role", "membership")]
SEVERAL = {"Change teams", "Remove roles", "Revoke tokens", "Revoke all tokens", "Join teams"} | {
    "End memberships",
    "Delete account",
    "Delete team",
    "Give roles",
    "Rotate token",
}


def _title(verb: Verb) -> str:
    return verb.title


def _ask(verb: Verb, target: Target, snapshot: Snapshot, **how: Any) -> str:
    return refusal(verb, [target], snapshot=snapshot, **{"is_read_only": False, **how})


def _told(verb: Verb, target: Target, snapshot: Snapshot) -> list[tuple[str, bool]]:
    found = cautions(verb, [target], snapshot=snapshot, now=NOW)
    return [(each.text, each.is_typed) for each in found]


def _with(snapshot: Snapshot, managed: bool | None) -> Snapshot:
    rows = snapshot.accounts.rows
    return replace(
        snapshot,
        accounts=read([replace(each, konnect_managed=managed) for each in rows]),
    )


@pytest.fixture
def me(organisation: Organisation) -> Any:
    return organisation.person("ines")


@pytest.fixture
def organisation() -> Organisation:
    return Organisation()


@pytest.fixture
def snapshot(organisation: Organisation, me: Any) -> Snapshot:
    organisation.account("zone", tokens=[token()])
    organisation.team("Release Bots")
    return replace(organisation.snapshot, me=Part(value=me))


ZONE = Target(account_id="account-0")


@pytest.mark.parametrize("verb", OF_ACCOUNTS, ids=_title)
def test_what_a_mesh_zone_uses_is_refused_or_typed_with_its_name(
    verb: Verb, snapshot: Snapshot
) -> None:
    managed = _with(snapshot, True)
    expected = MANAGED.get(verb.title, "allowed")

    reason = _ask(verb, ZONE, managed)
    assert bool(reason) == (expected == "refused")
    assert not reason or reason.startswith("Konnect manages zone for a mesh zone: it cannot be ")
    if expected == "typed":
        assert ("Konnect manages zone for a mesh zone", True) in [
            (text.partition(":")[0], typed) for text, typed in _told(verb, ZONE, managed)
        ]
    assert _ask(verb, ZONE, snapshot) == ""


@pytest.mark.parametrize("verb", OF_ACCOUNTS, ids=_title)
def test_an_account_of_which_nobody_knows_who_manages_it_is_warned_of(
    verb: Verb, snapshot: Snapshot
) -> None:
    unknown = _with(snapshot, None)

    assert _ask(verb, ZONE, unknown) == ""
    told = ("Whether Konnect manages zone for a mesh zone is not known.", True)
    assert (told in _told(verb, ZONE, unknown)) == (verb.title in MANAGED)


@pytest.mark.parametrize("verb", OF_TEAMS, ids=_title)
@pytest.mark.parametrize("is_predefined", [True, False, None])
def test_a_predefined_team_keeps_its_name_and_roles(
    verb: Verb, is_predefined: bool | None, organisation: Organisation
) -> None:
    team = organisation.team("Portal Admin", is_predefined=is_predefined)
    target = Target(team_id=team.id)

    reason = _ask(verb, target, organisation.snapshot)
    assert bool(reason) == (is_predefined is True and verb.title in PREDEFINED)
    if is_predefined is None and verb.title in PREDEFINED:
        assert "is not known" in _told(verb, target, organisation.snapshot)[0][0]


@pytest.mark.parametrize("verb", VERBS, ids=_title)
def test_a_read_only_profile_refuses_every_verb(verb: Verb, snapshot: Snapshot) -> None:
    assert _ask(verb, ZONE, snapshot, is_read_only=True) == READ_ONLY


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.noun], ids=_title)
def test_a_verb_that_takes_one_says_so_while_others_are_marked(
    verb: Verb, snapshot: Snapshot
) -> None:
    reason = _ask(verb, ZONE, snapshot, marked=3)

    assert (reason == "") == (verb.title in SEVERAL)
    assert not reason or reason.endswith("and 3 rows are marked: Esc clears the marks.")


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.noun], ids=_title)
def test_what_is_not_listed_is_not_acted_on(verb: Verb, snapshot: Snapshot) -> None:
    assert _ask(verb, Target(team_id="gone"), snapshot).startswith("Konnect does not list")
    assert refusal(verb, [], snapshot=snapshot, is_read_only=False)
    if verb.ends != "membership":  # somebody who is gone can still be taken out of a team
        assert _ask(verb, Target(account_id="gone"), snapshot).startswith("Konnect does not list")


# kongctl


@pytest.mark.parametrize("verb", [EDIT_TEAM, DELETE_TEAM, REMOVE_ROLES], ids=_title)
@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"KONGCTL-namespace": "core"}, ("in its namespace core:", False)),
        ({"KONGCTL-namespace": "core", "KONGCTL-protected": "true"}, ("and protects it:", True)),
        ({"KONGCTL-namespace": "core", "KONGCTL-protected": "false"}, ("core:", False)),
        ({"env": "prod"}, None),
    ],
)
def test_a_team_of_kongctl_is_changed_with_a_warning(
    verb: Verb, labels: Any, told: Any, organisation: Organisation, me: Any
) -> None:
    team = organisation.team("Pipelines", labels=labels)
    organisation.team_details[team.id] = replace(
        organisation.team_details[team.id], accounts=read([]), users=read([])
    )
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    found = _told(verb, Target(team_id=team.id), snapshot)
    if told is None:
        assert found == []
        return
    ((text, is_typed),) = found
    assert text.startswith("kongctl manages Pipelines")
    assert text.endswith("its next run undoes what is changed here.")
    assert (told[0] in text, is_typed) == (True, told[1])


# The session and its operator


@pytest.mark.parametrize(
    ("verb", "is_typed"), [(DELETE_ACCOUNT, True), (REMOVE_ROLES, True), (REVOKE_ALL_TOKENS, False)]
)
def test_a_session_of_a_system_account_says_that_it_may_be_concerned(
    verb: Verb, is_typed: bool, snapshot: Snapshot
) -> None:
    by_account = replace(snapshot, has_person=False, me=Part())

    ((text, typed),) = _told(verb, ZONE, by_account)
    assert "This session runs on the token of a system account" in text
    assert "it cannot be ruled out that it is concerned (zone)" in text
    assert typed == is_typed
    assert _told(verb, ZONE, snapshot) == []


def test_a_token_that_is_dead_is_not_the_session_s_own(snapshot: Snapshot) -> None:
    by_account = replace(snapshot, has_person=False, me=Part())
    dead = Target(account_id="account-0", token=token(expires_in=-1))
    alive = Target(account_id="account-0", token=token())

    assert _told(REVOKE_TOKENS, dead, by_account) == []
    assert len(_told(REVOKE_TOKENS, alive, by_account)) == 1


def test_who_could_not_be_asked_who_they_are_may_be_anybody(snapshot: Snapshot) -> None:
    unknown = replace(snapshot, me=refused())
    someone = Target(team_id="team-0", user_id="user-0")

    assert "could not be read" in _told(DELETE_ACCOUNT, ZONE, unknown)[0][0]
    assert ("Whether this is you is not known.", True) in _told(LEAVE_TEAM, someone, unknown)


def test_the_operator_is_told_that_it_is_them(organisation: Organisation, me: Any) -> None:
    team = organisation.team("Release Bots")
    organisation.team_details[team.id] = replace(
        organisation.team_details[team.id], accounts=read([]), users=read([me])
    )
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    leaving = _told(LEAVE_TEAM, Target(team_id=team.id, user_id=me.id), snapshot)
    assert leaving == [("This is you: you lose what team Release Bots gives you.", True)]
    for verb in (DELETE_TEAM, REMOVE_ROLES):
        assert _told(verb, Target(team_id=team.id), snapshot) == [
            ("You are in team Release Bots: you lose what it gives you.", True)
        ]


# The last administrator


def _admins(organisation: Organisation, *people: Any, whole: bool = True) -> Any:
    team = organisation.team("organization-admin", is_predefined=True)
    members = read(people) if whole else read(people, incomplete="there are more")
    organisation.team_details[team.id] = replace(
        organisation.team_details[team.id], accounts=read([]), users=members
    )
    return team


def test_the_last_administrator_is_told_so(organisation: Organisation, me: Any) -> None:
    other = organisation.person("tomas")
    team = _admins(organisation, other)
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    found = _told(LEAVE_TEAM, Target(team_id=team.id, user_id=other.id), snapshot)
    assert found == [
        (
            "Nobody holds Organization Admin after this: it may not be possible to give it back.",
            True,
        )
    ]


def test_one_of_two_administrators_is_not_the_last(organisation: Organisation, me: Any) -> None:
    other = organisation.person("tomas")
    team = _admins(organisation, other, me)
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    assert _told(LEAVE_TEAM, Target(team_id=team.id, user_id=other.id), snapshot) == []


def test_an_inactive_administrator_does_not_count(organisation: Organisation, me: Any) -> None:
    other = organisation.person("tomas")
    gone = organisation.person("gone", is_active=False)
    team = _admins(organisation, other, gone)
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    assert (
        "Nobody holds"
        in _told(LEAVE_TEAM, Target(team_id=team.id, user_id=other.id), snapshot)[0][0]
    )


def test_unread_administrators_are_unknown_and_not_none(
    organisation: Organisation, me: Any
) -> None:
    other = organisation.person("tomas")
    team = _admins(organisation, other, whole=False)
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    found = _told(LEAVE_TEAM, Target(team_id=team.id, user_id=other.id), snapshot)
    assert found == [
        ("Whether anybody else holds Organization Admin after this is not known.", True)
    ]


@pytest.mark.parametrize("verb", [DELETE_ACCOUNT, REMOVE_ROLES, REVOKE_ALL_TOKENS], ids=_title)
def test_the_last_identity_admin_is_told_so(
    verb: Verb, organisation: Organisation, me: Any
) -> None:
    role = organisation.role("Admin", "Identity")
    account = organisation.account("minter", role, tokens=[token()])
    snapshot = replace(organisation.snapshot, me=Part(value=me))
    target = Target(account_id=account.id, roles=(role,))

    assert [text for text, _ in _told(verb, target, snapshot)] == [
        "Nobody holds Identity Admin after this: it may not be possible to give it back."
    ]
    organisation.account("second", organisation.role("Admin", "Identity"))
    assert _told(verb, target, replace(organisation.snapshot, me=Part(value=me))) == []


def test_a_token_beside_another_that_lives_takes_no_power(
    organisation: Organisation, me: Any
) -> None:
    role = organisation.role("Admin", "Identity")
    old, new = token("old"), token("new")
    account = organisation.account("minter", role, tokens=[old, new])
    snapshot = replace(organisation.snapshot, me=Part(value=me))

    assert _told(REVOKE_TOKENS, Target(account_id=account.id, token=old), snapshot) == []
    assert len(_told(REVOKE_ALL_TOKENS, Target(account_id=account.id), snapshot)) == 1
    both = [Target(account_id=account.id, token=each) for each in (old, new)]
    assert len(cautions(REVOKE_TOKENS, both, snapshot=snapshot, now=NOW)) == 1


def test_a_team_that_gives_identity_admin_makes_its_members_holders(
    organisation: Organisation,
) -> None:
    account = organisation.account("minter")
    team = organisation.team("Minters", organisation.role("Admin", "Identity"))
    organisation.team_details[team.id] = replace(
        organisation.team_details[team.id], accounts=read([account]), users=read([])
    )

    found = holders("Identity Admin", organisation.snapshot)
    assert (found.certain, found.is_complete) == (frozenset({("account", account.id)}), True)


def test_an_edit_takes_nothing_away(snapshot: Snapshot) -> None:
    assert _told(EDIT_ACCOUNT, ZONE, replace(snapshot, has_person=False, me=Part())) == []


# The caller's own rights


def _caller(organisation: Organisation, me: Any, *, owner: str | None = "somebody") -> Snapshot:
    about = Part(value=Organization(id="o", owner_id=owner))
    return replace(organisation.snapshot, me=Part(value=me), organization=about)


@pytest.mark.parametrize("verb", VERBS, ids=_title)
def test_who_certainly_has_no_right_is_told_which(verb: Verb, organisation: Organisation) -> None:
    organisation.account("zone", tokens=[token()])
    viewers = organisation.team("Viewers", organisation.role("Viewer"))
    reader = organisation.team("organization-admin-readonly", is_predefined=True)
    me = organisation.person("ines", organisation.role("Viewer"), teams=[viewers, reader])

    assert _ask(verb, ZONE, _caller(organisation, me)) == (
        "Only the Organization Admin team and the Identity Admin role may "
        f"{verb.needs}, and you have neither: r reads it again."
    )


def test_a_right_that_is_held_or_not_known_to_be_missing_stands_in_no_way(
    organisation: Organisation,
) -> None:
    new, role = organisation.team, organisation.role
    organisation.account("zone")
    admins = new("organization-admin", is_predefined=True)
    identity = new("Minters", role("Admin", "Identity"))
    odd = new("galaxy-admin", is_predefined=True)
    unread = new("Unread", part=Part())
    partly = new("Partly", part=read([], incomplete="there may be more"))
    strange = new("Strange", role("Owner", "Identity"))
    blank = new("Blank", role(None, None))
    people = [
        organisation.person("direct", role("Admin", "Identity")),
        *(
            organisation.person(team.name, teams=[team])
            for team in (admins, identity, odd, unread, partly, strange, blank)
        ),
        organisation.person("refused", parts={"roles": refused()}),
        organisation.person("more", parts={"teams": read([], incomplete="there may be more")}),
    ]
    nobody = organisation.person("nobody")

    for me in people:
        assert _ask(EDIT_ACCOUNT, ZONE, _caller(organisation, me)) == "", me.full_name
    assert _ask(EDIT_ACCOUNT, ZONE, _caller(organisation, nobody)).startswith("Only the")
    for owner in (nobody.id, None):  # the owner is an administrator, whatever the lists say
        assert _ask(EDIT_ACCOUNT, ZONE, _caller(organisation, nobody, owner=owner)) == ""
    unknown = replace(_caller(organisation, nobody), me=refused())
    assert _ask(EDIT_ACCOUNT, ZONE, unknown) == ""


def test_whether_the_operator_is_in_a_team_may_be_unknown(
    organisation: Organisation, me: Any
) -> None:
    team = organisation.team("Release Bots")
    organisation.team_details[team.id] = replace(
        organisation.team_details[team.id], accounts=read([]), users=refused()
    )
    snapshot = replace(organisation.snapshot, me=Part(value=me))
    told = _told(DELETE_TEAM, Target(team_id=team.id), snapshot)
    assert ("Whether you are in team Release Bots is not known.", True) in told
