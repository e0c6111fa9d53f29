"""What a feature may ask of the application; the rest of it is none of a feature's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
    from datetime import datetime

    from rich.text import Text
    from textual.geometry import Size
    from textual.message import Message
    from textual.screen import Screen
    from textual.widget import AwaitMount
    from textual.worker import Worker, WorkType

    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.batches import Batches
    from sa_tui.records.journal import Journal
    from sa_tui.records.rotations import Rotations
    from sa_tui.ui.dependencies import Dependencies
    from sa_tui.ui.kit.access_cache import AccessCache
    from sa_tui.ui.kit.copies import Copies
    from sa_tui.ui.kit.full_reading import FullReading
    from sa_tui.ui.kit.history import History

    Preview = Text | str | Callable[[Snapshot], Text]
    Changes = Sequence[Change] | Callable[[Snapshot], Sequence[Change]]

T = TypeVar("T")


class Host(Protocol):
    """The application, as far as pages, dialogs and verbs know it."""

    # What is known

    @property
    def snapshot(self) -> Snapshot:
        """The organisation as it was read last."""

    @property
    def org(self) -> Org | None:
        """The organisation that is open."""

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
    def history(self) -> History:
        """The queries that were asked in this organisation."""

    @property
    def dependencies(self) -> Dependencies:
        """What the application was given: files, clocks, the environment."""

    @property
    def journal(self) -> Journal:
        """The journal of hand-overs."""

    @property
    def rotations(self) -> Rotations:
        """The rotations in progress."""

    @property
    def batches(self) -> Batches:
        """The changes that are being sent."""

    @property
    def copies(self) -> Copies:
        """What was copied and is to be said on leaving."""

    @property
    def is_read_only(self) -> bool:
        """Whether the profile that is open refuses changes."""

    @property
    def problem(self) -> str:
        """Why there is no organisation; empty when there is."""

    progress: str
    """How far the reading of the whole organisation has come; empty while there is none."""

    @property
    def wait(self) -> str:
        """What Konnect makes us wait for; empty when it does not."""

    @property
    def status(self) -> Text | None:
        """The newest thing that was said, gone with the next key."""

    @property
    def complaint(self) -> str:
        """The fault of our own that was met since the last key."""

    @property
    def by_whose_clock(self) -> str:
        """What to add to a time that matters when Konnect does not tell its own."""

    @property
    def app_focus(self) -> bool:
        """Whether the terminal has the focus."""

    @property
    def size(self) -> Size:
        """The size of the terminal."""

    def now(self) -> datetime:
        """The present moment, by Konnect's clock as far as that is known."""

    # What is told

    def say(self, text: str, *, is_error: bool = False) -> None:
        """Shows one line until the next key."""

    def warn(self, text: str) -> None:
        """Shows one line more, after what nobody can have read yet."""

    def report(self, error: BaseException, *, doing: str = "") -> None:
        """Tells of a fault of our own, and keeps its trace."""

    # What is read

    def load(self, account_ids: Iterable[str] = ()) -> None:
        """Reads the organisation again, and the details of these accounts."""

    def read_details(
        self, account_ids: Iterable[str], *, again: bool = False
    ) -> Worker[None] | None:
        """Reads what these accounts hold; None when there is no organisation to read."""

    def read_visible(self, account_ids: Iterable[str]) -> None:
        """Reads what the accounts on the screen hold."""

    def open_profile(self, profile: Profile) -> None:
        """Leaves the organisation that is open and opens this profile's."""

    async def connect(self, profile: Profile, *, on_change: Callable[[Snapshot], None]) -> Org:
        """An organisation of its own for this profile. Raises ProfileError or KonnectError."""

    # What is changed

    def review(
        self,
        title: str,
        changes: Changes,
        *,
        preview: Preview = "",
        then: Callable[[tuple[Outcome, ...] | None], None] | None = None,
    ) -> None:
        """Shows changes, and sends them if they are confirmed; `then` hears what came of them."""

    def write(
        self,
        title: str,
        writing: Coroutine[object, object, None],
        *,
        on_failure: Callable[[], None] = ...,
    ) -> None:
        """Makes a change that no page can cancel and that leaving waits for."""

    def carry_out(
        self,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None],
    ) -> None:
        """Sends changes in the application's care; `on_end` is called after the last."""

    def stop_sending(self, *, leaving: bool = False) -> None:
        """Sends nothing after the change under way."""

    # Where to go

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
        """Does something beside, for as long as the application lives."""
