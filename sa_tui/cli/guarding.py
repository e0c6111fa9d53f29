"""What stands in the way of a token verb, asked where the application asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.refusals import refusal
from sa_tui.access.verbs import Target
from sa_tui.cli.exits import Exit, UsageError

if TYPE_CHECKING:
    from sa_tui.access.verbs import Verb
    from sa_tui.cli.token_command import TokenCommand
    from sa_tui.konnect.models import AccessToken


async def stopped(command: TokenCommand, verb: Verb, token: AccessToken | None = None) -> int:
    """The exit code of a verb that is not to be done as it was asked for; 0 when it can be.

    Says what to know before it. Raises UsageError when it cannot be done at all.
    """
    from sa_tui.access.stakes import cautions, read_powers

    options, env, org = command.options, command.env, command.org
    targets = [Target(account_id=command.account.id, token=token)]
    is_read_only = command.profile.read_only and not options.dry_run
    reason = refusal(verb, targets, snapshot=org.snapshot, is_read_only=is_read_only)
    if reason:
        raise UsageError(f"Nothing was sent. {reason}")
    if verb.ends:
        await read_powers(org, [command.account.id])
    found = cautions(verb, targets, snapshot=org.snapshot, now=org.now())
    for caution in found:
        env.tell(caution.text)
    needs_word = any(caution.is_typed for caution in found) and not options.dry_run
    if not needs_word or options.confirm in (command.account.name, command.account.id):
        return Exit.DONE
    env.fail(f"Nothing was sent. To do it all the same, add --confirm {command.account.id}")
    return Exit.UNSAFE
