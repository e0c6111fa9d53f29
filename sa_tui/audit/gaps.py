"""Why something that a rule needs is missing, by the name of the need.

The rule it keeps: a field that could not be read is a gap, as a list is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sa_tui.konnect.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sa_tui.access.subjects import Subject
    from sa_tui.audit.needs import Need
    from sa_tui.konnect.models import AccessToken, SystemAccount, Team
    from sa_tui.org.snapshot import Details, Part, TeamDetails, UserDetails

    Gaps = Mapping[Need, str]

NO_GAPS: Gaps = MappingProxyType({})


def was_deleted(details: Details) -> bool:
    """Whether Konnect no longer had the account when its tokens and roles were asked for."""
    parts = (details.tokens, details.roles)
    return all(isinstance(part.error, NotFound) and part.value is None for part in parts)


def account_gaps(account: SystemAccount, details: Details, access: Subject) -> Gaps:
    """What could not be read of an account."""
    gaps: dict[Need, str] = {}
    for token in details.tokens.rows:
        gaps.update(token_gaps(token))
    if access.missing:
        gaps["access"] = " ".join(access.missing)
    if account.created_at is None:
        gaps["age"] = "when it was created is not known"
    if account.unreadable and {"name", "description"} & account.unreadable.keys():
        gaps["text"] = "its name or description could not be read"
    if account.konnect_managed is None:
        gaps["kind"] = "whether Konnect manages it is not known"
    gaps.update(
        gaps_of_parts({"tokens": details.tokens, "roles": details.roles, "teams": details.teams})
    )
    if "access" not in gaps and (reason := gaps.get("roles") or gaps.get("teams")):
        gaps["access"] = reason
    if "access" not in gaps and not all(grant.is_known for grant in access.grants):
        gaps["access"] = "a role of it could not be read in full"
    return gaps or NO_GAPS


def token_gaps(token: AccessToken) -> Gaps:
    """Which times of a token could not be read."""
    if token.created_at is not None and not token.unreadable:
        return NO_GAPS
    gaps: dict[Need, str] = {}
    if "expires_at" in token.unreadable:
        gaps["expiry"] = "when it expires could not be read"
    if "last_used_at" in token.unreadable:
        gaps["use"] = "when it was last used could not be read"
    if token.created_at is None:
        gaps["issued"] = "when it was issued is not known"
    if "name" in token.unreadable:
        gaps["text"] = "its name could not be read"
    return gaps


def team_gaps(team: Team, details: TeamDetails, missing: Iterable[str]) -> Gaps:
    """What could not be read of a team."""
    gaps: dict[Need, str] = {}
    if reasons := " ".join(missing):
        gaps["access"] = reasons
    if team.system_team is None:
        gaps["kind"] = "whether it is predefined is not known"
    members = {"accounts": details.accounts, "users": details.users}
    for part in members.values():
        if reason := why_missing(part):
            gaps["members"] = f"its members: {reason}"
    gaps.update(gaps_of_parts({"roles": details.roles}))
    return gaps or NO_GAPS


def person_gaps(details: UserDetails) -> Gaps:
    """What could not be read of a person."""
    gaps: dict[Need, str] = {}
    for token in details.tokens.rows:
        gaps.update(token_gaps(token))
    gaps.update(gaps_of_parts({"tokens": details.tokens}))
    return gaps or NO_GAPS


def gaps_of_parts(parts: Mapping[Need, Part[Any]]) -> dict[Need, str]:
    """What is missing of these lists."""
    return {
        need: f"{need}: {reason}" for need, part in parts.items() if (reason := why_missing(part))
    }


def why_missing(part: Part[Any]) -> str | None:
    """Why a list may lack a row; rows that were not usable count."""
    skipped = getattr(part.value, "skipped", 0)
    return part.why_incomplete or ("some rows were unreadable" if skipped else None)
