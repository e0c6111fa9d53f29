"""Finds who can do something: by one query, or by every query of a file in one reading.

The rule it keeps: an answer that is not certain never passes a check.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.language import show
from sa_tui.access.query.search import Search
from sa_tui.answers.access import FoundByLine, lines_of
from sa_tui.base.text import one_line
from sa_tui.base.words import plural
from sa_tui.cli.access_views import WHO, WHO_ACCOUNTS
from sa_tui.cli.answering import Answering, by_name
from sa_tui.cli.answers import conclude, put_report
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.output import put_table
from sa_tui.cli.reading import input_file
from sa_tui.cli.reading.asking import parse_query, read_whole, warn_of
from sa_tui.cli.reading.run import answer
from sa_tui.cli.views import view

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from sa_tui.access.query.language import Query
    from sa_tui.access.query.search import Match
    from sa_tui.access.subjects import Access
    from sa_tui.answers.head import Head
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.expecting import Differences, Expected
    from sa_tui.cli.reading.source import Source
    from sa_tui.cli.views import RecordColumn


@dataclass(frozen=True)
class _Asked:
    """A query and its text; `where` begins what is said about one in a file."""

    text: str
    query: Query
    where: str = ""
    line: int = 0


def run_who(options: Namespace, env: Environment) -> int:
    """Runs `who`. Raises KonnectError when the accounts cannot be read.

    Raises UsageError for a query or a file that cannot be understood, before anything is read.
    """
    if (options.query is None) == (options.file is None):
        raise UsageError("who needs either a query or --file with queries.")
    if options.file is None:
        asked = [_Asked(options.query, parse_query(options.query))]
    else:
        asked = _queries_of(options, env)
    expected = None
    if options.expect is not None:
        from sa_tui.cli.reading.expecting import read_expected

        expected = read_expected(options.expect, env)
    work = partial(_answer, asked=asked, expected=expected, options=options, env=env)
    return answer(options, env, work)


def _queries_of(options: Namespace, env: Environment) -> list[_Asked]:
    """The queries of the file. Raises UsageError with the line of one that cannot be parsed."""
    if options.expect is not None:
        raise UsageError("--expect is about one query: ask it without --file.")
    name = "standard input" if options.file == input_file.STDIN else options.file
    lines = input_file.lines_of(input_file.read_input(options.file, env))
    if not lines:
        raise UsageError(f"{name} has no query: write one on each line.")
    env.run.command = "who queries"
    return [
        _Asked(line.text, parse_query(line.text, where=where), where, line.number)
        for line in lines
        for where in (f"{name}:{line.number}: ",)
    ]


async def _answer(
    source: Source,
    *,
    asked: Sequence[_Asked],
    expected: Expected | None,
    options: Namespace,
    env: Environment,
) -> int:
    queries = [each.query for each in asked]
    access = await read_whole(source, *queries, with_people=options.people)
    for each in asked:
        warn_of(
            each.query,
            each.text,
            source,
            access,
            env,
            with_people=options.people,
            where=each.where,
        )
    now = source.now()
    run = Answering(env, options, source.snapshot, access, now, show(asked[0].query))
    found = [_found(each, Search(each.query, access, now=now)) for each in asked]
    if options.file is None:
        return _answer_one(run, found[0], expected)
    return _answer_each(run, found, asked)


def _found(asked: _Asked, search: Search) -> FoundByLine:
    matches = sorted(
        (*search.matches(), *search.becoming()), key=lambda match: by_name(match.subject)
    )
    return FoundByLine(line=asked.line, query=asked.query, search=search, matches=matches)


def _answer_one(run: Answering, found: FoundByLine, expected: Expected | None) -> int:
    """Writes the accounts that match, a line for each grant that matches, and checks them."""
    differing = _differences(run, found.matches, expected)
    record = differing.record() if differing is not None else None
    report = run.reports(found.search.doubtful_lists).who(
        lines_of(found.matches), found.search, expected=record
    )
    if differing is not None and run.options.output == "table":
        for line in differing.lines:
            run.env.put(line)
    else:
        run.put(report, _shown(run, found))
        for line in differing.lines if differing is not None else ():
            run.env.tell(line)
    conclude(run.env, report.head, f"{run.query or 'everything'}: {run.counted(found.matches)}")
    return _checked(run, found.matches, report.head, differing)


def _answer_each(run: Answering, found: Sequence[FoundByLine], asked: Sequence[_Asked]) -> int:
    """Writes what each query of a file found, and checks each."""
    lists = {pair for each in found for pair in each.search.doubtful_lists}
    report = run.reports(tuple(lists)).queries(found)
    if run.options.output == "table" and not run.options.all_columns:
        for row, each in zip(report.rows, found, strict=True):
            if each is not found[0]:
                run.env.put("")
            run.env.put(one_line(row["query"], limit=None) or "everything")
            put_table(run.env, *view(_shown(run, each), row["matches"], run.now))
    else:
        put_report(run.env, run.options, report, shown=(), now=run.now)
    conclude(run.env, report.head, plural(len(found), "query", "queries"))
    codes = []
    for each, told in zip(found, asked, strict=True):
        run.env.tell(f"{told.where}{show(each.query)}: {run.counted(each.matches)}")
        codes.append(_checked(run, each.matches, report.head, None, where=told.where))
    return next((code for code in (Exit.FINDINGS, Exit.INCOMPLETE) if code in codes), Exit.DONE)


def _shown(run: Answering, found: FoundByLine) -> Sequence[RecordColumn]:
    return run.with_people(WHO if found.search.is_about_grants else WHO_ACCOUNTS)


# Checking


def _differences(
    run: Answering, matches: Sequence[Match], expected: Expected | None
) -> Differences | None:
    """How the matches differ from what is expected. Raises UsageError for another organisation."""
    if expected is None:
        return None
    organization = run.snapshot.organization.value
    if organization and expected.organization_id not in (None, "", "?", organization.id):
        raise UsageError(
            f"{run.options.expect} is an answer about another organisation, "
            f"{expected.organization_id}: this is {organization.id}."
        )
    if expected.query is not None and expected.query != run.query:
        run.env.warn(f"{run.options.expect} is the answer to another query: {expected.query}")
    from sa_tui.cli.reading.expecting import differences

    return differences(expected, matches, run.access)


def _checked(
    run: Answering,
    matches: Sequence[Match],
    head: Head,
    differing: Differences | None,
    *,
    where: str = "",
) -> Exit:
    """The exit code of an answer: FINDINGS for what is certain, INCOMPLETE for what is not."""
    options = run.options
    found = sum(match.answer is Answer.YES for match in matches)
    unsure = sum(match.answer is Answer.UNKNOWN for match in matches)
    if differing is not None:
        unsure = len(differing.uncertain)
    is_open = bool(unsure) or run.access.missing is not None
    failure = ""
    if options.fail_if_found and found:
        failure = f"{plural(found, 'match', 'matches')}, and there should be none."
    elif options.fail_if_none and not found and not is_open:
        failure = "there is no match, and there should be one."
    elif differing is not None and (differing.unexpected or differing.missing):
        failure = (
            f"{len(differing.unexpected):,} not expected (+), "
            f"{len(differing.missing):,} expected and not found (-)."
        )
    if failure:
        run.env.tell(f"FAILED: {where}{failure}")
        return Exit.FINDINGS
    is_checked = options.fail_if_found or differing is not None
    is_checked = is_checked or (options.fail_if_none and not found)
    if is_checked and is_open:
        run.env.tell(f"NOT CERTAIN: {where}{_doubt(unsure, run.access)} This does not pass.")
    is_uncertain = bool(head.problems) or (is_checked and is_open)
    return Exit.INCOMPLETE if is_uncertain else Exit.DONE


def _doubt(unsure: int, access: Access) -> str:
    if unsure:
        return f"{unsure:,} may match, or may have matched."
    return f"accounts may be missing: {access.missing}"
