"""The terminal application: its keys, its pages, and its commands by name."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, ClassVar

from textual import on

from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.kit import commands, go, terminal
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.keys import main_key, more_key
from sa_tui.ui.kit.list_screen import ListScreen
from sa_tui.ui.kit.safe import Input
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.workers import DETAILS, WRITES
from sa_tui.ui.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.binding import BindingType

    from sa_tui.access.jumps import Jump
    from sa_tui.ui.arguments import ArgumentCommands
    from sa_tui.ui.kit.commands import Action


PAGES: Mapping[str, tuple[str, str, str, str]] = {
    "profiles": ("P", "Profiles", "Switch to another organisation", "profiles.list:ProfilesScreen"),
    "tokens": ("K", "Tokens", "Show the tokens of all accounts", "tokens.list:TokensScreen"),
    "teams": ("T", "Teams", "Show the teams", "teams.list:TeamsScreen"),
    "who": ("w", "Who", "Ask who can do what", "access.who:WhoScreen"),
    "matrix": ("M", "Matrix", "Show who holds what, in a table", "access.matrix:MatrixScreen"),
    "entities": (
        "U",
        "Used by",
        "Show control planes, APIs, … and who reaches them",
        "access.entities:EntitiesScreen",
    ),
    "handovers": (
        "H",
        "Hand-overs",
        "Show the hand-overs, and the rotations under way",
        "tokens.handovers:HandoversScreen",
    ),
    "log": ("L", "Log", "Show what was changed and undo it", "log.list:LogScreen"),
}
"""Each page that has a key everywhere: the key, its label and help, and where the page is.

Its modules are loaded when it is first opened.
"""


class SaTui(Session):
    """The application; `run()` returns the exit code."""

    TITLE = "sa-tui"
    CSS_PATH = "sa_tui.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        main_key("colon", "command", "Command", "Type a command by its name", display=":"),
        main_key("question_mark", "help", "Help", "Show the keys that work here", display="?"),
        more_key("g", "jump", "Jump", "Go to anything by its name"),
        more_key(
            "ctrl+k",
            "jump",
            "Jump",
            "Go to anything, from anywhere",
            id="jump-anywhere",
            priority=True,
        ),
        more_key("ctrl+p", "palette", "Palette", "Choose among all actions"),
        main_key("q", "quit", "Quit", "Leave once every change is answered"),
        more_key(
            "ctrl+q", "quit", "Quit", "Leave from anywhere", id="quit-anywhere", priority=True
        ),
        more_key(
            "ctrl+z", "suspend_process", "Suspend", "Back to the shell; fg returns", id="suspend"
        ),
        more_key("ctrl+l", "redraw", "Redraw", "Draw the screen again"),
        *(
            more_key(key, f"page('{name}')", label, explanation, id=name)
            for name, (key, label, explanation, _) in PAGES.items()
        ),
    ]

    # Starting

    def on_mount(self) -> None:
        terminal.leave_on_hang_up(self, farewell=self.farewell)
        self.watch_terminal()
        self.push_screen(AccountsScreen())
        self.cover(self.size)
        # Connecting loads the HTTP client and the models: paint first.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self.profile is None:
            self.action_page("profiles")
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
        if isinstance(self.screen, ListScreen):
            self.screen.run_with_argument("filter", query)
        else:
            self.post_message(go.AskWho(query))

    def action_page(self, name: str) -> None:
        """Opens one of the pages that have a key everywhere, unless it is open already."""
        page = resolve_name(f"sa_tui.ui.{PAGES[name][-1]}")()
        if not any(type(screen) is type(page) for screen in self.screen_stack):
            self.push_screen(page)

    def action_jump(self) -> None:
        """Asks where to go, unless what is on the screen cannot be left."""
        from sa_tui.access.jumps import Jump
        from sa_tui.ui import jumping
        from sa_tui.ui.kit.jump import JumpDialog

        if not jumping.is_possible(self):
            return
        if reason := jumping.why_not_now(self):
            self.say_on_top(reason)
            return
        if self.org is not None:  # one list; what is larger is read where it is shown
            self.run_worker(self.org.read_teams(), group=DETAILS)
        pages = [
            Jump("page", name, title, explanation)
            for name, (_, title, explanation, _) in PAGES.items()
        ]
        self.push_screen(
            JumpDialog(self.memory.jumps, pages=pages, queries=self.memory.saved), self._jump
        )

    def _jump(self, jump: Jump | None) -> None:
        from sa_tui.ui.jumping import open_jump

        if jump is not None:
            self.memory.jumps.remember(jump.kind, jump.id, of=jump.of)
            open_jump(self, jump, open_page=self.action_page)

    def say_on_top(self, text: str) -> None:
        """Shows a sentence on the page or dialog on top."""
        if isinstance(self.screen, Dialog):
            self.screen.tell(text, tone="warn")
        else:
            self.say(text)

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

    @on(go.AskWho)
    def _ask_who(self, event: go.AskWho) -> None:
        from sa_tui.ui.access.who import WhoScreen

        self.push_screen(WhoScreen(event.query))

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
