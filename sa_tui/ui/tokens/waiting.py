"""The hand-overs and rotations of an organisation, in rows, and what of them waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.org.rotating import quiet_since, reasons_to_wait

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.konnect.models import AccessToken
    from sa_tui.records.journal import Handover
    from sa_tui.records.rotations import Rotation
    from sa_tui.ui.kit.host import Host

_ENDS = {"acknowledged": "acknowledged", "revoked": "revoked", "failed": "no token was made"}


@dataclass(frozen=True, kw_only=True)
class Work:
    """One hand-over or rotation: what of, its state in words, and whether it waits for somebody.

    `tone` is good, warn, bad or quiet. `lines` say everything that is known.
    """

    key: str
    token_name: str
    token_id: str | None
    account_id: str
    account_name: str
    state: str
    tone: str
    at: datetime
    waits: bool
    lines: tuple[str, ...]
    handover: Handover | None = None


def all_work(host: Host) -> tuple[Work, ...]:
    """What waits first, then the newest. Raises JournalError when the records cannot be read."""
    rows = [_of_handover(handover) for handover in _handovers(host)] + _rotations(host)
    newest = sorted(rows, key=lambda row: row.at)[::-1]
    return tuple(sorted(newest, key=lambda row: not row.waits))


def waiting_words(host: Host) -> str:
    """How many of them wait for somebody, for the line of a page; empty when none does."""
    count = sum(handover.waits for handover in _handovers(host))
    count += sum(row.waits for row in _rotations(host))
    return f"{plural(count, 'hand-over')} to settle: H" if count else ""


def _handovers(host: Host) -> tuple[Handover, ...]:
    """Those of the organisation that is open; none while it is not known which that is."""
    profile, organization = host.profile, host.snapshot.organization.value
    if profile is None or organization is None:
        return ()
    return host.records.journal.history(base_url=profile.base_url, organization_id=organization.id)


def _rotations(host: Host) -> list[Work]:
    """The rotations of accounts of the organisation that is open."""
    if host.profile is None or host.snapshot.organization.value is None:
        return []
    return [
        _of_rotation(host, rotation)
        for rotation in host.records.rotations.all_in_progress(base_url=host.profile.base_url)
        if host.snapshot.account(rotation.account_id) is not None
    ]


def _of_handover(handover: Handover) -> Work:
    entry = handover.entry
    state, tone = _state_of(handover)
    lines = [
        f"To        {entry.destination}",
        f"Ordered   {utc(entry.intended_at)}, profile {entry.profile}",
        f"Delivery  {_delivery(handover)}",
        f"Settled   {_settled(handover)}",
    ]
    return Work(
        key=f"handover {entry.id}",
        token_name=entry.label.token_name,
        token_id=entry.label.token_id,
        account_id=entry.label.account_id,
        account_name=entry.label.account_name,
        state=state,
        tone=tone,
        at=entry.intended_at,
        waits=handover.waits,
        lines=tuple(lines),
        handover=handover,
    )


def _state_of(handover: Handover) -> tuple[str, str]:
    if handover.end is not None:
        return _ENDS[handover.end], "quiet"
    if handover.is_under_way:
        return "under way", "good"
    if handover.delivered_at is not None:
        return "not acknowledged", "warn"
    return ("put off", "warn") if handover.put_off_at is not None else ("NOT DELIVERED", "bad")


def _delivery(handover: Handover) -> str:
    if handover.delivered_at is None:
        return "never confirmed"
    return f"confirmed {utc(handover.delivered_at)}: {handover.entry.delivery}"


def _settled(handover: Handover) -> str:
    if handover.end is not None and handover.ended_at is not None:
        return f"{_ENDS[handover.end]}, {utc(handover.ended_at)}"
    if handover.is_under_way:
        return "not yet: a sa-tui that runs has it"
    later = f", put off {utc(handover.put_off_at)}" if handover.put_off_at else ""
    return f"not yet{later}: Enter asks what becomes of it"


def _of_rotation(host: Host, rotation: Rotation) -> Work:
    old, are_known = _old_token(host, rotation)
    state, tone, waits = "rotating", "warn", False
    due = "unknown: the tokens of the account are not read"
    if are_known and old is None:
        state, waits, due = "old token is gone", True, "the old token is gone: R ends the rotation"
    elif old is not None:
        reasons = reasons_to_wait(rotation, old, now=host.now())
        since = quiet_since(rotation, old)
        due = " ".join(reasons)
        if rotation.verified_at is None:
            state, tone, waits = "NOT PROVEN", "bad", True
        elif not reasons and since is not None:
            state, tone, waits = "retire the old token", "good", True
            due = f"possible since {utc(since + rotation.idle_for)}: R retires {old.name}"
    handed_over = rotation.handed_over_at
    lines = (
        f"Rotation  {rotation.old_name} → {rotation.new_name}, begun {utc(rotation.begun_at)}",
        f"Delivery  {utc(handed_over) if handed_over else 'never confirmed'}",
        f"Proven    {utc(rotation.verified_at) if rotation.verified_at else 'no'}",
        f"Retire    {due}",
    )
    return Work(
        key=f"rotation {rotation.id}",
        token_name=rotation.old_name,
        token_id=rotation.old_id,
        account_id=rotation.account_id,
        account_name=rotation.account_name,
        state=state,
        tone=tone,
        at=rotation.begun_at,
        waits=waits,
        lines=lines,
    )


def _old_token(host: Host, rotation: Rotation) -> tuple[AccessToken | None, bool]:
    """The old token, and whether it is known that there is one, or that there is none."""
    tokens = host.snapshot.details_of(rotation.account_id).tokens
    if tokens.value is None:
        return None, False
    old = next((row for row in tokens.value.rows if row.id == rotation.old_id), None)
    return old, old is not None or (tokens.error is None and not tokens.value.incomplete)
