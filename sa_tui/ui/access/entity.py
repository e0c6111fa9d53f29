"""One entity: who can administer, write or read it, and by which roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import TIERS
from sa_tui.access.why import explain, reached, reaching
from sa_tui.base.text import one_line
from sa_tui.base.words import short_id
from sa_tui.ui.access.base import COMMON, AccessScreen
from sa_tui.ui.kit.beside import Beside
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.list_screen import SORTING
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.roles import grant_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from _typeshed import SupportsRichComparison
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Subject
    from sa_tui.access.why import Reach
    from sa_tui.konnect.models import Entity
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export

COLUMNS = (
    Column("account", "WHO", width=18, grow=2),
    Column("can", "CAN", width=13),
    Column("roles", "ROLES", width=14, grow=2),
    Column("via", "VIA", width=10, grow=1),
    Column("tk", "TK", width=3),
    Column("last", "LAST USED", width=10, priority=1),
)


class EntityScreen(AccessScreen):
    """Who reaches one entity, the widest access first; Enter tells why."""

    BINDINGS: ClassVar[list[BindingType]] = [*SORTING, *COMMON]
    TABLE = "#reaching"
    DEFAULT_CSS: ClassVar[str] = """
    EntityScreen #entity-facts { height: auto; max-height: 3; padding: 0 1; }
    """

    def __init__(self, entity: Entity) -> None:
        super().__init__()
        self.entity = entity
        self._reaches: dict[str, Reach] = {}
        self._sorted: tuple[str, bool] = ("can", False)

    @property
    def crumb(self) -> str:
        return self.entity.name or short_id(self.entity.id)

    @property
    def arguments(self) -> Mapping[str, Any]:
        return {"entity": self.entity}

    def compose_body(self) -> ComposeResult:
        yield Static(id="entity-facts", markup=False)
        table = LineTable(COLUMNS, row=self._row, markable=True, id="reaching")
        yield Beside(table, self._detail)
        yield FilterBar(
            placeholder="words, or is:armed -is:managed via:team",
            words=lambda: self.host.access.words,
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.table.sort = self._sorted
        self.table.focus()

    @property
    def order(self) -> Sequence[str]:
        return tuple(self._reaches)

    def texts(self) -> Iterable[tuple[str, str]]:
        return [(key, reach.subject.haystack) for key, reach in self._reaches.items()]

    def export(self) -> Export | None:
        if not self.access.subjects:
            return None
        from sa_tui.ui.access.exports import entity_export

        kept = self.kept
        reaches = [self._reaches[key] for key in kept.keys]
        return entity_export(self.host, kept, self.entity, reaches)

    def sort_by(self, sort: tuple[str, bool]) -> None:
        self._sorted = sort

    def show_access(self) -> None:
        is_reading = self.host.reading.is_reading
        reaches = [
            reach
            for reach in reached(self.access, self.entity)
            if reach.answer is Answer.YES or not is_reading
        ]
        column, reverse = self._sorted
        reaches.sort(key=lambda reach: self._rank(reach, column), reverse=reverse)
        self._reaches = {reach.subject.id: reach for reach in reaches}
        self.query_one("#entity-facts", Static).update(self._facts())
        self.apply_filter()
        self.table.redraw()

    def _facts(self) -> Text:
        """What it is, and who could reach it by making a token for somebody else."""
        entity = self.entity
        what = f"{entity.entity_type_name} {entity.name} in {entity.region}"
        text = Text(one_line(what), style="bold")
        text.append(f" ({short_id(entity.id)})", style="not bold")
        minters = [
            subject.name
            for subject in self.access.subjects
            if subject.can_mint is Answer.YES and subject.id not in self._reaches
        ]
        if minters:
            more = f" and {len(minters) - 2} more" if len(minters) > 2 else ""
            names = one_line(", ".join(minters[:2]) + more)
            text.append(f"\nOne step away: {names} can make tokens for anybody.", "not bold yellow")
        return text

    def _detail(self, key: str, width: int) -> Text:
        """Why the subject under the cursor reaches the entity, or may."""
        if (reach := self._reaches.get(key)) is None:
            return Text()
        why = explain(reach.subject, reach.grants, now=self.host.now())
        return self.why(why, self.entity.name or short_id(self.entity.id))

    def _rank(self, reach: Reach, column: str) -> SupportsRichComparison:
        match column:
            case "can":
                return TIERS.index(reach.tier) + len(TIERS) * (reach.answer is not Answer.YES)
            case "roles":
                return _roles(reach)
            case "via":
                return self._via(reach)
            case "tk":
                return reach.subject.live_tokens(self.host.now())[0]
            case "last":
                used = reach.subject.last_used_at
                return used.timestamp() if used else 0.0
        return reach.subject.name.casefold()

    def _row(self, key: str) -> Sequence[Text | str]:
        reach = self._reaches.get(key)
        if reach is None:
            return ("(gone)", *("",) * (len(COLUMNS) - 1))
        subject, now = reach.subject, self.host.now()
        can = Text(grant_words.TIERS[reach.tier], style="bad" if reach.tier in "A?" else "")
        cells = (
            grant_words.subject_name(subject),
            can,
            _roles(reach),
            self._via(reach),
            grant_words.tokens_cell(subject, now),
            grant_words.last_used_cell(subject, now),
        )
        return self.flagged_cells(key, cells)

    def _via(self, reach: Reach) -> str:
        paths = (grant.via.title if grant.via else "direct" for grant in _strongest(reach))
        return ", ".join(dict.fromkeys(paths))

    def why_empty(self) -> str:
        if self._reaches:
            return "Nobody matches the filter.\n\nEsc clears it."
        return self.why_unread() or "Nobody has access to it."

    def summary(self, snapshot: Snapshot) -> Text:
        counts = [
            f"{count:,} {words}"
            for tier, words in grant_words.TIERS.items()
            if (count := sum(reach.tier == tier for reach in self._reaches.values()))
        ]
        line = Text(f"{self.counted(len(self._reaches))}: {', '.join(counts) or 'none'}")
        return line.append(f"{self.uncertain_note()} · Enter tells why").append(
            self.read_at_text(), style="dim"
        )

    @on(LineTable.Opened, "#reaching")
    def _open(self, event: LineTable.Opened) -> None:
        from sa_tui.ui.access.why import WhyScreen

        entity, host = self.entity, self.host

        def pick(subject: Subject) -> Sequence[Grant]:
            everybody = reaching(host.access.current, entity)
            matching = [reach for reach in everybody if reach.subject.id == subject.id]
            return matching[0].grants if matching else ()

        self.host.push_screen(
            WhyScreen(event.key, pick=pick, about=f"{entity.entity_type_name} {entity.name}")
        )


def _strongest(reach: Reach) -> Sequence[Grant]:
    if reach.answer is not Answer.YES:
        return reach.grants
    return [grant for grant in reach.grants if grant.tier == reach.tier]


def _roles(reach: Reach) -> str:
    roles = dict.fromkeys(grant.role or "?" for grant in reach.grants)
    return ", ".join(roles) or "?"
