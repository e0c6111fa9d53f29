"""Assigned roles of accounts, teams and users, and the catalogue of predefined roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.demo.accounts import find_account
from sa_tui.demo.answers import (
    EQ,
    Call,
    Endpoint,
    Reply,
    conflict,
    filtered,
    invalid,
    is_uuid,
    json_reply,
    no_content,
    not_found,
    required_text,
    whole,
)
from sa_tui.demo.catalogue import ASSIGNABLE, REGIONS, predefined_roles
from sa_tui.demo.teams import find_changeable_team, find_team
from sa_tui.demo.users import find_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.demo.organisation import Organisation, WireRow

    Find = Callable[[Organisation, str], WireRow]


def _catalogue(call: Call) -> Reply:
    del call  # the same for everyone
    return json_reply(200, predefined_roles())


def _role_of_body(call: Call) -> WireRow:
    """The role of a request body. Raises 400 if its type, role, entity or region is wrong."""
    body = call.json_object()
    type_name = required_text(body, "entity_type_name")
    if type_name not in ASSIGNABLE:
        _not_offered("entity_type_name", sorted(ASSIGNABLE))
    role_name = required_text(body, "role_name")
    if role_name not in ASSIGNABLE[type_name]:
        _not_offered("role_name", sorted(ASSIGNABLE[type_name]))
    region = required_text(body, "entity_region")
    if region not in (*REGIONS, "*"):
        _not_offered("entity_region", [*REGIONS, "*"])
    entity_id = required_text(body, "entity_id")
    if entity_id != "*" and not is_uuid(entity_id):
        invalid("entity_id", "must be a valid UUID v4", rule="is_uuid", source="body")
    return {
        "id": call.organisation.new_id(),
        "role_name": role_name,
        "entity_id": entity_id,
        "entity_type_name": type_name,
        "entity_region": region,
    }


def _not_offered(field: str, choices: list[str]) -> None:
    reason = f"must be one of {', '.join(choices)}"
    invalid(field, reason, rule="enum", choices=choices, source="body")


def _holder_routes(
    path: str, *, find: Find, find_changeable: Find, filters: tuple[str, ...]
) -> tuple[Endpoint, ...]:
    """The four operations on the assigned roles of one kind of holder."""
    fields = dict.fromkeys(filters, EQ)

    def list_roles(call: Call) -> Reply:
        find(call.organisation, call.ids[0])
        return whole(filtered(call, call.organisation.roles(call.ids[0]).rows, fields=fields))

    def assign_role(call: Call) -> Reply:
        find_changeable(call.organisation, call.ids[0])
        role = _role_of_body(call)
        if call.organisation.holds(call.ids[0], role):
            conflict("The role is already assigned")
        return json_reply(201, call.organisation.add_role(call.ids[0], role))

    def get_role(call: Call) -> Reply:
        find(call.organisation, call.ids[0])
        role = call.organisation.roles(call.ids[0]).get(call.ids[1])
        return json_reply(200, role or not_found("assigned role"))

    def remove_role(call: Call) -> Reply:
        holder_id, role_id = call.ids
        find_changeable(call.organisation, holder_id)
        if role_id not in call.organisation.roles(holder_id):
            not_found("assigned role")
        call.organisation.remove_role(holder_id, role_id)
        return no_content()

    return (
        Endpoint("GET", template=path, handler=list_roles),
        Endpoint("POST", template=path, handler=assign_role),
        Endpoint("GET", template=f"{path}/{{}}", handler=get_role),
        Endpoint("DELETE", template=f"{path}/{{}}", handler=remove_role),
    )


ROUTES = (
    Endpoint("GET", template="/v3/roles", handler=_catalogue, access="signed-in"),
    *_holder_routes(
        "/v3/system-accounts/{}/assigned-roles",
        find=find_account,
        find_changeable=find_account,
        filters=("entity_id", "role_name", "entity_type_name"),
    ),
    *_holder_routes(
        "/v3/teams/{}/assigned-roles",
        find=find_team,
        find_changeable=find_changeable_team,
        # The specification offers no filter on the entity here.
        filters=("role_name", "entity_type_name"),
    ),
    *_holder_routes(
        "/v3/users/{}/assigned-roles",
        find=find_user,
        find_changeable=find_user,
        filters=("entity_id", "role_name", "entity_type_name"),
    ),
)
