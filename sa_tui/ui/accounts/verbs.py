"""What is done to accounts and tokens, from whichever list: look first, then review, then send.

Nothing is reviewed on old news: what a change would end is read again before it is shown.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.access import verbs
from sa_tui.access.verbs import Subject
from sa_tui.base.text import one_line
from sa_tui.base.words import plural
from sa_tui.ui.accounts.previews import deletion, doubts, revocation
from sa_tui.ui.kit import guards
from sa_tui.ui.session import DETAILS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sa_tui.access.stakes import Caution
    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.app import SaTui

# Accounts


def new_account(app: SaTui, *, show: Callable[[str], object]) -> None:
    """Asks for a new account; `show` is given its id once it exists."""
    from sa_tui.ui.accounts.form import AccountForm

    if not guards.is_refused(app, verbs.NEW_ACCOUNT, ()):
        app.push_screen(AccountForm(), partial(_made, app, show))


def _made(app: SaTui, show: Callable[[str], object], account_id: str | None) -> None:
    if account_id is not None:
        show(account_id)
        app.say("The account is there. It may do nothing yet. Press i to issue a token.")


def edit_account(app: SaTui, account_id: str) -> None:
    """Asks for another name or description."""
    from sa_tui.ui.accounts.form import AccountForm

    if guards.is_refused(app, verbs.EDIT_ACCOUNT, [Subject(account_id=account_id)]):
        return
    if (account := app.snapshot.account(account_id)) is not None:
        app.push_screen(AccountForm(account))


def delete_account(app: SaTui, account_id: str) -> None:
    """Shows what goes with the account, read anew meanwhile, and asks for its name."""
    from sa_tui.org.changes.accounts import delete_account as change

    subjects = [Subject(account_id=account_id)]
    if guards.is_refused(app, verbs.DELETE_ACCOUNT, subjects):
        return
    account = app.snapshot.account(account_id)
    if account is None or app.org is None:
        return

    def changes(snapshot: Snapshot) -> list[Change]:
        now = snapshot.account(account_id)
        return [change(now, snapshot.details_of(account_id))] if now is not None else []

    def preview(snapshot: Snapshot) -> Text:
        found = guards.cautions(app, verbs.DELETE_ACCOUNT, subjects, snapshot)
        told = deletion(snapshot, account, app.now(), width=app.size.width)
        return guards.warned(told, found)

    app.run_worker(_read_access(app, app.org, account_id), group=DETAILS)
    app.review(f"Delete system account {account.name}?", changes, preview=preview)


async def _read_access(app: SaTui, org: Org, account_id: str) -> None:
    """Reads again what the account holds, who else holds as much, and the names of it."""
    from sa_tui.ui.roles.entity_words import read_names

    await org.read_details([account_id], again=True)
    await guards.read_powers(org, [account_id])
    if (roles := org.snapshot.details_of(account_id).roles.value) is not None:
        read_names(app, roles.rows)


def clone_account(app: SaTui, account_id: str, *, show: Callable[[str], object]) -> None:
    """Creates an account like this one: first the account, then its roles and teams."""
    from sa_tui.ui.accounts.form import AccountForm

    if guards.is_refused(app, verbs.CLONE_ACCOUNT, [Subject(account_id=account_id)]):
        return
    if (like := app.snapshot.account(account_id)) is not None:
        app.push_screen(AccountForm(like=like), partial(_clone_made, app, like, show))


def _clone_made(
    app: SaTui, like: SystemAccount, show: Callable[[str], object], account_id: str | None
) -> None:
    if account_id is not None and app.org is not None:
        show(account_id)
        app.run_worker(_give_the_same(app, app.org, like, account_id), group=DETAILS)


async def _give_the_same(app: SaTui, org: Org, like: SystemAccount, account_id: str) -> None:
    """Reviews the roles and memberships that `like` holds and the other account lacks."""
    screen = app.screen
    app.say(f"Reading the roles and teams of {like.name}…")
    await org.read_details([like.id, account_id], again=True)
    account = org.snapshot.account(account_id)
    if account is None or app.screen is not screen:
        return
    changes, left_out = _lacking(org.snapshot, like, account)
    unknown = doubts(org.snapshot.details_of(like.id), "roles", "teams")
    if left_out:
        unknown.append(f"{plural(left_out, 'role')} could not be read whole and are left out")
    if changes:
        preview = f"{account.name} gets what {like.name} holds and it lacks. Tokens are not copied."
        title = f"The same access for {account.name}?"
        app.review(title, changes, preview=Text("\n".join(map(one_line, (preview, *unknown)))))
    elif unknown:
        app.say(f"Nothing is known that could be copied: {'; '.join(unknown)}.", is_error=True)
    else:
        app.say(f"{account.name} holds all that {like.name} does. Press i to issue a token.")


def _lacking(
    snapshot: Snapshot, like: SystemAccount, account: SystemAccount
) -> tuple[list[Change], int]:
    """What gives the account the other's roles and teams, and how many roles nobody can read."""
    from sa_tui.org.changes.roles import Grant, Holder, assign_role
    from sa_tui.org.changes.teams import Member, join_team

    source, target = snapshot.details_of(like.id), snapshot.details_of(account.id)
    held = target.roles.value.rows if target.roles.value is not None else ()
    joined = {team.id for team in target.teams.value.rows} if target.teams.value else set()
    holder = Holder(kind="account", id=account.id, name=account.name)
    member = Member(kind="account", id=account.id, name=account.name)
    changes, left_out = [], 0
    for role in source.roles.value.rows if source.roles.value is not None else ():
        written = (role.role_name, role.entity_type_name, role.entity_id, role.entity_region)
        if not all(written):
            left_out += 1
            continue
        name, entity_type, entity_id, region = map(str, written)
        entity = snapshot.entity(entity_id)
        grant = Grant(
            role_name=name,
            entity_type_name=entity_type,
            entity_id=entity_id,
            entity_region=region,
            entity_name=entity.name if entity is not None else "",
        )
        if not any(map(grant.is_written_in, held)):
            changes.append(assign_role(holder, grant))
    teams = source.teams.value.rows if source.teams.value is not None else ()
    changes += [join_team(member, team) for team in teams if team.id not in joined]
    return changes, left_out


# Tokens


def rename_token(app: SaTui, account_id: str, token: AccessToken) -> None:
    """Asks for another name for the token."""
    from sa_tui.ui.tokens.rename_form import TokenForm

    subjects = [Subject(account_id=account_id, token=token)]
    if guards.is_refused(app, verbs.RENAME_TOKEN, subjects):
        return
    if (account := app.snapshot.account(account_id)) is not None:
        app.push_screen(TokenForm(account, token))


def revoke_tokens(app: SaTui, wanted: Mapping[str, Collection[str]]) -> None:
    """Reviews the end of these tokens, given as account id -> token ids."""
    subjects = [Subject(account_id=account_id) for account_id in wanted]
    if not guards.is_refused(app, verbs.REVOKE_TOKENS, subjects) and app.org is not None:
        app.run_worker(_revoke(app, app.org, wanted), group=DETAILS)


def revoke_all_tokens(app: SaTui, account_ids: Iterable[str]) -> None:
    """Reviews the end of every token of these accounts."""
    wanted = dict.fromkeys(account_ids)
    subjects = [Subject(account_id=account_id) for account_id in wanted]
    if not guards.is_refused(app, verbs.REVOKE_ALL_TOKENS, subjects) and app.org is not None:
        app.run_worker(_revoke(app, app.org, wanted), group=DETAILS)


async def _revoke(app: SaTui, org: Org, wanted: Mapping[str, Collection[str] | None]) -> None:
    """Reads the accounts again, so that the last use is not old news, then opens the review."""
    screen = app.screen
    app.say(f"Reading the tokens of {plural(len(wanted), 'account')} again…")
    await org.read_details(wanted, again=True)
    await guards.read_powers(org, wanted)
    if app.screen is not screen:
        return
    found, unknown = _chosen_tokens(org.snapshot, wanted)
    if not found:
        reason = "; ".join(unknown) or "There is no such token any more: nothing to revoke"
        app.say(f"{reason}.", is_error=bool(unknown))
        return
    title = (
        f"Revoke {plural(len(found), 'access token')}?"
        if len(found) > 1
        else f"Revoke token {found[0][1].name} of {found[0][0].name}?"
    )
    subjects = [Subject(account_id=account.id, token=token) for account, token in found]

    def cautions(snapshot: Snapshot) -> tuple[Caution, ...]:
        return guards.cautions(app, verbs.REVOKE_TOKENS, subjects, snapshot)

    def changes(snapshot: Snapshot) -> list[Change]:
        return _revocations(_chosen_tokens(snapshot, wanted)[0], cautions(snapshot))

    def preview(snapshot: Snapshot) -> Text:
        told = revocation(*_chosen_tokens(snapshot, wanted), app.now(), width=app.size.width)
        return guards.warned(told, cautions(snapshot))

    app.review(title, changes, preview=preview)


def _revocations(
    found: Iterable[tuple[SystemAccount, AccessToken]], cautions: Sequence[Caution]
) -> list[Change]:
    from sa_tui.org.changes.accounts import revoke_token

    changes = [revoke_token(account, token) for account, token in found]
    if len(changes) > 1:  # many at once are never a matter of one key
        changes = [replace(change, level="type") for change in changes]
    return guards.careful(changes, cautions)


def _chosen_tokens(
    snapshot: Snapshot, wanted: Mapping[str, Collection[str] | None]
) -> tuple[list[tuple[SystemAccount, AccessToken]], list[str]]:
    """The tokens that are to be revoked, and what is not known of the others."""
    found: list[tuple[SystemAccount, AccessToken]] = []
    unknown: list[str] = []
    for account_id, token_ids in wanted.items():
        account, details = snapshot.account(account_id), snapshot.details_of(account_id)
        if account is None:
            continue
        unknown += [f"{account.name}: {doubt}" for doubt in doubts(details, "tokens")]
        rows = details.tokens.value.rows if details.tokens.value is not None else ()
        found += [(account, row) for row in rows if token_ids is None or row.id in token_ids]
    return found, unknown
