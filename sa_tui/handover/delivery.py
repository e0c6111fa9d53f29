"""What a secret belongs to and what became of handing it over; neither ever holds the secret."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr

Status = Literal["delivered", "sent", "failed"]


@dataclass(frozen=True)
class Label:
    """What an access token belongs to; `token_id` is None until Konnect has made the token."""

    account_id: str
    _: KW_ONLY
    account_name: str
    token_name: str
    token_id: str | None
    expires_at: datetime | None
    base_url: str
    organization_name: str | None = None
    organization_id: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What is known about one hand-over.

    `delivered` was confirmed, `sent` left this program but nobody can confirm that it arrived,
    `failed` did not arrive. `message` is one or two sentences, `detail` what a command printed.
    """

    status: Status
    _: KW_ONLY
    message: str
    detail: str = ""


class Destination(Protocol):
    """A place that takes a secret; expected failures become a `Delivery`, not an exception."""

    @property
    def kind(self) -> str:
        """The kind of place: `file`, `command` or `clipboard`."""

    def describe(self) -> str:
        """Name the place in a few words."""

    async def check(self) -> str | None:
        """Say what stands in the way and what to do, or None; leaves nothing behind."""

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Hand the secret over."""
