"""Rules about what one account is made for: its name, environments, purposes and mesh zones."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import canonical_key
from sa_tui.audit.controls import NHI5, NHI8, NHI9, nist
from sa_tui.audit.finding import Gap, Hit
from sa_tui.audit.paths import hits, shown
from sa_tui.audit.rule import rule
from sa_tui.base.text import NAME_LIMIT
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Results
    from sa_tui.audit.things import AccountFacts
    from sa_tui.konnect.models import SystemAccount

SHORTEST = 8
"""Shorter names may differ by one letter and mean something else."""

_NUMBER = re.compile(r"[-_ .]{0,9}\d{1,99}$")


@rule(
    "A10",
    "Near-duplicate names",
    severity="info",
    about="organization",
    when="Names of accounts are equal without case, separators and digits, or differ by one letter "
    "of 8 or more.",
    remedy="Merge the accounts, or rename one.",
    mistakes=("Numbered fleets: more than fleet_size names of one pattern are left out.",),
    maps_to=(NHI9,),
    reads=("accounts", "text"),
    limits=("fleet_size",),
    opt_in=True,
)
def look_alike(facts: Facts, _: Facts) -> Results:
    """Accounts that are easily mistaken for each other."""
    groups: defaultdict[str, list[SystemAccount]] = defaultdict(list)
    for each in facts.unmanaged:
        groups[_letters(each.account.name)].append(each.account)
    few = {
        key: rows for key, rows in groups.items() if key and len(rows) <= facts.limits.fleet_size
    }
    alike = [rows for rows in few.values() if len(rows) > 1]
    alike += [few[one] + few[other] for one, other in _one_apart(few)]
    for rows in alike:
        yield Hit(
            object=" ".join(sorted(row.id for row in rows)),
            evidence={"accounts": tuple(sorted(row.name for row in rows))},
        )


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalpha())


def _one_apart(names: Mapping[str, object]) -> list[tuple[str, str]]:
    """The pairs of names that differ by one letter, found without a look at every pair."""
    near: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if SHORTEST <= len(name) <= NAME_LIMIT:
            for shorter in {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}:
                near[shorter].append(name)
    pairs = (pair for alike in near.values() for pair in combinations(sorted(alike), 2))
    return sorted({pair for pair in pairs if _is_one_apart(*pair)})


def _is_one_apart(one: str, other: str) -> bool:
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    ends = ((1, 1), (0, 1), (1, 0))
    return any(one[start + a :] == other[start + b :] for a, b in ends)


@rule(
    "A11",
    "Crosses environments",
    severity="medium",
    about="account",
    when="An account may write to an entity whose name matches production_pattern and to one that "
    "matches other_environment_pattern.",
    remedy="Split it: one account for each environment.",
    mistakes=("One pipeline serves both by design: mute it.",),
    maps_to=(NHI8, *nist("AC-5")),
    reads=("access",),
    limits=("production_pattern", "other_environment_pattern"),
    opt_in=True,
)
def crosses_environments(account: AccountFacts, facts: Facts) -> Results:
    """One account for production and for something else."""
    limits = account.limits
    production: dict[str, None] = {}
    others: dict[str, None] = {}
    unnamed = 0
    for grant in account.grants:
        if grant.tier not in "AW" or grant.entity_id == EVERY:
            continue
        name = facts.access.entity_name(grant.entity_id)
        if name is None:
            unnamed += 1
        elif re.search(limits.other_environment_pattern, name, re.IGNORECASE):
            others[f"{shown(grant)} ({name})"] = None
        elif re.search(limits.production_pattern, name, re.IGNORECASE):
            production[f"{shown(grant)} ({name})"] = None
    if production and others:
        yield Hit(evidence={"production": tuple(production), "others": tuple(others)})
    elif unnamed:
        yield Gap("the names of some entities are not known")


@rule(
    "A12",
    "Multi-purpose account",
    severity="info",
    about="account",
    when="An account may write to more than max_written_types entity types, or has live tokens of "
    "more than max_token_uses names, numbers at their ends aside.",
    remedy="Split it: one account for each purpose.",
    mistakes=("It is the account of a platform: mute it.",),
    maps_to=(NHI9,),
    reads=("access", "tokens", "text"),
    limits=("max_written_types", "max_token_uses"),
    opt_in=True,
)
def does_much(account: AccountFacts, _: Facts) -> Results:
    """One account for many things."""
    kinds = {grant.kind: grant.type_name or "?" for grant in account.grants if grant.tier in "AW"}
    stems = {_NUMBER.sub("", each.token.name.casefold()) for each in account.live}
    limits = account.limits
    if len(kinds) > limits.max_written_types or len(stems) > limits.max_token_uses:
        yield Hit(
            evidence={
                "entity_types": tuple(sorted(kinds.values())),
                "token_names": tuple(sorted(stems)),
            }
        )


@rule(
    "A13",
    "Managed account out of pattern",
    severity="medium",
    about="account",
    when="An account that Konnect manages is in a team, or has a role that is not among "
    "managed_roles.",
    remedy="Raise it with Kong: Konnect does not let anybody edit these accounts.",
    mistakes=("Konnect manages accounts for something new: add its role to managed_roles.",),
    maps_to=(NHI5,),
    needs=("kind",),
    limits=("managed_roles",),
    of_managed=True,
)
def is_out_of_pattern(account: AccountFacts, _: Facts) -> Results:
    """An account of a mesh zone that can do more than connect."""
    if not account.is_managed:
        return
    allowed = {
        (canonical_key(kind), role)
        for kind, _, role in (name.rpartition("/") for name in account.limits.managed_roles)
    }
    for team in account.details.teams.rows:
        yield Hit(object=team.id, evidence={"team": team.title})
    others = (each for each in account.own_grants if (each.kind, each.role) not in allowed)
    yield from (replace(hit, remedy=()) for hit in hits(others))
    if "access" in account.gaps:
        yield Gap(account.gaps["access"])
