"""Accounts and teams as subjects: what of them can be searched, and what is made anew when."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.access.answer import Answer
from sa_tui.access.query.language import parse
from sa_tui.access.query.search import Search
from sa_tui.access.reader import read_access, team_subjects
from sa_tui.access.subjects import Access
from sa_tui.org.snapshot import TeamDetails

from .conftest import NOW, UNREAD, personal_token, read, refused, token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.access.subjects import Subject

    from .conftest import Organisation


def found(subjects: Iterable[Subject], text: str) -> list[str]:
    """The names of those that a query finds for sure, in their order."""
    search = Search(parse(text), Access(subjects=()), now=NOW)
    return [each.name for each in subjects if search.answer(each) is Answer.YES]


# Teams


def test_a_team_holds_its_roles_itself(organisation: Organisation) -> None:
    organisation.team("Readers", organisation.role("Viewer", region="eu"))

    (team,) = team_subjects(organisation.snapshot)

    assert (team.kind, team.name, team.is_complete) == ("team", "Readers", True)
    assert [(g.role, g.region, g.via, g.is_implied) for g in team.grants] == [
        ("Viewer", "eu", None, False)
    ]
    assert (team.tokens, team.tokens_missing) == ((), None)


def test_a_predefined_team_holds_what_it_implies(organisation: Organisation) -> None:
    # Konnect lists no roles of its own teams: that one of them gives everything is documented.
    organisation.team("Organization Admin", is_predefined=True)
    organisation.team("Organization Admin")  # anybody's, of the same name: gives nothing
    organisation.team("Sorcerers", is_predefined=True)  # nobody knows

    admin, namesake, unknown = team_subjects(organisation.snapshot)

    assert [(g.role, g.kind, g.via, g.is_implied) for g in admin.grants] == [
        ("Organization Admin", "*", None, True)
    ]
    assert (namesake.grants, namesake.missing) == ((), ())
    assert unknown.missing == ('what the predefined team "Sorcerers" gives is not documented',)
    assert admin.can_mint is Answer.YES
    assert namesake.can_mint is Answer.NO
    assert unknown.can_mint is Answer.UNKNOWN


def test_roles_of_a_team_that_were_not_read_are_unknown(organisation: Organisation) -> None:
    organisation.team("Readers", part=UNREAD)

    (team,) = team_subjects(organisation.snapshot)

    assert team.missing == ("its roles: not read",)
    assert team.roles_missing == "not read"


@pytest.mark.parametrize("text", ["READ", "of logs", "team-0", "env=prod", "custom", "r*s"])
def test_a_word_finds_a_team_by_what_its_row_shows(organisation: Organisation, text: str) -> None:
    organisation.team("Readers", description="Readers of logs", labels={"env": "prod"})
    organisation.team("Portal Admin", is_predefined=True)

    assert found(team_subjects(organisation.snapshot), f'"{text}"') == ["Readers"]
    assert found(team_subjects(organisation.snapshot), "predefined") == ["Portal Admin"]


def test_a_team_is_made_anew_only_when_its_row_or_its_roles_changed(
    organisation: Organisation,
) -> None:
    changed, renamed, same = (organisation.team(each) for each in ("A", "B", "C"))
    before = team_subjects(organisation.snapshot)
    organisation.team_details[changed.id] = TeamDetails(roles=read([organisation.role()]))
    organisation.teams[1] = replace(renamed, name="Z")
    organisation.teams[2] = replace(same)  # read again, and the same

    after = team_subjects(organisation.snapshot, before=before)

    assert [each.name for each in after] == ["A", "Z", "C"]
    assert len(after[0].grants) == 1
    assert [one is other for one, other in zip(before, after, strict=True)] == [False, False, True]


# Accounts


def test_an_account_is_made_anew_only_when_something_of_it_changed(
    organisation: Organisation,
) -> None:
    readers, writers = organisation.team("Readers"), organisation.team("Writers")
    organisation.account("renamed")
    organisation.account("changed")
    organisation.account("reader", teams=[readers])
    organisation.account("writer", teams=[writers, readers])
    organisation.account("other", teams=[writers])
    before = organisation.access
    organisation.accounts = [replace(each) for each in organisation.accounts]
    organisation.accounts[0] = replace(organisation.accounts[0], description="new")
    details = organisation.details["account-1"]
    organisation.details["account-1"] = replace(details, tokens=read([token()]))
    organisation.team_details[readers.id] = TeamDetails(roles=read([organisation.role("Viewer")]))

    after = read_access(organisation.snapshot, before=before)

    kept = [each.name for each in after.subjects if before.subject(each.id) is each]
    assert kept == ["other"]
    fresh = organisation.access
    for one, other in zip(after.subjects, fresh.subjects, strict=True):
        assert replace(one, made_from=None).__dict__ == replace(other, made_from=None).__dict__


def test_an_account_that_left_a_team_is_made_anew(organisation: Organisation) -> None:
    readers = organisation.team("Readers", organisation.role("Viewer"))
    organisation.account("reader", teams=[readers])
    before = organisation.access
    organisation.details["account-0"] = replace(organisation.details["account-0"], teams=read([]))

    (subject,) = read_access(organisation.snapshot, before=before).subjects

    assert subject.grants == ()


def test_what_becomes_unread_is_unknown_again(organisation: Organisation) -> None:
    organisation.account("ci", organisation.role())
    before = organisation.access
    forgotten = replace(organisation.snapshot, details=MappingProxyType({}))

    (subject,) = read_access(forgotten, before=before).subjects

    assert not subject.is_complete


# People


def test_people_come_after_the_accounts_when_they_are_asked_for(organisation: Organisation) -> None:
    readers = organisation.team("Readers", organisation.role("Viewer"))
    organisation.account("ci", teams=[readers])
    organisation.person("ines", organisation.role("Admin", region="eu"), teams=[readers])
    organisation.person("", tokens=[personal_token()])

    assert [each.kind for each in read_access(organisation.snapshot).subjects] == ["account"]
    _, ines, nameless = organisation.access.subjects
    assert (ines.kind, ines.name, ines.description) == ("person", "ines", "ines@example.com")
    assert [(g.role, g.via and g.via.name) for g in ines.grants] == [
        ("Admin", None),
        ("Viewer", "Readers"),
    ]
    assert (nameless.name, nameless.description) == ("@example.com", "@example.com")
    assert [each.name for each in nameless.tokens] == ["laptop"]
    assert ines.is_managed is False


def test_a_person_is_made_anew_only_when_something_of_theirs_changed(
    organisation: Organisation,
) -> None:
    readers = organisation.team("Readers")
    for name in ("same", "changed", "member"):
        organisation.person(name, teams=[readers] if name == "member" else [])
    before = organisation.access
    details = organisation.user_details["user-1"]
    organisation.user_details["user-1"] = replace(details, roles=read([organisation.role()]))
    organisation.team_details[readers.id] = TeamDetails(roles=read([organisation.role("Viewer")]))

    after = read_access(organisation.snapshot, before=before, with_people=True)

    assert [each.name for each in after.subjects if before.subject(each.id) is each] == ["same"]
    assert [len(each.grants) for each in after.subjects] == [0, 1, 1]


@pytest.mark.parametrize("text", ["ines", "Nessie", "ines@ex", "user-0", "n*e"])
def test_a_word_finds_a_person_by_names_address_and_id(
    organisation: Organisation, text: str
) -> None:
    organisation.person("ines", preferred_name="Nessie")
    organisation.person("tobias")

    assert found(organisation.access.subjects, text) == ["ines"]


def test_people_and_accounts_are_told_apart(organisation: Organisation) -> None:
    organisation.account("ci")
    organisation.person("ines")

    assert found(organisation.access.subjects, "is:person") == ["ines"]
    assert found(organisation.access.subjects, "is:account") == ["ci"]
    assert found(team_subjects(organisation.snapshot), "is:account OR is:person") == []


@pytest.mark.parametrize(
    ("is_active", "tokens", "armed"),
    [
        # Whoever is active signs in without a token.
        (True, read([]), Answer.YES),
        (True, refused(), Answer.YES),
        # Disabled, or the address is not confirmed: a token may still work, a revoked one not.
        (False, read([]), Answer.NO),
        (False, read([personal_token()]), Answer.YES),
        (False, read([personal_token(state="REVOKED")]), Answer.NO),
        (False, read([personal_token(state="SLEEPING")]), Answer.UNKNOWN),
        (False, refused(), Answer.UNKNOWN),
        # Konnect did not say whether they are active.
        (None, read([]), Answer.UNKNOWN),
        (None, read([personal_token()]), Answer.YES),
    ],
)
def test_a_person_is_armed_by_being_active_or_by_a_token(
    organisation: Organisation, is_active: bool | None, tokens: Any, armed: Answer
) -> None:
    organisation.person("ines", is_active=is_active, parts={"tokens": tokens})

    (ines,) = organisation.access.subjects

    assert ines.is_armed(NOW) is armed


@pytest.mark.parametrize(
    ("is_active", "used_ago", "idle"),
    [
        # When somebody signed in last, nobody is told; that a token was used is.
        (True, None, Answer.UNKNOWN),
        (True, 200, Answer.UNKNOWN),
        (True, 2, Answer.NO),
        (False, 200, Answer.YES),
    ],
)
def test_whether_an_active_person_is_idle_is_never_certain(
    organisation: Organisation, is_active: bool, used_ago: float | None, idle: Answer
) -> None:
    token = personal_token(used_ago=used_ago, age=300)
    organisation.person("ines", is_active=is_active, tokens=[token])
    search = Search(parse("is:idle"), organisation.access, now=NOW)

    assert search.answer(organisation.access.subjects[0]) is idle


def test_people_that_could_not_be_listed_leave_everything_open(organisation: Organisation) -> None:
    snapshot = replace(organisation.snapshot, people=refused())

    assert read_access(snapshot).is_complete
    access = read_access(snapshot, with_people=True)
    assert not access.is_complete
    assert (access.missing or "").startswith(
        "people: Konnect does not allow this. Konnect said 403."
    )


# Tokens


def test_in_a_list_of_tokens_terms_about_a_token_are_about_its_own(
    organisation: Organisation,
) -> None:
    # `old` has expired, `new` lives and was never used; the account has one live token.
    old, new = token("old", expires_in=-1), token("new", used_ago=None)
    organisation.account("ci", organisation.role(), tokens=[old, new])
    (account,) = organisation.access.subjects
    rows = [account.for_token(each, NOW) for each in account.tokens]

    def tokens(text: str) -> list[str]:
        search = Search(parse(text), organisation.access, now=NOW)
        matches = [match for row in rows if (match := search.match(row))]
        assert all(match.tokens in ((), (match.subject.token,)) for match in matches)
        return [match.subject.token.name for match in matches if match.subject.token]

    assert tokens("expires:<0d") == ["old"]
    assert tokens("-expires:<0d") == ["new"]
    assert tokens("used:never") == tokens("unused") == tokens("live") == ["new"]
    assert tokens("expired") == tokens("token:old") == tokens("token-old") == ["old"]
    assert tokens("tokens:1 is:armed role:Admin") == tokens("ci") == ["old", "new"]
    assert tokens("account-0 has:tokens") == ["old", "new"]


def test_that_other_tokens_were_not_read_does_not_make_one_uncertain(
    organisation: Organisation,
) -> None:
    part = read([token("new")], incomplete="Konnect counts 9.")
    organisation.account("ci", parts={"tokens": part})
    (account,) = organisation.access.subjects
    search = Search(parse("used:never"), organisation.access, now=NOW)

    assert search.answer(account) is Answer.UNKNOWN
    assert search.answer(account.for_token(account.tokens[0], NOW)) is Answer.NO


def test_a_token_of_unknown_state_is_found_by_that_word(organisation: Organisation) -> None:
    odd = token("odd", used_ago=None, unreadable={"last_used_at": "x", "expires_at": "y"})
    organisation.account("ci", tokens=[odd])
    (account,) = organisation.access.subjects
    row = account.for_token(odd, NOW)

    assert found([row], "unknown") == ["ci"]
    assert found([row], "unused") == found([row], "live") == []


def test_an_account_that_could_not_be_read_is_a_subject_all_the_same(
    organisation: Organisation,
) -> None:
    organisation.account("hidden", parts={"roles": refused(), "teams": UNREAD, "tokens": UNREAD})

    assert found(organisation.access.subjects, "hid") == ["hidden"]
