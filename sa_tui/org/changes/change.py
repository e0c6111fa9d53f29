"""A change as a value: it is shown, sent once, explained, and undone.

The rule it keeps: what is shown is the request that is sent. A change that destroys something is
sent only if Konnect still has what was shown.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.words import plural
from sa_tui.konnect.errors import KonnectError, NotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.konnect.requests import Request
    from sa_tui.org.changes.new_ids import NewId

    # A text, or the names of what belongs to something by their ids; unknown parts are left out.
    Shown = Mapping[str, str | Mapping[str, str]]

Level = Literal["none", "ask", "type"]
"""How a change is confirmed: not at all, with Y, or by typing `confirm_text`."""

VerbName = Literal[
    "create-account",
    "rename-account",
    "describe-account",
    "delete-account",
    "rename-token",
    "revoke-token",
    "give-role",
    "take-role",
    "create-team",
    "edit-team",
    "delete-team",
    "join-team",
    "leave-team",
]

Status = Literal["done", "already", "failed", "unknown"]
"""`already`: it was so before. `unknown`: it was sent, but may not have taken effect."""


@dataclass(frozen=True, kw_only=True)
class Ids:
    """The ids that a change is about; `role_id` is that of an assigned role."""

    account_id: str | None = None
    user_id: str | None = None
    team_id: str | None = None
    token_id: str | None = None
    role_id: str | None = None

    @property
    def given(self) -> dict[str, str]:
        """The ids that are set, by their names."""
        return {name: id for name, id in vars(self).items() if id is not None}


@dataclass(frozen=True)
class FieldChange:
    """One field that a change alters, in Kong's words, as it was and as it will be.

    A field that is set for the first time has no `before`, one that is taken away no `after`. The
    values are as Konnect has them: whoever shows them makes them safe.
    """

    name: str
    _: KW_ONLY
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of the organisation.

    `subject` names what is changed, empty where a field does; `fields` are what becomes different.

    `send` sends it and returns the change that undoes it exactly, or None. `is_so` asks Konnect
    whether it is done. Afterwards `ids` are read again, and the accounts in `also_read`. `title`
    is made safe to show, on one line.

    A change that destroys something has a `sight`, which is what was shown of it, and a `look`,
    which makes the change again from what Konnect has now. `may_be_so` says that an answer was
    lost: Konnect is asked before it is sent again, and it is not sent again if it `can_double`.
    `stands_for` is the change of the first attempt.

    `makes` is the id of what it creates. A change that `needs` ids is shown with what stands for
    them, and `when_made` makes the change that is sent once they are there.
    """

    title: str
    verb: VerbName
    ids: Ids = Ids()
    subject: str = ""
    fields: tuple[FieldChange, ...] = ()
    request: Request[object]
    send: Callable[[KonnectClient], Awaitable[Change | None]]
    is_so: Callable[[KonnectClient], Awaitable[bool]]
    also_read: tuple[str, ...] = ()
    level: Level = "ask"
    confirm_text: str = ""
    sight: Shown = field(default_factory=dict)
    look: Callable[[KonnectClient], Awaitable[Change]] | None = None
    can_double: bool = False
    may_be_so: bool = False
    stands_for: Change | None = None
    makes: NewId | None = None
    needs: tuple[NewId, ...] = ()
    when_made: Callable[[], Change] | None = None

    @property
    def missing(self) -> NewId | None:
        """The first id that it needs and that is not made."""
        return next((new for new in self.needs if new.value is None), None)

    def ready(self) -> Change:
        """The change as it is sent, with the ids that earlier changes made."""
        if self.when_made is None:
            return self
        return replace(self.when_made(), level=self.level, stands_for=self.origin)

    @property
    def origin(self) -> Change:
        """The change of the first attempt."""
        return self.stands_for or self

    def again(self, fresh: Change | None = None) -> Change:
        """The change for another attempt, or `fresh` in its place, with the stricter level."""
        fresh = fresh or self
        level = max(self.level, fresh.level, key=("none", "ask", "type").index)
        return replace(fresh, level=level, stands_for=self.origin)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title, limit=PROSE_LIMIT))


def once_made(needs: Sequence[NewId], make: Callable[[], Change]) -> Change:
    """The change that `make` makes of the text of these ids: now, and again once they are made."""
    change = make()
    return replace(change, needs=tuple(needs), when_made=make) if needs else change


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of a change, with a message.

    `undo` undoes it, if that is possible; `again` is another attempt, if that may help.
    `is_overtaken` says that it was not sent, because Konnect no longer has what was shown. `error`
    is why it failed or is unknown, if a request did not succeed; `trace` is the trace id of the
    newest request for it, if Konnect gave one.
    """

    change: Change
    status: Status
    message: str
    undo: Change | None = None
    again: Change | None = None
    is_overtaken: bool = False
    error: KonnectError | None = None
    trace: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the change is in effect now."""
        return self.status in ("done", "already")


class Overtaken(KonnectError):
    """Konnect no longer has what was shown: nothing was sent."""


async def is_gone(asking: Awaitable[object]) -> bool:
    """Whether Konnect says that there is no such thing."""
    try:
        await asking
    except NotFound:
        return True
    return False


def results_in_words(statuses: Sequence[Status], *, unsent: int) -> str:
    """How many changes were done, failed or are unknown, in a clause."""
    failed, unknown = statuses.count("failed"), statuses.count("unknown")
    text = f"{plural(len(statuses) - failed - unknown, 'change')} done"
    if already := statuses.count("already"):
        text += f" ({already} already so)"
    text += f", {failed} failed" if failed else ""
    text += f", {unknown} unknown: look before you try again" if unknown else ""
    return text + (f", {unsent} never sent" if unsent else "")
