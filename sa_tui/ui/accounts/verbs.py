"""Creating, editing, cloning and deleting system accounts, from any page.

Each is reviewed before it is sent, and what it would end is read again before the review.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.doubts import doubts
from sa_tui.access.verbs import Target
from sa_tui.base.words import plural
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host


def new_account(host: Host, *, show: Callable[[str], object]) -> None:
    """Asks for a new account; `show` is given its id once it exists."""
    from sa_tui.ui.accounts.form import AccountForm

    if not guards.is_refused(host, verbs.NEW_ACCOUNT, ()):
        host.push_screen(AccountForm(), partial(_made, host, show))


def _made(host: Host, show: Callable[[str], object], account_id: str | None) -> None:
    if account_id is not None:
        show(account_id)
        host.say("The account is created. It may do nothing yet. Press i to issue a token.")


def edit_account(host: Host, account_id: str) -> None:
    """Asks for the account's new name or description."""
    from sa_tui.ui.accounts.form import AccountForm

    if guards.is_refused(host, verbs.EDIT_ACCOUNT, [Target(account_id=account_id)]):
        return
    if (account := host.snapshot.account(account_id)) is not None:
        host.push_screen(AccountForm(account))


def delete_accounts(host: Host, account_ids: Sequence[str], *, notes: Sequence[str] = ()) -> None:
    """Shows what is lost with the accounts while reading them again, and asks for a name or number.

    Several are read before the review opens, which would be made anew with each answer.
    """
    targets = [Target(account_id=account_id) for account_id in account_ids]
    if guards.is_refused(host, verbs.DELETE_ACCOUNT, targets) or host.org is None:
        return
    if len(account_ids) == 1:
        host.run_worker(_read_access(host, host.org, account_ids), group=DETAILS)
        host.review("", partial(_deletions, account_ids), notes=notes)
    else:
        host.run_worker(_delete_several(host, host.org, account_ids, notes), group=DETAILS)


async def _delete_several(
    host: Host, org: Org, account_ids: Sequence[str], notes: Sequence[str]
) -> None:
    screen = host.screen
    host.say(f"Reading {plural(len(account_ids), 'account')} again…")
    await _read_access(host, org, account_ids)
    if host.screen is screen:
        host.review("", partial(_deletions, account_ids), notes=notes)


def _deletions(account_ids: Sequence[str], snapshot: Snapshot) -> list[Change]:
    from sa_tui.org.changes.accounts import delete_account as change

    accounts = [snapshot.account(account_id) for account_id in account_ids]
    return [
        change(account, snapshot.details_of(account.id))
        for account in accounts
        if account is not None
    ]


async def _read_access(host: Host, org: Org, account_ids: Sequence[str]) -> None:
    """Reads again what the accounts hold, with names, and who else is an administrator."""
    from sa_tui.ui.roles.entity_words import read_names

    await org.read_details(account_ids, again=True)
    await guards.read_powers(org, account_ids)
    read_names(
        host, [role for id in account_ids for role in org.snapshot.details_of(id).roles.rows]
    )


def clone_account(host: Host, account_id: str, *, show: Callable[[str], object]) -> None:
    """Creates an account like this one: first the account, then its roles and teams."""
    from sa_tui.ui.accounts.form import AccountForm

    if guards.is_refused(host, verbs.CLONE_ACCOUNT, [Target(account_id=account_id)]):
        return
    if (like := host.snapshot.account(account_id)) is not None:
        host.push_screen(AccountForm(like=like), partial(_clone_made, host, like, show))


def _clone_made(
    host: Host, like: SystemAccount, show: Callable[[str], object], account_id: str | None
) -> None:
    if account_id is not None and host.org is not None:
        show(account_id)
        host.run_worker(_give_the_same(host, host.org, like, account_id), group=DETAILS)


async def _give_the_same(host: Host, org: Org, like: SystemAccount, account_id: str) -> None:
    """Reviews the roles and memberships that `like` holds and the other account lacks."""
    from sa_tui.org.changes.cloning import lacking

    screen = host.screen
    host.say(f"Reading the roles and teams of {like.name}…")
    await org.read_details([like.id, account_id], again=True)
    account = org.snapshot.account(account_id)
    if account is None or host.screen is not screen:
        return
    lacks = lacking(org.snapshot, like, org.snapshot.details_of(account_id))
    changes = lacks.changes_for(account)
    unknown = doubts(org.snapshot.details_of(like.id), "roles", "teams")
    if lacks.left_out:
        unknown.append(
            f"{plural(lacks.left_out, 'role')} could not be read in full and are left out"
        )
    if changes:
        note = f"{account.name} gets what {like.name} has and it lacks. Tokens are not copied."
        host.review(f"The same access for {account.name}?", changes, notes=(note, *unknown))
    elif unknown:
        host.say(f"Nothing can be copied: {'; '.join(unknown)}.", is_error=True)
    else:
        host.say(f"{account.name} has all that {like.name} has. Press i to issue a token.")
