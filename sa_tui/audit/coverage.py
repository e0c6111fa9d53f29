"""What an audit needs of a snapshot, and what of that could not be read.

The rule it keeps: each thing that is missing is named once. Something that was deleted meanwhile is
not missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.access.team_grants import undocumented
from sa_tui.konnect.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sa_tui.konnect.errors import KonnectError
    from sa_tui.org.snapshot import Part, Snapshot

What = Literal[
    "organization",
    "system_accounts",
    "users",
    "teams",
    "access_tokens",
    "personal_access_tokens",
    "assigned_roles",
    "implied_roles",
    "entity_names",
]
Kind = Literal["system_account", "user", "team", "entity_type"]


@dataclass(frozen=True)
class Missing:
    """Something that could not be read in full, of what, and why."""

    what: What
    reason: str
    kind: Kind | None = None
    id: str | None = None
    name: str = ""
    error: KonnectError | None = None


def missing_of(
    snapshot: Snapshot, *, needs_people: bool, needs_personal_tokens: bool
) -> Iterator[Missing]:
    """What is missing for the rules that are on."""
    yield from _of("organization", snapshot.organization)
    yield from _of("system_accounts", snapshot.accounts)
    yield from _of("teams", snapshot.teams)
    if needs_people or needs_personal_tokens:
        yield from _of("users", snapshot.people)
    yield from _of_accounts(snapshot)
    yield from _of_teams(snapshot)
    if needs_personal_tokens:
        for user in snapshot.people.rows:
            part = snapshot.user_details_of(user.id).tokens
            name = user.full_name or user.email
            yield from _of("personal_access_tokens", part, "user", user.id, name)
    for (type_name, region), listed in snapshot.entities.items():
        # A list that may not be read is usual: the roles on it are not checked, and say so.
        if not isinstance(listed.error, Forbidden | NotFound):
            yield from _of("entity_names", listed, "entity_type", None, f"{type_name} in {region}")


def _of_accounts(snapshot: Snapshot) -> Iterator[Missing]:
    for account in snapshot.accounts.rows:
        details = snapshot.details_of(account.id)
        about: tuple[Kind, str, str] = ("system_account", account.id, account.name)
        for missing in (
            *_of("access_tokens", details.tokens, *about),
            *_of("assigned_roles", details.roles, *about),
            *_of("teams", details.teams, *about),
        ):
            if not isinstance(missing.error, NotFound):
                yield missing


def _of_teams(snapshot: Snapshot) -> Iterator[Missing]:
    for team in snapshot.teams.rows:
        details = snapshot.team_details_of(team.id)
        about: tuple[Kind, str, str] = ("team", team.id, team.title)
        parts = [*_of("assigned_roles", details.roles, *about)]
        if team.system_team is not True:
            parts += _of("system_accounts", details.accounts, *about)
            parts += _of("users", details.users, *about)
        yield from (missing for missing in parts if not isinstance(missing.error, NotFound))
        has_accounts = bool(details.accounts.rows) or not details.accounts.is_whole
        for reason in undocumented(team) if has_accounts else ():
            yield Missing("implied_roles", reason, *about)


def _of(
    what: What,
    part: Part[object],
    kind: Kind | None = None,
    id: str | None = None,
    name: str = "",
) -> Iterator[Missing]:
    if part.error is not None:
        yield Missing(what, part.error.summary, kind, id, name, part.error)
    elif part.value is None:
        yield Missing(what, "not read.", kind, id, name)
    elif reason := getattr(part.value, "incomplete", None):
        yield Missing(what, reason, kind, id, name)
    elif getattr(part.value, "skipped", 0):
        yield Missing(what, "some rows were unreadable.", kind, id, name)
