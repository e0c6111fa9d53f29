"""Several changes that were confirmed together, on disk until the last was sent; without secrets.

Each is noted before it is sent: whatever ends the program, the next start knows which were never
sent, and which one was under way.
"""

from __future__ import annotations

import secrets
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sa_tui.records.lines import RecordFile, is_of, is_running, moment_in, started, text_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sa_tui.base.wire import JsonObject

FILE_NAME = "batches.jsonl"


@dataclass(frozen=True)
class Planned:
    """One change as data: its title, its verb's name, the ids it touches, and what it sends.

    `makes` stands for the id of what it creates, in the ids of later changes. A line that an
    earlier version wrote names no verb: the change cannot be made again from it.
    """

    title: str
    _: KW_ONLY
    verb: str
    ids: Mapping[str, str]
    body: Mapping[str, Any] | None = None
    makes: str = ""

    def as_record(self) -> JsonObject:
        """The change as JSON; `makes` only if it creates something."""
        record = {"title": self.title, "verb": self.verb, "ids": dict(self.ids), "body": self.body}
        return record | ({"makes": self.makes} if self.makes else {})


@dataclass(frozen=True)
class Unsent:
    """A batch that was cut short: `under_way` may have taken effect, `never_sent` was not sent."""

    id: str
    _: KW_ONLY
    profile: str
    at: datetime
    never_sent: tuple[Planned, ...]
    under_way: Planned | None


@dataclass(frozen=True, kw_only=True)
class _Batch:
    record: JsonObject
    planned: tuple[Planned, ...]
    at: datetime
    sent: int = 0
    answered: int = 0
    made: Mapping[str, str] = field(default_factory=dict)

    @property
    def left(self) -> Unsent:
        is_unclear = self.sent > self.answered
        return Unsent(
            self.record["id"],
            profile=self.record["profile"],
            at=self.at,
            never_sent=tuple(map(self._with_made, self.planned[self.sent :])),
            under_way=self.planned[self.sent - 1] if is_unclear else None,
        )

    def _with_made(self, planned: Planned) -> Planned:
        """The change with the ids that were made before the batch was cut short."""
        return replace(planned, ids={k: self.made.get(id, id) for k, id in planned.ids.items()})


@dataclass
class Batches:
    """The batches in one file that every sa-tui of this user shares.

    Methods raise JournalError when the file cannot be kept.
    """

    path: Path
    _: KW_ONLY
    now: Callable[[], datetime]
    pid: int
    host: str
    _file: RecordFile = field(init=False)

    def __post_init__(self) -> None:
        self._file = RecordFile(self.path, title="record of what is being sent")

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator should know of the file: lines that cannot be read."""
        return self._file.damage

    def begin(
        self,
        planned: Sequence[Planned],
        *,
        profile: str,
        base_url: str,
        organization_id: str | None,
    ) -> str:
        """Records what is about to be sent, and returns the id of the batch."""
        id = secrets.token_hex(8)
        changes = [plan.as_record() for plan in planned]
        with self._file.locked():
            self._file.drop({id for id, batch in self._read().items() if batch is None})
            self._file.append(
                {"event": "begun", "id": id, "at": self.now().isoformat(), "profile": profile}
                | {"host": self.host, "pid": self.pid, "started": started(self.pid)}
                | {"base_url": base_url, "organization_id": organization_id, "changes": changes}
            )
        return id

    def sending(self, id: str, number: int) -> None:
        """Records that the change of this number, from 0, is about to be sent."""
        self._file.note(id, "sending", at=self.now(), number=number)

    def answered(self, id: str, number: int, *, made: str = "") -> None:
        """Records that what became of this change is known, and the id of what it `made`."""
        self._file.note(id, "answered", at=self.now(), number=number, made=made)

    def end(self, id: str) -> None:
        """Records that nothing of it is left, or shall be."""
        self._file.note(id, "ended", at=self.now())

    def unsent(self, *, base_url: str, organization_id: str | None) -> tuple[Unsent, ...]:
        """What runs that have ended did not send to this organisation, the oldest first."""
        lefts = (
            batch.left
            for batch in self._read().values()
            if batch is not None
            and not self._is_alive(batch.record)
            and is_of(
                batch.record["base_url"],
                batch.record.get("organization_id"),
                asked_url=base_url,
                asked_id=organization_id,
            )
        )
        return tuple(left for left in lefts if left.never_sent or left.under_way)

    def _is_alive(self, record: JsonObject) -> bool:
        return record["host"] == self.host and is_running(record["pid"], record["started"])

    def _read(self) -> dict[str, _Batch | None]:
        return self._file.entries("begun", begin=_begun, follow=_with_record)


def _begun(record: JsonObject) -> _Batch:
    planned = tuple(
        Planned(
            text_in(plan, "title"),
            verb=text_in({"verb": ""} | plan, "verb"),
            ids={name: text_in(plan["ids"], name) for name in plan.get("ids", {})},
            body=None if plan["body"] is None else dict(plan["body"]),
            makes=text_in({"makes": ""} | plan, "makes"),
        )
        for plan in record["changes"]
    )
    for key in ("host", "profile", "base_url"):
        text_in(record, key)
    record["pid"] = int(record["pid"])
    at = moment_in(record, "at")
    return _Batch(record=record | {"started": record["started"]}, planned=planned, at=at)


def _with_record(batch: _Batch, record: JsonObject) -> _Batch | None:
    match record["event"]:
        case "sending":
            return replace(batch, sent=int(record["number"]) + 1)
        case "answered":
            number, id = int(record["number"]), text_in({"made": ""} | record, "made")
            makes = batch.planned[number].makes if number < len(batch.planned) else ""
            made = {makes: id} if makes and id else {}
            return replace(batch, answered=number + 1, made={**batch.made, **made})
        case "ended":
            return None
        case _:
            return batch
