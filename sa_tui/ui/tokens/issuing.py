"""Issuing a token, from the operator's order until its secret, or its loss, is settled.

The application runs it as a write: no screen can cancel it, and leaving waits for it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sa_tui.access import verbs
from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.times import utc
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.bearing import issue_apart
from sa_tui.org.issuing import Issued, Lost, NotIssued, find_out
from sa_tui.org.leftovers import CLOCK_SKEW, locate
from sa_tui.records.journal import JournalError
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.tokens.handover import HandoverDialog
from sa_tui.ui.tokens.orphan import OrphanDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.base.label import Label
    from sa_tui.org.issuing import Order, Stage
    from sa_tui.org.leftovers import Located
    from sa_tui.org.store import Org
    from sa_tui.records.journal import Unfinished
    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.tokens.delivering import RunningDelivery
    from sa_tui.ui.tokens.issue_form import IssueForm

T = TypeVar("T")


class OrderPage(Protocol):
    """The page that an order was placed on, which is open until all is settled."""

    @property
    def running(self) -> RunningDelivery:
        """The delivery under way."""

    def reached(self, stage: Stage, order: Order) -> None:
        """Says how far the order has come."""

    def explain(self, reason: str) -> None:
        """Says why there is no token."""

    def remember(self) -> None:
        """Notes where the token went."""

    async def settled(self) -> None:
        """Goes on when the order is done."""


def order_token(host: Host, account_id: str) -> None:
    """Opens the form that orders an access token for this account."""
    from sa_tui.ui.tokens.issue_form import IssueForm

    if (account := host.snapshot.account(account_id)) is None:
        guards.is_refused(host, verbs.ISSUE_TOKEN, [verbs.Target(account_id=account_id)])
        return

    def place(order: Order, form: IssueForm) -> None:
        if host.org is not None:
            work = issue_and_settle(host, order, org=host.org, form=form)
            host.write("Issue token", work, on_failure=form.failed)

    guards.ask_first(
        host,
        verbs.ISSUE_TOKEN,
        account_id,
        lambda: host.push_screen(IssueForm(account, place=place)),
    )


async def issue_and_settle(
    host: Host,
    order: Order,
    *,
    org: Org,
    form: OrderPage,
    on_issued: Callable[[Issued], None] = lambda _: None,
    prove: bool = False,
    shows_delivered: bool = True,
) -> Issued | None:
    """Issues a token and returns it, or None when nobody took charge of it.

    `on_issued` gets the token before anybody sees it; with `prove` it is tried as soon as it is
    delivered by another process. Unless it `shows_delivered`, the hand-over has a dialog only when
    its delivery was not confirmed, and the caller has to `acknowledge` the others. The form stays
    open below until all is settled: in a gap between two dialogs, a key could open something that
    covers the second.
    """
    result = await issue_apart(
        order,
        org=org,
        journal=host.records.journal,
        sleep=host.dependencies.sleep,
        on_stage=partial(form.reached, order=order),
        stop=form.running.stop,
        prove=prove,
    )
    form.running.end()
    if isinstance(result, NotIssued):
        form.explain(result.reason)
        return None
    issued = None
    if isinstance(result, Lost):
        await _settle_loss(host, result, org=org, form=form)
    else:
        on_issued(result)
        form.remember()
        is_delivered = result.delivery is not None and result.delivery.status == "delivered"
        is_quiet = is_delivered and not shows_delivered
        issued = result if is_quiet or await _hand_over(host, result, form=form) else None
    await form.settled()
    return issued


def acknowledge(host: Host, entries: Sequence[str]) -> None:
    """Writes to the journal that the operator knows of these deliveries."""
    for entry in entries:
        _note(host, host.records.journal.acknowledged, entry)


async def _hand_over(host: Host, issued: Issued, *, form: OrderPage) -> bool:
    """Shows the token once; False when it was revoked and nobody took charge of it."""
    label, dialog = issued.label, HandoverDialog(issued)
    if await ask(host, dialog, over=form) == "revoked":
        _say_revoked(host, label, *dialog.removed)
        _note(host, host.records.journal.revoked, issued.entry)
        return False
    where = dialog.delivered or "You took charge of it."
    summary_text = f"Token {label.token_name} of {label.account_name} is issued. {where}"
    host.say(f"{summary_text} {host.copies.remaining()}".rstrip())
    _note(host, host.records.journal.acknowledged, issued.entry)
    return True


async def _settle_loss(host: Host, lost: Lost, *, org: Org, form: OrderPage) -> None:
    title = "No answer says whether the token was made"
    while not await _settle(
        host,
        title,
        f"{one_line(lost.reason, limit=PROSE_LIMIT)}\n\n{lost.found_out}",
        lost.label,
        lost.entry,
        org=org,
        over=form,
    ):
        lost = await find_out(lost, org=org, sleep=host.dependencies.sleep)


async def recover(host: Host, leftovers: Sequence[Unfinished], *, org: Org, base_url: str) -> None:
    """Asks about each token that an earlier run may have issued and nobody acknowledged."""
    for leftover in leftovers:
        try:
            located = await locate(leftover, org=org, base_url=base_url, now=host.now())
        except KonnectError as error:
            host.say(f"A token of an earlier run may exist. {error}", is_error=True)
            continue
        if located.state == "gone":
            _note(
                host,
                lambda entry_id: host.records.journal.failed(entry_id, "Konnect has no such token"),
                leftover.id,
            )
        elif located.state == "late":
            host.say(
                f"Konnect lists no token {located.label.token_name} of "
                f"{located.label.account_name}, ordered {utc(leftover.intended_at)}. "
                "It may be late: the next start looks again.",
                is_error=True,
            )
        elif located.state == "there" or _is_from_the_future(host, leftover):
            await _settle_leftover(host, leftover, located, org=org, base_url=base_url)


def _is_from_the_future(host: Host, leftover: Unfinished) -> bool:
    """Whether the clock was set back since: the token would be looked for at every start."""
    return leftover.intended_at > host.now() + CLOCK_SKEW


async def _settle_leftover(
    host: Host, leftover: Unfinished, located: Located, *, org: Org, base_url: str
) -> None:
    title = "A token of an earlier run was not acknowledged"
    while True:
        story = "\n\n".join((_story(leftover, located), *host.records.journal.notices))
        if await _settle(host, title, story, located.label, leftover.id, org=org):
            return
        try:
            located = await locate(leftover, org=org, base_url=base_url, now=host.now())
        except KonnectError as error:
            host.say(f"A token of an earlier run may exist. {error}", is_error=True)
            return


def _story(leftover: Unfinished, located: Located) -> str:
    ordered = (
        f"Ordered {utc(leftover.intended_at)} for {leftover.destination}. "
        f"{leftover.delivery or 'No delivery was confirmed.'}"
    )
    if located.state != "there":
        missing = "Konnect lists no such token, and this machine's clock was set back since."
        return f"{ordered}\n\n{missing}"
    parts = (ordered, one_line(located.doubt), "If nobody has its secret, revoke it.")
    return "\n\n".join(filter(None, parts))


async def _settle(
    host: Host,
    title: str,
    story: str,
    label: Label,
    entry: str,
    *,
    org: Org,
    over: OrderPage | None = None,
) -> bool:
    """Asks what to do with a token that nobody took charge of, and does it.

    Returns False when the operator wants to look for it again.
    """
    problem = ""
    while True:
        dialog = OrphanDialog(title, story=story, label=label, problem=problem)
        choice = await ask(host, dialog, over=over)
        if choice == "keep":
            _note(host, host.records.journal.acknowledged, entry)
        elif choice == "later":
            _note(host, host.records.journal.put_off, entry)
        if choice != "revoke" or label.token_id is None:
            return choice != "look"
        try:
            await org.revoke_token(label.account_id, label.token_id, name=label.token_name)
        except KonnectError as error:
            problem = f"Not confirmed as revoked. {error}"
        else:
            _say_revoked(host, label)
            _note(host, host.records.journal.revoked, entry)
            return True


async def ask(host: Host, dialog: Dialog[T], *, over: object = None) -> T:
    """Shows a dialog once no other than `over` is open, and waits for its answer."""
    while (top := _top_dialog(host)) is not None and top is not over:
        await top.gone()
    return await host.push_screen_wait(dialog)


def _top_dialog(host: Host) -> Dialog[Any] | None:
    return next(
        (screen for screen in reversed(host.screen_stack) if isinstance(screen, Dialog)), None
    )


def _note(host: Host, note: Callable[[str], None], entry: str) -> None:
    """Writes to the journal what became of a token; if it fails, the next start asks again."""
    try:
        note(entry)
    except JournalError as error:
        host.say(str(error), is_error=True)


def _say_revoked(host: Host, label: Label, *also: str) -> None:
    revoked = f"Token {label.token_name} is revoked; it may keep working for some minutes."
    host.say(" ".join((revoked, *also)))
