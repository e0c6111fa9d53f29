"""Whom a change may harm: the operator, the session, a mesh zone, the last administrator.

The rule it keeps: what was not read is reported as not known, never as harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.access.aftermath import without
from sa_tui.access.answer import Answer, answer
from sa_tui.access.catalogue import type_key
from sa_tui.access.roles import ORGANIZATION_ADMIN
from sa_tui.access.team_grants import undocumented
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sa_tui.access.verbs import Target, Verb
    from sa_tui.konnect.models import AssignedRole, Team
    from sa_tui.org.snapshot import Details, Snapshot, UserDetails
    from sa_tui.org.store import Org

IDENTITY_ADMIN = "Identity Admin"
POWERS = (ORGANIZATION_ADMIN, IDENTITY_ADMIN)
KONGCTL_NAMESPACE = "KONGCTL-namespace"
KONGCTL_PROTECTED = "KONGCTL-protected"

Somebody = tuple[Literal["account", "person"], str]


@dataclass(frozen=True, kw_only=True)
class Caution:
    """A warning before a change; with `is_typed` the operator has to type a name to go on."""

    text: str
    is_typed: bool = True


def cautions(
    verb: Verb, targets: Sequence[Target], *, snapshot: Snapshot, now: datetime
) -> tuple[Caution, ...]:
    """The warnings before the verb is carried out on these targets, without duplicates."""
    return cautions_together({verb: targets}, snapshot=snapshot, now=now)


def cautions_together(
    targets: Mapping[Verb, Sequence[Target]], *, snapshot: Snapshot, now: datetime
) -> tuple[Caution, ...]:
    """The warnings before all these verbs are carried out: together they may disarm everybody."""
    warnings: list[Caution] = []
    disarmed: dict[Verb, Sequence[Target]] = {}
    for verb, of_verb in targets.items():
        warnings += _of_managed(verb, of_verb, snapshot)
        warnings += _of_kongctl(verb, of_verb, snapshot)
        if verb.ends:
            warnings += _of_session(verb, of_verb, snapshot, now)
            warnings += _of_operator(of_verb, snapshot)
            disarmed[verb] = _disarmed(verb, of_verb, snapshot, now)
    if disarmed:
        warnings += _of_last(disarmed, snapshot)
    return tuple(dict.fromkeys(warnings))


# Mesh zones and kongctl


def _of_managed(verb: Verb, targets: Iterable[Target], snapshot: Snapshot) -> list[Caution]:
    warnings = []
    if verb.managed != "allowed":
        for target in targets:
            account = snapshot.account(target.account_id or "")
            name = account.name or account.id if account is not None else ""
            if account is not None and account.konnect_managed:
                risk = verb.risk or f"it {verb.cannot}"
                warnings.append(Caution(text=f"Konnect manages {name} for a mesh zone: {risk}."))
            elif account is not None and account.konnect_managed is None:
                unknown = f"Whether Konnect manages {name} for a mesh zone is not known."
                warnings.append(Caution(text=unknown))
    return warnings


def _of_kongctl(verb: Verb, targets: Iterable[Target], snapshot: Snapshot) -> list[Caution]:
    warnings = []
    for target in targets if verb.alters_team else ():
        team = snapshot.team(target.team_id or "")
        if team is None:
            continue
        name = team.title or team.id
        if team.system_team is None and verb.fixed:
            unknown = f"Whether {name} is a predefined team, which stays as it is, is not known."
            warnings.append(Caution(text=unknown))
        labels = {key.casefold(): value for key, value in team.labels.items()}
        namespace = labels.get(KONGCTL_NAMESPACE.casefold())
        protected = labels.get(KONGCTL_PROTECTED.casefold())
        if namespace is None and protected is None:
            continue
        where = f" in its namespace {namespace}" if namespace else ""
        is_protected = protected is not None and protected.casefold() != "false"
        protection = " and protects it" if is_protected else ""
        text = (
            f"kongctl manages {name}{where}{protection}: its next run undoes what is changed here."
        )
        warnings.append(Caution(text=text, is_typed=is_protected))
    return warnings


# The session and its operator


def _of_session(
    verb: Verb, targets: Iterable[Target], snapshot: Snapshot, now: datetime
) -> list[Caution]:
    """Warns if a target may be the session's own account; Konnect does not say which that is."""
    if snapshot.me.value is not None:
        return []  # a person's token: no system account's
    possible = [target for target in targets if _may_be_own(target, snapshot, now)]
    if not possible:
        return []
    names = dict.fromkeys(_name_of(target, snapshot) for target in possible)
    whose = next(iter(names)) if len(names) == 1 else f"one of these {len(names):,}"
    if snapshot.has_person:
        whether = "Who this session's token belongs to could not be read"
    else:
        whether = "This session runs on the token of a system account, and Konnect does not say"
        whether += " of which"
    # A name is typed for a used token anyway, and in a pipeline nobody can type one.
    text = f"{whether}: it cannot be ruled out that it is concerned ({whose})."
    return [Caution(text=text, is_typed=verb.ends != "tokens")]


def _may_be_own(target: Target, snapshot: Snapshot, now: datetime) -> bool:
    """Whether the account or token may be the one that the session runs on."""
    if target.token is not None:
        return token_state(target.token, now) != "expired"
    if target.account_id is None:
        accounts = snapshot.team_details_of(target.team_id or "").accounts
        return target.user_id is None and not (accounts.is_whole and not accounts.rows)
    tokens = snapshot.details_of(target.account_id).tokens
    is_dead = all(token_state(token, now) == "expired" for token in tokens.rows)
    return not (tokens.is_whole and is_dead)


def _name_of(target: Target, snapshot: Snapshot) -> str:
    if target.account_id is not None:
        account = snapshot.account(target.account_id)
        return (account.name if account is not None else "") or target.account_id
    team = snapshot.team(target.team_id or "")
    return (team.title if team is not None else "") or target.team_id or ""


def _of_operator(targets: Iterable[Target], snapshot: Snapshot) -> list[Caution]:
    """Warns if the person who signed in loses something."""
    me, warnings = snapshot.me.value, []
    for target in targets:
        if target.account_id is not None:
            continue
        team = _name_of(target, snapshot)
        if target.user_id is not None:
            if me is not None and me.id == target.user_id:
                warnings.append(Caution(text=f"This is you: you lose what team {team} gives you."))
            elif me is None and snapshot.has_person:
                warnings.append(Caution(text="Whether this is you is not known."))
        elif me is not None:
            users = snapshot.team_details_of(target.team_id or "").users
            if any(user.id == me.id for user in users.rows):
                warnings.append(
                    Caution(text=f"You are in team {team}: you lose what it gives you.")
                )
            elif not users.is_whole:
                warnings.append(Caution(text=f"Whether you are in team {team} is not known."))
    return warnings


# The last administrator


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Who certainly holds a power; with `is_complete` nobody else can."""

    certain: frozenset[Somebody]
    is_complete: bool


def _disarmed(
    verb: Verb, targets: Sequence[Target], snapshot: Snapshot, now: datetime
) -> Sequence[Target]:
    """The targets that can do nothing afterwards; an account with another live token still can."""
    if verb.ends != "tokens":
        return targets
    account_ids = {target.account_id for target in targets if target.token is None}
    revoked_ids = {target.token.id for target in targets if target.token is not None}

    def is_armed(target: Target) -> bool:
        tokens = snapshot.details_of(target.account_id or "").tokens.rows
        remaining = (token for token in tokens if token.id not in revoked_ids)
        is_live = any(token_state(token, now) == "live" for token in remaining)
        return is_live and target.account_id not in account_ids

    return [target for target in targets if not is_armed(target)]


def _of_last(disarmed: Mapping[Verb, Sequence[Target]], snapshot: Snapshot) -> list[Caution]:
    after = snapshot
    for verb, targets in disarmed.items():
        after = without(verb, targets, after)
    warnings = []
    for power in POWERS:
        before, remaining = holders(power, snapshot), holders(power, after)
        if not before.certain or remaining.certain:
            continue
        if remaining.is_complete:
            text = f"Nobody holds {power} after this: it may not be possible to give it back."
        else:
            text = f"Whether anybody else holds {power} after this is not known."
        warnings.append(Caution(text=text))
    return warnings


def holders(power: str, snapshot: Snapshot) -> Holders:
    """Who holds a power, through a team or directly, as far as was read."""
    giving = {team.id: _gives(power, team, snapshot) for team in _teams(snapshot)}
    certain: set[Somebody] = set()
    is_complete = snapshot.teams.value is not None and Answer.UNKNOWN not in giving.values()
    for team_id, gives in giving.items():
        if gives is Answer.YES:
            details = snapshot.team_details_of(team_id)
            is_complete &= details.accounts.is_whole and details.users.is_whole
            certain |= {("account", row.id) for row in details.accounts.rows}
            certain |= {
                ("person", user.id) for user in details.users.rows if user.active is not False
            }
    for kind, id, member in _members(snapshot):
        in_team = any(giving.get(team.id) is Answer.YES for team in member.teams.rows)
        has_role = power == IDENTITY_ADMIN and any(map(_is_identity_admin, member.roles.rows))
        if in_team or has_role:
            certain.add((kind, id))
    if power == IDENTITY_ADMIN:
        is_complete &= _roles_are_read(snapshot)
    return Holders(certain=frozenset(certain), is_complete=is_complete)


def certainly_lack_power(user_id: str, snapshot: Snapshot) -> bool:
    """Whether a person is certainly no administrator: everything that could make them one was read.

    The owner of the organisation always is an administrator.
    """
    organization, details = snapshot.organization.value, snapshot.user_details_of(user_id)
    if organization is None or organization.owner_id in (None, user_id):
        return False
    if not (details.roles.is_whole and details.teams.is_whole):
        return False
    roles, teams = list(details.roles.rows), details.teams.rows
    for team in teams:
        if undocumented(team) or any(
            _gives(power, team, snapshot) is not Answer.NO for power in POWERS
        ):
            return False
        roles += snapshot.team_details_of(team.id).roles.rows
    return not any(_may_be_of_identity(role) for role in roles)


def _may_be_of_identity(role: AssignedRole) -> bool:
    kind = role.entity_type_name
    return kind is None or role.role_name is None or type_key(kind) == "identity"


async def read_powers(org: Org, account_ids: Iterable[str]) -> None:
    """Reads the members of those teams of these accounts that make administrators.

    Only then is it known whether an account is the last administrator.
    """
    teams: dict[str, Team] = {}
    for account_id in account_ids:
        of_account = org.snapshot.details_of(account_id).teams
        teams.update({team.id: team for team in of_account.rows})
    giving = [
        team.id
        for team in teams.values()
        if any(_gives(power, team, org.snapshot) is not Answer.NO for power in POWERS)
    ]
    if giving:
        await org.read_teams()
        await org.read_team_details(giving, again=True)


def _teams(snapshot: Snapshot) -> Iterable[Team]:
    """Every known team, including those that only a member lists."""
    teams = {team.id: team for team in snapshot.teams.rows}
    for _, _, details in _members(snapshot):
        for team in details.teams.rows:
            teams.setdefault(team.id, team)
    return teams.values()


def _gives(power: str, team: Team, snapshot: Snapshot) -> Answer:
    has_name = type_key(team.name) == type_key(power)
    if has_name and team.system_team is not False:
        return answer(True) if team.system_team else Answer.UNKNOWN
    if power == ORGANIZATION_ADMIN:
        return Answer.NO
    roles = snapshot.team_details_of(team.id).roles
    if any(map(_is_identity_admin, roles.rows)):
        return Answer.YES
    return answer(False) if roles.is_whole or team.system_team else Answer.UNKNOWN


def _is_identity_admin(role: AssignedRole) -> bool:
    return role.role_name == "Admin" and type_key(role.entity_type_name or "") == "identity"


def _roles_are_read(snapshot: Snapshot) -> bool:
    accounts, people = snapshot.accounts, snapshot.people
    return (
        accounts.is_whole
        and people.is_whole
        and all(snapshot.details_of(account.id).roles.is_whole for account in accounts.rows)
        and all(snapshot.user_details_of(user.id).roles.is_whole for user in people.rows)
    )


def _members(
    snapshot: Snapshot,
) -> Iterable[tuple[Literal["account", "person"], str, Details | UserDetails]]:
    for account_id, details in snapshot.details.items():
        yield "account", account_id, details
    for user_id, user_details in snapshot.user_details.items():
        yield "person", user_id, user_details
