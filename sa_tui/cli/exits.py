"""The exit codes of every command, and the errors that end in them; they are defined only here."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    REFUSED = 4
    UNREACHABLE = 5
    UNDELIVERED = 6
    UNSAFE = 7
    ALREADY = 8
    CONFLICT = 9
    UNKNOWN = 10
    PARTLY = 11
    BROKEN = 70
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


MEANINGS = {
    Exit.DONE: "done, and complete",
    Exit.FINDINGS: (
        "answered, and not as it should be: --expect, --fail-if-found, --fail-if-none, whose, "
        "rotate, audit, diff"
    ),
    Exit.USAGE: "usage or configuration, or nobody confirmed it: nothing was sent",
    Exit.INCOMPLETE: "answered, but not everything could be read",
    Exit.REFUSED: "not signed in or not allowed: there is nothing to answer from",
    Exit.UNREACHABLE: "Konnect is unreachable or fails: there is nothing to answer from",
    Exit.UNDELIVERED: "a token was issued and not delivered: it was revoked, or is named",
    Exit.UNSAFE: "refused for safety: by a guard, unconfirmed, or a token may be in use",
    Exit.ALREADY: "it was so already: nothing was changed",
    Exit.CONFLICT: "Konnect has something else by now, or the name is taken: nothing was changed",
    Exit.UNKNOWN: "it is unknown whether a change was made: look before you try again",
    Exit.PARTLY: "some of the changes were made, others not",
    Exit.BROKEN: "sa-tui itself is at fault",
    Exit.HUNG_UP: "ended by SIGHUP",
    Exit.INTERRUPTED: "interrupted",
    Exit.TERMINATED: "ended by SIGTERM",
}


class UsageError(Exception):
    """What was asked for cannot be done; the message says what to do instead.

    `below` are the lines that are printed under it, such as the usage.
    """

    def __init__(self, message: str, *, below: tuple[str, ...] = ()) -> None:
        self.below = below
        super().__init__(message)


class StoppedError(UsageError):
    """Nothing was sent, for a reason that has an exit code of its own."""

    def __init__(self, message: str, *, code: Exit) -> None:
        self.code = code
        super().__init__(message)


class MisusedError(UsageError):
    """A command line that cannot be parsed; `command` is as much of it as was understood."""

    def __init__(self, message: str, *, usage: str, command: str) -> None:
        self.command = command
        super().__init__(message, below=tuple(usage.rstrip().splitlines()))


def code_for_refusal(error: Exception) -> Exit | None:
    """The exit code of the error that kept a change from being made; None for a bug."""
    from sa_tui.konnect.errors import Conflict, Invalid, NotFound

    match error:
        case Conflict() | NotFound():
            return Exit.CONFLICT
        case Invalid():
            return Exit.USAGE
        case _:
            return code_for(error)


def code_for(error: Exception) -> Exit | None:
    """The exit code of an expected error; None for a bug."""
    from sa_tui.demo.serve import ServeError
    from sa_tui.konnect.errors import Forbidden, KonnectError, Misconfigured, NotSignedIn, ReadOnly
    from sa_tui.profiles.errors import ProfileError
    from sa_tui.records.journal import JournalError

    match error:
        case StoppedError():
            return error.code
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
