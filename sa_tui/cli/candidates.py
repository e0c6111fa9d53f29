"""Prints names for a shell to complete: `sa-tui [OPTIONS] __complete KIND [WORDS…]`, one a line.

KIND is accounts, teams, tokens, members (accounts and teams) or profiles; OPTIONS are --profile,
--config and --from, WORDS those of the command line so far, which name the account of tokens. The
names come from the last snapshot of the profile, or from the file of --from. The rules it keeps:
nothing is asked of Konnect, no token is read, nothing is said when there is nothing, and what a
shell or a terminal could take for something else is offered by its id.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.text import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sa_tui.cli.choosing import ProfileChoice
    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import AccessToken, SystemAccount, Team
    from sa_tui.org.snapshot import Snapshot

_OPTIONS = {"--profile": "profile", "--config": "config", "--from": "from_file"}


def run_candidates(words: Sequence[str], env: Environment) -> int:
    """Prints the names; a shell that completes is told of no error."""
    with suppress(Exception):
        at = words.index("__complete")
        kind, *line = words[at + 1 :]
        for name in _names(kind, (*words[:at], *line), line, env):
            env.put(name)
    return 0


def _names(
    kind: str, options_line: Sequence[str], line: Sequence[str], env: Environment
) -> list[str]:
    options = _options_of(options_line)
    if kind == "profiles":
        choice = _choice(options, env)
        return _offered((each.name, each.name) for each in (*choice.saved(), *choice.found()))
    snapshot = _snapshot(options, env)
    if snapshot is None:
        return []
    accounts, teams = snapshot.accounts.rows, snapshot.teams.rows
    rows: Mapping[str, Iterable[SystemAccount | Team | AccessToken]] = {
        "accounts": accounts,
        "teams": teams,
        "members": (*accounts, *teams),
        "tokens": _tokens(snapshot, set(line)),
    }
    return _offered((row.id, row.name) for row in rows.get(kind, ()))


def _tokens(snapshot: Snapshot, words: set[str]) -> list[AccessToken]:
    """The tokens of the accounts that are named; of all where nothing is."""
    accounts = snapshot.accounts.rows
    named = [account for account in accounts if {account.id, account.name} & words]
    details = (snapshot.details_of(account.id) for account in (named if words else accounts))
    return [token for of_account in details for token in of_account.tokens.rows]


def _offered(rows: Iterable[tuple[str, str]]) -> list[str]:
    """The names, each once; the id of what has an odd name, or shares it with another."""
    rows = list(rows)
    shared = Counter(name for _, name in rows)
    offered = (
        name
        if shared[name] == 1 and is_plain(name) and name.strip() == name and name[:1] not in "-"
        else id
        for id, name in rows
    )
    return sorted(text for text in offered if text and is_plain(text) and text[0] != "-")


def _options_of(line: Sequence[str]) -> dict[str, str]:
    """The options that say where names come from, written with a blank or with =."""
    options: dict[str, str] = {}
    for word, following in zip_longest(line, line[1:], fillvalue=""):
        option, is_joined, value = word.partition("=")
        if option in _OPTIONS:
            options[_OPTIONS[option]] = value if is_joined else following
        elif word == "--demo":
            options["demo"] = word
    return options


def _choice(options: Mapping[str, str], env: Environment) -> ProfileChoice:
    from argparse import Namespace

    from sa_tui.cli.choosing import ProfileChoice

    given = {name: value for name, value in options.items() if name != "from_file"}
    return ProfileChoice(options=Namespace(command="__complete", **given), env=env)


def _snapshot(options: Mapping[str, str], env: Environment) -> Snapshot | None:
    from sa_tui.org.saved.file import read_file
    from sa_tui.org.saved.last import LastSnapshots

    if file := options.get("from_file"):
        return read_file(Path(file).expanduser()).snapshot
    if "demo" in options:
        return None
    from sa_tui.cli.application import state_directory

    choice = _choice(options, env)
    profile = choice.first() or next(iter(choice.found()), None)
    if profile is None or not profile.keep_snapshot:
        return None
    last = LastSnapshots(state_directory(env))
    saved = last.read_newest(
        profile=profile.name, base_url=profile.base_url, source=repr(profile.source)
    )
    return saved.snapshot if saved else None
