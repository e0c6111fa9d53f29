"""Renaming and revoking access tokens, from any page; each is reviewed before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.doubts import doubts
from sa_tui.access.verbs import Target
from sa_tui.base.words import plural
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host


def rename_token(host: Host, account_id: str, token: AccessToken) -> None:
    """Asks for the token's new name."""
    from sa_tui.ui.tokens.rename_form import RenameForm

    targets = [Target(account_id=account_id, token=token)]
    if guards.is_refused(host, verbs.RENAME_TOKEN, targets):
        return
    if (account := host.snapshot.account(account_id)) is not None:
        host.push_screen(RenameForm(account, token))


def revoke_tokens(
    host: Host, chosen_ids: Mapping[str, Collection[str]], *, notes: Sequence[str] = ()
) -> None:
    """Reviews revoking these tokens, given as account id -> token ids."""
    targets = [Target(account_id=account_id) for account_id in chosen_ids]
    if not guards.is_refused(host, verbs.REVOKE_TOKENS, targets) and host.org is not None:
        host.run_worker(_revoke(host, host.org, chosen_ids, notes), group=DETAILS)


def revoke_all_tokens(host: Host, account_ids: Iterable[str], *, notes: Sequence[str] = ()) -> None:
    """Reviews revoking every token of these accounts."""
    all_tokens_of = dict.fromkeys(account_ids)
    targets = [Target(account_id=account_id) for account_id in all_tokens_of]
    if not guards.is_refused(host, verbs.REVOKE_ALL_TOKENS, targets) and host.org is not None:
        host.run_worker(_revoke(host, host.org, all_tokens_of, notes), group=DETAILS)


async def _revoke(
    host: Host,
    org: Org,
    chosen_ids: Mapping[str, Collection[str] | None],
    notes: Sequence[str],
) -> None:
    """Reads the accounts again, so that the last use is up to date, then opens the review."""
    screen = host.screen
    host.say(f"Reading the tokens of {plural(len(chosen_ids), 'account')} again…")
    await org.read_details(chosen_ids, again=True)
    await guards.read_powers(org, chosen_ids)
    if host.screen is not screen:
        return
    tokens, unknown = _chosen_tokens(org.snapshot, chosen_ids)
    if not tokens:
        reason = "; ".join(unknown) or "There is no such token any more: nothing to revoke"
        host.say(f"{reason}.", is_error=bool(unknown))
        return

    def changes(snapshot: Snapshot) -> list[Change]:
        from sa_tui.org.changes.accounts import revoke_token

        return [revoke_token(*pair) for pair in _chosen_tokens(snapshot, chosen_ids)[0]]

    left_out = _left_out(org.snapshot, chosen_ids)
    host.review("", changes, notes=(*notes, *left_out))


def _left_out(
    snapshot: Snapshot, chosen_ids: Mapping[str, Collection[str] | None]
) -> Iterator[str]:
    """A sentence for each account of which less is revoked than was chosen, and why."""
    for account_id, token_ids in chosen_ids.items():
        account, tokens = snapshot.account(account_id), snapshot.details_of(account_id).tokens
        name = account_id if account is None else account.name or account_id
        listed_ids = {token.id for token in tokens.rows}
        missing = len(set(token_ids or ()) - listed_ids)
        if account is None:
            yield f"{name}: Konnect does not list the account any more."
        elif not tokens.is_whole and not listed_ids:
            yield f"{name}: none of its tokens is revoked, they could not be read."
        elif missing:
            yield f"{name}: {plural(missing, 'chosen token')} not listed any more, and left out."
        elif not listed_ids:
            yield f"{name} has no access token: nothing to revoke."


def _chosen_tokens(
    snapshot: Snapshot, chosen_ids: Mapping[str, Collection[str] | None]
) -> tuple[list[tuple[SystemAccount, AccessToken]], list[str]]:
    """The tokens that are to be revoked, and what is not known, in sentences."""
    tokens: list[tuple[SystemAccount, AccessToken]] = []
    unknown: list[str] = []
    for account_id, token_ids in chosen_ids.items():
        account, details = snapshot.account(account_id), snapshot.details_of(account_id)
        if account is None:
            continue
        unknown += [f"{account.name}: {doubt}" for doubt in doubts(details, "tokens")]
        rows = {token.id: token for token in details.tokens.rows}
        tokens += [(account, rows[id]) for id in rows if token_ids is None]
        tokens += [(account, rows[id]) for id in token_ids or () if id in rows]
    return tokens, unknown
