"""What the verbs of `sa-tui token` work with: one account of one organisation, and its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sa_tui.cli.exits import Exit
from sa_tui.cli.finding import find_token_to_change
from sa_tui.cli.token_answers import put_requests

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import AccessToken, Listing, SystemAccount
    from sa_tui.konnect.requests import Request
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.journal import Journal
    from sa_tui.records.rotations import Rotation, Rotations


@dataclass(frozen=True, kw_only=True)
class TokenCommand:
    """What every verb works with: one account of one organisation, and what is written down."""

    options: Namespace
    env: Environment
    profile: Profile
    org: Org
    account: SystemAccount
    tokens: Listing[AccessToken]
    journal: Journal
    rotations: Rotations

    @property
    def in_progress(self) -> tuple[Rotation, ...]:
        """The rotations of the account."""
        return self.rotations.in_progress(
            base_url=self.profile.base_url, account_id=self.account.id
        )

    @property
    def interrupted(self) -> int:
        """The exit code of a command that a signal interrupted; 0 where none has come."""
        number = self.env.signals.number
        return 0 if number is None else 128 + number

    def show(self, *requests: Request[Any]) -> int:
        """Prints what would be sent, with the token left to a variable."""
        curls = [request.as_curl(self.profile.base_url) for request in requests]
        if self.options.output == "json":
            put_requests(self, requests, curls)
        else:
            for curl in curls:
                self.env.put(curl)
        self.env.tell("Nothing was sent: this is a dry run.")
        return Exit.DONE

    def token(self, wanted: str) -> AccessToken:
        """The token that is named exactly. Raises UsageError, and Unreadable if it may be."""
        return find_token_to_change(wanted, self.tokens, account=self.account)
