"""Real sockets: certificates are verified, proxies are used, plain http meets none."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import struct
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.konnect import requests
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import Misconfigured, Unreachable
from sa_tui.konnect.proxies import proxies_of
from sa_tui.konnect.settings import Settings
from sa_tui.konnect.transport import tls_context, trust

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TLS = Path(__file__).parent / "tls"
AUTHORITY = TLS / "authority.pem"
OLD_AUTHORITY = TLS / "old_authority.pem"
BODY = b'{"id": "o", "name": "Acme"}'
ANSWER = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(BODY), BODY)
REFUSAL = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"


@asynccontextmanager
async def listening(
    answer: bytes, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on loopback that gives every request the same answer; its port and request lines."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        received.append(head.split(b"\r\n")[0])
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], received


def server_tls(name: str = "server.pem") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / name)
    return context


async def no_waiting(_: float) -> None:
    await asyncio.sleep(0)


def client_for(address: str, *, ca_bundle: Path | None = None) -> KonnectClient:
    return KonnectClient(
        SecretStr("spat_a"),
        Settings(base_url=address, regional_url=address, ca_bundle=ca_bundle, sleep=no_waiting),
    )


async def test_a_certificate_of_the_named_authority_is_trusted() -> None:
    async with (
        listening(ANSWER, tls=server_tls()) as (port, _),
        client_for(f"https://localhost:{port}", ca_bundle=AUTHORITY) as client,
    ):
        assert (await client.get_organization()).name == "Acme"


async def test_a_certificate_of_an_unknown_authority_is_refused_at_once() -> None:
    async with (
        listening(ANSWER, tls=server_tls()) as (port, received),
        client_for(f"https://localhost:{port}") as client,
    ):
        with pytest.raises(Unreachable, match="not trusted") as caught:
            await client.get_organization()
    assert received == []
    assert "CA bundle" in caught.value.advice


async def test_a_certificate_for_another_name_is_refused() -> None:
    async with (
        listening(ANSWER, tls=server_tls()) as (port, received),
        client_for(f"https://127.0.0.1:{port}", ca_bundle=AUTHORITY) as client,
    ):
        with pytest.raises(Unreachable, match=r"not trusted.*127\.0\.0\.1") as caught:
            await client.get_organization()
    assert received == []
    assert caught.value.advice.startswith("Check the addresses in the profile")


@pytest.mark.parametrize(
    ("certificate", "advice"),
    [
        ("old_expired.pem", "Check this machine's clock"),
        ("server.pem", f"See that {OLD_AUTHORITY}"),
    ],
)
async def test_whoever_named_a_bundle_is_not_told_to_name_one(
    certificate: str, advice: str
) -> None:
    async with (
        listening(ANSWER, tls=server_tls(certificate)) as (port, _),
        client_for(f"https://localhost:{port}", ca_bundle=OLD_AUTHORITY) as client,
    ):
        with pytest.raises(Unreachable, match="not trusted") as caught:
            await client.get_organization()
    assert caught.value.advice.startswith(advice)


def strict() -> ssl.SSLContext:
    """What Python makes of its own from 3.13 on."""
    context = ssl.create_default_context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


async def handshake(context: ssl.SSLContext, certificate: str, *, host: str = "localhost") -> None:
    """Connects to a server with this certificate; raises SSLCertVerificationError."""
    async with listening(ANSWER, tls=server_tls(certificate)) as (port, _):
        _, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname=host
        )
        writer.close()


async def test_an_authority_of_the_old_kind_is_trusted_when_the_operator_names_it() -> None:
    # It does not mark its basic constraints as critical, as Python 3.13 asks for.
    context = strict()
    context.load_verify_locations(OLD_AUTHORITY)
    with pytest.raises(ssl.SSLCertVerificationError, match="critical"):
        await handshake(context, "old_server.pem")
    context = strict()
    trust(context, OLD_AUTHORITY)
    await handshake(context, "old_server.pem")
    async with (
        listening(ANSWER, tls=server_tls("old_server.pem")) as (port, _),
        client_for(f"https://localhost:{port}", ca_bundle=OLD_AUTHORITY) as client,
    ):
        assert (await client.get_organization()).name == "Acme"


async def test_under_an_authority_of_the_old_kind_all_else_is_verified() -> None:
    context = strict()
    trust(context, OLD_AUTHORITY)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        await handshake(context, "old_server.pem", host="konnect.example")
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        await handshake(context, "old_expired.pem")
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        await handshake(context, "server.pem")


def test_without_a_bundle_of_the_operators_own_python_decides() -> None:
    assert tls_context(None).verify_flags == ssl.create_default_context().verify_flags


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_a_ca_bundle_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(Misconfigured, match=r"bundle\.pem cannot be read") as caught:
        client_for("https://localhost", ca_bundle=bundle)
    assert "_ssl.c" not in str(caught.value)


async def test_a_refused_connection_is_told_as_such() -> None:
    async with listening(ANSWER) as (port, _):
        pass
    async with client_for(f"http://127.0.0.1:{port}") as client:
        with pytest.raises(Unreachable, match="No connection: Connection refused") as caught:
            await client.send(requests.delete_team("T"))
    assert not caught.value.outcome_unknown


PROGRAM = """
import asyncio, os, sys
from pydantic import SecretStr
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.konnect.errors import KonnectError
from sa_tui.konnect.proxies import proxies_of

async def main():
    address, token = sys.argv[1], SecretStr("spat_a")
    proxies = proxies_of(os.environ)
    async with KonnectClient(
        token, Settings(base_url=address, regional_url=address, proxies=proxies)
    ) as client:
        try:
            print((await client.get_organization()).name)
        except KonnectError as error:
            print(error)

asyncio.run(main())
"""


async def run_behind_proxy(address: str, proxy_port: int, **more: str) -> str:
    """What a program prints that asks the address with proxies set in its environment."""
    proxy = f"http://someone:hunter2@127.0.0.1:{proxy_port}"
    environ = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environ |= {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "ALL_PROXY": proxy, **more}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, address, env=environ, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await program.communicate()
    return printed.decode()


async def test_a_connection_that_broke_is_told_in_the_words_of_the_system() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        not_at_all = struct.pack("ii", 1, 0)
        tcp = writer.get_extra_info("socket")
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, not_at_all)
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, client_for(f"http://127.0.0.1:{port}") as client:
        with pytest.raises(Unreachable, match="was lost: Connection reset by peer") as caught:
            await client.send(requests.delete_team("T"))
    assert caught.value.outcome_unknown


async def test_https_goes_through_the_proxy_of_the_environment() -> None:
    async with listening(REFUSAL) as (port, received):
        printed = await run_behind_proxy("https://konnect.invalid", port)
    assert received == [b"CONNECT konnect.invalid:443 HTTP/1.1"]
    assert "The proxy refused: 407 Proxy Authentication Required" in printed
    assert "hunter2" not in printed


async def test_plain_http_on_loopback_never_meets_a_proxy() -> None:
    async with listening(REFUSAL) as (proxy_port, proxied), listening(ANSWER) as (port, received):
        printed = await run_behind_proxy(f"http://127.0.0.1:{port}", proxy_port)
    assert printed == "Acme\n"
    assert (proxied, received) == ([], [b"GET /v3/organizations/me HTTP/1.1"])


def test_the_keys_of_a_session_are_written_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))

    assert tls_context(None).keylog_filename is None


@pytest.mark.parametrize("no_proxy", ["localhost,fd00::/8", "[::1]", "10.0.0.0/8, ,x y", "::/0"])
async def test_an_entry_of_no_proxy_that_cannot_be_used_stops_nothing(no_proxy: str) -> None:
    async with listening(REFUSAL) as (port, received):
        printed = await run_behind_proxy("https://konnect.invalid", port, NO_PROXY=no_proxy)
    assert received == [b"CONNECT konnect.invalid:443 HTTP/1.1"]
    assert "The proxy refused" in printed


@pytest.mark.parametrize("proxy", ["not a url", "ftp://x", "http://[", "socks5://x"])
async def test_plain_http_on_loopback_asks_for_no_proxy_that_could_be_used(proxy: str) -> None:
    async with listening(ANSWER) as (port, _):
        proxies = proxies_of({"HTTPS_PROXY": proxy, "NO_PROXY": "fd00::/8"})
        address = f"http://127.0.0.1:{port}"
        async with KonnectClient(
            SecretStr("spat_a"), Settings(base_url=address, regional_url=address, proxies=proxies)
        ) as client:
            assert (await client.get_organization()).name == "Acme"


async def test_what_no_proxy_names_is_asked_without_one() -> None:
    async with (
        listening(REFUSAL) as (proxy_port, proxied),
        listening(ANSWER, tls=server_tls()) as (port, received),
    ):
        proxies = proxies_of(
            {"https_proxy": f"127.0.0.1:{proxy_port}", "no_proxy": "fd00::/8,.localhost,localhost"}
        )
        address = f"https://localhost:{port}"
        async with KonnectClient(
            SecretStr("spat_a"),
            Settings(base_url=address, regional_url=address, ca_bundle=AUTHORITY, proxies=proxies),
        ) as client:
            assert (await client.get_organization()).name == "Acme"
    assert (len(received), proxied) == (1, [])
