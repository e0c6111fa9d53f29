"""What holds in every organisation: nothing is lost by adding, and unknown never reads as no."""

from __future__ import annotations

import random
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.access.answer import Answer
from sa_tui.access.grants import Question, covers, gives, make_grant, question_of, rule
from sa_tui.access.matrix import by_region, by_role, by_type, cell_of
from sa_tui.access.query.language import parse
from sa_tui.access.query.search import Search
from sa_tui.access.reader import read_access
from sa_tui.access.why import compare, explain, explain_cell, reaching
from sa_tui.konnect.models import Listing
from sa_tui.konnect.regions import REGIONS as REGIONS_OF
from sa_tui.org.snapshot import Part, TeamDetails

from .conftest import NOW, UNREAD, Organisation, T, personal_token, read, refused, token

if TYPE_CHECKING:
    from sa_tui.access.matrix import Matrix
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.org.snapshot import Snapshot

ROLES = ("Admin", "Viewer", "Creator", "Deployer", "Stargazer", "Maintainer")
TYPES = ("Control Planes", "APIs", "Identity", "Runtime Groups", "Black Holes")
PROD = "0d000000-0000-4000-8000-00000000000a"
TEST = "0d000000-0000-4000-8000-00000000000b"
ENTITIES = ("*", PROD, TEST, "id-unlisted")
REGIONS = ("*", "eu", "us")
TEAM_NAMES = ("Readers", "Organization Admin", "Organization Admin (Read Only)", "Portal Admin")
QUERIES = (
    *("role:Viewer", "role=Viewer", "role!=Admin", "role:Admin type:cp", "type:cp region:eu"),
    *("role:Viewer entity:prod", "entity=prod", "entity:*", "region:*", "region!=eu type=cp"),
    *("-role:Admin", "-(role:Viewer type:api)", "(role:Admin) (region:us)", "via:direct role:*"),
    *("via:team OR is:armed", "tier:read", "tier:write region:eu", "tier=admin", "can:mint"),
    *("is:admin", "is:orphan", "-is:idle", "team:read", "-team:*", "tokens:0", "tokens:>0"),
    *("has:roles", "has:teams", "used:<7d expires:>1d", "-used:never", "type:black* role:Star*"),
    *("is:person is:armed", "is:account role:Viewer", "!is:armed", "is:person -is:idle"),
)

fields = st.fixed_dictionaries(
    {
        "role_name": st.sampled_from(ROLES),
        "type_name": st.sampled_from(TYPES),
        "entity_id": st.sampled_from(ENTITIES),
        "region": st.sampled_from(REGIONS),
    }
)
unclear_fields = st.fixed_dictionaries(
    {
        "role_name": st.sampled_from((*ROLES, None)),
        "type_name": st.sampled_from((*TYPES, None)),
        "entity_id": st.sampled_from((*ENTITIES, None)),
        "region": st.sampled_from((*REGIONS, None)),
    }
)
questions = st.builds(
    Question,
    role=st.sampled_from((*ROLES, None)),
    type_name=st.sampled_from((*TYPES, None)),
    entity_id=st.sampled_from((*ENTITIES, None)),
    region=st.sampled_from((*REGIONS, None)),
)


def granted(given: dict[str, Any]) -> Any:
    return make_grant(
        given["role_name"],
        type_name=given["type_name"],
        entity_id=given["entity_id"],
        region=given["region"],
    )


grants = st.lists(unclear_fields.map(granted), max_size=6)


@st.composite
def organisations(draw: st.DrawFn, rows: Any = fields) -> Organisation:
    """Up to four accounts and two people in up to three teams, everything of them read."""
    made = Organisation()
    made.entity("prod", region="eu", id=PROD)
    made.entity("test", region="us", id=TEST)
    teams = [
        made.team(
            draw(st.sampled_from(TEAM_NAMES)),
            *(made.role(**each) for each in draw(st.lists(rows, max_size=3))),
            is_predefined=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    for number in range(draw(st.integers(1, 4))):
        made.account(
            f"account {number}",
            *(made.role(**each) for each in draw(st.lists(rows, max_size=4))),
            teams=[team for team in teams if draw(st.booleans())],
            tokens=[token(expires_in=draw(st.sampled_from((-3, 3))))] * draw(st.booleans()),
        )
    for number in range(draw(st.integers(0, 2))):
        state = draw(st.sampled_from(("ACTIVE", "REVOKED", "SLEEPING")))
        made.person(
            f"person {number}",
            *(made.role(**each) for each in draw(st.lists(rows, max_size=3))),
            teams=[team for team in teams if draw(st.booleans())],
            tokens=[personal_token(state=state)] * draw(st.booleans()),
            is_active=draw(st.sampled_from((True, False, None))),
        )
    return made


@st.composite
def partly_read(draw: st.DrawFn) -> tuple[Snapshot, Snapshot]:
    """An organisation, and what is left of it when some lists and fields could not be read."""
    made = draw(organisations())
    whole = made.snapshot
    parts = st.sampled_from((UNREAD, refused()))

    def less(details: dict[str, Any]) -> Any:
        return MappingProxyType({key: _less(draw, each, parts) for key, each in details.items()})

    team_details = {
        team_id: TeamDetails(roles=draw(parts)) if draw(st.booleans()) else before
        for team_id, before in made.team_details.items()
    }
    return whole, replace(
        whole,
        details=less(made.details),
        user_details=less(made.user_details),
        team_details=MappingProxyType(team_details),
    )


def _less(draw: st.DrawFn, before: Any, parts: Any) -> Any:
    """Details of which one list, or a field of each role, or nothing could not be read."""
    name = draw(st.sampled_from((None, "roles", "teams", "tokens", "field")))
    if name == "field":
        rows = [_blurred(draw, each) for each in before.roles.value.rows]
        return replace(before, roles=read(rows))
    return replace(before, **{name: draw(parts)}) if name else before


def _blurred(draw: st.DrawFn, row: Any) -> Any:
    names = ("role_name", "entity_type_name", "entity_id", "entity_region")
    return replace(row, **{draw(st.sampled_from(names)): None})


def access_of(snapshot: Snapshot) -> Access:
    """The access of everybody, people included."""
    return read_access(snapshot, with_people=True)


def answers(access: Access, text: str) -> dict[str, Answer]:
    search = Search(parse(text), access, now=NOW)
    return {each.id: search.answer(each) for each in access.subjects}


def has(held: Any, question: Question, *, is_complete: bool = True) -> Answer:
    verdict = rule(held, question, is_complete=is_complete).verdict
    return Answer.YES if verdict.has else Answer.NO if verdict == "no" else Answer.UNKNOWN


@given(grants, unclear_fields.map(granted), questions, st.booleans())
def test_adding_a_grant_never_removes_access(
    held: list[Any], added: Any, question: Question, is_complete: bool
) -> None:
    before = has(held, question, is_complete=is_complete)

    assert has([*held, added], question, is_complete=is_complete) >= before


@given(organisations(unclear_fields), questions, st.data())
def test_removing_a_path_never_adds_access(
    made: Organisation, question: Question, data: st.DataObject
) -> None:
    for subject in made.access.subjects:
        if subject.grants:
            gone = data.draw(st.sampled_from(subject.grants))
            assert subject.without(gone).has(question) <= subject.has(question)
        for team in subject.teams:
            of_team = [each for each in subject.grants if each.via and each.via.team_id == team.id]
            assert subject.without(*of_team).has(question) <= subject.has(question)


@given(grants, questions, st.randoms(use_true_random=False))
def test_the_order_of_grants_makes_no_difference(
    held: list[Any], question: Question, chance: random.Random
) -> None:
    shuffled = chance.sample(held, len(held))

    one, other = (rule(each, question, is_complete=True) for each in (held, shuffled))
    assert one.verdict == other.verdict
    assert set(one.grants) == set(other.grants)


def turn(part: Part[Listing[T]]) -> Part[Listing[T]]:
    """The list from its end to its start."""
    assert part.value is not None
    return read(reversed(part.value.rows))


@given(organisations(unclear_fields), st.sampled_from(QUERIES))
def test_the_order_of_an_organisation_makes_no_difference(made: Organisation, text: str) -> None:
    turned = replace(
        made.snapshot,
        accounts=read(reversed(made.accounts)),
        details=MappingProxyType(
            {
                each: replace(before, roles=turn(before.roles), teams=turn(before.teams))
                for each, before in made.details.items()
            }
        ),
        people=read(reversed(made.people)),
    )
    access = access_of(turned)

    assert answers(access, text) == answers(made.access, text)
    assert texts(by_type(access.subjects)) == texts(by_type(made.access.subjects))


def texts(matrix: Matrix) -> dict[tuple[str, str], str]:
    return {
        (row.subject.id, column.key): cell.text
        for row in matrix.rows
        for column, cell in zip(matrix.columns, row.cells, strict=True)
    }


@given(fields.map(granted), questions)
def test_everything_covers_whatever_one_entity_or_one_region_does(
    grant: Any, question: Question
) -> None:
    for wider in (replace(grant, entity_id="*"), replace(grant, region="*")):
        assert covers(wider, question) >= covers(grant, question)


@given(unclear_fields.map(granted), questions)
def test_a_question_that_leaves_something_open_is_the_easier_one(
    grant: Any, question: Question
) -> None:
    for name in ("role", "type_name", "entity_id", "region"):
        easier = replace(question, **{name: None})
        assert covers(grant, easier) >= covers(grant, question)


@given(partly_read(), st.sampled_from(QUERIES))
def test_what_was_not_read_turns_no_answer_into_its_opposite(
    snapshots: tuple[Snapshot, Snapshot], text: str
) -> None:
    whole, part = (answers(access_of(each), text) for each in snapshots)

    for account_id, answer in part.items():
        assert answer in (whole[account_id], Answer.UNKNOWN)


@given(partly_read(), questions)
def test_what_was_not_read_is_never_reported_as_no(
    snapshots: tuple[Snapshot, Snapshot], question: Question
) -> None:
    whole, part = map(access_of, snapshots)

    for known, subject in zip(whole.subjects, part.subjects, strict=True):
        assert subject.has(question) in (known.has(question), Answer.UNKNOWN)


# Names that are read, not read, refused, and read later

NAMED = (("prod", "Control Planes", "eu", PROD), ("test", "Control Planes", "us", TEST))
NAMES = (
    *("entity:prod", "entity:prod*", "entity:*o*", "entity=prod", "-entity:prod", "entity!=test"),
    *("type:cp entity:prod", "type:cp entity:test region:us", "type:cp entity:prod region:us"),
    *("type:api entity:prod", "region:eu entity:prod", "type=cp entity=prod region=us"),
    *(
        "type:c* entity:gate",
        "entity:gate",
        "type:org entity:prod",
        f"entity:{PROD}",
        "entity:0d00",
    ),
    *("role:Admin entity:nowhere", "type:cp entity:nowhere", "-(type:cp entity:prod)"),
    *("type:idn entity:prod", 'type:"runtime groups" entity:prod', "type:cp type:api entity:prod"),
)
PLACES = [
    (name, region) for name in ("Control Planes", "Event Gateways", "APIs") for region in REGIONS_OF
]


@st.composite
def named(draw: st.DrawFn) -> tuple[Snapshot, list[Snapshot]]:
    """An organisation of which every list was read, and how that came about, list by list."""
    made = draw(organisations())
    made.entity("prod", type_name="APIs", region="us", id="id-api")
    made.entity("gate", type_name="Event Gateways", region="eu", id="id-gate")
    made.list_the_rest()
    whole = made.snapshot
    states: list[Part[Any] | None] = [refused(), read((), incomplete="more")]
    left = dict(whole.entities)
    for pair in PLACES:
        state = draw(st.sampled_from((None, *states, whole.entities[pair])))
        if state is None:
            del left[pair]
        else:
            left[pair] = state
    steps = [replace(whole, entities=MappingProxyType(dict(left)))]
    for pair in draw(st.permutations(PLACES)):
        if left.get(pair) is not whole.entities[pair]:
            left[pair] = whole.entities[pair]
            steps.append(replace(whole, entities=MappingProxyType(dict(left))))
    return whole, steps


@settings(max_examples=60)
@given(named(), st.sampled_from(NAMES))
def test_reading_more_names_turns_no_answer_into_its_opposite(
    readings: tuple[Snapshot, list[Snapshot]], text: str
) -> None:
    whole, steps = readings
    subjects = access_of(whole).subjects
    # A role on an id is found by the id; that it reaches nothing shows once the id is placed.
    strays = {each.id for each in subjects if any(grant.is_stray for grant in each.grants)}
    before: dict[str, Answer] = {}
    for snapshot in steps:
        said = answers(access_of(snapshot), text)
        for subject_id, known in before.items():
            is_placed_late = subject_id in strays and known is Answer.YES
            assert is_placed_late or known in (said[subject_id], Answer.UNKNOWN)
        before = said


@settings(max_examples=60)
@given(named(), st.sampled_from(NAMES))
def test_when_every_list_it_needs_was_read_the_others_make_no_difference(
    readings: tuple[Snapshot, list[Snapshot]], text: str
) -> None:
    whole, (part, *_) = readings
    access = access_of(whole)
    needed = access.lists_for(parse(text))
    entities = {**part.entities, **{pair: whole.entities[pair] for pair in needed}}

    said = answers(access_of(replace(part, entities=MappingProxyType(entities))), text)

    for subject_id, known in answers(access, text).items():
        assert said[subject_id] in (known, Answer.UNKNOWN)
        if all(each.entity_id == "*" for each in _twin_of(access, subject_id).grants):
            assert said[subject_id] is known


@settings(max_examples=60)
@given(named(), st.sampled_from(["entity:prod", "entity:nowhere", "type:cp entity:prod"]))
def test_a_grant_on_everything_is_certain_only_where_the_name_is_known_to_be(
    readings: tuple[Snapshot, list[Snapshot]], text: str
) -> None:
    access = access_of(readings[1][0])
    name = text.rpartition(":")[2]
    there = [each for each in access.entities_by_id.values() if each.name == name]
    search = Search(parse(text), access, now=NOW)
    for match in search.matches():
        for grant in match.grants if match.answer is Answer.YES else ():
            reached = [
                covers(
                    grant, Question(type_name=e.entity_type_name, entity_id=e.id, region=e.region)
                )
                for e in there
            ]
            assert Answer.YES in reached


def _twin_of(access: Access, subject_id: str) -> Subject:
    found = access.subject(subject_id)
    assert found is not None
    return found


def matrices(subjects: tuple[Subject, ...]) -> list[Matrix]:
    return [by_type(subjects), by_region(subjects), *(by_role(subjects, each) for each in TYPES)]


@settings(max_examples=30)
@given(st.one_of(organisations(unclear_fields), organisations()))
def test_the_matrix_says_what_the_query_of_each_column_finds(made: Organisation) -> None:
    access = made.access
    for matrix in matrices(access.subjects):
        for index, column in enumerate(matrix.columns):
            found = answers(access, column.query)
            shown = {row.subject.id: row.cells[index].answer for row in matrix.rows}
            assert shown == found, column


@settings(max_examples=30)
@given(partly_read())
def test_so_it_does_when_something_was_not_read(snapshots: tuple[Snapshot, Snapshot]) -> None:
    access = access_of(snapshots[1])
    for matrix in matrices(access.subjects):
        for index, column in enumerate(matrix.columns):
            shown = {row.subject.id: row.cells[index].answer for row in matrix.rows}
            assert shown == answers(access, column.query), column


anything_read = st.one_of(
    organisations(unclear_fields).map(lambda made: access_of(made.snapshot)),
    partly_read().map(lambda snapshots: access_of(snapshots[1])),
)
"""The access in organisations of which fields, lists or nothing at all could not be read."""


@settings(max_examples=30)
@given(anything_read)
def test_why_tells_the_very_grants_of_the_cell_and_of_the_query(access: Access) -> None:
    for matrix in matrices(access.subjects):
        for index, column in enumerate(matrix.columns):
            search = Search(parse(column.query), access, now=NOW)
            for row in matrix.rows:
                cell = row.cells[index]
                why = explain_cell(row.subject, column, now=NOW)
                match = search.match(row.subject)
                assert cell == cell_of(row.subject, column) == why.cell
                assert {id(each.grant) for each in why.paths} == set(map(id, cell.grants))
                assert set(map(id, match.grants if match else ())) == set(map(id, cell.grants))


@given(anything_read)
def test_a_path_is_needed_exactly_when_access_is_lost_without_it(access: Access) -> None:
    for subject in access.subjects:
        why = explain(subject, now=NOW)
        for path in why.paths:
            if path.grant.is_stray:
                assert why.needs(path) is Answer.NO
            elif path.grant.is_known:
                left = subject.without(path.grant).has(question_of(path.grant))
                assert why.needs(path) is left.opposite
            elif why.needs(path) is Answer.NO:
                assert all(gives(each, path.grant) for each in path.wider)


@given(anything_read)
def test_what_is_spare_can_all_go_at_once_and_nothing_else_can(access: Access) -> None:
    for subject in access.subjects:
        why = explain(subject, now=NOW)
        left = subject.without(*(path.grant for path in why.paths if why.is_spare(path)))
        for path in why.paths:
            if path.grant.is_known and not path.grant.is_stray:
                question = question_of(path.grant)
                assert left.has(question) is Answer.YES
                if not why.is_spare(path):
                    assert left.without(path.grant).has(question) is not Answer.YES
        assert why.spare <= why.needless


CHOICES = {"role_name": ROLES, "type_name": TYPES, "entity_id": ENTITIES, "region": REGIONS}


@given(fields, unclear_fields, st.sets(st.sampled_from(tuple(CHOICES)), max_size=2), st.data())
def test_that_one_grant_gives_another_stays_so_whatever_could_not_be_read(
    one: dict[str, Any], change: dict[str, Any], changed: set[str], data: st.DataObject
) -> None:
    other = one | {name: change[name] for name in changed}
    one |= dict.fromkeys(data.draw(st.sets(st.sampled_from(tuple(CHOICES)), max_size=1)))
    said = gives(granted(one), granted(other))

    for each in (one, other):
        for name, values in CHOICES.items():
            if each[name] is None:
                each[name] = data.draw(st.sampled_from(values))
    known = covers(granted(one), question_of(granted(other)))
    assert said in (known, Answer.UNKNOWN)


# Comparing


@given(anything_read)
def test_comparing_tells_what_both_hold_and_everybody_is_like_themselves(access: Access) -> None:
    for left in access.subjects:
        for right in access.subjects:
            told = compare(left, right)
            assert sum(len(each.left) for each in told) >= len(left.grants)
            assert sum(len(each.right) for each in told) == len(right.grants)
            ours = [each for each in told if each.left and not each.left[0].is_stray]
            assert all(each.left_answer is Answer.YES for each in ours)
            if left is right:
                assert all(each.left == each.right for each in told)
                assert all(each.is_same for each in ours)


@given(anything_read)
def test_comparing_turns_round_with_its_sides(access: Access) -> None:
    left, right = access.subjects[0], access.subjects[-1]

    told = {each.grant.scope: each for each in compare(left, right) if each.grant.is_known}
    turned = {each.grant.scope: each for each in compare(right, left) if each.grant.is_known}

    assert told.keys() == turned.keys()
    for scope, each in told.items():
        other = turned[scope]
        assert (each.left, each.left_answer) == (other.right, other.right_answer)
        assert each.same is other.same


@given(anything_read)
def test_comparing_agrees_with_what_each_side_can_do(access: Access) -> None:
    for left in access.subjects:
        for right in access.subjects:
            for each in compare(left, right):
                if each.grant.is_known:
                    question = question_of(each.grant)
                    assert each.left_answer is left.has(question)
                    assert each.right_answer is right.has(question)


def asking_for(grant: Any) -> str | None:
    """The query for what a grant gives; None where a query would ask for something else."""
    # A query for an entity asks for it where it is: prod is in the EU, test in the US.
    is_placed = (grant.kind, grant.entity_id, grant.region) in (
        ("controlplane", PROD, "eu"),
        ("controlplane", TEST, "us"),
    )
    if not grant.is_known or grant.kind == "*" or not (is_placed or grant.entity_id == "*"):
        return None
    where = f"entity:{grant.entity_id} region:{grant.region}"
    return f'role:"{grant.role}" type:"{grant.kind}" {where}'


@given(anything_read)
def test_comparing_agrees_with_the_query_for_the_same(access: Access) -> None:
    left, right = access.subjects[0], access.subjects[-1]
    for each in compare(left, right):
        if text := asking_for(each.grant):
            found = answers(access, text)
            assert (each.left_answer, each.right_answer) == (found[left.id], found[right.id])


@given(partly_read())
def test_comparing_what_was_not_read_is_never_the_same_and_never_a_no(
    snapshots: tuple[Snapshot, Snapshot],
) -> None:
    whole, part = map(access_of, snapshots)
    for left in part.subjects:
        for right in part.subjects:
            known = {
                each.grant.scope: each for each in compare(_twin(left, whole), _twin(right, whole))
            }
            for each in compare(left, right):
                if (truth := known.get(each.grant.scope)) and each.grant.is_known:
                    assert each.left_answer in (truth.left_answer, Answer.UNKNOWN)
                    assert each.right_answer in (truth.right_answer, Answer.UNKNOWN)
                    assert each.same in (truth.same, Answer.UNKNOWN)


def _twin(subject: Subject, access: Access) -> Subject:
    found = access.subject(subject.id)
    assert found is not None
    return found


# From the side of an entity


@given(anything_read, st.sampled_from([PROD, TEST]))
def test_an_entity_is_reached_by_those_whom_the_query_finds(access: Access, entity_id: str) -> None:
    entity = access.entities_by_id[entity_id]
    found = answers(access, f"entity:{entity_id} type:cp region:{entity.region}")
    reached = reaching(access, entity)

    assert {each.subject.id: each.answer for each in reached} == {
        each: answer for each, answer in found.items() if answer
    }
    for each in reached:
        question = Question(type_name="Control Planes", entity_id=entity_id, region=entity.region)
        sure = {
            id(grant) for grant in each.subject.grants if covers(grant, question) is each.answer
        }
        assert {id(grant) for grant in each.grants} == sure
        assert each.subject.has(question) is each.answer


@given(partly_read(), st.sampled_from([PROD, TEST]))
def test_whoever_may_reach_an_entity_is_told_however_little_was_read(
    snapshots: tuple[Snapshot, Snapshot], entity_id: str
) -> None:
    whole, part = (
        {
            each.subject.id: each.answer
            for each in reaching(access, access.entities_by_id[entity_id])
        }
        for access in map(access_of, snapshots)
    )

    for subject_id, answer in whole.items():
        assert part.get(subject_id, Answer.NO) in (answer, Answer.UNKNOWN)
    assert all(part[each] is Answer.UNKNOWN for each in part.keys() - whole.keys())


@pytest.mark.parametrize("text", QUERIES)
def test_every_query_of_these_properties_can_be_asked(text: str) -> None:
    parse(text)
