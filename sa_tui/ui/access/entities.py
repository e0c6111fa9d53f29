"""All entities whose names are known, and how many can administer, write or read each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding

from sa_tui.access.entity_subjects import (
    by_name,
    entity_subject,
    not_about_entities,
    texts_of,
)
from sa_tui.access.why import reaching
from sa_tui.base.text import sought
from sa_tui.base.words import plural, short_id
from sa_tui.org.reading.entities import every_listing
from sa_tui.org.reading.naming import read_every_entity
from sa_tui.ui.access.base import COMMON, AccessScreen
from sa_tui.ui.kit.beside import Beside
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.list_screen import SORTING
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.query.language import Query
    from sa_tui.access.query.notices import Notice
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.konnect.models import Entity
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export

COLUMNS = (
    Column("name", "NAME", width=20, grow=3),
    Column("type", "TYPE", width=14, grow=1),
    Column("region", "REGION", width=6),
    Column("admin", "ADMIN", width=5, right=True),
    Column("write", "WRITE", width=5, right=True),
    Column("read", "READ", width=4, right=True),
    Column("unknown", "?", width=3, right=True),
    Column("id", "ID", width=9, priority=1),
)
TIERS = {"admin": "A", "write": "W", "read": "R", "unknown": "?"}


class EntitiesScreen(AccessScreen):
    """Control planes, portals, APIs and other entities by name; Enter shows who reaches one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *SORTING,
        *(key for key in COMMON if isinstance(key, Binding) and key.id != "compare"),
    ]
    section = "entities"
    TABLE = "#entities"
    UNREAD = "Who reaches them could not be read"
    HAS_ACCOUNTS = False

    def __init__(self) -> None:
        super().__init__()
        self._entities: dict[str, Entity] = {}
        self._listed = 0
        self._counted: tuple[Access | None, dict[str, Counter[str]]] = (None, {})
        self._sorted: tuple[str, bool] = ("name", False)

    def compose_body(self) -> ComposeResult:
        yield Beside(LineTable(COLUMNS, row=self._row, id="entities"), self._detail)
        yield FilterBar(
            placeholder="words in name, type, region or id, or type:cp region:eu",
            words=lambda: self.host.access.words,
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.table.sort = self._sorted
        self.table.focus()
        self._read_lists()

    def _read_lists(self) -> None:
        if self.host.org is not None:
            self.app.run_worker(read_every_entity(self.host.org), group=DETAILS)

    def action_refresh(self) -> None:
        super().action_refresh()
        self._listed = 0
        self._read_lists()

    @property
    def order(self) -> Sequence[str]:
        return tuple(self._entities)

    def texts(self) -> Iterable[tuple[str, str]]:
        return [(key, sought(*texts_of(entity))) for key, entity in self._entities.items()]

    def subject_of(self) -> Callable[[str], Subject | None]:
        """An entity as a subject with a grant on itself, so that terms about entities find it."""
        return lambda key: entity_subject(self._entities[key])

    def misplaced(self, query: Query) -> tuple[Notice, ...]:
        """A notice for each term that asks about something else than an entity."""
        return tuple(
            replace(notice, text=f"{notice.text[:-1]}: Enter shows who reaches it.")
            for notice in not_about_entities(query)
        )

    def export(self) -> Export | None:
        if not self._entities:
            return None
        from sa_tui.ui.access.exports import entities_export

        kept = self.kept
        return entities_export(self.host, kept, [self._entities[key] for key in kept.keys])

    def sort_by(self, sort: tuple[str, bool]) -> None:
        self._sorted = sort

    def show_access(self) -> None:
        """Lists the entities named so far, at ever larger steps while more lists are read."""
        named_count = len(self.access.entities_by_id)
        if self._unread() and named_count < 2 * self._listed:
            return
        self._listed = named_count
        column, reverse = self._sorted
        entities = sorted(self.access.entities_by_id.values(), key=by_name)
        if column in TIERS:
            tier = TIERS[column]
            entities.sort(key=lambda entity: self._count(entity)[tier], reverse=not reverse)
        elif column != "name":
            picks = {"type": "entity_type_name", "region": "region", "id": "id"}
            entities.sort(key=lambda entity: getattr(entity, picks[column]), reverse=reverse)
        elif reverse:
            entities.reverse()
        self._entities = {entity.id: entity for entity in entities}
        self.apply_filter()
        self.table.redraw()

    def _unread(self) -> int:
        """How many lists were not read yet."""
        snapshot = self.host.snapshot
        return sum(pair not in snapshot.entities for pair in every_listing(snapshot))

    def _count(self, entity: Entity) -> Counter[str]:
        """How many reach an entity, by tier; computed once per reading."""
        access = self.access
        if self._counted[0] is not access:
            self._counted = (access, {})
        counts = self._counted[1]
        if entity.id not in counts:
            counts[entity.id] = Counter(reach.tier for reach in reaching(access, entity))
        return counts[entity.id]

    def _row(self, key: str) -> Sequence[Text | str]:
        entity = self._entities.get(key)
        if entity is None:
            return ("(gone)", *("",) * (len(COLUMNS) - 1))
        counts, none = self._count(entity), self._none()
        cells: list[Text | str] = [entity.name, entity.entity_type_name, entity.region]
        for name, tier in TIERS.items():
            count = counts[tier]
            tone = "quiet" if not count else "warn" if name == "unknown" else ""
            cells.append(Text(str(count) if count else none if name != "unknown" else "", tone))
        return (*cells, short_id(entity.id))

    def _detail(self, key: str, width: int) -> Text:
        """Who reaches the entity under the cursor."""
        if (entity := self._entities.get(key)) is None:
            return Text()
        from sa_tui.ui.access.entity_words import reached_by

        is_coming = self.host.reading.is_reading or self.host.snapshot.accounts.is_reading
        return reached_by(self.access, entity, self.host.now(), is_coming=is_coming)

    def _none(self) -> str:
        """What is shown for a count of 0: `0` only if everybody was read."""
        if self.access.missing is None:
            return "0"
        is_coming = self.host.reading.is_reading or self.host.snapshot.accounts.is_reading
        return "…" if is_coming else "?"

    def why_empty(self) -> str:
        if self._entities:
            return "No entity matches the filter.\n\nEsc clears it."
        return self.why_unread() or "Reading what there is…"

    def summary(self, snapshot: Snapshot) -> Text:
        shown_count, total = len(self.table.keys), len(self._entities)
        of_total = f"{shown_count:,} of " if shown_count != total else ""
        line = Text(f"{of_total}{plural(total, 'entity', 'entities')} by name")
        if unread := self._unread():
            return line.append(f" · {plural(unread, 'list')} still to be read")
        line.append(" · Enter: who can")
        return line.append(self.read_at_text(), style="dim")

    def trouble(self, snapshot: Snapshot) -> Text | None:
        if self._unread():
            return None
        failed = sorted(pair for pair, part in snapshot.entities.items() if part.error is not None)
        if not failed:
            return super().trouble(snapshot)
        names = ", ".join(f"{name} in {region}" for name, region in failed[:2])
        more = f" and {plural(len(failed) - 2, 'other list')}" if len(failed) > 2 else ""
        line = super().trouble(snapshot) or self.summary(snapshot)
        return line.append(f" · NOT VISIBLE: {names}{more}", style="bold yellow")

    @on(LineTable.Opened, "#entities")
    def _open(self, event: LineTable.Opened) -> None:
        from sa_tui.ui.access.entity import EntityScreen

        self.host.push_screen(EntityScreen(self._entities[event.key]))
