"""The demo Konnect over a real loopback socket, with connections that really break."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from sa_tui.base.installing import install_command
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.serve import Address, ServeError, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BODY = {"name": "Made over a socket"}


@pytest.fixture
async def address(fake: FakeKonnect) -> AsyncIterator[Address]:
    async with serving(fake) as address:
        yield address


@pytest.fixture
async def remote(address: Address) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {address['token']}"}
    async with httpx.AsyncClient(
        base_url=address["base_url"], headers=headers, trust_env=False
    ) as client:
        yield client


async def test_serving_leaves_the_signals_of_its_caller_alone(fake: FakeKonnect) -> None:
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    async with serving(fake):
        assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before


def made(fake: FakeKonnect) -> bool:
    return bool(fake.organisation.teams.rows[-1]["name"] == BODY["name"])


async def raw_answer(address: Address, request: bytes) -> tuple[bytes, type[Exception] | None]:
    """What comes back on a bare TCP connection, and how it ends."""
    port = int(address["base_url"].rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        received, ending = await reader.read(), None
    except ConnectionResetError as error:
        received, ending = b"", type(error)
    writer.close()
    return received, ending


def post_a_team(address: Address) -> bytes:
    head = f"POST /v3/teams HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {address['token']}"
    return f'{head}\r\ncontent-length: 12\r\n\r\n{{"name":"x"}}'.encode()


async def test_the_announced_address_answers(
    remote: httpx.AsyncClient, address: Address, fake: FakeKonnect
) -> None:
    assert (await remote.get("/v3/organizations/me")).json() == fake.organisation.record
    planes = await remote.get(address["regional_url"].format(region="eu") + "/v2/control-planes")
    assert [row["name"] for row in planes.json()["data"]] == ["prod-eu", "staging-eu"]


async def test_only_its_own_tokens_are_accepted(
    remote: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    account_id = fake.account_named("token-minter")["id"]
    path = f"/v3/system-accounts/{account_id}/access-tokens"
    body = {"name": "fresh", "expires_at": "2026-06-01T00:00:00Z"}
    secret = (await remote.post(path, json=body)).json()["token"]
    for token, status in ((secret, 200), (secret[:-1], 401), ("spat_" + "x" * 50, 401)):
        headers = {"authorization": f"Bearer {token}"}
        assert (await remote.get(path, headers=headers)).status_code == status
    assert fake.tokens_of(account_id)[-1]["last_used_at"] == "2026-03-02T09:30:00Z"


async def test_queries_and_text_bodies_survive_the_wire(
    remote: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    found = await remote.get("/v3/system-accounts", params={"filter[name][contains]": "配送"})
    assert found.json()["meta"]["page"]["total"] == 1
    team_id, account_id = fake.add_team("x"), fake.account_named("[/foo]")["id"]
    joined = await remote.post(f"/v3/teams/{team_id}/system-accounts", json={"id": account_id})
    assert (joined.status_code, joined.text) == (201, "Created")
    gone = await remote.delete(f"/v3/teams/{team_id}/system-accounts/{account_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert "content-length" not in gone.headers


async def test_a_cut_before_closes_the_connection_and_changes_nothing(
    remote: httpx.AsyncClient, address: Address, fake: FakeKonnect
) -> None:
    fake.inject(Fault("cut-before", times=2))
    with pytest.raises(httpx.RemoteProtocolError):
        await remote.post("/v3/teams", json=BODY)
    assert not made(fake)
    assert await raw_answer(address, post_a_team(address)) == (b"", None)
    assert (await remote.post("/v3/teams", json=BODY)).status_code == 201


async def test_a_cut_after_resets_the_connection_when_the_change_is_made(
    remote: httpx.AsyncClient, address: Address, fake: FakeKonnect
) -> None:
    fake.inject(Fault("cut-after", times=2))
    with pytest.raises(httpx.ReadError):
        await remote.post("/v3/teams", json=BODY)
    assert made(fake)
    assert await raw_answer(address, post_a_team(address)) == (b"", ConnectionResetError)


async def test_a_cut_takes_only_its_own_connection(
    address: Address, remote: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    async with httpx.AsyncClient(headers=remote.headers, trust_env=False) as other:
        url = address["base_url"] + "/v3/teams"
        await other.get(url)
        fake.inject(Fault("cut-after", method="POST"))
        with pytest.raises(httpx.ReadError):
            await remote.post("/v3/teams", json=BODY)
        assert (await other.get(url)).status_code == 200


async def test_a_slow_body_trickles(remote: httpx.AsyncClient, fake: FakeKonnect) -> None:
    fake.inject(Fault("slow-body", slow_seconds=0.2))
    async with remote.stream("GET", "/v3/teams") as answer:
        parts = [part async for part in answer.aiter_raw()]
    assert len(parts) > 10


async def test_a_malformed_body_arrives_complete(
    remote: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    fake.inject(Fault("malformed"))
    answer = await remote.post("/v3/teams", json=BODY)
    assert answer.status_code == 201
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


async def test_closing_ends_every_connection_and_frees_the_port(fake: FakeKonnect) -> None:
    async with serving(fake) as address:
        port = int(address["base_url"].rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await reader.read() == b""
    writer.close()
    async with serving(fake, port=port) as again:
        assert again["base_url"] == address["base_url"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
async def test_it_listens_on_loopback_only(address: Address) -> None:
    port = int(address["base_url"].rpartition(":")[2])
    with socket.socket() as elsewhere:
        # Another address of this machine is free, so the server holds 127.0.0.1 alone.
        elsewhere.bind(("127.0.0.2", port))


@pytest.mark.parametrize("port", [65536, -1])
async def test_an_impossible_port_is_refused(fake: FakeKonnect, port: int) -> None:
    with pytest.raises(ServeError, match=f"Port {port} .* --port 0"):
        async with serving(fake, port=port):
            pass


async def test_a_port_in_use_is_refused(fake: FakeKonnect) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ServeError, match="cannot be used"),
    ):
        async with serving(fake, port=taken.getsockname()[1]):
            pass


def test_without_uvicorn_it_says_how_to_get_it() -> None:
    script = """
import asyncio, sys
sys.modules["uvicorn"] = None
from sa_tui.demo.serve import ServeError, serving
try:
    asyncio.run(serving(None).__aenter__())
except ServeError as error:
    print(error)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30
    )
    assert install_command("uvicorn") in ended.stdout
    assert ended.stderr == ""


def test_the_fake_itself_needs_neither_httpx_nor_uvicorn() -> None:
    script = """
import sys
import sa_tui.demo.konnect, sa_tui.demo.seed, sa_tui.demo.serve
print({"httpx", "uvicorn", "pydantic", "textual"} & set(sys.modules))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30
    )
    assert ended.stdout == "set()\n"
