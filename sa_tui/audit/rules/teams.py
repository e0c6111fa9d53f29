"""Rules about teams: who is in them, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.audit.controls import NHI10, nist
from sa_tui.audit.finding import Gap, Hit, Step
from sa_tui.audit.paths import shown
from sa_tui.audit.rule import rule

if TYPE_CHECKING:
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Results
    from sa_tui.audit.things import TeamFacts


@rule(
    "G01",
    "Humans and machines share a team",
    severity="low",
    about="team",
    when="A team that is not predefined has people and system accounts (medium: it may write).",
    remedy="Split it: a team for people, a team for accounts.",
    mistakes=(
        "The organisation is small: mute it.",
        "An identity provider fills the team: the evidence says so; change the group there.",
    ),
    maps_to=(NHI10, *nist("AC-2", "IA-5i")),
    needs=("kind",),
    reads=("members", "access"),
)
def is_mixed(team: TeamFacts, facts: Facts) -> Results:
    """A team of people and of machines."""
    users, accounts = len(team.details.users.rows), len(team.details.accounts.rows)
    if team.is_custom and users and accounts:
        yield Hit(
            severity="medium" if team.writes else None,
            evidence={
                "users": users,
                "system_accounts": accounts,
                "idp_mapping_enabled": facts.idp_mapping_enabled,
            },
        )


@rule(
    "G02",
    "Empty team",
    severity="low",
    about="team",
    when="A team that is not predefined has no members and may write or create (info: it gives "
    "nothing).",
    remedy="Delete it.",
    mistakes=("An identity provider fills it when people sign in: then it is not reported.",),
    maps_to=nist("AC-2c"),
    needs=("kind", "members", "access"),
)
def is_empty(team: TeamFacts, facts: Facts) -> Results:
    """A team that waits for members."""
    if not team.is_custom or team.details.users.rows or team.details.accounts.rows:
        return
    writing = [grant for grant in team.grants if grant.tier in "AWC"]
    if team.grants and not writing:
        return
    if facts.idp_mapping_enabled is None:
        yield Gap("whether an identity provider fills teams is not known")
    elif not facts.idp_mapping_enabled:
        yield Hit(
            severity=None if writing else "info",
            evidence={"roles": tuple(map(shown, writing))},
            remedy=(Step("delete-team", team.team.id),),
        )


@rule(
    "G03",
    "Team gives nothing",
    severity="info",
    about="team",
    when="A team that is not predefined has members and no roles.",
    remedy="Delete it, or give it roles.",
    mistakes=("A developer portal uses it: mute it.",),
    maps_to=nist("AC-2"),
    needs=("kind", "access"),
    reads=("members",),
    opt_in=True,
)
def gives_nothing(team: TeamFacts, _: Facts) -> Results:
    """A team whose members get nothing."""
    users, accounts = len(team.details.users.rows), len(team.details.accounts.rows)
    if team.is_custom and not team.grants and (users or accounts):
        yield Hit(
            evidence={"users": users, "system_accounts": accounts},
            remedy=(Step("delete-team", team.team.id),),
        )


@rule(
    "G04",
    "One change of a role reaches many",
    severity="info",
    about="team",
    when="A team gives full write to more than max_admins_by_team system accounts.",
    remedy="Split it.",
    mistakes=("It is a fleet of equal accounts: mute it.",),
    maps_to=nist("AC-6"),
    reads=("members", "access"),
    limits=("max_admins_by_team",),
    opt_in=True,
)
def reaches_many(team: TeamFacts, _: Facts) -> Results:
    """A team that makes administrators of many accounts."""
    count = len(team.details.accounts.rows)
    full = [grant for grant in team.grants if grant.tier == "A"]
    if full and count > team.limits.max_admins_by_team:
        yield Hit(evidence={"system_accounts": count, "roles": tuple(map(shown, full))})
