"""Why somebody has access, in words: who it is, what each path is, and what remains without it.

The page and the space beside a list use the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from sa_tui.access.answer import Answer
from sa_tui.base.text import one_line
from sa_tui.base.words import plural, short_id
from sa_tui.ui.kit.safe import shown_line
from sa_tui.ui.roles.grant_words import TIERS, armed_line, grant_line, missing_line

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.overlap import Overlap
    from sa_tui.access.why import Explanation
    from sa_tui.org.snapshot import Snapshot

MOST_PATHS: Final = 12
"""How many paths are told beside a list; the page of why has all."""


def facts(why: Explanation, about: str, now: datetime) -> Text:
    """Who it is, what is asked about, the strongest path, and whether it can be used now."""
    subject = why.subject
    text = Text(one_line(subject.name) or "(no name)", style="bold")
    kind = "" if subject.kind == "account" else f" · {subject.kind}"
    told = one_line(f"{kind} · {about}")
    text.append(f" ({short_id(subject.id)}){told}", style="not bold")
    text.append(f"\nStrongest: {one_line(_strongest(why))}", style="not bold")
    text.append("\n").append_text(shown_line(_plain(armed_line(why, now))))
    if subject.can_mint is Answer.YES:
        minting = "\nIt can make tokens for any account: one step away from everything."
        text.append(minting, style="not bold red")
    if missing := missing_line(why.missing):
        text.append("\n").append_text(shown_line(_plain(missing)))
    return text


def _strongest(why: Explanation) -> str:
    if not why.paths:
        return "not known" if why.missing else "nothing"
    grant = why.paths[0].grant
    return f"{grant.role or '?'} ({TIERS[grant.tier]})"


def path_text(why: Explanation, path: Overlap, snapshot: Snapshot) -> Text:
    """A path, how it is held, and what would remain without it."""
    grant, warn = path.grant, "not bold yellow"

    def listed(grants: tuple[Grant, ...]) -> str:
        return "; ".join(_line(grant, snapshot) for grant in grants[:2])

    text = Text(_line(grant, snapshot), style="bold")
    text.append(f"\n{one_line(_origin(grant, snapshot))}", style="not bold")
    if grant.is_stray:
        text.append("\nIt reaches nothing: without this path nothing is lost.", "not bold green")
    elif others := path.duplicates or path.wider:
        how_much = "the same" if path.duplicates else "all of it and more"
        text.append(
            f"\nWithout this path nothing is lost: {listed(others)} gives {how_much}.",
            style="not bold green",
        )
        if why.spare < why.needless and not why.is_spare(path):
            text.append("\nNot if the other paths go as well: one of them must stay.", warn)
    elif why.needs(path) is Answer.UNKNOWN:
        doubt = "others could not be read"
        if path.unclear:
            doubt = f"{listed(path.unclear)} may give it"
        text.append(f"\nWhether it is lost without this path is not known: {doubt}.", warn)
    elif path.others:
        kept = f"\nWithout this path it still has {listed(path.others)}."
        text.append(kept, style="not bold")
    else:
        text.append("\nWithout this path it is lost.", style=warn)
    return text


def _line(grant: Grant, snapshot: Snapshot) -> str:
    return one_line(grant_line(grant, snapshot))


def _origin(grant: Grant, snapshot: Snapshot) -> str:
    if grant.via is None:
        assigned = f"assignment {grant.assignment_id}" if grant.assignment_id else "no id"
        return f"Held directly: {assigned}."
    details = snapshot.team_details_of(grant.via.team_id)
    accounts, users = details.accounts.value, details.users.value
    members = [
        plural(len(accounts.rows), "account") if accounts is not None else "accounts unknown",
        plural(len(users.rows), "person", "people") if users is not None else "people unknown",
    ]
    listed = "documented, not listed by Konnect" if grant.is_implied else "listed by Konnect"
    return f"Through the team {grant.via.title} ({', '.join(members)}); {listed}."


def why_text(why: Explanation, about: str, snapshot: Snapshot, now: datetime) -> Text:
    """The facts, then each path, the strongest first."""
    text = facts(why, about, now)
    for path in why.paths[:MOST_PATHS]:
        text.append("\n\n").append_text(path_text(why, path, snapshot))
    if (more := len(why.paths) - MOST_PATHS) > 0:
        text.append(f"\n\nand {plural(more, 'more path')}: Enter", style="not bold dim")
    if not why.paths and not why.missing:
        text.append("\n\nIt has nothing here.", style="not bold")
    return text


def empty_reason(why: Explanation | None) -> str:
    """Why no path is shown."""
    if why is None:
        return "It is not listed any more, or was not read."
    return f"Not known.\n\n{why.missing[0]}" if why.missing else "It has nothing here."


def _plain(text: Text) -> Text:
    """The text in its own style, not in that of the text it is appended to."""
    return Text.assemble((text.plain, f"not bold {text.style}".strip()))
