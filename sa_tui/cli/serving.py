"""Serves the demo organisation on a loopback socket until a signal ends it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.cli.answers import put_facts
from sa_tui.cli.connections import build_fake
from sa_tui.cli.exits import Exit
from sa_tui.demo.serve import serving

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import Environment
    from sa_tui.demo.serve import Address


def run_serve(options: Namespace, env: Environment) -> int:
    """Serves until a signal ends it. Raises ServeError, and Interrupted at the end."""
    env.signals.run(_serve(options, env))
    return Exit.DONE  # not reached: Interrupted ends it


async def _serve(options: Namespace, env: Environment) -> None:
    fake = build_fake(options, now=env.now)
    latency_seconds = getattr(options, "latency", 0) / 1000
    async with serving(fake, port=options.port, latency_seconds=latency_seconds) as address:
        _announce(address, options, env)
        await asyncio.Event().wait()


def _announce(address: Address, options: Namespace, env: Environment) -> None:
    if options.output == "json":
        head = env.run.head(read_at=env.now())
        put_facts(env, head, {**address}, one_line=True)
    else:
        env.put(f"base URL      {address['base_url']}")
        env.put(f"regional URL  {address['regional_url']}")
        env.put(f"token         {address['token']}")
    # A program that reads this through a pipe is waiting for it.
    env.stdout.flush()
    env.tell("The demo organisation is served on this machine only. Press Ctrl+C to stop.")
