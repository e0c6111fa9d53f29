"""Runs a verb that changes something: finds what it is about, weighs it, asks, sends, and answers.

The rule it keeps: every verb goes this way, so that one guard, one question and one table of exit
codes hold for all.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.cli.commands import load

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable, Mapping

    from sa_tui.cli.changing.command import ChangeCommand, Wanted
    from sa_tui.cli.choosing import ProfileChoice
    from sa_tui.cli.environment import Environment
    from sa_tui.profiles.model import Profile

    Make = Callable[[ChangeCommand], Awaitable[Wanted]]

READINGS: Mapping[str, str] = MappingProxyType(
    {
        "account list": "cli.reading.accounts:run_accounts",
        "account show": "cli.changing.showing:show_account",
        "role list": "cli.changing.listing:list_roles",
        "team list": "cli.changing.listing:list_teams",
        "team show": "cli.changing.showing:show_team",
    }
)
CHANGES: Mapping[str, str] = MappingProxyType(
    {
        "account create": "cli.changing.accounts:create",
        "account edit": "cli.changing.accounts:edit",
        "account delete": "cli.changing.accounts:delete",
        "account clone": "cli.changing.cloning:clone",
        "role give": "cli.changing.roles:give",
        "role take": "cli.changing.roles:take",
        "team create": "cli.changing.teams:create",
        "team edit": "cli.changing.teams:edit",
        "team delete": "cli.changing.teams:delete",
        "team join": "cli.changing.members:join",
        "team leave": "cli.changing.members:leave",
        "token rename": "cli.changing.tokens:rename",
        "undo": "cli.changing.undoing:undo",
    }
)


def run_verb(options: Namespace, env: Environment) -> int:
    """Runs a verb of `account`, `role` or `team`, or `undo`.

    Raises the errors that `code_for` has an exit code for.
    """
    words = env.run.command
    if words in READINGS:
        code: int = load(READINGS[words])(options, env)
        return code
    from sa_tui.cli.changing.names import read_names

    names = read_names(getattr(options, "names", ()), env.stdin)
    return run_wanted(options, env, load(CHANGES[words]), names=names)


def run_wanted(
    options: Namespace, env: Environment, make: Make, *, names: tuple[str, ...] = ()
) -> int:
    """Makes the changes that `make` wants once the organisation is open.

    Raises the errors that `code_for` has an exit code for.
    """
    from sa_tui.cli.changing.asking import refuse_silence
    from sa_tui.cli.changing.opening import refuse_lost_answer
    from sa_tui.cli.choosing import ProfileChoice
    from sa_tui.cli.opening import choose_profile

    refuse_silence(options, env)
    refuse_lost_answer(options, env)
    choice = ProfileChoice(options=options, env=env)
    profile = choose_profile(choice)
    return env.signals.run(_run(choice, profile, make, names))


async def _run(choice: ProfileChoice, profile: Profile, make: Make, names: tuple[str, ...]) -> int:
    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.cli.changing.opening import open_to_change

    async with open_to_change(choice, profile) as opened:
        command = ChangeCommand(
            options=choice.options,
            env=choice.env,
            profile=profile,
            org=opened.org,
            records=opened.records,
            actions=opened.actions,
            names=names,
        )
        return await change(command, await make(command))


async def change(command: ChangeCommand, wanted: Wanted) -> int:
    """Makes the changes that are wanted, once they are confirmed; returns the exit code.

    Raises StoppedError if a guard refuses them, or they are not confirmed.
    """
    from sa_tui.access.effects.consequences import consequences
    from sa_tui.cli.changing.answer import Answer
    from sa_tui.cli.changing.asking import confirm, refuse_guarded
    from sa_tui.cli.changing.outcomes import code_of
    from sa_tui.cli.changing.sending import send
    from sa_tui.cli.exits import Exit, StoppedError

    is_read_only = command.profile.read_only and not command.is_planned
    refuse_guarded(wanted.changes, command.snapshot, is_read_only=is_read_only)
    means = consequences(wanted.changes, snapshot=command.snapshot, now=command.org.now())
    answer = Answer(command, wanted, means)
    if command.is_planned:
        return answer.preview()
    if means.changes:
        answer.tell_before()
        try:
            await confirm(means.changes, command.options, command.env)
        except StoppedError as error:
            answer.unconfirmed(error)
            raise
    sent = await send(command, means.changes)
    wanted.on_sent(sent.outcomes)
    code: int = wanted.complete(code_of((*wanted.outcomes, *sent.outcomes)))
    if sent.is_cut_short:
        code = command.env.signals.code or Exit.INTERRUPTED
    # Only the answer is left to be written, and a signal that comes now changes nothing.
    command.env.signals.conclude(code)
    answer.outcomes(sent, code)
    return code
