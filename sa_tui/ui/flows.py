"""The changes from the operator's order to the last word, each run by the application.

A flow is a write: no screen can cancel it, and leaving waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sa_tui.api.errors import NotFound
from sa_tui.org.issuing import Issued, Lost, NotIssued, issue
from sa_tui.ui.dialogs.handover import HandoverDialog
from sa_tui.ui.dialogs.orphan import OrphanDialog
from sa_tui.ui.format import utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.handover.delivery import Label
    from sa_tui.handover.journal import Journal, Unfinished
    from sa_tui.org.issuing import Order
    from sa_tui.org.store import Org
    from sa_tui.ui.app import SaTui
    from sa_tui.ui.dialogs.issue import IssueDialog
    from sa_tui.ui.dialogs.orphan import Choice

CLOCK_SKEW = timedelta(minutes=5)
"""How far Konnect's clock and this machine's may differ."""


async def issue_token(app: SaTui, order: Order, *, org: Org, form: IssueDialog) -> None:
    """Issues the token and stays with it until its secret, or its loss, is settled."""
    journal = app.journal
    result = await issue(order, org=org, journal=journal, sleep=app.wiring.sleep)
    if isinstance(result, NotIssued):
        form.explain(result.reason)
        return
    form.dismiss()
    if isinstance(result, Lost):
        await _settle_loss(app, result, org=org, journal=journal)
        return
    await _hand_over(app, result, journal=journal)


async def _hand_over(app: SaTui, issued: Issued, *, journal: Journal) -> None:
    entry, label = issued.entry, issued.label
    settled = await app.push_screen_wait(HandoverDialog(issued))
    if settled == "revoked":
        journal.revoked(entry)
        app.say(f"Token {label.token_name} is revoked; it may keep working for some minutes.")
    else:
        journal.acknowledged(entry)
        app.say(f"Token {label.token_name} of {label.account_name} is issued and handed over.")


async def _settle_loss(app: SaTui, lost: Lost, *, org: Org, journal: Journal) -> None:
    choice = await app.push_screen_wait(
        OrphanDialog(
            "The answer of Konnect was lost",
            story=f"{lost.reason}\n\n{lost.found_out}",
            label=lost.label,
            can_revoke=lost.token is not None,
        )
    )
    await _act(app, choice, lost.label, lost.entry, org=org, journal=journal)


async def recover(app: SaTui, leftovers: Sequence[Unfinished], *, org: Org) -> None:
    """Asks about each token that an earlier run may have made and nobody acknowledged."""
    journal = app.journal
    for leftover in leftovers:
        label = await _located(leftover, org=org)
        if label is None:
            journal.failed(leftover.id, "Konnect lists no such token")
            continue
        handed_over = leftover.delivery or "No delivery was confirmed."
        choice = await app.push_screen_wait(
            OrphanDialog(
                "A token of an earlier run was not acknowledged",
                story=f"Ordered {utc(leftover.intended_at)} for {leftover.destination}. "
                f"{handed_over}\n\nIf nobody has its secret, revoke it.",
                label=label,
                can_revoke=True,
            )
        )
        await _act(app, choice, label, leftover.id, org=org, journal=journal)


async def _located(leftover: Unfinished, *, org: Org) -> Label | None:
    """The left-over token as Konnect lists it now, or None when it does not exist (any more)."""
    label = leftover.label
    try:
        tokens = await org.tokens_named(label.account_id, label.token_name)
    except NotFound:
        return None
    for token in tokens:
        is_same = token.id == label.token_id
        is_new = token.created_at is None or token.created_at >= leftover.intended_at - CLOCK_SKEW
        if is_same or (label.token_id is None and is_new):
            return replace(label, token_id=token.id)
    return None


async def _act(
    app: SaTui, choice: Choice, label: Label, entry: str, *, org: Org, journal: Journal
) -> None:
    """Does what was chosen for a token that nobody took charge of."""
    if choice == "revoke" and label.token_id is not None:
        await org.revoke_token(label.account_id, label.token_id)
        journal.revoked(entry)
        app.say(f"Token {label.token_name} is revoked; it may keep working for some minutes.")
    elif choice == "keep":
        journal.acknowledged(entry)
        app.say(f"Token {label.token_name} stays as it is.")
