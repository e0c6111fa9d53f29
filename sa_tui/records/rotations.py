"""Which tokens are being replaced, on disk until the old one is retired; it never holds a secret.

One JSON object a line in a file of mode 0600. A token has one rotation at most: whoever begins a
second is refused, also by another sa-tui of this user.
"""

from __future__ import annotations

import secrets
from dataclasses import KW_ONLY, asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sa_tui.base.address import normal_address
from sa_tui.base.times import utc
from sa_tui.records.lines import RecordFile, moment_in, text_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sa_tui.base.wire import JsonObject

FILE_NAME = "rotations.jsonl"
IDLE_FOR = timedelta(hours=24)
"""How long an old token has to be quiet before it is taken for idle, unless told otherwise."""
RESERVED_FOR = timedelta(minutes=15)
"""How long a rotation without a successor stands: longer than any issuing can take."""


class AlreadyRotatingError(Exception):
    """A rotation of this token is in progress; `rotation` is that one."""

    def __init__(self, rotation: Rotation) -> None:
        successor = rotation.new_name or "a successor"
        super().__init__(
            f"{rotation.old_name} is being replaced by {successor} already, "
            f"since {utc(rotation.begun_at)}. Retire it first."
        )
        self.rotation = rotation


@dataclass(frozen=True)
class Rotation:
    """One token and its successor; `new_id` is None until the successor was issued.

    `verified_at` is when Konnect took the successor's secret, `handed_over_at` when somebody
    confirmed having it. The old token is idle after being quiet for `idle_for`.
    """

    id: str
    _: KW_ONLY
    base_url: str
    account_id: str
    account_name: str
    old_id: str
    old_name: str
    begun_at: datetime
    idle_for: timedelta = IDLE_FOR
    new_id: str | None = None
    new_name: str = ""
    verified_at: datetime | None = None
    handed_over_at: datetime | None = None

    def is_of(self, base_url: str, account_id: str) -> bool:
        """Whether it is of this account of this Konnect, however the address is written."""
        return self.account_id == account_id and (
            normal_address(self.base_url) == normal_address(base_url)
        )

    def concerns(self, token_id: str) -> bool:
        """Whether this token is the old or the new one."""
        return token_id in (self.old_id, self.new_id)


class Rotations:
    """The rotations in progress, in one file that every sa-tui of this user shares.

    Methods raise JournalError when the file cannot be kept.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        self.path = path
        self._file = RecordFile(
            path, title="record of rotations", need="Without it no token is rotated."
        )
        self._now = now
        self._seen: tuple[int, ...] | None = None
        self._known: tuple[Rotation, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator should know of the file: lines that cannot be read."""
        return self._file.damage

    def begin(
        self,
        *,
        base_url: str,
        account_id: str,
        account_name: str,
        old_id: str,
        old_name: str,
        idle_for: timedelta = IDLE_FOR,
    ) -> str:
        """Records that a successor is about to be issued, and returns the id of the rotation.

        Raises AlreadyRotatingError when the token has one. Without a successor it lapses after
        RESERVED_FOR.
        """
        rotation = Rotation(
            secrets.token_hex(8),
            base_url=base_url,
            account_id=account_id,
            account_name=account_name,
            old_id=old_id,
            old_name=old_name,
            begun_at=self._now(),
            idle_for=idle_for,
        )
        record = asdict(rotation) | {"begun_at": rotation.begun_at.isoformat()}
        record["idle_for"] = idle_for.total_seconds()
        with self._file.locked():
            for other in self._compacted():
                if other.old_id == old_id and other.is_of(base_url, account_id):
                    raise AlreadyRotatingError(other)
            self._file.append({"event": "begun"} | record)
        return rotation.id

    def issued(self, id: str, *, token_id: str, name: str) -> None:
        """Records that the successor exists."""
        self._file.note(id, "issued", at=self._now(), new_id=token_id, new_name=name)

    def verified(self, id: str) -> None:
        """Records that Konnect took the successor's secret."""
        self._file.note(id, "verified", at=self._now())

    def handed_over(self, id: str) -> None:
        """Records that somebody has the successor."""
        self._file.note(id, "handed over", at=self._now())

    def end(self, id: str, how: str) -> None:
        """Records that nothing of the rotation is left to be done, and why."""
        self._file.note(id, "ended", at=self._now(), how=how)

    def in_progress(self, *, base_url: str, account_id: str) -> tuple[Rotation, ...]:
        """The account's rotations whose successor exists, oldest first."""
        return tuple(
            rotation
            for rotation in self.all_in_progress(base_url=base_url)
            if rotation.account_id == account_id
        )

    def all_in_progress(self, *, base_url: str | None = None) -> tuple[Rotation, ...]:
        """The rotations whose successor exists, oldest first: of this Konnect, or of every one.

        The file is read again only when it has changed.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._file.unusable(error) from error
        seen = (status.st_ino, status.st_size, status.st_mtime_ns)
        if seen != self._seen:
            self._known = self._standing(self._read().values())
            self._seen = seen
        return tuple(
            rotation
            for rotation in self._known
            if rotation.new_id is not None
            and (base_url is None or rotation.is_of(base_url, rotation.account_id))
        )

    def _standing(self, rotations: Iterable[Rotation | None]) -> tuple[Rotation, ...]:
        oldest = self._now() - RESERVED_FOR
        return tuple(
            rotation
            for rotation in rotations
            if rotation is not None and (rotation.new_id is not None or rotation.begun_at > oldest)
        )

    def _compacted(self) -> tuple[Rotation, ...]:
        """Drops what is over or has lapsed, keeps what cannot be read, and returns what stands."""
        rotations = self._read()
        standing = self._standing(rotations.values())
        self._file.drop(rotations.keys() - {rotation.id for rotation in standing})
        return standing

    def _read(self) -> dict[str, Rotation | None]:
        return self._file.entries("begun", begin=_begun, follow=_with_record)


def _begun(record: JsonObject) -> Rotation:
    return Rotation(
        record["id"],
        base_url=text_in(record, "base_url"),
        account_id=text_in(record, "account_id"),
        account_name=text_in(record, "account_name"),
        old_id=text_in(record, "old_id"),
        old_name=text_in(record, "old_name"),
        begun_at=moment_in(record, "begun_at"),
        idle_for=timedelta(seconds=float(record["idle_for"])),
    )


def _with_record(rotation: Rotation, record: JsonObject) -> Rotation | None:
    match record["event"]:
        case "issued":
            new_id, new_name = text_in(record, "new_id"), text_in(record, "new_name")
            return replace(rotation, new_id=new_id, new_name=new_name)
        case "verified":
            return replace(rotation, verified_at=moment_in(record, "at"))
        case "handed over":
            return replace(rotation, handed_over_at=moment_in(record, "at"))
        case "ended":
            return None
        case _:
            return rotation
