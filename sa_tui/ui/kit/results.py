"""The changes of a review and their outcomes: what can be tried again, and what can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.org.changes.change import results_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.org.changes.change import Change, Outcome


class Results:
    """The changes that are reviewed, and the outcomes of the first of them in the same order."""

    def __init__(self) -> None:
        self.changes: tuple[Change, ...] = ()
        self.outcomes: list[Outcome] = []
        self._earlier: list[Outcome] = []
        self._newest: dict[int, Outcome] = {}

    def add(self, outcome: Outcome) -> None:
        """Adds the outcome of the next change."""
        self.outcomes.append(outcome)
        self._newest[id(outcome.change.origin)] = outcome

    def outcome(self, number: int) -> Outcome | None:
        """The outcome of the change of this number, from 0; None while it has none."""
        return self.outcomes[number] if number < len(self.outcomes) else None

    @property
    def newest(self) -> tuple[Outcome, ...]:
        """The newest outcome of every change that was ever sent."""
        return tuple(self._newest.values())

    @property
    def unanswered(self) -> int:
        """The number of changes without an outcome."""
        return len(self.changes) - len(self.outcomes)

    def replace(self, changes: Iterable[Change]) -> None:
        """Takes other changes, without outcomes."""
        self.changes, self.outcomes, self._earlier = tuple(changes), [], []

    def retry(self) -> None:
        """Takes the changes that can be tried again; what was done before can still be undone."""
        self._earlier.extend(outcome for outcome in self.outcomes if outcome.is_good)
        self.changes, self.outcomes = tuple(self.repeatable), []

    @property
    def repeatable(self) -> list[Change]:
        """The changes of which another attempt may succeed, and those that were never sent."""
        again = [outcome.again for outcome in self.outcomes if outcome.again is not None]
        return [*again, *self.changes[len(self.outcomes) :]]

    @property
    def undoable(self) -> list[Change]:
        """The changes that undo the outcomes, the last first."""
        outcomes = (*self._earlier, *self.outcomes)
        return [outcome.undo for outcome in outcomes if outcome.undo is not None][::-1]

    @property
    def is_good(self) -> bool:
        """Whether every change was sent and is done."""
        return not self.unanswered and all(outcome.is_good for outcome in self.outcomes)

    def summary(self) -> str:
        """What became of the changes, and the keys that go on from there."""
        hints = [self._retry_hint()] if self.repeatable else []
        hints = ["f shows what was not done"] if self.unanswered else hints
        hints += ["u undoes what was done"] if self.undoable else []
        statuses = [outcome.status for outcome in self.outcomes]
        text = results_in_words(statuses, unsent=self.unanswered)
        return f"{text}. {'; '.join((*hints, 'Esc leaves'))}."

    def _retry_hint(self) -> str:
        if any(outcome.is_overtaken for outcome in self.outcomes):
            return "f shows it as it is now"
        if all(change.may_be_so for change in self.repeatable):
            return "f looks again"
        return "f sends what failed again"
