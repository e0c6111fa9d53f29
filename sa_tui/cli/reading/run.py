"""Runs a reading command on the source that the command line names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Coroutine

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source


def answer(
    options: Namespace, env: Environment, work: Callable[[Source], Coroutine[object, object, int]]
) -> int:
    """Answers a command from its source; returns the exit code that `work` returns.

    Raises what the source raises: ProfileError, UsageError, KonnectError.
    """
    if hasattr(options, "from_file"):
        from sa_tui.cli.reading.file import answer_from_file

        return answer_from_file(options, env, work)
    from sa_tui.cli.reading.live import answer_live

    return answer_live(options, env, work)
