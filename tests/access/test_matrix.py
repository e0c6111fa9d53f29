"""The matrix: three characters for a cell, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sa_tui.access.answer import Answer
from sa_tui.access.matrix import by_region, by_role, by_type
from sa_tui.access.why import compare, explain_cell, reaching

from .conftest import NOW, UNREAD, token

if TYPE_CHECKING:
    from sa_tui.access.matrix import Matrix

    from .conftest import Organisation


def cells(matrix: Matrix, name: str) -> dict[str, str]:
    """The cells of an account under the titles of their columns."""
    row = next(row for row in matrix.rows if row.subject.name == name)
    titles = [column.title for column in matrix.columns]
    return dict(zip(titles, (cell.text for cell in row.cells), strict=True))


@pytest.mark.parametrize(
    ("roles", "text"),
    [
        ([("Admin", "*", "*")], "A* "),
        ([("Admin", "*", "eu")], "A+ "),
        ([("Admin", "a", "eu"), ("Admin", "b", "eu"), ("Viewer", "c", "eu")], "A2 "),
        ([("Viewer", f"plane-{n}", "eu") for n in range(10)], "R# "),
        ([("Creator", "*", "*"), ("Viewer", "*", "*")], "C* "),
        ([("Deployer", "a", "eu"), ("Creator", "*", "*")], "W1 "),
        ([("Stargazer", "a", "eu"), ("Viewer", "*", "*")], "?1 "),
        # Which entity, or in which regions, could not be read.
        ([("Admin", None, "eu")], "A? "),
        ([("Admin", "*", None)], "A? "),
        ([("Admin", None, "eu"), ("Admin", "*", "eu")], "A+ "),
        ([], ".  "),
    ],
)
def test_a_cell_tells_the_strongest_tier_and_its_scope(
    organisation: Organisation, roles: list[tuple[str, str | None, str | None]], text: str
) -> None:
    organisation.account("other", organisation.role("Viewer"))
    organisation.account(
        "ci", *(organisation.role(role, "Control Planes", *where) for role, *where in roles)
    )

    assert cells(by_type(organisation.access.subjects), "ci") == {"CPL": text}


def test_a_cell_tells_its_path(organisation: Organisation) -> None:
    role = organisation.role
    platform = organisation.team("Platform", role("Admin", entity_id="prod", region="eu"))
    planes = organisation.team("Control Plane Admin", is_predefined=True)
    direct = role("Admin", entity_id="prod", region="eu")
    organisation.account("direct", direct)
    organisation.account("team", teams=[platform])
    organisation.account("both", direct, teams=[platform])
    organisation.account("own", teams=[planes])
    organisation.account("open", direct, teams=[organisation.team("Hidden", part=UNREAD)])
    matrix = by_type(organisation.access.subjects)

    shown = {row.subject.name: row.cells[0].text for row in matrix.rows}

    # Implied by a predefined team: in lower case.
    assert shown == {
        "direct": "A1 ",
        "team": "A1^",
        "both": "A1=",
        "own": "a*!",
        "open": "A1?",
    }


def test_power_over_everything_shows_in_every_column_and_in_its_own(
    organisation: Organisation,
) -> None:
    organisation.account("ci", organisation.role("Viewer"), organisation.role("Viewer", "APIs"))
    root = organisation.team("Organization Admin", is_predefined=True)
    organisation.account("root", teams=[root])
    matrix = by_type(organisation.access.subjects)

    assert cells(matrix, "root") == {"ORG": "a*!", "CPL": "a*!", "API": "a*!"}
    assert cells(matrix, "ci") == {"ORG": ".  ", "CPL": "R* ", "API": "R* "}


def test_columns_are_those_that_somebody_holds_something_in_the_most_used_first(
    organisation: Organisation,
) -> None:
    role = organisation.role
    organisation.account("a", role("Viewer", "APIs"), role("Stargazer", "Black Holes"))
    organisation.account("b", role("Viewer", "APIs"))

    matrix = by_type(organisation.access.subjects)

    assert [(each.title, each.name) for each in matrix.columns] == [
        ("API", "APIs"),
        ("BH", "Black Holes"),
    ]


def test_what_was_not_read_is_an_error_and_not_a_dot(organisation: Organisation) -> None:
    organisation.account("ci", organisation.role("Viewer"))
    organisation.account("hidden", parts={"roles": UNREAD})

    assert cells(by_type(organisation.access.subjects), "hidden") == {"CPL": "ERR"}


def test_a_legacy_type_has_a_column_and_a_question_in_that_of_its_successor(
    organisation: Organisation,
) -> None:
    organisation.account("new", organisation.role("Viewer"))
    organisation.account("old", organisation.role("Admin", "Control Plane Groups", "gone", "us"))

    assert cells(by_type(organisation.access.subjects), "old") == {"CPL": "?1 ", "CPG": "A1 "}


def test_roles_of_one_type_are_columns_as_they_are_written(organisation: Organisation) -> None:
    role = organisation.role
    organisation.account("ci", role("Route Admin", entity_id="a"), role("Viewer"))
    organisation.account("admin", role("Admin", "control_plane"), role("Admin", "APIs"))
    matrix = by_role(organisation.access.subjects, "cp")

    assert [each.name for each in matrix.columns] == ["Admin", "Route Admin", "Viewer"]
    assert cells(matrix, "admin") == {"ADM": "A* ", "RA": ".  ", "VIE": ".  "}
    assert cells(matrix, "ci") == {"ADM": ".  ", "RA": "W1 ", "VIE": "R* "}


def test_regions_are_columns_and_every_region_reaches_each(organisation: Organisation) -> None:
    role = organisation.role
    organisation.account("eu", role("Admin", region="eu"), role("Viewer", region="us"))
    organisation.account("all", role("Viewer", entity_id="a"))
    matrix = by_region(organisation.access.subjects, ["au"])

    assert cells(matrix, "eu") == {"ALL": ".  ", "AU": ".  ", "EU": "A+ ", "US": "R+ "}
    assert cells(matrix, "all") == {"ALL": "R1 ", "AU": "R1 ", "EU": "R1 ", "US": "R1 "}


# Why


def test_why_tells_every_path_what_it_adds_and_whether_it_can_be_used(
    organisation: Organisation,
) -> None:
    role = organisation.role
    platform = organisation.team("Platform", role("Admin", entity_id="prod", region="eu"))
    readers = organisation.team("Readers", role("Viewer", region="us"))
    organisation.account(
        "ci",
        role("Admin", entity_id="prod", region="eu"),
        role("Viewer", "APIs"),
        teams=[platform, readers],
        tokens=[token()],
    )
    columns = {column.title: column for column in by_type(organisation.access.subjects).columns}
    why = explain_cell(organisation.subject("ci"), columns["CPL"], now=NOW)

    told = [(each.grant.role, each.grant.via and each.grant.via.name) for each in why.paths]
    assert told == [("Admin", None), ("Admin", "Platform"), ("Viewer", "Readers")]
    assert [each.is_needed for each in why.paths] == [False, False, True]
    assert why.paths[0].duplicates == (why.paths[1].grant,)
    assert (why.is_armed, why.live_tokens) == (Answer.YES, 1)


def test_two_accounts_differ_in_what_one_holds_and_the_other_does_not(
    organisation: Organisation,
) -> None:
    role = organisation.role
    organisation.account("wide", role("Admin"), role("Viewer", "APIs"))
    organisation.account("narrow", role("Viewer", entity_id="prod"), role("Viewer", "APIs"))

    told = compare(organisation.subject("wide"), organisation.subject("narrow"))

    # The wide one can view prod as well, by its Admin on everything.
    assert [(e.grant.role, bool(e.left), bool(e.right), e.is_same) for e in told] == [
        ("Admin", True, False, False),
        ("Viewer", True, True, True),
        ("Viewer", False, True, True),
    ]


def test_what_could_not_be_read_of_two_accounts_is_not_the_same(
    organisation: Organisation,
) -> None:
    # Each is Admin of one control plane in the EU, and of both nobody knows which one it is.
    one, two = (
        organisation.role("Admin", entity_id=None, region="eu"),
        organisation.role("Admin", entity_id=None, region="eu"),
    )
    organisation.account("one", one)
    organisation.account("two", two)

    told = compare(organisation.subject("one"), organisation.subject("two"))

    assert [(each.left_answer, each.right_answer, each.same) for each in told] == [
        (Answer.YES, Answer.UNKNOWN, Answer.UNKNOWN),
        (Answer.UNKNOWN, Answer.YES, Answer.UNKNOWN),
    ]
    assert not any(each.is_same for each in told)


def test_an_account_that_was_not_read_in_full_may_have_what_the_other_has(
    organisation: Organisation,
) -> None:
    role = organisation.role
    organisation.account("ci", role("Admin", region="eu"), role("Viewer", "APIs"))
    organisation.account("part", role("Admin"), parts={"teams": UNREAD})

    told = compare(organisation.subject("ci"), organisation.subject("part"))

    # That both are Admin in the EU is certain, whatever else there is.
    assert {(each.grant.kind, each.grant.region): each.same for each in told} == {
        ("controlplane", "eu"): Answer.YES,
        ("controlplane", "*"): Answer.NO,  # ci is read: it is not Admin everywhere
        ("api", "*"): Answer.UNKNOWN,
    }


def test_a_role_of_an_old_type_leaves_open_whether_it_gives_the_new_one(
    organisation: Organisation,
) -> None:
    # Runtime groups became control planes; whether the old role still reaches them, nobody says.
    organisation.account("new", organisation.role("Admin", region="eu"))
    organisation.account("old", organisation.role("Admin", "Runtime Groups"))

    told = compare(organisation.subject("new"), organisation.subject("old"))

    answers = {each.grant.kind: (each.left_answer, each.right_answer) for each in told}
    assert answers == {
        "controlplane": (Answer.YES, Answer.UNKNOWN),
        "runtimegroup": (Answer.NO, Answer.YES),
    }


def test_an_entity_tells_who_reaches_it_the_strongest_first(organisation: Organisation) -> None:
    role = organisation.role
    prod = organisation.entity("prod", region="eu")
    organisation.account("reader", role("Viewer", region="eu"))
    organisation.account("elsewhere", role("Admin", region="us"))
    organisation.account("hidden", parts={"roles": UNREAD})
    organisation.account("admin", role("Admin", entity_id=prod.id, region="eu"))

    told = reaching(organisation.access, prod)

    assert [(each.subject.name, each.tier) for each in told] == [
        ("admin", "A"),
        ("hidden", "?"),
        ("reader", "R"),
    ]
