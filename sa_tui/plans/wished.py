"""The state that an organisation should have, as far as somebody has said it.

The rule it keeps: None means left alone, empty means none. A file without roles takes none away.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.plans.errors import Place


@dataclass(frozen=True, kw_only=True)
class WishedRole:
    """A role on an entity, by its id (`*` is every one) or by its name in the region."""

    role_name: str
    entity_type_name: str
    entity_region: str
    entity_id: str = ""
    entity_name: str = ""
    place: Place


@dataclass(frozen=True)
class TeamName:
    """A team as it is named elsewhere: its ref in the files, else its id or its name."""

    text: str
    _: KW_ONLY
    place: Place


@dataclass(frozen=True, kw_only=True)
class WishedAccount:
    """A system account, by its id or its name; with both it is found by the id, and renamed.

    `more_roles` and `more_teams` are wished as well, without saying that there are no others.
    """

    place: Place
    ref: str = ""
    id: str = ""
    name: str = ""
    description: str | None = None
    roles: tuple[WishedRole, ...] | None = None
    teams: tuple[TeamName, ...] | None = None
    more_roles: tuple[WishedRole, ...] = ()
    more_teams: tuple[TeamName, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WishedTeam:
    """A team, by its name, or by its id; one that `is_external` has to be there already.

    `own_labels` are kongctl's, for a team that is created.
    """

    place: Place
    ref: str = ""
    id: str = ""
    name: str = ""
    is_external: bool = False
    description: str | None = None
    labels: Mapping[str, str] | None = None
    own_labels: tuple[tuple[str, str], ...] = ()
    roles: tuple[WishedRole, ...] | None = None
    more_roles: tuple[WishedRole, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wished:
    """The accounts and teams that are said; `notes` are sentences about what was left alone.

    `is_written` is whether somebody wrote it; otherwise it is what a snapshot had.
    """

    accounts: tuple[WishedAccount, ...] = ()
    teams: tuple[WishedTeam, ...] = ()
    notes: tuple[str, ...] = ()
    is_written: bool = True

    @property
    def roles(self) -> tuple[WishedRole, ...]:
        """Every role that is wished, of anybody."""
        owners: tuple[WishedAccount | WishedTeam, ...] = (*self.accounts, *self.teams)
        return tuple(role for owner in owners for role in (*(owner.roles or ()), *owner.more_roles))
