"""Konnect's Identity API, version 3: a typed method for each read, and `send` for changes.

The reads of `accounts`, `teams` and `users` are in parts of the client, those of the whole
organisation here; the changes are in `requests`. Every method raises KonnectError (see `errors`)
and nothing of httpx or pydantic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from sa_tui.konnect.accounts import AccountCalls
from sa_tui.konnect.address import v3
from sa_tui.konnect.calls import Calls
from sa_tui.konnect.clock import KonnectClock
from sa_tui.konnect.http import Http
from sa_tui.konnect.models import AuthenticationSettings, Organization, User
from sa_tui.konnect.offer import CatalogueType, Regions, read_catalogue
from sa_tui.konnect.settings import Settings
from sa_tui.konnect.teams import TeamCalls
from sa_tui.konnect.users import UserCalls

if TYPE_CHECKING:
    import asyncio
    from contextlib import AbstractContextManager

    from pydantic import SecretStr

    from sa_tui.konnect.requests import Request

T = TypeVar("T")


class KonnectClient:
    """A client for the organisation of one token."""

    def __init__(self, token: SecretStr, settings: Settings | None = None) -> None:
        """Raises Misconfigured when the token, an address or the CA bundle cannot be used."""
        self._settings = settings or Settings()
        self.clock = KonnectClock(self._settings.now)
        self._http = Http(token, self._settings, clock=self.clock)
        self.calls = Calls(self._http, page_size=max(self._settings.page_size, 1))
        self.accounts = AccountCalls(self.calls)
        self.teams = TeamCalls(self.calls)
        self.users = UserCalls(self.calls)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections; the client cannot be used afterwards."""
        await self._http.aclose()

    def with_token(self, token: SecretStr) -> KonnectClient:
        """A client with the same settings, to try another token; the caller closes it."""
        return KonnectClient(token, self._settings)

    def ahead(self) -> AbstractContextManager[None]:
        """Inside, the reads of this task do not queue behind background reads."""
        return self._http.ahead()

    @property
    def stopped(self) -> asyncio.Event:
        """The event that is set when the requests begun so far are to stop waiting."""
        return self._http.stopped

    def stop_waiting(self) -> None:
        """Makes every request that waits for Konnect fail; none of them is sent."""
        self._http.stop_waiting()

    async def send(self, request: Request[T]) -> T:
        """Sends a change and returns Konnect's answer. Raises KonnectError."""
        answer = await self._http.send(request.method, request.path, body=request.body)
        return request.read(answer)

    async def list_roles(self) -> tuple[CatalogueType, ...]:
        """The roles that Konnect offers, by entity type. Konnect: get-predefined-roles."""
        return (await self._http.send("GET", v3("roles"))).read(read_catalogue)

    async def get_organization(self) -> Organization:
        """The organisation of the token. Konnect: get-organizations-me."""
        return await self.calls.read_row(Organization, v3("organizations", "me"))

    async def get_authentication_settings(self) -> AuthenticationSettings:
        """The settings of how people get into teams. Konnect: get-authentication-settings."""
        answer = await self._http.send("GET", v3("authentication-settings"))
        return answer.read(AuthenticationSettings.from_wire)

    async def get_me(self) -> User:
        """The person of the token; refused for system accounts. Konnect: get-users-me."""
        return await self.calls.read_row(User, v3("users", "me"))

    async def list_regions(self) -> Regions:
        """The regions of Konnect; asked without the token. Konnect: /v3/available-regions."""
        answer = await self._http.send("GET", v3("available-regions"), with_token=False)
        return answer.read(Regions.from_wire)
