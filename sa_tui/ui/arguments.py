"""The commands after `:` that take an argument, on every page: what they do and what they can take.

The rule it keeps: a name that is not there is answered with what could not be found, or with all
that there are.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sa_tui.profiles.errors import ProfileError
from sa_tui.ui.kit import go
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sa_tui.profiles.model import Profile
    from sa_tui.ui.session import Session


class ArgumentCommands:
    """Runs a command of `commands.WITH_ARGUMENT` by its name."""

    def __init__(self, app: Session) -> None:
        self._app = app

    def run(self, name: str, argument: str) -> bool:
        """Runs a command; False when no command of the application has that name."""
        acts: Mapping[str, Callable[[str], None]] = {
            "profile": self._open_profile,
            "theme": self._use_theme,
            "who": lambda query: self._go(go.AskWho(query)),
            "query": self._ask_saved,
            "forget": self._forget,
            "account": self._open_account,
            "team": self._open_team,
            "plan": self._open_plan,
        }
        if (act := acts.get(name)) is None:
            return False
        act(argument)
        return True

    def choices(self, name: str) -> Sequence[str]:
        """The arguments that this command can take, as far as they were read."""
        app = self._app
        match name:
            case "profile":
                with suppress(ProfileError):  # reported when the command is run
                    return [profile.name for profile in self._profiles()]
            case "theme":
                return list(app.available_themes)
            case "account":
                return [account.name for account in app.snapshot.accounts.rows]
            case "team":
                self._read_teams()
                return [team.title for team in app.snapshot.teams.rows]
            case "query" | "forget" | "save":
                return list(app.memory.saved)
        return ()

    def _go(self, message: go.AskWho | go.OpenAccount | go.OpenTeam) -> None:
        self._app.post_message(message)

    # Pages

    def _open_account(self, typed: str) -> None:
        accounts = self._app.snapshot.accounts.rows
        if (id := first_named(((row.name, row.id) for row in accounts), typed)) is not None:
            self._go(go.OpenAccount(id))
        else:
            self._refuse(f"No account that was read has a name that begins with {typed}.")

    def _read_teams(self) -> None:
        if (org := self._app.org) is not None:
            self._app.run_worker(org.read_teams(), group=DETAILS)

    def _open_team(self, typed: str) -> None:
        if (org := self._app.org) is None:
            self._refuse("No organisation is open.")
            return

        async def open_team() -> None:
            await org.read_teams()
            teams = self._app.snapshot.teams.rows
            names = ((name, team.id) for team in teams for name in (team.title, team.name))
            if (id := first_named(names, typed)) is not None:
                self._go(go.OpenTeam(id))
            else:
                self._refuse(f"No team that was read has a name that begins with {typed}.")

        self._app.run_worker(open_team(), group=DETAILS)

    # Plans

    def _open_plan(self, name: str) -> None:
        from sa_tui.ui.planning import open_plan

        self._app.run_worker(open_plan(self._app, name), group=DETAILS)

    # Saved queries

    def _ask_saved(self, name: str) -> None:
        saved = self._app.memory.saved
        if name in saved:
            self._go(go.AskWho(saved[name]))
        else:
            self._refuse_query(name)

    def _forget(self, name: str) -> None:
        from sa_tui.records.lines import JournalError

        if name not in self._app.memory.saved:
            self._refuse_query(name)
            return
        try:
            self._app.memory.forget(name)
        except JournalError as error:
            self._refuse(str(error))
        else:
            self._app.say(f"The query {name} is forgotten.")

    def _refuse_query(self, name: str) -> None:
        there = ", ".join(self._app.memory.saved) or "none; :save NAME saves one"
        self._refuse(f"There is no saved query {name}. There are: {there}")

    # Themes and profiles

    def _use_theme(self, name: str) -> None:
        if name in self._app.available_themes:
            self._app.theme = name
        else:
            theme_names = ", ".join(sorted(self._app.available_themes))
            self._refuse(f"There is no theme {name}. There are: {theme_names}")

    def _profiles(self) -> Sequence[Profile]:
        """Every profile; raises ProfileError."""
        given = self._app.dependencies
        return (*given.found_profiles(), *given.saved_profiles())

    def _open_profile(self, name: str) -> None:
        try:
            profiles = {profile.name: profile for profile in self._profiles()}
        except ProfileError as error:
            self._refuse(str(error))
            return
        if name in profiles:
            self._app.open_profile(profiles[name])
        else:
            self._refuse(f"There is no profile {name}. There are: {', '.join(profiles)}")

    def _refuse(self, text: str) -> None:
        self._app.say(text, is_error=True)


def first_named(names: Iterable[tuple[str, str]], typed: str) -> str | None:
    """The id of the name that was typed, else of one that begins with it, else with such an id."""
    text, rows = typed.casefold(), list(names)
    ways: tuple[Callable[[str, str], bool], ...] = (
        lambda name, _: name == typed,
        lambda name, _: name.casefold() == text,
        lambda name, _: name.casefold().startswith(text),
        lambda _, id: id.startswith(typed),
    )
    matching = (id for is_meant in ways for name, id in rows if is_meant(name, id))
    return next(matching, None)
