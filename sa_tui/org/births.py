"""A short-lived process for one new secret, seen from the application, which never gets the secret.

The rule it keeps: whatever becomes of that process, the application knows whether the request may
have been sent. The operator's token goes to it through a pipe, never in an argument or a variable.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import sa_tui
from sa_tui.konnect.errors import KonnectError, Unreachable, rejection_type
from sa_tui.konnect.models import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

    Message = dict[str, Any]

START_SECONDS = 30.0
"""How long the process may take until it can take an order: far longer than it needs."""
END_SECONDS = 5.0
"""How long the process may take to end, and to kill what it runs, before it is killed itself."""
MARGIN_SECONDS = 60.0
"""How much longer than its delivery may take the process is waited for."""

_LINE_BYTES = 2**20
# `-P` keeps the working directory out of the search for modules: somebody else's file could be
# there. Where the package is not installed, its directory comes last.
_CODE = "import sys; sys.path.append(sys.argv[1]); import sa_tui.org.birthplace as b; b.main()"


class HelperEndedError(Exception):
    """The process ended, or did not answer in time; the message says which."""


class Births:
    """Starts such processes for one organisation.

    `settings` are those of the client as JSON has them, `environ` has no token of Konnect.
    """

    def __init__(
        self,
        token: SecretStr,
        *,
        settings: Mapping[str, object],
        environ: Mapping[str, str],
        on_wait: Callable[[float, str], None],
        on_exchange: Callable[[Exchange], None] | None,
    ) -> None:
        self._token = token
        self._settings = settings
        self.environ = environ
        self.on_wait = on_wait
        self.on_exchange = on_exchange
        self._helpers: set[Helper] = set()

    def helper(self) -> Helper:
        """A process that is started by `async with`, and has ended afterwards."""
        helper = Helper(self)
        self._helpers.add(helper)
        return helper

    def forget(self, helper: Helper) -> None:
        """Forgets a process that has ended."""
        self._helpers.discard(helper)

    def stop_waiting(self) -> None:
        """Makes requests that wait for Konnect fail; none of them is sent."""
        for helper in self._helpers:
            helper.send({"do": "stop waiting"})

    def order(self, request: Mapping[str, object], **more: object) -> Message:
        """The message that orders a token, with the operator's own in it."""
        token = self._token.get_secret_value()
        return {"settings": dict(self._settings), "token": token, "request": request, **more}


class Helper:
    """One process, for one order."""

    def __init__(self, births: Births) -> None:
        self._births = births
        self._process: asyncio.subprocess.Process | None = None
        self._problem = ""

    async def __aenter__(self) -> Self:
        """Starts the process, which gets ready meanwhile; `ready` says whether it could."""
        parent = str(Path(sa_tui.__file__).parent.parent)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-c", _CODE, parent),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=dict(self._births.environ),
                start_new_session=True,  # no key of the terminal is a signal to it
                limit=_LINE_BYTES,
            )
        except OSError as error:
            self._problem = error.strerror or str(error)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends the process: it kills what it runs once its standard input is closed."""
        self._births.forget(self)
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()

    async def ready(self) -> str:
        """Waits until it can take the order; says why it cannot, or nothing."""
        if self._problem:
            return self._problem
        try:
            async with asyncio.timeout(START_SECONDS):
                event = await self._next()
        except HelperEndedError as error:
            return str(error)
        except TimeoutError:
            return "it does not get ready"
        return "" if event["event"] == "ready" else "it says something that nobody expects"

    async def created(self, order: Message) -> Message:
        """Gives it the order; returns the `access_token` made, and its secret's `fingerprint`.

        Raises KonnectError; with `outcome_unknown` when the process ends without an answer.
        """
        self.send(order)
        try:
            while True:
                event = await self._next()
                if event["event"] == "created":
                    return event
                if event["event"] == "refused":
                    raise _error(**event["error"])
        except HelperEndedError as error:
            text = f"The process that asked for the token {error}"
            raise KonnectError(text, outcome_unknown=True) from None

    async def delivered(self, *, stop: asyncio.Event | None, within_seconds: float) -> Message:
        """What became of the delivery. `stop` ends it. Raises HelperEndedError."""
        stopping = asyncio.create_task(self._pass_on(stop)) if stop is not None else None
        try:
            async with asyncio.timeout(within_seconds + MARGIN_SECONDS):
                while True:
                    event = await self._next()
                    if event["event"] == "delivered":
                        return event
        except TimeoutError:
            raise HelperEndedError("does not answer") from None
        finally:
            if stopping is not None:
                stopping.cancel()

    async def _pass_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.send({"do": "stop"})

    def send(self, message: Message) -> None:
        """Writes a message to the process, which may be gone."""
        process = self._process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(json.dumps(message).encode() + b"\n")

    async def _next(self) -> Message:
        """The next event that is for the caller; passes on the others. Raises HelperEndedError."""
        process = self._process
        if process is None or process.stdout is None:
            raise HelperEndedError("is not there")
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # longer than anything it says
                line = b""
            if not line.endswith(b"\n"):
                raise HelperEndedError("ended without an answer")
            event: Message = json.loads(line)
            if event["event"] == "wait":
                self._births.on_wait(event["seconds"], event["reason"])
            elif event["event"] == "exchange":
                if self._births.on_exchange is not None:
                    self._births.on_exchange(Exchange(**event["exchange"]))
            else:
                return event


def _error(*, text: str, status: int | None, is_unreachable: bool, **facts: Any) -> KonnectError:
    """The error that the process has met, of the same kind."""
    if status is None:
        if is_unreachable:
            del facts["trace"]  # nobody has answered
            return Unreachable(text, **facts)
        return KonnectError(text, **facts)
    error = rejection_type(status)(status, **facts)
    error.text = text
    return error
