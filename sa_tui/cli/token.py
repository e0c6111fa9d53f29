"""Lists, issues, rotates, retires and revokes access tokens without the terminal application.

A secret goes to its destination and nowhere else; what becomes of a change is said by the exit
code, and what has become of a token whose answer or delivery was lost is said in words.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.verbs import RETIRE_TOKEN, REVOKE_TOKENS
from sa_tui.cli.application import journal_directory
from sa_tui.cli.choosing import Choice
from sa_tui.cli.connections import action_log, journal_in
from sa_tui.cli.exits import Exit, UsageError, code_for
from sa_tui.cli.finding import find_account_to_change, is_begin_of_id
from sa_tui.cli.guarding import stopped
from sa_tui.cli.interruption import UnansweredError, answered
from sa_tui.cli.opening import choose_profile
from sa_tui.cli.output import narrate_clock, narrate_wait
from sa_tui.cli.streams import why_unwritable
from sa_tui.cli.token_answers import put_ended
from sa_tui.cli.token_command import Desk
from sa_tui.cli.token_issuing import issue_token, rotate_token
from sa_tui.konnect.errors import KonnectError
from sa_tui.records.actions_file import FILE_NAME as ACTIONS_FILE
from sa_tui.records.journal import JournalError
from sa_tui.records.rotations import FILE_NAME as ROTATIONS_FILE
from sa_tui.records.rotations import Rotations

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import World
    from sa_tui.konnect.client import KonnectClient
    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.changes.change import Change
    from sa_tui.profiles.model import Profile
    from sa_tui.records.rotations import Rotation


def run_token(options: Namespace, world: World) -> int:
    """Runs `sa-tui token VERB`. Raises what `code_for` knows."""
    if options.verb == "list":
        from sa_tui.cli.listings import run_listing

        return run_listing(options, world)
    if options.verb == "revoke" and not (options.yes or options.dry_run):
        raise UsageError("A revoked token cannot be brought back: add --yes, or --dry-run to look.")
    if options.output == "json" and (reason := why_unwritable(world.stdout)):
        raise UsageError(f"Nothing was sent: standard output cannot be written: {reason}.")
    choice = Choice(options=options, world=world)
    profile = choose_profile(choice)
    return world.signals.run(_run(choice, profile))


async def _run(choice: Choice, profile: Profile) -> int:
    world, options = choice.world, choice.options
    with journal_directory(choice) as directory:
        actions = action_log(directory / ACTIONS_FILE, now=world.now)
        actions.begin(profile.name)
        konnect = replace(choice.konnect, actions=actions)
        async with await konnect.connect(profile, on_wait=partial(narrate_wait, world)) as org:
            await org.load()
            accounts = org.snapshot.accounts
            if accounts.value is None:
                raise accounts.error or RuntimeError("the accounts were not read")
            narrate_clock(world, org, is_needed=options.verb != "revoke")
            account = find_account_to_change(
                options.account, accounts.value.rows, incomplete=accounts.value.incomplete
            )
            await org.read_details([account.id])
            tokens = org.snapshot.details_of(account.id).tokens
            if tokens.value is None:
                raise tokens.error or RuntimeError("the tokens were not read")
            desk = Desk(
                options=options,
                world=world,
                profile=profile,
                org=org,
                account=account,
                tokens=tokens.value,
                journal=journal_in(directory, now=world.now),
                rotations=Rotations(directory / ROTATIONS_FILE, now=org.now),
            )
            verbs = {"issue": issue_token, "rotate": rotate_token}
            verbs |= {"retire": _retire, "revoke": _revoke}
            try:
                code = await verbs[options.verb](desk)
                # All that is left is to close: a signal that comes now comes too late.
                world.signals.conclude(code)
                return code
            finally:
                if actions.problem:
                    world.tell(f"What was asked of Konnect is not written down. {actions.problem}")


# Revoking


async def _revoke(desk: Desk) -> int:
    from sa_tui.org.changes.accounts import revoke_token

    token = desk.token(desk.options.token)
    if code := await stopped(desk, REVOKE_TOKENS, token):
        return code
    change = revoke_token(desk.account, token)
    if desk.options.dry_run:
        return desk.show(change.request)
    return await _carry_out(desk, change, token)


async def _retire(desk: Desk) -> int:
    from sa_tui.org.rotating import note_end, reasons_to_wait, retirement

    options, world = desk.options, desk.world
    rotation = _rotation_of(desk, options.token)
    listed = {each.id for each in desk.tokens.rows}
    if rotation is not None and rotation.old_id not in listed and not desk.tokens.incomplete:
        over = "the old token is gone"
        problem = "" if options.dry_run else note_end(desk.rotations, rotation, over)
        if problem:
            world.fail(problem)
            return Exit.USAGE
        world.tell(f"{rotation.old_name} is gone already: its rotation is over.")
        put_ended(desk, id=rotation.old_id, name=rotation.old_name, status="gone")
        return Exit.DONE
    old = desk.token(rotation.old_id if rotation is not None else options.token)
    if rotation is None:
        reasons: tuple[str, ...] = (f"No rotation of {old.name} is known here.",)
    else:
        reasons = reasons_to_wait(rotation, old, now=desk.org.now(), idle_for=options.idle)
        if rotation.new_id not in listed:
            reasons = (f"{rotation.new_name} was not found: nothing replaces it.", *reasons)
    for reason in reasons:
        world.tell(reason)
    if code := await stopped(desk, RETIRE_TOKEN, old):
        return code
    change = retirement(desk.account, old, reasons=reasons)
    if options.dry_run:
        return desk.show(change.request)
    if reasons and not options.force:
        world.run.failures += reasons
        world.tell(f"Nothing was revoked: {old.name} is kept. --force retires it all the same.")
        return Exit.UNSAFE
    code = await _carry_out(desk, change, old)
    if rotation is not None and code == Exit.DONE:
        with suppress(JournalError):
            desk.rotations.end(rotation.id, "retired")
    return code


def _rotation_of(desk: Desk, wanted: str) -> Rotation | None:
    """The rotation whose old token is named exactly; only where none is left it may be gone."""
    under_way = desk.in_progress
    found = [each for each in under_way if wanted in (each.old_id, each.old_name)]
    found = found or [each for each in under_way if is_begin_of_id(wanted, each.old_id)]
    ids = {token.id for token in desk.tokens.rows}
    left = [each for each in found if each.old_id in ids]
    return next(iter(left or found), None)


async def _carry_out(desk: Desk, change: Change, token: AccessToken) -> int:
    """Sends one change and says what became of it."""
    met: list[KonnectError] = []

    async def send(client: KonnectClient) -> Change | None:
        try:
            return await change.send(client)
        except KonnectError as error:
            met.append(error)
            raise

    sending = desk.org.carry_out(
        [replace(change, send=send)], on_outcome=lambda _: None, sleep=desk.world.sleep
    )
    try:
        (outcome,) = await answered(sending, world=desk.world)
    except UnansweredError as error:
        unknown = f"{change.title}: whether it was done is unknown. {error}"
        desk.world.fail(f"{unknown} Look: sa-tui token list {desk.account.id}")
        return desk.interrupted or Exit.INTERRUPTED
    desk.world.tell(f"{change.title}: {outcome.message}")
    if outcome.is_good:
        _close_entries(desk, token)
        put_ended(desk, id=token.id, name=token.name, status="revoked")
        return Exit.DONE
    desk.world.run.failures.append(f"{change.title}: {outcome.message}")
    if outcome.is_overtaken:
        return Exit.UNSAFE
    return (code_for(met[-1]) if met else None) or Exit.UNREACHABLE


def _close_entries(desk: Desk, token: AccessToken) -> None:
    """Nobody has to be asked any more about a token that works no longer."""
    with suppress(JournalError):
        for entry in desk.journal.unfinished(base_url=desk.profile.base_url):
            if entry.label.token_id == token.id:
                desk.journal.revoked(entry.id)
