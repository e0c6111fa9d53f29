"""Keeps everything that can be read of an organisation in a new file.

The rules it keeps: the file is whole or not there, and what could not be read is said, in it, on
stderr and by the exit code.
"""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import sa_tui
from sa_tui.access.reader import read_access
from sa_tui.answers.access import unnamed
from sa_tui.answers.problems import ProblemSubject, problem_of, problems_of
from sa_tui.answers.saving import NotSavedError, free_path, save
from sa_tui.base.secrets import looks_like_token
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of
from sa_tui.cli.exits import UsageError
from sa_tui.cli.reading.live import answer_live
from sa_tui.konnect.errors import Forbidden, NotFound
from sa_tui.org.saved.model import Saved
from sa_tui.org.saved.writing import content_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from sa_tui.answers.problems import Problem
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.live import KonnectSource
    from sa_tui.org.snapshot import Part, Snapshot


def run_snapshot(options: Namespace, env: Environment) -> int:
    """Runs `snapshot`. Raises UsageError when the file cannot be made, KonnectError."""
    path = Path(options.to_file)
    if options.to_file == "-":
        raise UsageError("A snapshot goes to a private file: name it. A file of that name is ./-.")
    target = path.expanduser()
    if not target.parent.is_dir():  # both before thousands of calls
        raise UsageError(f"{path.parent} is not a directory: make it, or choose another place.")
    if os.path.lexists(target):
        raise UsageError(
            f"{path} exists, and nothing is overwritten: {free_path(path).name} is free."
        )
    return answer_live(options, env, partial(_keep, path=path, options=options, env=env))


async def _keep(source: KonnectSource, *, path: Path, options: Namespace, env: Environment) -> int:
    await _read(source, people=options.people)
    snapshot = source.snapshot
    problems, warnings = _problems(snapshot, people=options.people)
    for warning in warnings:
        env.warn(warning.text)
    for text in _like_tokens(snapshot):
        env.warn(f"{text} looks like a token, and is in the file as Konnect has it.")
    saved = Saved(
        snapshot=snapshot,
        taken_at=source.now(),
        profile=source.profile.name,
        base_url=source.profile.base_url,
        program_version=sa_tui.__version__,
        is_complete=not problems,
    )
    try:
        place = save(path, content_of(saved).decode())
    except NotSavedError as error:
        raise UsageError(str(error)) from None
    accounts = plural(len(snapshot.accounts.rows), "system account")
    people = f", {plural(len(snapshot.people.rows), 'person', 'people')}" * options.people
    teams = plural(len(snapshot.teams.rows), "team")
    return conclude(
        env, head_of(env, snapshot, problems), f"{accounts}, {teams}{people} in {place}"
    )


async def _read(source: KonnectSource, *, people: bool) -> None:
    """Reads everything, what only the application shows as well."""
    await source.read_all(people=people)
    team_ids = [team.id for team in source.snapshot.teams.rows]
    await asyncio.gather(
        source.org.read_team_details(team_ids, with_people=people),
        source.org.read_authentication(),
        source.read_every_entity(),
    )
    await source.read_entity_names()  # in regions that Konnect does not list
    await source.read_endless_tokens()


def _problems(snapshot: Snapshot, *, people: bool) -> tuple[list[Problem], list[Problem]]:
    """What makes the snapshot incomplete, and what is only to be known.

    A token that may not see a product at all does not make it incomplete.
    """
    access = read_access(snapshot, with_people=people)
    problems = problems_of(snapshot, access.subjects, with_people=people)
    if snapshot.has_person:
        problems += problem_of("identity", snapshot.me)
    problems += problem_of("teams", snapshot.teams)
    said = {problem.subject.id for problem in problems if problem.subject}
    for team in snapshot.teams.rows:
        if team.id not in said:
            details = snapshot.team_details_of(team.id)
            subject = ProblemSubject("team", team.id, team.name)
            problems += problem_of("assigned_roles", details.roles, subject)
            problems += problem_of("system_accounts", details.accounts, subject)
            problems += problem_of("users", details.users, subject) if people else ()
    hidden = {pair for pair, part in snapshot.entities.items() if _is_hidden(part)}
    entities, warnings = unnamed(snapshot, snapshot.entities.keys() - hidden)
    return problems + entities, warnings


def _is_hidden(part: Part[object]) -> bool:
    return part.value is None and isinstance(part.error, Forbidden | NotFound)


def _like_tokens(snapshot: Snapshot) -> Iterator[str]:
    """The accounts and tokens whose texts hold something that looks like a token."""
    for account in snapshot.accounts.rows:
        if looks_like_token(account.name) or looks_like_token(account.description):
            yield f"The name or description of system account {account.id}"
        for token in snapshot.details_of(account.id).tokens.rows:
            if looks_like_token(token.name):
                yield f"The name of access token {token.id}"
    for team in snapshot.teams.rows:
        if looks_like_token(team.name) or looks_like_token(team.description):
            yield f"The name or description of team {team.id}"
