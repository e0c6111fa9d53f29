"""What changes were about, by its ids: what has to be read again once they were sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from sa_tui.org.changes.change import Change, Outcome


@dataclass(frozen=True, kw_only=True)
class Touched:
    """The ids of what changes were about, whether they were made or not."""

    account_ids: Set[str]
    user_ids: Sequence[str]
    team_ids: Set[str]
    deleted_team_ids: Set[str]


def touched_by(changes: Sequence[Change], outcomes: Sequence[Outcome]) -> Touched:
    """What changes with these outcomes were about.

    An outcome has the ids that earlier changes made, which the planned change could not have.
    """
    done = [outcome.change for outcome in outcomes if outcome.is_good]
    every = (*changes, *(outcome.change for outcome in outcomes))
    account_ids = {id for change in every for id in (change.ids.account_id, *change.also_read)}
    return Touched(
        account_ids={id for id in account_ids if id},
        user_ids=[change.ids.user_id for change in every if change.ids.user_id],
        team_ids={change.ids.team_id for change in every if change.ids.team_id},
        deleted_team_ids={
            change.ids.team_id or "" for change in done if change.verb == "delete-team"
        },
    )
