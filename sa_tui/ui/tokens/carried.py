"""What a token carries: all that its account may do, because a token has no scope of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.access.catalogue import TIERS, tier_of
from sa_tui.access.words import role_line
from sa_tui.konnect.regions import EVERY
from sa_tui.ui.kit.safe import shown_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.konnect.models import AssignedRole, Listing
    from sa_tui.org.snapshot import Part, Snapshot

ROLES_SHOWN = 3


def carried(snapshot: Snapshot, account_id: str) -> Text:
    """The widest direct roles and the teams of the account, and what is not known of them."""
    details, sentences = snapshot.details_of(account_id), []
    if details.roles.value is not None:
        rows = details.roles.rows
        lines = [role_line(role, snapshot) for role in shown_roles(rows)]
        roles = ", ".join(lines) or "no direct roles"
        more = len(rows) - ROLES_SHOWN
        sentences.append(Text(f"{roles} and {more} more" if more > 0 else roles))
    sentences += _doubt("direct roles", details.roles)
    if details.teams.value is not None:
        teams = ", ".join(team.title for team in details.teams.rows)
        sentences.append(Text(f"all that team {teams} may do" if teams else "no teams"))
    sentences += _doubt("teams", details.teams)
    return shown_line(Text("; ").join(sentences))


def shown_roles(roles: Sequence[AssignedRole]) -> Sequence[AssignedRole]:
    """The roles that are shown by name: the widest first, so that none of those is left out."""
    return sorted(
        roles,
        key=lambda role: (
            TIERS.index(tier_of(role.entity_type_name, role.role_name)),
            role.entity_id != EVERY,
            role.entity_region != EVERY,
        ),
    )[:ROLES_SHOWN]


def _doubt(what: str, part: Part[Listing[object]]) -> list[Text]:
    """What is not known of a part, in a sentence; empty when all of it is known."""
    if part.error is not None:
        reason = f"could not be read: {part.error}"
    elif part.value is None:
        reason = "not known yet"
    elif part.value.incomplete:
        reason = f"perhaps more: {part.value.incomplete}"
    else:
        return []
    return [Text(f"{what} {reason}", style="bold")]
