"""What became of the changes of system accounts and their tokens in a saved plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.konnect.models import AccessToken, SystemAccount
from sa_tui.org.changes import accounts
from sa_tui.org.changes.new_ids import NewId
from sa_tui.plans.checking.now import MovedError, Now, is_so

if TYPE_CHECKING:
    from sa_tui.plans.checking.now import Found
    from sa_tui.plans.saved import SavedChange


def create(saved: SavedChange, now: Now) -> Found:
    """An account with the name and the description is taken for the one that was made already."""
    name, description = saved.body["name"], saved.body["description"]
    new = now.new_ids[saved.makes] = NewId("account", key=name)
    listing = now.snapshot.accounts
    named = [row for row in listing.rows if row.name == name]
    if not named and not listing.is_whole:
        raise MovedError(f"Whether there is an account {one_line(name)} is not known.")
    if named and (len(named) > 1 or named[0].description != description):
        raise MovedError(f"There is an account {one_line(name)} by now: {named[0].id}.")
    new.value = named[0].id if named else None
    return accounts.create_account(name, description=description, makes=new), bool(named)


def edit(saved: SavedChange, now: Now) -> Found:
    """A new name or a new description."""
    account = now.account(saved)
    (name,) = saved.body
    after = saved.body[name]
    done = is_so(
        f"The {name} of {saved.subject}",
        getattr(account, name),
        before=saved.field(name).before,
        after=after,
    )
    if name == "name":
        return accounts.rename_account(account, name=after), done
    return accounts.describe_account(account, description=after), done


def delete(saved: SavedChange, now: Now) -> Found:
    """An account that is gone was deleted already."""
    account = now.snapshot.account(saved.ids["account_id"])
    if account is None:
        if why := now.snapshot.accounts.why_incomplete:
            raise MovedError(f"Which accounts there are is not known: {why}")
        gone = SystemAccount(id=saved.ids["account_id"], name=saved.field("name").before or "")
        return accounts.delete_account(gone), True
    change = accounts.delete_account(account, now.snapshot.details_of(account.id))
    return now.unless_moved(change, saved), False


def rename_token(saved: SavedChange, now: Now) -> Found:
    """A new name of a token."""
    account, token = now.account(saved), _token(saved, now)
    if token is None:
        raise MovedError(f"A token of {one_line(saved.subject)} is gone.")
    before, after = saved.field("token name").before, saved.body["name"]
    done = is_so(f"Token {before} of {account.name}", token.name, before=before, after=after)
    return accounts.rename_token(account, token, name=after), done


def revoke_token(saved: SavedChange, now: Now) -> Found:
    """A token that is gone was revoked already."""
    id = saved.ids["account_id"]
    account = now.snapshot.account(id) or SystemAccount(id=id, name=saved.subject)
    token = _token(saved, now)
    if token is None:
        gone = AccessToken(id=saved.ids["token_id"], name=saved.field("token").before or "")
        return accounts.revoke_token(account, gone), True
    return now.unless_moved(accounts.revoke_token(account, token), saved), False


def _token(saved: SavedChange, now: Now) -> AccessToken | None:
    part = now.snapshot.details_of(saved.ids["account_id"]).tokens
    token = next((row for row in part.rows if row.id == saved.ids["token_id"]), None)
    if token is None and not part.is_whole:
        raise MovedError(f"Which tokens {one_line(saved.subject)} has is not known.")
    return token
