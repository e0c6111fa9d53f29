"""Checks a token verb with the refusals and cautions of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.refusals import refusal
from sa_tui.access.verbs import Target
from sa_tui.cli.exits import Exit, StoppedError

if TYPE_CHECKING:
    from sa_tui.access.verbs import Verb
    from sa_tui.cli.token_command import TokenCommand
    from sa_tui.konnect.models import AccessToken


async def stopped(command: TokenCommand, verb: Verb, token: AccessToken | None = None) -> int:
    """The exit code of a verb that needs --confirm; 0 when it can be carried out.

    Prints the cautions. Raises StoppedError when the verb is refused.
    """
    from sa_tui.access.stakes import cautions, read_powers

    options, env, org = command.options, command.env, command.org
    targets = [Target(account_id=command.account.id, token=token)]
    is_read_only = command.profile.read_only and not options.dry_run
    reason = refusal(verb, targets, snapshot=org.snapshot, is_read_only=is_read_only)
    if reason:
        raise StoppedError(f"Nothing was sent. {reason}", code=Exit.UNSAFE)
    if verb.ends:
        await read_powers(org, [command.account.id])
    warnings = cautions(verb, targets, snapshot=org.snapshot, now=org.now())
    for caution in warnings:
        env.tell(caution.text)
    needs_name = any(caution.is_typed for caution in warnings) and not options.dry_run
    if not needs_name or options.confirm in (command.account.name, command.account.id):
        return Exit.DONE
    env.fail(f"Nothing was sent. To do it all the same, add --confirm {command.account.id}")
    return Exit.UNSAFE
