"""The permission that Konnect requires for a request, for verbs and for advice on refusals.

Kong lists these permissions for the role Identity Admin, in these words; the team Organization
Admin has them too. The members of teams are not in that list: Kong documents elsewhere that the
same two manage users, teams and roles.
"""

from __future__ import annotations

import re
from typing import Literal

Permission = Literal[
    "create system accounts",
    "update system accounts",
    "delete system accounts",
    "create system account tokens",
    "update system account tokens",
    "delete system account tokens",
    "update roles",
    "create teams",
    "update teams",
    "delete teams",
    "manage the members of teams",
]

ADMINISTRATORS = "the Organization Admin team and the Identity Admin role"
"""Who has all of these permissions."""

_READERS = "the Organization Admin team, Read Only as well, and the Identity Admin role"
_OTHER_REASONS = "a plan, a quota or an IP allow list can refuse as well"

_PART = "/[^/]+"
_NOUNS = {
    re.compile(f"/v3/(?:system-accounts|teams|users){_PART}/assigned-roles(?:{_PART})?"): "roles",
    re.compile(f"/v3/system-accounts{_PART}/access-tokens(?:{_PART})?"): "system account tokens",
    re.compile(f"/v3/teams{_PART}/(?:system-accounts|users)(?:{_PART})?"): "the members of teams",
    re.compile(f"/v3/(?:system-accounts|users){_PART}/teams"): "the members of teams",
    re.compile(f"/v3/system-accounts(?:{_PART})?"): "system accounts",
    re.compile(f"/v3/teams(?:{_PART})?"): "teams",
    re.compile("/v3/users(?:/(?!me$)[^/]+)?"): "users",
}
_VERBS = {"POST": "create", "PATCH": "update", "DELETE": "delete"}
_ONLY_VERBS = {"roles": "update", "the members of teams": "manage"}


def permission(method: str, path: str) -> str:
    """The permission for a request; empty for a path of another API."""
    noun = next((noun for form, noun in _NOUNS.items() if form.fullmatch(path)), "")
    if not noun:
        return ""
    verb = "read" if method == "GET" else _ONLY_VERBS.get(noun, _VERBS.get(method, "change"))
    return f"{verb} {noun}"


def who_may(method: str, path: str) -> str:
    """Who may send a request, in a clause; empty if that is not documented."""
    if not (needed := permission(method, path)):
        return ""
    who = _READERS if method == "GET" else ADMINISTRATORS
    return f"{who[:1].upper()}{who[1:]} may {needed}"


def advice_on_refusal(request: str) -> str:
    """What to do about a forbidden request, given as its method and path."""
    method, _, path = request.partition(" ")
    who = who_may(method, path) or "The token may lack a role for this"
    return f"{who}; {_OTHER_REASONS}"
