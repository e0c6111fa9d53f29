"""Teams, and the people and system accounts in them. Predefined teams cannot be changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sa_tui.demo.accounts import find_account
from sa_tui.demo.answers import (
    TEXT,
    Call,
    Endpoint,
    Reply,
    conflict,
    created_text,
    filtered,
    invalid,
    is_uuid,
    json_reply,
    no_content,
    not_found,
    optional_text,
    page,
    required_text,
)
from sa_tui.demo.organisation import Membership, Organisation, Table, WireRow, stamp
from sa_tui.demo.users import USER_FILTERS, find_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST_TEXT = 250
_MOST_LABELS = 50
_LABEL_KEY = re.compile(r"(?!kong|konnect|mesh|kic|_).{1,63}", re.DOTALL)
_LABEL_VALUE = re.compile(r"(?=.{1,63}$)[a-z0-9A-Z]([a-z0-9A-Z._-]*[a-z0-9A-Z])?")


def find_team(organisation: Organisation, team_id: str) -> WireRow:
    """The team row. Raises 400 for an invalid id, 404 for an unknown team."""
    if not is_uuid(team_id):
        invalid("teamID", "invalid ID format")
    return organisation.teams.get(team_id) or not_found("team")


def find_changeable_team(organisation: Organisation, team_id: str) -> WireRow:
    """The team row. Raises 400 for a predefined team too."""
    team = find_team(organisation, team_id)
    if team["system_team"]:
        invalid("teamID", "system teams cannot be modified")
    return team


def _list_teams(call: Call) -> Reply:
    rows = filtered(call, call.organisation.teams.rows, fields={"name": TEXT}, labels=True)
    return page(call, rows)


def _create_team(call: Call) -> Reply:
    body = call.json_object()
    row = {
        "id": call.organisation.new_id(),
        "name": required_text(body, "name", maximum=_LONGEST_TEXT),
        "description": _description(body),
        "system_team": False,
        "labels": {key: value for key, value in _labels(body).items() if value is not None},
        "created_at": stamp(call.now),
        "updated_at": stamp(call.now),
    }
    return json_reply(201, call.organisation.teams.add(row))


def _description(body: WireRow) -> str | None:
    description = optional_text(body, "description", maximum=_LONGEST_TEXT)
    if description == "":
        invalid("description", "cannot be blank")
    return description


def _labels(body: WireRow) -> Mapping[str, str | None]:
    """The labels of a body; None stands for a label to remove. Raises 400."""
    labels = body.get("labels") or {}
    if not isinstance(labels, dict):
        invalid("labels", "must be an object", rule="is_object", source="body")
    if len(labels) > _MOST_LABELS:
        reason = f"must not have more than {_MOST_LABELS} labels"
        invalid("labels", reason, rule="max_items", maximum=_MOST_LABELS, source="body")
    for key, value in labels.items():
        fits = value is None or (isinstance(value, str) and _LABEL_VALUE.fullmatch(value))
        if not fits or not _LABEL_KEY.fullmatch(key):
            invalid(f"labels.{key}", "must be a valid label", rule="is_label", source="body")
    return labels


def _get_team(call: Call) -> Reply:
    return json_reply(200, find_team(call.organisation, call.ids[0]))


def _update_team(call: Call) -> Reply:
    team = find_changeable_team(call.organisation, call.ids[0])
    body = call.json_object()
    labels = _labels(body)
    description = _description(body)
    if body.get("name") is not None:
        team["name"] = required_text(body, "name", maximum=_LONGEST_TEXT)
    if description is not None:
        team["description"] = description
    merged = {**team["labels"], **labels}
    team["labels"] = {key: value for key, value in merged.items() if value is not None}
    team["updated_at"] = stamp(call.now)
    return json_reply(200, team)


def _delete_team(call: Call) -> Reply:
    find_changeable_team(call.organisation, call.ids[0])
    call.organisation.remove_team(call.ids[0])
    return no_content()


def _list_account_teams(call: Call) -> Reply:
    organisation = call.organisation
    find_account(organisation, call.ids[0])
    team_ids = organisation.account_teams.teams(call.ids[0])
    rows = [organisation.teams[team_id] for team_id in team_ids]
    return page(call, filtered(call, rows, fields={"name": TEXT}))


def _member_routes(
    path: str,
    *,
    kind: str,
    find: Callable[[Organisation, str], WireRow],
    table: Callable[[Organisation], Table],
    membership: Callable[[Organisation], Membership],
    filters: Mapping[str, frozenset[str]],
) -> tuple[Endpoint, ...]:
    """List, add and remove for one kind of team member; predefined teams take members too."""

    def list_members(call: Call) -> Reply:
        find_team(call.organisation, call.ids[0])
        members = table(call.organisation)
        member_ids = membership(call.organisation).members(call.ids[0])
        rows = [members[member_id] for member_id in member_ids]
        return page(call, filtered(call, rows, fields=filters))

    def add_member(call: Call) -> Reply:
        find_team(call.organisation, call.ids[0])
        member_id = required_text(call.json_object(), "id")
        if not is_uuid(member_id):
            invalid("id", "must be a valid UUID v4", rule="is_uuid", source="body")
        find(call.organisation, member_id)
        if membership(call.organisation).has(call.ids[0], member_id):
            conflict(f"The {kind} is already a member of the team")
        membership(call.organisation).join(call.ids[0], member_id)
        return created_text()

    def remove_member(call: Call) -> Reply:
        team_id, member_id = call.ids
        find_team(call.organisation, team_id)
        if not membership(call.organisation).has(team_id, member_id):
            not_found(kind)
        membership(call.organisation).leave(team_id, member_id)
        return no_content()

    return (
        Endpoint("GET", template=path, handler=list_members),
        Endpoint("POST", template=path, handler=add_member),
        Endpoint("DELETE", template=f"{path}/{{}}", handler=remove_member),
    )


ROUTES = (
    Endpoint("GET", template="/v3/teams", handler=_list_teams),
    Endpoint("POST", template="/v3/teams", handler=_create_team),
    Endpoint("GET", template="/v3/teams/{}", handler=_get_team),
    Endpoint("PATCH", template="/v3/teams/{}", handler=_update_team),
    Endpoint("DELETE", template="/v3/teams/{}", handler=_delete_team),
    Endpoint("GET", template="/v3/system-accounts/{}/teams", handler=_list_account_teams),
    *_member_routes(
        "/v3/teams/{}/users",
        kind="user",
        find=find_user,
        table=lambda organisation: organisation.users,
        membership=lambda organisation: organisation.user_teams,
        filters=USER_FILTERS,
    ),
    *_member_routes(
        "/v3/teams/{}/system-accounts",
        kind="system account",
        find=find_account,
        table=lambda organisation: organisation.accounts,
        membership=lambda organisation: organisation.account_teams,
        filters={"name": TEXT},
    ),
)
