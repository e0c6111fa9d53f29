"""Entities get their names from one list per type and region; no name is no proof of absence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect, Fault
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.models import AssignedRole
from sa_tui.konnect.regions import REGIONS
from sa_tui.konnect.settings import Settings
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role
from sa_tui.org.reading.entities import Sight, look_up, regions_of, unread_listings
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from datetime import datetime

STRANGER = "00000000-0000-4000-8000-000000000000"


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


class Guard(httpx.AsyncBaseTransport):
    """Refuses some paths, as Konnect does to callers without rights; the rest passes."""

    def __init__(self, inner: httpx.AsyncBaseTransport, refusals: dict[str, int]) -> None:
        self._inner = inner
        self._refusals = refusals

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if status := self._refusals.get(request.url.path):
            return httpx.Response(status, json={"status": status, "detail": "not for you"})
        return await self._inner.handle_async_request(request)


@pytest.fixture
def refusals() -> dict[str, int]:
    return {}


@pytest.fixture
async def org(
    fake: FakeKonnect, clock: Callable[[], datetime], refusals: dict[str, int]
) -> AsyncIterator[Org]:
    client = KonnectClient(
        SecretStr(fake.operator_token),
        Settings(
            base_url=BASE_URL,
            regional_url=REGIONAL_URL,
            transport=Guard(fake.transport(sleep=no_sleep), refusals),
            sleep=no_sleep,
            now=clock,
            jitter=lambda: 0.5,
        ),
    )
    async with Org(client, now=clock) as opened:
        yield opened


def role(
    entity_id: str | None,
    *,
    region: str = "eu",
    type_name: str = "Control Planes",
    name: str = "Viewer",
) -> AssignedRole:
    return AssignedRole(
        id=f"role-{entity_id}",
        role_name=name,
        entity_type_name=type_name,
        entity_id=entity_id,
        entity_region=region,
    )


def plane(fake: FakeKonnect, name: str, region: str) -> str:
    rows = fake.organisation.entities["/v2/control-planes", region].rows
    return str(next(row["id"] for row in rows if row["name"] == name))


def asked(fake: FakeKonnect) -> list[tuple[str, str | None]]:
    return [(each.path, each.region) for each in fake.received]


async def read_names(org: Org, *roles: AssignedRole) -> None:
    await org.read_entities(unread_listings(roles, org.snapshot))


async def test_an_entity_is_known_by_its_name(org: Org, fake: FakeKonnect) -> None:
    held = role(plane(fake, "prod-eu", "eu"))
    assert look_up(held, org.snapshot).sight is Sight.UNREAD

    await read_names(org, held)

    seen = look_up(held, org.snapshot)
    assert (seen.sight, seen.name) == (Sight.NAMED, "prod-eu")


async def test_a_list_is_asked_for_once_for_all_its_roles(org: Org, fake: FakeKonnect) -> None:
    held = role(plane(fake, "prod-eu", "eu")), role(plane(fake, "staging-eu", "eu"))
    await read_names(org, *held)
    await read_names(org, *held, role(STRANGER))

    assert asked(fake) == [("/v2/control-planes", "eu")]


async def test_nothing_is_asked_for_a_role_on_everything(org: Org, fake: FakeKonnect) -> None:
    await read_names(org, role("*", region="*"))

    assert asked(fake) == []
    assert look_up(role("*"), org.snapshot).sight is Sight.EVERYTHING


async def test_an_entity_that_a_full_list_lacks_does_not_exist(org: Org) -> None:
    await read_names(org, role(STRANGER))

    assert look_up(role(STRANGER), org.snapshot).sight is Sight.GONE


@pytest.mark.parametrize("status", [403, 404])
async def test_an_entity_of_a_refused_list_is_not_visible(
    org: Org, refusals: dict[str, int], status: int
) -> None:
    refusals["/v2/control-planes"] = status
    await read_names(org, role(STRANGER))

    seen = look_up(role(STRANGER), org.snapshot)
    assert seen.sight is Sight.HIDDEN
    assert seen.why


async def test_an_entity_of_an_unreadable_list_is_not_known(org: Org, fake: FakeKonnect) -> None:
    fake.inject(Fault("500", path="/v2/control-planes", times=None))
    await read_names(org, role(STRANGER))

    assert look_up(role(STRANGER), org.snapshot).sight is Sight.FAILED


async def test_one_refused_region_leaves_it_open_whether_an_entity_exists(
    org: Org, fake: FakeKonnect
) -> None:
    held = role(STRANGER, region="*")
    fake.inject(Fault("500", path="/v2/control-planes", times=4))
    await read_names(org, held)

    assert look_up(held, org.snapshot).sight is not Sight.GONE


async def test_an_empty_list_proves_nothing(org: Org) -> None:
    held = role(STRANGER, region="sg")
    await read_names(org, held)

    assert look_up(held, org.snapshot).sight is Sight.HIDDEN


async def test_a_type_without_a_list_is_not_asked_for(org: Org, fake: FakeKonnect) -> None:
    held = role(STRANGER, type_name="Reports")
    await read_names(org, held)

    assert asked(fake) == []
    assert look_up(held, org.snapshot).sight is Sight.HIDDEN


async def test_a_role_in_all_regions_is_looked_for_in_each(org: Org, fake: FakeKonnect) -> None:
    held = role(plane(fake, "prod-au", "au"), region="*")
    await read_names(org, held)

    assert sorted(region or "" for _, region in asked(fake)) == sorted(REGIONS)
    assert look_up(held, org.snapshot).name == "prod-au"


async def test_event_gateways_are_named_too(org: Org, fake: FakeKonnect) -> None:
    rows = fake.organisation.entities["/v1/event-gateways", "eu"].rows
    held = role(rows[0]["id"], name="Event Gateways Viewer")
    await read_names(org, held)

    assert look_up(held, org.snapshot).name == "kafka-customs"


async def test_both_spellings_of_a_type_share_a_list(org: Org, fake: FakeKonnect) -> None:
    for name in ("Mesh Control Plane", "Mesh Control Planes"):
        await read_names(org, role(STRANGER, type_name=name))

    assert asked(fake) == [("/v1/mesh/control-planes", "eu")]


async def test_the_offer_is_read_once(org: Org, fake: FakeKonnect) -> None:
    await org.read_offer()
    await org.read_offer()

    assert sorted(path for path, _ in asked(fake)) == ["/v3/available-regions", "/v3/roles"]
    assert org.snapshot.catalogue.value
    assert set(regions_of(org.snapshot)) == set(REGIONS)


async def test_regions_are_known_when_konnect_does_not_tell_them(
    org: Org, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", path="/v3/available-regions", times=None))
    await org.read_offer()

    assert org.snapshot.regions.error is not None
    assert regions_of(org.snapshot) == REGIONS


async def test_a_team_is_read_once_and_again_after_a_change(org: Org, fake: FakeKonnect) -> None:
    team = fake.team_named("Release Bots")
    await org.read_team_details([team["id"]])
    await org.read_team_details([team["id"]])
    assert len(fake.received) == 3

    owner = RoleOwner(kind="team", id=team["id"], name=team["name"])
    grant = RoleRequest(
        role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
    )
    await org.carry_out([assign_role(owner, grant)], on_outcome=lambda _: None, sleep=no_sleep)

    roles = org.snapshot.team_details_of(team["id"]).roles.value
    assert roles is not None
    assert any(map(grant.is_written_in, roles.rows))
