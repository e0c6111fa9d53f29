"""Entity ids find their names where each product lists them."""

from __future__ import annotations

from typing import Any

import pytest

from sa_tui.konnect.entities import LISTED_TYPES, is_global, list_entities
from sa_tui.konnect.errors import Forbidden, Misconfigured


@pytest.mark.parametrize("entity_type_name", LISTED_TYPES)
async def test_every_listed_type_has_a_host_and_rows(
    connect: Any, script: Any, answer: Any, entity_type_name: str
) -> None:
    konnect = script(answer(200, {"data": [{"id": "e", "name": "edge"}]}))
    listing = await list_entities(connect(konnect), entity_type_name, region="eu")
    expected = "global" if is_global(entity_type_name) else "eu"
    assert konnect.requests[0].url.host == f"{expected}.api.konghq.com"
    (entity,) = listing.rows
    assert (entity.id, entity.name, entity.region) == ("e", "edge", "eu")
    assert entity.entity_type_name == entity_type_name


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"name": "orders", "version": "v2"}, "orders v2"),
        ({"display_name": "Partner portal"}, "Partner portal"),
        ({"name": "x\x1b"}, "x\x1b"),
        ({}, "e"),
    ],
)
async def test_an_entity_goes_by_the_name_people_know(
    connect: Any, script: Any, answer: Any, row: dict[str, str], name: str
) -> None:
    konnect = script(answer(200, {"data": [{"id": "e", **row}]}))
    listing = await list_entities(connect(konnect), "APIs", region="us")
    assert listing.rows[0].name == name


async def test_event_gateways_are_read_by_cursor(connect: Any, script: Any, answer: Any) -> None:
    konnect = script(
        answer(200, {"data": [{"id": "a"}], "meta": {"page": {"next": "/v1/x?page[after]=c"}}}),
        answer(200, {"data": [{"id": "b"}], "meta": {"page": {"next": None}}}),
    )
    listing = await list_entities(connect(konnect), "Event Gateways", region="us")
    assert [each.id for each in listing.rows] == ["a", "b"]
    assert konnect.requests[1].url.params["page[after]"] == "c"


async def test_a_type_without_a_list_is_unknown_not_empty(connect: Any, script: Any) -> None:
    konnect = script()
    listing = await list_entities(connect(konnect), "Control Plane Groups", region="us")
    assert listing.incomplete == "Konnect offers no list of Control Plane Groups."
    assert konnect.sent == []


async def test_entities_that_may_not_be_seen_are_an_error(
    connect: Any, script: Any, answer: Any
) -> None:
    with pytest.raises(Forbidden):
        await list_entities(connect(script(answer(403))), "Control Planes", region="us")


async def test_the_wildcard_is_never_asked_as_a_region(connect: Any, script: Any) -> None:
    konnect = script()
    with pytest.raises(Misconfigured):
        await list_entities(connect(konnect), "Control Planes", region="*")
    assert konnect.sent == []
