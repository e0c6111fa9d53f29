"""Lists, adds, tests and removes profiles; a token is never shown and never saved."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.cli.answers import put_facts
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.identity import identify
from sa_tui.cli.opening import choose_profile
from sa_tui.cli.output import narrate_profile, put_table
from sa_tui.profiles.errors import ProfileError, quoted
from sa_tui.profiles.model import (
    CommandSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KongctlSource,
    Profile,
)

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.answers.records import Record
    from sa_tui.cli.environment import Environment
    from sa_tui.profiles.model import TokenSource

_OPTIONAL = (
    *("base_url", "regional_url", "label", "colour"),
    *("page_size", "timeout_seconds", "concurrency"),
)
_COLUMNS = (
    TextColumn("NAME"),
    TextColumn("LABEL"),
    TextColumn("BASE URL", shrinks_to=20),
    TextColumn("REGIONS", priority=2),
    TextColumn("MODE"),
    TextColumn("TOKEN FROM", shrinks_to=20),
    TextColumn("STATE", priority=1),
)


def run_profiles(options: Namespace, env: Environment) -> int:
    """Runs `profiles VERB`. Raises ProfileError, KonnectError and UsageError."""
    choice = ProfileChoice(options=options, env=env)
    match options.verb:
        case "list":
            return _list(choice)
        case "test":
            return _test(choice)
        case "remove":
            choice.remove(options.name)
            env.tell(f"Removed {options.name} from {choice.store.path}; its token was not touched.")
            return Exit.DONE
        case _:
            return _add(choice)


def _list(choice: ProfileChoice) -> int:
    default = None if choice.is_demo else choice.store.load().default
    records = [
        *(_record(profile, is_found=False, default=default) for profile in choice.saved()),
        *(_record(profile, is_found=True, default=default) for profile in choice.found()),
    ]
    notes = () if choice.is_demo else choice.survey.notes
    path = None if choice.is_demo else str(choice.store.path)
    env = choice.env
    for note in notes:
        env.warn(note, word="")
    if choice.options.output == "json":
        head = env.run.head(read_at=env.now())
        put_facts(env, head, {"path": path, "default": default, "profiles": records})
    else:
        put_table(env, _COLUMNS, [_row(record) for record in records])
    if path is not None:
        env.tell(f"profiles are saved in {path}")
    return Exit.DONE


def _record(profile: Profile, *, is_found: bool, default: str | None) -> Record:
    return {
        "name": profile.name,
        "label": profile.label,
        "base_url": profile.base_url,
        "regional_url": profile.regional_url,
        "regions": list(profile.regions),
        "read_only": profile.read_only,
        "colour": profile.colour,
        "page_size": profile.page_size,
        "timeout_seconds": profile.timeout_seconds,
        "concurrency": profile.concurrency,
        "ca_bundle": profile.ca_bundle and str(profile.ca_bundle),
        "token_from": profile.source.describe(),
        "found": is_found,
        "default": profile.name == default and not is_found,
    }


def _row(record: Record) -> list[str]:
    return [
        record["name"],
        record["label"],
        record["base_url"],
        ",".join(record["regions"]),
        "read-only" if record["read_only"] else "",
        record["token_from"],
        "default" if record["default"] else "found" if record["found"] else "",
    ]


# Testing


def _test(choice: ProfileChoice) -> int:
    profile = choose_profile(choice, choice.options.name)
    identity = choice.env.signals.run(identify(choice, profile))
    if choice.options.output == "json":
        head = choice.env.run.head(
            organization=identity.organization,
            read_at=choice.env.now(),
            problems=identity.problems,
        )
        put_facts(choice.env, head, {"identity": identity.record()})
    else:
        choice.env.put(identity.text())
    return identity.code


# Adding


def _add(choice: ProfileChoice) -> int:
    choice.refuse_demo()
    options, env = choice.options, choice.env
    if options.name in choice.store.load():
        raise ProfileError(
            f"There is already a profile {quoted(options.name)}.",
            path=choice.store.path,
            mend="Choose another name, or remove that one first.",
        )
    profile = _profile_from(choice)
    narrate_profile(env, profile)
    if not options.no_test:
        env.put(env.signals.run(identify(choice, profile)).text())
    with env.signals.whole():
        choice.save(profile, default=options.default)
        env.tell(f"Saved as {profile.name} in {choice.store.path}")
        env.signals.conclude(Exit.DONE)
    return Exit.DONE


def _profile_from(choice: ProfileChoice) -> Profile:
    options = choice.options
    settings = {name: getattr(options, name) for name in _OPTIONAL if hasattr(options, name)}
    if hasattr(options, "ca_bundle"):
        settings["ca_bundle"] = _absolute(options.ca_bundle)
    if hasattr(options, "regions"):
        settings["regions"] = tuple(options.regions)
    source = _source_from(options)
    like = next((profile for profile in choice.found() if profile.source == source), None)
    if like is not None and "base_url" not in settings:
        # The other tool's token must go only to the other tool's server.
        choice.env.tell(f"address {like.base_url}, as found for {like.name}")
        settings = {"base_url": like.base_url, "regions": like.regions} | settings
    return Profile(options.name, source=source, read_only=choice.is_read_only, **settings)


def _source_from(options: Namespace) -> TokenSource:
    if (options.keyring is None) != (options.username is None):
        raise UsageError("--keyring and --username go together.")
    if options.env is not None:
        return EnvSource(options.env)
    if options.token_file is not None:
        return FileSource(_absolute(options.token_file))
    if options.keyring is not None:
        return KeyringSource(options.keyring, username=options.username)
    if options.kongctl is not None:
        return KongctlSource(options.kongctl.lower())  # as kongctl itself compares names
    from sa_tui.handover.command import parse_command

    try:
        return CommandSource(parse_command(options.token_command))
    except ValueError as error:
        raise UsageError(f"--command: {error}") from None


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))
