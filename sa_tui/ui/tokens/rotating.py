"""Rotating a token: issuing its successor, later retiring the old token, and what is shown between.

A rotation in progress is kept on the disk: the next run goes on where this one stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.access import verbs
from sa_tui.access.doubts import doubts
from sa_tui.access.verbs import Target
from sa_tui.base.times import utc
from sa_tui.org.summary import in_days
from sa_tui.records.journal import JournalError
from sa_tui.records.rotations import AlreadyRotatingError
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.safe import shown_line
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from datetime import timedelta

    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.changes.change import Outcome
    from sa_tui.org.issuing import Issued, Order
    from sa_tui.org.store import Org
    from sa_tui.records.rotations import Rotation
    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.tokens.issue_form import IssueForm
    from sa_tui.ui.tokens.issuing import OrderPage


def in_progress(host: Host, account_id: str) -> tuple[Rotation, ...]:
    """The account's rotations in progress. Raises JournalError when they cannot be read."""
    if host.profile is None:
        return ()
    return host.records.rotations.in_progress(base_url=host.profile.base_url, account_id=account_id)


# Issuing the successor


def ask_rotation(host: Host, account_id: str, old: AccessToken) -> None:
    """Opens the form that orders a successor, unless the token has one already."""
    from sa_tui.ui.tokens.rotation_form import RotationForm

    account = host.snapshot.account(account_id)
    if guards.is_refused(host, verbs.ROTATE_TOKEN, [Target(account_id=account_id)]):
        return
    if account is None:
        return
    if reason := why_no_successor(host, account_id, old):
        host.say(reason)
        return

    def rotate(order: Order, idle_for: timedelta, form: IssueForm) -> None:
        if host.org is not None:
            work = _rotate(host, order, org=host.org, old=old, idle_for=idle_for, form=form)
            host.write("Rotate token", work, on_failure=form.failed)

    guards.ask_first(
        host,
        verbs.ROTATE_TOKEN,
        account_id,
        lambda: host.push_screen(RotationForm(account, old, rotate=rotate)),
    )


def why_no_successor(host: Host, account_id: str, old: AccessToken) -> str:
    """Why the token gets no successor: it has one, or that is not known; empty if it gets one."""
    try:
        rotations = in_progress(host, account_id)
    except JournalError as error:
        return str(error)
    listed = {row.id for row in host.snapshot.details_of(account_id).tokens.rows}
    other = next((rotation for rotation in rotations if rotation.old_id == old.id), None)
    if other is None or other.new_id not in listed:
        return ""
    return f"{old.name} has a successor already: {other.new_name}. Press R to retire {old.name}."


async def _rotate(
    host: Host, order: Order, *, org: Org, old: AccessToken, idle_for: timedelta, form: IssueForm
) -> None:
    successor, problem = await issue_successor(
        host, order, org=org, old=old, idle_for=idle_for, form=form
    )
    if successor is None:
        redraw(host)
        return
    await org.read_details([order.account_id], again=True)
    redraw(host)
    if problem:
        host.say(f"{order.name} is not proven; keep {old.name}. {problem}", is_error=True)
    else:
        host.say(f"{order.name} works. {old.name} stays until you press R to retire it.")


async def issue_successor(
    host: Host,
    order: Order,
    *,
    org: Org,
    old: AccessToken,
    idle_for: timedelta,
    form: OrderPage,
    shows_delivered: bool = True,
) -> tuple[Issued | None, str]:
    """Issues the successor of a token, recorded from before it is sent until it was tried.

    Returns None if nobody has a successor, else with it why it is not proven, or nothing.
    """
    from sa_tui.org.rotating import begin
    from sa_tui.ui.tokens.issuing import issue_and_settle

    try:
        succession = await begin(host.records.rotations, order, old=old, idle_for=idle_for, org=org)
    except (AlreadyRotatingError, JournalError) as error:
        form.explain(f"Nothing was created: {error}")
        return None, ""
    successor = await issue_and_settle(
        host,
        order,
        org=org,
        form=form,
        on_issued=succession.issued,
        prove=True,
        shows_delivered=shows_delivered,
    )
    if successor is None:
        succession.failed("no successor")
        return None, ""
    return successor, await succession.prove(successor, sleep=host.dependencies.sleep)


# Retiring the old token


def retire(host: Host, account_id: str, token_id: str | None) -> None:
    """Reviews revoking the old token of the rotation that this token is part of."""
    if guards.is_refused(host, verbs.RETIRE_TOKEN, [Target(account_id=account_id)]):
        return
    try:
        rotations = in_progress(host, account_id)
    except JournalError as error:
        host.say(str(error), is_error=True)
        return
    concerned = [row for row in rotations if token_id and row.concerns(token_id)]
    # The old token may be gone, and the successor as well.
    orphaned = [row for row in rotations if _token(host, account_id, row.old_id) is None]
    rotation = next(iter(concerned + orphaned), None)
    if rotation is None:
        host.say("This token is not being rotated: press o to rotate it, or x to revoke it.")
    elif host.org is not None:
        host.run_worker(_retire(host, host.org, rotation), group=DETAILS)


def _token(host: Host, account_id: str, token_id: str | None) -> AccessToken | None:
    tokens = host.snapshot.details_of(account_id).tokens.rows
    return next((token for token in tokens if token.id == token_id), None)


async def _retire(host: Host, org: Org, rotation: Rotation) -> None:
    """Reads the account again, so that the last use is up to date, then opens the review."""
    from sa_tui.org.rotating import note_end, reasons_to_wait, retirement

    screen, account_id = host.screen, rotation.account_id
    host.say(f"Reading the tokens of {rotation.account_name} again…")
    await org.read_details([account_id], again=True)
    account, details = org.snapshot.account(account_id), org.snapshot.details_of(account_id)
    if account is None or host.screen is not screen:
        return
    if unknown := doubts(details, "tokens"):
        host.say(f"Nothing is retired: {unknown[0]}.", is_error=True)
        return
    old = _token(host, account_id, rotation.old_id)
    if old is None:
        problem = note_end(host.records.rotations, rotation, "the old token is gone")
        redraw(host)
        host.say(problem or f"{rotation.old_name} is gone: its rotation is over.")
        return
    reasons = reasons_to_wait(rotation, old, now=host.now())
    if _token(host, account_id, rotation.new_id) is None:
        reasons = (f"{rotation.new_name} is gone: nothing replaces {old.name}.", *reasons)

    def reviewed(outcomes: tuple[Outcome, ...] | None) -> None:
        if outcomes and all(outcome.is_good for outcome in outcomes):
            if problem := note_end(host.records.rotations, rotation, "retired"):
                host.say(problem, is_error=True)
            redraw(host)

    await guards.read_powers(org, [account_id])
    if host.screen is not screen:
        return
    host.review(
        f"Retire token {old.name} of {account.name}?",
        [retirement(account, old, reasons=reasons)],
        notes=_notes(host, rotation, reasons),
        then=reviewed,
    )


def _notes(host: Host, rotation: Rotation, reasons: tuple[str, ...]) -> tuple[str, ...]:
    new = _token(host, rotation.account_id, rotation.new_id)
    handed_over = rotation.handed_over_at
    successor = (
        f"New: {rotation.new_name or '?'}, last used {_used(host, new)}, "
        f"handed over {utc(handed_over) if handed_over else 'never, as far as is known'}."
    )
    if reasons:
        return (successor, "Wait, unless you know better:", *reasons)
    return (successor, f"The old one is idle{host.by_whose_clock}.")


# Showing what is in progress


def redraw(host: Host) -> None:
    """Shows what changed on the disk: no new snapshot will announce it."""
    if isinstance(host.screen, SnapshotScreen):
        host.screen.refresh_page()


def progress_line(host: Host, account_id: str) -> Text:
    """The account's rotations in progress, a line each; empty when there is none."""
    try:
        rotations = in_progress(host, account_id)
    except JournalError as error:
        return Text(f"Rotations are not known: {error}", style="bold red")
    lines = [_line(host, rotation) for rotation in rotations]
    lines += [Text(notice, style="bold red") for notice in host.records.rotations.notices]
    return Text("\n").join(map(shown_line, lines))


def _line(host: Host, rotation: Rotation) -> Text:
    account_id = rotation.account_id
    if host.snapshot.details_of(account_id).tokens.value is None:
        return Text(f"rotating {rotation.old_name} → {rotation.new_name}", style="bold")
    old = _token(host, account_id, rotation.old_id)
    new = _token(host, account_id, rotation.new_id)
    if old is None:
        return Text(f"rotating: {rotation.old_name} is gone · R ends this", style="bold")
    if new is None:
        gone_text = f"rotating: successor {rotation.new_name} is gone · o rotates {old.name} again"
        return Text(gone_text, style="bold red")
    text = Text("rotating: ", style="bold")
    if rotation.verified_at is None:
        text = Text("rotating, NOT PROVEN: ", style="bold red")
    text.append(f"old {old.name} last used {_used(host, old)}, ", style="not bold")
    text.append(f"new {new.name} {_used(host, new)} · R retires", style="not bold")
    return text


def _used(host: Host, token: AccessToken | None) -> str:
    if token is None:
        return "unknown, it is gone"
    used = in_days(token, "last_used_at", host.now(), absent="never")
    return "unknown" if used == "?" else used
