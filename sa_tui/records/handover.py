"""One hand-over of a token, as the records of the journal tell it.

What a damaged file says is refused; a record that a later version adds is passed over.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from sa_tui.base.label import Label
from sa_tui.records.lines import moment_in, text_in

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.base.wire import JsonObject

End = Literal["acknowledged", "revoked", "failed"]


@dataclass(frozen=True)
class Unfinished:
    """A token that may exist and that nobody has acknowledged.

    `label.token_id` is None when Konnect's answer was never seen: look for the name among the
    account's tokens. `delivery` is what the hand-over reported, if it came that far.
    """

    id: str
    _: KW_ONLY
    label: Label
    destination: str
    profile: str
    intended_at: datetime
    host: str
    pid: int
    started: str | None
    delivery: str | None = None


@dataclass(frozen=True, kw_only=True)
class Handover:
    """One hand-over, finished or not: what was begun, and what became of it.

    `fingerprint` is the SHA-256 of the secret, if one was seen. `delivered_at` is when its delivery
    was confirmed, `put_off_at` when the operator last put off the question what becomes of it.
    `is_under_way` while its process lives.
    """

    entry: Unfinished
    fingerprint: str | None = None
    delivered_at: datetime | None = None
    put_off_at: datetime | None = None
    end: End | None = None
    ended_at: datetime | None = None
    is_under_way: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody has to say what becomes of the token."""
        return self.end is None and not self.is_under_way

    def ended_before(self, moment: datetime) -> bool:
        """Whether it was finished before this moment."""
        return self.ended_at is not None and self.ended_at < moment

    def is_needless(self, oldest: datetime) -> bool:
        """Whether nobody asks for it any more: it cannot be found, or its token's life is over."""
        expires_at = self.entry.label.expires_at
        return self.fingerprint is None or (expires_at is not None and expires_at < oldest)


def intended(record: JsonObject) -> Unfinished:
    """The token that a record begins. Raises one of DAMAGE."""
    label = dict(record["label"])
    for key in ("account_id", "account_name", "token_name", "base_url"):
        text_in(label, key)
    for key in ("token_id", "organization_name", "organization_id"):
        if label.get(key) is not None:
            text_in(label, key)
    if label["expires_at"] is not None:
        label["expires_at"] = moment_in(label, "expires_at")
    return Unfinished(
        record["id"],
        label=Label(**label),
        destination=text_in(record, "destination"),
        profile=text_in(record, "profile"),
        intended_at=moment_in(record, "at"),
        host=text_in(record, "host"),
        pid=int(record["pid"]),
        started=record["started"],
    )


def begun(record: JsonObject) -> Handover:
    """The hand-over that a record begins. Raises one of DAMAGE."""
    return Handover(entry=intended(record))


def with_event(handover: Handover, record: JsonObject) -> Handover:
    """The hand-over after a further record. Raises one of DAMAGE."""
    event = record["event"]
    if event in get_args(End):
        return replace(handover, end=event, ended_at=moment_in(record, "at"))
    if event == "put off":
        return replace(handover, put_off_at=moment_in(record, "at"))
    if event == "delivered":
        handover = replace(handover, delivered_at=moment_in(record, "at"))
    if event == "minted" and "fingerprint" in record:
        handover = replace(handover, fingerprint=text_in(record, "fingerprint"))
    entry = with_record(handover.entry, record)
    return handover if entry is None else replace(handover, entry=entry)


def with_record(entry: Unfinished, record: JsonObject) -> Unfinished | None:
    """The token after a further record; None when it is acknowledged or gone. Raises as `begun`."""
    match record["event"]:
        case "minted":
            return replace(entry, label=replace(entry.label, token_id=text_in(record, "token_id")))
        case "delivered":
            return replace(entry, delivery=text_in(record, "message"))
        case "acknowledged" | "revoked" | "failed":
            return None
        case _:
            return entry
