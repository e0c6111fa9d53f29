"""Tokens whose secret this process never gets: a real Konnect on a socket, real processes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from sa_tui.handover.command import CommandDestination
from sa_tui.handover.file import FileDestination
from sa_tui.konnect.errors import Conflict, Forbidden, KonnectError, NotFound, RateLimited
from sa_tui.org.bearing import issue_apart
from sa_tui.org.issuing import Issued, Lost, NotIssued, Order
from sa_tui.org.store import Org
from sa_tui.records.journal import Journal
from tests.served import ENVIRON, connected, digest_of, in_own_memory, serve


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, Any]]:
    """A demo Konnect in a process of its own: here is nothing of what it knows."""
    yield from serve()


@pytest.fixture
def exchanges() -> list[Any]:
    return []


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    path = tmp_path / "state" / "handover.jsonl"
    return Journal(path, now=lambda: datetime.now(UTC), pid=2**22 + 1, host="jump")


@pytest.fixture
async def org(server: dict[str, Any], exchanges: list[Any]) -> Any:
    async with connected(server, exchanges=exchanges) as org:
        yield org


async def order_for(org: Org, destination: Any, name: str) -> Order:
    await org.load()
    account = org.snapshot.accounts.rows[0]
    organization = org.snapshot.organization.value
    return Order(
        account_id=account.id,
        account_name=account.name,
        name=name,
        expires_at=datetime.now(UTC).replace(microsecond=0) + timedelta(days=1),
        destination=destination,
        profile="demo",
        base_url="http://127.0.0.1",
        organization_id=organization.id if organization else None,
        organization_name="Meridian",
    )


def command(*argv: str, **options: Any) -> CommandDestination:
    return CommandDestination(argv, environ=ENVIRON, **options)


def shell(script: str, **options: Any) -> CommandDestination:
    return command("sh", "-c", script, **options)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
async def test_the_secret_of_a_file_is_never_in_the_memory_of_this_process(
    org: Org, server: dict[str, Any], journal: Journal, tmp_path: Path, exchanges: list[Any]
) -> None:
    """Broken when the token is issued here, as `issue` does it."""
    path = tmp_path / "t"
    order = await order_for(org, FileDestination(path), "apart")

    result = await issue_apart(order, org=org, journal=journal)

    assert isinstance(result, Issued), result
    size = path.stat().st_size
    assert not in_own_memory(digest_of(path), size)
    operator = server["token"]
    known = re.sub("^[a-z]+_", "spat_", operator)  # the search finds what is here
    assert in_own_memory(hashlib.sha256(known.encode()).hexdigest(), len(known))

    assert result.secret is None
    assert result.delivery is not None
    assert result.delivery.status == "delivered"
    assert "POST" in [exchange.method for exchange in exchanges]
    (entry,) = journal.unfinished()
    assert entry.label.token_id == result.access_token.id
    assert "Written to" in str(entry.delivery)
    assert list(journal.by_fingerprint()) == [digest_of(path)]
    details = org.snapshot.details_of(order.account_id)
    assert details.tokens.value is None or result.access_token in details.tokens.rows
    assert await FileDestination(path).remove(result.delivery.digest) == f"{path} is removed."


async def test_a_command_gets_it_and_it_is_proved_in_the_other_process(
    org: Org, journal: Journal, tmp_path: Path
) -> None:
    order = await order_for(org, shell(f"cat > {tmp_path}/got"), "proved")

    result = await issue_apart(order, org=org, journal=journal, prove=True)

    assert isinstance(result, Issued)
    assert (result.secret, result.proof) == (None, "")
    assert (tmp_path / "got").read_text().startswith("spat_")
    await org.verify(SecretStr((tmp_path / "got").read_text()))


async def test_a_secret_that_was_not_delivered_comes_here_because_nobody_has_it(
    org: Org, journal: Journal
) -> None:
    order = await order_for(org, shell("cat >/dev/null; exit 3"), "undelivered")

    result = await issue_apart(order, org=org, journal=journal)

    assert isinstance(result, Issued)
    assert result.delivery is not None
    assert "failed with exit code 3" in result.delivery.message
    assert result.secret is not None
    await org.verify(result.secret)
    assert result.secret.get_secret_value() not in journal.path.read_text()


async def test_the_operators_token_is_in_no_argument_and_no_variable(
    org: Org, server: dict[str, Any], journal: Journal, tmp_path: Path
) -> None:
    script = f"cat >/dev/null; cat /proc/$PPID/cmdline /proc/$PPID/environ > {tmp_path}/seen; env"
    order = await order_for(org, shell(script), "seen")

    result = await issue_apart(order, org=org, journal=journal)

    assert isinstance(result, Issued)
    assert b"birthplace" in (tmp_path / "seen").read_bytes()
    assert server["token"].encode() not in (tmp_path / "seen").read_bytes()
    assert result.delivery is not None
    assert server["token"] not in result.delivery.detail


async def test_a_process_that_dies_with_the_secret_leaves_a_token_that_is_told(
    org: Org, journal: Journal
) -> None:
    order = await order_for(org, shell("cat >/dev/null; kill -9 $PPID"), "killed")

    result = await issue_apart(order, org=org, journal=journal)

    assert isinstance(result, Lost)
    assert "ended without an answer" in result.reason
    assert "Nobody has its secret, unless it arrived at command sh" in result.found_out
    assert result.label.token_id is not None
    (entry,) = journal.unfinished()
    assert entry.label.token_id == result.label.token_id


async def test_a_process_that_cannot_start_creates_nothing(
    server: dict[str, Any], journal: Journal, tmp_path: Path
) -> None:
    exchanges: list[Any] = []
    environ = ENVIRON | {"PYTHONHOME": str(tmp_path / "nowhere")}
    async with connected(server, environ=environ, exchanges=exchanges) as org:
        order = await order_for(org, FileDestination(tmp_path / "t"), "never")
        result = await issue_apart(order, org=org, journal=journal)
        assert isinstance(result, NotIssued)
        assert "the process for the secret cannot run" in result.reason
        assert (await org.tokens_named(order.account_id, "never")).rows == ()
    assert journal.unfinished() == ()


async def test_what_cannot_be_is_refused_before_the_process_is_asked(
    org: Org, journal: Journal, tmp_path: Path, exchanges: list[Any]
) -> None:
    order = await order_for(org, FileDestination(tmp_path / "missing" / "t"), "refused")

    result = await issue_apart(order, org=org, journal=journal)

    assert isinstance(result, NotIssued)
    assert exchanges == []


async def test_what_konnect_refuses_is_told_in_its_words(
    org: Org, journal: Journal, tmp_path: Path
) -> None:
    order = await order_for(org, FileDestination(tmp_path / "t"), "gone")
    order = replace(order, account_id="00000000-0000-0000-0000-000000000000")
    await asyncio.sleep(0)

    result = await issue_apart(order, org=org, journal=journal)

    assert isinstance(result, NotIssued)
    assert isinstance(result.error, NotFound)
    assert "404" in result.reason
    assert journal.unfinished() == ()
    assert not (tmp_path / "t").exists()


@pytest.fixture
def hanging(tmp_path: Path) -> tuple[CommandDestination, Callable[[], Any]]:
    """A command that hangs, and what waits until it runs and says its id."""
    pid = tmp_path / "pid"

    async def running() -> int:
        while not pid.exists() or not pid.read_text().endswith("\n"):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        return int(pid.read_text())

    async def soon() -> int:
        return await asyncio.wait_for(running(), timeout=30)

    return shell(f"cat >/dev/null; echo $$ > {pid}; exec sleep 600"), soon


async def test_a_delivery_that_is_stopped_kills_the_command_and_gives_the_secret(
    org: Org, journal: Journal, hanging: tuple[CommandDestination, Callable[[], Any]]
) -> None:
    destination, running = hanging
    stop = asyncio.Event()
    work = asyncio.create_task(
        issue_apart(await order_for(org, destination, "stop"), org=org, journal=journal, stop=stop)
    )
    pid = await running()
    stop.set()
    result = await work

    assert isinstance(result, Issued)
    assert result.delivery is not None
    assert "Stopped. It may have kept the token" in result.delivery.message
    assert result.secret is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_an_application_that_goes_takes_the_command_with_it(
    org: Org, journal: Journal, hanging: tuple[CommandDestination, Callable[[], Any]]
) -> None:
    destination, running = hanging
    order = await order_for(org, destination, "leave")
    work = asyncio.create_task(issue_apart(order, org=org, journal=journal))
    pid = await running()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    (entry,) = journal.unfinished()
    assert entry.label.token_id is not None


async def test_a_lost_answer_is_looked_for_and_not_sent_again(
    journal: Journal, tmp_path: Path
) -> None:
    exchanges: list[Any] = []
    fault = "cut-after:POST:/v3/system-accounts/*/access-tokens"
    for server in serve("--fault", fault):
        async with connected(server, exchanges=exchanges) as org:
            order = await order_for(org, FileDestination(tmp_path / "t"), "lost")
            result = await issue_apart(order, org=org, journal=journal)
            assert isinstance(result, Lost)
            assert result.label.token_id is not None
            assert [each.method for each in exchanges].count("POST") == 1
            assert not (tmp_path / "t").exists()


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


KILLED = """
import asyncio, json, sys
from datetime import UTC, datetime
from pathlib import Path
from sa_tui.konnect.errors import Conflict, Forbidden, KonnectError, NotFound, RateLimited
from sa_tui.org.bearing import issue_apart
from sa_tui.records.journal import Journal
from tests.org.test_bearing import order_for, shell
from tests.served import connected

async def main(server, script, journal):
    async with connected(server, exchanges=[]) as org:
        order = await order_for(org, shell(script), "with the application")
        await issue_apart(order, org=org, journal=journal)

journal = Journal(Path(sys.argv[3]), now=lambda: datetime.now(UTC), pid=2**22 + 1, host="jump")
asyncio.run(main(json.loads(sys.argv[1]), sys.argv[2], journal))
"""


async def test_an_application_that_is_killed_takes_the_command_with_it(
    server: dict[str, Any],
    journal: Journal,
    hanging: tuple[CommandDestination, Callable[[], Any]],
) -> None:
    """Broken when the other process does not watch its standard input."""
    destination, running = hanging
    application = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, json.dumps(server), destination.argv[2]),
        str(journal.path),
        cwd=Path(__file__).parents[2],
    )
    pid = await running()
    application.kill()
    await application.wait()

    while is_there(pid):  # noqa: ASYNC110 - it is killed by a process that nobody waits for
        await asyncio.sleep(0.005)
    (entry,) = journal.unfinished()
    assert entry.label.token_id is not None


@pytest.mark.parametrize(
    ("kind", "error"), [("403", Forbidden), ("409", Conflict), ("429", RateLimited)]
)
async def test_an_error_of_the_process_is_of_the_kind_that_konnect_gave_it(
    kind: str, error: type[KonnectError], journal: Journal, tmp_path: Path
) -> None:
    for server in serve("--fault", f"{kind}:POST:*:*"):
        async with connected(server, exchanges=[], max_wait_seconds=0.1) as org:
            order = await order_for(org, FileDestination(tmp_path / "t"), "refused")
            result = await issue_apart(order, org=org, journal=journal)

    assert isinstance(result, NotIssued)
    assert type(result.error) is error
    assert kind in result.reason
