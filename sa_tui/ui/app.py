"""The terminal application: its keys, its pages, and its commands by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on

from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.kit import commands, go, terminal
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import ListScreen
from sa_tui.ui.kit.safe import Input
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.sections import PROFILES, SECTIONS
from sa_tui.ui.kit.workers import DETAILS, WRITES
from sa_tui.ui.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from sa_tui.access.jumps import Jump
    from sa_tui.ui.arguments import ArgumentCommands
    from sa_tui.ui.kit.commands import Action


class SaTui(Session):
    """The application; `run()` returns the exit code."""

    TITLE = "sa-tui"
    CSS_PATH = "sa_tui.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.COMMAND, "command"),
        bind(Means.HELP, "help"),
        bind(Means.JUMP, "jump", only="g", in_footer=False),
        bind(Means.JUMP, "jump", name="jump-anywhere", only="ctrl+k", priority=True),
        bind(Means.PALETTE, "palette"),
        bind(
            Means.BACK, "quit", "Quit", "Leave once every change is answered", name="quit", only="q"
        ),
        bind(Means.LEAVE, "quit", name="quit-anywhere", priority=True),
        bind(Means.SUSPEND, "suspend_process"),
        bind(Means.REDRAW, "redraw"),
        *(
            bind(
                Means.SECTION,
                f"section('{item.name}')",
                item.label,
                item.help,
                name=item.name,
                only=item.digit,
                in_footer=False,
            )
            for item in SECTIONS
        ),
        bind(Means.CALENDAR, "calendar", in_footer=False),
        bind(Means.HANDOVERS, "handovers", in_footer=False),
        bind(Means.BEFORE, "previous"),
        bind(Means.HISTORY_BACK, "go_back(1)"),
        bind(Means.HISTORY_ON, "go_back(-1)"),
    ]

    # Starting

    def on_mount(self) -> None:
        terminal.leave_on_hang_up(self, farewell=self.farewell)
        self.watch_terminal()
        self.navigation.watch()
        self.push_screen(AccountsScreen())
        self.cover(self.size)
        # Connecting loads the HTTP client and the models: paint first.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self.profile is None:
            self.action_section(PROFILES)
        else:
            self.open_profile(self.profile)

    # Actions

    async def action_quit(self) -> None:
        """Leaves once everything is written; a dialog that must stay says so instead."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Dialog) and screen.must_stay and not screen.leave_soon():
                screen.tell(screen.must_stay, tone="warn")
                return
        if any(worker.group == WRITES for worker in self.workers):
            self.say("Leaving as soon as the change under way has its answer.")
        self.run_worker(self._leave(), group="leave")

    def action_help_quit(self) -> None:
        """Answers Ctrl+C, which copies what is selected; Textual's own answer is a toast."""
        self.say("Ctrl+C only copies what is selected: q or Ctrl+Q leaves.")

    def action_command(self) -> None:
        if isinstance(self.screen, SnapshotScreen):
            self.screen.open_command_line()

    def action_help(self) -> None:
        from sa_tui.ui.kit.help import HelpDialog

        self.push_screen(HelpDialog(self.screen), self._try_query)

    def _try_query(self, query: str | None) -> None:
        """Puts an example of the help into the filter of the page, or asks who without one."""
        if query is None:
            return
        if not (isinstance(self.screen, SnapshotScreen) and self.screen.try_query(query)):
            self.post_message(go.AskWho(query))

    def action_section(self, name: str) -> None:
        """Goes to one of the sections, or says why not."""
        page = self.screen
        if self.navigation.open_section(name) and self.screen is page:
            self.say(f"{name.capitalize()} is open already.")

    @on(go.ShowCalendar)
    def action_calendar(self) -> None:
        """Opens the calendar on top of the page that is open, or says that it is."""
        from sa_tui.ui.tokens.calendar import CalendarScreen

        if isinstance(self.screen, CalendarScreen):
            self.say("The calendar is open already.")
        else:
            self.push_screen(CalendarScreen())

    def action_handovers(self) -> None:
        """Opens the hand-overs on top of the page that is open, or says that they are."""
        from sa_tui.ui.tokens.handovers import HandoversScreen

        if isinstance(self.screen, HandoversScreen):
            self.say("The hand-overs are open already.")
        else:
            self.push_screen(HandoversScreen())

    def action_go_back(self, steps: int) -> None:
        """Goes back in the history of pages, or forward with negative steps."""
        self.navigation.go_back(steps)

    def action_previous(self) -> None:
        """Goes to the page that was open before."""
        self.navigation.go_to_previous()

    def action_jump(self) -> None:
        """Asks where to go, unless what is on the screen cannot be left."""
        from sa_tui.ui import jumping
        from sa_tui.ui.kit.jump import JumpDialog

        if not jumping.is_possible(self):
            return
        if reason := jumping.why_not_now(self):
            self.say_on_top(reason)
            return
        if self.org is not None:  # one list; what is larger is read where it is shown
            self.run_worker(self.org.read_teams(), group=DETAILS)
        dialog = JumpDialog(
            self.memory.jumps, pages=jumping.page_jumps(), queries=self.memory.saved
        )
        self.push_screen(dialog, self._jump)

    def _jump(self, jump: Jump | None) -> None:
        from sa_tui.ui.jumping import open_jump

        if jump is not None:
            self.memory.jumps.remember(jump.kind, jump.id, of=jump.of)
            open_jump(
                self, jump, open_section=self.action_section, open_handovers=self.action_handovers
            )

    def say_on_top(self, text: str) -> None:
        """Shows a sentence on the page or dialog on top."""
        self.navigation.say(text)

    # Where pages ask to go

    @on(go.OpenAccount)
    def _open_account(self, event: go.OpenAccount) -> None:
        from sa_tui.ui.accounts.detail import AccountScreen

        self.memory.jumps.remember("account", event.account_id)
        self.push_screen(AccountScreen(event.account_id, token_id=event.token_id))

    @on(go.OpenTeam)
    def _open_team(self, event: go.OpenTeam) -> None:
        from sa_tui.ui.teams.detail import TeamScreen

        self.memory.jumps.remember("team", event.team_id)
        self.push_screen(TeamScreen(event.team_id))

    @on(go.Explain)
    def _explain(self, event: go.Explain) -> None:
        from sa_tui.ui.access.why import WhyScreen

        self.push_screen(WhyScreen(event.subject_id))

    @on(go.Back)
    def _back(self) -> None:
        self.navigation.leave_section()

    @on(go.AskWho)
    def _ask_who(self, event: go.AskWho) -> None:
        from sa_tui.ui.access.who import WhoScreen

        if self.navigation.open_section("who") and isinstance(self.screen, WhoScreen):
            self.screen.ask(event.query)

    @on(go.ListTokens)
    def _list_tokens(self, event: go.ListTokens) -> None:
        from sa_tui.ui.tokens.list import TokensScreen

        if self.navigation.open_section("tokens") and isinstance(self.screen, TokensScreen):
            self.screen.ask(event.query)

    @on(go.Compare)
    def _compare(self, event: go.Compare) -> None:
        from sa_tui.ui.access.compare import compare

        compare(self, event.marked_ids, event.chosen_id)

    @on(go.Copy)
    def _copy(self, event: go.Copy) -> None:
        self.run_worker(self._copy_text(event.text), group="copy")

    async def _copy_text(self, text: str) -> None:
        from sa_tui.ui.kit.clipboard import copy_text

        message = await copy_text(self, text, environ=self.dependencies.environ)
        self.say(
            f"{text}: {message}" if message else f"No clipboard can be reached from here: {text}"
        )

    @on(go.Quit)
    async def _quit(self) -> None:
        await self.action_quit()

    @on(go.RunCommand)
    def _run_command(self, event: go.RunCommand) -> None:
        self.run_worker(commands.run(self, event.line), group="command")

    @on(Input.Shortened)
    def _paste_shortened(self, event: Input.Shortened) -> None:
        text = f"{event.line_count} lines were pasted: this field takes one, and kept the first."
        self.say_on_top(text)

    # Commands by name

    def action_palette(self) -> None:
        """Shows every action of the screen to choose from."""
        from sa_tui.ui.kit.palette import PaletteDialog

        self.push_screen(PaletteDialog(commands.actions(self.screen)), self._run_chosen)

    async def _run_chosen(self, action: Action | None) -> None:
        if action is not None and (reason := commands.why_not(action)):
            self.say(reason, is_error=True)
        elif action is not None:
            await self.run_action(action.action, action.node)

    def run_with_argument(self, name: str, argument: str) -> bool:
        """Runs a command that takes an argument; False when no command has that name."""
        if self._arguments.run(name, argument):
            return True
        return isinstance(self.screen, ListScreen) and self.screen.run_with_argument(name, argument)

    def argument_choices(self, name: str) -> Sequence[str]:
        """The arguments that this command can take; none for one that takes any text."""
        if name == "sort" and isinstance(self.screen, ListScreen):
            return self.screen.argument_choices(name)
        return self._arguments.choices(name)

    def query_completions(self, query: str) -> Sequence[str]:
        """The whole queries that this beginning of one can become."""
        from sa_tui.access.query.words import complete  # late: it would slow the start

        completion = complete(query, len(query), self.access.words)
        return [query[: completion.start] + candidate for candidate in completion.candidates]

    @property
    def _arguments(self) -> ArgumentCommands:
        from sa_tui.ui.arguments import ArgumentCommands

        return ArgumentCommands(self)
