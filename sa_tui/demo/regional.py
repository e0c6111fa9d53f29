"""The lists of entities: one collection for each entity type and host."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from sa_tui.demo.answers import (
    EQ,
    TEXT,
    Call,
    Endpoint,
    Handler,
    Refusal,
    Reply,
    filtered,
    invalid,
    json_reply,
    page,
)
from sa_tui.demo.grants import visible_entities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.demo.organisation import WireRow

GLOBAL = "global"
_CURSOR_SIZE = 10


@dataclass(frozen=True)
class Collection:
    """The list operation of an entity type."""

    path: str
    _: KW_ONLY
    type_name: str
    filter_by_id: bool = False
    is_global: bool = False
    by_cursor: bool = False


COLLECTIONS = (
    Collection("/v2/control-planes", type_name="Control Planes", filter_by_id=True),
    Collection("/v3/apis", type_name="APIs", filter_by_id=True),
    Collection("/v2/api-products", type_name="API Products"),
    Collection("/v3/portals", type_name="Portals", filter_by_id=True),
    Collection("/v1/mesh/control-planes", type_name="Mesh Control Planes"),
    Collection("/v2/application-auth-strategies", type_name="Application Auth Strategies"),
    Collection("/v2/dcr-providers", type_name="DCR Providers", filter_by_id=True),
    Collection("/v2/dashboards", type_name="Dashboards", filter_by_id=True),
    Collection("/v1/catalog-services", type_name="Service Hub", filter_by_id=True),
    Collection("/v1/auth-servers", type_name="Auth Servers", filter_by_id=True),
    Collection("/v2/cloud-gateways/networks", type_name="Networks", is_global=True),
    Collection("/v2/cloud-gateways/add-ons", type_name="Add Ons", is_global=True),
    Collection("/v1/event-gateways", type_name="Control Planes", by_cursor=True),
)


def _handler(collection: Collection) -> Handler:
    fields = {"name": TEXT} | ({"id": EQ} if collection.filter_by_id else {})

    def list_entities(call: Call) -> Reply:
        region = call.region or GLOBAL
        if collection.is_global is not (region == GLOBAL):
            raise Refusal(404, title="Not Found", detail="Not Found")
        table = call.organisation.entities.get((collection.path, region))
        rows = filtered(call, table.rows if table else (), fields=fields)
        if call.caller and call.caller.account_id:
            rows = visible_entities(
                call.organisation,
                call.caller.account_id,
                type_name=collection.type_name,
                region=region,
                rows=rows,
            )
        return (
            _cursor_page(call, list(rows), path=collection.path)
            if collection.by_cursor
            else page(call, rows)
        )

    return list_entities


def _cursor_page(call: Call, rows: Sequence[WireRow], *, path: str) -> Reply:
    """The page after `page[after]`, the id of the last row of the page before."""
    size_text = call.query.get("page[size]") or str(_CURSOR_SIZE)
    if not size_text.isdecimal() or not 1 <= int(size_text) <= 100:
        invalid("page[size]", "must be between 1 and 100", rule="max", maximum=100, source="query")
    size, start = int(size_text), 0
    if after := call.query.get("page[after]"):
        ids = [row["id"] for row in rows]
        if after not in ids:
            invalid("page[after]", "is not a valid cursor", rule="invalid", source="query")
        start = 1 + ids.index(after)
    shown = rows[start : start + size]
    is_last = start + size >= len(rows)
    following = None if is_last else f"{path}?page[size]={size}&page[after]={shown[-1]['id']}"
    meta = {"page": {"size": size, "next": following, "previous": None}}
    return json_reply(200, {"meta": meta, "data": shown})


ROUTES = tuple(
    Endpoint("GET", template=collection.path, handler=_handler(collection), access="signed-in")
    for collection in COLLECTIONS
)
