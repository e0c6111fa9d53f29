"""Rotating one token or several, from any page; what one of several cannot be, none is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.doubts import doubts
from sa_tui.access.verbs import Target
from sa_tui.base.words import plural
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS
from sa_tui.ui.tokens.rotating import ask_rotation, why_no_successor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.rotating import Old
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host


def rotate_tokens(
    host: Host, tokens: Sequence[tuple[str, AccessToken]], *, notes: Sequence[str] = ()
) -> None:
    """Opens the form for the successor of one token, or of several, each with its account's id.

    None is rotated when one of several cannot be, which is named.
    """
    if len(tokens) == 1:
        ask_rotation(host, *tokens[0])
        return
    chosen = [(account_id, token.id) for account_id, token in tokens]
    account_ids = list(dict.fromkeys(account_id for account_id, _ in chosen))
    targets = [Target(account_id=account_id) for account_id in account_ids]
    if not guards.is_refused(host, verbs.ROTATE_TOKEN, targets) and host.org is not None:
        host.run_worker(_ask(host, host.org, chosen, account_ids, notes), group=DETAILS)


async def _ask(
    host: Host,
    org: Org,
    chosen: Sequence[tuple[str, str]],
    account_ids: Sequence[str],
    notes: Sequence[str],
) -> None:
    """Reads the accounts again, because the names that are taken decide, then opens the form."""
    screen = host.screen
    host.say(f"Reading the tokens of {plural(len(account_ids), 'account')} again…")
    await org.read_details(account_ids, again=True)
    if host.screen is not screen:
        return
    olds, reason = _found(host, chosen)
    if reason:
        host.say(f"Nothing is rotated. {reason}", is_error=True)
        return

    def go_on() -> None:
        from sa_tui.ui.tokens.rotations_form import RotationsForm

        host.push_screen(RotationsForm(olds, notes=notes))

    _ask_first(host, account_ids, len(olds), go_on)


def _found(host: Host, chosen: Sequence[tuple[str, str]]) -> tuple[list[Old], str]:
    """The tokens with their accounts, and why one of them cannot be rotated, or nothing."""
    from sa_tui.org.rotating import Old

    olds = []
    for account_id, token_id in chosen:
        account, details = host.snapshot.account(account_id), host.snapshot.details_of(account_id)
        if account is None:
            return [], "An account is not listed any more."
        if unknown := doubts(details, "tokens"):
            return [], f"{account.name or account.id}: {unknown[0]}."
        token = next((row for row in details.tokens.rows if row.id == token_id), None)
        if token is None:
            return [], f"{account.name or account.id}: a marked token is not listed any more."
        if reason := why_no_successor(host, account_id, token):
            return [], reason
        olds.append(Old(account=account, token=token))
    return olds, ""


def _ask_first(
    host: Host, account_ids: Sequence[str], count: int, go_on: Callable[[], object]
) -> None:
    """Goes on at once, or when there are cautions, after the number of tokens was typed."""
    targets = [Target(account_id=account_id) for account_id in account_ids]
    cautions = guards.cautions(host, verbs.ROTATE_TOKEN, targets, host.snapshot)
    if not cautions:
        go_on()
        return
    from sa_tui.ui.kit.confirm import ConfirmDialog

    def answered(answer: str | None) -> None:
        if answer == "yes":
            go_on()

    texts = [caution.text for caution in cautions]
    title = f"Rotate {plural(count, 'token')}"
    host.push_screen(ConfirmDialog(title, texts, to_type=str(count)), answered)
