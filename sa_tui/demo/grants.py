"""What the tokens of a system account may do in the demo Konnect, by its roles and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.demo.company import ORGANIZATION_ADMIN, ORGANIZATION_READER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sa_tui.demo.organisation import Organisation, WireRow


def effective_roles(organisation: Organisation, account_id: str) -> Iterator[WireRow]:
    """The roles an account holds, directly and through its teams."""
    yield from organisation.roles(account_id)
    for team_id in organisation.account_teams.teams(account_id):
        yield from organisation.roles(team_id)


def _predefined_teams(organisation: Organisation, account_id: str) -> set[str]:
    team_ids = organisation.account_teams.teams(account_id)
    teams = (organisation.teams[team_id] for team_id in team_ids)
    return {team["name"] for team in teams if team["system_team"]}


def may_manage_identity(organisation: Organisation, account_id: str, *, reading: bool) -> bool:
    """Whether the tokens of an account may use the identity operations."""
    teams = _predefined_teams(organisation, account_id)
    if ORGANIZATION_ADMIN in teams or (reading and ORGANIZATION_READER in teams):
        return True
    return any(
        role["entity_type_name"] == "Identity" and role["role_name"] == "Admin"
        for role in effective_roles(organisation, account_id)
    )


def visible_entities(
    organisation: Organisation,
    account_id: str,
    *,
    type_name: str,
    region: str,
    rows: Sequence[WireRow],
) -> Sequence[WireRow]:
    """The entities of a type that an account's roles reach in a region (`global` has none)."""
    teams = _predefined_teams(organisation, account_id)
    if teams & {ORGANIZATION_ADMIN, ORGANIZATION_READER}:
        return rows
    reached = {
        role["entity_id"]
        for role in effective_roles(organisation, account_id)
        if role["entity_type_name"] == type_name
        and (region == "global" or role["entity_region"] in (region, "*"))
    }
    return rows if "*" in reached else [row for row in rows if row["id"] in reached]
