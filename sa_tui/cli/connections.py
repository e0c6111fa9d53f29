"""Opens an organisation for a profile; the demo differs from a real one by its transport alone."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx
    from pydantic import SecretStr

    from sa_tui.demo.konnect import FakeKonnect
    from sa_tui.handover.journal import Journal
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

SYSTEM_ACCOUNT_PREFIX = "spat_"


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


def ignore_change(_: Snapshot) -> None:
    """Shows a snapshot to nobody."""


def open_org(
    profile: Profile,
    token: SecretStr,
    *,
    on_change: Callable[[Snapshot], None] = ignore_change,
    on_wait: Callable[[float, str], None],
    transport: httpx.AsyncBaseTransport | None = None,
) -> Org:
    """The organisation that this token belongs to; nothing is sent yet.

    Raises KonnectError for settings that cannot be used.
    """
    from sa_tui.api.client import KonnectClient
    from sa_tui.org.store import Org

    client = KonnectClient(
        token,
        base_url=profile.base_url,
        regional_url=profile.regional_url,
        page_size=profile.page_size,
        timeout_seconds=profile.timeout_seconds,
        concurrency=profile.concurrency,
        read_only=profile.read_only,
        ca_bundle=profile.ca_bundle,
        transport=transport,
        on_wait=lambda wait: on_wait(wait.seconds, wait.reason),
    )
    # Konnect does not tell a system account's token who it is: asking would only be refused.
    has_person = not token.get_secret_value().startswith(SYSTEM_ACCOUNT_PREFIX)
    return Org(client, now=utc_now, on_change=on_change, has_person=has_person)


@dataclass(frozen=True, kw_only=True)
class RealKonnect:
    """Connects profiles to their Konnect, with the token that their source gives."""

    environ: Mapping[str, str]

    async def connect(
        self,
        profile: Profile,
        *,
        on_change: Callable[[Snapshot], None] = ignore_change,
        on_wait: Callable[[float, str], None],
        aside: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Org:
        """Reads the token and opens the organisation.

        A command may talk to the terminal, so it runs with the application's screen put `aside`.
        Raises ProfileError when there is no token to be had.
        """
        from sa_tui.profiles.model import CommandSource
        from sa_tui.profiles.sources import read_token

        if isinstance(profile.source, CommandSource):
            with aside():
                token = read_token(profile.source, environ=self.environ)
        else:
            token = await asyncio.to_thread(read_token, profile.source, environ=self.environ)
        return open_org(profile, token, on_change=on_change, on_wait=on_wait)


@dataclass(frozen=True, kw_only=True)
class DemoKonnect:
    """Connects every profile to one demo organisation, in this process."""

    fake: FakeKonnect
    latency_seconds: float = 0.0

    async def connect(
        self,
        profile: Profile,
        *,
        on_change: Callable[[Snapshot], None] = ignore_change,
        on_wait: Callable[[float, str], None],
        aside: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Org:
        """Opens the demo organisation with its operator's token."""
        from pydantic import SecretStr

        return open_org(
            profile,
            SecretStr(self.fake.operator_token),
            on_change=on_change,
            on_wait=on_wait,
            transport=self.fake.transport(latency_seconds=self.latency_seconds),
        )


def journal_in(directory: Path) -> Journal:
    """The journal of hand-overs that is kept in this directory."""
    from sa_tui.handover.journal import FILE_NAME, Journal

    return Journal(directory / FILE_NAME, now=utc_now, pid=os.getpid(), host=socket.gethostname())
