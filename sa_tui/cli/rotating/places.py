"""Where the secrets of a rotation go: each to a place of its own, which is known before it begins.

The rule it keeps: no successor is issued for a place that another token goes to as well.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.base.label import Label
from sa_tui.cli.exits import UsageError
from sa_tui.handover.presets import named_destinations, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sa_tui.base.destination import NamedDestination
    from sa_tui.handover.delivery import Destination
    from sa_tui.konnect.models import Organization
    from sa_tui.rotation.due import Family
    from sa_tui.rotation.policy import Policy

KINDS = ("command", "file")


@dataclass(frozen=True, kw_only=True)
class Places:
    """The destinations of the entries, by name, in one organisation."""

    by_name: Mapping[str, Destination]
    base_url: str

    def label(self, family: Family, name: str, organization: Organization | None) -> Label:
        """The label of a successor, with which the names in its place are filled in."""
        return Label(
            family.account.id,
            account_name=family.account.name,
            token_name=name,
            token_id=None,
            expires_at=None,
            base_url=self.base_url,
            organization_id=organization.id if organization else None,
            organization_name=organization.name if organization else None,
        )

    def shared(
        self, families: Iterable[Family], organization: Organization | None
    ) -> dict[tuple[str, str], str]:
        """Why a family may not go to its place, by account id and key: another one goes there."""
        users: defaultdict[str, list[Family]] = defaultdict(list)
        for family in families:
            label = self.label(family, family.tokens[-1].name, organization)
            users[self.by_name[family.policy.to].filled(label).describe()].append(family)
        return {
            (family.account.id, family.key): _why_shared(family, others, place)
            for place, others in users.items()
            if len(others) > 1
            for family in others
        }


def _why_shared(family: Family, families: Sequence[Family], place: str) -> str:
    other = next(each for each in families if each is not family)
    whose = f"{other.tokens[-1].name} of {other.account.name}"
    return f"{whose} goes to {place} as well: put {{account}} and {{token}} into it."


def places_of(
    policies: Iterable[Policy], own: Iterable[NamedDestination], *, environ: Mapping[str, str]
) -> dict[str, Destination]:
    """The destinations that the entries name. Raises UsageError for one that cannot be used."""
    known = {each.name: each for each in named_destinations(own)}
    places: dict[str, Destination] = {}
    for policy in policies:
        where = f"The rotation {policy.name} goes to {policy.to}"
        named = known.get(policy.to)
        if named is None:
            near = difflib.get_close_matches(policy.to.lower(), known, n=1, cutoff=0.6)
            mend = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise UsageError(f"{where}, and there is no such destination. {mend}")
        if named.problem:
            raise UsageError(f"{where}, which cannot be used. {named.problem}")
        if not named.problem and named.kind not in KINDS:
            raise UsageError(f"{where}, which needs somebody: choose a file or a command.")
        if named.kind == "file" and "{token}" not in named.path:
            raise UsageError(f"{where}. A file is never overwritten: put {{token}} into its path.")
        try:
            place = place_of(named, environ=environ, routes=(), write=lambda _: None)
        except ValueError as error:
            raise UsageError(f"{where}: {error}") from error
        if place is not None:
            places[policy.to] = place
    return places
