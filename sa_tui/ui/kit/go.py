"""Messages by which a page asks the application to go elsewhere; `app.py` handles them all."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class OpenAccount(Message):
    """Shows the page of this account, with the cursor on this token of it if there is one."""

    account_id: str
    token_id: str | None = None


@dataclass
class OpenTeam(Message):
    """Shows the page of this team."""

    team_id: str


@dataclass
class Explain(Message):
    """Shows what this account, person or team can do, and by which paths."""

    subject_id: str


@dataclass
class AskWho(Message):
    """Asks this query in the section that tells who can do what."""

    query: str


class ShowCalendar(Message):
    """Shows when the tokens of the organisation end, week by week."""


@dataclass
class ListTokens(Message):
    """Shows the tokens that this query finds, in the section of tokens."""

    query: str


@dataclass
class Compare(Message):
    """Shows two accounts side by side: two marked ones, or a marked one and the chosen one."""

    marked_ids: list[str]
    chosen_id: str | None


@dataclass
class Copy(Message):
    """Copies a text that is no secret, and reports the result."""

    text: str


@dataclass
class RunCommand(Message):
    """Runs what was typed after `:`."""

    line: str


class Back(Message):
    """Goes back to the page before a section was opened."""


class Quit(Message):
    """Quits once all changes are made. Not called Leave: Textual's Leave has handlers already."""
