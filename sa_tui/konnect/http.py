"""Sends requests to Konnect: authorisation, errors, back-off, concurrency and pace.

The rules it keeps: nothing of httpx leaves this module, a change is never repeated when its answer
may have been lost, and a read-only client only sends GET.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx

from sa_tui.base.times import end_of, time_left
from sa_tui.konnect.address import Addresses
from sa_tui.konnect.answers import Response, rejection
from sa_tui.konnect.body import read_body
from sa_tui.konnect.errors import (
    HeldBack,
    KonnectError,
    RateLimited,
    ReadOnly,
    Rejected,
    Unreachable,
    Unreadable,
)
from sa_tui.konnect.models import Exchange
from sa_tui.konnect.pace import Pace, budget_of
from sa_tui.konnect.proxies import NO_PROXIES
from sa_tui.konnect.retry import FEWER_REQUESTS, asked_wait_seconds, delay_seconds, wait_reason
from sa_tui.konnect.transport import MAX_CONNECTIONS, Bearer, failure, make_client
from sa_tui.konnect.waits import StoppedError, Waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import SecretStr

    from sa_tui.konnect.clock import KonnectClock
    from sa_tui.konnect.settings import Settings

MAX_CONCURRENCY = 16
"""The limit of concurrent reads; the other connections are reserved for changes."""

_WRITES_AT_ONCE = MAX_CONNECTIONS - MAX_CONCURRENCY


@dataclass(frozen=True)
class _Call:
    method: str
    path: str
    url: str
    region: str | None
    body: Mapping[str, object] | None
    with_token: bool

    @property
    def request(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def content(self) -> bytes | None:
        # ASCII: lone surrogates in a name would not be valid UTF-8.
        return None if self.body is None else json.dumps(self.body).encode("ascii")

    @property
    def headers(self) -> Mapping[str, str] | None:
        return None if self.body is None else {"Content-Type": "application/json"}

    @property
    def is_write(self) -> bool:
        return self.method != "GET"


class Http:
    """One connection pool to one Konnect, with one token."""

    def __init__(self, token: SecretStr, settings: Settings, *, clock: KonnectClock) -> None:
        """Raises Misconfigured when the token, an address or the CA bundle cannot be used."""
        self._settings = settings
        self._clock = clock
        self._addresses = Addresses(settings.base_url, settings.regional_url)
        self._bearer = Bearer(token)
        self._client = make_client(
            transport=settings.transport,
            ca_bundle=settings.ca_bundle,
            timeout_seconds=settings.timeout_seconds,
            # Plain http never leaves this machine, and needs no proxy.
            proxies=settings.proxies if self._addresses.are_remote else NO_PROXIES,
        )
        self.concurrency = min(max(settings.concurrency, 1), MAX_CONCURRENCY)
        # The semaphore is in front of the pool: httpx gets slow with many waiting requests.
        self._read_slots = asyncio.Semaphore(self.concurrency)
        # A change asked for by a person does not queue behind a thousand background reads.
        self._write_slots = asyncio.Semaphore(_WRITES_AT_ONCE)
        self._is_ahead: ContextVar[bool] = ContextVar("is_ahead", default=False)
        self._pace = Pace(
            sleep=settings.sleep, monotonic=settings.monotonic, jitter=settings.jitter
        )
        self._waits = Waits(
            on_wait=settings.on_wait, monotonic=settings.monotonic, sleep=settings.sleep
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        region: str | None = None,
        with_token: bool = True,
    ) -> Response:
        """Sends a request, with retries where they are safe. Raises KonnectError.

        `path` begins with a slash and is encoded; without a `region` it goes to the global host.
        """
        url = self._addresses.url(path, region=region)
        if params:  # httpx is slow at it
            url = f"{url}?{urlencode(params, errors='surrogatepass')}"
        call = _Call(method, path, url, region, body, with_token)
        if call.is_write and self._settings.read_only:
            raise ReadOnly("nothing was sent: this profile is read-only", request=call.request)
        is_ahead = call.is_write or self._is_ahead.get()
        # Taken before the wait for a slot: requests that queue behind one that waits are stopped
        # together with it.
        ticket = self._waits.ticket
        async with self._write_slots if is_ahead else self._read_slots:
            return await self._persist(call, ticket)

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Inside, reads use the slots of changes, which do not queue behind other reads."""
        before = self._is_ahead.set(True)
        try:
            yield
        finally:
            self._is_ahead.reset(before)

    @property
    def stopped(self) -> asyncio.Event:
        """The event that is set when the requests begun so far are to stop waiting."""
        return self._waits.ticket

    def stop_waiting(self) -> None:
        """Makes every request that waits fail; later ones wait as Konnect asks."""
        self._waits.stop()

    async def _persist(self, call: _Call, ticket: asyncio.Event) -> Response:
        attempt, patience = 0, _Patience(call, ticket, self._settings, self._waits, self._clock)
        while True:
            attempt += 1
            left_at = await self._pace.turn(patience.turn)
            outcome = await self._exchange(call)
            if isinstance(outcome, Response):
                self._pace.accepted()
                return outcome
            delay = self._delay(call, outcome, attempt)
            if isinstance(outcome, RateLimited):
                self._pace.refused(left_at, pause_seconds=delay or 0.0)
            elif isinstance(outcome, Rejected):
                self._pace.accepted()
            if delay is None:
                raise outcome
            await patience.hold(delay, outcome)

    def _delay(self, call: _Call, error: KonnectError, attempt: int) -> float | None:
        asked = error.retry_after_seconds if isinstance(error, Rejected) else None
        return delay_seconds(
            call.method, error, attempt, retry_after=asked, jitter=self._settings.jitter()
        )

    async def _exchange(self, call: _Call) -> Response | KonnectError:
        started = self._settings.monotonic()
        try:
            outcome = await self._answer(call)
        except asyncio.CancelledError:
            if call.is_write:  # it may have been sent, and has to be logged
                text = "interrupted before the answer came"
                self._tell(
                    call, Unreachable(text, request=call.request, outcome_unknown=True), started
                )
            raise
        self._tell(call, outcome, started)
        return outcome

    def _tell(self, call: _Call, outcome: Response | KonnectError, started: float) -> None:
        if self._settings.on_exchange is None:
            return
        error = outcome if isinstance(outcome, KonnectError) else None
        self._settings.on_exchange(
            Exchange(
                call.method,
                call.path,
                status=getattr(outcome, "status", None),
                seconds=self._settings.monotonic() - started,
                trace=outcome.trace,
                error=str(error) if error is not None else None,
                outcome_unknown=error is not None and error.outcome_unknown,
            )
        )

    async def _answer(self, call: _Call) -> Response | KonnectError:
        # Errors are returned, not raised in the except block: their context would otherwise lead
        # to httpx's request and with it to the authorisation header.
        try:
            # A limit for the whole exchange: that of httpx is for each chunk.
            async with asyncio.timeout(self._settings.timeout_seconds):
                response, content = await self._receive(call)
        except Unreadable as error:
            return error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return failure(
                error,
                request=call.request,
                is_write=call.is_write,
                timeout_seconds=self._settings.timeout_seconds,
                ca_bundle=self._settings.ca_bundle,
            )
        if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            self._pace.budgeted(budget_of(response.headers))
        if response.is_success:
            return Response(
                call.request,
                status=response.status_code,
                content=content,
                content_type=response.headers.get("content-type", ""),
                trace=response.headers.get("x-kong-request-id"),
                is_write=call.is_write,
            )
        return rejection(
            response.status_code,
            response.headers,
            content,
            request=call.request,
            is_write=call.is_write,
            advice=self._addresses.advice_on_absence(call.path) if call.region is None else "",
            retry_after_seconds=asked_wait_seconds(
                response.status_code, response.headers, now=self._clock.now
            ),
        )

    async def _receive(self, call: _Call) -> tuple[httpx.Response, bytes]:
        """The answer and its body, read up to the limit."""
        request = self._client.build_request(
            call.method, call.url, content=call.content, headers=call.headers
        )
        sent_at = self._clock.local_now()
        response = await self._client.send(
            request, auth=self._bearer if call.with_token else None, stream=True
        )
        try:
            self._clock.note(response.headers, sent_at=sent_at)
            content = await read_body(response, request=call.request, is_write=call.is_write)
        finally:
            await response.aclose()
        return response, content


@dataclass
class _Patience:
    """How long a request has waited, and may wait in all."""

    call: _Call
    ticket: asyncio.Event
    settings: Settings
    waits: Waits
    clock: KonnectClock
    waited_seconds: float = 0.0

    async def hold(self, seconds: float, error: KonnectError) -> None:
        """Waits before a retry. Raises the error if the request may not wait so long."""
        self._check(seconds, error)
        try:
            await self.waits.hold(seconds, wait_reason(error), ticket=self.ticket)
        except StoppedError:
            raise error.advise(self._stopped(seconds)) from None

    async def turn(self, seconds: float) -> None:
        """Waits until the request may be sent. Raises RateLimited if it may not wait so long."""
        error = HeldBack(request=self.call.request)
        self._check(seconds, error)
        try:
            await self.waits.turn(seconds, FEWER_REQUESTS, ticket=self.ticket)
        except StoppedError:
            raise error.advise(self._stopped(seconds)) from None

    def _check(self, seconds: float, error: KonnectError) -> None:
        limit = self.settings.max_wait_seconds
        if self.ticket.is_set():
            raise error.advise(self._stopped(seconds))
        if limit is not None and self.waited_seconds + seconds > limit:
            raise error.advise(
                f"It may be asked again at {self._moment(seconds)}, in {time_left(seconds)}, and "
                f"this command waits {limit:g} s at most: try again then, or give more with "
                "--max-wait"
            )
        self.waited_seconds += seconds

    def _stopped(self, seconds: float) -> str:
        return f"Waiting was stopped: try again at {self._moment(seconds)}"

    def _moment(self, seconds: float) -> str:
        return end_of(seconds, now=self.clock.local_now())
