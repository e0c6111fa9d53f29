"""The profiles to choose from: the saved ones, and those found in other tools' configuration.

A token is never shown or kept here, only where it comes from.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from rich.text import Text
from textual import on
from textual.containers import Container, Vertical

from sa_tui.profiles.errors import ProfileError
from sa_tui.ui.kit import go
from sa_tui.ui.kit.beside import WIDE_COLUMNS
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.profiles.form import TESTING, ProfileForm, Trial, try_profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.profiles.model import Profile

COLUMNS = (
    Column("current", "", width=1),
    Column("name", "NAME", width=10, grow=2),
    Column("label", "LABEL", width=7),
    Column("server", "SERVER", width=21, grow=1, priority=1),
    Column("mode", "MODE", width=9),
    Column("source", "TOKEN FROM", width=25, grow=3),
    Column("kept", "KEPT", width=5),
)
ROWS_FOR_EXPLAINING = 20
"""A terminal of so many lines has room for the explanation."""

_EXPLANATION = """\
A profile names an organisation and where its token is kept: an environment variable, a \
private file, a command (a password manager), the system's keyring, or a profile of kongctl. \
sa-tui itself never stores a token.

Tokens are made at cloud.konghq.com: a system account's (spat_…) under Organization > System \
Accounts, your own (kpat_…) in your user menu.

Press n to make a profile. Without a token, try the made-up one: sa-tui --demo"""


class ProfilesScreen(SnapshotScreen):
    """The list of profiles, and what is known about the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.NEW, "new", help="Make a profile"),
        bind(Means.EDIT, "edit", help="Change a saved profile"),
        bind(Means.CLONE, "copy", help="Make a profile from this one", name="clone-profile"),
        bind(Means.TEST, "test", help="Ask Konnect whose organisation it opens"),
        bind(Means.TAKE_AWAY, "remove", "Remove", "Remove a saved profile", name="remove"),
        bind(Means.REFRESH, "reload", help="Read the profiles again"),
        bind(Means.BACK, "back", help="Back to the list"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
        bind(Means.BACK, "leave", "Quit", name="leave", only="escape", in_footer=False),
    ]
    section = "profiles"
    DEFAULT_CSS: ClassVar[str] = """
    ProfilesScreen #profiles-page { height: 1fr; }
    ProfilesScreen #notice { height: auto; padding: 0 1; margin: 1 0; }
    ProfilesScreen LineTable { min-height: 4; }
    ProfilesScreen #about-profile { height: 8; padding: 1 1 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._saved: dict[str, Profile] = {}
        self._found: dict[str, Profile] = {}
        self._broken = ""
        self._trials: dict[Profile, Trial] = {}
        self._kind_of_chosen: str | None = None

    # Drawing

    def compose_body(self) -> ComposeResult:
        with Vertical(id="profiles-page"):
            yield Static(id="notice", markup=False)
            with Container(classes="beside"):
                yield LineTable(COLUMNS, row=self._row, id="profiles")
                yield Static(id="about-profile", classes="aside", markup=False)

    @property
    def table(self) -> LineTable:
        return self.query_one("#profiles", LineTable)

    @property
    def _chosen(self) -> Profile | None:
        """The profile under the cursor."""
        key = self.table.cursor_key
        return None if key is None else self._saved.get(key) or self._found.get(key)

    def on_mount(self) -> None:
        self.table.focus()

    def on_screen_resume(self) -> None:
        self._read()

    def on_resize(self) -> None:
        self._show_notice()
        self._fit()

    def _read(self) -> None:
        """Reads the saved profiles and finds others; tells of a broken file, but never mends it."""
        dependencies = self.host.dependencies
        try:
            self._saved = {
                f"saved {profile.name}": profile for profile in dependencies.saved_profiles()
            }
            self._broken = ""
        except ProfileError as error:
            self._saved, self._broken = {}, str(error)
        self._found = {
            f"found {profile.name}": profile for profile in dependencies.found_profiles()
        }
        self.table.set_keys((*self._saved, *self._found))
        self.table.set_message(
            "" if self._broken else "No profile is saved, and no other tool's token was found."
        )
        self._show_notice()
        self.refresh_bindings()

    def _show_notice(self) -> None:
        """Says what is wrong with the file, or explains the choices while nothing is saved."""
        notice = self.query_one("#notice", Static)
        notice.set_class(bool(self._broken), "bad")
        if self._broken:
            notice.update(
                f"The saved profiles cannot be used.\n\n{self._broken}\n\n"
                "Nothing in the file was changed. r reads it again."
            )
        else:
            notice.update(_EXPLANATION)
        has_room = self.app.size.height >= ROWS_FOR_EXPLAINING
        is_new_here = not self._saved and not self._trials
        notice.display = bool(self._broken) or (has_room and is_new_here)

    def _row(self, key: str) -> Sequence[Text | str]:
        profile = self._saved.get(key) or self._found[key]
        return (
            Text("*" if self._is_current(profile) else "", style="bold"),
            profile.name,
            profile.label,
            urlsplit(profile.base_url).netloc,
            "read-only" if profile.read_only else "",
            profile.source.describe().removeprefix("environment "),
            "saved" if key in self._saved else "found",
        )

    def _is_current(self, profile: Profile) -> bool:
        current = self.host.profile
        return current is not None and (current.name, current.source) == (
            profile.name,
            profile.source,
        )

    def show(self, snapshot: Snapshot) -> None:
        self.table.redraw()
        self._fit()
        self._show_chosen()

    def _fit(self) -> None:
        """Gives the list no more than its rows need; what stands beside it takes the rest."""
        is_beside = self.app.size.width >= WIDE_COLUMNS and bool(self.table.keys)
        self.table.styles.max_width = self.table.natural_width if is_beside else None

    def _show_chosen(self) -> None:
        profile = self._chosen
        about = self.query_one("#about-profile", Static)
        # Its height is fixed, and a new layout would send the whole screen again.
        about.update("" if profile is None else self._about(profile), layout=False)

    def _about(self, profile: Profile) -> Text:
        text = Text(profile.name, style="bold")
        if profile.label:
            text.append(f" [{profile.label}]", style="reverse")
        mode = "read-only" if profile.read_only else "changes allowed"
        current = " · open now" if self._is_current(profile) else ""
        text.append(f" · {mode}{current}\n", style="not bold")
        regions = ", ".join(profile.regions) or "all"
        facts = (
            f"Server   {profile.base_url}",
            f"Regions  {regions}, at {profile.regional_url}",
            f"Token    from {profile.source.describe()}",
            f"Tested   {self._outcome(profile)}",
        )
        return text.append("\n".join(facts), style="not bold")

    def _outcome(self, profile: Profile) -> str:
        trial = self._trials.get(profile)
        if trial is None:
            return "not yet: t tests it"
        return trial.text if trial.is_good else f"DOES NOT WORK: {trial.text}"

    def summary(self, snapshot: Snapshot) -> Text:
        if self._broken:
            return Text("The saved profiles are unknown.", style="bold red")
        counts = f"{len(self._saved)} saved · {len(self._found)} found"
        opens = " · Enter opens" if self.table.keys else ""
        return Text(f"Profiles: {counts}{opens}")

    @on(LineTable.Highlighted, "#profiles")
    def _highlighted(self, event: LineTable.Highlighted) -> None:
        self._show_chosen()
        kind = event.key and event.key.partition(" ")[0]
        if kind != self._kind_of_chosen:  # other keys work for another kind
            self._kind_of_chosen = kind
            self.refresh_bindings()

    # What the operator does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greys out what the row does not allow; without an organisation, Esc quits."""
        if action in ("back", "leave"):
            return (self.host.profile is None) == (action == "leave")
        if action == "new":
            return None if self._broken else True
        if action == "copy":
            return None if self._broken or self._chosen is None else True
        if action == "test":
            return None if self._chosen is None else True
        if action in ("edit", "remove"):
            return True if self.table.cursor_key in self._saved else None
        return True

    def refusal(self, action: str) -> str:
        """Why the profile under the cursor cannot be edited or removed."""
        if action not in ("edit", "remove") or self._chosen is None:
            return ""
        return "It was found in another tool's configuration: press c to make a profile from it."

    def action_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.post_message(go.Quit())

    def action_reload(self) -> None:
        self._read()
        self._show_chosen()
        self.update_status()

    @on(LineTable.Opened, "#profiles")
    def _open(self) -> None:
        if (profile := self._chosen) is not None:
            # The application closes this screen once the old organisation is left.
            self.host.open_profile(profile)

    def action_new(self) -> None:
        self.app.push_screen(ProfileForm(), self._saved_now)

    def action_edit(self) -> None:
        if (profile := self._chosen) is not None:
            self.app.push_screen(ProfileForm(profile), partial(self._saved_now, before=profile))

    def action_copy(self) -> None:
        self.app.push_screen(ProfileForm(like=self._chosen), self._saved_now)

    def _saved_now(self, profile: Profile | None, *, before: Profile | None = None) -> None:
        if profile is None:
            return
        self.table.move_to(f"saved {profile.name}")
        opens = "Enter opens it."
        if before is not None and self._is_current(before):
            opens = "It stays open as it was; Enter opens it again."
        self.host.say(f"{profile.name} is saved. {opens}")

    def action_test(self) -> None:
        if (profile := self._chosen) is not None:
            self.host.say(f"{profile.name}: {TESTING}")
            self.run_worker(self._test(profile), group="trial", exclusive=True)

    async def _test(self, profile: Profile) -> None:
        trial = await try_profile(self.host, profile)
        self._trials[profile] = trial
        outcome = "works" if trial.is_good else "does not work"
        self.host.say(f"{profile.name} {outcome}: {trial.text}", is_error=not trial.is_good)
        self._show_notice()
        self._show_chosen()

    def action_remove(self) -> None:
        if (profile := self._chosen) is not None:
            from sa_tui.ui.profiles.remove import RemoveDialog

            self.app.push_screen(
                RemoveDialog(profile, is_current=self._is_current(profile)), self._remove_answered
            )

    def _remove_answered(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self.host.dependencies.remove(name)
        except ProfileError as error:
            self.host.say(f"Not removed: {error}", is_error=True)
        else:
            self.host.say(f"{name} is removed. Its token is untouched.")
        self.action_reload()
