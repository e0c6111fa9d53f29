"""Reports, before a command asks Konnect, its profile and the tokens that need attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.times import utc
from sa_tui.cli.application import state_directory
from sa_tui.cli.connections import journal_in
from sa_tui.cli.exits import UsageError
from sa_tui.cli.output import narrate_profile
from sa_tui.records.journal import FILE_NAME, JournalError
from sa_tui.records.rotations import FILE_NAME as ROTATIONS_FILE
from sa_tui.records.rotations import Rotations

if TYPE_CHECKING:
    from sa_tui.cli.choosing import ProfileChoice
    from sa_tui.cli.environment import Environment
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.journal import Unfinished


def choose_profile(choice: ProfileChoice, name: str | None = None) -> Profile:
    """The profile of a command; reports it, and tokens of it that nobody is known to have.

    Raises ProfileError when there is none.
    """
    profile = choice.pick(name)
    narrate_profile(choice.env, profile)
    if not choice.is_demo:
        _narrate_unacknowledged(choice.env, profile)
    return profile


def _narrate_unacknowledged(env: Environment, profile: Profile) -> None:
    """Warns of tokens that were issued at this address and that nobody is known to have."""
    try:
        directory = state_directory(env)
        if not (directory / FILE_NAME).exists():
            return
        journal = journal_in(directory, now=env.now)
        unfinished = journal.unfinished(base_url=profile.base_url)
    except UsageError:  # without a home directory there is no journal
        return
    except (JournalError, OSError) as error:
        env.warn(f"Whether there are tokens that nobody has is unknown. {error}")
        return
    for notice in journal.notices:  # a line that cannot be read may be about a token
        env.warn(notice)
    if unfinished:
        env.warn(_about(unfinished), word="NOT ACKNOWLEDGED: ")


def _about(unfinished: tuple[Unfinished, ...]) -> str:
    first, label = unfinished[0], unfinished[0].label
    more = f", and {len(unfinished) - 1} more" if len(unfinished) > 1 else ""
    return (
        f"token {label.token_name} of {label.account_name}, "
        f"ordered {utc(first.intended_at)} for {first.destination}{more}. "
        f"Nobody is known to have it. Start sa-tui, which asks what to do, "
        f"or look: sa-tui token list {label.account_id}"
    )


def narrate_rotations(env: Environment, org: Org, *, profile: Profile, account_id: str) -> None:
    """Warns of the rotations of an account that were begun on this machine."""
    try:
        path = state_directory(env) / ROTATIONS_FILE
        rotations = Rotations(path, now=org.now).in_progress(
            base_url=profile.base_url, account_id=account_id
        )
    except UsageError:
        return
    except JournalError as error:
        env.warn(f"Whether tokens are being replaced is unknown. {error}")
        return
    for rotation in rotations:
        env.warn(
            f"{rotation.old_name} by {rotation.new_name or 'a successor'}, "
            f"since {utc(rotation.begun_at)}. "
            f"Once it is idle: sa-tui token retire {account_id} {rotation.old_id}",
            word="BEING REPLACED: ",
        )
