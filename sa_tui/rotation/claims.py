"""Which tokens each rotation is for, and which of them cannot be rotated without somebody.

The rule it keeps: a token that two rotations claim, or that may or may not be claimed because
something was not read, is left alone and named.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.search import Search
from sa_tui.org.rotating import family_of
from sa_tui.rotation.due import Family

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sa_tui.access.subjects import Access
    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.records.rotations import Rotation
    from sa_tui.rotation.policy import Policy


@dataclass(frozen=True)
class Trouble:
    """What keeps a rotation from its tokens.

    With `is_unread` it was not read and may be tomorrow; with `is_mistake` the file contradicts
    itself.
    """

    policy: Policy
    message: str
    account: SystemAccount | None = None
    is_unread: bool = False
    is_mistake: bool = False


@dataclass
class Claims:
    """The families that one rotation claims, and what stands in the way of others."""

    families: list[Family] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def accounts_named(policies: Iterable[Policy], snapshot: Snapshot) -> tuple[SystemAccount, ...]:
    """The accounts that entries name, by exact name or id."""
    names = {policy.account for policy in policies if policy.account}
    return tuple(
        account for account in snapshot.accounts.rows if names & {account.id, account.name}
    )


def claims_of(
    policies: Sequence[Policy],
    snapshot: Snapshot,
    access: Access | None,
    *,
    rotations: Iterable[Rotation] = (),
    now: datetime,
) -> Claims:
    """What each entry claims; `access` is needed for those with a query.

    A successor with a name of its own belongs to its old token, as `rotations` know it.
    """
    claiming = _Claiming(policies, snapshot, access, _old_names(rotations), now)
    for account in snapshot.accounts.rows:
        claiming.look_at(account)
    claiming.miss()
    return claiming.claims


def renewed(family: Family, rows: Sequence[AccessToken], rotations: Iterable[Rotation]) -> Family:
    """The family among the tokens of its account, read again; it may be empty by now."""
    olds = _old_names(rotations)
    tokens = (row for row in rows if family_of(olds.get(row.id, row.name)) == family.key)
    return replace(family, tokens=tuple(tokens), taken=frozenset(row.name for row in rows))


def _old_names(rotations: Iterable[Rotation]) -> dict[str, str]:
    """The name of the token that each successor replaces, by the successor's id."""
    return {rotation.new_id: rotation.old_name for rotation in rotations if rotation.new_id}


class _Claiming:
    """The entries, looking at one account after the other."""

    def __init__(
        self,
        policies: Sequence[Policy],
        snapshot: Snapshot,
        access: Access | None,
        olds: Mapping[str, str],
        now: datetime,
    ) -> None:
        self.claims = Claims()
        self._policies = policies
        self._snapshot = snapshot
        self._access = access
        self._olds = olds
        self._searches = {
            policy.name: Search(policy.query, access, now=now)
            for policy in policies
            if policy.query is not None and access is not None
        }
        self._met: set[str] = set()

    def look_at(self, account: SystemAccount) -> None:
        """Adds what is claimed of one account."""
        part = self._snapshot.details_of(account.id).tokens
        skipped = part.value is not None and part.value.skipped
        if why := part.why_incomplete or (skipped and "some rows were unreadable"):
            self._miss_tokens(account, f"Not every token of {account.name} could be read: {why}")
            return
        families: defaultdict[str, list[AccessToken]] = defaultdict(list)
        for token in part.rows:
            families[family_of(self._olds.get(token.id, token.name))].append(token)
        taken = frozenset(token.name for token in part.rows)
        for key, tokens in families.items():
            answers = {
                policy.name: self._answer(policy, account, tokens) for policy in self._policies
            }
            claimants = [each for each in self._policies if answers[each.name] is Answer.YES]
            doubtful = [each for each in self._policies if answers[each.name] is Answer.UNKNOWN]
            if not claimants and not doubtful:
                continue
            self._met |= {policy.name for policy in (*claimants, *doubtful)}
            if trouble := _trouble(account, tokens, claimants, doubtful):
                self.claims.troubles.append(trouble)
                continue
            self.claims.families.append(
                Family(key, policy=claimants[0], account=account, tokens=tuple(tokens), taken=taken)
            )

    def miss(self) -> None:
        """Adds the entries that claim nothing, or perhaps more than was read."""
        accounts = self._snapshot.accounts
        for policy in self._policies:
            may_have_more = bool(accounts.why_incomplete) and policy.query is not None
            if policy.name in self._met and not may_have_more:
                continue
            if accounts.why_incomplete:
                text = f"Not every account could be read: {accounts.why_incomplete}"
                self.claims.troubles.append(Trouble(policy, text, is_unread=True))
            elif policy.account and not accounts_named([policy], self._snapshot):
                near = get_close_matches(policy.account, [each.name for each in accounts.rows], n=1)
                guess = f" Did you mean {near[0]}?" if near else ""
                text = f"There is no account with the name or id {policy.account}.{guess}"
                self.claims.troubles.append(Trouble(policy, text))
            else:
                self.claims.troubles.append(Trouble(policy, "It claims no token."))

    def _miss_tokens(self, account: SystemAccount, text: str) -> None:
        """Notes that tokens of this account were not read, for each entry that may be for them."""
        for policy in self._policies:
            if self._answer(policy, account, None) is not Answer.NO:
                self._met.add(policy.name)
                self.claims.troubles.append(Trouble(policy, text, account, is_unread=True))

    def _answer(
        self, policy: Policy, account: SystemAccount, tokens: Sequence[AccessToken] | None
    ) -> Answer:
        """Whether an entry claims one of these tokens; without any, whether it may."""
        if policy.query is None:
            is_account = policy.account in (account.id, account.name)
            names = tokens is None or any(policy.names(token.name) for token in tokens)
            return Answer.YES if is_account and names else Answer.NO
        subject = self._access.subject(account.id) if self._access is not None else None
        if subject is None:
            return Answer.UNKNOWN
        search = self._searches[policy.name]
        if tokens is None:
            return search.answer(subject)
        return max(
            search.answer(
                replace(subject, token=token, texts=(*subject.texts, token.name, token.id))
            )
            for token in tokens
        )


def _trouble(
    account: SystemAccount,
    tokens: Sequence[AccessToken],
    claimants: Sequence[Policy],
    doubtful: Sequence[Policy],
) -> Trouble | None:
    """Why a family is left alone; None if one entry claims it, and may."""
    names = ", ".join(token.name for token in tokens)
    what = f"{names} of {account.name}"
    if len(claimants) > 1:
        entries = " and ".join(policy.name for policy in claimants)
        text = f"{entries} both claim {what}: leave it to one."
        return Trouble(claimants[0], text, account, is_mistake=True)
    if doubtful:
        text = f"Whether {doubtful[0].name} claims {what} is not known: not all could be read."
        return Trouble(doubtful[0], text, account, is_unread=True)
    if account.konnect_managed is not False:
        whether = "" if account.konnect_managed else "Perhaps "
        text = f"{whether}Konnect manages {account.name} for a mesh zone: rotate {names} by hand."
        return Trouble(claimants[0], text, account)
    return None
