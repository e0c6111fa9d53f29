"""People of the organisation, and the organisation itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.demo.answers import (
    EQ,
    FLAG,
    TEXT,
    Call,
    Endpoint,
    Refusal,
    Reply,
    filtered,
    forbidden,
    invalid,
    is_uuid,
    json_reply,
    no_content,
    not_found,
    optional_text,
    page,
)
from sa_tui.demo.organisation import Organisation, WireRow, stamp

if TYPE_CHECKING:
    from datetime import datetime

USER_FILTERS = {"id": EQ, "email": TEXT, "full_name": TEXT, "active": FLAG}
_LONGEST_NAME = 250


def find_user(organisation: Organisation, user_id: str) -> WireRow:
    """The user row. Raises 400 for an invalid id, 404 for an unknown user."""
    if not is_uuid(user_id):
        invalid("userID", "invalid ID format")
    return organisation.users.get(user_id) or not_found("user")


def _list_users(call: Call) -> Reply:
    return page(call, filtered(call, call.organisation.users.rows, fields=USER_FILTERS))


def _get_user(call: Call) -> Reply:
    return json_reply(200, find_user(call.organisation, call.ids[0]))


def _update_user(call: Call) -> Reply:
    user = find_user(call.organisation, call.ids[0])
    body = call.json_object()
    changes = {
        name: value
        for name in ("full_name", "preferred_name")
        if (value := optional_text(body, name, maximum=_LONGEST_NAME)) is not None
    }
    if changes.get("full_name") == "":
        invalid("full_name", "cannot be blank")
    user |= changes
    user["updated_at"] = stamp(call.now)
    return json_reply(200, user)


def _delete_user(call: Call) -> Reply:
    find_user(call.organisation, call.ids[0])
    if call.ids[0] == call.organisation.record["owner_id"]:
        forbidden("The owner of the organization cannot be removed")
    call.organisation.remove_user(call.ids[0])
    return no_content()


def _list_user_teams(call: Call) -> Reply:
    organisation = call.organisation
    find_user(organisation, call.ids[0])
    rows = [organisation.teams[team_id] for team_id in organisation.user_teams.teams(call.ids[0])]
    return page(call, filtered(call, rows, fields={"name": TEXT}))


def _calling_person(call: Call, *, status: int) -> str:
    """The id of the calling person. Raises this status for a system account."""
    user_id = call.caller.user_id if call.caller else None
    if user_id is None:
        raise Refusal(
            status,
            title="Unauthorized" if status == 401 else "Forbidden",
            detail="A system account access token cannot be used for this operation",
        )
    return user_id


def _me(call: Call) -> Reply:
    # The specification has no other refusal here than 401.
    return json_reply(200, find_user(call.organisation, _calling_person(call, status=401)))


def _list_user_tokens(call: Call) -> Reply:
    _calling_person(call, status=403)
    find_user(call.organisation, call.ids[0])
    rows = [_as_of(call.now, row) for row in call.organisation.tokens(call.ids[0])]
    # Unlike other lists, it has no page parameters, and its counts are in `meta` itself.
    meta = {"number": 1, "size": len(rows), "total": len(rows)}
    return json_reply(200, {"meta": meta, "data": rows})


def _as_of(now: datetime, token: WireRow) -> WireRow:
    is_over = token["state"] == "ACTIVE" and token["expires_at"] <= stamp(now)
    return token | {"state": "EXPIRED"} if is_over else token


def _my_organisation(call: Call) -> Reply:
    return json_reply(200, call.organisation.record)


def _authentication_settings(call: Call) -> Reply:
    return json_reply(200, call.organisation.authentication_settings)


def _available_regions(call: Call) -> Reply:
    del call  # the same for everyone, signed in or not
    regions = {"stable": ["au", "eu", "in", "me", "us"], "stable_opt_in": ["sg"], "beta": []}
    return json_reply(200, {"regions": regions})


ROUTES = (
    Endpoint("GET", template="/v3/available-regions", handler=_available_regions, access="public"),
    Endpoint("GET", template="/v3/organizations/me", handler=_my_organisation, access="signed-in"),
    Endpoint("GET", template="/v3/users/me", handler=_me, access="signed-in"),
    Endpoint(
        "GET",
        template="/v3/authentication-settings",
        handler=_authentication_settings,
        access="signed-in",
    ),
    Endpoint("GET", template="/v3/users", handler=_list_users),
    Endpoint("GET", template="/v3/users/{}", handler=_get_user),
    Endpoint("PATCH", template="/v3/users/{}", handler=_update_user),
    Endpoint("DELETE", template="/v3/users/{}", handler=_delete_user),
    Endpoint("GET", template="/v3/users/{}/teams", handler=_list_user_teams),
    Endpoint("GET", template="/v3/users/{}/access-tokens", handler=_list_user_tokens),
)
