"""What a command says of its changes: the preview before, and what became of them.

The rule it keeps: standard output gets data, which is the preview of a dry run, the ids of what was
made, or both the preview and the outcomes as one JSON document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.answers.preview import (
    change_record,
    outcome_records,
    preview_record,
    render_preview,
)
from sa_tui.answers.problems import sentences
from sa_tui.base.text import one_line
from sa_tui.cli.answers import error_record_of, head_of, put_facts
from sa_tui.cli.changing.asking import is_confirmed
from sa_tui.cli.changing.command import ALREADY
from sa_tui.cli.exits import Exit

if TYPE_CHECKING:
    from sa_tui.access.effects.values import Consequences
    from sa_tui.answers.records import Record
    from sa_tui.cli.changing.command import ChangeCommand, Wanted
    from sa_tui.cli.changing.sending import Sent
    from sa_tui.cli.exits import StoppedError
    from sa_tui.org.changes.change import Change

NOTHING = "There is nothing to change."
KINDS = {"account": "system_account", "team": "team"}


@dataclass(frozen=True)
class Answer:
    """Writes what a command wants, and what became of it."""

    command: ChangeCommand
    wanted: Wanted
    means: Consequences

    def preview(self) -> int:
        """Writes the preview of a dry run; returns the exit code."""
        env = self.command.env
        if self._is_json:
            self._put(sent=None, code=Exit.DONE)
        elif self.means.changes:
            env.stdout.write(f"{self._text(with_requests=True)}\n")
        self._tell_already()
        self._tell_incomplete()
        env.tell("Nothing was sent: this is a dry run.")
        return self.wanted.complete(Exit.DONE if self.means.changes else Exit.ALREADY)

    def tell_before(self) -> None:
        """Tells what to know before; all of it, unless the command line has confirmed it."""
        env = self.command.env
        if is_confirmed(self.means.changes, self.command.options):
            for warning in dict.fromkeys((*self.wanted.notes, *self.means.warnings)):
                env.warn(warning)
        else:
            env.tell_lines(self._text())

    def outcomes(self, sent: Sent, code: int) -> None:
        """Writes what became of the changes, and which exit code says so."""
        env = self.command.env
        bad = (outcome for outcome in sent.outcomes if not outcome.is_good)
        env.run.failures += [f"{one.change.title}: {one.message}" for one in bad]
        self._tell_already()
        self._tell_incomplete()
        if self._is_json:
            self._put(sent, code)
        else:
            for made in self._made(sent):
                env.put(one_line(made["id"]))

    def unconfirmed(self, error: StoppedError) -> None:
        """Writes the preview with what has to be confirmed, as JSON; the error is told anyway."""
        if self._is_json:
            self._put(sent=None, code=error.code, error=error)

    @property
    def _is_json(self) -> bool:
        return bool(self.command.options.output == "json")

    @property
    def _title(self) -> str:
        return self.wanted.title or ("" if self.means.changes else NOTHING)

    def _text(self, *, with_requests: bool = False) -> str:
        return render_preview(
            self.means,
            base_url=self.command.profile.base_url,
            title=self.wanted.title,
            notes=self.wanted.notes,
            with_requests=with_requests,
        )

    def _tell_already(self) -> None:
        for change in self.wanted.already:
            self.command.env.tell(f"{change.title}: {ALREADY}")

    def _tell_incomplete(self) -> None:
        for sentence in sentences(self.wanted.problems):
            self.command.env.tell(f"INCOMPLETE: {sentence}")

    def _made(self, sent: Sent | None) -> list[Record]:
        """What exists now of what was to be made, by id and name."""
        changes = [*self.wanted.already]
        changes += [one.change for one in sent.outcomes if one.is_good] if sent else []
        made = [change.makes for change in changes if change.makes is not None]
        return [
            {"type": KINDS[new.kind], "id": new.value, "name": new.key} for new in made if new.value
        ]

    def _put(self, sent: Sent | None, code: int, error: Exception | None = None) -> None:
        command = self.command
        head = head_of(command.env, command.snapshot, self.wanted.problems)
        base_url = command.profile.base_url
        facts: Record = {
            "dry_run": command.is_planned,
            "preview": preview_record(
                self.means, base_url=base_url, title=self._title, notes=self.wanted.notes
            ),
            "already": [self._already(change) for change in self.wanted.already],
            "outcomes": [] if sent is None else outcome_records(self.means.changes, sent.outcomes),
            "made": self._made(sent),
            **self.wanted.more,
        }
        if code not in (Exit.DONE, Exit.ALREADY, Exit.INCOMPLETE):
            errors = (outcome.error for outcome in (sent.outcomes if sent is not None else ()))
            error = error or next(filter(None, errors), None)
            facts |= {"complete": False, "error": error_record_of(command.env.run, code, error)}
        put_facts(command.env, head, facts)

    def _already(self, change: Change) -> Record:
        base_url = self.command.profile.base_url
        names = ("verb", "title", "subject", "ids", "fields")
        record = change_record(change, base_url=base_url)
        return {name: record[name] for name in names}
