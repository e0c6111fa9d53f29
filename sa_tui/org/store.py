"""One organisation: every read and every change goes through `Org`.

Its parts share one reader, which has the client and the current snapshot.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.konnect import requests
from sa_tui.konnect.errors import NotFound
from sa_tui.konnect.models import Listing
from sa_tui.org.aging import without_old
from sa_tui.org.changes.rebuilding import rebuild
from sa_tui.org.changes.sending import carry_out_all
from sa_tui.org.changes.touched import touched_by
from sa_tui.org.log import ActionLog
from sa_tui.org.reading.details import DetailsReader
from sa_tui.org.reading.offer import OfferReader
from sa_tui.org.reading.reader import Reader
from sa_tui.org.reading.teams import TeamReader
from sa_tui.org.snapshot import Part, Snapshot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from typing import Self

    from pydantic import SecretStr

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.konnect.models import (
        AccessToken,
        IssuedToken,
        ListPage,
        Organization,
        SystemAccount,
    )
    from sa_tui.konnect.requests import Request
    from sa_tui.org.births import Births
    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.changes.new_ids import NewId
    from sa_tui.org.logged import ActionOutcome
    from sa_tui.records.batches import Planned

_OF_TEAMS = ("create-team", "edit-team", "delete-team")
"""The changes after which the list of teams is read again."""


def _ignore(_: Snapshot) -> None:
    """Does nothing with a new snapshot."""


class Org:
    """One organisation behind one client.

    `on_change` is called with each new snapshot, in the event loop of the call. `notices` are what
    the operator should know about how it was opened. `keep` is given what was read when it closes.
    """

    def __init__(
        self,
        client: KonnectClient,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_change: Callable[[Snapshot], None] = _ignore,
        has_person: bool = True,
        actions: ActionLog | None = None,
        notices: tuple[str, ...] = (),
        births: Births | None = None,
        reader: Reader | None = None,
        keep: Callable[[Snapshot, datetime], None] | None = None,
    ) -> None:
        self._keep = keep
        self.notices = notices
        self.births = births
        self.reader = reader or Reader(client, now=now, on_change=on_change, has_person=has_person)
        self._client = client
        self._actions = actions or ActionLog()
        details, teams = DetailsReader(self.reader), TeamReader(self.reader)
        self.offer = OfferReader(self.reader)
        self.now = self.reader.now
        self.read_details = details.read_details
        self.read_tokens = details.read_tokens
        self.read_teams = teams.read_teams
        self.read_team_details = teams.read_team_details
        self.read_people = teams.read_people
        self.read_teams_of_people = teams.read_teams_of_people
        self.read_authentication = teams.read_authentication
        self.read_entities = self.offer.read_entities
        self.read_offer = self.offer.read_offer

    @property
    def clock_difference(self) -> str:
        """A sentence about how far this machine's clock is from Konnect's; empty if it is near."""
        return self._client.clock.difference

    @property
    def knows_clock(self) -> bool:
        """Whether Konnect's time is known; otherwise that of this machine is used."""
        return self._client.clock.ahead is not None

    def stop_waiting(self) -> None:
        """Makes every request that waits for Konnect fail; none of them is sent."""
        self._client.stop_waiting()
        if self.births is not None:
            self.births.stop_waiting()

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot."""
        return self.reader.snapshot

    async def aclose(self) -> None:
        """Keeps what was read for the next run, and closes the connections."""
        accounts = self.snapshot.accounts
        try:
            if self._keep is not None and accounts.value is not None and not accounts.is_old:
                self._keep(self.snapshot, self.now())
        finally:
            await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    # Reading

    async def load(self) -> None:
        """Reads the organisation, the caller, and every system account.

        Errors are published, not raised.
        """
        await asyncio.gather(self.identify(), self.load_accounts())

    async def identify(self) -> None:
        """Reads the organisation and the caller."""
        await asyncio.gather(self._load_organization(), self._load_me())

    async def refresh(self, account_ids: Iterable[str]) -> None:
        """Reads the lists again, and the details of these accounts.

        The details of other accounts and of teams, the people and the entities become unread: old
        values must not look like new ones.
        """
        account_ids = tuple(account_ids)
        details = {id: self.snapshot.details_of(id) for id in account_ids}
        snapshot = replace(
            self.snapshot,
            accounts=replace(self.snapshot.accounts, is_reading=True),
            details=MappingProxyType(details),
            team_details=MappingProxyType({}),
            people=Part(),
            user_details=MappingProxyType({}),
            entities=MappingProxyType({}),
        )
        self.reader.publish(snapshot)
        reading = [self.load(), self.read_details(account_ids, again=True)]
        if snapshot.teams.value is not None:
            reading.append(self.read_teams(again=True))
        await asyncio.gather(*reading)

    def recall(self, snapshot: Snapshot) -> None:
        """Shows what an earlier run read until it is read again; call it before `load`."""
        self.reader.snapshot = snapshot

    async def _load_organization(self) -> None:
        before = self.snapshot.organization
        part = await self.reader.read(before, self._client.get_organization)
        is_same = part.value is None or before.value is None or part.value.id == before.value.id
        # An earlier run read another organisation, although the token is the same.
        snapshot = self.snapshot if is_same else without_old(self.snapshot)
        self.reader.publish(replace(snapshot, organization=part))

    async def _load_me(self) -> None:
        if self.snapshot.has_person:
            part = await self.reader.read(self.snapshot.me, self._client.get_me)
            self.reader.publish(replace(self.snapshot, me=part))

    async def load_accounts(self) -> None:
        """Reads every system account.

        The first reading is published page by page; a later one replaces the list at its end.
        """
        before = self.snapshot.accounts
        rows: list[SystemAccount] = []
        shown = 0

        def show(page: ListPage[SystemAccount]) -> None:
            nonlocal shown
            rows.extend(page.rows)
            # Each publication costs as much as all rows so far: with ever larger steps the sum
            # stays in proportion to the rows.
            if before.value is None and len(rows) > shown * 5 // 4:
                shown = len(rows)
                so_far = Listing(rows=tuple(rows), total=page.total, incomplete="still reading")
                self._publish_accounts(Part(value=so_far, is_reading=True))

        self._publish_accounts(replace(before, is_reading=True, error=None))
        self._publish_accounts(
            await self.reader.read(before, partial(self._client.accounts.list, on_page=show))
        )

    def _publish_accounts(self, part: Part[Listing[SystemAccount]]) -> None:
        self.reader.publish(replace(self.snapshot, accounts=part))

    async def tokens_named(self, account_id: str, name: str) -> Listing[AccessToken]:
        """The tokens of an account with exactly this name, asked of Konnect, not the snapshot."""
        with self._client.ahead():
            listing = await self._client.accounts.tokens(account_id, name=name)
        rows = tuple(token for token in listing.rows if token.name == name)
        return Listing(
            rows=rows, total=None, incomplete=listing.incomplete, skipped=listing.skipped
        )

    async def token(self, account_id: str, token_id: str) -> AccessToken:
        """A token, asked of Konnect, not the snapshot. Raises NotFound if it is gone."""
        with self._client.ahead():
            return await self._client.accounts.token(account_id, token_id)

    async def verify(self, secret: SecretStr) -> Organization:
        """Proves that a new secret works, with one GET over separate connections."""
        async with self._client.with_token(secret) as client:
            return await client.get_organization()

    # Changing

    async def issue_token(
        self, request: Request[IssuedToken], *, account_id: str, name: str
    ) -> IssuedToken:
        """Creates an access token; the request is never repeated after a lost answer."""
        with self._actions.asking(self._issuing(account_id, name)):
            issued = await self._client.send(request)
        self._change_tokens(account_id, lambda rows: (*rows, issued.access_token))
        return issued

    async def token_made(
        self, making: Awaitable[AccessToken], *, account_id: str, name: str
    ) -> AccessToken:
        """Logs and publishes an access token that another process asks for."""
        with self._actions.asking(self._issuing(account_id, name)):
            token = await making
        self._change_tokens(account_id, lambda rows: (*rows, token))
        return token

    def found_out_issuing(
        self, account_id: str, *, name: str, is_there: bool | None, message: str
    ) -> None:
        """Logs whether a token exists whose answer was lost; None is unknown."""
        outcome: ActionOutcome = "unknown" if is_there is None else "done" if is_there else "failed"
        title = self._issuing(account_id, name)
        self._actions.found_out(title, outcome=outcome, message=message)

    def handed_over(self, account_id: str, *, name: str, message: str) -> None:
        """Logs where the secret of a token went."""
        title = self._issuing(account_id, name)
        self._actions.found_out(title, outcome="done", message=message, destination=message)

    def _issuing(self, account_id: str, name: str) -> str:
        return f"Issue token {name} for {self._name_of(account_id)}"

    async def revoke_token(self, account_id: str, token_id: str, *, name: str = "") -> None:
        """Revokes an access token by deleting it; a token that is gone is no error.

        The log calls it by `name`, or by its id without one.
        Konnect: delete-system-accounts-id-access-tokens-id.
        """
        title = f"Revoke token {name or token_id} of {self._name_of(account_id)}"
        with suppress(NotFound), self._actions.asking(title):
            await self._client.send(requests.delete_access_token(account_id, token_id))
        self._change_tokens(
            account_id, lambda rows: tuple(row for row in rows if row.id != token_id)
        )

    async def carry_out(
        self,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        may_send: Callable[[int], bool] = lambda _: True,
    ) -> tuple[Outcome, ...]:
        """Sends changes one by one while `may_send` allows it, then reads again what they touched.

        Raises nothing.
        """
        outcomes = await carry_out_all(
            changes,
            self._client,
            on_outcome=on_outcome,
            actions=self._actions,
            sleep=sleep,
            may_send=may_send,
            on_fault=self.reader.on_fault,
        )
        if any(change.ids.token_id is None for change in changes):
            await self.load_accounts()
        has_teams = self.snapshot.teams.value is not None
        if has_teams and any(change.verb in _OF_TEAMS for change in changes):
            await self.read_teams(again=True)
        touched = touched_by(changes, outcomes)
        listed = {id for id in touched.account_ids if self.snapshot.account(id)}
        teams = touched.team_ids
        if has_teams:  # a deleted team cannot be read
            teams = {team_id for team_id in teams if self.snapshot.team(team_id)}
        if touched.deleted_team_ids:
            self.reader.publish(self.snapshot.without_teams(touched.deleted_team_ids))
        await asyncio.gather(
            self.read_details(sorted(listed), again=True),
            self.read_teams_of_people(touched.user_ids),
            self.read_team_details(sorted(teams & self.snapshot.team_details.keys()), again=True),
        )
        return outcomes

    async def rebuilt(self, planned: Planned, *, new_ids: dict[str, NewId] | None = None) -> Change:
        """The planned change for what exists now. Raises KonnectError; see `rebuild`."""
        with self._client.ahead():
            return await rebuild(planned, self._client, new_ids=new_ids)

    def _name_of(self, account_id: str) -> str:
        account = self.snapshot.account(account_id)
        return account.name if account is not None else account_id

    def _change_tokens(
        self,
        account_id: str,
        change: Callable[[tuple[AccessToken, ...]], tuple[AccessToken, ...]],
    ) -> None:
        """Publishes changed tokens of the account; a list that was never read stays unread."""
        details = self.snapshot.details_of(account_id)
        if (listing := details.tokens.value) is None:
            return
        rows = change(listing.rows)
        total = None if listing.total is None else listing.total + len(rows) - len(listing.rows)
        changed = Listing(
            rows=rows, total=total, incomplete=listing.incomplete, skipped=listing.skipped
        )
        part = replace(details.tokens, value=changed)
        self.reader.publish(self.snapshot.with_details({account_id: replace(details, tokens=part)}))
