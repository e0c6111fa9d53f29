"""The settings of a client, without its token."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sa_tui.konnect.proxies import NO_PROXIES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import httpx

    from sa_tui.konnect.models import Exchange, Wait
    from sa_tui.konnect.proxies import Proxies


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a client sends requests to Konnect.

    `timeout_seconds` limits one whole exchange, `max_wait_seconds` the waits of one request;
    `concurrency` is limited to 1 to 16. A `transport` is not closed, and uses no proxy.
    """

    base_url: str = "https://global.api.konghq.com"
    regional_url: str = "https://{region}.api.konghq.com"
    page_size: int = 100
    timeout_seconds: float = 30.0
    concurrency: int = 6
    read_only: bool = False
    ca_bundle: Path | None = None
    transport: httpx.AsyncBaseTransport | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    max_wait_seconds: float | None = None
    proxies: Proxies = NO_PROXIES
    jitter: Callable[[], float] = random.random
    on_wait: Callable[[Wait], None] | None = None
    on_exchange: Callable[[Exchange], None] | None = None
