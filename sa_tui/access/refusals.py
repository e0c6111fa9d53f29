"""What stands in the way of a verb.

Keys, the palette, the command line, marks, pages and headless commands all ask here: what one of
them refuses, all refuse, in the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.konnect.rights import ADMINISTRATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.access.verbs import Noun, Target, Verb
    from sa_tui.org.snapshot import Snapshot

READ_ONLY = "This profile is read-only: nothing can be changed here."


def refusal(
    verb: Verb,
    targets: Sequence[Target],
    *,
    snapshot: Snapshot,
    is_read_only: bool,
    marked: int = 0,
    takes_unread: bool = False,
) -> str:
    """Why the verb cannot be done to these at all, in a sentence; empty when it can.

    `marked` is how many rows are marked when the verb would be done to another one. A change that
    is made of nothing in a list `takes_unread`: only a list read in full says that it is gone.
    """
    if is_read_only:
        return READ_ONLY
    if reason := _of_caller(verb, snapshot):
        return reason
    if verb.noun is None:
        return ""
    if marked and not verb.takes_several:
        rows = "1 row is" if marked == 1 else f"{marked:,} rows are"
        return f"{verb.title} takes one {verb.noun}, and {rows} marked: Esc clears the marks."
    if not targets:
        return f"There is no {verb.noun} here: nothing to do."
    reasons = (_refusal_of(verb, target, snapshot, takes_unread) for target in targets)
    return next(filter(None, reasons), "")


def _of_caller(verb: Verb, snapshot: Snapshot) -> str:
    """Whether the caller's own roles and teams, if they are all known, do not give the right."""
    me = snapshot.me.value
    if me is None or me.id not in snapshot.user_details:
        return ""
    from sa_tui.access.stakes import certainly_lack_power  # the models, which a start does without

    if not certainly_lack_power(me.id, snapshot):
        return ""
    return f"Only {ADMINISTRATORS} may {verb.needs}, and you have neither: r reads it again."


def _refusal_of(verb: Verb, target: Target, snapshot: Snapshot, takes_unread: bool) -> str:
    if target.account_id is not None:
        reason = _of_account(verb, target.account_id, snapshot, takes_unread)
        if reason:
            return reason
    if target.team_id is None:
        return ""
    team = snapshot.team(target.team_id)
    if team is None:
        return "" if takes_unread and not snapshot.teams.is_whole else _unlisted("team")
    if team.system_team and verb.fixed:
        return f"{team.title or team.id} is a predefined team: {verb.fixed}."
    return ""


def _of_account(verb: Verb, account_id: str, snapshot: Snapshot, takes_unread: bool) -> str:
    account = snapshot.account(account_id)
    if account is None:
        # Somebody who is gone can still be taken out of a team that lists them.
        if verb.ends == "membership" or (takes_unread and not snapshot.accounts.is_whole):
            return ""
        return _unlisted("account")
    if account.konnect_managed and verb.managed == "refused":
        return f"Konnect manages {account.name or account.id} for a mesh zone: it {verb.cannot}."
    return ""


def _unlisted(noun: Noun) -> str:
    return f"Konnect does not list this {noun}: it may be gone, or not be read yet."
