"""What every command says before it asks Konnect: which profile it uses, and what is left over."""

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
    """The profile of a command that asks Konnect; tells what there is to know about it.

    Raises ProfileError when there is none.
    """
    profile = choice.pick(name)
    narrate_profile(choice.env, profile)
    if not choice.is_demo:
        _narrate_unacknowledged(choice.env, profile)
    return profile


def _narrate_unacknowledged(env: Environment, profile: Profile) -> None:
    """Tells of tokens that were ordered at this address and that nobody is known to have."""
    try:
        directory = state_directory(env)
        if not (directory / FILE_NAME).exists():
            return
        journal = journal_in(directory, now=env.now)
        left = journal.unfinished(base_url=profile.base_url)
    except UsageError:  # without a home directory nothing was ever written down
        return
    except (JournalError, OSError) as error:
        env.warn(f"Whether tokens wait for somebody is unknown. {error}")
        return
    for notice in journal.notices:  # a line that cannot be read may be about a token
        env.warn(notice)
    if left:
        env.warn(_about(left), word="NOT ACKNOWLEDGED: ")


def _about(left: tuple[Unfinished, ...]) -> str:
    first, label = left[0], left[0].label
    more = f", and {len(left) - 1} more" if len(left) > 1 else ""
    return (
        f"token {label.token_name} of {label.account_name}, "
        f"ordered {utc(first.intended_at)} for {first.destination}{more}. "
        f"Nobody is known to have it. Start sa-tui, which asks what to do, "
        f"or look: sa-tui token list {label.account_id}"
    )


def narrate_rotations(env: Environment, org: Org, *, profile: Profile, account_id: str) -> None:
    """Tells which tokens of an account are being replaced, as far as it is written down here."""
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
    for each in rotations:
        env.warn(
            f"{each.old_name} by {each.new_name or 'a successor'}, "
            f"since {utc(each.begun_at)}. "
            f"Once it is idle: sa-tui token retire {account_id} {each.old_id}",
            word="BEING REPLACED: ",
        )
