"""Writes data to stdout, as a table or as JSON, and messages to stderr."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line as shown
from sa_tui.base.times import end_of, time_left
from sa_tui.cli.columns import lay_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from sa_tui.cli.columns import TextColumn
    from sa_tui.cli.environment import Environment
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

NARROWEST_CELLS = 20

LONG_WAIT_SECONDS = 10.0
"""The message of a wait of this length says at what time it ends."""


def put_json(env: Environment, value: Mapping[str, object], *, one_line: bool = False) -> None:
    """Writes an object; times become ISO 8601 in UTC."""
    from sa_tui.answers.formats import json_text

    env.run.has_answered = True
    # Where stdout is not UTF-8, Python's escapes would break the JSON: it uses its own.
    env.put(json_text(value, one_line=one_line, is_ascii=not is_utf8(env.stdout)))


def put_table(
    env: Environment,
    columns: Sequence[TextColumn],
    rows: Sequence[Sequence[str]],
    *,
    is_whole: bool = False,
) -> None:
    """Writes a table: fitted to a terminal, unless `is_whole`; in full to anything else.

    A message names the columns that were left out.
    """
    safe = [[shown(text, limit=None) for text in row] for row in rows]
    layout = lay_out(columns, safe, width=None if is_whole else _width(env.stdout))
    for line in layout.lines:
        env.put(shown(line, limit=None))
    if layout.left_out:
        env.tell(
            f"no room for {', '.join(layout.left_out)}: "
            "a pipe, --all-columns or a wider terminal has it"
        )


def narrate_profile(env: Environment, profile: Profile) -> None:
    """Reports the profile, the address and the source of its token, with warnings about them.

    The address may come from the environment, where it is easily overlooked.
    """
    from sa_tui.profiles.sources import notices

    env.run.profile = profile.name
    mode = ", read-only" if profile.read_only else ""
    source = profile.source.describe()
    env.tell(f"profile {profile.name}{mode}, {profile.base_url}, token from {source}")
    for notice in notices(profile.source, environ=env.environ, home=env.home):
        env.warn(notice)


def narrate_clock(env: Environment, org: Org, *, is_needed: bool = False) -> None:
    """Warns when this machine's clock differs from Konnect's enough to change a decision.

    When it `is_needed`, also warns when Konnect's clock is not known.
    """
    if org.clock_difference:
        env.warn(org.clock_difference)
    elif is_needed and not org.knows_clock:
        env.warn("Konnect does not tell the time: this machine's clock is used.")


def narrate_wait(env: Environment, seconds: float, reason: str) -> None:
    """Reports how long Konnect makes a request wait."""
    if seconds > 0:
        is_long = seconds >= LONG_WAIT_SECONDS
        until = f", until {end_of(seconds, now=env.now())}" if is_long else ""
        env.tell(f"waiting {time_left(seconds)}{until}: {reason}")


def abandon_stdout(env: Environment) -> None:
    """Drops what stdout has buffered: Python fails at exit when it cannot write it."""
    if env.stdout is sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_utf8(stream: TextIO) -> bool:
    """Whether every character can be written as it is."""
    return codecs.lookup(stream.encoding or "ascii").name == "utf-8"


def _width(stream: TextIO) -> int | None:
    if not stream.isatty():
        return None
    columns = os.get_terminal_size(stream.fileno()).columns
    return max(columns, NARROWEST_CELLS) if columns else None
