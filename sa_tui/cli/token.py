"""Lists, issues, rotates, retires and revokes access tokens without the terminal application.

A secret goes to its destination and nowhere else; what becomes of a change is said by the exit
code, and what has become of a token whose answer or delivery was lost is said in words.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.api.errors import KonnectError
from sa_tui.cli.application import journal_directory
from sa_tui.cli.choosing import Choice
from sa_tui.cli.connections import action_log, journal_in
from sa_tui.cli.exits import Exit, UsageError, code_for
from sa_tui.cli.finding import find_account
from sa_tui.cli.output import narrate_clock, narrate_profile, narrate_wait
from sa_tui.cli.token_answers import put_ended, put_issued, put_requests
from sa_tui.cli.token_desk import Desk
from sa_tui.handover.actions_file import FILE_NAME as ACTIONS_FILE
from sa_tui.handover.harden import disable_core_dumps
from sa_tui.handover.journal import JournalError
from sa_tui.handover.rotations import FILE_NAME as ROTATIONS_FILE
from sa_tui.handover.rotations import AlreadyRotatingError, Rotations

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.api.client import KonnectClient
    from sa_tui.api.models import AccessToken
    from sa_tui.cli.world import World
    from sa_tui.org.changes import Change, Request
    from sa_tui.org.issuing import Issued, Lost, NotIssued, Order
    from sa_tui.profiles.model import Profile


def run_token(options: Namespace, world: World) -> int:
    """Runs `sa-tui token VERB`. Raises what `code_for` knows."""
    if options.verb == "list":
        from sa_tui.cli.listings import run_listing

        return run_listing(options, world)
    if options.verb == "revoke" and not (options.yes or options.dry_run):
        raise UsageError("A revoked token cannot be brought back: add --yes, or --dry-run to look.")
    disable_core_dumps()
    choice = Choice(options=options, world=world)
    profile = choice.pick()
    narrate_profile(world, profile)
    return asyncio.run(_run(choice, profile))


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
            account = find_account(
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
            verbs = {"issue": _issue, "rotate": _rotate, "retire": _retire, "revoke": _revoke}
            try:
                return await verbs[options.verb](desk)
            finally:
                if actions.problem:
                    world.tell(f"What was asked of Konnect is not written down. {actions.problem}")


# Issuing


async def _issue(desk: Desk) -> int:
    from sa_tui.cli.token_orders import order_of
    from sa_tui.org.issuing import issue

    order = order_of(desk, name=desk.options.name, lifetime=desk.options.lifetime)
    if desk.options.dry_run:
        return _show(desk, order.request)
    try:
        result = await issue(order, org=desk.org, journal=desk.journal, sleep=desk.world.sleep)
    except asyncio.CancelledError:
        return await _settle_interruption(desk, order)
    return await _settle(desk, order, result)


async def _rotate(desk: Desk) -> int:
    from sa_tui.cli.token_orders import lifetime_of, order_of
    from sa_tui.org.issuing import Issued, issue
    from sa_tui.org.rotation import begin, next_name, note_failure, prove

    old, options = desk.token(desk.options.token), desk.options
    if desk.tokens.incomplete and options.name is None:
        raise UsageError(f"Not every token could be read ({desk.tokens.incomplete}): add --name.")
    taken = {each.name for each in desk.tokens.rows}
    name = options.name or next_name(old.name, taken=taken, now=desk.org.now())
    order = order_of(desk, name=name, lifetime=options.lifetime or lifetime_of(old))
    if options.dry_run:
        return _show(desk, order.request)
    try:
        id = await begin(desk.rotations, order, old=old, idle_for=options.idle, org=desk.org)
    except AlreadyRotatingError as error:
        raise UsageError(f"Nothing was created: {error}") from error
    try:
        result = await issue(order, org=desk.org, journal=desk.journal, sleep=desk.world.sleep)
    except asyncio.CancelledError:
        note_failure(desk.rotations, id, "interrupted")
        return await _settle_interruption(desk, order)
    if isinstance(result, Issued):
        with suppress(JournalError):
            desk.rotations.issued(id, token_id=result.label.token_id or "", name=name)
    code = await _settle(desk, order, result)
    if not isinstance(result, Issued) or code != Exit.DONE:
        note_failure(desk.rotations, id, "no successor")
        return code
    try:
        desk.rotations.handed_over(id)
        problem = await prove(result.token.secret, org=desk.org, sleep=desk.world.sleep)
        if not problem:
            desk.rotations.verified(id)
    except JournalError as error:
        problem = str(error)
    if problem:
        desk.world.tell(f"{name} is not proven: keep {old.name}. {problem}")
        return Exit.UNREACHABLE
    desk.world.tell(
        f"{name} works. {old.name} stays; once it is idle: "
        f"sa-tui token retire {desk.account.id} {old.id}"
    )
    return Exit.DONE


async def _settle(desk: Desk, order: Order, result: Issued | NotIssued | Lost) -> int:
    """Says what became of the order; a token that nobody has does not stay."""
    from sa_tui.org.issuing import Lost, NotIssued

    world, journal = desk.world, desk.journal
    if isinstance(result, NotIssued):
        world.tell(f"sa-tui: {result.reason}")
        return (result.error and code_for(result.error)) or Exit.USAGE
    if isinstance(result, Lost):
        return await _settle_loss(desk, result)
    delivery = result.delivery
    if delivery is not None and delivery.status == "delivered":
        try:
            journal.acknowledged(result.entry)
        except JournalError as error:
            world.tell(f"The application will ask about this token once more. {error}")
        world.tell(f"Token {order.name} of {order.account_name} is issued. {delivery.message}")
        put_issued(desk, result.token.access_token)
        return Exit.DONE
    message = delivery.message if delivery else "It was not delivered."
    world.tell(f"sa-tui: {message}")
    if delivery is not None and delivery.detail:
        world.tell(delivery.detail)
    await _revoke_orphan(desk, result.label.token_id, result.entry)
    return Exit.UNDELIVERED


async def _settle_loss(desk: Desk, lost: Lost) -> int:
    token_id = lost.label.token_id
    desk.world.tell(f"sa-tui: {lost.reason} {lost.found_out}")
    if token_id is not None and desk.options.revoke_lost:
        await _revoke_orphan(desk, token_id, lost.entry)
    elif token_id is not None:
        desk.world.tell(f"Revoke it: sa-tui token revoke {desk.account.id} {token_id} --yes")
    return Exit.UNREACHABLE


async def _settle_interruption(desk: Desk, order: Order) -> int:
    """Revokes what an interrupted order may have made: nobody has its secret for certain.

    Its name was free before, so a token that has it now is this one.
    """
    desk.world.tell("Interrupted: looking whether the token was made. Ctrl+C again leaves it.")
    try:
        found = await desk.org.tokens_named(order.account_id, order.name)
    except KonnectError as error:
        desk.world.tell(
            f"Whether the token {order.name} exists is not known. {error} "
            f"Look: sa-tui token list {desk.account.id}"
        )
        return Exit.UNDELIVERED
    for token in found.rows:
        await _revoke_orphan(desk, token.id)
    if not found.rows:
        desk.world.tell("No token was made.")
    return Exit.UNDELIVERED if found.rows else Exit.INTERRUPTED


async def _revoke_orphan(desk: Desk, token_id: str | None, entry: str | None = None) -> None:
    """Revokes a token that nobody has; tells how, where that fails."""
    if token_id is None:
        return
    try:
        await desk.org.revoke_token(desk.account.id, token_id)
    except KonnectError as error:
        desk.world.tell(
            f"The new token is not confirmed as revoked. {error} "
            f"Revoke it: sa-tui token revoke {desk.account.id} {token_id} --yes"
        )
    else:
        desk.world.tell("The new token, which nobody has, is revoked.")
        if entry is not None:
            with suppress(JournalError):
                desk.journal.revoked(entry)


# Revoking


async def _revoke(desk: Desk) -> int:
    from sa_tui.org.account_changes import revoke_token

    token = desk.token(desk.options.token)
    change = revoke_token(desk.account, token)
    if desk.options.dry_run:
        return _show(desk, change.request)
    return await _carry_out(desk, change, token)


async def _retire(desk: Desk) -> int:
    from sa_tui.org.rotation import note_end, reasons_to_wait, retirement

    options, world = desk.options, desk.world
    rotations = desk.in_progress
    rotation = next((r for r in rotations if options.token in (r.old_id, r.old_name)), None)
    listed = {each.id for each in desk.tokens.rows}
    if rotation is not None and rotation.old_id not in listed and not desk.tokens.incomplete:
        over = "the old token is gone"
        problem = "" if options.dry_run else note_end(desk.rotations, rotation, over)
        world.tell(problem or f"{rotation.old_name} is gone already: its rotation is over.")
        return Exit.USAGE if problem else Exit.DONE
    old = desk.token(rotation.old_id if rotation is not None else options.token)
    if rotation is None:
        reasons: tuple[str, ...] = (f"No rotation of {old.name} is known here.",)
    else:
        reasons = reasons_to_wait(rotation, old, now=desk.org.now(), idle_for=options.idle)
        if rotation.new_id not in listed:
            reasons = (f"{rotation.new_name} was not found: nothing replaces it.", *reasons)
    for reason in reasons:
        world.tell(reason)
    change = retirement(desk.account, old, reasons=reasons)
    if options.dry_run:
        return _show(desk, change.request)
    if reasons and not options.force:
        world.tell(f"Nothing was revoked: {old.name} is kept. --force retires it all the same.")
        return Exit.UNSAFE
    code = await _carry_out(desk, change, old)
    if rotation is not None and code == Exit.DONE:
        with suppress(JournalError):
            desk.rotations.end(rotation.id, "retired")
    return code


async def _carry_out(desk: Desk, change: Change, token: AccessToken) -> int:
    """Sends one change and says what became of it."""
    met: list[KonnectError] = []

    async def send(client: KonnectClient) -> Change | None:
        try:
            return await change.send(client)
        except KonnectError as error:
            met.append(error)
            raise

    (outcome,) = await desk.org.carry_out(
        [replace(change, send=send)], on_outcome=lambda _: None, sleep=desk.world.sleep
    )
    desk.world.tell(f"{change.title}: {outcome.message}")
    if outcome.is_good:
        put_ended(desk, id=token.id, name=token.name, status="revoked")
        return Exit.DONE
    desk.world.run.failures.append(f"{change.title}: {outcome.message}")
    return (code_for(met[-1]) if met else None) or Exit.UNREACHABLE


def _show(desk: Desk, *requests: Request) -> int:
    """Prints what would be sent, with the token left to a variable."""
    curls = [request.as_curl(desk.profile.base_url) for request in requests]
    if desk.options.output == "json":
        put_requests(desk, requests, curls)
    else:
        for curl in curls:
            desk.world.put(curl)
    desk.world.tell("Nothing was sent: this is a dry run.")
    return Exit.DONE
