"""Where a page asks the application to go: each message is handled there, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class OpenAccount(Message):
    """Shows the page of this account."""

    account_id: str


@dataclass
class OpenTeam(Message):
    """Shows the page of this team."""

    team_id: str


@dataclass
class Explain(Message):
    """Shows what this account, person or team can do, and by which paths."""

    subject_id: str


@dataclass
class Compare(Message):
    """Shows two accounts side by side: those that are marked, or the one and the one chosen."""

    marked_ids: list[str]
    chosen_id: str | None


@dataclass
class Copy(Message):
    """Copies what is no secret, and says what is known of that."""

    text: str


@dataclass
class RunCommand(Message):
    """Does what was typed after `:`."""

    line: str


class Quit(Message):
    """Quits once everything is written. Textual has a Leave, whose handlers ours would reach."""
