"""The list of the access tokens of all accounts, as far as they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.words import plural
from sa_tui.org.summary import token_state
from sa_tui.ui.kit import go, guards
from sa_tui.ui.kit.beside import WIDE_COLUMNS, Beside
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import LEAVING, SORTING, ListScreen
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.table.table import LineTable
from sa_tui.ui.tokens import verbs as token_verbs
from sa_tui.ui.tokens.about import about, dates
from sa_tui.ui.tokens.issuing import order_token
from sa_tui.ui.tokens.rotate_verb import rotate_tokens
from sa_tui.ui.tokens.rows import COLUMNS, TokenList, TokenRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.subjects import Subject
    from sa_tui.access.verbs import Verb
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export


class TokensScreen(ListScreen):
    """Every access token of the organisation, one line each; reads the accounts it needs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *LEAVING,
        bind(Means.BACK, "back", help="Back to the list", only="q,backspace", in_footer=False),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
        bind(
            Means.TAKE_AWAY,
            "revoke",
            "Revoke",
            "Revoke it, or all marked",
            name="revoke",
            verb=verbs.REVOKE_TOKENS,
            takes_marked=True,
        ),
        bind(
            Means.ROTATE,
            "rotate",
            help="Replace it, or all marked, with new ones",
            verb=verbs.ROTATE_TOKEN,
            takes_marked=True,
        ),
        bind(Means.RENAME, "rename", verb=verbs.RENAME_TOKEN),
        bind(
            Means.ISSUE, "issue", "Issue", "Issue a token for its account", verb=verbs.ISSUE_TOKEN
        ),
        *SORTING,
        bind(Means.REFRESH, "refresh", help="Read everything again"),
        bind(
            Means.REST,
            "read_on",
            "Read on",
            "Read the accounts that were not read",
            name="read-all",
            in_footer=False,
        ),
        bind(Means.COPY, "copy_id", "Copy id", "Copy the token's id", name="copy-id", only="y"),
    ]

    section = "tokens"
    TABLE = "#all-tokens"

    def __init__(self) -> None:
        super().__init__()
        self._list = TokenList()

    # Drawing

    def compose_body(self) -> ComposeResult:
        table = LineTable(COLUMNS, row=self._row, markable=True, id="all-tokens")
        yield Beside(table, self._about)
        yield Static(id="token-dates", markup=False)
        yield FilterBar(
            placeholder="words such as live, expired, unused, or expires:<30d is:admin",
            words=lambda: self.host.access.words,
        )

    @property
    def _chosen(self) -> TokenRow | None:
        return self._list.rows.get(self.table.cursor_key or "")

    def on_mount(self) -> None:
        super().on_mount()
        self.table.sort = self._list.sort
        self.table.focus()

    def left(self) -> None:
        self.host.reading.pause()

    def _row(self, key: str) -> Sequence[Text | str]:
        row = self._list.rows.get(key)
        if row is None:
            return ("(gone)", *[""] * (len(COLUMNS) - 1))
        return self.flagged_cells(key, row.cells(self.host.now()))

    @property
    def order(self) -> Sequence[str]:
        return tuple(self._list.rows)

    def texts(self) -> Iterable[tuple[str, str]]:
        return self._list.texts

    def subject_of(self) -> Callable[[str], Subject | None]:
        """The account of a token, as if it had this token alone."""
        access, now, rows = self.host.access.current, self.host.now(), self._list.rows

        def of_token(key: str) -> Subject | None:
            row = rows[key]
            subject = access.subject(row.account.id)
            return None if subject is None else subject.for_token(row.token, now)

        return of_token

    def export(self) -> Export | None:
        if self.host.snapshot.accounts.value is None:
            return None
        from sa_tui.ui.tokens.exports import tokens_export

        kept = self.kept
        return tokens_export(self.host, kept, [self._list.rows[key] for key in kept.keys])

    def sort_by(self, sort: tuple[str, bool]) -> None:
        self._list.sort = sort

    def show(self, snapshot: Snapshot) -> None:
        self.host.reading.ensure()
        if self._list.update(snapshot, self.host.now()) or self.rests_on_access:
            self.apply_filter()
        else:
            self.say_why_empty()
        if not self._unread_count(snapshot):  # else a marked token may be about to be read again
            self.table.marks = frozenset(self.table.marks & self._list.rows.keys())
        self.table.redraw()
        self._show_dates()

    def why_empty(self) -> str:
        snapshot = self.host.snapshot
        if self._list.rows:
            return "No access token matches the filter.\n\nEsc clears it."
        if snapshot.accounts.value is None and snapshot.accounts.error is not None:
            return f"{snapshot.accounts.error}\n\nr tries again"
        if self._unread_count(snapshot):
            is_stopped = self.host.reading.is_stopped
            return "Not read yet: press + to read on." if is_stopped else "Reading…"
        return "Not known." if self._list.failed else "No account has an access token."

    @on(LineTable.Highlighted, "#all-tokens")
    def _show_dates(self) -> None:
        row, (width, height) = self._chosen, self.app.size
        text = Text()
        if row is not None and width < WIDE_COLUMNS:
            text = dates(self.host, row.account.id, row.token, width=width - 2, height=height)
        self.query_one("#token-dates").display = width < WIDE_COLUMNS
        self.set_text("#token-dates", text)

    def on_resize(self) -> None:
        super().on_resize()
        if self.is_ready:
            self._show_dates()

    def _about(self, key: str, width: int) -> Text:
        row = self._list.rows.get(key)
        return Text() if row is None else about(self.host, row.account, row.token, width=width)

    def _unread_count(self, snapshot: Snapshot) -> int:
        """How many accounts are still to be read; 1 while the list of accounts is not read."""
        if (listing := snapshot.accounts.value) is None:
            return 1
        return len(listing.rows) - self._list.read - len(self._list.failed)

    def summary(self, snapshot: Snapshot) -> Text:
        part = snapshot.accounts
        if part.value is None:
            is_over = part.error is not None and not part.is_reading
            return Text("Nothing could be read" if is_over else "Reading the accounts…")
        shown_count, total = len(self.table.keys), len(self._list.rows)
        of_total = f"{shown_count:,} of " if shown_count != total else ""
        now = self.host.now()
        live = sum(token_state(row.token, now) == "live" for row in self._list.rows.values())
        line = Text(f"{of_total}{plural(total, 'token')}, {live:,} live{self.uncertain_note()}")
        line.append(f" · {self._progress(snapshot, of=len(part.rows))}")
        return line

    def _progress(self, snapshot: Snapshot, *, of: int) -> str:
        read = f"{self._list.read:,} of {plural(of, 'account')} read"
        if not self._unread_count(snapshot):
            return read
        return f"{read}, stopped: + reads on" if self.host.reading.is_stopped else read

    def trouble(self, snapshot: Snapshot) -> Text | None:
        reasons = []
        for names, what in ((self._list.failed, "unknown"), (self._list.partial, "incomplete")):
            if names:
                more = f" and {len(names) - 2:,} more" if len(names) > 2 else ""
                reasons.append(f"the tokens of {', '.join(names[:2])}{more} are {what}")
        if snapshot.accounts.error is not None:
            reasons.append(f"accounts: {snapshot.accounts.error}")
        elif (listing := snapshot.accounts.value) is not None and listing.incomplete:
            reasons.append(f"accounts: {listing.incomplete}")
        if not reasons or self._unread_count(snapshot):
            return None
        incomplete_text = f" · NOT COMPLETE: {'; '.join(reasons)} · r reads again"
        return Text.assemble(self.summary(snapshot), (incomplete_text, "bold yellow"))

    # Reading

    def action_read_on(self) -> None:
        """Reads what was not read yet."""
        self.host.reading.read()

    def action_refresh(self) -> None:
        self.host.load()

    # What the operator does

    @on(LineTable.Opened, "#all-tokens")
    def _open(self) -> None:
        if (row := self._chosen) is not None:
            self.post_message(go.OpenAccount(row.account.id))

    def action_back(self) -> None:
        self.dismiss()

    def ask(self, query: str) -> None:
        """Filters the list by this query, as soon as it can."""
        self.when_ready(self._ask, query)

    def _ask(self, query: str) -> None:
        self.run_with_argument("filter", query)
        self.set_focus(self.table)

    def action_rename(self) -> None:
        if (row := self._chosen) is not None:
            token_verbs.rename_token(self.host, row.account.id, row.token)

    def action_revoke(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.REVOKE_TOKENS)
        chosen_ids: dict[str, list[str]] = {}
        for row in (self._list.rows[key] for key in chosen if key in self._list.rows):
            chosen_ids.setdefault(row.account.id, []).append(row.token.id)
        notes = guards.notes_of_hidden(self.table)
        token_verbs.revoke_tokens(self.host, chosen_ids, notes=notes)

    def action_rotate(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.ROTATE_TOKEN)
        rows = [self._list.rows[key] for key in chosen if key in self._list.rows]
        tokens = [(row.account.id, row.token) for row in rows]
        rotate_tokens(self.host, tokens, notes=guards.notes_of_hidden(self.table))

    def action_issue(self) -> None:
        if (row := self._chosen) is not None:
            order_token(self.host, row.account.id)

    def action_copy_id(self) -> None:
        if (row := self._chosen) is not None:
            self.post_message(go.Copy(row.token.id))

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        chosen, marked = guards.looked_at(self.table, verb)
        rows = [self._list.rows[key] for key in chosen if key in self._list.rows]
        return [Target(account_id=row.account.id, token=row.token) for row in rows], marked
