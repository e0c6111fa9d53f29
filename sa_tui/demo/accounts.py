"""The System Accounts operations of the specification: accounts and their access tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sa_tui.demo.answers import (
    FLAG,
    TEXT,
    Call,
    Endpoint,
    Reply,
    conflict,
    filtered,
    forbidden,
    invalid,
    json_reply,
    no_content,
    not_found,
    optional_text,
    page,
    required_text,
)
from sa_tui.demo.organisation import Organisation, WireRow, stamp

LONGEST_LIFETIME = timedelta(days=366)
"""Twelve months, which may have a leap day."""


def find_account(organisation: Organisation, account_id: str) -> WireRow:
    """The account row; raises 404."""
    return organisation.accounts.get(account_id) or not_found("system account")


def _find_token(call: Call) -> WireRow:
    account_id, token_id = call.ids
    find_account(call.organisation, account_id)
    return call.organisation.tokens(account_id).get(token_id) or not_found("access token")


def _refuse_if_managed(account: WireRow) -> None:
    if account["konnect_managed"]:
        forbidden("System accounts managed by Konnect cannot be changed or deleted")


def _list_accounts(call: Call) -> Reply:
    organisation = call.organisation
    rows = organisation.accounts.rows
    exact_name = call.query.get("filter[name][eq]", call.query.get("filter[name]"))
    if exact_name is not None:
        account_id = organisation.account_ids.get(exact_name)
        rows = [organisation.accounts[account_id]] if account_id else []
    fields = {"name": TEXT, "description": TEXT, "konnect_managed": FLAG}
    return page(call, filtered(call, rows, fields=fields))


def _create_account(call: Call) -> Reply:
    body = call.json_object()
    name = required_text(body, "name")
    managed = body.get("konnect_managed", False)
    if not isinstance(managed, bool):
        invalid("konnect_managed", "must be a boolean", rule="is_boolean", source="body")
    row = {
        "id": call.organisation.new_id(),
        "name": name,
        # The specification requires it, but the sample of the documentation sends only a name.
        "description": optional_text(body, "description") or "",
        "created_at": stamp(call.now),
        "updated_at": stamp(call.now),
        "konnect_managed": managed,
    }
    _refuse_taken_name(call.organisation, name)
    return json_reply(201, call.organisation.add_account(row))


def _refuse_taken_name(organisation: Organisation, name: str) -> None:
    if name in organisation.account_ids:
        conflict(f"A system account with the name [{name}] already exists")


def _get_account(call: Call) -> Reply:
    return json_reply(200, find_account(call.organisation, call.ids[0]))


def _update_account(call: Call) -> Reply:
    account = find_account(call.organisation, call.ids[0])
    _refuse_if_managed(account)
    body = call.json_object()
    description = optional_text(body, "description")
    if body.get("name") is not None and body["name"] != account["name"]:
        name = required_text(body, "name")
        _refuse_taken_name(call.organisation, name)
        call.organisation.rename_account(account, name)
    if description is not None:
        account["description"] = description
    account["updated_at"] = stamp(call.now)
    return json_reply(200, account)


def _delete_account(call: Call) -> Reply:
    _refuse_if_managed(find_account(call.organisation, call.ids[0]))
    call.organisation.remove_account(call.ids[0])
    return no_content()


def _list_tokens(call: Call) -> Reply:
    find_account(call.organisation, call.ids[0])
    rows = call.organisation.tokens(call.ids[0]).rows
    return page(call, filtered(call, rows, fields={"name": TEXT}))


def _create_token(call: Call) -> Reply:
    organisation, account_id = call.organisation, call.ids[0]
    find_account(organisation, account_id)
    body = call.json_object()
    name = required_text(body, "name")
    expires_at = _expiry(body, call.now)
    _refuse_taken_token_name(organisation, account_id, name)
    row = {
        "id": organisation.new_id(),
        "name": name,
        "created_at": stamp(call.now),
        "updated_at": stamp(call.now),
        "expires_at": stamp(expires_at),
    }
    secret = organisation.issue_token(account_id, row)
    return json_reply(201, row | {"token": secret})


def _refuse_taken_token_name(organisation: Organisation, account_id: str, name: str) -> None:
    if organisation.has_token_named(account_id, name):
        conflict(f"An access token with the name [{name}] already exists for this system account")


def _expiry(body: WireRow, now: datetime) -> datetime:
    text = required_text(body, "expires_at")
    moment = _moment(text)
    if moment is None:
        invalid("expires_at", "must be a valid date-time", rule="is_date_time", source="body")
    if moment <= now:
        invalid("expires_at", "must be in the future", rule="invalid", source="body")
    if moment - now > LONGEST_LIFETIME:
        reason = "must be within 12 months of the current time"
        invalid("expires_at", reason, rule="invalid", source="body")
    return moment


def _moment(text: str) -> datetime | None:
    """A date-time with an offset, in UTC and whole seconds; None for another text."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or "T" not in text:
            return None
        return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


def _get_token(call: Call) -> Reply:
    return json_reply(200, _find_token(call))


def _update_token(call: Call) -> Reply:
    row = _find_token(call)
    name = required_text(call.json_object(), "name")
    if name != row["name"]:
        _refuse_taken_token_name(call.organisation, call.ids[0], name)
        call.organisation.rename_token(call.ids[0], row, name)
    row["updated_at"] = stamp(call.now)
    return json_reply(200, row)


def _delete_token(call: Call) -> Reply:
    _find_token(call)
    call.organisation.remove_token(*call.ids)
    return no_content()


_ACCOUNTS = "/v3/system-accounts"
_ACCOUNT = "/v3/system-accounts/{}"
_TOKENS = "/v3/system-accounts/{}/access-tokens"
_TOKEN = "/v3/system-accounts/{}/access-tokens/{}"  # noqa: S105 - a path

ROUTES = (
    Endpoint("GET", template=_ACCOUNTS, handler=_list_accounts),
    Endpoint("POST", template=_ACCOUNTS, handler=_create_account),
    Endpoint("GET", template=_ACCOUNT, handler=_get_account),
    Endpoint("PATCH", template=_ACCOUNT, handler=_update_account),
    Endpoint("DELETE", template=_ACCOUNT, handler=_delete_account),
    Endpoint("GET", template=_TOKENS, handler=_list_tokens),
    Endpoint("POST", template=_TOKENS, handler=_create_token),
    Endpoint("GET", template=_TOKEN, handler=_get_token),
    Endpoint("PATCH", template=_TOKEN, handler=_update_token),
    Endpoint("DELETE", template=_TOKEN, handler=_delete_token),
)
