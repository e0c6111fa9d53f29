"""The list of system accounts: filter, order, and the way to one account."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.times import ago, utc
from sa_tui.base.words import plural
from sa_tui.ui.accounts import rows as account_rows
from sa_tui.ui.accounts import verbs as account_verbs
from sa_tui.ui.accounts.keys import CHANGES
from sa_tui.ui.accounts.order import AccountOrder
from sa_tui.ui.accounts.welcome import Welcome
from sa_tui.ui.kit import go, guards
from sa_tui.ui.kit.beside import WIDE_COLUMNS
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import CLEAR, SORTING, ListScreen
from sa_tui.ui.kit.table.table import LineTable
from sa_tui.ui.roles import verbs as role_verbs
from sa_tui.ui.teams import picking
from sa_tui.ui.tokens import verbs as token_verbs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.verbs import Verb
    from sa_tui.konnect.models import Listing, SystemAccount
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.accounts.pane import AccountPane
    from sa_tui.ui.kit.exporting import Export


class AccountsScreen(ListScreen):
    """Every system account of the organisation, one line each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.ISSUE, "issue", help="Issue an access token", verb=verbs.ISSUE_TOKEN),
        *SORTING,
        bind(Means.REFRESH, "refresh", help="Read everything again"),
        bind(Means.COPY, "copy_id", "Copy id", "Copy the account's id", name="copy-id", only="y"),
        *CHANGES,
        bind(
            Means.REST,
            "read_all",
            "Read all",
            "Read the details of every account",
            name="read-all",
            in_footer=False,
        ),
        CLEAR,
        bind(
            Means.BACK,
            "leave",
            "Clear",
            "Clear marks, or stop reading",
            name="stop",
            only="escape",
            in_footer=False,
        ),
    ]

    section = "accounts"
    TABLE = "#accounts"

    def __init__(self) -> None:
        super().__init__()
        self._account_order = AccountOrder()
        self._pane: AccountPane | None = None
        self._can_issue: bool | None = None

    def start_over(self) -> None:
        super().start_over()
        self._account_order = AccountOrder()
        self.table.sort = self._account_order.sort

    # Drawing

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="list-and-account"):
            yield LineTable(account_rows.COLUMNS, row=self._row, markable=True, id="accounts")
        yield FilterBar(
            placeholder="words, or role:Admin type:cp entity:prod*",
            words=lambda: self.host.access.words,
        )
        if self.host.dependencies.is_first_start:
            yield Welcome()

    def on_mount(self) -> None:
        super().on_mount()
        self.table.sort = self._account_order.sort
        self.table.focus()

    def on_screen_suspend(self) -> None:
        self.query(Welcome).remove()

    def on_resize(self) -> None:
        self._show_pane()

    def _row(self, account_id: str) -> Sequence[Text | str]:
        snapshot = self.host.snapshot
        if (account := snapshot.account(account_id)) is None:
            return ("(gone)", *[""] * (len(account_rows.COLUMNS) - 1))
        details = snapshot.details_of(account_id)
        return self.flagged_cells(account_id, account_rows.cells(account, details, self.host.now()))

    @property
    def order(self) -> Sequence[str]:
        return self._account_order.order

    def texts(self) -> Iterable[tuple[str, str]]:
        return self._account_order.texts()

    def export(self) -> Export | None:
        if self.host.snapshot.accounts.value is None:
            return None
        from sa_tui.ui.accounts.exports import accounts_export

        return accounts_export(self.host, self.kept)

    def sort_by(self, sort: tuple[str, bool]) -> None:
        self._account_order.sort = sort

    def show(self, snapshot: Snapshot) -> None:
        self.read_for_filter()
        if is_new := self._account_order.update(snapshot, self.host.now()) or self.rests_on_access:
            self.apply_filter()
        else:
            self.say_why_empty()
        if not snapshot.accounts.is_reading:
            gone_ids = {key for key in self.table.marks if snapshot.account(key) is None}
            self.table.marks -= gone_ids
        if not is_new:  # `apply_filter` has just drawn new ones
            self.table.redraw()
        self._show_pane()
        if self._can_issue != (can_issue := self.check_action("issue", ())):
            self._can_issue = can_issue
            self.refresh_bindings()

    def why_empty(self) -> Text | str:
        """The text in place of the rows, and what to do about it."""
        accounts = self.host.snapshot.accounts
        if problem := self.host.problem or (accounts.error and str(accounts.error)):
            profile = self.host.profile
            server = f"\n\nThe profile {profile.name} uses {profile.base_url}" if profile else ""
            keys = "r tries again · 8 switches the profile · ? lists the keys"
            return f"{problem}{server}\n\n{keys}"
        if accounts.value is None or accounts.is_reading:
            return "Reading the organisation…"
        if accounts.rows:
            return "No account matches the filter.\n\nEsc clears it."
        return (
            "No system accounts.\n\nThis organisation has none, or this token may not see them: "
            f"{verbs.WHO_SEES_ACCOUNTS}."
        )

    def _show_pane(self) -> None:
        """Shows the account beside the list when the terminal is wide enough."""
        is_wide = self.app.size.width >= WIDE_COLUMNS
        pane = self._pane
        if pane is not None:
            pane.display = is_wide
            if is_wide:
                pane.show(self.table.cursor_key)
        elif is_wide and self.host.snapshot.accounts.value is not None:
            # Loaded and made this late so that the first paint does not wait for it.
            from sa_tui.ui.accounts.pane import AccountPane

            self._pane = AccountPane()
            self.query_one("#list-and-account").mount(self._pane)
            self._pane.show(self.table.cursor_key)

    def summary(self, snapshot: Snapshot) -> Text:
        part, source = snapshot.accounts, self._source()
        if (listing := part.value) is None:
            is_over = part.error is not None or self.host.problem
            return Text(source if is_over else f"Reading system accounts… · {source}")
        if part.is_reading and part.read_at is None:
            of_total = f" of {listing.total:,}" if listing.total is not None else ""
            return Text(f"Reading system accounts: {len(listing.rows):,}{of_total}…")
        line = Text(f"{self._counts(listing)}{self._order_word()}")
        if waiting := self._waiting():
            line.append(f" · {waiting}", style="bold yellow")
        if part.is_old and part.read_at is not None:
            age = ago(part.read_at, self.host.now())
            line.append(f" · AS OF {age} · reading again…", style="bold yellow")
        elif part.is_reading:
            line.append(" · reading again…")
        elif part.read_at is not None:
            line.append(f" · read {utc(part.read_at)} · {source}", style="dim")
        return line

    def trouble(self, snapshot: Snapshot) -> Text | None:
        part = snapshot.accounts
        if part.value is None or part.is_reading:
            return None
        if part.error is not None:
            read = f", read {utc(part.read_at)}" if part.read_at is not None else ""
            return Text.assemble(
                f"{self._counts(part.value)}{read} · ",
                (f"NOT UP TO DATE: {part.error}", "bold red"),
            )
        if part.value.incomplete:
            return Text.assemble(
                f"{self._counts(part.value)}{self._order_word()} · r retries · ",
                (f"INCOMPLETE: {part.value.incomplete}", "bold yellow"),
            )
        visible = (snapshot.details_of(key) for key in self.table.visible_keys)
        parts = (
            part for details in visible for part in (details.tokens, details.roles, details.teams)
        )
        if error := next((part.error for part in parts if part.error is not None), None):
            return Text.assemble(
                f"{self._counts(part.value)} · r retries · ",
                (f"NOT ALL READ: {error}", "bold yellow"),
            )
        return None

    def _waiting(self) -> str:
        """The hand-overs that somebody has to settle; empty when there is none."""
        # Imported late: it loads the models, and the start does not need them.
        from sa_tui.records.journal import JournalError
        from sa_tui.ui.tokens.waiting import waiting_words

        try:
            return waiting_words(self.host)
        except JournalError:  # told by the page of hand-overs, and before a token is issued
            return ""

    def _counts(self, listing: Listing[SystemAccount]) -> str:
        shown_count, total = len(self.table.keys), len(listing.rows)
        of_total = f"{shown_count:,} of " if shown_count != total else ""
        return f"{of_total}{plural(total, 'system account')}{self.uncertain_note()}"

    def _order_word(self) -> str:
        """How many accounts have no place in the order yet; empty when all have."""
        if not (unknown := self._account_order.unknown):
            return ""
        titles = {column.key: column.title for column in account_rows.COLUMNS}
        return f" · by {titles[self._account_order.sort[0]]}: {unknown:,} not known (+ reads all)"

    def _source(self) -> str:
        """Where the token comes from, in few words."""
        if (profile := self.host.profile) is None:
            return ""
        if self.host.file_age:
            return f"from {profile.source.describe()}"
        return "token from " + profile.source.describe().replace("environment variable ", "$")

    # What the operator does

    @on(LineTable.Opened, "#accounts")
    def _open(self, event: LineTable.Opened) -> None:
        self.post_message(go.OpenAccount(event.key))

    @on(LineTable.Highlighted, "#accounts")
    def _highlighted(self) -> None:
        self._show_pane()

    @on(LineTable.VisibleChanged, "#accounts")
    def _visible_changed(self) -> None:
        self.host.read_visible(self.table.visible_keys)

    @property
    def is_clearable(self) -> bool:
        """Whether there is a filter: Esc clears marks too, but other keys need the footer then."""
        return self.bar.display

    def action_leave(self) -> None:
        """Stops reading, or takes the words of welcome away."""
        if not self.clear():
            self.query(Welcome).remove()

    def action_refresh(self) -> None:
        self.host.load(self.table.visible_keys)

    def action_read_all(self) -> None:
        self.host.reading.read()

    def action_issue(self) -> None:
        if (account_id := self.table.cursor_key) is not None:
            # Imported late: it loads the models, and the start does not need them.
            from sa_tui.ui.tokens.issuing import order_token

            order_token(self.host, account_id)

    def action_copy_id(self) -> None:
        if (account_id := self.table.cursor_key) is not None:
            self.post_message(go.Copy(account_id))

    # Changes

    def action_new(self) -> None:
        account_verbs.new_account(self.host, show=self.table.move_to)

    def action_clone(self) -> None:
        if (account_id := self.table.cursor_key) is not None:
            account_verbs.clone_account(self.host, account_id, show=self.table.move_to)

    def action_edit(self) -> None:
        if (account_id := self.table.cursor_key) is not None:
            account_verbs.edit_account(self.host, account_id)

    def action_delete(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.DELETE_ACCOUNT)
        notes = guards.notes_of_hidden(self.table)
        account_verbs.delete_accounts(self.host, chosen, notes=notes)

    def action_assign_roles(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.GIVE_ROLES)
        notes = guards.notes_of_hidden(self.table)
        role_verbs.assign_to_accounts(self.host, chosen, notes=notes)

    def action_revoke_all(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.REVOKE_ALL_TOKENS)
        notes = guards.notes_of_hidden(self.table)
        token_verbs.revoke_all_tokens(self.host, chosen, notes=notes)

    def action_teams(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.CHANGE_TEAMS)
        if chosen:
            picking.pick_teams(self.host, chosen, notes=guards.notes_of_hidden(self.table))

    def action_access(self) -> None:
        if (account_id := self.table.cursor_key) is not None:
            self.post_message(go.Explain(account_id))

    def action_compare(self) -> None:
        marked = [key for key in self.order if key in self.table.marks]
        self.post_message(go.Compare(marked, self.table.cursor_key))

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        chosen, marked = guards.looked_at(self.table, verb)
        return [Target(account_id=key) for key in chosen], marked
