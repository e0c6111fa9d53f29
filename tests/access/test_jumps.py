"""What can be gone to by its name, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sa_tui.access.jumps import Jump, JumpList
from sa_tui.konnect.models import Entity, SystemAccount, User
from sa_tui.konnect.regions import REGIONS
from sa_tui.org.reading.entities import every_list_in
from sa_tui.org.snapshot import Details, Part, Snapshot
from tests.access.conftest import UNREAD, Organisation, read, refused, token

if TYPE_CHECKING:
    from sa_tui.org.snapshot import Part as AnyPart


def list_of(snapshot: Snapshot, **more: Any) -> JumpList:
    jumps = JumpList()
    take(jumps, snapshot, **more)
    return jumps


def take(jumps: JumpList, snapshot: Snapshot, **more: Any) -> None:
    for _ in jumps.update(snapshot, **{"queries": {}} | more):
        pass


def found(jumps: JumpList, typed: str) -> list[Jump]:
    """What is found beside the roles of the table."""
    return [jump for jump in jumps.find(typed) if jump.kind != "role"]


def everything() -> Snapshot:
    """One of each kind, all of it read."""
    organisation = Organisation()
    account = SystemAccount(id="a1", name="probe")
    team = organisation.team("probe team")
    entity = Entity(id="e1", name="probe-eu", entity_type_name="APIs", region="eu")
    lists: dict[tuple[str, str], AnyPart[Any]] = dict.fromkeys(every_list_in(REGIONS), read([]))
    lists["APIs", "eu"] = read([entity])
    return Snapshot(
        accounts=read([account]),
        details={"a1": Details(tokens=read([token("probe token")]), roles=read([]))},
        teams=read([team]),
        people=read([User(id="u1", full_name="Probe Person")]),
        entities=lists,
    )


def test_each_kind_is_found_by_its_name() -> None:
    pages = [Jump("page", "log", "Probe log")]
    jumps = list_of(everything(), pages=pages, queries={"probe query": "role:Admin"})

    kinds = [jump.kind for jump in found(jumps, "prob")]
    assert kinds == ["page", "account", "query", "team", "person", "entity", "token"]
    assert jumps.find("probe token")[0] == Jump(
        "token", "token-probe token", "probe token", "probe", "a1"
    )
    assert {jump.kind for jump in jumps.find("Portal Viewer")} == {"role"}
    assert jumps.unread == ""


def test_an_account_is_found_by_its_id_and_its_description() -> None:
    account = SystemAccount(id="0f3c-11", name="probe", description="Deploys the billing")
    jumps = list_of(Snapshot(accounts=read([account])))

    assert [jump.id for jump in found(jumps, "0f3c-11")] == ["0f3c-11"]
    assert [jump.id for jump in found(jumps, "billing")] == ["0f3c-11"]


def test_of_equal_names_the_one_visited_last_comes_first() -> None:
    accounts = [SystemAccount(id=f"a{number}", name="twin") for number in range(3)]
    jumps = list_of(Snapshot(accounts=read(accounts)))
    jumps.remember("account", "a2")
    jumps.remember("account", "a1")

    assert [jump.id for jump in found(jumps, "twin")] == ["a1", "a2", "a0"]


def test_what_was_not_read_is_said() -> None:
    accounts = [SystemAccount(id=f"a{number}", name="x") for number in range(3)]
    details = {"a0": Details(tokens=read([])), "a1": Details(tokens=refused())}
    snapshot = Snapshot(accounts=read(accounts, incomplete="cut short"), details=details)
    lists = len(every_list_in(REGIONS))

    assert list_of(snapshot).unread == (
        f"tokens of 2 accounts, accounts, teams, people, {lists} of {lists} lists of entities"
    )
    assert list_of(replace(everything(), teams=UNREAD)).unread == "teams"


def test_another_snapshot_brings_what_is_new_and_takes_what_is_gone() -> None:
    before = everything()
    jumps = list_of(before)
    other = SystemAccount(id="a2", name="other")
    take(
        jumps,
        replace(
            before, accounts=read([other]), details={"a2": Details(tokens=read([token("new")]))}
        ),
    )

    assert [jump.kind for jump in found(jumps, "probe")] == ["team", "person", "entity"]
    assert jumps.find("new")[0].of == "a2"
    assert jumps.find("other")[0].id == "a2"


def test_tokens_that_are_read_later_are_found_then() -> None:
    account = SystemAccount(id="a1", name="probe")
    before = Snapshot(accounts=read([account]))
    jumps = list_of(before)
    assert found(jumps, "gha-late") == []

    take(jumps, replace(before, details={"a1": Details(tokens=read([token("gha-late")]))}))
    assert [jump.name for jump in found(jumps, "gha-late")] == ["gha-late"]


def test_an_entity_that_two_lists_name_is_there_once() -> None:
    entity = Entity(id="e1", name="twice", entity_type_name="APIs", region="eu")
    part: Part[Any] = read([entity])
    jumps = list_of(Snapshot(entities={("APIs", "eu"): part, ("APIs", "us"): part}))

    assert len(found(jumps, "twice")) == 1


def test_an_account_comes_before_a_role_that_begins_with_what_was_typed() -> None:
    jumps = list_of(Snapshot(accounts=read([SystemAccount(id="a1", name="ci-certificates")])))

    kinds = [jump.kind for jump in jumps.find("certificate")]
    assert kinds[:2] == ["account", "role"]
    assert jumps.find("certificate admin")[0].kind == "role"
