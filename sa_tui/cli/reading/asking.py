"""Reads what a question about an organisation needs, and warns of what is doubtful in it.

The rule it keeps: a query that cannot be parsed is refused before anything is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.query.fields import FIELDS
from sa_tui.access.query.language import Or, QueryError, parse
from sa_tui.access.query.words import read_vocabulary
from sa_tui.access.reader import read_access
from sa_tui.answers.doubts import warnings_of
from sa_tui.cli.exits import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.access.query.fields import Field
    from sa_tui.access.query.language import Query
    from sa_tui.access.query.words import Vocabulary
    from sa_tui.access.subjects import Access
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source


def parse_query(text: str, *, where: str = "", fields: Mapping[str, Field] = FIELDS) -> Query:
    """The query of an argument, or of a line of a file, `where`.

    Raises UsageError that points at what is wrong.
    """
    text = text.strip()  # a space was put before a query that begins with -
    try:
        return parse(text, fields)
    except QueryError as error:
        pointer = " " * error.position + "^" * max(error.length, 1)
        raise UsageError(f"{where}{error.message}", below=(f"  {text}", f"  {pointer}")) from None


async def read_whole(source: Source, *queries: Query, with_people: bool) -> Access:
    """Who holds what in the whole organisation, with every entity name that the queries ask about.

    Raises KonnectError without a list of accounts.
    """
    await source.read_all(people=with_people)
    await source.read_entity_names()
    return await access_of(source, *queries, with_people=with_people)


async def access_of(source: Source, *queries: Query, with_people: bool) -> Access:
    """Who holds what by what was read, with every entity name that the queries ask about."""
    access = read_access(source.snapshot, with_people=with_people)
    each_query = Or(queries)
    if not access.lists_for(each_query):
        return access
    await source.read_offer()  # it lists the regions to look in
    access = read_access(source.snapshot, before=access, with_people=with_people)
    await source.read_entities(access.lists_for(each_query))
    return read_access(source.snapshot, before=access, with_people=with_people)


def warn_of(
    query: Query,
    text: str,
    source: Source,
    access: Access,
    env: Environment,
    *,
    with_people: bool = False,
    has_accounts: bool = True,
    where: str = "",
) -> Vocabulary:
    """Warns of what is doubtful in a query, `where` it is; returns the names that it may use."""
    words = read_vocabulary(access, source.snapshot.catalogue.value)
    for warning in warnings_of(
        query, text.strip(), words, with_people=with_people, has_accounts=has_accounts
    ):
        env.warn(f"{where}{warning.message}", term=warning.term)
    return words
