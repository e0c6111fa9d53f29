"""Issues and rotates tokens from the command line; a token that nobody has is always reported.

A signal before the request is sent ends the command. After it, the command finds out what became of
the token, reports it and exits accordingly.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access.verbs import ISSUE_TOKEN, ROTATE_TOKEN
from sa_tui.answers.problems import Problem, ProblemSubject
from sa_tui.cli.exits import Exit, UsageError, code_for_refusal
from sa_tui.cli.guarding import stopped
from sa_tui.cli.interruption import Gate, UnansweredError, answered
from sa_tui.cli.token_answers import note_left, put_issued, show_request
from sa_tui.cli.token_orders import destination_of, lifetime_of, order_of
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.issuing import Issued, Lost, NotIssued, find_out, prepare, send
from sa_tui.org.rotating import begin, next_name
from sa_tui.records.journal import JournalError
from sa_tui.records.rotations import AlreadyRotatingError

if TYPE_CHECKING:
    from sa_tui.base.label import Label
    from sa_tui.cli.token_command import TokenCommand
    from sa_tui.org.issuing import Order
    from sa_tui.org.rotating import Succession


async def issue_token(command: TokenCommand) -> int:
    """Runs `token issue`."""
    options, gate = command.options, Gate(destination_of(command))
    order = order_of(command, name=options.name, lifetime=options.lifetime, destination=gate)
    if code := await stopped(command, ISSUE_TOKEN):
        return code
    if options.dry_run:
        return show_request(command, order.request)
    result = await _make(command, order, gate)
    code = await _settle(command, order, result)
    if isinstance(result, Issued) and code == Exit.DONE:
        put_issued(command, result.access_token)
    return code


async def rotate_token(command: TokenCommand) -> int:
    """Runs `token rotate`: the successor is issued, handed over and tried."""
    old, options = command.token(command.options.token), command.options
    if command.tokens.incomplete and options.name is None:
        raise UsageError(
            f"Not every token could be read ({command.tokens.incomplete}): add --name."
        )
    taken = {token.name for token in command.tokens.rows}
    name = options.name or next_name(old.name, taken=taken, now=command.org.now())
    gate, lifetime = Gate(destination_of(command)), options.lifetime or lifetime_of(old)
    order = order_of(command, name=name, lifetime=lifetime, destination=gate)
    if code := await stopped(command, ROTATE_TOKEN, old):
        return code
    if options.dry_run:
        return show_request(command, order.request)
    try:
        succession = await begin(
            command.rotations, order, old=old, idle_for=options.idle, org=command.org
        )
    except AlreadyRotatingError as error:
        raise UsageError(f"Nothing was created: {error}") from error
    try:
        result = await _make(command, order, gate)
    except asyncio.CancelledError:
        succession.failed("interrupted")
        raise
    if isinstance(result, Issued):
        succession.issued(result)
    code = await _settle(command, order, result)
    if not isinstance(result, Issued) or code != Exit.DONE:
        succession.failed("no successor")
        return code
    if problem := await _proof(command, succession, result):
        command.env.tell(f"{name} is not proven: keep {old.name}. {problem}")
        subject = ProblemSubject("access_token", result.label.token_id, name)
        problems = [Problem(what="proof", reason=problem, subject=subject)]
        put_issued(command, result.access_token, replaced=old, problems=problems)
        return command.interrupted or Exit.INCOMPLETE
    put_issued(command, result.access_token, replaced=old)
    command.env.tell(
        f"{name} works. {old.name} stays; once it is idle: "
        f"sa-tui token retire {command.account.id} {old.id}"
    )
    return Exit.DONE


async def _proof(command: TokenCommand, succession: Succession, successor: Issued) -> str:
    """Why the successor is not proven to work; empty if it is."""
    try:
        return await succession.prove(successor, sleep=command.env.sleep)
    except asyncio.CancelledError:
        return "The command was interrupted while it tried the token."


async def _make(command: TokenCommand, order: Order, gate: Gate) -> Issued | NotIssued | Lost:
    """Issues and delivers; after a signal, still finds out what became of the token.

    Raises CancelledError while nothing is sent yet.
    """
    entry = await prepare(order, org=command.org, journal=command.journal)
    if isinstance(entry, NotIssued):
        return entry
    sending = send(order, entry, org=command.org, journal=command.journal, sleep=command.env.sleep)
    try:
        return await answered(sending, env=command.env, on_signal=gate.close)
    except UnansweredError as error:
        lost = Lost(
            reason=f"The command was interrupted. {error}",
            found_out=f"Whether the token {order.name} was made is unknown.",
            label=gate.label or order.label,
            entry=entry,
        )
    if gate.label is not None:
        return replace(lost, found_out=f"The token {order.name} was made, and nobody has it.")
    with suppress(asyncio.CancelledError):
        return await find_out(lost, org=command.org, sleep=command.env.sleep)
    return lost


async def _settle(command: TokenCommand, order: Order, result: Issued | NotIssued | Lost) -> int:
    """Reports what became of the order, and revokes a token that nobody has."""
    env, journal = command.env, command.journal
    if isinstance(result, NotIssued):
        env.fail(result.reason)
        return (result.error and code_for_refusal(result.error)) or Exit.USAGE
    if isinstance(result, Lost):
        return await _settle_loss(command, result)
    delivery = result.delivery
    if delivery is not None and delivery.status == "delivered":
        try:
            journal.acknowledged(result.entry)
        except JournalError as error:
            env.tell(f"The application will ask about this token once more. {error}")
        env.tell(f"Token {order.name} of {order.account_name} is issued. {delivery.message}")
        return Exit.DONE
    message = delivery.message if delivery else "It was not delivered."
    env.fail(message)
    if delivery is not None and delivery.detail:
        env.tell_lines(delivery.detail)
    await _revoke_orphan(command, result.label, result.entry)
    return Exit.UNDELIVERED


async def _settle_loss(command: TokenCommand, lost: Lost) -> int:
    """Names a token whose answer was lost, or revokes it with --revoke-lost."""
    token_id, name = lost.label.token_id, lost.label.token_name
    command.env.fail(f"{lost.reason} {lost.found_out}")
    if token_id is None:
        command.env.tell(f"Look for {name}: sa-tui token list {command.account.id}")
        if command.interrupted:  # Konnect may still make it once nobody waits for the answer
            note_left(command, id=None, name=name, is_revoked=None)
        return Exit.UNDELIVERED if command.interrupted else Exit.UNREACHABLE
    if command.options.revoke_lost:
        await _revoke_orphan(command, lost.label, lost.entry)
    else:
        command.env.tell(f"Revoke it: sa-tui token revoke {command.account.id} {token_id} --yes")
        note_left(command, id=token_id, name=name, is_revoked=False)
    return Exit.UNDELIVERED


async def _revoke_orphan(command: TokenCommand, label: Label, entry: str) -> None:
    """Revokes a token that nobody has; if that fails, says how to do it."""
    token_id = label.token_id or ""
    try:
        revoking = command.org.revoke_token(command.account.id, token_id, name=label.token_name)
        await answered(revoking, env=command.env)
    except (KonnectError, UnansweredError) as error:
        command.env.tell(f"The new token is not confirmed as revoked. {error}")
        command.env.tell(f"Revoke it: sa-tui token revoke {command.account.id} {token_id} --yes")
        note_left(command, id=token_id, name=label.token_name, is_revoked=None)
    else:
        command.env.tell("The new token, which nobody has, is revoked.")
        note_left(command, id=token_id, name=label.token_name, is_revoked=True)
        with suppress(JournalError):
            command.journal.revoked(entry)
