"""Replaces a token without an outage: names its successor, and decides when the old one may go.

The rule it keeps: the old token stays until its successor works and was handed over, and the old
one has been idle since.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from sa_tui.base.times import UNITS, in_words, utc
from sa_tui.handover.formats import slug
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.changes.accounts import revoke_token
from sa_tui.org.changes.change import is_gone
from sa_tui.org.delivering import proven
from sa_tui.records.journal import JournalError
from sa_tui.records.rotations import AlreadyRotatingError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.changes.change import Change
    from sa_tui.org.issuing import Issued, Order
    from sa_tui.org.store import Org
    from sa_tui.records.rotations import Rotation, Rotations

NAME_CHARACTERS = 250
"""The longest name of a token that is proposed or taken."""

IDLE_FORMS = "90m, 24h, 7d or 2w"

_MOST_DIGITS = 6
_NUMBERED = re.compile(
    rf"(?P<stem>.*[^0-9])(?P<number>[0-9]{{1,{_MOST_DIGITS}}})", re.ASCII | re.DOTALL
)
_DATED = re.compile(r"(?P<stem>.*?)[0-9]{4}-[0-9]{2}-[0-9]{2}(-[0-9]{1,3})?", re.ASCII | re.DOTALL)
_NAME_PART = re.compile(r"\{(next|token|account)\}")
_SPAN = re.compile(r"([0-9]{1,5}) ?([mhdw])", re.ASCII)


def next_name(name: str, *, taken: Collection[str], now: datetime) -> str:
    """A free name for the successor: `gha-3` -> `gha-4`, `gha` -> `gha-2`, a date -> today's.

    It stays in the family of the name, and within NAME_CHARACTERS unless the name has a date.
    """
    if dated := _DATED.fullmatch(name):
        stem = f"{dated['stem']}{now:%Y-%m-%d}"
        if stem not in taken:
            return stem
        stem, number, width = f"{stem}-", 1, 1
    else:
        stem, number, width = _counted(name)
    # After the last number come the first ones that are free again.
    numbers = chain(range(number + 1, 10**_MOST_DIGITS), range(1, number + 1))
    names = (f"{stem}{number:0{width}}" for number in numbers)
    return next(name for name in names if name not in taken)


def family_of(name: str) -> str:
    """What a token's name shares with those of its successors: `gha-*` for gha, gha-2 and gha-3."""
    if dated := _DATED.fullmatch(name):
        return f"{dated['stem']}YYYY-MM-DD"
    return f"{_counted(name)[0]}*"


def _counted(name: str) -> tuple[str, int, int]:
    """The name without its number, the number, and how many digits it is written with.

    A stem is cut where the largest number would not have room behind it.
    """
    if numbered := _NUMBERED.fullmatch(name):
        stem, digits = numbered["stem"], numbered["number"]
    else:
        stem, digits = f"{name}-", "1"
    room = NAME_CHARACTERS - _MOST_DIGITS
    stem = stem if len(stem) <= room else f"{stem[: room - 1]}-"
    return stem, int(digits), len(digits)


@dataclass(frozen=True, kw_only=True)
class Old:
    """A token that is to be rotated, and its account."""

    account: SystemAccount
    token: AccessToken


def names_of_successors(
    pattern: str, olds: Sequence[Old], *, taken: Mapping[str, Collection[str]], now: datetime
) -> list[str]:
    """The name of each successor; `taken` are the names in use by account id.

    `{next}` is what is proposed for one token, `{token}` the old name, `{account}` the account.
    Raises ValueError with a message for the operator.
    """
    used = {old.account.id: set(taken.get(old.account.id, ())) for old in olds}
    names = []
    for old in olds:
        of_account = used[old.account.id]
        proposed = next_name(old.token.name, taken=of_account, now=now)
        words = {"next": proposed, "token": old.token.name, "account": slug(old.account.name)}
        parts = _NAME_PART.split(pattern)  # every second one is a word
        parts[1::2] = [words[part] for part in parts[1::2]]
        name = "".join(parts)
        where = f"The successor of {old.token.name} of {old.account.name}"
        if not name.strip() or len(name) > NAME_CHARACTERS:
            raise ValueError(f"{where} needs a name of 1 to {NAME_CHARACTERS} characters.")
        if name != proposed and not name.isprintable():
            raise ValueError(f"{where} needs a name of printable characters.")
        if name in of_account:
            raise ValueError(f"{where} cannot be named {name}: the account has or gets that name.")
        of_account.add(name)
        names.append(name)
    return names


def shared_place(orders: Iterable[Order]) -> str:
    """What is wrong when two orders go to the same place, or one to none; else empty."""
    places: dict[str, Order] = {}
    for order in orders:
        if order.place is None or order.place.kind not in ("file", "command"):
            return "Several tokens go to files or to a command: choose one of these."
        place = order.place.describe()
        if (other := places.get(place)) is not None:
            return (
                f"{other.name} of {other.account_name} and {order.name} of {order.account_name} "
                f"would both go to {place}: put {{account}} and {{token}} into it."
            )
        places[place] = order
    return ""


def parse_idle(text: str) -> timedelta:
    """How long a token has to be idle. Raises ValueError with a message for the operator."""
    span = _SPAN.fullmatch(text.strip().lower())
    if span is None:
        raise ValueError(f"{text!r} is not a length of time: write {IDLE_FORMS}.")
    return int(span[1]) * UNITS[span[2]]


@dataclass(frozen=True)
class Succession:
    """A rotation in progress, which records what becomes of the successor.

    An error of the record never loses a secret; a rotation whose end is not recorded lapses by
    itself.
    """

    id: str
    _: KW_ONLY
    rotations: Rotations
    org: Org

    def issued(self, successor: Issued) -> None:
        """Records that the successor exists."""
        with suppress(JournalError):
            token_id, name = successor.label.token_id or "", successor.label.token_name
            self.rotations.issued(self.id, token_id=token_id, name=name)

    def failed(self, how: str) -> None:
        """Records that there is no successor, and why."""
        with suppress(JournalError):
            self.rotations.end(self.id, how)

    async def prove(
        self, successor: Issued, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> str:
        """Records the hand-over and tries the successor; returns why it fails, or nothing."""
        try:
            self.rotations.handed_over(self.id)
            problem = await self._proof(successor, sleep)
            if not problem:
                self.rotations.verified(self.id)
        except JournalError as error:
            return str(error)
        return problem

    async def _proof(self, successor: Issued, sleep: Callable[[float], Awaitable[None]]) -> str:
        """Why the successor does not work, or nothing."""
        if successor.secret is not None:
            return await proven(successor.secret, verify=self.org.verify, sleep=sleep)
        return "It was not tried." if successor.proof is None else successor.proof


async def begin(
    rotations: Rotations, order: Order, *, old: AccessToken, idle_for: timedelta, org: Org
) -> Succession:
    """Records the rotation of `old` by an order, before anything is sent.

    Ends an earlier rotation whose successor is gone. Raises AlreadyRotatingError, JournalError.
    """

    def record() -> str:
        return rotations.begin(
            base_url=order.base_url,
            account_id=order.account_id,
            account_name=order.account_name,
            old_id=old.id,
            old_name=old.name,
            idle_for=idle_for,
        )

    try:
        return Succession(record(), rotations=rotations, org=org)
    except AlreadyRotatingError as error:
        other = error.rotation
        if other.new_id is None or not await _is_gone(org, other.account_id, other.new_id):
            raise
        rotations.end(other.id, "its successor is gone")
        return Succession(record(), rotations=rotations, org=org)


async def _is_gone(org: Org, account_id: str, token_id: str) -> bool:
    """Whether Konnect says that there is no such token; False without an answer."""
    try:
        return await is_gone(org.token(account_id, token_id))
    except KonnectError:
        return False


def quiet_since(rotation: Rotation, old: AccessToken) -> datetime | None:
    """Since when the old token has not been used although there is a successor; None if unknown.

    A token that was never used counts from the hand-over: before it nobody had the successor.
    """
    if "last_used_at" in old.unreadable or rotation.handed_over_at is None:
        return None
    return max(filter(None, (old.last_used_at, rotation.handed_over_at)))


def reasons_to_wait(
    rotation: Rotation, old: AccessToken, *, now: datetime, idle_for: timedelta | None = None
) -> tuple[str, ...]:
    """Why the old token should not be retired yet, in sentences; empty if it may be."""
    idle_for = rotation.idle_for if idle_for is None else idle_for
    successor = rotation.new_name or "the successor"
    reasons = []
    if rotation.verified_at is None:
        reasons.append(f"{successor} was never seen to work.")
    if rotation.handed_over_at is None:
        reasons.append(f"Nobody confirmed having {successor}.")
    if "last_used_at" in old.unreadable:
        reasons.append(f"When {old.name} was last used is unknown.")
    quiet_from = quiet_since(rotation, old)
    if quiet_from is not None and now - quiet_from < idle_for:
        since_hand_over = quiet_from == rotation.handed_over_at
        event = f"{successor} was handed over" if since_hand_over else f"{old.name} was last used"
        reasons.append(
            f"{event} {utc(quiet_from)}: "
            f"{old.name} can count as idle {in_words(idle_for)} after that."
        )
    return tuple(reasons)


def retirement(account: SystemAccount, old: AccessToken, *, reasons: Collection[str]) -> Change:
    """Revokes the old token; if there are reasons to wait, its name has to be typed."""
    change = revoke_token(account, old)
    return replace(change, level="type" if reasons else "ask")


def note_end(rotations: Rotations, rotation: Rotation, how: str) -> str:
    """Records the end of a rotation; returns what went wrong, or nothing."""
    try:
        rotations.end(rotation.id, how)
    except JournalError as error:
        return str(error)
    return ""
