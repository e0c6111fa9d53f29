"""What the exit codes of every command mean, and which error ends in which: said only here."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes; 1 and 3 are kept for audits."""

    DONE = 0
    USAGE = 2
    REFUSED = 4
    UNREACHABLE = 5
    UNDELIVERED = 6
    NOT_YET = 7
    BROKEN = 70
    INTERRUPTED = 130


MEANINGS = {
    Exit.DONE: "done",
    Exit.USAGE: "wrong usage or configuration; nothing was sent",
    Exit.REFUSED: "not signed in, or not allowed",
    Exit.UNREACHABLE: "Konnect cannot be reached, fails, or could not be read in full",
    Exit.UNDELIVERED: "a token was issued and could not be delivered; it was revoked, or is named",
    Exit.NOT_YET: "a token is kept, because it is not known to be idle; nothing was revoked",
    Exit.BROKEN: "sa-tui itself is at fault",
    Exit.INTERRUPTED: "interrupted (128 + N: ended by signal N)",
}


class UsageError(Exception):
    """What was asked for cannot be done as asked; the text says what to do instead."""


def code_for(error: Exception) -> Exit | None:
    """The exit code that an expected error ends in; None for one that nobody expected."""
    from sa_tui.api.errors import Forbidden, KonnectError, Misconfigured, NotSignedIn, ReadOnly
    from sa_tui.demo.serve import ServeError
    from sa_tui.handover.journal import JournalError
    from sa_tui.profiles.errors import ProfileError

    match error:
        case UsageError() | ProfileError() | JournalError() | ServeError():
            return Exit.USAGE
        case Misconfigured() | ReadOnly():
            return Exit.USAGE
        case NotSignedIn() | Forbidden():
            return Exit.REFUSED
        case KonnectError():
            return Exit.UNREACHABLE
        case _:
            return None
