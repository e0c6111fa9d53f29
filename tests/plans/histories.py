"""Random histories of an organisation: what operators do to it between a snapshot and a restore.

The same seed makes the same history.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.demo.konnect import FakeKonnect
    from sa_tui.demo.organisation import WireRow
    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.snapshot import Snapshot

ROLES = (("Viewer", "Control Planes"), ("Admin", "APIs"), ("Maintainer", "Portals"))


@dataclass
class History:
    """Steps over one organisation, drawn by chance."""

    fake: FakeKonnect
    seed: int

    def __post_init__(self) -> None:
        self._chance = random.Random(f"{self.seed}/history")
        self._count = 0

    def run(self, steps: int) -> None:
        """Takes so many steps."""
        every: tuple[Callable[[], None], ...] = (
            *(self._give, self._take, self._join, self._leave, self._describe, self._rename),
            *(self._create, self._delete, self._give_team, self._take_team, self._label),
            *(self._create_team, self._delete_team),
        )
        for _ in range(steps):
            self._chance.choice(every)()

    def _name(self, what: str) -> str:
        self._count += 1
        return f"{what}-{self.seed}-{self._count}"

    def _account(self) -> WireRow | None:
        rows = [row for row in self.fake.organisation.accounts if not row["konnect_managed"]]
        return self._chance.choice(rows) if rows else None

    def _team(self) -> WireRow | None:
        rows = [row for row in self.fake.organisation.teams if not row["system_team"]]
        return self._chance.choice(rows) if rows else None

    def _give_to(self, owner: WireRow | None) -> None:
        if owner is None:
            return
        name, kind = self._chance.choice(ROLES)
        role = {"role_name": name, "entity_type_name": kind, "entity_id": "*"}
        role["entity_region"] = self._chance.choice(("eu", "us", "*"))
        if not self.fake.organisation.holds(owner["id"], role):
            self.fake.add_role(owner["id"], **role)

    def _take_from(self, owner: WireRow | None) -> None:
        roles = self.fake.roles_of(owner["id"]) if owner is not None else []
        if owner is not None and roles:
            self.fake.organisation.remove_role(owner["id"], self._chance.choice(roles)["id"])

    def _give(self) -> None:
        self._give_to(self._account())

    def _take(self) -> None:
        self._take_from(self._account())

    def _give_team(self) -> None:
        self._give_to(self._team())

    def _take_team(self) -> None:
        self._take_from(self._team())

    def _join(self) -> None:
        account, team = self._account(), self._chance.choice(self.fake.organisation.teams.rows)
        if account is not None:
            self.fake.join(team["id"], account["id"])

    def _leave(self) -> None:
        account = self._account()
        members = self.fake.organisation.account_teams
        teams = members.teams(account["id"]) if account is not None else ()
        if account is not None and teams:
            members.leave(self._chance.choice(teams), account["id"])

    def _describe(self) -> None:
        if (account := self._account()) is not None:
            account["description"] = self._name("described")

    def _rename(self) -> None:
        if (account := self._account()) is not None:
            self.fake.organisation.rename_account(account, self._name("renamed"))

    def _create(self) -> None:
        account_id = self.fake.add_account(self._name("made"))
        self._give_to({"id": account_id})

    def _delete(self) -> None:
        if (account := self._account()) is not None:
            name = account["name"]
            self.fake.organisation.remove_account(account["id"])
            if self._chance.random() < 0.3:  # somebody makes it anew, by hand
                self.fake.add_account(name)

    def _label(self) -> None:
        if (team := self._team()) is not None:
            team["labels"] = {"env": self._name("label").lower()}
            if team["description"]:  # Konnect takes no empty one, so that none comes back
                team["description"] = self._name("described")

    def _create_team(self) -> None:
        self._give_to({"id": self.fake.add_team(self._name("made"), description="made")})

    def _delete_team(self) -> None:
        if (team := self._team()) is not None:
            self.fake.organisation.remove_team(team["id"])


def _written(role: AssignedRole) -> str:
    return f"{role.role_name}/{role.entity_type_name}/{role.entity_id}/{role.entity_region}"


def access_of(snapshot: Snapshot) -> dict[str, object]:
    """Who holds what by which path, by names: ids of what is made anew differ."""
    found: dict[str, object] = {}
    for account in snapshot.accounts.rows:
        details = snapshot.details_of(account.id)
        roles = sorted(map(_written, details.roles.rows))
        teams = sorted(f"{team.name}/{team.description}" for team in details.teams.rows)
        found[f"account {account.name}"] = (roles, teams)
    for team in snapshot.teams.rows:
        rows = snapshot.team_details_of(team.id).roles.rows
        labels = sorted(team.labels.items())
        roles = sorted(map(_written, rows))
        found[f"team {team.name}/{team.description}"] = (roles, labels)
    return found
