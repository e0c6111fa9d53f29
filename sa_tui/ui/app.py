"""The terminal application: it mirrors one snapshot, loads, writes, and quits without losing."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.reactive import reactive

from sa_tui.api.errors import KonnectError
from sa_tui.handover.journal import JournalError
from sa_tui.org.snapshot import Snapshot
from sa_tui.profiles.errors import ProfileError
from sa_tui.ui import commands, terminal, theme
from sa_tui.ui.canvas import Canvas
from sa_tui.ui.copies import Copies
from sa_tui.ui.dialogs.dialog import Dialog
from sa_tui.ui.dialogs.too_small import TooSmall, is_too_small
from sa_tui.ui.screens.accounts import AccountsScreen
from sa_tui.ui.widgets.command_bar import CommandBar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from datetime import datetime

    from rich.console import RenderableType
    from textual.await_complete import AwaitComplete
    from textual.binding import BindingType
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.worker import Worker

    from sa_tui.handover.journal import Journal
    from sa_tui.org.changes import Change, Outcome
    from sa_tui.org.issuing import Order
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.ui.commands import Action
    from sa_tui.ui.dialogs.issue import IssueDialog
    from sa_tui.ui.wiring import Wiring

WRITES = "writes"
QUESTIONS = "questions"
DETAILS = "details"
HOLD_SECONDS = 0.04
ROOT_DEPTH = 2
"""Screens that stay when the organisation changes: Textual's own and the list of accounts."""


class SaTui(App[int]):
    """The application; `run()` returns the exit code.

    `snapshot` is the organisation's current one, assigned by a single callback; `status` the
    newest thing to tell the operator, gone with the next key; `problem` why there is no
    organisation; `wait` what Konnect makes us wait for.
    """

    TITLE = "sa-tui"
    CSS_PATH = "sa_tui.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "colon",
            "command",
            "Command",
            key_display=":",
            tooltip="Type a command by its name",
            id="command",
        ),
        Binding(
            "question_mark",
            "help",
            "Help",
            key_display="?",
            tooltip="Show the keys that work here",
            id="help",
        ),
        Binding(
            "ctrl+p",
            "palette",
            "Palette",
            show=False,
            tooltip="Choose among all actions",
            id="palette",
        ),
        Binding("q", "quit", "Quit", tooltip="Leave, after what is being written", id="quit"),
        Binding(
            "ctrl+q",
            "quit",
            "Quit",
            show=False,
            priority=True,
            tooltip="Leave from anywhere",
            id="quit-anywhere",
        ),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            show=False,
            tooltip="Back to the shell; fg returns",
            id="suspend",
        ),
        Binding(
            "ctrl+l", "redraw", "Redraw", show=False, tooltip="Draw the screen again", id="redraw"
        ),
        Binding(
            "P",
            "profiles",
            "Profiles",
            show=False,
            tooltip="Switch to another organisation",
            id="profiles",
        ),
    ]

    # Without `repaint=False` each new value would send the whole screen again.
    snapshot: reactive[Snapshot] = reactive(Snapshot, init=False, repaint=False)
    status: reactive[Text | None] = reactive(None, init=False, repaint=False)
    problem: reactive[str] = reactive("", init=False, repaint=False)
    wait: reactive[str] = reactive("", init=False, repaint=False)

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(ansi_color=theme.is_colourless(wiring.environ))
        self.wiring = wiring
        self.profile: Profile | None = wiring.first
        self.org: Org | None = None
        self.canvas = Canvas()
        self._held = 0
        self.copies = Copies(self)
        self._visible: tuple[str, ...] = ()
        self._reading_visible: Worker[None] | None = None
        self._tick: Timer | None = None
        self._wait_until = 0.0
        self._wait_reason = ""
        self.animation_level = "none"
        theme.dress(self, wiring.environ)

    @property
    def is_read_only(self) -> bool:
        """Whether the profile that is open refuses changes."""
        return self.profile is None or self.profile.read_only

    @property
    def journal(self) -> Journal:
        """The journal of hand-overs."""
        return self.wiring.journal

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return self.wiring.now()

    # Opening an organisation

    def on_mount(self) -> None:
        terminal.leave_on_hang_up(self, before=self.copies.forget_all)
        self.app_resume_signal.subscribe(self, lambda _: self.canvas.forget(), immediate=True)
        self.push_screen(AccountsScreen())
        # Connecting loads the HTTP client and the models: paint first.
        self.call_after_refresh(self._begin)

    def on_resize(self, event: events.Resize) -> None:
        self.canvas.forget()
        if not is_too_small(event.size):
            if isinstance(self.screen, TooSmall):
                self.pop_screen()
        elif not any(isinstance(screen, TooSmall) for screen in self.screen_stack):
            self.push_screen(TooSmall())

    def _begin(self) -> None:
        if self.profile is None:
            self.action_profiles()
        else:
            self.open_profile(self.profile)

    def open_profile(self, profile: Profile) -> None:
        """Leaves the organisation that is open and opens this profile's."""
        self.run_worker(self._open(profile), group="load", exclusive=True)

    async def _open(self, profile: Profile) -> None:
        await self._written()
        self.workers.cancel_group(self, QUESTIONS)
        # Else the organisation that is left would publish once more, under the new one's name.
        self.workers.cancel_group(self, DETAILS)
        if self.org is not None:
            await self.org.aclose()
        while len(self.screen_stack) > ROOT_DEPTH:
            self.pop_screen()
        self.org, self.profile, self.problem, self.snapshot = None, profile, "", Snapshot()
        try:
            self.org = await self.connect(profile, on_change=self._mirror)
        except (ProfileError, KonnectError) as error:
            self.problem = str(error)
            return
        await self.org.load()
        self._look_after_leftovers(self.org, profile)

    def _look_after_leftovers(self, org: Org, profile: Profile) -> None:
        organization = org.snapshot.organization.value
        if organization is None or profile.read_only:
            return
        try:
            leftovers = self.journal.unfinished(
                base_url=profile.base_url, organization_id=organization.id
            )
        except JournalError as error:
            self.say(str(error), is_error=True)
            return
        if leftovers:
            from sa_tui.ui.flows import recover

            # No write: leaving need not wait for an answer that the next start asks for again.
            self.run_worker(recover(self, leftovers, org=org), group=QUESTIONS)

    async def connect(self, profile: Profile, *, on_change: Callable[[Snapshot], None]) -> Org:
        """An organisation of its own for this profile. Raises ProfileError or KonnectError."""
        return await self.wiring.connect(
            profile,
            on_change=on_change,
            on_wait=self._must_wait,
            aside=partial(terminal.aside, self),
        )

    def _mirror(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def _must_wait(self, seconds: float, reason: str) -> None:
        self._wait_until = self.wiring.monotonic() + seconds
        self._wait_reason = reason
        self._count_down()

    def _count_down(self) -> None:
        left_seconds = ceil(self._wait_until - self.wiring.monotonic())
        self.wait = f"{self._wait_reason}: {left_seconds} s" if left_seconds > 0 else ""
        if self._tick is not None:  # another request has begun to wait meanwhile
            self._tick.stop()
        self._tick = self.set_timer(1, self._count_down) if left_seconds > 0 else None

    # Reading and writing

    def load(self, account_ids: Iterable[str] = ()) -> None:
        """Reads the organisation again, and the details of these accounts."""
        if self.org is not None:
            self.run_worker(self.org.refresh(account_ids), group="load", exclusive=True)
        elif self.profile is not None:
            self.open_profile(self.profile)

    def read_details(
        self, account_ids: Iterable[str], *, again: bool = False
    ) -> Worker[None] | None:
        """Reads what these accounts hold, where it was not read yet, or `again`.

        None when there is no organisation to read.
        """
        if self.org is None:
            return None
        return self.run_worker(self.org.read_details(account_ids, again=again), group=DETAILS)

    def read_visible(self, account_ids: Iterable[str]) -> None:
        """Reads what the accounts on the screen hold; the last to ask is served next.

        Scrolling through thousands thus never asks for what has gone by already.
        """
        self._visible = tuple(account_ids)
        if self._reading_visible is None or self._reading_visible.is_finished:
            self._reading_visible = self.run_worker(self._read_visible(), group=DETAILS)

    async def _read_visible(self) -> None:
        while self._visible and self.org is not None:
            wanted, self._visible = self._visible, ()
            await self.org.read_details(wanted)

    def write(self, title: str, writing: Coroutine[object, object, None]) -> None:
        """Makes a change that no screen can cancel and that leaving waits for.

        `title` names it in a report of what went wrong.
        """
        self.run_worker(self._reported(title, writing), name=title, group=WRITES)

    async def _reported(self, title: str, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except (KonnectError, ProfileError, OSError) as error:
            self.say(f"{title}: {error}", is_error=True)

    async def _written(self) -> None:
        writes = [worker for worker in self.workers if worker.group == WRITES]
        if writes:  # with none named it would wait for every worker
            await self.workers.wait_for_complete(writes)

    def say(self, text: str, *, is_error: bool = False) -> None:
        """Shows one line until the next key."""
        self.status = Text(text, style="bold red" if is_error else "bold")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self.status = None
        await super().on_event(event)

    # Actions

    async def action_quit(self) -> None:
        """Leaves once everything is written; a dialog that must stay says so instead."""
        for screen in self.screen_stack:
            if isinstance(screen, Dialog) and screen.must_stay:
                screen.tell(screen.must_stay, tone="warn")
                return
        if any(worker.group == WRITES for worker in self.workers):
            self.say("Leaving as soon as the change under way has its answer.")
        self.run_worker(self._leave(), group="leave")

    async def _leave(self) -> None:
        await self._written()
        await self.copies.forget_all()
        if self.org is not None:
            await self.org.aclose()
        self.exit(0)

    def action_help_quit(self) -> None:
        """Tells a hand that is used to Ctrl+C how to leave."""
        self.say("q or Ctrl+Q leaves.")

    def action_command(self) -> None:
        """Opens the command line of the screen."""
        self.screen.query_one(CommandBar).open()

    def action_help(self) -> None:
        """Shows the keys that work on the screen."""
        from sa_tui.ui.dialogs.help import HelpDialog

        self.push_screen(HelpDialog(self.screen))

    def action_profiles(self) -> None:
        """Shows the profiles to choose from."""
        from sa_tui.ui.screens.profiles import ProfilesScreen

        if not isinstance(self.screen, ProfilesScreen):
            self.push_screen(ProfilesScreen())

    def issue_token(self, account_id: str) -> None:
        """Opens the form that orders an access token for this account."""
        from sa_tui.ui.dialogs.issue import IssueDialog

        account = self.snapshot.account(account_id)
        if account is not None:
            self.push_screen(IssueDialog(account))

    def issue(self, order: Order, *, form: IssueDialog) -> None:
        """Issues the token of a form that has been filled in."""
        from sa_tui.ui.flows import issue_token

        if self.org is not None:
            self.write("Issue token", issue_token(self, order, org=self.org, form=form))

    def review(self, title: str, changes: Sequence[Change], *, preview: Text | str = "") -> None:
        """Shows changes, and sends them if they are confirmed."""
        from sa_tui.ui.dialogs.review import ReviewDialog

        self.push_screen(ReviewDialog(title, changes, preview=preview))

    def carry_out(
        self,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None],
    ) -> None:
        """Sends changes in the application's care; `on_end` is called after the last."""
        if self.org is not None:
            work = self._carry_out(self.org, changes, on_outcome=on_outcome, on_end=on_end)
            self.write("Changes", work)

    async def _carry_out(
        self,
        org: Org,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None],
    ) -> None:
        try:
            await org.carry_out(changes, on_outcome=on_outcome, sleep=self.wiring.sleep)
        finally:
            on_end()

    def copy_id(self, account_id: str) -> None:
        """Copies an id to the clipboard and says what is known of it."""
        self.run_worker(self._copy(account_id), group="copy")

    async def _copy(self, text: str) -> None:
        from pydantic import SecretStr

        from sa_tui.ui.widgets.destination import clipboard_routes

        routes = clipboard_routes(self.wiring.environ)
        if not routes:
            self.say(f"No way to a clipboard is known here: {text}")
            return
        write = partial(terminal.write_raw, self)
        self.say(f"{text}: {(await routes[0].send(SecretStr(text), write=write)).message}")

    # Commands by name

    def action_palette(self) -> None:
        """Shows every action of the screen to choose from."""
        from sa_tui.ui.dialogs.palette import PaletteDialog

        self.push_screen(PaletteDialog(commands.actions(self.screen)), self._chosen)

    async def _chosen(self, action: Action | None) -> None:
        if action is not None:
            await self.run_action(action.action, action.node)

    def run_command(self, line: str) -> None:
        """Does what was typed after `:`."""
        self.run_worker(commands.run(self, line), group="command")

    def run_with_argument(self, name: str, argument: str) -> bool:
        """Does a command that takes an argument; False when there is none of that name."""
        if name == "profile":
            self._switch(argument)
        elif name == "theme":
            self._wear(argument)
        elif isinstance(self.screen, AccountsScreen):
            return self.screen.run_with_argument(name, argument)
        else:
            return False
        return True

    def _wear(self, name: str) -> None:
        if name in self.available_themes:
            self.theme = name
        else:
            known = ", ".join(sorted(self.available_themes))
            self.say(f"There is no theme {name}. There are: {known}", is_error=True)

    def _switch(self, name: str) -> None:
        try:
            choices = (*self.wiring.found(), *self.wiring.saved())
        except ProfileError as error:
            self.say(str(error), is_error=True)
            return
        profiles = {profile.name: profile for profile in choices}
        if name in profiles:
            self.open_profile(profiles[name])
        else:
            self.say(f"There is no profile {name}. There are: {', '.join(profiles)}", is_error=True)

    # The terminal

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Sends only what the terminal does not show already, and nothing half laid out."""
        if not self._held:
            super()._display(screen, self.canvas.thrifty(renderable))

    def _hold(self) -> None:
        """Sends nothing while a page finds its layout, which takes Textual several drawings."""
        self._held += 1
        self.set_timer(HOLD_SECONDS, self._release)

    def _release(self) -> None:
        self._held -= 1
        if self.screen_stack:  # none when the application was left meanwhile
            self.screen.refresh()

    def push_screen(self, *args: Any, **options: Any) -> Any:
        """Shows a page once its layout is found; the very first as soon as there is anything."""
        if len(self.screen_stack) >= ROOT_DEPTH:
            self._hold()
        return super().push_screen(*args, **options)

    def pop_screen(self) -> AwaitComplete:
        """Leaves a page, and shows the one below once its layout is found."""
        self._hold()
        return super().pop_screen()

    def action_redraw(self) -> None:
        """Sends the whole screen, for a terminal that something else wrote on."""
        self.canvas.forget()
        self.refresh(layout=True)

    # When something breaks

    def _fatal_error(self) -> None:
        """Reports a crash without local variables, which may hold a secret."""
        self.bell()
        self._exit_renderables.append(terminal.crash_report())
        self._close_messages_no_wait()
