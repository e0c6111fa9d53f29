"""What a feature may ask of the application; no feature uses anything else of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
    from datetime import datetime

    from rich.text import Text
    from textual.message import Message
    from textual.screen import Screen
    from textual.widget import AwaitMount
    from textual.worker import Worker, WorkType

    from sa_tui.access.effects.values import Consequences
    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.records import Records
    from sa_tui.ui.dependencies import Dependencies
    from sa_tui.ui.kit.access_cache import AccessCache
    from sa_tui.ui.kit.copies import Copies
    from sa_tui.ui.kit.export_choice import ExportChoice
    from sa_tui.ui.kit.full_reading import FullReading
    from sa_tui.ui.kit.memory import Memory

    Changes = Sequence[Change] | Callable[[Snapshot], Sequence[Change]]
    Then = Callable[[tuple[Outcome, ...] | None], None]

T = TypeVar("T")


class Host(Protocol):
    """The application, as pages, dialogs and verbs know it."""

    # State

    @property
    def snapshot(self) -> Snapshot:
        """The organisation as it was last read."""

    @property
    def org(self) -> Org | None:
        """The organisation that is open, if any."""

    @property
    def profile(self) -> Profile | None:
        """The profile that is open, or being opened."""

    @property
    def access(self) -> AccessCache:
        """Who can do what in the organisation that is open."""

    @property
    def reading(self) -> FullReading:
        """The reading of the whole organisation."""

    @property
    def memory(self) -> Memory:
        """What was typed and saved for the profile that is open."""

    @property
    def dependencies(self) -> Dependencies:
        """What the application was given: the way to Konnect, files, clocks, the environment."""

    @property
    def records(self) -> Records:
        """The journal of hand-overs, the rotations in progress and the changes being sent."""

    @property
    def copies(self) -> Copies:
        """The copies of secrets that leaving has to mention."""

    @property
    def is_read_only(self) -> bool:
        """Whether the profile that is open refuses changes."""

    @property
    def problem(self) -> str:
        """Why no organisation could be opened; empty when one is open."""

    export_choice: ExportChoice
    """The format and the destination of the last export."""

    progress: str
    """The progress of reading the whole organisation; empty while it is not read."""

    @property
    def wait(self) -> str:
        """How long Konnect makes the application wait, and why; empty without a wait."""

    @property
    def status(self) -> Text | None:
        """The newest message to the operator; the next key removes it."""

    @property
    def complaint(self) -> str:
        """The internal error that happened since the last key; empty without one."""

    @property
    def by_whose_clock(self) -> str:
        """Words to add to an important time when Konnect's clock is unknown; else empty."""

    @property
    def file_age(self) -> str:
        """How old the file is that is shown; empty for an organisation that Konnect shows."""

    def now(self) -> datetime:
        """The present time by Konnect's clock, or by this machine's while that is unknown."""

    # Messages to the operator

    def say(self, text: str, *, is_error: bool = False) -> None:
        """Shows one line until the next key."""

    def warn(self, text: str) -> None:
        """Adds a warning to the line that is shown, which nobody can have read yet."""

    def report(self, error: BaseException, *, doing: str = "") -> None:
        """Shows an internal error and keeps its trace; `doing` names the act that failed."""

    # Reading

    def load(self, account_ids: Iterable[str] = ()) -> None:
        """Reads the organisation again, and the details of these accounts."""

    def read_details(
        self, account_ids: Iterable[str], *, again: bool = False
    ) -> Worker[None] | None:
        """Reads what these accounts hold, if it was not read yet or `again`.

        None when no organisation is open.
        """

    def read_visible(self, account_ids: Iterable[str]) -> None:
        """Reads what the accounts on the screen hold; the newest request is served first."""

    def open_profile(self, profile: Profile) -> None:
        """Leaves the organisation that is open and opens that of this profile."""

    async def connect(self, profile: Profile, *, on_change: Callable[[Snapshot], None]) -> Org:
        """Opens another organisation beside the open one. Raises ProfileError or KonnectError."""

    # Changes

    def review(
        self,
        title: str,
        changes: Changes,
        *,
        notes: Sequence[str] = (),
        then: Then | None = None,
    ) -> None:
        """Shows changes and sends them if they are confirmed; `then` receives the outcomes.

        An empty title is made from the changes; `notes` are sentences to know before.
        """

    def consequences(self, changes: Sequence[Change]) -> Consequences:
        """What changes would mean together now, and the level that each of them needs."""

    def write(
        self,
        title: str,
        writing: Coroutine[object, object, object],
        *,
        on_failure: Callable[[], None] = ...,
    ) -> None:
        """Makes a change that no page can cancel and that leaving waits for.

        `title` names the change in a report of a failure. `on_failure` is called after such a
        report, so that no dialog waits for an answer that will not come.
        """

    def carry_out(
        self,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None],
    ) -> None:
        """Sends changes, also when their page is closed; calls `on_end` after the last answer."""

    def stop_sending(self, *, leaving: bool = False) -> None:
        """Sends nothing after the change under way; `leaving` keeps the rest for the next start."""

    # Pages

    @property
    def screen(self) -> Screen[Any]:
        """The page or dialog on top."""

    @property
    def screen_stack(self) -> Sequence[Screen[Any]]:
        """The pages and dialogs that are open, the one on top last."""

    async def push_screen_wait(self, screen: Screen[T]) -> T:
        """Opens a dialog on top and waits for its answer."""

    def push_screen(
        self,
        screen: Screen[T],
        callback: Callable[[T | None], None] | Callable[[T | None], Awaitable[None]] | None = None,
    ) -> AwaitMount:
        """Opens a page or a dialog on top."""

    def post_message(self, message: Message) -> bool:
        """Asks the application for something, such as to go to a page."""

    def run_worker(
        self,
        work: WorkType[T],
        name: str | None = ...,
        group: str = ...,
        *,
        exclusive: bool = ...,
    ) -> Worker[T]:
        """Runs work in the background; it may outlive the page that started it."""
