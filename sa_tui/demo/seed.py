"""Builds the organisation of the demo, always the same for the same time, seed and size."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from sa_tui.demo.company import (
    ENTITIES,
    LOGIN_PATH,
    NAME,
    OPERATOR,
    PEOPLE,
    READERS,
    RELEASE,
    TEAMS,
    Account,
    Person,
    SeedGrant,
    SeedTeam,
    Token,
)
from sa_tui.demo.machines import ACCOUNTS
from sa_tui.demo.oddities import ODD
from sa_tui.demo.organisation import Organisation, Table, WireRow, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Organisation", "build_organisation"]

_TASKS = ("deployer", "sync", "exporter", "importer", "probe", "publisher", "backup", "reader")
_SERVICES = ("tracking", "rates", "customs", "billing", "depots", "fleet", "parcels", "routes")
_GENERATED_REGIONS = ("us", "eu", "au")


def build_organisation(
    now: datetime, *, seed: int = 1, accounts: int | None = None, odd: bool = False
) -> Organisation:
    """Meridian Freight at the time `now`, with as many system accounts as `accounts`.

    `odd` adds accounts whose names attack a terminal, and a time that cannot be parsed.
    """
    builder = _Builder(now, seed=seed)
    return builder.build((*ACCOUNTS, *ODD) if odd else ACCOUNTS, accounts)


class _Builder:
    def __init__(self, now: datetime, *, seed: int) -> None:
        self._now = now
        self._organisation = Organisation(seed=seed)
        # Predictable, and separate from the ids, so that neither changes the other.
        self._chance = random.Random(f"{seed}/chance")  # noqa: S311
        self._team_ids: dict[str, str] = {}
        self._entity_ids: dict[tuple[str, str], str] = {}
        self._people: list[tuple[Person, str]] = []

    def build(self, accounts: Sequence[Account], count: int | None) -> Organisation:
        """Builds everything, in the order of dependence."""
        count = len(accounts) if count is None else count
        self._add_entities()
        for team in TEAMS:
            self._add_team(team)
        for person in PEOPLE:
            self._add_person(person)
        self._describe_organisation()
        for account in islice(accounts, count):
            self._add_account(account)
        for account in self._generated(count - len(accounts)):
            self._add_account(account)
        for person, user_id in self._people:
            self._add_tokens(person, user_id)
        return self._organisation

    def _ago(self, days: float) -> str:
        return stamp(self._now - timedelta(days=days))

    def _add_entities(self) -> None:
        for path, entities in ENTITIES.items():
            for name, region in entities:
                row: WireRow = {"id": self._organisation.new_id(), "name": name}
                if path == "/v3/apis":
                    row["version"] = "v1"
                if path in ("/v3/portals", "/v1/catalog-services"):
                    row["display_name"] = name.replace("-", " ").title()
                row |= {"created_at": self._ago(600), "updated_at": self._ago(20)}
                self._organisation.entities.setdefault((path, region), Table()).add(row)
                self._entity_ids[name, region] = row["id"]

    def _describe_organisation(self) -> None:
        organisation = self._organisation
        organisation.record = {
            "id": organisation.new_id(),
            "name": NAME,
            "owner_id": organisation.operator_id,
            "login_path": LOGIN_PATH,
            "created_at": self._ago(1400),
            "updated_at": self._ago(35),
            "state": "active",
            "retention_period_days": 90,
        }
        organisation.authentication_settings = {
            "basic_auth_enabled": True,
            "oidc_auth_enabled": True,
            "saml_auth_enabled": False,
            "idp_mapping_enabled": False,
            "konnect_mapping_enabled": True,
        }

    def _add_team(self, team: SeedTeam) -> None:
        row: WireRow = {
            "id": self._organisation.new_id(),
            "name": team.name,
            "description": team.description,
            "system_team": team.is_predefined,
            "labels": dict(team.labels),
            "created_at": self._ago(team.age * self._chance.uniform(0.99, 1)),
            "updated_at": self._ago(team.age * self._chance.uniform(0.1, 0.9)),
        }
        self._organisation.teams.add(row)
        self._team_ids.setdefault(team.name, row["id"])
        self._assign(row["id"], team.grants)

    def _add_person(self, person: Person) -> None:
        row: WireRow = {
            "id": self._organisation.new_id(),
            "email": person.email,
            "preferred_name": person.preferred_name,
            "active": person.is_active,
            "created_at": self._ago(person.age * self._chance.uniform(0.99, 1)),
            "updated_at": self._ago(person.age * self._chance.uniform(0.1, 0.9)),
        }
        if person.name:  # Konnect leaves out a name that is not given
            row["full_name"] = person.name
        if person is OPERATOR:
            row["inferred_region"] = "eu"
            self._organisation.operator_id = row["id"]
        self._organisation.users.add(row)
        self._people.append((person, row["id"]))
        self._assign(row["id"], person.grants)
        for team in person.teams:
            self._organisation.user_teams.join(self._team_ids[team], row["id"])

    def _add_tokens(self, person: Person, user_id: str) -> None:
        """Adds the tokens of a person; the first one of the operator is that of the demo."""
        for number, token in enumerate(person.tokens):
            row = self._token(token) | {"user_id": user_id, "state": "ACTIVE"}
            if person is OPERATOR and number == 0:
                row["id"] = self._organisation.operator_token_id
            if token.revoked_ago is not None:
                revoked = {"revoked_at": self._ago(token.revoked_ago), "revoked_by": user_id}
                row |= {"state": "REVOKED", **revoked}
            self._organisation.add_token(user_id, row)

    def _add_account(self, account: Account) -> None:
        row: WireRow = {
            "id": self._organisation.new_id(),
            "name": account.name,
            "description": account.description,
            # Some hours more, and fewer for each token, so that times of day differ.
            "created_at": self._ago(account.age + self._chance.uniform(0.5, 0.9)),
            "updated_at": self._ago(account.age * self._chance.uniform(0.2, 1)),
            "konnect_managed": account.managed,
        }
        self._organisation.add_account(row)
        for token in account.tokens:
            self._organisation.add_token(row["id"], self._token(token))
        self._assign(row["id"], account.grants)
        for team in account.teams:
            self._organisation.account_teams.join(self._team_ids[team], row["id"])

    def _token(self, token: Token) -> WireRow:
        created_at = self._ago(token.age + self._chance.uniform(0, 0.4))
        expires_in = token.expires_in
        if expires_in > 0:
            expires_in *= self._chance.uniform(0.99, 1)
        row: WireRow = {
            "id": self._organisation.new_id(),
            "name": token.name,
            "created_at": token.created_at or created_at,
            "updated_at": created_at,
            "expires_at": self._ago(-expires_in),
        }
        if token.used_ago is not None:
            used_ago = token.used_ago * self._chance.uniform(1, 1.05)
            row["last_used_at"] = self._ago(min(used_ago, token.age))
        return row

    def _assign(self, holder_id: str, grants: tuple[SeedGrant, ...]) -> None:
        for grant in grants:
            row: WireRow = {
                "id": self._organisation.new_id(),
                "role_name": grant.role_name,
                "entity_id": self._entity_id(grant),
                "entity_type_name": grant.type_name,
                "entity_region": grant.region,
            }
            self._organisation.add_role(holder_id, row)

    def _entity_id(self, grant: SeedGrant) -> str:
        if grant.entity == "*":
            return "*"
        if grant.entity == "gone":
            return self._organisation.new_id()
        region = "global" if grant.region == "*" else grant.region
        return self._entity_ids[grant.entity, region]

    def _generated(self, count: int) -> Iterator[Account]:
        """More accounts, named by service, task, region and number."""
        chance = self._chance
        for number in range(1, count + 1):
            region = chance.choice(_GENERATED_REGIONS)
            age = chance.uniform(2, 900)
            plane = SeedGrant("Viewer", entity=f"prod-{region}", region=region)
            yield Account(
                f"{chance.choice(_SERVICES)}-{chance.choice(_TASKS)}-{region}-{number:05}",
                description=f"Service account {number} of the {region} depots.",
                age=age,
                tokens=tuple(
                    self._generated_token(f"token-{index}", account_age=age)
                    for index in range(chance.choice((0, 1, 1, 1, 2)))
                ),
                grants=(plane,) if chance.random() < 0.7 else (),
                teams=chance.choice(((), (), (), (RELEASE,), (READERS,))),
            )

    def _generated_token(self, name: str, *, account_age: float) -> Token:
        chance = self._chance
        age = chance.uniform(0.5, min(account_age, 360))
        expires_in = chance.choice((30, 90, 180, 365)) - age
        used_ago = max(0.0, -expires_in) + chance.uniform(0, 1) ** 3 * min(age, 30)
        is_used = chance.random() < 0.85
        return Token(
            name, age=age, expires_in=expires_in, used_ago=min(used_ago, age) if is_used else None
        )
