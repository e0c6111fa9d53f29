"""Rules about roles that are given twice, lead nowhere, or are not known."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import canonical_key
from sa_tui.access.grants import gives
from sa_tui.access.overlap import Index
from sa_tui.access.roles import ANY
from sa_tui.audit.controls import NHI1, cis, nist
from sa_tui.audit.finding import Gap, Hit, Step
from sa_tui.audit.paths import described, grouped, object_of, path, paths, shown
from sa_tui.audit.rule import rule
from sa_tui.audit.things import AccountFacts
from sa_tui.konnect.regions import EVERY, GLOBAL
from sa_tui.org.reading.entities import Sight, listings_of, look_up

_UNSEEN = (Sight.UNREAD, Sight.FAILED, Sight.HIDDEN)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.access.grants import Grant
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.finding import Value
    from sa_tui.audit.rule import Results
    from sa_tui.audit.things import Holder
    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.reading.entities import Seen


@rule(
    "R01",
    "Own role repeats one of a team",
    severity="low",
    about="account",
    when="The same role is held directly and by a team.",
    remedy="Take the own role away: the access stays as it is.",
    mistakes=("It is meant to stay when the account leaves the team: mute it.",),
    maps_to=nist("AC-6(7)"),
    reads=("access",),
)
def repeats_a_team(account: AccountFacts, _: Facts) -> Results:
    """A direct role that changes nothing."""
    own = {grant.scope for grant in account.own_grants if grant.is_known}
    twice = [grant for grant in account.grants if grant.via is not None and grant.scope in own]
    if not twice:
        return
    scopes = {grant.scope for grant in twice}
    for same in grouped(grant for grant in account.grants if grant.scope in scopes):
        ids = [grant.assignment_id for grant in same if grant.via is None and grant.assignment_id]
        yield Hit(
            object=object_of(same[0]),
            evidence=described(same[0]) | {"paths": paths(same)},
            remedy=tuple(Step("take-role", id) for id in ids),
        )


@rule(
    "R02",
    "Shadowed role",
    severity="low",
    about="holder",
    when="Another role gives all of this one and more, by the roles that Kong documents as "
    "including others; pairs within one team are reported for the team.",
    remedy="Decide: is the wider role too wide, or this one of no use? Nothing here says which.",
    mistakes=("The wider role is the mistake: never take the narrow one away unseen.",),
    maps_to=nist("AC-6(7)"),
    reads=("access",),
)
def is_shadowed(holder: Holder, _: Facts) -> Results:
    """A role that another one makes superfluous."""
    for grants in _comparable(holder.grants):
        index = Index(grants)
        shadowed: dict[str, tuple[Grant, list[Grant]]] = {}
        for grant in grants:
            reaching = index.reaching(grant)
            if isinstance(holder, AccountFacts):
                reaching = [each for each in reaching if not _is_of_one_team(each, grant)]
            if wider := [each for each in reaching if _shadows(each, grant)]:
                shadowed.setdefault(object_of(grant), (grant, []))[1].extend(wider)
        for key, (grant, wider) in shadowed.items():
            names = dict.fromkeys(f"{shown(each)}, {path(each)}" for each in wider)
            evidence = {**described(grant), "path": path(grant), "wider": tuple(names)}
            yield Hit(object=key, evidence=evidence)


def _comparable(grants: Sequence[Grant]) -> Iterator[list[Grant]]:
    """The grants that may give each other: of one type, with those on every type."""
    if len(grants) < 2:
        return
    by_kind: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in grants:
        by_kind[grant.kind].append(grant)
    on_any = by_kind.pop(ANY, [])
    by_kind.pop("", None)
    for same in by_kind.values():
        if on_any or _may_overlap(same):
            yield [*same, *on_any]
    if len(on_any) > 1:
        yield on_any


def _may_overlap(grants: Sequence[Grant]) -> bool:
    """Whether one of these could reach what another one reaches; asked before all are compared."""
    places = {(grant.entity_id, grant.region) for grant in grants}
    is_wide = any(EVERY in place for place in places)
    return len(grants) > 1 and (is_wide or len(places) < len(grants))


def _shadows(wider: Grant, grant: Grant) -> bool:
    """Whether a grant gives all of another and more."""
    if wider.scope == grant.scope or not grant.is_known:
        return False
    return gives(wider, grant) is Answer.YES


def _is_of_one_team(one: Grant, other: Grant) -> bool:
    return one.via is not None and one.via == other.via


@rule(
    "R03",
    "Role on a vanished entity",
    severity="low",
    about="holder",
    when="The entity of a role is not in the list of its type and region, which was read in full.",
    remedy="Take the role away.",
    mistakes=("The list was refused, is empty or does not exist: then it is not checked.",),
    maps_to=(NHI1, *nist("AC-2")),
    reads=("roles",),
)
def has_vanished(holder: Holder, facts: Facts) -> Results:
    """A role on something that no longer exists."""
    gone: list[tuple[AssignedRole, dict[str, Value]]] = []
    for role, seen in _not_in_place(holder, facts):
        if seen.sight is Sight.GONE:
            pairs = listings_of(role, facts.snapshot)
            read_at = [facts.snapshot.entities[pair].read_at for pair in pairs]
            times = [moment for moment in read_at if moment]
            gone.append((role, {"listed_at": min(times, default=None)}))
        elif seen.sight in _UNSEEN:
            yield Gap(seen.why or "the list of its entities was not read")
    yield from _on_roles(gone)


@rule(
    "R04",
    "Region cannot match",
    severity="low",
    about="holder",
    when="The entity of a role is in another region than the role says: it reaches nothing.",
    remedy="Take the role away, or give it in the region of the entity.",
    mistakes=("The entity has moved: give the role again where it is now.",),
    maps_to=nist("AC-6(7)"),
    reads=("roles",),
)
def cannot_match(holder: Holder, facts: Facts) -> Results:
    """A role that reaches nothing."""
    strays: list[tuple[AssignedRole, dict[str, Value]]] = []
    for role, seen in _not_in_place(holder, facts):
        if seen.sight is Sight.ELSEWHERE:
            strays.append((role, {"entity_name": seen.name, "is_in": seen.region}))
        elif seen.sight in _UNSEEN and role.entity_region not in (None, EVERY):
            yield Gap(seen.why or "the list of its entities was not read")
    yield from _on_roles(strays)


def _not_in_place(holder: Holder, facts: Facts) -> Iterator[tuple[AssignedRole, Seen]]:
    """The roles on one entity that is not known to be where the role says."""
    places = facts.places
    for role in holder.roles:
        if role.entity_id in (None, EVERY):
            continue
        place = places.get(role.entity_id)
        if place is None or place not in (GLOBAL, role.entity_region):
            yield role, look_up(role, facts.snapshot)


def _on_roles(found: Iterable[tuple[AssignedRole, dict[str, Value]]]) -> Iterator[Hit]:
    """A hit for each thing that is assigned, however often."""
    by_tuple: dict[str, tuple[AssignedRole, dict[str, Value], list[str]]] = {}
    for role, more in found:
        by_tuple.setdefault(_tuple_of(role), (role, more, []))[2].append(role.id)
    for key, (role, more, ids) in by_tuple.items():
        fields: dict[str, Value] = {
            "role_name": role.role_name,
            "entity_type_name": role.entity_type_name,
            "entity_id": role.entity_id,
            "entity_region": role.entity_region,
            "assigned_role_ids": tuple(ids),
        }
        steps = tuple(Step("take-role", id) for id in ids)
        yield Hit(object=key, evidence=fields | more, remedy=steps)


def _tuple_of(role: AssignedRole) -> str:
    kind = canonical_key(role.entity_type_name) if role.entity_type_name else ""
    return json.dumps((kind, role.role_name, role.entity_id, role.entity_region))


@rule(
    "R05",
    "Unknown role or type",
    severity="info",
    about="holder",
    when="A role is neither in the table of this program nor in the catalogue of Konnect, or "
    "Konnect did not say what it is on.",
    remedy="Find out what it gives; a newer sa-tui may know it.",
    mistakes=("It belongs to a new product: then it is to be expected.",),
    maps_to=("completeness of this audit",),
    reads=("roles",),
)
def is_unknown(holder: Holder, facts: Facts) -> Results:
    """A role whose effect is not known."""
    unknown: list[tuple[AssignedRole, dict[str, Value]]] = []
    for role in holder.roles:
        fields = (role.role_name, role.entity_type_name, role.entity_id, role.entity_region)
        if None in fields:
            raw = tuple(f"{name}: {text}" for name, text in sorted(role.unreadable.items()))
            unknown.append((role, {"unreadable": raw}))
        elif (canonical_key(fields[1] or ""), fields[0]) not in facts.offered:
            if "catalogue" in facts.gaps:
                yield Gap(facts.gaps["catalogue"])
            else:
                unknown.append((role, {}))
    # Whether to take it away is not for a rule to say.
    yield from (replace(hit, remedy=()) for hit in _on_roles(unknown))


@rule(
    "R06",
    "Many roles outside teams",
    severity="info",
    about="account",
    when="An account has more than max_direct_roles roles of its own.",
    remedy="Give them to a team, and put the account into it.",
    mistakes=("Admin on what a Creator made itself appears by itself: it does not count.",),
    maps_to=(*nist("AC-2(7)"), *cis("6.8")),
    reads=("roles",),
    limits=("max_direct_roles",),
    opt_in=True,
)
def has_many_roles(account: AccountFacts, _: Facts) -> Results:
    """More direct roles than anybody can oversee."""
    creates = {grant.kind for grant in account.grants if grant.tier == "C"}
    made_itself = sum(
        grant.tier == "A" and grant.kind in creates and grant.entity_id != EVERY
        for grant in account.own_grants
    )
    count = len(account.own_grants) - made_itself
    if count > account.limits.max_direct_roles:
        yield Hit(evidence={"roles": count, "made_itself": made_itself})


@rule(
    "R07",
    "Same assignment twice",
    severity="info",
    about="holder",
    when="Two assignments give exactly the same to the same holder.",
    remedy="Take one of them away.",
    maps_to=("tidiness",),
    reads=("roles",),
)
def is_doubled(holder: Holder, _: Facts) -> Results:
    """An assignment that was made twice."""
    own = [grant for grant in holder.own_grants if grant.is_known and grant.assignment_id]
    if len({grant.scope for grant in own}) == len(own):
        return
    for same in grouped(own):
        ids = [grant.assignment_id or "" for grant in same]
        if len(ids) > 1:
            yield Hit(
                object=object_of(same[0]),
                evidence=described(same[0]) | {"assigned_role_ids": tuple(ids)},
                remedy=tuple(Step("take-role", id) for id in sorted(ids)[1:]),
            )
