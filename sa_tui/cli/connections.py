"""Opens an organisation for a profile; the demo differs only in its transport and its token.

The HTTP client, the models and the demo's data are slow to load: only a connection imports them.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, partial
from secrets import token_hex
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Protocol

from sa_tui.base.secrets import SYSTEM_ACCOUNT_PREFIX
from sa_tui.cli.arguments.common import faults_of
from sa_tui.profiles.model import CommandSource, EnvSource, Profile

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path
    from subprocess import CompletedProcess

    import httpx
    from pydantic import SecretStr

    from sa_tui.cli.environment import Environment
    from sa_tui.demo.konnect import FakeKonnect
    from sa_tui.konnect.client import KonnectClient
    from sa_tui.org.births import Births
    from sa_tui.org.log import ActionLog
    from sa_tui.org.saved.last import LastSnapshots
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.records.journal import Journal

    Aside = Callable[[], AbstractContextManager[None]]

DEMO = "demo"
DEMO_ADDRESS = "https://konnect.demo.invalid"


def ignore_change(_: Snapshot) -> None:
    """Does nothing with a new snapshot."""


class ReadToken(Protocol):
    """Reads the token of a profile; `aside` suspends the application for a command's questions.

    Raises ProfileError when there is no token.
    """

    async def __call__(self, profile: Profile, *, aside: Aside) -> SecretStr:
        """The token of the profile."""


@dataclass(frozen=True, kw_only=True)
class OpenClient:
    """A client that has sent nothing; `has_person` is False for the token of a system account."""

    client: KonnectClient
    has_person: bool
    births: Births | None = None


@dataclass(frozen=True, kw_only=True)
class Konnect:
    """Connects profiles: a real Konnect, or the demo.

    `is_read_only` holds for every profile. `actions` logs the changes and their results.
    `max_wait_seconds` is how long a request may wait for Konnect; None is for ever. `last` keeps
    the last snapshot of each profile for the next run; None keeps and shows none.
    """

    read_token: ReadToken
    transport: Callable[[], httpx.AsyncBaseTransport | None]
    env: Environment
    is_read_only: bool
    actions: ActionLog | None = None
    max_wait_seconds: float | None = None
    last: LastSnapshots | None = None

    async def connect(
        self,
        profile: Profile,
        *,
        on_change: Callable[[Snapshot], None] = ignore_change,
        on_wait: Callable[[float, str], None],
        aside: Aside = nullcontext,
    ) -> Org:
        """The organisation of the profile's token; nothing is sent yet.

        Raises ProfileError when there is no token, KonnectError for settings that cannot be used.
        """
        token = await self._token(profile, aside=aside)
        from sa_tui.org.store import Org
        from sa_tui.profiles.sources import notices

        opened = self._opened(profile, token, on_wait=on_wait)
        org = Org(
            opened.client,
            now=self.env.now,
            on_change=on_change,
            has_person=opened.has_person,
            actions=self.actions,
            notices=notices(profile.source, environ=self.env.environ, home=self.env.home),
            births=opened.births,
            keep=self._keeper(profile, token),
        )
        if (old := self._old(profile, token)) is not None:
            org.recall(old)
        return org

    def _old(self, profile: Profile, token: SecretStr) -> Snapshot | None:
        """What an earlier run read with this token, if it is to be shown."""
        if self.last is None or not profile.keep_snapshot:
            return None
        saved = self.last.read(
            profile=profile.name,
            base_url=profile.base_url,
            source=repr(profile.source),
            token=token,
        )
        if saved is None:
            return None
        from sa_tui.org.aging import aged

        return aged(saved.snapshot)

    def _keeper(
        self, profile: Profile, token: SecretStr
    ) -> Callable[[Snapshot, datetime], None] | None:
        """What keeps a snapshot for the next run; where none is wanted, the one before goes."""
        if (last := self.last) is None:
            return None
        if not profile.keep_snapshot:
            last.forget(profile=profile.name, base_url=profile.base_url)
            return None

        def keep(snapshot: Snapshot, taken_at: datetime) -> None:
            import sa_tui
            from sa_tui.org.saved.model import Saved

            saved = Saved(
                snapshot=snapshot,
                taken_at=taken_at,
                profile=profile.name,
                base_url=profile.base_url,
                program_version=sa_tui.__version__,
                is_complete=False,
            )
            last.keep(saved, source=repr(profile.source), token=token)

        return keep

    async def open(
        self,
        profile: Profile,
        *,
        on_wait: Callable[[float, str], None],
        aside: Aside = nullcontext,
    ) -> OpenClient:
        """The client alone. Raises as `connect`."""
        token = await self._token(profile, aside=aside)
        return self._opened(profile, token, on_wait=on_wait)

    async def _token(self, profile: Profile, *, aside: Aside) -> SecretStr:
        token = await self.read_token(profile, aside=aside)
        self.env.secrets.append(token)  # child processes do not get it, under any name
        return token

    def _opened(
        self, profile: Profile, token: SecretStr, *, on_wait: Callable[[float, str], None]
    ) -> OpenClient:
        from sa_tui.konnect.client import KonnectClient
        from sa_tui.konnect.proxies import proxies_of
        from sa_tui.konnect.settings import Settings

        client = KonnectClient(
            token,
            Settings(
                base_url=profile.base_url,
                regional_url=profile.regional_url,
                page_size=profile.page_size,
                timeout_seconds=profile.timeout_seconds,
                concurrency=profile.concurrency,
                read_only=profile.read_only or self.is_read_only,
                ca_bundle=profile.ca_bundle,
                proxies=proxies_of(self.env.environ),
                max_wait_seconds=self.max_wait_seconds,
                transport=self.transport(),
                sleep=self.env.sleep,
                monotonic=self.env.monotonic,
                now=self.env.now,
                on_wait=lambda wait: on_wait(wait.seconds, wait.reason),
                on_exchange=None if self.actions is None else self.actions.exchanged,
            ),
        )
        # Konnect refuses to tell a system account's token whose it is.
        has_person = not token.get_secret_value().startswith(SYSTEM_ACCOUNT_PREFIX)
        births = self._births(profile, token, on_wait=on_wait)
        return OpenClient(client=client, has_person=has_person, births=births)

    def _births(
        self, profile: Profile, token: SecretStr, *, on_wait: Callable[[float, str], None]
    ) -> Births | None:
        """What starts the processes for new secrets; None for a Konnect inside this process."""
        if self.transport() is not None or profile.read_only or self.is_read_only:
            return None
        from dataclasses import asdict

        from sa_tui.handover.process import scrubbed
        from sa_tui.konnect.proxies import proxies_of
        from sa_tui.org.births import Births

        return Births(
            token,
            settings={
                "base_url": profile.base_url,
                "regional_url": profile.regional_url,
                "timeout_seconds": profile.timeout_seconds,
                "ca_bundle": None if profile.ca_bundle is None else str(profile.ca_bundle),
                "proxies": asdict(proxies_of(self.env.environ)),
                "max_wait_seconds": self.max_wait_seconds,
            },
            environ=scrubbed(self.env.child_environ),
            on_wait=on_wait,
            on_exchange=None if self.actions is None else self.actions.exchanged,
        )


def real_konnect(env: Environment, *, is_read_only: bool) -> Konnect:
    """Connects profiles to the Konnect that they name, with the token from their source."""

    async def read(profile: Profile, *, aside: Aside) -> SecretStr:
        from sa_tui.profiles.sources import read_token

        environ, home = env.environ, env.home
        if isinstance(profile.source, CommandSource):
            with aside():  # a command may ask something on the terminal
                return read_token(
                    profile.source, environ=environ, home=home, run=_command_runner(env)
                )
        return await asyncio.to_thread(
            partial(
                read_token,
                profile.source,
                environ=environ,
                home=home,
                base_url=profile.base_url,
            )
        )

    return Konnect(
        read_token=read,
        transport=lambda: env.transport,
        env=env,
        is_read_only=is_read_only,
    )


def _command_runner(env: Environment) -> Callable[..., CompletedProcess[bytes]]:
    """The function that runs a token command: on the terminal, if there is one."""
    if not env.stderr.isatty() or current_thread() is not main_thread():
        return subprocess.run
    from sa_tui.profiles.waiting import run_on_terminal

    return partial(run_on_terminal, out=env.stderr)


def demo_konnect(options: Namespace, env: Environment, *, is_read_only: bool) -> Konnect:
    """Connects every profile to one demo organisation, which is built at the first connection."""
    latency_seconds = getattr(options, "latency", 0) / 1000

    @cache
    def fake() -> FakeKonnect:
        return build_fake(options, now=env.now)

    async def read(*_: object, **__: object) -> SecretStr:
        from pydantic import SecretStr

        return SecretStr(fake().operator_token)

    return Konnect(
        read_token=read,
        transport=lambda: fake().transport(latency_seconds=latency_seconds, sleep=env.sleep),
        env=env,
        is_read_only=is_read_only,
    )


def build_fake(options: Namespace, *, now: Callable[[], datetime]) -> FakeKonnect:
    """The demo Konnect that the command line asks for, with its faults injected."""
    from sa_tui.demo.konnect import FakeKonnect
    from sa_tui.demo.seed import build_organisation

    organisation = build_organisation(
        now(),
        seed=getattr(options, "seed", 1),
        accounts=getattr(options, "accounts", None),
        odd=hasattr(options, "odd"),
    )
    fake = FakeKonnect(organisation, clock=now)
    for fault in faults_of(options):
        fake.inject(fault)
    return fake


@dataclass(frozen=True)
class DemoSource(EnvSource):
    """A token source that is never read: the demo organisation comes with its token."""

    variable: str = "SA_TUI_DEMO"

    def describe(self) -> str:
        """Where the token comes from, on one line."""
        return "the demo organisation itself"


def demo_profile() -> Profile:
    """The profile of the demo organisation; its address leads nowhere."""
    return Profile(DEMO, source=DemoSource(), label="DEMO", base_url=DEMO_ADDRESS)


def action_log(path: Path, *, now: Callable[[], datetime]) -> ActionLog:
    """The log of the changes of this run, also written to the file at `path`."""
    from sa_tui.org.log import ActionLog
    from sa_tui.records.actions_file import ActionsFile

    # In a container every run may have the same host and process id.
    run = f"{socket.gethostname()}/{os.getpid()}-{token_hex(4)}"
    file = ActionsFile(path, run=run)
    return ActionLog(
        now=now, keep=lambda action: file.append(action.as_record()), earlier=file.earlier
    )


def journal_in(directory: Path, *, now: Callable[[], datetime]) -> Journal:
    """The journal of hand-overs in this directory."""
    from sa_tui.records.journal import FILE_NAME, Journal

    return Journal(directory / FILE_NAME, now=now, pid=os.getpid(), host=socket.gethostname())
