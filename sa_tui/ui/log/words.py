"""Everything that is known of one action of the log, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.times import utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sa_tui.org.logged import LoggedAction


def in_full(action: LoggedAction, can_be_undone: bool) -> Text:
    """The action: what became different, where, by whom, what was sent and what came back."""
    text = Text(action.title or "Read for a list", style="bold")
    text.append(f" · {action.profile}" if action.profile else "", style="not bold")
    lines = (one_line(fact, limit=PROSE_LIMIT) for fact in _facts(action, can_be_undone))
    return text.append("\n" + "\n".join(lines), style="not bold")


def _facts(action: LoggedAction, can_be_undone: bool) -> Iterator[str]:
    for field in action.fields:
        if field.before:
            yield f"- {field.name} {field.before}"
        if field.after:
            yield f"+ {field.name} {field.after}"
    if action.destination:
        yield f"Secret   {action.destination}"
    message = "" if action.message in ("", "Done.", action.destination) else f". {action.message}"
    yield f"Outcome  {action.outcome}{message}"
    if can_be_undone:
        yield "Press u to undo it."
    yield f"Sent     {action.method} {action.path}"
    yield f"When     {utc(action.at)}, {_answer(action)}"
    yield f"Trace    {action.trace or 'none given'}"
    if action.organization or action.operator:
        yield f"Where    {action.organization or '?'}, by {action.operator or '?'}"


def _answer(action: LoggedAction) -> str:
    answer = "no answer" if action.seconds is not None else "nothing was sent"
    if action.status is not None:
        answer = str(action.status)
    return answer if action.seconds is None else f"{answer} after {action.seconds * 1000:.0f} ms"
