"""What queries find, in organisations whose right answers are worked out beside them."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.access.answer import Answer
from sa_tui.access.matrix import by_region, by_role, by_type
from sa_tui.access.query.language import parse
from sa_tui.access.query.search import Search
from sa_tui.access.query.words import complete, misplaced, notices, read_vocabulary
from sa_tui.access.reader import read_access, team_subjects
from sa_tui.access.roles import implied_by
from sa_tui.access.why import compare, explain
from sa_tui.konnect.entities import LISTED_TYPES
from sa_tui.konnect.models import AccessToken
from sa_tui.konnect.predefined import API_NAMES, documented
from sa_tui.konnect.regions import REGIONS

from ..conftest import NOW, UNREAD, read, refused, token

if TYPE_CHECKING:
    from sa_tui.access.subjects import Kind

    from ..conftest import Organisation


def found(organisation: Organisation, text: str) -> dict[str, Answer]:
    search = Search(parse(text), organisation.access, now=NOW)
    return {match.subject.name: match.answer for match in search.matches()}


def names(organisation: Organisation, text: str) -> list[str]:
    """The accounts that are found for sure; none may be uncertain."""
    answers = found(organisation, text)
    assert set(answers.values()) <= {Answer.YES}
    return sorted(answers)


@pytest.fixture
def fleet(organisation: Organisation) -> Organisation:
    """Five accounts of which no two can do the same.

    ci         Admin of prod-eu itself, Viewer of everything in the US through Readers
    deployer   Deployer of prod-eu and of prod-us; a token that expires in 8 days, never used
    root       Organization Admin: everything, by implication
    minter     Identity Admin
    empty      nothing, not even a token
    """
    role = organisation.role
    prod_eu = organisation.entity("prod-eu", region="eu").id
    prod_us = organisation.entity("prod-us", region="us").id
    organisation.entity("Shipments", type_name="APIs", region="us")
    readers = organisation.team("Readers", role("Viewer", region="us"))
    root = organisation.team("Organization Admin", is_predefined=True)
    organisation.account(
        "ci",
        role("Admin", entity_id=prod_eu, region="eu"),
        teams=[readers],
        tokens=[token("a", expires_in=-5), token("b", expires_in=60, used_ago=2)],
        description="owner: ines@example.com deploys",
    )
    organisation.account(
        "deployer",
        role("Deployer", entity_id=prod_eu, region="eu"),
        role("Deployer", entity_id=prod_us, region="us"),
        tokens=[token("c", expires_in=8, used_ago=None)],
    )
    organisation.account("root", teams=[root], tokens=[token("d", used_ago=120)])
    organisation.account("minter", role("Admin", "Identity"), tokens=[token("e")])
    organisation.account("empty")
    organisation.list_the_rest()
    return organisation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Coverage: Admin includes Viewer; the Readers' grant is for the US, where prod-eu is not.
        ("role:Viewer entity:prod-eu", ["ci", "root"]),
        ("role:Viewer entity:prod-us", ["ci", "root"]),
        ("role:Admin type:cp", ["ci", "root"]),
        ("role:Admin type:cp region:us", ["root"]),
        # On one grant: ci has Admin in the EU and a view of the US, not Admin in the US.
        ("(role:Admin type:cp) (region:us)", ["ci", "root"]),
        ("role:Deployer entity:prod*", ["ci", "deployer", "root"]),
        ("role:Deployer entity:prod-us", ["deployer", "root"]),
        # Literally: written so.
        ("role=Viewer", ["ci"]),
        ("entity=*", ["ci", "minter", "root"]),
        ("entity=prod-us", ["deployer"]),
        ("role=Deployer region=us", ["deployer"]),
        ("type=cp", ["ci", "deployer"]),
        ("region!=eu type=cp", ["ci", "deployer"]),
        # Everything, what is to come included.
        ("entity:* type:cp", ["ci", "root"]),
        ("entity:* type:cp region:*", ["root"]),
        # Everything of a type reaches the entities of that type alone.
        ("role:Viewer entity:Shipments", ["root"]),
        ("via:direct", ["ci", "deployer", "minter"]),
        ("via:team", ["ci", "root"]),
        ("via:read role:Viewer", ["ci"]),
        ('via="Readers"', ["ci"]),
        ("tier:read type:cp", ["ci", "deployer", "root"]),
        ("tier:W type:cp", ["ci", "deployer", "root"]),
        ("tier=W", ["deployer"]),
        ("tier:admin type:cp", ["ci", "root"]),
        ("can:mint", ["minter", "root"]),
        ("is:admin", ["minter", "root"]),
        ("-role:Viewer", ["deployer", "empty", "minter"]),
        ("-(role:Viewer region:us) is:armed", ["deployer", "minter"]),
        ("type:portal", ["root"]),
        ("type:c*", ["ci", "deployer", "root"]),
        # Accounts and their tokens.
        ("is:armed", ["ci", "deployer", "minter", "root"]),
        ("is:orphan", ["empty"]),
        ("is:idle", ["deployer", "root"]),
        ("is:idle used:>90d", ["root"]),
        ("has:tokens -has:roles", ["root"]),
        ("team:*", ["ci", "root"]),
        ("team:read", ["ci"]),
        ("tokens:0", ["empty"]),
        ("tokens:>=1", ["ci", "deployer", "minter", "root"]),
        ("used:never expires:<30d", ["deployer"]),
        ("expires:<30d", ["deployer"]),
        ("expires:<0d", ["ci"]),
        # On one token: the expired one of ci was used a day ago, the live one two days ago.
        ("expires:<0d used:>36h", []),
        ("(expires:<0d) (used:>36h)", ["ci"]),
        ("owner:ines*", ["ci"]),
        ("desc:deploys", ["ci"]),
        ("has:owner", ["ci"]),
        ("name:e", ["deployer", "empty", "minter"]),
        ("name=CI", ["ci"]),
        ("name:m*", ["minter"]),
        ("id:account-1", ["deployer"]),
        ("dep OR name:root", ["ci", "deployer", "root"]),
        ("created:>30d name:ci", ["ci"]),
        ("token:b", ["ci"]),
        ("", ["ci", "deployer", "empty", "minter", "root"]),
    ],
)
def test_a_query_finds_the_accounts_it_should(
    fleet: Organisation, text: str, expected: list[str]
) -> None:
    assert names(fleet, text) == expected


def test_a_match_tells_the_grants_and_tokens_that_are_meant(fleet: Organisation) -> None:
    search = Search(parse("role:Viewer region:eu expires:>0d"), fleet.access, now=NOW)
    ci = next(match for match in search.matches() if match.subject.name == "ci")

    assert [grant.role for grant in ci.grants] == ["Admin"]
    assert [each.name for each in ci.tokens] == ["b"]


@pytest.mark.parametrize(
    ("text", "becoming"),
    [
        ("role:Admin type:cp", ["minter"]),
        ("role:Admin type:cp is:armed", ["minter"]),
        ("role:Admin type:cp name:ci", []),
        ("role:Admin type:cp -is:armed", []),
        ("ci OR type:portal", ["minter"]),
        ("role:Admin type:idn", []),  # who has it need not become so
        ("can:mint", []),
        ("-role:Admin", []),
        ("is:armed", []),
        ("role=Admin type=cp", []),  # nobody has by writing what another has
        ("via:team role:Admin", []),
    ],
)
def test_who_can_mint_can_become_whoever_can(
    fleet: Organisation, text: str, becoming: list[str]
) -> None:
    search = Search(parse(text), fleet.access, now=NOW)

    found = search.becoming()
    assert [match.subject.name for match in found] == becoming
    assert all(grant.kind == "identity" for match in found for grant in match.grants)
    assert not {match.subject.name for match in search.matches()} & set(becoming)


def test_who_may_have_it_and_can_mint_is_uncertain_and_not_said_to_have_nothing(
    organisation: Organisation,
) -> None:
    parts = {"teams": UNREAD}
    organisation.account("minter", organisation.role("Admin", "Identity"), parts=parts)

    search = Search(parse("role:Admin type:cp"), organisation.access, now=NOW)
    assert search.becoming() == ()
    assert [match.answer for match in search.matches()] == [Answer.UNKNOWN]


def test_what_a_query_excludes_is_not_meant(fleet: Organisation) -> None:
    search = Search(parse("name:ci -role=Galaxy"), fleet.access, now=NOW)

    assert not search.is_about_grants
    assert [match.grants for match in search.matches()] == [()]


def test_an_entity_is_found_by_the_beginning_of_its_id(organisation: Organisation) -> None:
    id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
    organisation.account("ci", organisation.role("Viewer", entity_id=id, region="eu"))

    assert names(organisation, "entity:497f6e") == ["ci"]
    assert names(organisation, f"entity:{id}") == ["ci"]
    assert names(organisation, "entity:597f6eca-6276-4993-bfeb-53cbbbba6f08") == []


def test_a_name_that_is_not_visible_may_be_any(organisation: Organisation) -> None:
    # Without the list of control planes, `hidden` may be what is called prod.
    organisation.account("ci", organisation.role("Viewer", entity_id="hidden", region="eu"))

    assert found(organisation, "entity:prod") == {"ci": Answer.UNKNOWN}
    organisation.entity("prod", region="eu")
    organisation.list_the_rest()
    # The list is complete, and what it does not have is gone.
    assert found(organisation, "entity:prod") == {}


EVERYTHING = ("Viewer", "Control Planes", "*", "*")


def test_everything_of_a_type_may_be_what_no_list_named_yet(organisation: Organisation) -> None:
    organisation.account("ci", organisation.role(*EVERYTHING))
    organisation.entity("test", region="us")

    assert found(organisation, "type:cp entity:prod") == {"ci": Answer.UNKNOWN}
    organisation.list_the_rest()
    assert found(organisation, "type:cp entity:prod") == {}
    organisation.entity("prod", region="eu")
    assert names(organisation, "type:cp entity:prod") == ["ci"]


@pytest.mark.parametrize("part", [refused(), read((), incomplete="Konnect counts 9."), UNREAD])
def test_a_list_that_was_not_read_in_full_leaves_everything_of_its_type_open(
    organisation: Organisation, part: Any
) -> None:
    organisation.account("everywhere", organisation.role(*EVERYTHING))
    organisation.account("us", organisation.role("Viewer", region="us"))
    organisation.account("portals", organisation.role("Viewer", "Portals"))
    organisation.entity("test", region="us")
    organisation.entity("developers", type_name="Portals", region="us")
    organisation.list_the_rest()
    organisation.entities["Control Planes", "eu"] = part

    assert found(organisation, "type:cp entity:prod") == {"everywhere": Answer.UNKNOWN}
    search = Search(parse("type:cp entity:prod"), organisation.access, now=NOW)
    search.matches()
    assert search.doubtful_lists == (("Control Planes", "eu"),)


def test_everything_of_a_region_does_not_reach_a_name_of_another(
    organisation: Organisation,
) -> None:
    organisation.account("ci", organisation.role("Viewer", region="us"))
    organisation.entity("prod", region="eu")
    organisation.entity("test", region="us")
    organisation.list_the_rest()

    assert found(organisation, "entity:prod") == {}
    assert found(organisation, "entity:prod region:us") == {}


@pytest.mark.parametrize("name", ["Organization Admin", "organization-admin"])
@pytest.mark.parametrize("asked", ['"Organization Admin"', "organization-admin", "organization-*"])
def test_both_names_of_a_predefined_team_find_it(
    organisation: Organisation, name: str, asked: str
) -> None:
    team = organisation.team(name, is_predefined=True)
    own = organisation.team(name, is_predefined=False)
    organisation.account("root", teams=[team])
    organisation.account("other", teams=[own])
    is_its_own = name.casefold().startswith(asked.strip('"*').casefold())

    for field in ("team", "via"):
        expected = ["other", "root"] if is_its_own and field == "team" else ["root"]
        assert names(organisation, f"{field}:{asked}") == expected
    assert organisation.subject("root").can_mint is Answer.YES
    assert organisation.subject("other").can_mint is Answer.NO
    (teams, _) = team_subjects(organisation.snapshot)
    assert (teams.name, set(teams.texts) >= {"Organization Admin", "organization-admin"}) == (
        "Organization Admin",
        True,
    )
    assert "Organization Admin" in read_vocabulary(organisation.access).teams


def test_every_predefined_team_of_the_table_has_both_names() -> None:
    for shown, name in API_NAMES.items():
        assert implied_by(shown) == implied_by(name) is not None
        assert documented(name) == documented(shown) == shown


def test_nothing_visible_of_a_type_leaves_open_what_there_is(organisation: Organisation) -> None:
    organisation.account("ci", organisation.role(*EVERYTHING))
    organisation.list_the_rest()

    assert found(organisation, "type:cp entity:prod") == {"ci": Answer.UNKNOWN}


def test_an_empty_list_of_what_a_role_is_held_on_is_not_visible(organisation: Organisation) -> None:
    organisation.account("all", organisation.role("Viewer", region="us"))
    organisation.account("one", organisation.role("Viewer", entity_id="hidden", region="us"))
    organisation.entity("prod", region="eu")
    organisation.list_the_rest()

    assert found(organisation, "type:cp entity:prod") == {
        "all": Answer.UNKNOWN,
        "one": Answer.UNKNOWN,
    }


def test_terms_beside_it_say_which_entity_of_a_name_is_meant(organisation: Organisation) -> None:
    organisation.account(
        "root", teams=[organisation.team("Organization Admin", is_predefined=True)]
    )
    organisation.entity("prod", type_name="APIs", region="eu")
    organisation.entity("test", region="us")
    organisation.list_the_rest()

    assert names(organisation, "entity:prod") == ["root"]
    assert names(organisation, "type:api region:eu entity:prod") == ["root"]
    assert found(organisation, "type:cp entity:prod") == {}
    assert found(organisation, "type:api region:us entity:prod") == {}


@pytest.mark.parametrize(
    ("text", "types", "regions"),
    [
        ("type:prd entity:*Partner*", {"API Products"}, set(REGIONS)),
        ("type:prd entity:x region:eu", {"API Products"}, {"eu"}),
        ("type:prd entity:x region=e*", {"API Products"}, {"eu"}),
        ("type=prd entity=x region=eu", {"API Products"}, set(REGIONS)),
        ("type:cp -entity:x", set(LISTED_TYPES) - {"Mesh Control Plane"}, {*REGIONS, "global"}),
        ("-(type:cp entity:x)", {"Control Planes", "Event Gateways"}, set(REGIONS)),
        ("ci OR (type:net entity:x)", {"Networks"}, {"global"}),
        ("type:api type:portal entity:x", set(), set()),
        ("type:rpt entity:x", set(), set()),
        ("type:api entity:*", set(), set()),
        ("type:api name:x", set(), set()),
    ],
)
def test_a_query_needs_the_lists_that_its_types_and_regions_leave_open(
    organisation: Organisation, text: str, types: set[str], regions: set[str]
) -> None:
    pairs = organisation.access.lists_for(parse(text))

    assert {pair[0] for pair in pairs} == types
    assert {pair[1] for pair in pairs} == regions


def test_an_api_is_found_by_its_name_without_the_version(organisation: Organisation) -> None:
    shipments = organisation.entity("Shipments v2", type_name="APIs", bare_name="Shipments")
    role = organisation.role("Viewer", "APIs", entity_id=shipments.id, region="eu")
    organisation.account("ci", role)

    for text in ("entity:shipments", 'entity:"Shipments v2"', "entity=Shipments"):
        assert names(organisation, text) == ["ci"]


def test_a_grant_in_the_wrong_region_does_not_reach_its_entity(organisation: Organisation) -> None:
    prod = organisation.entity("prod", region="eu").id
    organisation.account("ci", organisation.role("Admin", entity_id=prod, region="us"))

    assert found(organisation, "role:Admin entity:prod") == {}
    for text in ("role:Admin", "region:us", "type:cp", "tier:read entity=prod", "-is:account"):
        assert found(organisation, text) == {}
    for text in ("role=Admin entity=prod", "-role:Admin", "has:roles"):
        assert names(organisation, text) == ["ci"]


def test_a_grant_reaches_nothing_as_soon_as_a_list_says_that_its_entity_is_elsewhere(
    organisation: Organisation,
) -> None:
    team = organisation.team(
        "Planes", organisation.role("Viewer", entity_id="id-of-prod", region="us")
    )
    organisation.account("ci", organisation.role("Admin", entity_id="id-of-prod", region="us"))
    organisation.account("member", teams=[team])
    before = organisation.access
    assert not before.has_strays  # what is not known to be elsewhere may be where it is said to be

    organisation.entity("prod", region="eu")
    after = read_access(organisation.snapshot, before=before)

    for subject in after.subjects:
        (grant,) = subject.grants
        assert grant.is_stray
        (path,) = explain(subject, now=NOW).paths
        assert not path.is_needed
        matrix = by_role([subject], "cp")
        assert [cell.text.rstrip() for cell in matrix.rows[0].cells] == [
            "A0" if grant.role == "Admin" else "R0^"
        ]
        assert by_type([subject]).columns == by_region([subject]).columns == ()
    assert [each.is_same for each in compare(after.subjects[0], after.subjects[0])] == [True]
    again = read_access(replace(organisation.snapshot), before=after)
    assert all(map(operator.is_, again.subjects, after.subjects))


def test_the_region_of_a_global_type_does_not_matter(organisation: Organisation) -> None:
    net = organisation.entity("net", type_name="Networks", region="global").id
    role = organisation.role("Network Admin", "Networks", entity_id=net, region="eu")
    organisation.account("ci", role)

    assert names(organisation, 'role:"Network Viewer" entity:net') == ["ci"]


@pytest.mark.parametrize(
    "text", ["role:Admin", "-role:Admin", "via:team", "region!=eu", "can:mint"]
)
def test_who_could_not_be_read_is_neither_found_nor_ruled_out(
    organisation: Organisation, text: str
) -> None:
    organisation.account("hidden", parts={"roles": refused(), "teams": UNREAD, "tokens": UNREAD})

    assert found(organisation, text) == {"hidden": Answer.UNKNOWN}


@pytest.mark.parametrize(
    "text", ["is:armed", "is:orphan", "tokens:0", "-tokens:>2", "used:never", "has:teams", "team:x"]
)
def test_neither_are_its_tokens_and_teams(organisation: Organisation, text: str) -> None:
    organisation.account("hidden", parts={"tokens": refused(), "teams": UNREAD})

    assert found(organisation, text) == {"hidden": Answer.UNKNOWN}


def test_what_was_read_of_a_partly_read_account_counts(organisation: Organisation) -> None:
    part = read([token("a"), token("b"), token("c")], incomplete="Konnect counts 9.")
    organisation.account("part", organisation.role("Admin"), parts={"tokens": part})

    assert names(organisation, "tokens:>2 is:armed role:Viewer") == ["part"]
    assert found(organisation, "tokens:5") == {"part": Answer.UNKNOWN}
    assert found(organisation, "tokens:1") == {}
    assert names(organisation, "is:unknown") == ["part"]


def test_a_time_that_cannot_be_read_is_not_never(organisation: Organisation) -> None:
    odd = token(used_ago=None, expires_in=None, unreadable={"last_used_at": "x", "expires_at": "y"})
    organisation.account("odd", tokens=[odd])

    for text in ("used:never", "expires:never", "expires:<30d", "is:armed"):
        assert found(organisation, text) == {"odd": Answer.UNKNOWN}


@pytest.mark.parametrize(("age", "answer"), [(91, {"ci": Answer.YES}), (89, {}), (None, None)])
def test_an_account_is_idle_once_it_is_old_enough(
    organisation: Organisation, age: float | None, answer: dict[str, Answer] | None
) -> None:
    account = organisation.account("ci", tokens=[token(used_ago=None)], age=age or 0)
    if age is None:
        organisation.accounts[0] = replace(account, created_at=None)

    assert found(organisation, "is:idle") == ({"ci": Answer.UNKNOWN} if answer is None else answer)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z"]
)
def test_a_use_before_there_was_a_konnect_is_never(organisation: Organisation, moment: str) -> None:
    row = {"id": "t", "name": "t", "last_used_at": moment, "created_at": "2026-01-01T00:00:00Z"}
    organisation.account("ci", tokens=[AccessToken.from_wire(row)])

    assert names(organisation, "used:never") == ["ci"]
    assert organisation.subject("ci").last_used_at is None


def test_missing_fields_are_neither_found_nor_ruled_out(organisation: Organisation) -> None:
    organisation.account("odd", organisation.role(None, None, None, None))

    for text in ("role:Admin", "type:cp", "entity:*", "region:eu", "-region:eu", "tier:read"):
        assert found(organisation, text) == {"odd": Answer.UNKNOWN}


def test_a_legacy_type_is_found_by_its_name_and_perhaps_by_its_successor(
    organisation: Organisation,
) -> None:
    organisation.account("old", organisation.role("Admin", "Control Plane Groups"))

    assert names(organisation, 'type:"control plane groups"') == ["old"]
    assert found(organisation, "role:Admin type:cp") == {"old": Answer.UNKNOWN}
    assert found(organisation, "type=cp") == {}


# Warnings and completion


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("used:>90d", "team", "used:>90d has no effect here: a team has no tokens of its own."),
        ("a -is:ARMED", "team", "is:ARMED has no effect here: a team has no tokens of its own."),
        ("team:x", "team", "team:x has no effect here: a team is in no other team."),
        ("owner:ines", "person", "owner:ines has no effect here: nobody owns a person."),
    ],
)
def test_a_term_that_tells_nothing_of_what_is_listed_is_warned_of(
    text: str, kind: Kind, says: str
) -> None:
    (warned,) = misplaced(parse(text), kind)

    assert warned.text == says
    assert text[warned.position :].startswith(says.partition(" ")[0])


@pytest.mark.parametrize("kind", ["team", "person", "account"])
def test_what_tells_something_is_not_warned_of(kind: Kind) -> None:
    assert misplaced(parse("ci role:Admin -is:admin can:mint has:roles"), kind) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("role:Amdin", "No role Amdin is known here. Did you mean Admin or"),
        ("ci type:contrl", "No type contrl is known here."),
        ("region:ue", "No region ue is known here. Did you mean"),
        ("role:Admin type:net", "No role Admin on Networks is known here. Did you mean Network A"),
    ],
)
def test_a_value_that_nobody_has_heard_of_is_warned_of(
    fleet: Organisation, text: str, says: str
) -> None:
    warned = notices(parse(text), read_vocabulary(fleet.access))

    assert len(warned) == 1
    assert warned[0].text.startswith(says)


@pytest.mark.parametrize(
    "text", ["role:viewer type:cp", "role:*Admin", "role:Stargazer", "type:mesh region:eu", "a"]
)
def test_what_is_known_or_held_is_not_warned_of(organisation: Organisation, text: str) -> None:
    organisation.account("odd", organisation.role("Stargazer", "Black Holes"))

    assert notices(parse(text), read_vocabulary(organisation.access)) == ()


@pytest.mark.parametrize(
    ("text", "start", "candidates"),
    [
        ("ci re", 3, ("region:",)),
        ("ci -(ty", 5, ("type:",)),
        ("ci !ty", 4, ("type:",)),
        ("role:Plugin", 0, ('role:"Plugin Admin"', 'role:"Plugins Admin"')),
        ("is:ar", 0, ("is:armed",)),
        ("via:rea", 0, ("via:Readers",)),
        ("region:e", 0, ("region:eu", "region:me")),
        ("entity:prod", 0, ("entity:prod-eu", "entity:prod-us")),
        ("ci ", 3, ()),
        # The terms beside it narrow what is offered.
        ("type:cp entity:", 8, ("entity:prod-eu", "entity:prod-us")),
        ("type:api entity:", 9, ("entity:Shipments",)),
        ("region:us entity:", 10, ("entity:Shipments", "entity:prod-us")),
        ("type:cp region:us entity:", 18, ("entity:prod-us",)),
        ("type:portal entity:", 12, ()),
        ("type:* entity:Sh", 7, ("entity:Shipments",)),
        ("type:cp role:Dep", 8, ("role:Deployer",)),
        ("type:portal role:Dep", 12, ()),
        ("role:Deployer type:", 14, ("type:cp", "type:prd")),
        ("entity:prod-eu region:", 15, ("region:eu",)),
        ("entity:prod* region:", 13, ("region:eu", "region:us")),
        # Those that are left out, or stand elsewhere, do not.
        ("-type:cp entity:Ship", 9, ("entity:Shipments",)),
        ("type:cp OR entity:Ship", 11, ("entity:Shipments",)),
        ("type:cp (entity:Ship", 9, ("entity:Shipments",)),
        ("(type:cp) entity:Ship", 10, ("entity:Shipments",)),
        ("(is:armed OR type:api entity:prod", 22, ()),
        ("type!=cp entity:Ship", 9, ("entity:Shipments",)),
        ("is:wrong type:api entity:prod", 18, ("entity:prod-eu", "entity:prod-us")),
    ],
)
def test_the_word_at_the_cursor_is_completed(
    fleet: Organisation, text: str, start: int, candidates: tuple[str, ...]
) -> None:
    completion = complete(text, len(text), read_vocabulary(fleet.access))

    assert (completion.start, completion.candidates) == (start, candidates)
