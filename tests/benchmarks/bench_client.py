"""How close 1,500 reads come to the ideal: requests x latency / concurrency.

Run by hand: `python tests/benchmarks/bench_client.py`. The server is a bare asyncio one in a
process of its own, so that its work does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import time
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

GOAL = 1.2
ACCOUNT = json.dumps({"id": "497f6eca-6276-4993-bfeb-53cbbbba6f08", "name": "ci-deployer"}).encode()
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
    len(ACCOUNT),
    ACCOUNT,
)


class _Server(asyncio.Protocol):
    """Answers every request of a connection after the latency, one after the other."""

    def __init__(self, latency_seconds: float) -> None:
        self._latency_seconds = latency_seconds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            _, self._received = self._received.split(b"\r\n\r\n", 1)
            asyncio.get_running_loop().call_later(
                self._latency_seconds, self._transport.write, ANSWER
            )


async def _serve(latency_seconds: float, pipe: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: _Server(latency_seconds), "127.0.0.1", 0
    )
    pipe.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


def _serve_process(latency_seconds: float, pipe: Connection) -> None:
    asyncio.run(_serve(latency_seconds, pipe))


async def _read(port: int, *, requests: int, workers: int) -> float:
    address = f"http://127.0.0.1:{port}"
    async with KonnectClient(
        SecretStr("spat_benchmark"),
        Settings(base_url=address, regional_url=address, concurrency=workers),
    ) as client:
        # Connections are made once in a session, before the operator notices.
        await asyncio.gather(*(client.accounts.get("warm-up") for _ in range(workers)))
        started = time.perf_counter()
        await asyncio.gather(*(client.accounts.get(str(n)) for n in range(requests)))
        return time.perf_counter() - started


def main() -> None:
    """Prints the ratio of each round and their median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1500)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--latency", type=float, default=40.0, metavar="MS")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    latency_seconds = options.latency / 1000
    ideal = options.requests * latency_seconds / options.workers
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=_serve_process, args=(latency_seconds, theirs), daemon=True
    )
    server.start()
    port = ours.recv()
    ratios = []
    for _ in range(options.rounds):
        wall = asyncio.run(_read(port, requests=options.requests, workers=options.workers))
        ratios.append(wall / ideal)
        print(f"{options.requests} reads, {options.workers} at once: {wall:.2f} s", end=", ")
        print(f"ideal {ideal:.2f} s, ratio {wall / ideal:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f} (goal: at most {GOAL})")
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
