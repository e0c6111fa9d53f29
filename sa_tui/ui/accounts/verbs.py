"""What is done to accounts and tokens, from whichever list: look first, then review, then send.

Nothing is reviewed on old news: what a change would end is read again before it is shown.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.text import one_line
from sa_tui.base.words import plural
from sa_tui.ui.accounts.previews import deletion
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.doubts import doubts
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host

# Accounts


def new_account(app: Host, *, show: Callable[[str], object]) -> None:
    """Asks for a new account; `show` is given its id once it exists."""
    from sa_tui.ui.accounts.form import AccountForm

    if not guards.is_refused(app, verbs.NEW_ACCOUNT, ()):
        app.push_screen(AccountForm(), partial(_made, app, show))


def _made(app: Host, show: Callable[[str], object], account_id: str | None) -> None:
    if account_id is not None:
        show(account_id)
        app.say("The account is there. It may do nothing yet. Press i to issue a token.")


def edit_account(app: Host, account_id: str) -> None:
    """Asks for another name or description."""
    from sa_tui.ui.accounts.form import AccountForm

    if guards.is_refused(app, verbs.EDIT_ACCOUNT, [Target(account_id=account_id)]):
        return
    if (account := app.snapshot.account(account_id)) is not None:
        app.push_screen(AccountForm(account))


def delete_account(app: Host, account_id: str) -> None:
    """Shows what goes with the account, read anew meanwhile, and asks for its name."""
    from sa_tui.org.changes.accounts import delete_account as change

    targets = [Target(account_id=account_id)]
    if guards.is_refused(app, verbs.DELETE_ACCOUNT, targets):
        return
    account = app.snapshot.account(account_id)
    if account is None or app.org is None:
        return

    def changes(snapshot: Snapshot) -> list[Change]:
        now = snapshot.account(account_id)
        return [change(now, snapshot.details_of(account_id))] if now is not None else []

    def preview(snapshot: Snapshot) -> Text:
        found = guards.cautions(app, verbs.DELETE_ACCOUNT, targets, snapshot)
        told = deletion(snapshot, account, app.now(), width=app.size.width)
        return guards.warned(told, found)

    app.run_worker(_read_access(app, app.org, account_id), group=DETAILS)
    app.review(f"Delete system account {account.name}?", changes, preview=preview)


async def _read_access(app: Host, org: Org, account_id: str) -> None:
    """Reads again what the account holds, who else holds as much, and the names of it."""
    from sa_tui.ui.roles.entity_words import read_names

    await org.read_details([account_id], again=True)
    await guards.read_powers(org, [account_id])
    if (roles := org.snapshot.details_of(account_id).roles.value) is not None:
        read_names(app, roles.rows)


def clone_account(app: Host, account_id: str, *, show: Callable[[str], object]) -> None:
    """Creates an account like this one: first the account, then its roles and teams."""
    from sa_tui.ui.accounts.form import AccountForm

    if guards.is_refused(app, verbs.CLONE_ACCOUNT, [Target(account_id=account_id)]):
        return
    if (like := app.snapshot.account(account_id)) is not None:
        app.push_screen(AccountForm(like=like), partial(_clone_made, app, like, show))


def _clone_made(
    app: Host, like: SystemAccount, show: Callable[[str], object], account_id: str | None
) -> None:
    if account_id is not None and app.org is not None:
        show(account_id)
        app.run_worker(_give_the_same(app, app.org, like, account_id), group=DETAILS)


async def _give_the_same(app: Host, org: Org, like: SystemAccount, account_id: str) -> None:
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
    from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role
    from sa_tui.org.changes.teams import Member, join_team

    source, target = snapshot.details_of(like.id), snapshot.details_of(account.id)
    held = target.roles.rows
    joined = {team.id for team in target.teams.rows}
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    member = Member(kind="account", id=account.id, name=account.name)
    changes, left_out = [], 0
    for role in source.roles.rows:
        written = (role.role_name, role.entity_type_name, role.entity_id, role.entity_region)
        if not all(written):
            left_out += 1
            continue
        name, entity_type, entity_id, region = map(str, written)
        entity = snapshot.entity(entity_id)
        grant = RoleRequest(
            role_name=name,
            entity_type_name=entity_type,
            entity_id=entity_id,
            entity_region=region,
            entity_name=entity.name if entity is not None else "",
        )
        if not any(map(grant.is_written_in, held)):
            changes.append(assign_role(owner, grant))
    teams = source.teams.rows
    changes += [join_team(member, team) for team in teams if team.id not in joined]
    return changes, left_out


# Tokens
