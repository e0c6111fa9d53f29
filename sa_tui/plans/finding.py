"""Finds the accounts and teams that are wished for among those that are there.

The rule it keeps: what is not clear is an error that says what there is, and whether something is
there is told only from a list that was read in full.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.konnect.errors import Unreadable
from sa_tui.plans.errors import ADVICE, nearest, some_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sa_tui.konnect.models import SystemAccount, Team
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.plans.wished import WishedAccount, WishedTeam


def accounts_by_name(
    snapshot: Snapshot, *, claimed_ids: Collection[str]
) -> Mapping[str, Sequence[SystemAccount]]:
    """The accounts by their names, without those that somebody claims by their ids."""
    found: defaultdict[str, list[SystemAccount]] = defaultdict(list)
    for account in snapshot.accounts.rows:
        if account.id not in claimed_ids:
            found[account.name].append(account)
    return found


def account_there(
    wished: WishedAccount, snapshot: Snapshot, by_name: Mapping[str, Sequence[SystemAccount]]
) -> SystemAccount | str | None:
    """The account, why it cannot be told, or None if it has to be created. Raises Unreadable."""
    if wished.id and (account := snapshot.account(wished.id)) is not None:
        return account
    named = by_name.get(wished.name, ()) if wished.name else ()
    if len(named) == 1:
        return named[0]
    if named:
        choices = ", ".join(account.id for account in named)
        return f"more than one account is called {one_line(wished.name)}: {choices}"
    if not snapshot.accounts.is_whole:
        what, why = one_line(wished.name or wished.id), snapshot.accounts.why_incomplete
        message = f"whether there is an account {what} is not known: {why}"
        raise Unreadable(message, advice=ADVICE)
    if wished.name:
        return None
    return f"there is no system account with the id {one_line(wished.id)}"


def teams_there(
    wished: Sequence[WishedTeam], snapshot: Snapshot, *, claimed_ids: Collection[str]
) -> list[Team | str | None]:
    """The same of teams, in their order; those of one name are told apart by their descriptions.

    What others claim by its id is not found by its name. Raises Unreadable.
    """
    found: dict[int, Team | str | None] = {}
    of_name: defaultdict[str, list[int]] = defaultdict(list)
    for number, team in enumerate(wished):
        if team.id and (there := snapshot.team(team.id)) is not None:
            found[number] = there
        elif team.name:
            of_name[team.name].append(number)
        else:
            need_all_teams(team.id, snapshot)
            found[number] = no_team(team.id, snapshot)
    for name, numbers in of_name.items():
        named = [team for team in teams_named(name, snapshot) if team.id not in claimed_ids]
        found |= _paired({number: wished[number] for number in numbers}, named, snapshot)
    return [found[number] for number in range(len(wished))]


def _paired(
    wished: dict[int, WishedTeam], named: list[Team], snapshot: Snapshot
) -> dict[int, Team | str | None]:
    """The teams of one name: those with the description that is wished, then the only one left."""
    found: dict[int, Team | str | None] = {}
    for number, team in wished.items():
        alike = [row for row in named if row.description == (team.description or "")]
        if len(alike) == 1 and len(wished) + len(named) > 2:
            found[number] = alike[0]
            named = [row for row in named if row is not alike[0]]
    left = {number: team for number, team in wished.items() if number not in found}
    if len(left) == 1 and len(named) == 1:
        return found | dict.fromkeys(left, named[0])
    for number, team in left.items():
        if named:
            choices = ", ".join(row.id for row in named)
            found[number] = f"more than one team is called {one_line(team.name)}: {choices}"
            continue
        need_all_teams(team.name, snapshot)
        found[number] = no_team(team.name, snapshot) if team.is_external else None
    return found


def teams_named(name: str, snapshot: Snapshot) -> list[Team]:
    """The teams with exactly this name; otherwise those that are documented under it."""
    rows = snapshot.teams.rows
    exact = [team for team in rows if team.name == name]
    return exact or [team for team in rows if name in team.names]


def need_all_teams(name: str, snapshot: Snapshot) -> None:
    """Raises Unreadable unless every team was read."""
    if not snapshot.teams.is_whole:
        why = snapshot.teams.why_incomplete
        raise Unreadable(
            f"whether there is a team {one_line(name)} is not known: {why}", advice=ADVICE
        )


def no_team(text: str, snapshot: Snapshot) -> str:
    """That there is no such team, and what there is."""
    names = [team.name for team in snapshot.teams.rows]
    there = some_of(names) or "none at all"
    return f"there is no team {one_line(text)}.{nearest(text, names)} There is {there}"
