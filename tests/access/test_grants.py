"""Who can do what, in organisations whose right answers are worked out beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.access.answer import Answer
from sa_tui.access.grants import (
    MINT,
    Question,
    Verdict,
    Via,
    covers,
    gives,
    implied_grant,
    make_grant,
    rule,
)
from sa_tui.access.overlap import Concern, Index, Overlap, concerns, overlap_of

from .conftest import NOW, UNREAD, read, refused, token

if TYPE_CHECKING:
    from sa_tui.access.subjects import Subject

    from .conftest import Organisation

ADMIN_EU = Question(role="Admin", type_name="Control Planes", entity_id="prod", region="eu")


def overlaps(subject: Subject) -> list[Overlap]:
    index = Index(subject.grants)
    return [overlap_of(grant, index) for grant in subject.grants]


def verdict(subject: Subject, question: Question) -> Verdict:
    return rule(subject.grants, question, is_complete=subject.is_complete).verdict


def test_a_role_held_itself_is_direct(organisation: Organisation) -> None:
    organisation.account("ci", organisation.role("Admin", entity_id="prod", region="eu"))

    assert verdict(organisation.subject("ci"), ADMIN_EU) is Verdict.DIRECT


def test_a_role_of_a_team_is_held_through_it(organisation: Organisation) -> None:
    team = organisation.team("Platform", organisation.role("Admin", entity_id="prod"))
    organisation.account("ci", teams=[team])

    subject = organisation.subject("ci")

    assert verdict(subject, ADMIN_EU) is Verdict.VIA_TEAM
    assert [grant.via.name for grant in subject.grants if grant.via] == ["Platform"]


def test_a_wider_role_gives_a_narrower_one_and_not_the_other_way_round(
    organisation: Organisation,
) -> None:
    organisation.account("wide", organisation.role("Admin"))
    organisation.account("narrow", organisation.role("Viewer", entity_id="prod", region="eu"))
    view = Question(role="Viewer", type_name="Control Planes", entity_id="prod", region="eu")
    everything = Question(role="Viewer", type_name="Control Planes", entity_id="*")

    assert verdict(organisation.subject("wide"), view) is Verdict.DIRECT
    assert verdict(organisation.subject("narrow"), view) is Verdict.DIRECT
    assert verdict(organisation.subject("narrow"), ADMIN_EU) is Verdict.NO
    # What is to come as well: only a grant on everything covers that.
    assert verdict(organisation.subject("wide"), everything) is Verdict.DIRECT
    assert verdict(organisation.subject("narrow"), everything) is Verdict.NO


def test_two_regions_do_not_add_up(organisation: Organisation) -> None:
    # Admin in the EU and Viewer in the US is no Admin in the US.
    organisation.account(
        "ci", organisation.role("Admin", region="eu"), organisation.role("Viewer", region="us")
    )
    subject = organisation.subject("ci")
    admin_us = Question(role="Admin", type_name="Control Planes", region="us")
    everywhere = Question(role="Viewer", type_name="Control Planes", region="*")

    assert verdict(subject, ADMIN_EU) is Verdict.DIRECT
    assert verdict(subject, admin_us) is Verdict.NO
    assert verdict(subject, everywhere) is Verdict.NO


def test_creating_control_planes_is_not_administering_them(organisation: Organisation) -> None:
    organisation.account("ci", organisation.role("Creator"))

    assert verdict(organisation.subject("ci"), ADMIN_EU) is Verdict.NO


def test_an_organization_admin_can_do_everything_although_no_role_says_so(
    organisation: Organisation,
) -> None:
    # `assigned-roles` of the team lists nothing: its power is implied.
    team = organisation.team("Organization Admin", is_predefined=True)
    organisation.account("root", teams=[team])
    subject = organisation.subject("root")

    assert verdict(subject, ADMIN_EU) is Verdict.VIA_TEAM
    assert verdict(subject, MINT) is Verdict.VIA_TEAM
    assert verdict(subject, Question(role="Stargazer", type_name="Black Holes")) is Verdict.VIA_TEAM
    assert [grant.is_implied for grant in subject.grants] == [True]


def test_a_reader_of_the_organisation_reads_and_nothing_else(organisation: Organisation) -> None:
    team = organisation.team("Organization Admin (Read Only)", is_predefined=True)
    organisation.account("auditor", teams=[team])
    subject = organisation.subject("auditor")

    assert verdict(subject, Question(role="Viewer", type_name="APIs")) is Verdict.VIA_TEAM
    assert verdict(subject, ADMIN_EU) is Verdict.NO
    assert verdict(subject, MINT) is Verdict.NO
    # A Service Viewer may create, edit and delete, whatever it is called.
    service_viewer = Question(role="Service Viewer", type_name="Service Hub")
    assert verdict(subject, service_viewer) is Verdict.NO


@pytest.mark.parametrize(
    ("team_name", "role", "type_name"),
    [
        ("Control Plane Admin", "Creator", "Control Planes"),
        ("Control Plane Admin", "Viewer", "Control Planes"),
        ("Portal Admin", "Maintainer", "Portals"),
        ("API Product Admin", "Admin", "API Products"),
        ("API Product Developer", "Viewer", "API Products"),
        ("Analytics Admin", "Editor", "Dashboards"),
        ("Analytics Viewer", "Viewer", "Reports"),
        ("Identity Admin", "Admin", "Identity"),
    ],
)
def test_predefined_teams_give_what_they_are_documented_to_give(
    organisation: Organisation, team_name: str, role: str, type_name: str
) -> None:
    organisation.account("bot", teams=[organisation.team(team_name, is_predefined=True)])
    question = Question(role=role, type_name=type_name, entity_id="anything", region="au")

    assert verdict(organisation.subject("bot"), question) is Verdict.VIA_TEAM


def test_a_team_that_merely_has_the_name_of_a_predefined_one_gives_nothing(
    organisation: Organisation,
) -> None:
    organisation.account("bot", teams=[organisation.team("Organization Admin")])

    assert organisation.subject("bot").grants == ()
    assert verdict(organisation.subject("bot"), ADMIN_EU) is Verdict.NO


def test_who_can_mint_tokens_can_become_anybody(organisation: Organisation) -> None:
    # One hop: it makes itself a token of an account that is allowed to.
    organisation.account("minter", organisation.role("Admin", "Identity"))
    subject = organisation.subject("minter")

    assert verdict(subject, ADMIN_EU) is Verdict.CAN_BECOME
    assert subject.can_mint is Answer.YES


def test_a_legacy_type_is_neither_a_yes_nor_a_no(organisation: Organisation) -> None:
    # Control planes once were runtime groups: whether the old role still reaches one of today,
    # nobody says. On portals it never was.
    organisation.account("old", organisation.role("Admin", "Runtime Groups", "prod", "eu"))
    subject = organisation.subject("old")

    assert verdict(subject, ADMIN_EU) is Verdict.UNKNOWN
    assert verdict(subject, Question(type_name="Portals")) is Verdict.NO
    assert verdict(subject, Question(role="Admin", type_name="runtime groups")) is Verdict.DIRECT


def test_a_type_that_no_table_has_is_held_like_any_other(organisation: Organisation) -> None:
    organisation.account("odd", organisation.role("Stargazer", "Black Holes", region="eu"))

    asked = Question(role="Stargazer", type_name="black_hole", entity_id="m87", region="eu")
    assert verdict(organisation.subject("odd"), asked) is Verdict.DIRECT


@pytest.mark.parametrize("missing", ["role_name", "type_name", "entity_id", "region"])
def test_a_missing_field_is_never_read_as_everything_nor_as_nothing(
    organisation: Organisation, missing: str
) -> None:
    role = {"role_name": "Admin", "type_name": "Control Planes", "entity_id": "prod"}
    fields: dict[str, str | None] = {**role, "region": "eu", missing: None}
    organisation.account("odd", organisation.role(**fields))

    assert verdict(organisation.subject("odd"), ADMIN_EU) is Verdict.UNKNOWN


def test_a_missing_region_does_not_hide_that_the_entity_is_another(
    organisation: Organisation,
) -> None:
    organisation.account("odd", organisation.role("Admin", entity_id="staging", region=None))

    assert verdict(organisation.subject("odd"), ADMIN_EU) is Verdict.NO


def test_what_was_not_read_is_unknown_and_not_no(organisation: Organisation) -> None:
    unread = organisation.team("Platform", part=UNREAD)
    part = organisation.team("Release", part=read((), incomplete="Konnect counts 3."))
    organisation.account("roles", parts={"roles": refused()})
    organisation.account("teams", parts={"teams": UNREAD})
    organisation.account("team roles", teams=[unread])
    organisation.account("partly", teams=[part])

    for name in ("roles", "teams", "team roles", "partly"):
        assert verdict(organisation.subject(name), ADMIN_EU) is Verdict.UNKNOWN
        assert organisation.subject(name).can_mint is Answer.UNKNOWN
    assert organisation.subject("team roles").missing == ('roles of team "Platform": not read',)


def test_what_is_certain_is_not_hidden_by_what_was_not_read(organisation: Organisation) -> None:
    organisation.account(
        "ci", organisation.role("Admin"), teams=[organisation.team("x", part=UNREAD)]
    )

    assert verdict(organisation.subject("ci"), ADMIN_EU) is Verdict.DIRECT


def test_a_predefined_team_that_nobody_documents_makes_its_members_unknown(
    organisation: Organisation,
) -> None:
    organisation.account("bot", teams=[organisation.team("Galaxy Admin", is_predefined=True)])

    assert verdict(organisation.subject("bot"), ADMIN_EU) is Verdict.UNKNOWN


def test_a_team_that_may_be_predefined_makes_its_members_unknown(
    organisation: Organisation,
) -> None:
    organisation.account("bot", teams=[organisation.team("Portal Admin", is_predefined=None)])

    assert verdict(organisation.subject("bot"), Question(type_name="Portals")) is Verdict.UNKNOWN


# Whether it can be used


def test_access_can_be_used_with_a_token_that_works(organisation: Organisation) -> None:
    organisation.account("armed", tokens=[token(expires_in=1)])
    organisation.account("for ever", tokens=[token(expires_in=None)])
    organisation.account("expired", tokens=[token(expires_in=-1)])
    organisation.account("odd", tokens=[token(unreadable={"expires_at": "soon"})])

    armed = {each.name: each.is_armed(NOW) for each in organisation.access.subjects}

    assert armed == {
        "armed": Answer.YES,
        "for ever": Answer.YES,
        "expired": Answer.NO,
        "odd": Answer.UNKNOWN,
    }


# Each path among the others


def test_a_role_held_twice_remains_when_one_path_goes(organisation: Organisation) -> None:
    team = organisation.team("Platform", organisation.role("Admin", entity_id="prod", region="eu"))
    organisation.account(
        "ci", organisation.role("Admin", entity_id="prod", region="eu"), teams=[team]
    )
    subject = organisation.subject("ci")
    direct, via_team = subject.grants

    assert [each.duplicates for each in overlaps(subject)] == [(via_team,), (direct,)]
    assert verdict(subject.without(direct), ADMIN_EU) is Verdict.VIA_TEAM
    assert verdict(subject.without(via_team), ADMIN_EU) is Verdict.DIRECT
    assert verdict(subject.without(direct, via_team), ADMIN_EU) is Verdict.NO


def test_a_grant_is_shadowed_by_a_wider_one_alone(organisation: Organisation) -> None:
    organisation.account(
        "ci",
        organisation.role("Viewer", entity_id="prod", region="eu"),
        organisation.role("Admin", region="eu"),
        organisation.role("Admin", entity_id="prod", region="us"),
        organisation.role("Route Admin", entity_id="prod", region="eu"),
    )
    narrow, wide, elsewhere, route = overlaps(organisation.subject("ci"))

    assert narrow.wider == (wide.grant,)
    assert route.wider == (wide.grant,)
    assert (wide.is_needed, elsewhere.is_needed, narrow.is_needed) == (True, True, False)


def test_what_remains_without_a_role_is_what_else_reaches_the_same(
    organisation: Organisation,
) -> None:
    readers = organisation.team("Readers", organisation.role("Viewer"))
    organisation.account(
        "ci", organisation.role("Admin", entity_id="prod", region="eu"), teams=[readers]
    )
    admin, viewer = overlaps(organisation.subject("ci"))

    assert admin.others == (viewer.grant,)  # "still Viewer through Readers"
    assert viewer.others == ()  # Admin of one is not a view of all


def test_an_organization_admin_shadows_every_other_grant(organisation: Organisation) -> None:
    root = organisation.team("Organization Admin", is_predefined=True)
    organisation.account("ci", organisation.role("Admin", "Portals"), teams=[root])
    direct, implied = overlaps(organisation.subject("ci"))

    assert direct.wider == (implied.grant,)
    assert implied.is_needed


def test_grants_that_could_not_be_read_shadow_nothing() -> None:
    unclear = make_grant("Admin", type_name="Control Planes", entity_id=None)
    known = make_grant("Viewer", type_name="Control Planes", entity_id="prod")

    assert overlap_of(known, Index([unclear, known])).is_needed
    assert overlap_of(unclear, Index([unclear, known])).is_needed


def test_two_grants_that_could_not_be_read_are_no_doubles() -> None:
    one, two = (make_grant("Admin", type_name="Control Planes", entity_id=None) for _ in range(2))

    told = overlap_of(one, Index([one, two]))

    assert told.duplicates == ()
    assert told.is_needed  # as far as is known
    assert told.is_given(is_complete=True) is Answer.UNKNOWN


def test_a_grant_that_could_not_be_read_may_give_a_known_one() -> None:
    known = make_grant("Viewer", type_name="Control Planes", entity_id="prod", region="eu")
    unclear = make_grant(None, type_name="Control Planes", entity_id="prod", region="eu")
    elsewhere = make_grant(None, type_name="Control Planes", entity_id="prod", region="us")

    told = overlap_of(known, Index([known, unclear, elsewhere]))

    assert told.unclear == (unclear,)
    assert told.is_given(is_complete=True) is Answer.UNKNOWN
    assert overlap_of(known, Index([known, elsewhere])).is_given(is_complete=True) is Answer.NO
    assert (
        overlap_of(known, Index([known, elsewhere])).is_given(is_complete=False) is Answer.UNKNOWN
    )


@pytest.mark.parametrize(
    ("held", "other", "given"),
    [
        # Held in every region gives what is held in a region that could not be read, and so on.
        ({"region": "*"}, {"region": None}, Answer.YES),
        ({"region": "eu"}, {"region": None}, Answer.UNKNOWN),
        ({"region": None}, {"region": "eu"}, Answer.UNKNOWN),
        ({"entity_id": "*"}, {"entity_id": None}, Answer.YES),
        ({"entity_id": "prod"}, {"entity_id": None}, Answer.UNKNOWN),
        ({"entity_id": "prod", "region": "us"}, {"entity_id": None, "region": "eu"}, Answer.NO),
        ({}, {"type_name": None}, Answer.UNKNOWN),
        ({"type_name": "APIs"}, {"role": None}, Answer.NO),
        ({}, {"role": None}, Answer.UNKNOWN),
    ],
)
def test_what_a_grant_gives_of_one_that_could_not_be_read(
    held: dict[str, Any], other: dict[str, Any], given: Answer
) -> None:
    admin = {"role": "Admin", "type_name": "Control Planes"}

    assert gives(make_grant(**admin | held), make_grant(**admin | other)) is given


def test_an_organization_admin_gives_even_what_could_not_be_read() -> None:
    via = Via("team", "Organization Admin", is_predefined=True)
    root = implied_grant("Organization Admin", "*", via=via)
    reader = implied_grant("Organization Admin (Read Only)", "*", via=via)
    unclear = make_grant(None, type_name=None, entity_id=None, region=None)

    assert gives(root, unclear) is Answer.YES
    assert gives(reader, unclear) is Answer.UNKNOWN
    assert gives(root, reader) is Answer.YES
    assert gives(reader, root) is Answer.NO
    assert overlap_of(unclear, Index([unclear, root])).wider == (root,)


# Before a role is given


def test_what_there_is_to_say_before_a_role_is_given(organisation: Organisation) -> None:
    readers = organisation.team("Readers", organisation.role("Viewer"))
    organisation.account("ci", organisation.role("Admin", region="eu"), teams=[readers])
    grants = organisation.subject("ci").grants

    def said(
        role: str, type_name: str = "Control Planes", entity_id: str = "*", region: str = "*"
    ) -> set[Concern]:
        grant = make_grant(role, type_name=type_name, entity_id=entity_id, region=region)
        return {each.concern for each in concerns(grant, grants)}

    assert said("Viewer", entity_id="prod", region="us") == {Concern.COVERED}
    assert said("Viewer") == {Concern.HELD_VIA_TEAM}
    assert said("Admin", region="eu") == {Concern.HELD, Concern.ADMIN_ON_ALL}
    assert said("Admin", "Identity") == {Concern.CAN_MINT}
    assert said("Creator", entity_id="prod", region="us") == {Concern.CREATOR_OF_ONE}
    assert said("Network Creator", "Networks", entity_id="vpc") == {Concern.CREATOR_OF_ONE}
    assert said("Debug Session Creator", entity_id="prod", region="us") == set()
    assert said("Widget Creator", entity_id="prod") == {Concern.UNKNOWN_ROLE}
    assert said("Stargazer", "Black Holes", entity_id="m87") == {Concern.UNKNOWN_ROLE}
    assert said("Deployer", entity_id="prod", region="us") == set()


def test_covering_asks_of_one_grant_alone() -> None:
    grant = make_grant("Admin", type_name="Control Planes", entity_id="prod", region="eu")

    assert covers(grant, ADMIN_EU) is Answer.YES
    assert covers(grant, Question()) is Answer.YES
    assert covers(grant, Question(type_name="control plane")) is Answer.YES
    assert covers(grant, Question(type_name="APIs")) is Answer.NO
