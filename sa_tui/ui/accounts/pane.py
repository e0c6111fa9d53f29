"""One account: its facts, tokens, direct roles and teams, each as far as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from rich.text import Text
from textual import on
from textual.containers import Vertical, VerticalScroll

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.times import ago, utc
from sa_tui.org.summary import summarise_tokens
from sa_tui.ui.kit.beside import DETAIL
from sa_tui.ui.kit.doubts import part_title
from sa_tui.ui.kit.page import Composed
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.tokens.about import dates
from sa_tui.ui.tokens.rotating import progress_line
from sa_tui.ui.tokens.rows import token_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from sa_tui.konnect.models import AccessToken, AssignedRole, Listing, Row, SystemAccount, Team
    from sa_tui.org.snapshot import Details, Part, Snapshot

RowT = TypeVar("RowT", bound="Row")
TOKEN_COLUMNS = (
    Column("name", "NAME", width=16, grow=2),
    Column("state", "STATE", width=7),
    Column("expires", "EXPIRES", width=14),
    Column("used", "LAST USED", width=12),
    Column("created", "CREATED", width=10),
    Column("expires_utc", "EXPIRES (UTC)", width=20, priority=2),
)
ROLE_COLUMNS = (
    Column("role", "ROLE", width=16, grow=1),
    Column("type", "ENTITY TYPE", width=16, grow=1),
    Column("entity", "ENTITY", width=12, grow=2),
    Column("region", "REGION", width=7),
)
TEAM_COLUMNS = (
    Column("name", "NAME", width=20, grow=1),
    Column("kind", "KIND", width=10),
    Column("description", "DESCRIPTION", width=20, grow=2, priority=1),
)


_ROTATION_HEIGHT: Final = 5
"""The lines that a rotation and a second token take."""


class AccountPane(Composed, Vertical):
    """Shows the account of an id, always from the current snapshot.

    `markable` lets several tokens or roles be marked, to act on them together.
    """

    def __init__(self, *, markable: bool = False) -> None:
        super().__init__()
        self._markable = markable
        self.account_id: str | None = None
        self._rows: dict[str, Sequence[Text | str]] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="facts", markup=False)
        yield Static(id="description", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static("Access tokens", id="tokens-title", classes="section", markup=False)
            yield LineTable(
                TOKEN_COLUMNS,
                row=self._rows.__getitem__,
                markable=self._markable,
                id="tokens",
            )
            yield Static(id="token-dates", markup=False)
            yield Static(id="rotations", markup=False)
            yield Static("Direct roles", id="roles-title", classes="section", markup=False)
            yield LineTable(
                ROLE_COLUMNS,
                row=self._rows.__getitem__,
                markable=self._markable,
                id="roles",
            )
            yield Static("Teams", id="teams-title", classes="section", markup=False)
            yield LineTable(TEAM_COLUMNS, row=self._rows.__getitem__, id="teams")

    def show(self, account_id: str | None) -> None:
        """Draws this account, or nothing for None, once the pane is mounted."""
        self.account_id = account_id
        if self.is_ready:
            self._draw(account_id)

    def completed(self) -> None:
        if not self._markable:  # beside a list, where no table has the focus
            self.query(LineTable).add_class(DETAIL)
        self._draw(self.account_id)

    def _draw(self, account_id: str | None) -> None:
        snapshot, now = self.host.snapshot, self.host.now()
        account = snapshot.account(account_id) if account_id else None
        self.set_text("#facts", _facts(account, now) if account_id else Text())
        self.set_text(
            "#description",
            Text(one_line(account.description, limit=PROSE_LIMIT) if account else ""),
        )
        details = snapshot.details_of(account_id or "")
        self._fill("tokens", details.tokens, lambda token: token_cells(token, now))
        self._fill("roles", details.roles, lambda role: _role_cells(role, snapshot))
        self._fill("teams", details.teams, _team_cells)
        self.set_text("#tokens-title", Text(_tokens_title(details, now)))
        self.set_text("#roles-title", Text(part_title("Direct roles", details.roles)))
        self.set_text("#teams-title", Text(part_title("Teams", details.teams)))
        rotations = progress_line(self.host, account_id) if account_id else Text()
        self.query_one("#rotations").display = bool(rotations)
        self.set_text("#rotations", rotations)
        self._show_token_dates()
        self.read_names()

    def read_names(self, *, again: bool = False) -> None:
        """Reads the names of the entities of its roles; names read before only if `again`."""
        if roles := self._roles:
            from sa_tui.ui.roles.entity_words import read_names

            read_names(self.host, roles, again=again)

    @property
    def _roles(self) -> Sequence[AssignedRole]:
        return self.host.snapshot.details_of(self.account_id or "").roles.rows

    def _fill(
        self, name: str, part: Part[Listing[RowT]], cells: Callable[[RowT], Sequence[Text | str]]
    ) -> None:
        """Puts one part into its table; a key begins with the name of its table."""
        table = self.query_one(f"#{name}", LineTable)
        rows = {f"{name}:{row.id}": cells(row) for row in part.rows}
        for key in [key for key in self._rows if key.startswith(f"{name}:")]:
            del self._rows[key]
        self._rows.update(rows)
        table.set_keys(tuple(rows))
        table.set_message(_why_empty(part) if self.account_id else "")
        table.redraw()
        self._fit(table)

    def on_resize(self) -> None:
        for table in self.query(LineTable):
            self._fit(table)
        if self.is_ready:
            self._show_token_dates()

    def _fit(self, table: LineTable) -> None:
        """Lets a table share the height with the others, but take no more than its rows need."""
        size = self.query_one(VerticalScroll).scrollable_content_region.size
        table.styles.max_height = table.get_content_height(size, size, size.width)

    @on(LineTable.Highlighted, "#tokens")
    def _show_token_dates(self) -> None:
        token = self.token
        self.query_one("#token-dates").display = token is not None
        text = Text()
        if token is not None and self.account_id is not None:
            width = self.query_one(VerticalScroll).scrollable_content_region.width - 2
            # The words of a rotation say the same, and the old and the new token have to be seen.
            is_rotating = self.query_one("#rotations").display
            height = self.app.size.height - (_ROTATION_HEIGHT if is_rotating else 0)
            text = dates(self.host, self.account_id, token, width=width, height=height)
        self.set_text("#token-dates", text)

    @property
    def token(self) -> AccessToken | None:
        """The access token under the cursor."""
        key = self.query_one("#tokens", LineTable).cursor_key
        part = self.host.snapshot.details_of(self.account_id or "").tokens
        rows: Iterable[AccessToken] = part.rows
        return next((token for token in rows if f"tokens:{token.id}" == key), None)

    @property
    def chosen_tokens(self) -> tuple[str, ...]:
        """The ids of the tokens that are marked, or of the one under the cursor."""
        return tuple(key.removeprefix("tokens:") for key in self._chosen("tokens"))

    @property
    def chosen_roles(self) -> tuple[AssignedRole, ...]:
        """The direct roles that are marked, or the one under the cursor."""
        roles = {f"roles:{role.id}": role for role in self._roles}
        return tuple(roles[key] for key in self._chosen("roles") if key in roles)

    def _chosen(self, name: str) -> Sequence[str]:
        table = self.query_one(f"#{name}", LineTable)
        shown = set(table.keys)
        marked = [key for key in table.marks_in_order if key in shown]
        return marked or [key for key in (table.cursor_key,) if key is not None]


def _why_empty(part: Part[object]) -> Text | str:
    if part.error is not None:
        return Text(f"Not known: {part.error}", style="bad")
    return "Not read yet…" if part.value is None else "None."


def _tokens_title(details: Details, now: datetime) -> str:
    title = part_title("Access tokens", details.tokens)
    if details.tokens.value is None:
        return title
    summary = summarise_tokens(details.tokens.value, now)
    return f"{title} · {summary.live}{'' if summary.is_sure else '?'} live"


def _facts(account: SystemAccount | None, now: datetime) -> Text:
    if account is None:
        return Text("Konnect does not list this account: it may have been deleted.")
    managed = {True: "yes, by a mesh zone", False: "no", None: "unknown"}
    text = Text(one_line(account.name) or "(no name)", style="bold")
    quiet = "not bold dim"
    identity = f"id {one_line(account.id)} · managed: {managed[account.konnect_managed]}"
    text.append(f"\n{identity}", style=quiet)
    text.append(f"\ncreated {_when(account, 'created_at', now)}", style=quiet)
    text.append(f" · changed {_when(account, 'updated_at', now, is_brief=True)}", style=quiet)
    return text


def _when(row: SystemAccount, field: str, now: datetime, *, is_brief: bool = False) -> str:
    """A past moment in UTC and in days; its date alone if brief; as it came if unreadable."""
    if field in row.unreadable:
        return f"unknown (Konnect wrote {row.unreadable[field]})"
    moment: datetime | None = getattr(row, field)
    if moment is None:
        return "not given"
    return f"{utc(moment)[:10] if is_brief else utc(moment)} ({ago(moment, now)})"


def _role_cells(role: AssignedRole, snapshot: Snapshot) -> tuple[Text | str, ...]:
    # Imported late: it loads the models, which takes longer than drawing a page without roles.
    from sa_tui.ui.roles.entity_words import entity_cell

    return (
        role.role_name or "?",
        role.entity_type_name or "?",
        entity_cell(role, snapshot),
        "* (all)" if role.entity_region == "*" else role.entity_region or "?",
    )


def _team_cells(team: Team) -> tuple[Text | str, ...]:
    kind = {True: "predefined", False: "custom", None: "?"}[team.system_team]
    return team.title or "(no name)", kind, team.description or ""
