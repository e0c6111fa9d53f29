"""What Konnect's own teams are called: one name in its API, another in its documentation.

The rule it keeps: only a team that Konnect made goes by the documented name, for anybody may give
a team of their own the same one.
"""

from __future__ import annotations

from types import MappingProxyType

API_NAMES = MappingProxyType(
    {
        "Organization Admin": "organization-admin",
        "Organization Admin (Read Only)": "organization-admin-readonly",
        "Control Plane Admin": "control-plane-admin",
        "Portal Admin": "portal-admin",
        "API Product Admin": "api-product-admin",
        "API Product Developer": "api-product-developer",
        "Analytics Admin": "analytics-admin",
        "Analytics Viewer": "analytics-viewer",
        "Identity Admin": "identity-admin",
    }
)
"""The documented name of a predefined team -> its name in the API."""


def folded(name: str) -> str:
    """What both spellings have in common."""
    return "".join(character for character in name.casefold() if character.isalnum())


_BY_FOLDED = MappingProxyType({folded(each): each for each in API_NAMES})


def documented(name: str) -> str | None:
    """The documented name of a predefined team, by either; None for one that nobody documents."""
    return _BY_FOLDED.get(folded(name))


def title_of(name: str, *, is_predefined: bool | None) -> str:
    """The name to show: the documented one of a team that Konnect made, else its own."""
    return (documented(name) or name) if is_predefined else name


def names_of(name: str, *, is_predefined: bool | None) -> tuple[str, ...]:
    """Every name that a team is found by."""
    if not is_predefined or (known := documented(name)) is None:
        return (name,)
    return tuple(dict.fromkeys((name, known, API_NAMES[known])))
