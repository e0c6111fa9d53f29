"""The form for a new or saved profile, and the test that shows which organisation it opens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, RadioSet

from sa_tui.konnect.errors import KonnectError
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.model import Profile, token_refused
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.profiles.fields import GuardedInput, ProfileFields

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.konnect.models import User
    from sa_tui.org.snapshot import Part
    from sa_tui.ui.kit.host import Host

_KEYS = "Tab moves · arrows and Space choose · Enter tests, then saves · Esc cancels"
TESTING = "Asking Konnect whose organisation this is…"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The outcome of testing a profile, with a text for the operator."""

    is_good: bool
    text: str


async def try_profile(host: Host, profile: Profile) -> Trial:
    """Asks Konnect which organisation the profile's token opens, and whose token it is.

    Konnect: get-organizations-me, and get-users-me for a personal token.
    """
    try:
        org = await host.connect(profile, on_change=lambda _: None)
    except (ProfileError, KonnectError) as error:
        return Trial(is_good=False, text=str(error))
    async with org:
        await org.identify()
    organization, me = org.snapshot.organization, org.snapshot.me
    if organization.value is None:
        return Trial(is_good=False, text=str(organization.error))
    name = organization.value.name or organization.value.id
    return Trial(is_good=True, text=f"{name} · {_caller(me)}")


def _caller(me: Part[User]) -> str:
    if me.value is not None:
        return f"{me.value.email or me.value.full_name or me.value.id} (personal token)"
    if me.error is not None:
        return f"caller unknown ({me.error})"
    return "a system account's token"


class ProfileForm(Dialog[Profile | None]):
    """Dismissed with the profile once it is saved, or with None; a refusal loses nothing typed.

    `saved` is the profile to edit; `like` fills in the fields of a new one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Leave without a profile", only="escape"),
    ]

    def __init__(self, saved: Profile | None = None, *, like: Profile | None = None) -> None:
        super().__init__()
        self._saved = saved
        self._like = saved or like
        self._tested: Profile | None = None
        self._is_testing = False

    @property
    def crumb(self) -> str:
        return "Edit" if self._saved else "New profile"

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="page", can_focus=False):
            title = f"Edit profile {self._saved.name}" if self._saved else "New profile"
            yield Static(title, classes="title", markup=False)
            yield ProfileFields(self._like)
            yield Static(id="message", classes="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Test and save", id="test", variant="primary", compact=True)
                yield Button("Save without test", id="save", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
            yield Static(_KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#name", Input).focus()

    # Typing

    def _drafted(self) -> Profile | None:
        """The profile as typed, or None after saying what is wrong with it."""
        home = self.host.dependencies.environ.get("HOME")
        fields = self.query_one(ProfileFields)
        try:
            profile = fields.draft(home=Path(home) if home else None)
        except ProfileError as error:
            self._explain(error)
            return None
        fields.mark(None)
        return profile

    def _explain(self, error: ProfileError) -> None:
        self.query_one(ProfileFields).mark(error.key)
        self.tell(f"{error.message} {error.mend}" if error.path is None else str(error))

    @on(GuardedInput.Refused)
    def _refused(self, event: GuardedInput.Refused) -> None:
        """Explains, and leaves the field so that the rest of a typed token does not land in it."""
        fields = self.query_one(ProfileFields)
        fields.mark(None)
        self.set_focus(None)
        refusal = token_refused(None)
        self.tell(f"{refusal.message} It was not kept. {refusal.mend} Tab goes back to the fields.")

    @on(Input.Changed)
    @on(RadioSet.Changed)
    def _changed(self) -> None:
        if self._tested is not None or self._is_testing:
            self.workers.cancel_group(self, "trial")
            self._is_testing = False
            self._show_tested(None)
            self.tell("The profile changed since it was tested.", tone="warn")

    # Testing and saving

    @on(Input.Submitted)
    @on(Button.Pressed, "#test")
    def _test_or_save(self) -> None:
        profile = None if self._is_testing else self._drafted()
        if profile is None:
            return
        if profile == self._tested:
            self._save(profile)
        else:
            self._is_testing = True
            self.tell(TESTING, tone="warn")
            self.run_worker(self._test(profile), group="trial", exclusive=True)

    async def _test(self, profile: Profile) -> None:
        try:
            trial = await try_profile(self.host, profile)
        finally:
            self._is_testing = False
            self.take_back(TESTING)
        source = f"token from {profile.source.describe()}"
        if trial.is_good:
            self._show_tested(profile)
            self.tell(f"Works: {trial.text}, {source}. Enter saves it.", tone="good")
            self.query_one("#test", Button).focus()
        else:
            self.tell(f"Does not work, {source}: {trial.text}")

    def _show_tested(self, profile: Profile | None) -> None:
        self._tested = profile
        self.query_one("#test", Button).label = "Save" if profile else "Test and save"
        self.query_one("#save", Button).display = profile is None

    @on(Button.Pressed, "#save")
    def _save_untested(self) -> None:
        if (profile := self._drafted()) is not None:
            self._save(profile)

    def _save(self, profile: Profile) -> None:
        dependencies = self.host.dependencies
        try:
            if self._saved is None:
                dependencies.save(profile)
            else:
                dependencies.edit(self._saved, profile)
        except ProfileError as error:
            self._explain(error)
        else:
            self.dismiss(profile)

    def show_wait(self, wait: str) -> None:
        if self._is_testing:
            self.tell(wait or TESTING, tone="warn")

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leaves without a profile."""
        self.dismiss(None)
