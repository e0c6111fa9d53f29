"""Roles: which includes which, their tiers, and the names that lie."""

from __future__ import annotations

from itertools import product

import pytest

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import (
    TYPES,
    canonical_key,
    find_type,
    offered_types,
    tier_of,
)
from sa_tui.access.roles import ANY, INCLUDES, implied_by, included_roles, includes, reads
from sa_tui.demo.catalogue import ASSIGNABLE
from sa_tui.konnect.offer import CatalogueRole, CatalogueType


def test_every_type_and_role_that_may_be_assigned_has_a_tier() -> None:
    unknown = [
        (type_name, role)
        for type_name, roles in ASSIGNABLE.items()
        for role in roles
        if (known := find_type(type_name)) is None or role not in known.roles
    ]

    assert unknown == []


@pytest.mark.parametrize("kind", INCLUDES)
def test_inclusion_is_a_partial_order_of_roles_that_exist(kind: str) -> None:
    known = find_type(kind)
    assert known is not None
    for role, included in INCLUDES[kind].items():
        assert role in known.roles
        assert included <= set(known.roles)
        assert role not in included
        for lesser in included:
            assert included_roles(kind, lesser) < included


def test_no_role_of_which_only_creating_is_known_includes_another() -> None:
    creators = {
        (each.key, role) for each in TYPES for role, tier in each.roles.items() if tier == "C"
    }

    assert [each for each in creators if included_roles(*each)] == []


@pytest.mark.parametrize(
    ("kind", "role", "other"),
    [
        ("controlplane", "Plugin Admin", "Route Admin"),
        ("controlplane", "Admin", "Creator"),
        ("controlplane", "Admin", "Cloud Gateway Cluster Admin"),
        ("api", "Admin", "Publisher"),
        ("servicehub", "Service Admin", "Service Viewer"),
    ],
)
def test_roles_that_nobody_compares_include_each_other_neither_way(
    kind: str, role: str, other: str
) -> None:
    assert includes(kind, role, other) is Answer.NO
    assert includes(kind, other, role) is Answer.NO


def test_an_unknown_role_includes_itself_alone() -> None:
    assert includes("controlplane", "Galaxy Admin", "Galaxy Admin") is Answer.YES
    assert includes("controlplane", "Galaxy Admin", "Viewer") is Answer.NO


@pytest.mark.parametrize(
    "spelling",
    ["Mesh Control Planes", "Mesh Control Plane", "mesh_control_planes", "MESH-CONTROL-PLANE"],
)
def test_a_type_is_one_in_all_its_spellings(spelling: str) -> None:
    assert canonical_key(spelling) == "meshcontrolplane"


def test_the_headings_of_the_documentation_mean_the_types_of_the_api() -> None:
    assert canonical_key("Catalog") == canonical_key("Service Hub")
    assert canonical_key("DCR") == canonical_key("DCR Providers")
    assert canonical_key("Add-ons") == canonical_key("Add Ons")
    assert canonical_key("Metering & Billing") == canonical_key("Metering")


def test_no_two_types_share_a_key_a_short_name_or_a_column() -> None:
    for name in ("key", "short", "column"):
        assert len({getattr(each, name) for each in TYPES}) == len(TYPES)


@pytest.mark.parametrize(
    ("type_name", "role", "tier"),
    [
        ("Service Hub", "Service Viewer", "W"),  # may create, edit and delete
        ("Service Hub", "Discovery Viewer", "W"),  # may start jobs
        ("Control Planes", "Plugin Admin", "W"),
        ("Control Planes", "Debug Session Creator", "W"),  # reads all and debugs within one
        ("Mesh Control Plane", "Connector", "W"),
        ("Identity", "Admin", "A"),
        ("Metering", "Meter Admin", "W"),
        ("Metering", "Metering Admin", "W"),
        ("Metering", "Entitlement Access", "R"),
        ("MCP registry", "Publisher", "W"),
        ("Control Plane Groups", "Admin", "A"),
        ("Black Holes", "Galaxy Viewer", "R"),
        ("Black Holes", "Overadmin", "?"),
        ("Control Planes", "Astronomer", "?"),
        (None, "Admin", "?"),
        ("Control Planes", None, "?"),
    ],
)
def test_a_tier_follows_the_table_and_the_name_only_where_there_is_none(
    type_name: str | None, role: str | None, tier: str
) -> None:
    assert tier_of(type_name, role) == tier


def test_reading_everything_includes_what_only_reads() -> None:
    assert reads("controlplane", "Viewer") is Answer.YES
    assert reads("servicehub", "Service Viewer") is Answer.NO
    assert reads("controlplane", "Admin") is Answer.NO
    assert reads("blackhole", "Galaxy Viewer") is Answer.UNKNOWN
    assert includes(ANY, "Organization Admin", "Anything") is Answer.YES


@pytest.mark.parametrize("name", ["Organization Admin", "organization admin", "Organization-Admin"])
def test_a_predefined_team_is_known_by_its_name_however_spelt(name: str) -> None:
    implied = implied_by(name)

    assert implied is not None
    assert [tuple(each) for each in implied] == [("Organization Admin", ANY)]


def test_a_predefined_team_that_nobody_documents_is_not_one_that_gives_nothing() -> None:
    assert implied_by("Galaxy Admin") is None


def test_what_konnect_offers_is_completed_by_the_table() -> None:
    live = (
        CatalogueType(
            key="mesh_control_planes",
            name="Mesh Control Plane",
            roles=(CatalogueRole(key="admin", name="Admin", description="Full write."),),
        ),
        CatalogueType(
            key="black_holes",
            name="Black Holes",
            roles=(CatalogueRole(key="stargazer", name="Stargazer"),),
        ),
    )

    offered = {each.name: each for each in offered_types(live)}

    # Assignments spell the plural, whatever the catalogue says.
    mesh = {role.name: role.description for role in offered["Mesh Control Planes"].roles}
    assert mesh == {"Admin": "Full write.", "Connector": "", "Creator": "", "Viewer": ""}
    assert "Mesh Control Plane" not in offered
    assert [role.name for role in offered["Black Holes"].roles] == ["Stargazer"]
    assert offered["Black Holes"].known is None
    assert {each.name for each in TYPES} <= set(offered)


def test_without_konnect_the_table_is_offered() -> None:
    offered = {(each.name, role.name) for each in offered_types(None) for role in each.roles}

    assert offered == {(each.name, role) for each in TYPES for role in each.roles}


def test_a_yes_beats_what_is_not_known_and_that_beats_a_no() -> None:
    for one, other in product(Answer, Answer):
        assert max(one, other).opposite == min(one.opposite, other.opposite)
