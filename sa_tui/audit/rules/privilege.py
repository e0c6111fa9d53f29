"""Rules about accounts that can do more than one account should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import canonical_key, find_type
from sa_tui.access.roles import ANY
from sa_tui.audit.controls import NHI5, SOC2, like, nist
from sa_tui.audit.finding import Hit
from sa_tui.audit.paths import hits, paths, shown, steps
from sa_tui.audit.rule import rule
from sa_tui.base.words import plural
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.access.grants import Grant
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Results
    from sa_tui.audit.things import AccountFacts

CAPABLE = frozenset(
    {
        *("Plugin Admin", "Gateway Service Admin", "Route Admin", "Deployer"),
        *("Vault Admin", "Key Admin", "Certificate Admin"),
    }
)
"""Roles that put code into a gateway, or read its secrets; the first four write plugins."""

AUDIT_LOGS = canonical_key("Audit Logs")


@rule(
    "P01",
    "Organization Admin",
    severity="critical",
    about="account",
    when="An account is in the predefined team Organization Admin (high: it has no live token).",
    remedy="Put it into a team of your own with the roles that it needs.",
    mistakes=("Kong's reference platform puts its orchestrator there: mute it, with an end.",),
    maps_to=(
        NHI5,
        *nist("AC-6(5)"),
        *like("GCP 5.0", "1.6"),
        "like okta's apitoken_not_super_admin",
    ),
    reads=("access",),
    folds=("P03", "P04", "P05", "P06", "P07"),
    of_managed=True,
)
def is_administrator(account: AccountFacts, _: Facts) -> Results:
    """An account that may do everything."""
    grants = account.as_administrator
    if not grants:
        return
    is_certainly_unarmed = account.access.is_armed(account.now) is Answer.NO
    yield Hit(
        severity="high" if is_certainly_unarmed else None,
        object=" ".join(sorted({grant.via.team_id for grant in grants if grant.via})),
        evidence={
            "paths": paths(grants),
            "live_tokens": len(account.live),
            "last_used_at": account.last_used_at,
        },
        remedy=steps(grants),
    )


@rule(
    "P02",
    "Can mint credentials and grant roles",
    severity="critical",
    about="account",
    when="An account holds Identity / Admin, directly or by a team.",
    remedy="Leave this to people with approval, or to an account that does nothing else.",
    mistakes=(
        "A bot rotates tokens: document it, keep its token short, alert on its log, and mute it.",
    ),
    maps_to=(NHI5, *nist("AC-6(1)", "AC-5"), *like("GCP 5.0", "1.7")),
    reads=("access",),
    of_managed=True,
)
def can_mint(account: AccountFacts, facts: Facts) -> Results:
    """An account that can become every other one."""
    certain = [grant for grant, given in account.minting if given is Answer.YES]
    others = len(facts.accounts) - 1
    yield from hits(certain, more={"can_become": plural(others, "other account")})


@rule(
    "P03",
    "Admin on everything of a type",
    severity="high",
    about="account",
    when="An account has full write on every entity of a type (medium: in one region).",
    remedy="Give the role on the entities that it needs.",
    mistakes=("Infrastructure code needs it: mute it for that type.",),
    maps_to=(NHI5, *nist("AC-6"), *like("AWS 7.0", "2.14"), *like("GCP 5.0", "1.6")),
    reads=("access",),
)
def has_all_of_a_type(account: AccountFacts, _: Facts) -> Results:
    """Full write on what there is of a type, and on what will be."""
    if not (grants := account.on_everything):
        return
    yield from hits(grant for grant in grants if grant.region == EVERY)
    yield from hits((grant for grant in grants if grant.region != EVERY), severity="medium")


@rule(
    "P04",
    "Write on everything of a type",
    severity="medium",
    about="account",
    when="An account has partial write on every entity of a type; see P07 for roles that reach "
    "code or secrets.",
    remedy="Give the role on the entities that it needs.",
    mistakes=("It publishes or approves for all: mute it.",),
    maps_to=(NHI5, *nist("AC-6")),
    reads=("access",),
)
def writes_all_of_a_type(account: AccountFacts, _: Facts) -> Results:
    """Partial write on everything."""
    yield from hits(
        grant for grant in account.on_all if grant.tier == "W" and grant.role not in CAPABLE
    )


@rule(
    "P05",
    "All regions",
    severity="low",
    about="account",
    when="A role is held in every region, on every entity (info: on one entity) of a type that has "
    "regions.",
    remedy="Give the role in the regions where it is needed.",
    mistakes=("Global types, Identity and Audit Logs have no regions: they do not count.",),
    maps_to=(NHI5,),
    reads=("access",),
)
def has_all_regions(account: AccountFacts, _: Facts) -> Results:
    """A role that is not tied to a region."""
    wide = [grant for grant in account.grants if grant.region == EVERY and _has_regions(grant)]
    if not wide:
        return
    yield from hits(grant for grant in wide if grant.entity_id == EVERY)
    on_one = (grant for grant in wide if grant.entity_id not in (EVERY, None))
    yield from hits(on_one, severity="info")


def _has_regions(grant: Grant) -> bool:
    entity_type = find_type(grant.kind) if grant.kind not in ("", ANY) else None
    return entity_type is not None and not (entity_type.is_global or entity_type.is_singular)


@rule(
    "P06",
    "Creator role",
    severity="low",
    about="account",
    when="An account may create entities of a type, and administers each that it creates "
    "(medium: of more than max_creator_types types).",
    remedy="Take the role away once everything is set up.",
    mistakes=("Infrastructure code creates entities: mute it, and know that its rights grow.",),
    maps_to=(NHI5, *nist("AC-6")),
    reads=("access",),
    limits=("max_creator_types",),
)
def may_create(account: AccountFacts, _: Facts) -> Results:
    """An account whose rights grow with what it makes."""
    creating = [grant for grant in account.grants if grant.tier == "C"]
    if not creating:
        return
    kinds = {grant.kind for grant in creating}
    own = [grant for grant in account.own_grants if grant.tier == "A" and grant.kind in kinds]
    yield Hit(
        severity="medium" if len(kinds) > account.limits.max_creator_types else None,
        evidence={
            "roles": tuple(dict.fromkeys(map(shown, creating))),
            "paths": paths(creating),
            "own_admin_roles": sum(grant.entity_id != EVERY for grant in own),
        },
        remedy=steps(creating),
    )


@rule(
    "P07",
    "Reaches code or secrets everywhere",
    severity="high",
    about="account",
    when="An account holds a role that writes plugins, or reaches vaults, keys or certificates, on "
    "every entity.",
    remedy="Give the role on the control planes that it needs.",
    mistakes=("A pipeline deploys everywhere: mute it.",),
    maps_to=(NHI5, *nist("AC-6(1)", "CM-5")),
    reads=("access",),
)
def reaches_code(account: AccountFacts, _: Facts) -> Results:
    """Custom code, or secrets, on every control plane."""
    yield from hits(grant for grant in account.on_all if grant.role in CAPABLE)


@rule(
    "P08",
    "Can switch audit logging off",
    severity="high",
    about="account",
    when="An account holds Audit Logs / Admin.",
    remedy="Leave this to people.",
    mistakes=("A bot sets up the shipping of logs: give its token a short life, and mute it.",),
    maps_to=(*nist("AU-9(4)"), NHI5),
    reads=("access",),
)
def can_hide(account: AccountFacts, _: Facts) -> Results:
    """An account that can end the record of what it does."""
    yield from hits(
        grant for grant in account.grants if grant.kind == AUDIT_LOGS and grant.role == "Admin"
    )


_SIDES = {
    "publish-approve": (("APIs", "Publisher"), ("APIs", "Registration Approver")),
    "auth-apis": (("Auth Servers", "Admin"), ("APIs", "Admin")),
    "identity-write": (("Identity", "Admin"), None),
    "audit-write": (("Audit Logs", "Admin"), None),
}
"""The pairs of duties; None is any other write access."""

PAIRS = tuple(_SIDES)


@rule(
    "P09",
    "Separation of duties",
    severity="medium",
    about="account",
    when="An account has both sides of a pair: Identity / Admin and any write access, Audit Logs / "
    "Admin and any write access, APIs / Publisher and Registration Approver, Auth Servers / Admin "
    "and APIs / Admin.",
    remedy="Split it: one account for each side.",
    mistakes=("A small organisation cannot split them: name the pair in allowed_pairs.",),
    maps_to=(*nist("AC-5"), *like("GCP 5.0", "1.9"), SOC2),
    reads=("access",),
    limits=("allowed_pairs",),
    opt_in=True,
)
def has_both_sides(account: AccountFacts, _: Facts) -> Results:
    """An account that can do something and approve or hide it."""
    for name, (one, other) in _SIDES.items():
        if name in account.limits.allowed_pairs:
            continue
        left = _of(account.grants, *one)
        if not left:
            continue
        right = _of(account.grants, *other) if other else _writing(account.grants, *one)
        if right:
            yield Hit(
                object=name,
                evidence={
                    "pair": name,
                    "one_side": tuple(dict.fromkeys(map(shown, left))),
                    "other_side": tuple(dict.fromkeys(map(shown, right))),
                },
            )


def _of(grants: Iterable[Grant], type_name: str, role: str) -> list[Grant]:
    kind = canonical_key(type_name)
    return [grant for grant in grants if grant.kind == kind and grant.role == role]


def _writing(grants: Iterable[Grant], *one: str) -> list[Grant]:
    kind = canonical_key(one[0])
    return [grant for grant in grants if grant.tier in "AW" and grant.kind not in (kind, ANY)]


@rule(
    "P10",
    "Name says read-only, rights do not",
    severity="medium",
    about="account",
    when="The name matches reader_name_pattern, and the account may write or create.",
    remedy="Take the role away, or rename the account.",
    mistakes=("The word means something else here: set reader_name_pattern.",),
    maps_to=(NHI5, *nist("AC-6")),
    needs=("text",),
    reads=("access",),
    limits=("reader_name_pattern",),
    opt_in=True,
)
def misleads(account: AccountFacts, _: Facts) -> Results:
    """A name that hides what an account can do."""
    writing = [grant for grant in account.grants if grant.tier in "AWC"]
    name = account.account.name
    if writing and re.search(account.limits.reader_name_pattern, name, re.IGNORECASE):
        yield Hit(
            evidence={"roles": tuple(dict.fromkeys(map(shown, writing))), "paths": paths(writing)}
        )


@rule(
    "P11",
    "Too many privileged accounts",
    severity="medium",
    about="organization",
    when="More than max_privileged accounts, or more than max_privileged_percent of all, are "
    "privileged by P01, P02 or P03.",
    remedy="Give fewer accounts so much access.",
    maps_to=nist("AC-6(5)"),
    reads=("accounts", "access"),
    limits=("max_privileged", "max_privileged_percent"),
    opt_in=True,
)
def are_too_many(facts: Facts, _: Facts) -> Results:
    """Power that too many have."""
    names = [a.account.name for a in facts.accounts if a.is_privileged is Answer.YES]
    limits, count = facts.limits, len(names)
    is_share_over = 100 * count > limits.max_privileged_percent * len(facts.accounts)
    if count > limits.max_privileged or is_share_over:
        yield Hit(
            evidence={
                "privileged": count,
                "accounts": len(facts.accounts),
                "names": tuple(sorted(names)),
            }
        )
