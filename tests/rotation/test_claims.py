"""Which tokens an entry is for, and what is left alone because that is not certain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from sa_tui.access.reader import read_access
from sa_tui.konnect.errors import ServerFault
from sa_tui.konnect.models import AccessToken, Listing, SystemAccount, Team
from sa_tui.org.snapshot import Details, Part, Snapshot
from sa_tui.records.rotations import Rotation
from sa_tui.rotation.claims import claims_of, renewed
from sa_tui.rotation.policy import Policy, parse_claim

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)


def whole(*rows: Any, incomplete: str | None = None) -> Part[Any]:
    return Part(value=Listing(rows=rows, total=None, incomplete=incomplete))


def organisation(**tokens: tuple[str, ...]) -> Snapshot:
    """Accounts by their names, with tokens of these names."""
    accounts = [SystemAccount(id=name, name=name, konnect_managed=False) for name in tokens]
    details = {
        name: Details(
            tokens=whole(*(AccessToken(id=f"{name}/{each}", name=each) for each in names)),
            roles=whole(),
            teams=whole(*([Team(id="t", name="Pipelines")] if name.startswith("ci") else [])),
        )
        for name, names in tokens.items()
    }
    return Snapshot(accounts=whole(*accounts), teams=whole(), details=MappingProxyType(details))


def entry(name: str = "e", *, query: str = "", **facts: Any) -> Policy:
    about: dict[str, Any] = {"to": "v", "lifetime": 90 * DAY, "before": 14 * DAY}
    about |= {"overlap": DAY, "idle_for": DAY, "query": parse_claim(query) if query else None}
    return Policy(name, **(about | facts))


def claimed(
    snapshot: Snapshot, *policies: Policy, rotations: tuple[Rotation, ...] = ()
) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, bool]]]:
    """The names of the tokens of each family, by its key, and what is in the way."""
    access = read_access(snapshot)
    claims = claims_of(policies, snapshot, access, rotations=rotations, now=NOW)
    families = {
        f"{family.account.name} {family.key}": tuple(token.name for token in family.tokens)
        for family in claims.families
    }
    return families, [(each.message, each.is_unread) for each in claims.troubles]


def test_an_account_and_a_pattern_claim_whole_families() -> None:
    snapshot = organisation(ci=("gha-1", "gha-2", "gha", "other"), x=("gha-1",))

    families, troubles = claimed(snapshot, entry(account="ci", tokens="gha*"))

    assert families == {"ci gha-*": ("gha-1", "gha-2", "gha")}
    assert troubles == []


@pytest.mark.parametrize(
    ("query", "accounts"),
    [
        ("team:Pipelines", {"ci", "ci2"}),
        ("team:Pipelines token:gha", {"ci"}),
        ("token:gha", {"ci", "x"}),
        ("gha", {"ci", "x"}),
        ("name:x OR token:jenkins", {"x", "ci2"}),
        ("-team:Pipelines", {"x"}),
    ],
)
def test_a_query_is_asked_of_each_token(query: str, accounts: set[str]) -> None:
    snapshot = organisation(ci=("gha-1",), ci2=("jenkins",), x=("gha",))

    families, troubles = claimed(snapshot, entry(query=query))

    assert {key.split()[0] for key in families} == accounts
    assert troubles == []


def test_a_family_that_is_half_claimed_is_claimed_whole() -> None:
    families, _ = claimed(organisation(ci=("gha-2", "gha-3")), entry(query="token=gha-2"))

    assert families == {"ci gha-*": ("gha-2", "gha-3")}


def test_a_successor_with_a_name_of_its_own_belongs_to_its_old_token() -> None:
    rotation = Rotation(
        "r",
        base_url="",
        account_id="ci",
        account_name="ci",
        old_id="ci/gha-2",
        old_name="gha-2",
        begun_at=NOW,
        new_id="ci/odd",
        new_name="odd",
    )
    snapshot = organisation(ci=("gha-2", "odd"))
    policy = entry(account="ci", tokens="gha-*")

    families, _ = claimed(snapshot, policy, rotations=(rotation,))
    assert families == {"ci gha-*": ("gha-2", "odd")}

    (family,) = claims_of([policy], snapshot, None, rotations=[rotation], now=NOW).families
    rows = (*family.tokens, AccessToken(id="n", name="other"))
    assert renewed(family, rows, [rotation]).tokens == family.tokens
    assert renewed(family, rows, [rotation]).taken == {"gha-2", "odd", "other"}


def test_two_entries_and_none_are_both_told() -> None:
    first, second = entry("a", account="ci"), entry("b", query="name:ci")

    families, troubles = claimed(organisation(ci=("gha",)), first, second)
    assert families == {}
    assert troubles == [("a and b both claim gha of ci: leave it to one.", False)]

    _, troubles = claimed(organisation(ci=()), first)
    assert troubles == [("It claims no token.", False)]


@pytest.mark.parametrize("is_managed", [True, None])
def test_what_konnect_manages_or_may_is_left_to_somebody(is_managed: bool | None) -> None:
    snapshot = organisation(ci=("gha",))
    account = replace(snapshot.accounts.rows[0], konnect_managed=is_managed)

    families, troubles = claimed(replace(snapshot, accounts=whole(account)), entry(account="ci"))

    assert families == {}
    assert "Konnect manages ci for a mesh zone" in troubles[0][0]


def test_tokens_and_accounts_that_were_not_read_are_told_and_left_alone() -> None:
    snapshot = organisation(ci=("gha",))
    broken = replace(snapshot.details["ci"].tokens, error=ServerFault(500))
    details = MappingProxyType({"ci": replace(snapshot.details["ci"], tokens=broken)})

    for policy in (entry(account="ci"), entry(query="token:gha")):
        families, troubles = claimed(replace(snapshot, details=details), policy)
        assert families == {}
        assert [is_unread for _, is_unread in troubles] == [True]

    part = whole(*snapshot.accounts.rows, incomplete="a page is missing")
    partly = replace(snapshot, accounts=part)
    assert claimed(partly, entry(account="ci"))[1] == []
    for policy in (entry(account="gone"), entry(query="token:gha")):
        (trouble,) = claimed(partly, policy)[1]
        assert trouble == ("Not every account could be read: a page is missing", True)


def test_what_may_be_claimed_is_told_and_left_alone() -> None:
    snapshot = organisation(x=("gha",))
    unread = replace(snapshot.details["x"], teams=whole(incomplete="a page is missing"))
    snapshot = replace(snapshot, details=MappingProxyType({"x": unread}))

    families, troubles = claimed(snapshot, entry(query="team:Pipelines"))

    assert families == {}
    assert troubles == [("Whether e claims gha of x is not known: not all could be read.", True)]
