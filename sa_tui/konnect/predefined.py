"""The names of predefined teams: one in the API of Konnect, another in its documentation.

The rule it keeps: only a predefined team is shown with a documented name, because a custom team
may have the same name.
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
    """The name as both spellings share it."""
    return "".join(character for character in name.casefold() if character.isalnum())


_BY_FOLDED = MappingProxyType({folded(name): name for name in API_NAMES})


def documented(name: str) -> str | None:
    """The documented name of a predefined team, by either of its names; None without one."""
    return _BY_FOLDED.get(folded(name))


def title_of(name: str, *, is_predefined: bool | None) -> str:
    """The name to show: the documented one of a predefined team, else the name itself."""
    return (documented(name) or name) if is_predefined else name


def names_of(name: str, *, is_predefined: bool | None) -> tuple[str, ...]:
    """Every name by which a query finds a team."""
    if not is_predefined or (title := documented(name)) is None:
        return (name,)
    return tuple(dict.fromkeys((name, title, API_NAMES[title])))
