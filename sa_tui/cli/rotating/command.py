"""Runs `sa-tui rotate --due`, alone on this machine, and leaves a receipt.

The rule it keeps: a run that began leaves a receipt, however it ends.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.access.refusals import READ_ONLY
from sa_tui.cli.application import journal_directory
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.connections import action_log, journal_in
from sa_tui.cli.exits import Exit, UsageError, code_for
from sa_tui.cli.opening import choose_profile
from sa_tui.cli.output import narrate_clock, narrate_wait
from sa_tui.cli.rotating.answer import put_answer, receipt_of
from sa_tui.cli.rotating.duty import Duty
from sa_tui.cli.rotating.places import Places, places_of
from sa_tui.cli.rotating.results import exit_of
from sa_tui.cli.rotating.running import Running
from sa_tui.records.actions_file import FILE_NAME as ACTIONS_FILE
from sa_tui.records.journal import JournalError
from sa_tui.records.lease import Lease, LeaseTakenError
from sa_tui.records.receipts import FILE_NAME as RECEIPTS_FILE
from sa_tui.records.receipts import keep_receipt
from sa_tui.records.rotations import FILE_NAME as ROTATIONS_FILE
from sa_tui.records.rotations import Rotations
from sa_tui.rotation.file import FILE_NAME, read_policies

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from sa_tui.cli.environment import Environment
    from sa_tui.handover.delivery import Destination
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.rotation.policy import Policy

LEASE_FILE = "rotate.lock"


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is settled before anything is read of Konnect."""

    choice: ProfileChoice
    profile: Profile
    path: Path
    policies: Sequence[Policy]
    places: Mapping[str, Destination]


def run_rotate(options: Namespace, env: Environment) -> int:
    """Runs `rotate --due`. Raises the errors that `code_for` has an exit code for."""
    choice = ProfileChoice(options=options, env=env)
    path = Path(options.rotations) if options.rotations else choice.store.directory / FILE_NAME
    policies = read_policies(path)
    own = choice.destinations().values()
    profile = choose_profile(choice)
    if profile.read_only and not options.dry_run:
        raise UsageError(f"Nothing was sent. {READ_ONLY}")
    places = places_of(policies, own, environ=env.child_environ)
    plan = _Plan(choice=choice, profile=profile, path=path, policies=policies, places=places)
    return env.signals.run(_run(plan))


async def _run(plan: _Plan) -> int:
    choice = plan.choice
    env, options = choice.env, choice.options
    with journal_directory(choice) as directory:
        lease = None
        if not options.dry_run:
            pid, host = os.getpid(), socket.gethostname()
            lease = Lease(directory / LEASE_FILE, now=env.now, pid=pid, host=host)
        actions = action_log(directory / ACTIONS_FILE, now=env.now)
        actions.begin(plan.profile.name)
        konnect = replace(choice.konnect, actions=actions)
        try:
            if lease is not None:
                lease.take()
            async with await konnect.connect(
                plan.profile, on_wait=partial(narrate_wait, env)
            ) as org:
                return await _with_receipt(_duty(plan, org, directory, lease), plan, directory)
        except LeaseTakenError as error:
            env.fail(f"{error} This run ends here.")
            return Exit.UNSAFE
        finally:
            if lease is not None:
                with suppress(JournalError):
                    lease.give_back()
            if actions.problem:
                env.tell(f"What was asked of Konnect is not written down. {actions.problem}")


def _duty(plan: _Plan, org: Org, directory: Path, lease: Lease | None) -> Duty:
    env = plan.choice.env
    return Duty(
        options=plan.choice.options,
        env=env,
        profile=plan.profile,
        org=org,
        policies=plan.policies,
        places=Places(by_name=plan.places, base_url=plan.profile.base_url),
        journal=journal_in(directory, now=env.now),
        rotations=Rotations(directory / ROTATIONS_FILE, now=org.now),
        lease=lease,
    )


async def _with_receipt(duty: Duty, plan: _Plan, directory: Path) -> int:
    """Runs, answers and keeps the receipt, also of a run that fails."""
    running = Running(duty)
    begun_at, failure, code = duty.org.now(), "", Exit.BROKEN
    try:
        await running.run()
        narrate_clock(duty.env, duty.org, is_needed=True)
        code = exit_of(running.results)
    except Exception as error:
        failure, code = str(error), code_for(error) or Exit.BROKEN
        if isinstance(error, LeaseTakenError):
            code = Exit.UNSAFE
        await running.tell_failure(error)
        raise
    finally:
        number = duty.env.signals.number
        code = Exit(128 + number) if number is not None else code
        if duty.lease is not None:
            code = _keep(
                duty,
                receipt_of(running, plan.path, begun_at=begun_at, code=code, failure=failure),
                directory,
                code,
            )
    # Only output is left: a signal that comes now changes nothing.
    duty.env.signals.conclude(code)
    put_answer(running, plan.path)
    return code


def _keep(duty: Duty, receipt: str, directory: Path, code: Exit) -> Exit:
    """Keeps the receipt; a run that cannot is not called done."""
    chosen = duty.options.receipt
    try:
        keep_receipt(Path(chosen) if chosen else directory / RECEIPTS_FILE, receipt)
    except JournalError as error:
        duty.env.warn(str(error))
        return Exit.USAGE if code == Exit.DONE else code
    return code
