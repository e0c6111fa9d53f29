"""What the verbs of `sa-tui token` work with: one account of one organisation, and its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.cli.finding import find_token_to_change

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from sa_tui.base.destination import NamedDestination
    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import AccessToken, Listing, SystemAccount
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.journal import Journal
    from sa_tui.records.rotations import Rotation, Rotations


@dataclass(frozen=True, kw_only=True)
class TokenCommand:
    """What every verb works with: an account and its tokens, the journal and the rotations.

    `destinations` are those of profiles.toml, by their names.
    """

    options: Namespace
    env: Environment
    profile: Profile
    org: Org
    account: SystemAccount
    tokens: Listing[AccessToken]
    journal: Journal
    rotations: Rotations
    destinations: Mapping[str, NamedDestination]

    @property
    def in_progress(self) -> tuple[Rotation, ...]:
        """The rotations of the account that are in progress."""
        return self.rotations.in_progress(
            base_url=self.profile.base_url, account_id=self.account.id
        )

    @property
    def interrupted(self) -> int:
        """The exit code of a command that a signal interrupted; 0 without a signal."""
        return self.env.signals.code

    def token(self, text: str) -> AccessToken:
        """The token with exactly this name or id. Raises as `find_token_to_change`."""
        return find_token_to_change(text, self.tokens, account=self.account)
