"""What a review shows before roles are given or removed; it says what is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.access.catalogue import offered_types
from sa_tui.access.grants import Via, make_grant
from sa_tui.access.overlap import Concern, Index, concerns, overlap_of
from sa_tui.access.reader import read_access
from sa_tui.base.words import plural
from sa_tui.konnect.models import Listing
from sa_tui.konnect.regions import EVERY
from sa_tui.org.snapshot import Part
from sa_tui.ui.kit.safe import shown_line
from sa_tui.ui.roles.entity_words import role_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.access.grants import Grant
    from sa_tui.access.overlap import Overlap, Warned
    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.changes.roles import RoleOwner, RoleRequest
    from sa_tui.org.snapshot import Snapshot, TeamDetails

ROLES_SHOWN = 4
ADDED, TAKEN, WARNING, QUIET = "bold green", "bold red", "bold yellow", "dim"


def held_by(snapshot: Snapshot, owner: RoleOwner) -> tuple[tuple[Grant, ...], tuple[str, ...]]:
    """Every grant of the owner, and why there may be more."""
    if owner.kind == "account":
        account = snapshot.account(owner.id)
        if account is None:
            return (), ("Konnect does not list the account",)
        account_only = replace(snapshot, accounts=Part(value=Listing((account,))))
        subject = read_access(account_only).subjects[0]
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


# Before giving


def before_assigning(snapshot: Snapshot, owner: RoleOwner, requests: Sequence[RoleRequest]) -> Text:
    """The new roles with their warnings, and what the owner can do there before and after.

    All roles are on the same entity, which the first line names.
    """
    held_grants, missing = held_by(snapshot, owner)
    offered = offered_types(snapshot.catalogue.value)
    lines = [Text(f"On {requests[0].where}:", style="bold")]
    new_roles = [
        (request.role_name, concerns(_planned(request), held_grants, offered=offered))
        for request in requests
    ]
    new_roles.sort(key=lambda pair: not pair[1])
    for name, warnings in new_roles[:ROLES_SHOWN]:
        line = Text(f"+ {name}", style=ADDED)
        for warned in warnings:
            line.append(f" · {_warning(warned)}", style=WARNING)
        lines.append(line)
    if rest := new_roles[ROLES_SHOWN:]:
        warned_count = sum(bool(warnings) for _, warnings in rest)
        line = Text(f"+ {plural(len(rest), 'more role')}", style=ADDED)
        line.append(f", {warned_count} with warnings" if warned_count else "", style=WARNING)
        lines.append(line)
    lines += _before_and_after(held_grants, requests, missing)
    lines += _reach(snapshot, owner)
    return Text("\n").join(map(shown_line, lines))


def _planned(request: RoleRequest) -> Grant:
    return make_grant(
        request.role_name,
        type_name=request.entity_type_name,
        entity_id=request.entity_id,
        region=request.entity_region,
    )


def _before_and_after(
    held_grants: Iterable[Grant], requests: Sequence[RoleRequest], missing: Sequence[str]
) -> list[Text]:
    reaching_grants = Index(held_grants).reaching(_planned(requests[0]))
    paths = (_path(grant, on_entity=requests[0].entity_id) for grant in reaching_grants)
    before = list(dict.fromkeys(paths))
    after = list(dict.fromkeys((*(request.role_name for request in requests), *before)))
    doubt = f"; perhaps more ({'; '.join(missing)})" if missing else ""
    return [
        Text(f"  before: {', '.join(before) or 'no role there'}{doubt}"),
        Text(f"  after:  {', '.join(after)}"),
    ]


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


def _reach(snapshot: Snapshot, owner: RoleOwner) -> list[Text]:
    """How many members a change to a team reaches; empty for an account."""
    if owner.kind == "account":
        return []
    return [Text(f"  reaches {reach_words(snapshot.team_details_of(owner.id))}", style="bold")]


def reach_words(details: TeamDetails) -> str:
    """How many accounts and people belong to a team."""
    accounts = _count(details.accounts, "system account", "system accounts")
    return f"{accounts} and {_count(details.users, 'person', 'people')}"


def _count(part: Part[Listing[object]], noun: str, nouns: str) -> str:
    if part.value is None:
        return f"an unknown number of {nouns}"
    perhaps = "" if part.is_whole else "at least "
    return f"{perhaps}{plural(len(part.rows), noun, nouns)}"


# Before removing


def before_removing(snapshot: Snapshot, owner: RoleOwner, roles: Sequence[AssignedRole]) -> Text:
    """The roles that are removed, and under each the access that remains."""
    held_grants, missing = held_by(snapshot, owner)
    removed_ids = {role.id for role in roles}
    kept_grants = Index(
        grant
        for grant in held_grants
        if grant.via is not None or grant.assignment_id not in removed_ids
    )
    lines = []
    for role in roles[:ROLES_SHOWN]:
        lines.append(Text(f"- {role_line(role, snapshot)}", style=TAKEN))
        lines.append(_remaining(overlap_of(_grant(role), kept_grants), missing))
    if len(roles) > ROLES_SHOWN:
        lines.append(Text(f"- {plural(len(roles) - ROLES_SHOWN, 'more role')}", style=TAKEN))
    lines += _reach(snapshot, owner)
    return Text("\n").join(map(shown_line, lines))


def _remaining(overlap: Overlap, missing: Sequence[str]) -> Text:
    still = ", ".join(dict.fromkeys(map(_path, overlap.duplicates)))
    covering = ", ".join(dict.fromkeys(map(_path, overlap.wider)))
    others = ", ".join(dict.fromkeys(map(_path, overlap.others)))
    doubt = f" Perhaps more: {'; '.join(missing)}." if missing else ""
    if not overlap.grant.is_known:
        return Text("  what remains is not known: the role was not read in full", style=WARNING)
    if still or covering:
        return Text(f"  still {', '.join(filter(None, (still, covering)))}", style=WARNING)
    if others:
        return Text(f"  keeps there: {others}.{doubt}")
    if missing:
        return Text(f"  what remains is not known: {'; '.join(missing)}", style=WARNING)
    return Text("  no access to it remains", style=QUIET)
