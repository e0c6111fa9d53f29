"""The reasons that refuse a verb.

The rule it keeps: keys, the palette, the command line, marks, pages and headless commands refuse
the same verbs for the same reasons, in the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.konnect.rights import ADMINISTRATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.access.verbs import Noun, Target, Verb
    from sa_tui.org.snapshot import Part, Snapshot

READ_ONLY = "This profile is read-only: nothing can be changed here."
OLD = "What is shown is of an earlier run, and is being read again: nothing is changed until then."


def refusal(
    verb: Verb,
    targets: Sequence[Target],
    *,
    snapshot: Snapshot,
    is_read_only: bool,
    marked: int = 0,
    takes_unread: bool = False,
) -> str:
    """Why the verb is refused for these targets, in a sentence; empty if it is not.

    `marked` is how many other rows are marked. A change that `takes_unread` is refused for a
    target that is not listed only if the list was read in full.
    """
    if is_read_only:
        return READ_ONLY
    if snapshot.accounts.is_old:
        return OLD
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
    """Why the caller may not do it; empty unless all of their roles and teams are known."""
    me = snapshot.me.value
    if me is None or me.id not in snapshot.user_details:
        return ""
    from sa_tui.access.stakes import (
        certainly_lack_power,
    )  # it loads the models, which a start does not need

    if not certainly_lack_power(me.id, snapshot):
        return ""
    return f"Only {ADMINISTRATORS} may {verb.needs}, and you have neither: r reads it again."


def _refusal_of(verb: Verb, target: Target, snapshot: Snapshot, takes_unread: bool) -> str:
    if _is_old(target, snapshot):
        return OLD
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


def _is_old(target: Target, snapshot: Snapshot) -> bool:
    """Whether an earlier run read what is known of the target."""
    parts: list[Part[Any]] = []
    if target.account_id is not None:
        details = snapshot.details_of(target.account_id)
        parts += (details.tokens, details.roles, details.teams)
    if target.team_id is not None:
        parts += (snapshot.teams, snapshot.team_details_of(target.team_id).roles)
    return any(part.is_old for part in parts)


def _of_account(verb: Verb, account_id: str, snapshot: Snapshot, takes_unread: bool) -> str:
    account = snapshot.account(account_id)
    if account is None:
        # An account that is gone can still be removed from a team that lists it.
        if verb.ends == "membership" or (takes_unread and not snapshot.accounts.is_whole):
            return ""
        return _unlisted("account")
    if account.konnect_managed and verb.managed == "refused":
        return f"Konnect manages {account.name or account.id} for a mesh zone: it {verb.cannot}."
    return ""


def _unlisted(noun: Noun) -> str:
    return f"Konnect does not list this {noun}: it may be gone, or not be read yet."
