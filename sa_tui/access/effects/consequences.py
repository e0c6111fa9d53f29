"""What any changes mean, from the changes and the snapshot alone: the effect, doubts and levels.

The rule it keeps: a change of a form, an undo, another attempt and the rest of an earlier run are
judged by the same rules, so that none of them is confirmed more lightly than another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import can_be_given, offered_types
from sa_tui.access.change_verbs import verb_and_target
from sa_tui.access.doubts import doubts
from sa_tui.access.effects import accounts as of_accounts
from sa_tui.access.effects import teams as of_teams
from sa_tui.access.effects.planned import afterwards, unmade, with_new
from sa_tui.access.effects.roles import role_effect
from sa_tui.access.effects.teams import gives_full_write, membership, of_members
from sa_tui.access.effects.tokens import revocation
from sa_tui.access.effects.values import Consequences, Effect, Line
from sa_tui.access.governance import governance
from sa_tui.access.stakes import cautions_together
from sa_tui.base.secrets import is_secret_inside
from sa_tui.org.changes.roles import RoleOwner, RoleRequest
from sa_tui.org.changes.teams import Member
from sa_tui.org.changes.words import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sa_tui.access.stakes import Caution
    from sa_tui.access.verbs import Target, Verb
    from sa_tui.konnect.models import AccessToken, AssignedRole, SystemAccount, Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot

_HOLDS_ONE = (
    "A value of these changes looks like a token: everybody who may read the organisation would "
    "see it."
)
_NO_ACCESS_CHANGES = Line("Nobody gains or loses access.")
_UNKNOWN = Line("Who gains or loses access is not known.")
_HARMLESS = frozenset(
    {
        "create-account",
        "rename-account",
        "describe-account",
        "rename-token",
        "create-team",
        "edit-team",
    }
)
"""The verbs of changes that neither give access nor take it."""


def consequences(changes: Sequence[Change], *, snapshot: Snapshot, now: datetime) -> Consequences:
    """What these changes mean together, and the level that each of them needs."""
    snapshot = with_new(changes, snapshot)
    later = afterwards(changes, snapshot)
    known_cautions = _cautions(changes, snapshot, now)
    together = _together(
        (
            _of_roles(changes, snapshot, later),
            _of_memberships(changes, snapshot, later),
            _of_tokens(changes, snapshot, now),
            _of_ends(changes, snapshot, now),
        )
    )
    values = (field.after or "" for change in changes for field in change.fields)
    secrets = [_HOLDS_ONE] if any(map(is_secret_inside, values)) else []
    texts = (
        *secrets,
        *unmade(changes),
        *(caution.text for caution in known_cautions),
        *together.warnings,
    )
    return Consequences(
        changes=tuple(_with_levels(changes, known_cautions, later)),
        effect=together.lines or _without_lines(changes),
        warnings=tuple(dict.fromkeys(texts)),
    )


def _without_lines(changes: Sequence[Change]) -> tuple[Line, ...]:
    """The effect of changes of which there is nothing to tell."""
    if not changes:
        return ()
    is_harmless = all(change.verb in _HARMLESS for change in changes)
    return (_NO_ACCESS_CHANGES if is_harmless else _UNKNOWN,)


# Cautions and levels


def _cautions(changes: Iterable[Change], snapshot: Snapshot, now: datetime) -> tuple[Caution, ...]:
    targets: dict[Verb, list[Target]] = {}
    for change in changes:
        verb, target = verb_and_target(change, snapshot)
        targets.setdefault(verb, []).append(target)
    return cautions_together(targets, snapshot=snapshot, now=now)


def _with_levels(
    changes: Sequence[Change], known_cautions: Sequence[Caution], snapshot: Snapshot
) -> list[Change]:
    is_typed = any(caution.is_typed for caution in known_cautions)
    # One key must never revoke several tokens.
    revokes_several = sum(change.verb == "revoke-token" for change in changes) > 1

    def with_level(change: Change) -> Change:
        typed = replace(change, level="type", stands_for=change.origin)
        if is_typed or (revokes_several and change.verb == "revoke-token"):
            return typed
        team = snapshot.team(change.ids.team_id or "") if change.verb == "join-team" else None
        if team is not None and gives_full_write(snapshot, team):
            return replace(typed, confirm_text=team.name or team.id)
        return change

    return list(map(with_level, changes))


# Effects, each of the changes that it understands


def _of_roles(changes: Sequence[Change], snapshot: Snapshot, later: Snapshot) -> Effect:
    """What owners can do before and after; `later` has what they hold after the changes."""
    of_owner: dict[RoleOwner, list[Change]] = {}
    for change in changes:
        if change.verb in ("give-role", "take-role"):
            of_owner.setdefault(_owner(change), []).append(change)
    effects = []
    offered = offered_types(snapshot.catalogue.value) if of_owner else ()
    for owner, owned in of_owner.items():
        given = [_request(change, snapshot) for change in owned if change.verb == "give-role"]
        removals = [change for change in owned if change.verb == "take-role"]
        taken, unknown = _roles(removals, snapshot)
        effect = role_effect(
            snapshot, owner, given=given, taken=taken, offered=offered, later=later
        )
        warnings = (*effect.warnings, *unknown, *_no_way_back(taken, snapshot))
        name, is_one_of_many = owner.name or owner.id, len(of_owner) > 1
        effects.append(_headed(name, replace(effect, warnings=warnings), is_one_of_many))
    return _together(effects)


def _owner(change: Change) -> RoleOwner:
    ids = change.ids
    if ids.account_id is not None:
        return RoleOwner(kind="account", id=ids.account_id, name=change.subject)
    return RoleOwner(kind="team", id=ids.team_id or "", name=change.subject)


def _request(change: Change, snapshot: Snapshot) -> RoleRequest:
    request = RoleRequest(**(change.request.body or {}))
    entity = snapshot.entity(request.entity_id)
    return replace(request, entity_name=entity.name if entity is not None else "")


def _roles(removals: Iterable[Change], snapshot: Snapshot) -> tuple[list[AssignedRole], list[str]]:
    """The roles that are removed, and a sentence for each that is not among what was read."""
    found: list[AssignedRole] = []
    unknown = []
    for change in removals:
        _, target = verb_and_target(change, snapshot)
        found += target.roles
        if not target.roles:
            unknown.append(f"{change.title}: what remains is not known, it was not read.")
    return found, unknown


def _no_way_back(roles: Iterable[AssignedRole], snapshot: Snapshot) -> list[str]:
    """A sentence for each entity type whose roles cannot be given back."""
    types = {role.entity_type_name for role in roles if role.entity_type_name}
    live = snapshot.catalogue.value
    return [
        f"Konnect gives no roles on {name} any more: no way back."
        for name in sorted(types)
        if not can_be_given(name, live)
    ]


def _of_memberships(changes: Sequence[Change], snapshot: Snapshot, later: Snapshot) -> Effect:
    """What members gain and lose; `later` is as it is after the changes."""
    moves = [change for change in changes if change.verb in ("join-team", "leave-team")]
    if not moves:
        return Effect()
    members = {_member(change) for change in moves}
    teams = {id: snapshot.team(id) for id in dict.fromkeys(_team_id(change) for change in moves)}
    unknown = [
        f"Team {id} was not read: what it gives is not known." for id in teams if not teams[id]
    ]
    warning = governance(snapshot) if any(member.kind == "user" for member in members) else ""
    account = snapshot.account(next(iter(members)).id) if len(members) == 1 else None
    effects = []
    if account is not None and not unknown:
        joined, left = (
            [team for id, team in teams.items() if team and id in _team_ids(moves, verb)]
            for verb in ("join-team", "leave-team")
        )
        effects.append(membership(snapshot, account, joined=joined, left=left, later=later))
    else:
        for id, team in teams.items():
            if team is not None:
                joining = _team_ids(moves, "join-team").count(id)
                leaving = _team_ids(moves, "leave-team").count(id)
                state = later if joining else snapshot
                effects.append(of_members(state, team, joining=joining, leaving=leaving))
    together = _together(effects)
    sentences = tuple(filter(None, (warning, *unknown, *together.warnings)))
    return Effect(lines=together.lines, warnings=sentences)


def _member(change: Change) -> Member:
    ids = change.ids
    if ids.account_id is not None:
        return Member(kind="account", id=ids.account_id, name=change.subject)
    return Member(kind="user", id=ids.user_id or "", name=change.subject)


def _team_id(change: Change) -> str:
    return change.ids.team_id or ""


def _team_ids(moves: Iterable[Change], verb: str) -> list[str]:
    return [_team_id(change) for change in moves if change.verb == verb]


def _of_tokens(changes: Sequence[Change], snapshot: Snapshot, now: datetime) -> Effect:
    revoked = [change for change in changes if change.verb == "revoke-token"]
    if not revoked:
        return Effect()
    tokens: list[tuple[SystemAccount, AccessToken]] = []
    unknown: dict[str, None] = {}
    for change in revoked:
        _, target = verb_and_target(change, snapshot)
        account = snapshot.account(change.ids.account_id or "")
        if account is not None and target.token is not None:
            tokens.append((account, target.token))
        else:
            unknown[f"{change.title}: when it was last used is not known, it was not read."] = None
        for doubt in doubts(snapshot.details_of(change.ids.account_id or ""), "tokens"):
            unknown[f"{change.subject}: {doubt}."] = None
    return revocation(tokens, list(unknown), now)


def _of_ends(changes: Sequence[Change], snapshot: Snapshot, now: datetime) -> Effect:
    """What is lost with accounts and teams that are deleted."""
    effects = []
    for change in changes:
        account = snapshot.account(change.ids.account_id or "")
        team: Team | None = snapshot.team(change.ids.team_id or "")
        if change.verb == "delete-account" and account is not None:
            effect = of_accounts.deletion(snapshot, account, now)
            effects.append(_headed(account.name or account.id, effect, len(changes) > 1))
        elif change.verb == "delete-team" and team is not None:
            effect = of_teams.deletion(snapshot, team)
            effects.append(_headed(team.title or team.id, effect, len(changes) > 1))
        elif change.verb in ("delete-account", "delete-team"):
            unknown = f"{KINDS[change.verb]}: what is lost with it is not known, it was not read."
            effects.append(Effect(warnings=(unknown,)))
    return _together(effects)


def _headed(name: str, effect: Effect, is_one_of_many: bool) -> Effect:
    """The effect, below the name of what it is on unless the review is about this alone."""
    heading = (Line(name, tone="strong"),) if is_one_of_many else ()
    return replace(effect, lines=(*heading, *effect.lines))


def _together(effects: Sequence[Effect]) -> Effect:
    return Effect(
        lines=tuple(line for effect in effects for line in effect.lines),
        warnings=tuple(warning for effect in effects for warning in effect.warnings),
    )
