"""Serves the demo organisation on a loopback socket until somebody ends it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.cli.answers import Head, put_facts
from sa_tui.cli.connections import build_fake
from sa_tui.cli.exits import Exit
from sa_tui.demo.serve import serving

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import World
    from sa_tui.demo.serve import Address


def run_serve(options: Namespace, world: World) -> int:
    """Serves until a signal ends it. Raises ServeError, and Interrupted in the end."""
    world.signals.run(_serve(options, world))
    return Exit.DONE  # never, as it serves until it is interrupted


async def _serve(options: Namespace, world: World) -> None:
    fake = build_fake(options, now=world.now)
    latency_seconds = getattr(options, "latency", 0) / 1000
    async with serving(fake, port=options.port, latency_seconds=latency_seconds) as address:
        _announce(address, options, world)
        await asyncio.Event().wait()


def _announce(address: Address, options: Namespace, world: World) -> None:
    if options.output == "json":
        head = Head(run=world.run, read_at=world.now())
        put_facts(world, head, {**address}, one_line=True)
    else:
        world.put(f"base URL      {address['base_url']}")
        world.put(f"regional URL  {address['regional_url']}")
        world.put(f"token         {address['token']}")
    # Whoever reads this through a pipe is waiting for it.
    world.stdout.flush()
    world.tell("The demo organisation is served on this machine alone. Ctrl+C ends it.")
