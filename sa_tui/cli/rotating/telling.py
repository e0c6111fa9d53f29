"""Tells a command of the operator's what happened, as JSON on its standard input; without a shell.

The rule it keeps: a command that fails is reported, and stops no rotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.formats import json_text
from sa_tui.handover.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.answers.records import Record

SECONDS = 30.0
"""How long the command may take."""


async def tell_event(argv: tuple[str, ...], event: Record, *, environ: Mapping[str, str]) -> str:
    """Runs the command with the event; returns what went wrong, or nothing."""
    try:
        ended = await run(
            argv,
            text=json_text(event, one_line=True, is_ascii=True) + "\n",
            secret="",
            environ=environ,
            timeout_seconds=SECONDS,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return f"on_event: {argv[0]} could not be started: {reason}."
    if ended.code == 0:  # it need not read all of it
        return ""
    output = f" {ended.output}" if ended.output else ""
    return f"on_event: {argv[0]} {ended.how}.{output}"
