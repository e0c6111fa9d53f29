"""Answers who can do what without the terminal application: `who`, `access` and `matrix`.

What could not be read is said three times: in the data, on stderr and by the exit code.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.given import whys
from sa_tui.access.holders import read_access
from sa_tui.access.matrix import LEGEND, by_region, by_role, by_type
from sa_tui.access.query import QueryError, parse, show, terms
from sa_tui.access.search import Search
from sa_tui.access.vocabulary import misplaced, notices, read_vocabulary
from sa_tui.access.why import explain
from sa_tui.api.models import User
from sa_tui.cli.access_records import (
    ACCESS,
    ACCESS_FIELDS,
    MATRIX_FIELDS,
    SUBJECT,
    WHO,
    WHO_ACCOUNTS,
    WHO_FIELDS,
    flat_matrix_record,
    grant_record,
    matrix_record,
    no_grant_record,
    path_record,
    said,
    who_record,
)
from sa_tui.cli.choosing import Choice
from sa_tui.cli.columns import Column
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.finding import find_account, find_subject
from sa_tui.cli.formats import put_csv, put_markdown
from sa_tui.cli.output import narrate_profile, narrate_wait, put_json, put_table
from sa_tui.cli.problems import Problem, merged, problem_of, problems_of
from sa_tui.cli.records import account_record, organization_record, person_record
from sa_tui.cli.views import view
from sa_tui.org.reading import Progress, read_entity_names, read_organisation
from sa_tui.org.snapshot import Part
from sa_tui.ui.format import plural

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sa_tui.access.holders import Access, Holder
    from sa_tui.access.matrix import Matrix
    from sa_tui.access.query import Query
    from sa_tui.access.search import Match
    from sa_tui.access.vocabulary import Notice
    from sa_tui.api.models import SystemAccount
    from sa_tui.cli.access_records import Record
    from sa_tui.cli.views import Shown
    from sa_tui.cli.world import World
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

TELL_EVERY = 500
"""Calls between two lines of narration while a very large organisation is read."""


def run_access(options: Namespace, world: World) -> int:
    """Runs `who`, `access` or `matrix`. Raises KonnectError when there is nothing to answer from.

    A query that cannot be read is refused before anything is sent: UsageError.
    """
    query = _query(getattr(options, "query", ""))
    choice = Choice(options=options, world=world)
    profile = choice.pick()
    narrate_profile(world, profile)
    return asyncio.run(_answer(choice, profile, query))


def _query(text: str) -> Query:
    try:
        return parse(text)
    except QueryError as error:
        pointer = " " * error.position + "^" * max(error.length, 1)
        raise UsageError(f"{error.message}\n  {text}\n  {pointer}") from None


async def _answer(choice: Choice, profile: Profile, query: Query) -> int:
    world, options = choice.world, choice.options
    org = await choice.konnect.connect(profile, on_wait=partial(narrate_wait, world))
    async with org:
        if options.command == "access":
            return await _one(org, profile, options, world)
        await read_organisation(
            org,
            with_people=options.people,
            on_progress=_progress(world),
            monotonic=world.monotonic,
        )
        _refuse_nothing(org.snapshot)
        if options.command == "who" or any(term.name == "entity" for term in terms(query)):
            await read_entity_names(org)
        access = await _with_names(org, query, with_people=options.people)
        words = read_vocabulary(access, org.snapshot.catalogue.value)
        for each in (*notices(query, words), *_without_people(query, options)):
            world.tell(f"WARNING: {each.text}")
        search = Search(query, access, now=world.now())
        run = Answering(world, options, profile, org.snapshot, access, show(query))
        return run.who(search) if options.command == "who" else run.matrix(search)


async def _with_names(org: Org, query: Query, *, with_people: bool) -> Access:
    """Who holds what, with every name that the query leaves open."""
    access = read_access(org.snapshot, with_people=with_people)
    if not access.lists_for(query):
        return access
    await org.read_offer()  # which regions there are to look in
    access = read_access(org.snapshot, before=access, with_people=with_people)
    await org.read_entities(access.lists_for(query))
    return read_access(org.snapshot, before=access, with_people=with_people)


async def _one(org: Org, profile: Profile, options: Namespace, world: World) -> int:
    await asyncio.gather(org.load(), *([org.read_people()] if options.people else ()))
    _refuse_nothing(org.snapshot)
    subject = _find(org.snapshot, options)
    await read_organisation(
        org, only=subject.id, with_people=options.people, monotonic=world.monotonic
    )
    await read_entity_names(org)
    access = read_access(org.snapshot, with_people=options.people)
    holder = access.holder(subject.id)
    if holder is None:  # pragma: no cover - it was found in the same list
        raise UsageError(f'"{options.account}" is gone.')
    return Answering(world, options, profile, org.snapshot, access).one(subject, holder)


def _without_people(query: Query, options: Namespace) -> tuple[Notice, ...]:
    """What tells nothing as long as people are not asked for."""
    return () if options.people else misplaced(query, "account")


def _find(snapshot: Snapshot, options: Namespace) -> SystemAccount | User:
    """The account, or with people the account or person, that is meant."""
    accounts, people = snapshot.accounts.value, snapshot.people.value
    rows = accounts.rows if accounts else ()
    missing = whys(snapshot.accounts)
    if not options.people:
        return find_account(options.account, rows, incomplete=" ".join(missing) or None)
    missing += [f"People: {why}" for why in whys(snapshot.people)]
    users = people.rows if people else ()
    return find_subject(options.account, rows, users, incomplete=" ".join(missing) or None)


def _refuse_nothing(snapshot: Snapshot) -> None:
    if snapshot.accounts.value is None:
        raise snapshot.accounts.error or RuntimeError("the accounts were not read")


def _progress(world: World) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if progress.done % TELL_EVERY == 0 and progress.done < progress.planned:
            left = progress.seconds_left
            time = f", about {left:.0f} s left" if left is not None else ""
            world.tell(f"{progress.done:,} of {progress.planned:,} calls{time}")

    return tell


@dataclass(frozen=True)
class Answering:
    """Writes one answer in one format, and says what it rests on."""

    world: World
    options: Namespace
    profile: Profile
    snapshot: Snapshot
    access: Access
    query: str | None = None

    @property
    def now(self) -> datetime:
        """The moment that tokens are judged at."""
        return self.world.now()

    def who(self, search: Search) -> int:
        """The accounts that a query finds, a line for each grant that it finds them by."""
        matches = sorted(search.matches(), key=lambda match: _by_name(match.holder))
        records = [
            who_record(match.holder, grant, answer=match.answer, now=self.now)
            for match in matches
            for grant in self._grants_of(match, search)
        ]
        fields = WHO if search.is_about_grants else WHO_ACCOUNTS
        if self.options.people:
            fields = (fields[0], SUBJECT, *fields[1:])
        problems = [*self._problems(self.access.holders), *self._unnamed(search)]
        self._put(records, WHO_FIELDS, fields, problems, {"query": self.query}, "matches")
        sure = [match.holder for match in matches if match.answer is Answer.YES]
        found = self._counted(sure)
        if unsure := len(matches) - len(sure):
            found += f"; of {unsure:,} more it is not known"
        return self._conclude(problems, f"{self.query or 'everything'}: {found}")

    def _grants_of(self, match: Match, search: Search) -> list[Record]:
        is_known = match.answer is Answer.YES or not search.is_about_grants
        grants = [grant_record(grant, self.access) for grant in match.grants]
        return grants or [no_grant_record(is_known=is_known)]

    def _counted(self, holders: Sequence[Holder]) -> str:
        people = sum(holder.kind == "person" for holder in holders)
        accounts = plural(len(holders) - people, "account")
        if not self.options.people:
            return accounts
        return f"{accounts}, {plural(people, 'person', 'people')}"

    def one(self, subject: SystemAccount | User, holder: Holder) -> int:
        """What one account or person can do, a line for each path."""
        why = explain(holder, now=self.now)
        records = [path_record(path, why.needs(path), self.access) for path in why.paths]
        about = self._about(subject)
        state: Record = {"armed": said(why.is_armed), "can_mint": said(holder.can_mint)}
        about["unknown"] += [name for name, value in state.items() if value is None]
        problems = self._problems([holder])
        about = {"subject": holder.kind, holder.kind: about | state}
        self._put(records, ACCESS_FIELDS, ACCESS, problems, about, "grants")
        armed = {
            Answer.YES: plural(why.live_tokens, "live token"),
            Answer.NO: "no live token: none of it can be used now",
            Answer.UNKNOWN: "whether it has a live token is not known",
        }[why.is_armed]
        if holder.can_sign_in:
            armed = "active: can sign in"
        minting = "; can make tokens for anybody" if holder.can_mint is Answer.YES else ""
        found = f"{holder.name}: {plural(len(records), 'grant')}, {armed}{minting}"
        return self._conclude(problems, found)

    def _about(self, subject: SystemAccount | User) -> Record:
        if isinstance(subject, User):
            details = self.snapshot.user_details_of(subject.id)
            return person_record(subject, details, self.now)
        return account_record(subject, self.snapshot.details_of(subject.id), self.now)

    def matrix(self, search: Search) -> int:
        """The accounts that a query finds, by type, by role of one type, or by region."""
        found = [each for each in self.access.holders if search.answer(each) is not Answer.NO]
        matrix = self._matrix(sorted(found, key=_by_name))
        columns = [
            {"key": each.key, "title": each.title, "name": each.name, "query": each.query}
            for each in matrix.columns
        ]
        problems = [*self._problems(self.access.holders), *self._unnamed(search)]
        if self.options.output == "json":
            records = [matrix_record(row, matrix, self.now) for row in matrix.rows]
            about = {"query": self.query, "by": matrix.axis, "columns": columns}
            self._put(records, (), (), problems, about, "accounts")
        elif self.options.output == "table":
            self._put_matrix(matrix)
        else:
            records = [flat_matrix_record(row, matrix, self.now) for row in matrix.rows]
            names = (*MATRIX_FIELDS, *(each.name for each in matrix.columns))
            self._put(records, names, (), problems, {}, "accounts")
        return self._conclude(problems, self._counted([row.holder for row in matrix.rows]))

    def _matrix(self, holders: Sequence[Holder]) -> Matrix:
        if self.options.by == "role":
            return by_role(holders, self.options.type)
        return by_region(holders) if self.options.by == "region" else by_type(holders)

    def _put_matrix(self, matrix: Matrix) -> None:
        heads = [Column("ACCOUNT", shrinks_to=16), Column("TK", right=True)]
        if self.options.people:
            heads.insert(1, Column("SUBJECT", priority=len(matrix.columns)))
        heads += [Column(each.title, priority=place) for place, each in enumerate(matrix.columns)]
        rows = []
        for row in matrix.rows:
            live, is_sure = row.holder.live_tokens(self.now)
            cells = [cell.text.rstrip() for cell in row.cells]
            subject = [row.holder.kind] if self.options.people else []
            rows.append([row.holder.name, *subject, str(live) if is_sure else "?", *cells])
        put_table(self.world, heads, rows)
        titles = ", ".join(f"{each.title} {each.name}" for each in matrix.columns)
        self.world.tell(f"{LEGEND}\n{titles}")

    # What all of them say

    def _problems(self, holders: Sequence[Holder]) -> list[Problem]:
        return problems_of(self.snapshot, holders, with_people=self.options.people)

    def _unnamed(self, search: Search) -> list[Problem]:
        """The lists of names that were not read in full and that an answer rests on."""
        parts = self.snapshot.entities
        names = (
            (f"names of {name} in {region}", (name, region))
            for name, region in search.doubtful_lists
        )
        found = [problem_of(what, parts.get(pair, Part())) for what, pair in names]
        return merged("names of", [each for each in found if each])

    def _put(
        self,
        records: Sequence[Record],
        names: Sequence[str],
        fields: Sequence[Shown],
        problems: Sequence[Problem],
        about: Record,
        key: str,
    ) -> None:
        match self.options.output:
            case "json":
                put_json(self.world, self._heading(problems) | about | {key: records})
            case "csv":
                put_csv(self.world, names, records)
            case "md":
                put_markdown(self.world, names, records)
            case _:
                put_table(self.world, *view(fields, records, self.now))

    def _heading(self, problems: Sequence[Problem]) -> Record:
        organization = organization_record(self.snapshot.organization.value)
        return {
            "profile": self.profile.name,
            "organization": organization,
            "complete": not problems,
            "incomplete": " ".join(problem.text for problem in problems) or None,
            "unknown": [] if organization else ["organization"],
        }

    def _conclude(self, problems: Sequence[Problem], found: str) -> int:
        organization = self.snapshot.organization.value
        self.world.tell(f"{organization.name if organization else 'organisation unknown'}: {found}")
        self._tell_names()
        for problem in problems:
            self.world.tell(f"INCOMPLETE: {problem.text}")
        return Exit.INCOMPLETE if problems else Exit.DONE

    def _tell_names(self) -> None:
        """Says of which entities the names could not be read; access does not depend on them."""
        for (type_name, region), part in self.snapshot.entities.items():
            if part.error is not None:
                self.world.tell(f"names of {type_name} in {region} are not visible: {part.error}")


def _by_name(holder: Holder) -> tuple[str, str]:
    return (holder.name.casefold(), holder.id)
