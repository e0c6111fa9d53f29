"""Lists, issues, rotates, retires and revokes access tokens without the terminal application.

A secret goes to its destination and nowhere else. The exit code says what became of the change; a
message says what became of a token whose answer or delivery was lost.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sa_tui.access.verbs import RETIRE_TOKEN, REVOKE_TOKENS
from sa_tui.answers.problems import required
from sa_tui.cli.changing.asking import confirm, refuse_guarded, refuse_silence
from sa_tui.cli.changing.names import read_names
from sa_tui.cli.changing.opening import open_to_change, refuse_lost_answer
from sa_tui.cli.changing.outcomes import code_of
from sa_tui.cli.changing.run import run_wanted
from sa_tui.cli.changing.tokens import close_entries, end_rotations, revoke
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.exits import Exit
from sa_tui.cli.finding import find_account_to_change, is_begin_of_id
from sa_tui.cli.guarding import stopped
from sa_tui.cli.interruption import UnansweredError, answered
from sa_tui.cli.opening import choose_profile
from sa_tui.cli.token_answers import put_ended, show_request
from sa_tui.cli.token_command import TokenCommand
from sa_tui.cli.token_issuing import issue_token, rotate_token
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.changes.change import Change
    from sa_tui.profiles.model import Profile
    from sa_tui.records.rotations import Rotation


SEVERAL = "token revoke of several"
"""The command, by the name of its schema, that revokes more than one token."""


def run_token(options: Namespace, env: Environment) -> int:
    """Runs `sa-tui token VERB`. Raises the errors that `code_for` has an exit code for."""
    if options.verb == "list":
        from sa_tui.cli.listings import run_listing

        return run_listing(options, env)
    if options.verb == "rename":
        from sa_tui.cli.changing.run import run_verb

        return run_verb(options, env)
    if options.verb == "revoke":
        names = read_names(options.tokens, env.stdin)
        if len(names) > 1:
            env.run.command = SEVERAL
            return run_wanted(options, env, revoke, names=names)
        options.token = names[0]
        refuse_silence(options, env)
    refuse_lost_answer(options, env)
    choice = ProfileChoice(options=options, env=env)
    profile = choose_profile(choice)
    return env.signals.run(_run(choice, profile))


async def _run(choice: ProfileChoice, profile: Profile) -> int:
    env, options = choice.env, choice.options
    needs_clock = options.verb != "revoke"
    async with open_to_change(choice, profile, needs_clock=needs_clock) as opened:
        org, records = opened.org, opened.records
        accounts = required(org.snapshot.accounts, "accounts")
        account = find_account_to_change(
            options.account, accounts.rows, incomplete=accounts.incomplete
        )
        await org.read_details([account.id])
        command = TokenCommand(
            options=options,
            env=env,
            profile=profile,
            org=org,
            account=account,
            tokens=required(org.snapshot.details_of(account.id).tokens, "tokens"),
            journal=records.journal,
            rotations=records.rotations,
            destinations=choice.destinations(),
        )
        verbs = {"issue": issue_token, "rotate": rotate_token}
        verbs |= {"retire": _retire, "revoke": _revoke}
        code = await verbs[options.verb](command)
        # Only closing is left: a signal that comes now changes nothing.
        env.signals.conclude(code)
        return code


# Revoking


async def _revoke(command: TokenCommand) -> int:
    from sa_tui.org.changes.accounts import revoke_token

    options, token = command.options, command.token(command.options.token)
    change = revoke_token(command.account, token)
    if options.yes or options.dry_run:
        if code := await stopped(command, REVOKE_TOKENS, token):
            return code
    else:
        await _ask(command, change)
    if options.dry_run:
        return show_request(command, change.request)
    code = await _carry_out(command, change, token)
    if code == Exit.DONE:
        end_rotations(
            token.id,
            account_id=command.account.id,
            base_url=command.profile.base_url,
            rotations=command.rotations,
        )
    return code


async def _ask(command: TokenCommand, change: Change) -> None:
    """Shows what the change means, and asks on the terminal. Raises StoppedError."""
    from sa_tui.access.effects.consequences import consequences
    from sa_tui.access.effects.guards import read_for_guards
    from sa_tui.answers.preview import render_preview

    org = command.org
    refuse_guarded([change], org.snapshot, is_read_only=command.profile.read_only)
    await read_for_guards([change], org)
    means = consequences([change], snapshot=org.snapshot, now=org.now())
    command.env.tell_lines(render_preview(means, base_url=command.profile.base_url))
    await confirm(means.changes, command.options, command.env)


async def _retire(command: TokenCommand) -> int:
    from sa_tui.org.rotating import note_end, reasons_to_wait, retirement

    options, env = command.options, command.env
    rotation = _rotation_of(command, options.token)
    token_ids = {token.id for token in command.tokens.rows}
    if rotation is not None and rotation.old_id not in token_ids and not command.tokens.incomplete:
        reason = "the old token is gone"
        problem = "" if options.dry_run else note_end(command.rotations, rotation, reason)
        if problem:
            env.fail(problem)
            return Exit.USAGE
        env.tell(f"{rotation.old_name} is gone already: its rotation is over.")
        put_ended(command, id=rotation.old_id, name=rotation.old_name, status="gone")
        return Exit.DONE
    old = command.token(rotation.old_id if rotation is not None else options.token)
    if rotation is None:
        reasons: tuple[str, ...] = (f"No rotation of {old.name} is known here.",)
    else:
        reasons = reasons_to_wait(rotation, old, now=command.org.now(), idle_for=options.idle)
        if rotation.new_id not in token_ids:
            reasons = (f"{rotation.new_name} was not found: nothing replaces it.", *reasons)
    for reason in reasons:
        env.tell(reason)
    if code := await stopped(command, RETIRE_TOKEN, old):
        return code
    change = retirement(command.account, old, reasons=reasons)
    if options.dry_run:
        return show_request(command, change.request)
    if reasons and not options.force:
        env.run.failures += reasons
        env.tell(f"Nothing was revoked: {old.name} is kept. --force retires it all the same.")
        return Exit.UNSAFE
    code = await _carry_out(command, change, old)
    if rotation is not None and code in (Exit.DONE, Exit.ALREADY):
        with suppress(JournalError):
            command.rotations.end(rotation.id, "retired")
    return code


def _rotation_of(command: TokenCommand, old_token: str) -> Rotation | None:
    """The rotation of the old token with this name or id; one whose old token exists goes first."""
    in_progress = command.in_progress
    matching = [
        rotation for rotation in in_progress if old_token in (rotation.old_id, rotation.old_name)
    ] or [rotation for rotation in in_progress if is_begin_of_id(old_token, rotation.old_id)]
    token_ids = {token.id for token in command.tokens.rows}
    existing = [rotation for rotation in matching if rotation.old_id in token_ids]
    return next(iter(existing or matching), None)


async def _carry_out(command: TokenCommand, change: Change, token: AccessToken) -> int:
    """Sends one change and says what became of it."""
    sending = command.org.carry_out([change], on_outcome=lambda _: None, sleep=command.env.sleep)
    try:
        (outcome,) = await answered(sending, env=command.env)
    except UnansweredError as error:
        command.env.fail(
            f"{change.title}: whether it was done is unknown. {error} "
            f"Look: sa-tui token list {command.account.id}"
        )
        return command.interrupted or Exit.INTERRUPTED
    command.env.tell(f"{change.title}: {outcome.message}")
    if outcome.is_good:
        close_entries(token.id, base_url=command.profile.base_url, journal=command.journal)
        status = "gone" if outcome.status == "already" else "revoked"
        put_ended(command, id=token.id, name=token.name, status=status)
    else:
        command.env.run.failures.append(f"{change.title}: {outcome.message}")
    return code_of([outcome])
