"""One system account on the whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.times import utc
from sa_tui.base.words import short_id
from sa_tui.org.summary import is_read
from sa_tui.ui.accounts import verbs as account_verbs
from sa_tui.ui.accounts.pane import AccountPane
from sa_tui.ui.kit import go, guards
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.table.table import LineTable
from sa_tui.ui.roles import reviews
from sa_tui.ui.roles import verbs as role_verbs
from sa_tui.ui.teams import picking
from sa_tui.ui.tokens import rotate_verb, rotating
from sa_tui.ui.tokens import verbs as token_verbs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.verbs import Verb
    from sa_tui.org.snapshot import Details, Snapshot


class AccountScreen(SnapshotScreen):
    """What one account is, its tokens, its direct roles and its teams."""

    AUTO_FOCUS = ""  # it would scroll to the middle of a page that has no layout yet

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "back", help="Back to the list"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
        bind(Means.ISSUE, "issue", help="Issue an access token", verb=verbs.ISSUE_TOKEN),
        bind(Means.REFRESH, "refresh", help="Read its tokens, roles and teams again"),
        bind(Means.COPY, "copy_id", "Copy id", "Copy the account's id", name="copy-id", only="y"),
        bind(
            Means.TAKE_AWAY,
            "revoke",
            "Revoke",
            "Revoke the token, or all marked",
            name="revoke",
            verb=verbs.REVOKE_TOKENS,
            takes_marked=True,
        ),
        bind(
            Means.MEMBERSHIPS,
            "teams",
            "Teams",
            "Let the account join or leave teams",
            name="account-teams",
            verb=verbs.CHANGE_TEAMS,
        ),
        bind(
            Means.TAKE_AWAY,
            "remove_roles",
            "Remove",
            "Remove these roles",
            name="remove-roles",
            verb=verbs.REMOVE_ROLES,
            takes_marked=True,
        ),
        bind(
            Means.ASSIGN,
            "assign_roles",
            help="Give the account roles",
            name="assign-roles",
            verb=verbs.GIVE_ROLES,
        ),
        bind(Means.ACCESS, "access", help="Show all it can do, and why"),
        bind(Means.RENAME, "rename", verb=verbs.RENAME_TOKEN),
        bind(
            Means.ROTATE,
            "rotate",
            help="Replace the token, or all marked, with new ones",
            verb=verbs.ROTATE_TOKEN,
            takes_marked=True,
        ),
        bind(
            Means.RETIRE,
            "retire",
            help="Revoke the old token of a rotation",
            verb=verbs.RETIRE_TOKEN,
        ),
        bind(
            Means.REVOKE_ALL,
            "revoke_all",
            help="Revoke every token it has",
            verb=verbs.REVOKE_ALL_TOKENS,
        ),
        bind(
            Means.EDIT,
            "edit",
            help="Change the account's name or description",
            verb=verbs.EDIT_ACCOUNT,
        ),
        bind(Means.DELETE, "delete", help="Delete the account", verb=verbs.DELETE_ACCOUNT),
    ]

    def __init__(self, account_id: str, *, token_id: str | None = None) -> None:
        super().__init__()
        self.account_id = account_id
        self._token_id = token_id
        self._outdated: Details | None = None
        self._is_deleting = False

    @property
    def crumb(self) -> str:
        account = self.host.snapshot.account(self.account_id)
        return (account.name if account is not None else "") or short_id(self.account_id)

    @property
    def arguments(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id}

    def compose_body(self) -> ComposeResult:
        yield AccountPane(markable=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.host.read_details([self.account_id])
        tokens = self.query_one("#tokens", LineTable)
        tokens.focus(scroll_visible=False)
        if self._token_id is not None:
            tokens.move_to(f"tokens:{self._token_id}")

    def show(self, snapshot: Snapshot) -> None:
        if self._is_deleting and self._is_gone(snapshot):
            self.dismiss()
            return
        self.query_one(AccountPane).show(self.account_id)
        self.refresh_bindings()

    def _is_gone(self, snapshot: Snapshot) -> bool:
        """Whether all accounts were read and this one is not among them."""
        part = snapshot.accounts
        return part.is_whole and not part.is_reading and snapshot.account(self.account_id) is None

    def summary(self, snapshot: Snapshot) -> Text:
        if self._is_gone(snapshot):
            return Text("Konnect does not list this account. Esc goes back.")
        details = snapshot.details_of(self.account_id)
        if details.is_unread:
            return Text("Reading tokens, roles and teams…")
        if details is self._outdated:
            return Text("Reading tokens, roles and teams again…")
        moments = [
            part.read_at
            for part in (details.tokens, details.roles, details.teams)
            if part.read_at is not None
        ]
        line = Text(f"read {utc(min(moments))}" if moments else "Nothing could be read")
        if not is_read(details):
            line.append(" · not everything could be read: r reads again", style="bold yellow")
        return line

    def action_back(self) -> None:
        self.dismiss()

    def action_issue(self) -> None:
        from sa_tui.ui.tokens.issuing import order_token

        order_token(self.host, self.account_id)

    def action_refresh(self) -> None:
        self._outdated = self.host.snapshot.details_of(self.account_id)
        self.host.read_details([self.account_id], again=True)
        self.query_one(AccountPane).read_names(again=True)
        self.update_status()

    def action_copy_id(self) -> None:
        self.post_message(go.Copy(self.account_id))

    # Changes

    def action_edit(self) -> None:
        account_verbs.edit_account(self.host, self.account_id)

    def action_delete(self) -> None:
        self._is_deleting = True
        account_verbs.delete_accounts(self.host, [self.account_id])

    def action_rename(self) -> None:
        if (token := self.query_one(AccountPane).token) is not None:
            token_verbs.rename_token(self.host, self.account_id, token)

    def action_revoke(self) -> None:
        if token_ids := self.query_one(AccountPane).chosen_tokens:
            token_verbs.revoke_tokens(self.host, {self.account_id: token_ids})

    def action_rotate(self) -> None:
        chosen_ids = self.query_one(AccountPane).chosen_tokens
        rows = self.host.snapshot.details_of(self.account_id).tokens.rows
        by_id = {token.id: token for token in rows}
        tokens = [(self.account_id, by_id[id]) for id in chosen_ids if id in by_id]
        rotate_verb.rotate_tokens(self.host, tokens)

    def action_retire(self) -> None:
        token = self.query_one(AccountPane).token
        rotating.retire(self.host, self.account_id, token.id if token else None)

    def action_revoke_all(self) -> None:
        token_verbs.revoke_all_tokens(self.host, [self.account_id])

    def action_access(self) -> None:

        self.post_message(go.Explain(self.account_id))

    def action_teams(self) -> None:
        picking.pick_teams(self.host, [self.account_id])

    def action_assign_roles(self) -> None:
        role_verbs.assign_to_accounts(self.host, [self.account_id])

    def action_remove_roles(self) -> None:
        if not self._is_among_roles:  # the roles must be seen before they are chosen
            self.query_one("#roles").focus()
            self.host.say("Space marks roles, x removes the marked ones or the one chosen.")
            return
        if (owner := role_verbs.account_role_owner(self.host, self.account_id)) is not None:
            reviews.remove_roles(self.host, owner, self.query_one(AccountPane).chosen_roles)

    def on_descendant_focus(self) -> None:
        self.refresh_bindings()

    @property
    def _is_among_roles(self) -> bool:
        """Whether the table of roles has the focus."""
        return self.focused is not None and self.focused.id == "roles"

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        targets = [Target(account_id=self.account_id)]
        if verb.noun == "token" and verb is not verbs.RETIRE_TOKEN:
            chosen, marked = guards.looked_at(self.query_one("#tokens", LineTable), verb)
            return (targets if chosen and not self._is_among_teams else []), marked
        if verb is verbs.REMOVE_ROLES:
            return (targets if self.query_one(AccountPane).chosen_roles else []), 0
        return targets, 0

    @property
    def _is_among_teams(self) -> bool:
        """Whether the table of teams has the focus."""
        return self.focused is not None and self.focused.id == "teams"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves x and N to the roles while their table has the focus."""
        if action in ("revoke", "rename") and self._is_among_roles:
            return False
        return super().check_action(action, parameters)
