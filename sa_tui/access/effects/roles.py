"""What giving and removing roles means; it says what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.effects.values import Effect, Line
from sa_tui.access.grants import Via, make_grant
from sa_tui.access.overlap import Concern, Index, concerns, overlap_of
from sa_tui.access.reader import account_subject
from sa_tui.access.words import entity_name
from sa_tui.base.words import plural
from sa_tui.konnect.regions import EVERY
from sa_tui.org.changes.roles import role_request_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.access.catalogue import OfferedType
    from sa_tui.access.grants import Grant
    from sa_tui.access.overlap import Overlap, Warned
    from sa_tui.konnect.models import AssignedRole, Listing
    from sa_tui.org.changes.roles import RoleOwner, RoleRequest
    from sa_tui.org.snapshot import Part, Snapshot, TeamDetails

_GRAVE = {
    Concern.ADMIN_ON_ALL,
    Concern.CAN_MINT,
    Concern.CREATOR_OF_ONE,
    Concern.UNKNOWN_ROLE,
}
"""What must not be missed; the rest stands beside the access before and after."""


def held_by(snapshot: Snapshot, owner: RoleOwner) -> tuple[tuple[Grant, ...], tuple[str, ...]]:
    """Every grant of the owner, and why there may be more."""
    if owner.kind == "account":
        account = snapshot.account(owner.id)
        if account is None:
            return (), ("Konnect does not list the account",)
        subject = account_subject(snapshot, account)
        return subject.grants, subject.missing
    roles = snapshot.team_details_of(owner.id).roles
    grants = tuple(map(_grant, roles.rows))
    why = roles.why_incomplete
    return grants, (f"its roles: {why}",) if why else ()


def _grant(role: AssignedRole) -> Grant:
    return make_grant(
        role.role_name,
        type_name=role.entity_type_name,
        entity_id=role.entity_id,
        region=role.entity_region,
        assignment_id=role.id,
    )


def role_effect(
    snapshot: Snapshot,
    owner: RoleOwner,
    *,
    given: Sequence[RoleRequest] = (),
    taken: Sequence[AssignedRole] = (),
    offered: Sequence[OfferedType] = (),
    later: Snapshot | None = None,
) -> Effect:
    """What the owner can do before and after, for each place that a role is on.

    `offered` are the types and roles that Konnect has: another role may be refused. `later` has the
    teams of the owner by then, and what they give, if that changes too.
    """
    held_grants, missing = held_by(snapshot, owner)
    taken_ids = {role.id for role in taken}
    later_grants, later_missing = held_by(snapshot if later is None else later, owner)
    kept = [g for g in held_grants if g.via is None and g.assignment_id not in taken_ids]
    kept += [g for g in later_grants if g.via is not None]
    before, after = Index(held_grants), Index([*map(_planned, given), *kept])
    places = {request.where: _planned(request) for request in given}
    remarks: dict[str, list[Line]] = {}
    doubts = tuple(dict.fromkeys((*missing, *later_missing)))
    warnings = [_doubt(owner, doubts)] if doubts else []
    for request in given:
        for warned in concerns(_planned(request), kept, offered=offered):
            if warned.concern in _GRAVE:
                warnings.append(f"{request.describe()}: {_warning(warned)}.")
            else:
                remark = Line(f"  {request.role_name}: {_warning(warned)}", tone="warning")
                remarks.setdefault(request.where, []).append(remark)
    for role in taken:
        where = role_request_of(role, entity_name=entity_name(role, snapshot)).where
        grant = _grant(role)
        places.setdefault(where, grant)
        remarks.setdefault(where, []).extend(_remaining(overlap_of(grant, after)))
        if not grant.is_known:
            warnings.append(f"What remains on {where} is not known: not all of it was read.")
    lines: list[Line] = []
    for where, grant in places.items():
        lines.append(Line(f"On {where}:", tone="strong"))
        lines.append(_held("before: ", grant, before, missing))
        lines.append(_held("after:  ", grant, after, later_missing))
        lines += remarks.get(where, [])
    return Effect(lines=(*lines, *_reach(snapshot, owner)), warnings=tuple(warnings))


def _doubt(owner: RoleOwner, missing: Sequence[str]) -> str:
    return f"{owner.name or owner.id} may hold more than is shown: {'; '.join(missing)}."


def _held(when: str, grant: Grant, index: Index, missing: Sequence[str]) -> Line:
    reaching_grants = index.reaching(grant)
    paths = (_path(other, on_entity=grant.entity_id) for other in reaching_grants)
    roles = ", ".join(dict.fromkeys(paths))
    if missing or not grant.is_known:
        roles = f"at least {roles}" if roles else "not known"
    return Line(f"  {when}{roles or 'no role there'}")


def _planned(request: RoleRequest) -> Grant:
    return make_grant(
        request.role_name,
        type_name=request.entity_type_name,
        entity_id=request.entity_id,
        region=request.entity_region,
    )


def _path(grant: Grant, *, on_entity: str | None = None) -> str:
    """A held grant with its path: `Viewer on all through Readers`."""
    wide = " on all" if grant.entity_id == EVERY and on_entity != EVERY else ""
    return f"{grant.role or '?'}{wide}{_through(grant.via)}"


def _through(via: Via | None) -> str:
    return "" if via is None else f" through {via.title}"


def _warning(warned: Warned) -> str:
    paths = list(dict.fromkeys(_path(grant) for grant in warned.because))
    teams = ", ".join(dict.fromkeys(grant.via.title for grant in warned.because if grant.via))
    match warned.concern:
        case Concern.HELD:
            return "held already"
        case Concern.HELD_VIA_TEAM:
            return f"held already through {teams}"
        case Concern.COVERED:
            return f"covered by {', '.join(paths)}"
        case Concern.ADMIN_ON_ALL:
            return "full write on everything, future entities included"
        case Concern.CAN_MINT:
            return "can make tokens and give roles: one step away from everything"
        case Concern.CREATOR_OF_ONE:
            return "creating makes sense on all (*) only"
        case Concern.UNKNOWN_ROLE:
            return "in no catalogue: Konnect may refuse it"
    return str(warned.concern)


def _reach(snapshot: Snapshot, owner: RoleOwner) -> list[Line]:
    """How many members a change to a team reaches; empty for an account."""
    if owner.kind == "account":
        return []
    return [Line(f"  reaches {reach_words(snapshot.team_details_of(owner.id))}", tone="strong")]


def reach_words(details: TeamDetails) -> str:
    """How many accounts and people belong to a team."""
    accounts = _count(details.accounts, "system account", "system accounts")
    return f"{accounts} and {_count(details.users, 'person', 'people')}"


def _count(part: Part[Listing[object]], noun: str, nouns: str) -> str:
    if part.value is None:
        return f"an unknown number of {nouns}"
    perhaps = "" if part.is_whole else "at least "
    return f"{perhaps}{plural(len(part.rows), noun, nouns)}"


def _remaining(overlap: Overlap) -> list[Line]:
    """A line if others still give what is taken."""
    still = dict.fromkeys(map(_path, (*overlap.duplicates, *overlap.wider)))
    return [Line(f"  still {', '.join(still)}", tone="warning")] if still else []
