"""What the application is given: the way to Konnect, files, clocks and the environment.

Nothing in `sa_tui.ui` reads any of them by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sa_tui.org.log import ActionLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sa_tui.answers.head import FileOrigin
    from sa_tui.base.destination import NamedDestination
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.journal import Journal


class Connect(Protocol):
    """Opens an organisation, a real one or the demo; the application does not know which.

    `on_change` receives each new snapshot; `on_wait` the seconds that a request has to wait and the
    reason, or 0 seconds when the wait is over. Inside `aside` the terminal is free for another
    program.
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
    `saved_profiles` gives those in the user's file, `found_profiles` those of other tools. `edit`
    takes a profile as it was and as it will be. `saved_profiles`, `save`, `edit`, `remove`,
    `destinations` and `save_destination` raise ProfileError. The organisation that `connect` opens
    writes to `actions`; `actions_path` is the file behind them, None when there is none.
    `source` is the file whose snapshot is shown; None for Konnect itself.
    With `is_first_start` the first page says what to try.
    `opened_by` gives the words that open a profile on a command line. Files are proposed in
    `directory`, by default the working directory.
    """

    connect: Connect
    journal: Journal
    saved_profiles: Callable[[], Sequence[Profile]]
    found_profiles: Callable[[], Sequence[Profile]]
    save: Callable[[Profile], None]
    edit: Callable[[Profile, Profile], None]
    remove: Callable[[str], None]
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    monotonic: Callable[[], float]
    environ: Mapping[str, str]
    destinations: Callable[[], Sequence[NamedDestination]] = tuple
    save_destination: Callable[[NamedDestination], None] = lambda _: None
    first: Profile | None = None
    actions: ActionLog = field(default_factory=ActionLog)
    actions_path: Path | None = None
    opened_by: Callable[[Profile], Sequence[str]] = lambda profile: ("--profile", profile.name)
    directory: Path = Path()
    is_first_start: bool = False
    source: FileOrigin | None = None
