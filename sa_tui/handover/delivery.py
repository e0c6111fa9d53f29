"""What became of handing a secret over, and the places that take one; the secret is never kept."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sa_tui.base.label import Label

DeliveryStatus = Literal["delivered", "sent", "failed"]


@dataclass(frozen=True)
class Delivery:
    """What is known about one hand-over.

    `delivered` was confirmed, `sent` left this program but nobody can confirm that it arrived,
    `failed` did not arrive. `message` is one or two sentences, `detail` what a command printed.
    `place` is where it is, with all names filled in; `proof` is how that was confirmed. `digest`
    is the SHA-256 of a file that was written, by which it is known again without the secret.
    `may_be_there` says of a failed one that the secret may have arrived all the same.
    """

    status: DeliveryStatus
    _: KW_ONLY
    message: str
    detail: str = ""
    place: str = ""
    proof: str = ""
    digest: str = ""
    may_be_there: bool = False


class Destination(Protocol):
    """A place that takes a secret; expected failures become a `Delivery`, not an exception."""

    @property
    def kind(self) -> str:
        """The kind of place: `file`, `command` or `clipboard`."""

    def filled(self, label: Label) -> Destination:
        """The same place, with the names of the token in place of the placeholders."""

    def describe(self) -> str:
        """Names the place in a few words."""

    async def check(self) -> str | None:
        """Says what stands in the way and what to do, or None; leaves nothing behind."""

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Hands the secret over."""
