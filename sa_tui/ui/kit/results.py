"""The changes of a review: which are on, what became of them, what can be tried again or undone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sa_tui.org.changes.change import results_in_words
from sa_tui.org.changes.words import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.org.changes.change import Change, Outcome


class Results:
    """The changes in the order of their rows, and the outcomes of those that were sent.

    A change that is off stays off when it is made again from a newer snapshot.
    """

    def __init__(self) -> None:
        self.changes: tuple[Change, ...] = ()
        self._off: set[str] = set()
        self._sent: tuple[int, ...] = ()
        self._outcomes: dict[int, Outcome] = {}
        self._earlier: list[Outcome] = []
        self._newest: dict[int, Outcome] = {}

    # Before they are sent

    def replace(self, changes: Iterable[Change]) -> None:
        """Takes other changes, all of them on and without outcomes."""
        self._off, self._sent, self._outcomes, self._earlier = set(), (), {}, []
        self.changes = in_order(tuple(changes))

    def renew(self, changes: Sequence[Change]) -> None:
        """Takes the same changes as a newer snapshot makes them; what is off stays off."""
        self.changes = in_order(changes)

    def switch(self, numbers: Iterable[int]) -> None:
        """Switches these changes off, or on if all of them are off."""
        keys = {_key(self.changes[number]) for number in numbers}
        self._off = self._off - keys if keys <= self._off else self._off | keys

    def is_on(self, number: int) -> bool:
        """Whether the change of this number, from 0, is to be sent."""
        return _key(self.changes[number]) not in self._off

    @property
    def chosen(self) -> tuple[Change, ...]:
        """The changes that are on."""
        return tuple(change for change in self.changes if _key(change) not in self._off)

    # While they are sent, and after

    def begin(self, chosen: Sequence[Change]) -> None:
        """Takes the changes that are on as they are sent, with their levels."""
        self._sent = tuple(filter(self.is_on, range(len(self.changes))))
        changes = list(self.changes)
        for number, change in zip(self._sent, chosen, strict=True):
            changes[number] = change
        self.changes = tuple(changes)

    def add(self, outcome: Outcome) -> None:
        """Adds the outcome of the next change."""
        self._outcomes[self._sent[len(self._outcomes)]] = outcome
        self._newest[id(outcome.change.origin)] = outcome

    def outcome(self, number: int) -> Outcome | None:
        """The outcome of the change of this number, from 0; None while it has none."""
        return self._outcomes.get(number)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that are there, in the order in which the changes were sent."""
        return tuple(self._outcomes.values())

    @property
    def newest(self) -> tuple[Outcome, ...]:
        """The newest outcome of every change that was ever sent."""
        return tuple(self._newest.values())

    @property
    def sent_count(self) -> int:
        """How many changes were confirmed to be sent."""
        return len(self._sent)

    @property
    def under_way(self) -> int | None:
        """The number of the change that is sent next or now; None when all are answered."""
        unanswered = self._sent[len(self._outcomes) :]
        return unanswered[0] if unanswered else None

    @property
    def unsent(self) -> tuple[Change, ...]:
        """The changes that were confirmed and have no outcome."""
        return tuple(self.changes[number] for number in self._sent[len(self._outcomes) :])

    def retry(self) -> None:
        """Takes the changes that can be tried again; what was done before can still be undone."""
        earlier = [*self._earlier, *(one for one in self.outcomes if one.is_good)]
        self.replace(self.repeatable)
        self._earlier = earlier

    @property
    def repeatable(self) -> list[Change]:
        """The changes of which another attempt may succeed, and those that were never sent."""
        again = [outcome.again for outcome in self.outcomes if outcome.again is not None]
        return [*again, *self.unsent]

    @property
    def undoable(self) -> list[Change]:
        """The changes that undo the outcomes, the last first."""
        outcomes = (*self._earlier, *self.outcomes)
        return [outcome.undo for outcome in outcomes if outcome.undo is not None][::-1]

    @property
    def is_good(self) -> bool:
        """Whether every change was sent and is done."""
        return not self.unsent and all(outcome.is_good for outcome in self.outcomes)

    @property
    def first_bad(self) -> int | None:
        """The number of the first change that is not known to be done."""
        bad = (number for number, outcome in self._outcomes.items() if not outcome.is_good)
        return next(bad, None)

    def in_words(self) -> str:
        """How many changes were done, failed, are unknown or were never sent, in a clause."""
        statuses = [outcome.status for outcome in self.outcomes]
        return results_in_words(statuses, unsent=len(self.unsent))

    def summary(self) -> str:
        """What became of the changes, and the keys that go on from there."""
        hints = ["Y sends the rest"] if self.unsent else []
        if len(self.repeatable) > len(self.unsent):
            hints.append(self._retry_hint())
        hints += ["u undoes what was done"] if self.undoable else []
        return f"{self.in_words()}. {'; '.join((*hints, 'Esc leaves'))}."

    def _retry_hint(self) -> str:
        if any(outcome.is_overtaken and outcome.again for outcome in self.outcomes):
            return "f shows it as it is now"
        again = [outcome.again for outcome in self.outcomes if outcome.again is not None]
        return "f looks again" if all(change.may_be_so for change in again) else "f tries it again"


def _key(change: Change) -> str:
    """What tells a change from others, also when it is made anew."""
    request = change.request
    return json.dumps([change.verb, request.method, request.path, request.body])
