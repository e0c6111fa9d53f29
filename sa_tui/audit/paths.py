"""Grants as the evidence, the object and the remedy of a finding, with all paths to the same.

The rule it keeps: the object of a role is what it gives, not its id, which changes when it is given
again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sa_tui.audit.finding import Hit, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sa_tui.access.grants import Grant
    from sa_tui.audit.finding import Value
    from sa_tui.audit.severity import Severity


def grouped(grants: Iterable[Grant]) -> list[list[Grant]]:
    """The grants with those together that give the same by different paths."""
    groups: dict[tuple[str | None, ...], list[Grant]] = {}
    for grant in grants:
        groups.setdefault(grant.scope, []).append(grant)
    return list(groups.values())


def object_of(grant: Grant) -> str:
    """What a grant gives, by the key of its type, its role, entity and region."""
    return json.dumps(grant.scope)


def shown(grant: Grant) -> str:
    """A grant on one line, with raw names."""
    fields = (grant.type_name, grant.role, grant.entity_id, grant.region)
    return " / ".join("?" if field is None else field for field in fields)


def path(grant: Grant) -> str:
    """How a grant is held."""
    return "direct" if grant.via is None else f"team {grant.via.title}"


def paths(grants: Iterable[Grant]) -> tuple[str, ...]:
    """How the same is held."""
    return tuple(dict.fromkeys(map(path, grants)))


def described(grant: Grant) -> dict[str, Value]:
    """The fields of a grant, in Kong's words."""
    return {
        "role_name": grant.role,
        "entity_type_name": grant.type_name,
        "entity_id": grant.entity_id,
        "entity_region": grant.region,
    }


def steps(grants: Iterable[Grant]) -> tuple[Step, ...]:
    """What takes all of these away: an own role is taken, the team of the others is left."""
    return tuple(dict.fromkeys(_steps(grants)))


def _steps(grants: Iterable[Grant]) -> Iterator[Step]:
    for grant in grants:
        if grant.via is not None:
            yield Step("leave-team", grant.via.team_id)
        elif grant.assignment_id is not None:
            yield Step("take-role", grant.assignment_id)


def hits(
    grants: Iterable[Grant],
    *,
    severity: Severity | None = None,
    more: Mapping[str, Value] | None = None,
) -> Iterator[Hit]:
    """A hit for each thing that these grants give, with all of its paths."""
    for same in grouped(grants):
        yield Hit(
            severity=severity,
            object=object_of(same[0]),
            evidence={**described(same[0]), "paths": paths(same), **(more or {})},
            remedy=steps(same),
        )
