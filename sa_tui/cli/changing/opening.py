"""Opens an organisation in which a command changes something; every change is logged.

The rule it keeps: nothing is sent when what becomes of it could not be written out.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.problems import required
from sa_tui.cli.application import journal_directory
from sa_tui.cli.connections import action_log, journal_in
from sa_tui.cli.exits import UsageError
from sa_tui.cli.output import narrate_clock, narrate_wait
from sa_tui.cli.streams import why_unwritable
from sa_tui.records.actions_file import FILE_NAME as ACTIONS_FILE
from sa_tui.records.records import Records

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import AsyncIterator

    from sa_tui.cli.choosing import ProfileChoice
    from sa_tui.cli.environment import Environment
    from sa_tui.org.log import ActionLog
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An organisation with its accounts, and the records of what is done in it."""

    org: Org
    records: Records
    actions: ActionLog


@asynccontextmanager
async def open_to_change(
    choice: ProfileChoice, profile: Profile, *, needs_clock: bool = False
) -> AsyncIterator[Opened]:
    """The organisation of this profile. Raises KonnectError if its accounts cannot be read."""
    env = choice.env
    with journal_directory(choice) as directory:
        actions = action_log(directory / ACTIONS_FILE, now=env.now)
        actions.begin(profile.name)
        konnect = replace(choice.konnect, actions=actions)
        wait = partial(narrate_wait, env)
        async with await konnect.connect(
            profile, on_change=actions.take_place, on_wait=wait
        ) as org:
            await org.load()
            required(org.snapshot.accounts, "accounts")
            narrate_clock(env, org, is_needed=needs_clock)
            records = Records(journal_in(directory, now=env.now), now=org.now)
            try:
                yield Opened(org=org, records=records, actions=actions)
            finally:
                if actions.problem:
                    env.tell(f"What was asked of Konnect is not written down. {actions.problem}")


def refuse_lost_answer(options: Namespace, env: Environment) -> None:
    """Raises UsageError if the JSON of what became of a change cannot be written."""
    if options.output == "json" and (reason := why_unwritable(env.stdout)):
        raise UsageError(f"Nothing was sent: standard output cannot be written: {reason}.")
