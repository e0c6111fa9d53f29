"""Konnect's Identity API, version 3: one typed method for each operation.

The groups of operations live in `accounts`, `teams` and `users`; what concerns the organisation as
a whole is here. Every method raises KonnectError (see `errors`) and nothing of httpx or pydantic.
"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from sa_tui.konnect.accounts import AccountCalls
from sa_tui.konnect.address import v3
from sa_tui.konnect.clock import KonnectClock
from sa_tui.konnect.http import Http, Settings
from sa_tui.konnect.models import AuthenticationSettings, Organization, User
from sa_tui.konnect.offer import CatalogueType, Regions, read_catalogue
from sa_tui.konnect.proxies import NO_PROXIES
from sa_tui.konnect.teams import TeamCalls
from sa_tui.konnect.users import UserCalls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx
    from pydantic import SecretStr

    from sa_tui.konnect.models import Exchange, Wait
    from sa_tui.konnect.proxies import Proxies

BASE_URL = "https://global.api.konghq.com"
REGIONAL_URL = "https://{region}.api.konghq.com"


def utc_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


class KonnectClient(AccountCalls, TeamCalls, UserCalls):
    """One organisation of Konnect, seen with one token."""

    def __init__(
        self,
        token: SecretStr,
        *,
        base_url: str = BASE_URL,
        regional_url: str = REGIONAL_URL,
        page_size: int = 100,
        timeout_seconds: float = 30.0,
        concurrency: int = 6,
        read_only: bool = False,
        ca_bundle: Path | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        max_wait_seconds: float | None = None,
        proxies: Proxies = NO_PROXIES,
        jitter: Callable[[], float] = random.random,
        on_wait: Callable[[Wait], None] | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        """Raises Misconfigured when the token, an address or the CA bundle cannot be used.

        `timeout_seconds` limits one whole exchange, `max_wait_seconds` what Konnect may make one
        request wait; `concurrency` is kept within 1 and 16. A `transport` that is passed in is not
        closed, and meets no proxy.
        """
        self.clock = KonnectClock(now)
        self._settings = Settings(
            base_url=base_url,
            regional_url=regional_url,
            page_size=page_size,
            timeout_seconds=timeout_seconds,
            concurrency=concurrency,
            read_only=read_only,
            ca_bundle=ca_bundle,
            transport=transport,
            sleep=sleep,
            monotonic=monotonic,
            clock=self.clock,
            max_wait_seconds=max_wait_seconds,
            proxies=proxies,
            jitter=jitter,
            on_wait=on_wait,
            on_exchange=on_exchange,
        )
        self._http = Http(token, self._settings)
        self._page_size = max(page_size, 1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections; the client cannot be used afterwards."""
        await self._http.aclose()

    def with_token(self, token: SecretStr) -> KonnectClient:
        """A separate client with the same settings, to try another token; the caller closes it."""
        settings = dict(vars(self._settings))
        settings["now"] = settings.pop("clock").local_now
        return KonnectClient(token, **settings)

    def ahead(self) -> AbstractContextManager[None]:
        """While it is open, what this task reads does not queue behind background reads."""
        return self._http.ahead()

    @property
    def stopped(self) -> asyncio.Event:
        """Is set when whatever was begun by now is to wait no longer."""
        return self._http.stopped

    def stop_waiting(self) -> None:
        """Lets every request that waits for Konnect fail instead; nothing of them is sent."""
        self._http.stop_waiting()

    async def list_roles(self) -> tuple[CatalogueType, ...]:
        """The roles that Konnect offers, by type of entity. Konnect: get-predefined-roles."""
        return (await self._http.send("GET", v3("roles"))).read(read_catalogue)

    async def get_organization(self) -> Organization:
        """The organisation of the token. Konnect: get-organizations-me."""
        return await self.read_row(Organization, v3("organizations", "me"))

    async def get_authentication_settings(self) -> AuthenticationSettings:
        """Who decides which teams people belong to. Konnect: get-authentication-settings."""
        answer = await self._http.send("GET", v3("authentication-settings"))
        return answer.read(AuthenticationSettings.from_wire)

    async def get_me(self) -> User:
        """The person the token belongs to; refused to system accounts. Konnect: get-users-me."""
        return await self.read_row(User, v3("users", "me"))

    async def list_regions(self) -> Regions:
        """The regions of Konnect; asked without the token. Konnect: /v3/available-regions."""
        answer = await self._http.send("GET", v3("available-regions"), with_token=False)
        return answer.read(Regions.from_wire)
