"""What Konnect requires of a caller, by the request; what a refusal tells and the verbs ask.

The permissions are those that Kong lists for the role Identity Admin, in its words; the team
Organization Admin has them too. The members of teams are not in that list: Kong writes elsewhere
that the same two manage users, teams and roles.
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
"""Who may do everything here."""

_READERS = "the Organization Admin team, Read Only as well, and the Identity Admin role"
_OTHER_REASONS = "a plan, a quota or an IP allow list can refuse as well"

_PART = "/[^/]+"
_THINGS = {
    re.compile(f"/v3/(?:system-accounts|teams|users){_PART}/assigned-roles(?:{_PART})?"): "roles",
    re.compile(f"/v3/system-accounts{_PART}/access-tokens(?:{_PART})?"): "system account tokens",
    re.compile(f"/v3/teams{_PART}/(?:system-accounts|users)(?:{_PART})?"): "the members of teams",
    re.compile(f"/v3/(?:system-accounts|users){_PART}/teams"): "the members of teams",
    re.compile(f"/v3/system-accounts(?:{_PART})?"): "system accounts",
    re.compile(f"/v3/teams(?:{_PART})?"): "teams",
    re.compile("/v3/users(?:/(?!me$)[^/]+)?"): "users",
}
_ACTS = {"POST": "create", "PATCH": "update", "DELETE": "delete"}
_ONE_FOR_ALL = {"roles": "update", "the members of teams": "manage"}


def permission(method: str, path: str) -> str:
    """What the caller has to be allowed to do; empty for what is not the identity's."""
    thing = next((thing for form, thing in _THINGS.items() if form.fullmatch(path)), "")
    if not thing:
        return ""
    act = "read" if method == "GET" else _ONE_FOR_ALL.get(thing, _ACTS.get(method, "change"))
    return f"{act} {thing}"


def who_may(method: str, path: str) -> str:
    """Who has the right to send a request, in a clause; empty where that is not documented."""
    if not (needed := permission(method, path)):
        return ""
    who = _READERS if method == "GET" else ADMINISTRATORS
    return f"{who[:1].upper()}{who[1:]} may {needed}"


def advice_on_refusal(tried: str) -> str:
    """What to do about a request, a method and a path, that Konnect does not allow."""
    method, _, path = tried.partition(" ")
    who = who_may(method, path) or "The token may lack a role for this"
    return f"{who}; {_OTHER_REASONS}"
