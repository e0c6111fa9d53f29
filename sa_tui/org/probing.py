"""Asks Konnect with a found token, and finds out which token it is by whose last use moved.

The rule it keeps: a token is named only when it alone was used at the moment of each of several
calls. Otherwise the tokens that it may be are told, or none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sa_tui.base.secrets import SYSTEM_ACCOUNT_PREFIX
from sa_tui.konnect.errors import KonnectError, NotSignedIn
from sa_tui.konnect.models import User

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from pydantic import SecretStr

    from sa_tui.konnect.models import AccessToken, Organization, SystemAccount
    from sa_tui.org.store import Org

    Window = tuple[datetime, datetime]

ROUNDS = 4
"""How often a token is used at most, until it alone was used each time."""
ROUNDS_TO_BE_SURE = 2
APART_SECONDS = 7.0
"""The time between two calls with found tokens, and before the lists are read.

A token that is always in use has been used again by then, so that it is told apart.
"""
LOOK_AGAIN_SECONDS = (0.0, 5.0, 15.0, 30.0)
"""The waits before each reading of the lists: Konnect may note the last use late."""
SLACK = timedelta(seconds=2)
"""How far Konnect's note of a use may be from the call: its times have whole seconds."""

_TOGETHER = 50


@dataclass(frozen=True)
class Candidate:
    """A token that the found one may be, and the account or the person that it belongs to."""

    owner: SystemAccount | User
    token: AccessToken


@dataclass(frozen=True, kw_only=True)
class Probed:
    """What became of the calls with one found token.

    `state` is live when Konnect took it and dead when Konnect refused it; `reason` says why it is
    unknown, or what is left unclear. With `is_sure` the one of `candidates` is the token.
    """

    state: Literal["live", "dead", "unknown"]
    reason: str = ""
    organization: Organization | None = None
    person: User | None = None
    candidates: tuple[Candidate, ...] = ()
    is_sure: bool = False
    calls: int = 1


@dataclass
class _Pending:
    """A live token that is looked for among those of its `owners`; it may be one of `ids`."""

    secret: SecretStr
    probed: Probed
    owners: tuple[SystemAccount | User, ...]
    ids: frozenset[str] | None = None
    window: Window | None = None
    is_settled: bool = False
    moved: set[str] = field(default_factory=set)


class Prober:
    """Uses found tokens on one organisation, whose accounts have been read.

    `unread` says which lists of tokens could not be read, so that a token may be missing.
    """

    def __init__(self, org: Org, *, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.unread: dict[str, KonnectError] = {}
        self._org = org
        self._sleep = sleep
        self._tokens: dict[str, Candidate] = {}

    async def probe(
        self, secrets: Sequence[SecretStr], *, other_ids: Iterable[str] = ()
    ) -> tuple[Probed, ...]:
        """What each token is. `other_ids` are tokens whose secret is known to be another."""
        probed = [await self._first(secret) for secret in secrets]
        pending = {
            at: _Pending(secrets[at], answer, owners)
            for at, answer in enumerate(probed)
            if (owners := self._owners(secrets[at], answer))
        }
        if pending:
            await self._find(list(pending.values()), frozenset(other_ids))
        return tuple(
            pending[at].probed if at in pending else each for at, each in enumerate(probed)
        )

    def _owners(
        self, secret: SecretStr, answer: Probed
    ) -> tuple[SystemAccount, ...] | tuple[User, ...]:
        """Whose the token can be: none if it is dead, or of another organisation."""
        here = self._org.snapshot.organization.value
        if answer.state != "live" or here is None or answer.organization != here:
            return ()
        if secret.get_secret_value().startswith(SYSTEM_ACCOUNT_PREFIX):
            return self._org.snapshot.accounts.rows
        return () if answer.person is None else (answer.person,)

    async def _first(self, secret: SecretStr) -> Probed:
        """The first call: whether Konnect takes the token, and whose organisation it opens."""
        is_persons = not secret.get_secret_value().startswith(SYSTEM_ACCOUNT_PREFIX)
        try:
            async with self._org.reader.client.with_token(secret) as client:
                organization = await client.get_organization()
                try:
                    person = await client.get_me() if is_persons else None
                except KonnectError as error:
                    reason = f"Whose it is, Konnect does not say: {error}"
                    return Probed(state="live", organization=organization, reason=reason)
        except NotSignedIn as error:
            return Probed(state="dead", reason=f"Konnect refuses it: {error.summary}")
        except KonnectError as error:
            return Probed(state="unknown", reason=str(error))
        return Probed(state="live", organization=organization, person=person)

    async def _find(self, pending: list[_Pending], other_ids: frozenset[str]) -> None:
        owners = {owner.id: owner for each in pending for owner in each.owners}
        await self._sleep(APART_SECONDS)  # the first call is noted, and the next is another moment
        await self._read(owners.values())
        for number in range(1, ROUNDS + 1):
            before = {id: candidate.token.last_used_at for id, candidate in self._tokens.items()}
            open_ones = [each for each in pending if not each.is_settled]
            for each in open_ones:
                await self._use(each)
            await self._look(open_ones, before, other_ids, owners.values())
            for each in open_ones:
                self._settle(each, number)
            ids = {id for each in pending if not each.is_settled for id in each.ids or ()}
            if not ids:
                return
            owners = {owner.id: owner for owner in (self._tokens[id].owner for id in ids)}

    async def _use(self, each: _Pending) -> None:
        """One call, and when it was by Konnect's clock."""
        began = self._org.now()
        try:
            await self._org.verify(each.secret)
        except KonnectError as error:
            each.window = None
            each.probed = replace(each.probed, reason=str(error))
        else:
            each.window = (began - SLACK, self._org.now() + SLACK)
        each.probed = replace(each.probed, calls=each.probed.calls + 1)
        await self._sleep(APART_SECONDS)

    async def _look(
        self,
        pending: list[_Pending],
        before: Mapping[str, datetime | None],
        other_ids: frozenset[str],
        owners: Collection[SystemAccount | User],
    ) -> None:
        """Reads until each has a token that was used at its moment, for a limited time."""
        for seconds in LOOK_AGAIN_SECONDS:
            await self._sleep(seconds)
            await self._read(owners)
            moved = {
                id: used_at
                for id, candidate in self._tokens.items()
                if id not in other_ids
                and (used_at := candidate.token.last_used_at) is not None
                and used_at != before.get(id)
            }
            for each in pending:
                own = {owner.id for owner in each.owners}
                each.moved = {
                    id
                    for id, at in moved.items()
                    if _is_within(at, each.window) and self._tokens[id].owner.id in own
                }
            if all(each.moved for each in pending):
                return

    def _settle(self, each: _Pending, number: int) -> None:
        """Notes what a round has shown of a token."""
        narrowed = each.moved if each.ids is None else each.moved & each.ids
        if not narrowed:  # nothing was noted this time: what was seen before stays possible
            each.is_settled = True
        else:
            each.ids = frozenset(narrowed)
            is_sure = len(narrowed) == 1 and number >= ROUNDS_TO_BE_SURE
            each.is_settled = is_sure or number == ROUNDS
            each.probed = replace(each.probed, is_sure=is_sure)
        found = sorted(each.ids or (), key=self._order)
        each.probed = replace(
            each.probed,
            candidates=tuple(self._tokens[id] for id in found),
            reason=_unclear(found, each),
        )

    def _order(self, id: str) -> tuple[str, str]:
        token = self._tokens[id]
        return (getattr(token.owner, "name", ""), token.token.name)

    async def _read(self, owners: Iterable[SystemAccount | User]) -> None:
        """Reads the tokens of accounts and people; a list whose reading fails stays as it was."""
        rows = tuple(owners)
        for start in range(0, len(rows), _TOGETHER):
            await asyncio.gather(*map(self._read_one, rows[start : start + _TOGETHER]))

    async def _read_one(self, owner: SystemAccount | User) -> None:
        client = self._org.reader.client
        calls = client.users if isinstance(owner, User) else client.accounts
        try:
            listing = await calls.tokens(owner.id)
        except KonnectError as error:
            self.unread[owner.id] = error
            return
        self.unread.pop(owner.id, None)
        self._tokens |= {token.id: Candidate(owner, token) for token in listing.rows}


def _is_within(moment: datetime, window: Window | None) -> bool:
    return window is not None and window[0] <= moment <= window[1]


def _unclear(ids: Sequence[str], each: _Pending) -> str:
    """Why the token is not named; empty if it is."""
    if each.probed.is_sure:
        return ""
    if not ids:
        return each.probed.reason or (
            "No token was noted as used at the moment of the call: Konnect may note it later, or "
            "the list that has it could not be read."
        )
    if len(ids) == 1:
        return (
            "This token was used at the moment of one call, and not of another: it may be chance."
        )
    return "Each of these tokens was used at the moment of every call."
