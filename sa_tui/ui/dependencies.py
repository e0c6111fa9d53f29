"""What the application is given from outside, so that nothing in it reaches for the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sa_tui.org.log import ActionLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.journal import Journal


class Connect(Protocol):
    """Opens an organisation: a real one or the demo, which is the only difference between them.

    `on_change` receives each new snapshot; `on_wait` the seconds that a request has to wait and
    why, or 0 when the wait is over. `aside` takes the screen away while something else needs the
    terminal.
    """

    async def __call__(
        self,
        profile: Profile,
        *,
        on_change: Callable[[Snapshot], None],
        on_wait: Callable[[float, str], None],
        aside: Callable[[], AbstractContextManager[None]],
    ) -> Org: ...


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """Everything that the application needs and does not own.

    `first` is the profile to open; without one the application begins with its set-up screen.
    `saved` and `found` list those to choose from: the user's file and what other tools left;
    `saved`, `save`, `edit` and `remove` raise ProfileError; `edit` is given a profile as it was and
    as it is to be. `actions` is told by what `connect` opens; `actions_path` is where they are
    written down, if anywhere.
    """

    connect: Connect
    journal: Journal
    saved: Callable[[], Sequence[Profile]]
    found: Callable[[], Sequence[Profile]]
    save: Callable[[Profile], None]
    edit: Callable[[Profile, Profile], None]
    remove: Callable[[str], None]
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    monotonic: Callable[[], float]
    environ: Mapping[str, str]
    first: Profile | None = None
    actions: ActionLog = field(default_factory=ActionLog)
    actions_path: Path | None = None
