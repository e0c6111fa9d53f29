"""The state of the demo Konnect: rows of JSON with indexes, so that no look-up is slow."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WireRow = dict[str, Any]
"""One JSON object as Konnect sends it."""

_SECRET_ALPHABET = ascii_letters + digits
_SECRET_LENGTH = 50


def stamp(moment: datetime) -> str:
    """A time as Konnect writes it: UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def grant_key(role: WireRow) -> tuple[object, ...]:
    """The fields of an assigned role that are unique for each holder."""
    return (
        role.get("role_name"),
        role.get("entity_type_name"),
        role.get("entity_id"),
        role.get("entity_region"),
    )


class Table:
    """Rows by id, in the order in which they were created."""

    def __init__(self) -> None:
        self._by_id: dict[str, WireRow] = {}
        self._listed: list[WireRow] | None = None

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._by_id

    def __getitem__(self, row_id: str) -> WireRow:
        return self._by_id[row_id]

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[WireRow]:
        return iter(self.rows)

    @property
    def rows(self) -> Sequence[WireRow]:
        """Every row, oldest first."""
        if self._listed is None:
            self._listed = list(self._by_id.values())
        return self._listed

    def get(self, row_id: str) -> WireRow | None:
        """The row with this id, or None."""
        return self._by_id.get(row_id)

    def add(self, row: WireRow) -> WireRow:
        """Adds a row under its `id`."""
        self._by_id[row["id"]] = row
        self._listed = None
        return row

    def remove(self, row_id: str) -> WireRow:
        """Removes a row. Raises KeyError if there is none."""
        self._listed = None
        return self._by_id.pop(row_id)


class Membership:
    """Which members are in which teams, readable from both sides."""

    def __init__(self) -> None:
        self._members: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._teams: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def members(self, team_id: str) -> tuple[str, ...]:
        """The ids of the members of a team, in the order in which they joined."""
        return tuple(self._members.get(team_id, ()))

    def teams(self, member_id: str) -> tuple[str, ...]:
        """The ids of the teams of a member, in the order in which they were joined."""
        return tuple(self._teams.get(member_id, ()))

    def has(self, team_id: str, member_id: str) -> bool:
        """Whether the member is in the team."""
        return member_id in self._members.get(team_id, ())

    def join(self, team_id: str, member_id: str) -> None:
        """Puts a member into a team."""
        self._members[team_id][member_id] = None
        self._teams[member_id][team_id] = None

    def leave(self, team_id: str, member_id: str) -> None:
        """Takes a member out of a team; raises KeyError if it was not in it."""
        del self._members[team_id][member_id]
        del self._teams[member_id][team_id]

    def forget_team(self, team_id: str) -> None:
        """Takes everyone out of a team."""
        for member_id in self._members.pop(team_id, {}):
            del self._teams[member_id][team_id]

    def forget_member(self, member_id: str) -> None:
        """Takes a member out of every team."""
        for team_id in self._teams.pop(member_id, {}):
            del self._members[team_id][member_id]


@dataclass(kw_only=True)
class Organisation:
    """The mutable state of one demo Konnect."""

    seed: int
    record: WireRow = field(default_factory=dict)
    operator_id: str = ""
    authentication_settings: WireRow = field(default_factory=dict)
    accounts: Table = field(default_factory=Table)
    account_ids: dict[str, str] = field(default_factory=dict)
    teams: Table = field(default_factory=Table)
    users: Table = field(default_factory=Table)
    account_teams: Membership = field(default_factory=Membership)
    user_teams: Membership = field(default_factory=Membership)
    entities: dict[tuple[str, str], Table] = field(default_factory=dict)
    """(collection, region) -> entities; the region of a global collection is `global`."""

    def __post_init__(self) -> None:
        # Predictable: the same seed gives the same organisation.
        self.ids = random.Random(f"{self.seed}/ids")  # noqa: S311
        self._secrets = random.Random(f"{self.seed}/secrets")  # noqa: S311
        self._tokens: dict[str, Table] = {}
        self._token_names: dict[str, set[str]] = {}
        self._roles: dict[str, Table] = {}
        self._grants: dict[str, set[tuple[object, ...]]] = {}
        self._issued: dict[bytes, tuple[str, str]] = {}
        self.operator_token = self._new_secret("kpat_")
        self.operator_token_id = self.new_id()

    def new_id(self) -> str:
        """A new UUID v4 from the seed."""
        return str(uuid.UUID(int=self.ids.getrandbits(128), version=4))

    # accounts and their tokens

    def add_account(self, row: WireRow) -> WireRow:
        """Adds a system account; its name must be free."""
        self.accounts.add(row)
        self.account_ids[row["name"]] = row["id"]
        return row

    def rename_account(self, row: WireRow, name: str) -> None:
        """Gives an account another name, which must be free."""
        del self.account_ids[row["name"]]
        row["name"] = name
        self.account_ids[name] = row["id"]

    def remove_account(self, account_id: str) -> None:
        """Removes an account with its tokens, roles and memberships."""
        row = self.accounts.remove(account_id)
        del self.account_ids[row["name"]]
        self._tokens.pop(account_id, None)
        self._token_names.pop(account_id, None)
        self.account_teams.forget_member(account_id)
        self._forget_roles(account_id)

    def tokens(self, account_id: str) -> Table:
        """The access tokens of an account or a user."""
        return self._tokens.get(account_id) or Table()

    def has_token_named(self, account_id: str, name: str) -> bool:
        """Whether the account already has a token of this name."""
        return name in self._token_names.get(account_id, ())

    def add_token(self, account_id: str, row: WireRow) -> WireRow:
        """Adds a token whose secret nobody knows."""
        self._token_names.setdefault(account_id, set()).add(row["name"])
        return self._tokens.setdefault(account_id, Table()).add(row)

    def issue_token(self, account_id: str, row: WireRow) -> str:
        """Adds a token of an account or a user; returns its secret, kept only as a digest."""
        secret = self._new_secret("kpat_" if account_id in self.users else "spat_")
        self.add_token(account_id, row)
        self._issued[_digest(secret)] = (account_id, row["id"])
        return secret

    def rename_token(self, account_id: str, row: WireRow, name: str) -> None:
        """Gives a token another name, which must be free on its account."""
        names = self._token_names[account_id]
        names.remove(row["name"])
        row["name"] = name
        names.add(name)

    def remove_token(self, account_id: str, token_id: str) -> None:
        """Removes a token; its secret stops working at once."""
        row = self._tokens[account_id].remove(token_id)
        self._token_names[account_id].discard(row["name"])

    def owner_of_secret(self, secret: str) -> tuple[str, WireRow] | None:
        """The account's or user's id and the token row of an issued secret, or None."""
        account_id, token_id = self._issued.get(_digest(secret), ("", ""))
        row = self.tokens(account_id).get(token_id)
        return (account_id, row) if row is not None else None

    # assigned roles; a holder is an account, a team or a user

    def roles(self, holder_id: str) -> Table:
        """The roles assigned to an account, a team or a user directly."""
        return self._roles.get(holder_id) or Table()

    def holds(self, holder_id: str, role: WireRow) -> bool:
        """Whether the holder already has exactly this role."""
        return grant_key(role) in self._grants.get(holder_id, ())

    def add_role(self, holder_id: str, row: WireRow) -> WireRow:
        """Assigns a role."""
        self._grants.setdefault(holder_id, set()).add(grant_key(row))
        return self._roles.setdefault(holder_id, Table()).add(row)

    def remove_role(self, holder_id: str, role_id: str) -> None:
        """Removes an assigned role."""
        row = self._roles[holder_id].remove(role_id)
        self._grants[holder_id].discard(grant_key(row))

    # teams and users

    def remove_team(self, team_id: str) -> None:
        """Removes a team with its roles and memberships."""
        self.teams.remove(team_id)
        self.account_teams.forget_team(team_id)
        self.user_teams.forget_team(team_id)
        self._forget_roles(team_id)

    def remove_user(self, user_id: str) -> None:
        """Removes a user with its tokens, roles and memberships."""
        self.users.remove(user_id)
        self._tokens.pop(user_id, None)
        self._token_names.pop(user_id, None)
        self.user_teams.forget_member(user_id)
        self._forget_roles(user_id)

    def _forget_roles(self, holder_id: str) -> None:
        self._roles.pop(holder_id, None)
        self._grants.pop(holder_id, None)

    def _new_secret(self, prefix: str) -> str:
        return prefix + "".join(self._secrets.choices(_SECRET_ALPHABET, k=_SECRET_LENGTH))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
