"""Sends requests to Konnect: authorisation, errors, back-off, concurrency and pace.

The rules it keeps: nothing of httpx leaves this module, a change is never repeated when its answer
may have been lost, and a read-only client sends nothing but GET.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx

from sa_tui.api.address import Addresses
from sa_tui.api.answers import Answer, rejection
from sa_tui.api.errors import (
    KonnectError,
    RateLimited,
    ReadOnly,
    Rejected,
    Unreachable,
)
from sa_tui.api.models import Exchange, Wait
from sa_tui.api.pace import Pace
from sa_tui.api.retry import delay_seconds, retry_after_seconds, wait_reason
from sa_tui.api.transport import MAX_CONNECTIONS, Bearer, failure, make_client

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from pydantic import SecretStr

MAX_CONCURRENCY = 16
"""Reads under way at once, at most; what is left of the connections is kept for changes."""

_WRITES_AT_ONCE = MAX_CONNECTIONS - MAX_CONCURRENCY


@dataclass(frozen=True)
class Settings:
    """Everything a client is made of, its token aside."""

    base_url: str
    regional_url: str
    page_size: int
    timeout_seconds: float
    concurrency: int
    read_only: bool
    ca_bundle: Path | None
    transport: httpx.AsyncBaseTransport | None
    sleep: Callable[[float], Awaitable[None]]
    monotonic: Callable[[], float]
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    on_wait: Callable[[Wait], None] | None
    on_exchange: Callable[[Exchange], None] | None


@dataclass(frozen=True)
class _Call:
    method: str
    path: str
    url: str
    body: Mapping[str, object] | None
    with_token: bool

    @property
    def tried(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def content(self) -> bytes | None:
        # Plain ASCII: whatever a terminal let through as a name stays valid UTF-8.
        return None if self.body is None else json.dumps(self.body).encode("ascii")

    @property
    def headers(self) -> Mapping[str, str] | None:
        return None if self.body is None else {"Content-Type": "application/json"}

    @property
    def is_write(self) -> bool:
        return self.method != "GET"


class Http:
    """One connection pool to one Konnect, with one token."""

    def __init__(self, token: SecretStr, settings: Settings) -> None:
        """Raises Misconfigured when the token, an address or the CA bundle cannot be used."""
        self._settings = settings
        self._addresses = Addresses(settings.base_url, settings.regional_url)
        self._bearer = Bearer(token)
        self._client = make_client(
            transport=settings.transport,
            ca_bundle=settings.ca_bundle,
            timeout_seconds=settings.timeout_seconds,
        )
        self.concurrency = min(max(settings.concurrency, 1), MAX_CONCURRENCY)
        # The semaphore stands before the pool: httpx collapses when it is flooded.
        self._read_slots = asyncio.Semaphore(self.concurrency)
        # A change asked for by a person does not queue behind a thousand background reads.
        self._write_slots = asyncio.Semaphore(_WRITES_AT_ONCE)
        self._is_ahead: ContextVar[bool] = ContextVar("is_ahead", default=False)
        self._pace = Pace(
            sleep=settings.sleep, monotonic=settings.monotonic, jitter=settings.jitter
        )
        self._waits = _Waits(settings.on_wait, settings.monotonic)

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
    ) -> Answer:
        """The answer to one request, tried again where that is safe; raises KonnectError.

        `path` begins with a slash and is encoded already; without a `region` the global host is
        asked.
        """
        url = self._addresses.url(path, region=region)
        if params:  # encoded here: merging them is the slowest part of a request in httpx
            url = f"{url}?{urlencode(params, errors='surrogatepass')}"
        call = _Call(method, path, url, body, with_token)
        if call.is_write and self._settings.read_only:
            raise ReadOnly("this profile is read-only, nothing was sent", tried=call.tried)
        is_ahead = call.is_write or self._is_ahead.get()
        async with self._write_slots if is_ahead else self._read_slots:
            return await self._persist(call)

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """What is read meanwhile goes with the changes, which do not queue behind other reads."""
        before = self._is_ahead.set(True)
        try:
            yield
        finally:
            self._is_ahead.reset(before)

    async def _persist(self, call: _Call) -> Answer:
        attempt = 0
        while True:
            attempt += 1
            left_at = await self._pace.turn()
            outcome = await self._exchange(call)
            if isinstance(outcome, Answer):
                self._pace.accepted()
                return outcome
            delay = self._delay(call, outcome, attempt)
            if isinstance(outcome, RateLimited):
                self._pace.refused(left_at, pause_seconds=delay or 0.0)
            elif isinstance(outcome, Rejected):
                self._pace.accepted()
            if delay is None:
                raise outcome
            with self._waits.announced(delay, wait_reason(outcome)):
                await self._settings.sleep(delay)

    def _delay(self, call: _Call, error: KonnectError, attempt: int) -> float | None:
        asked = error.retry_after_seconds if isinstance(error, Rejected) else None
        return delay_seconds(
            call.method, error, attempt, retry_after=asked, jitter=self._settings.jitter()
        )

    async def _exchange(self, call: _Call) -> Answer | KonnectError:
        started = self._settings.monotonic()
        try:
            outcome = await self._answer(call)
        except asyncio.CancelledError:
            if call.is_write:  # it may have been on its way: that must not go unnoticed
                said = "interrupted before the answer came"
                self._tell(call, Unreachable(said, tried=call.tried, outcome_unknown=True), started)
            raise
        self._tell(call, outcome, started)
        return outcome

    def _tell(self, call: _Call, outcome: Answer | KonnectError, started: float) -> None:
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

    async def _answer(self, call: _Call) -> Answer | KonnectError:
        # Errors are returned, not raised in the except block: their context would otherwise lead
        # to httpx's request and with it to the authorisation header.
        try:
            # One limit for the whole exchange: httpx's own begins anew with every chunk.
            async with asyncio.timeout(self._settings.timeout_seconds):
                response = await self._client.request(
                    call.method,
                    call.url,
                    content=call.content,
                    headers=call.headers,
                    auth=self._bearer if call.with_token else None,
                )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return failure(
                error,
                tried=call.tried,
                is_write=call.is_write,
                timeout_seconds=self._settings.timeout_seconds,
            )
        if response.is_success:
            return Answer(
                call.tried,
                status=response.status_code,
                content=response.content,
                content_type=response.headers.get("content-type", ""),
                trace=response.headers.get("x-kong-request-id"),
                is_write=call.is_write,
            )
        return rejection(
            response.status_code,
            response.headers,
            response.content,
            tried=call.tried,
            is_write=call.is_write,
            retry_after_seconds=retry_after_seconds(
                response.headers.get("retry-after"), now=self._settings.now
            ),
        )


class _Waits:
    """Tells when requests begin to wait, and once when the waiting is over."""

    def __init__(
        self, on_wait: Callable[[Wait], None] | None, monotonic: Callable[[], float]
    ) -> None:
        self._on_wait = on_wait
        self._monotonic = monotonic
        self._waiting = 0
        self._ends_at: float | None = None

    @contextmanager
    def announced(self, seconds: float, reason: str) -> Iterator[None]:
        ends_at = self._monotonic() + seconds
        self._waiting += 1
        if self._ends_at is None or ends_at > self._ends_at:
            self._ends_at = ends_at
            self._tell(Wait(seconds, reason))
        try:
            yield
        finally:
            self._waiting -= 1
            if self._ends_at is not None and self._waiting == 0:
                self._ends_at = None
                self._tell(Wait(0.0, ""))

    def _tell(self, wait: Wait) -> None:
        if self._on_wait is not None:
            self._on_wait(wait)
