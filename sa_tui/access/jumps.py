"""Everything in an organisation that can be gone to by its name, as far as it was read.

The rule it keeps: what was not read is said, so that a missing name never looks like one that does
not exist.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from sa_tui.access.catalogue import offered_types
from sa_tui.access.fuzzy import Lookup, NameIndex, lookup
from sa_tui.base.words import plural
from sa_tui.org.reading.entities import every_list_in, regions_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.snapshot import Part, Snapshot

JumpKind = Literal["page", "account", "query", "team", "person", "entity", "role", "token"]

MOST_FOUND = 200
"""So many names are found at most: nobody reads on, one more character is quicker."""

MOST_RECENT = 50
STEP = 500

MAIN = 5
"""So many of the kinds come before the others where a text fits both about as well."""


class Jump(NamedTuple):
    """Something to go to: `where` tells it from others of its name, `of` is a token's account."""

    kind: JumpKind
    id: str
    name: str
    where: str = ""
    of: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.kind} {self.of} {self.id}"


class Row(NamedTuple):
    """Something to go to, with what it costs time to work out."""

    key: str
    jump: Jump
    lookup: Lookup


class _Found:
    """Rows and the index of their names."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {row.key: row for row in rows}  # an id may be listed twice
        self._jumps = tuple(row.jump for row in self._rows.values())
        self._numbers = {key: number for number, key in enumerate(self._rows)}
        self.index = NameIndex([row.lookup for row in self._rows.values()])

    def find(self, typed: str, recent: Iterable[str]) -> Iterator[tuple[Jump, ...]]:
        """What a text finds, in the three groups of `NameIndex.find`."""
        first = [self._numbers[key] for key in recent if key in self._numbers]
        for numbers in self.index.find(typed, limit=MOST_FOUND, first=first):
            yield tuple(self._jumps[number] for number in numbers)


class JumpList:
    """All that can be gone to; what has not changed since the last update is not made again."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[object, tuple[Row, ...]]] = {}
        self._tokens: dict[str, tuple[object, object, tuple[Row, ...]]] = {}
        self._main = self._rest = _Found(())
        self._recent: list[str] = []
        self.unread = ""

    def remember(self, kind: JumpKind, id: str, *, of: str = "") -> None:
        """Puts it before others that a text finds as well."""
        newest = Jump(kind, id, "", of=of).key
        self._recent = [newest, *(key for key in self._recent if key != newest)][:MOST_RECENT]

    def find(self, typed: str) -> tuple[Jump, ...]:
        """The best for what was typed, the best one first, at most `MOST_FOUND`."""
        groups = zip(
            *(part.find(typed, self._recent) for part in (self._main, self._rest)), strict=True
        )
        jumps = chain.from_iterable(chain(main, rest) for main, rest in groups)
        return tuple(islice(jumps, MOST_FOUND))

    def update(
        self, snapshot: Snapshot, *, pages: Sequence[Jump] = (), queries: Mapping[str, str]
    ) -> Generator[None, None, None]:
        """Takes another snapshot in steps of a few milliseconds, which delay no key."""
        parts: list[Iterable[Row]] = []
        for kind, source, jumps in _sources(snapshot, pages, queries):
            made = self._made.get(kind)
            if made is None or not _is_same(made[0], source):
                rows = yield from _rows(jumps)
                self._made[kind] = made = (source, rows)
            parts.append(made[1])
        for number, account in enumerate(snapshot.accounts.rows):
            if number % STEP == STEP - 1:
                yield
            parts.append(self._tokens_of(account, snapshot))
        yield
        main = _Found(chain.from_iterable(parts[:MAIN]))
        rest = _Found(chain.from_iterable(parts[MAIN:]))
        yield
        yield from main.index.prepare()
        yield from rest.index.prepare()
        self._main, self._rest = main, rest
        self.unread = unread(snapshot)

    def _tokens_of(self, account: SystemAccount, snapshot: Snapshot) -> tuple[Row, ...]:
        listing = snapshot.details_of(account.id).tokens.value
        made = self._tokens.get(account.id)
        if made is None or made[0] is not account or made[1] is not listing:
            tokens = listing.rows if listing is not None else ()
            rows = tuple(
                _row(Jump("token", token.id, token.name, account.name, of=account.id))
                for token in tokens
            )
            self._tokens[account.id] = made = (account, listing, rows)
        return made[2]


def _sources(
    snapshot: Snapshot, pages: Sequence[Jump], queries: Mapping[str, str]
) -> tuple[tuple[JumpKind, object, Iterable[Jump]], ...]:
    """Each kind but tokens, in the order of equal ranks: what it is made from, and its jumps.

    The first `MAIN` of them are what is mostly looked for.
    """
    return (
        ("page", tuple(pages), pages),
        ("account", snapshot.accounts.value, _accounts(snapshot)),
        ("query", dict(queries), _queries(queries)),
        ("team", snapshot.teams.value, _teams(snapshot)),
        ("person", snapshot.people.value, _people(snapshot)),
        ("entity", snapshot.entities, _entities(snapshot)),
        ("role", (snapshot.catalogue.value, snapshot.details), _roles(snapshot)),
    )


def _is_same(before: object, now: object) -> bool:
    """Whether two sources are the same; models are compared by identity, which costs nothing."""
    if isinstance(before, tuple) and isinstance(now, tuple):
        return len(before) == len(now) and all(map(_is_same, before, now))
    if isinstance(before, dict) and isinstance(now, dict):
        return before == now  # saved queries, of which there are few
    return before is now


def _short_first(jump: Jump) -> tuple[int, str, str]:
    return (len(jump.name), jump.name.casefold(), jump.id)


def _rows(jumps: Iterable[Jump]) -> Generator[None, None, tuple[Row, ...]]:
    rows = []
    for number, jump in enumerate(sorted(jumps, key=_short_first)):
        if number % STEP == STEP - 1:
            yield
        rows.append(_row(jump))
    return tuple(rows)


def _row(jump: Jump) -> Row:
    return Row(jump.key, jump, lookup(jump.name, f"{jump.kind} {jump.where} {jump.id}"))


def _accounts(snapshot: Snapshot) -> Iterable[Jump]:
    for account in snapshot.accounts.rows:
        yield Jump("account", account.id, account.name, account.description)


def _queries(queries: Mapping[str, str]) -> Iterable[Jump]:
    for name, query in queries.items():
        yield Jump("query", query, name, query)


def _teams(snapshot: Snapshot) -> Iterable[Jump]:
    for team in snapshot.teams.rows:
        kind = {True: "predefined", False: "custom", None: ""}[team.system_team]
        yield Jump("team", team.id, team.title, kind)


def _people(snapshot: Snapshot) -> Iterable[Jump]:
    for user in snapshot.people.rows:
        name = user.full_name or user.email or user.preferred_name or user.id
        yield Jump("person", user.id, name, user.email)


def _entities(snapshot: Snapshot) -> Iterable[Jump]:
    for part in snapshot.entities.values():
        for entity in part.rows:
            where = f"{entity.entity_type_name} in {entity.region}"
            yield Jump("entity", entity.id, entity.name, where)


def _roles(snapshot: Snapshot) -> Iterable[Jump]:
    """Each role that Konnect offers or that somebody holds, once, with the types it is for."""
    types: dict[str, dict[str, None]] = {}
    for offered in offered_types(snapshot.catalogue.value):
        for role in offered.roles:
            types.setdefault(role.name, {})[offered.name] = None
    for details in snapshot.details.values():
        for held in details.roles.rows:
            if held.role_name and held.role_name not in types:
                types[held.role_name] = {held.entity_type_name or "": None}
    for name, on in types.items():
        yield Jump("role", name, name, ", ".join(on))


# What was not read


def unread(snapshot: Snapshot) -> str:
    """What could not be searched because it was not read, in a few words; empty if nothing."""
    parts: tuple[tuple[str, Part[object]], ...] = (
        ("accounts", snapshot.accounts),
        ("teams", snapshot.teams),
        ("people", snapshot.people),
    )
    missing = [name for name, part in parts if not part.is_whole]
    open_count = sum(
        not snapshot.details_of(account.id).tokens.is_whole for account in snapshot.accounts.rows
    )
    if open_count:
        missing.insert(0, f"tokens of {plural(open_count, 'account')}")
    pairs = every_list_in(regions_of(snapshot))
    lists = sum(
        pair not in snapshot.entities or not snapshot.entities[pair].is_whole for pair in pairs
    )
    if lists:
        missing.append(f"{lists:,} of {plural(len(pairs), 'list')} of entities")
    return ", ".join(missing)
