"""Everything that is known of one token: its life, its hand-over, and what its account can do.

What could not be read is said to be unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.org.summary import in_days, token_state
from sa_tui.records.journal import JournalError
from sa_tui.ui.kit.safe import shown_line
from sa_tui.ui.tokens.life import MIN_WIDTH, life_line
from sa_tui.ui.tokens.rotating import in_progress
from sa_tui.ui.tokens.rows import TONES, exact_dates, exact_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.expiries import Expiry
    from sa_tui.ui.kit.host import Host

LEAST_HEIGHT: Final = 20
"""A lower terminal needs the line of a life for its list."""

_MOST_GRANTS: Final = 8
_MOST_LIVES: Final = 20


def life(host: Host, account_id: str, token: AccessToken, *, width: int) -> Text:
    """The life of a token with its successor; empty where it has no room."""
    successor = successor_of(host, account_id, token)
    return life_line(token, host.now(), width=width, successor=successor)


def successor_of(host: Host, account_id: str, token: AccessToken) -> AccessToken | None:
    """The token that a rotation under way puts in place of this one, if it was read."""
    try:
        rotations = in_progress(host, account_id)
    except JournalError:  # told where the rotation itself is shown
        return None
    new_ids = {rotation.new_id for rotation in rotations if rotation.old_id == token.id}
    rows = host.snapshot.details_of(account_id).tokens.rows
    return next((row for row in rows if row.id in new_ids), None)


def dates(host: Host, account_id: str, token: AccessToken, *, width: int, height: int) -> Text:
    """The exact dates of a token, above its life where a terminal so high has room for it."""
    exact = exact_dates(token)
    if width < MIN_WIDTH or height < LEAST_HEIGHT:
        return exact
    # In one style, because each change of style is sent with every move of the cursor.
    return exact.append(f"\n{life(host, account_id, token, width=width).plain}")


def about(host: Host, account: SystemAccount, token: AccessToken, *, width: int) -> Text:
    """The token in lines, for the space beside a list."""
    now = host.now()
    text = Text(one_line(token.name) or "(no name)", style="")
    text.stylize("bold")
    text.append("\nof ").append(one_line(account.name) or "(no name)", "bold")
    state = token_state(token, now)
    text.append(" · ").append(state, TONES[state])
    text.append(f" · created {in_days(token, 'created_at', now, absent='not given')}")
    drawn = life(host, account.id, token, width=width)
    *moments, _ = exact_facts(token)
    facts = Text("\n".join(map(one_line, (*moments, token.id))))
    for part in (drawn, facts, *_records(host, account, token)):
        if part:
            text.append("\n\n").append_text(part)
    return text.append("\n\n").append_text(_access(host, account))


def lives(host: Host, expiries: Sequence[Expiry], *, width: int) -> Text:
    """Each of these tokens with its life, for the space beside the calendar."""
    parts = []
    for expiry in expiries[:_MOST_LIVES]:
        account, token = expiry.account, expiry.token
        head = f"{token.name or '(no name)'} of {account.name or '(no name)'}"
        part = Text.assemble((one_line(head), "bold"), "\n")
        drawn = life(host, account.id, token, width=width)
        used = f"last used {in_days(token, 'last_used_at', host.now(), absent='never')}"
        parts.append(part.append_text(drawn).append(f"\n{used}", "dim"))
    if (more := len(expiries) - _MOST_LIVES) > 0:
        parts.append(Text.assemble((f"and {more:,} more: Enter", "dim")))
    return Text("\n\n").join(parts) if parts else Text("No token ends here.")


def _records(host: Host, account: SystemAccount, token: AccessToken) -> Iterator[Text]:
    """Its hand-over and its rotation, as far as this machine's records know them."""
    from sa_tui.ui.tokens.waiting import all_work

    try:
        rotations = in_progress(host, account.id)
        ids = {token.id}
        ids |= {each.old_id for each in rotations if each.concerns(token.id)}
        for work in all_work(host):
            is_of_it = work.handover is None and work.token_id in ids
            if is_of_it or (work.handover is not None and work.token_id == token.id):
                title = "Hand-over" if work.handover is not None else "Rotation"
                lines = (f"{title}: {work.state}", *work.lines)
                yield _lines(lines, work.tone)
    except JournalError as error:
        yield Text.assemble((one_line(f"Its hand-over is not known: {error}"), "bad"))


def _lines(lines: tuple[str, ...], tone: str) -> Text:
    head, *others = (one_line(line, limit=PROSE_LIMIT) for line in lines)
    return Text("\n").join([Text.assemble((head, tone)), *map(Text, others)])


def _access(host: Host, account: SystemAccount) -> Text:
    """What the account can do, the strongest first, in a few lines."""
    from sa_tui.access.matrix import strength
    from sa_tui.access.reader import account_subject
    from sa_tui.access.words import as_role
    from sa_tui.ui.roles.entity_words import read_names
    from sa_tui.ui.roles.grant_words import grant_line, missing_line

    subject = account_subject(host.snapshot, account)
    grants = sorted(subject.grants, key=strength)
    read_names(host, [as_role(grant) for grant in grants[:_MOST_GRANTS]])
    text = Text.assemble(("What its account can do", "bold"))
    for grant in grants[:_MOST_GRANTS]:
        text.append(f"\n{one_line(grant_line(grant, host.snapshot))}")
    if (more := len(grants) - _MOST_GRANTS) > 0:
        text.append(f"\nand {more:,} more: Enter, v", "dim")
    if not grants and subject.is_complete:
        text.append("\nnothing")
    if missing := missing_line(subject.missing):
        text.append("\n").append_text(Text.assemble((shown_line(missing).plain, "yellow")))
    return text
