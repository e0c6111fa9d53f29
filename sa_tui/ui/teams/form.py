"""The form that creates or edits a team.

It sends nothing itself: its changes are reviewed first, and it keeps what was typed until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button

from sa_tui.base.typable import trimmed
from sa_tui.org.names import alike_words, looks_like
from sa_tui.org.team_fields import check_team, read_labels, write_labels
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.place import place
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.teams.reading import read_teams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.konnect.models import Team
    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.snapshot import Snapshot

_KEYS = "Tab moves · Enter goes on to the review · Esc cancels"


class TeamForm(Dialog["str | None"]):
    """Dismissed with the team's id once Konnect has what the form says, or with None.

    `team` is the team to edit; only what was changed here is sent. Names of teams are not unique:
    a second Enter creates another team of the same name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Leave without a change", only="escape"),
    ]

    def __init__(self, team: Team | None = None) -> None:
        super().__init__()
        self._team = team
        self._known: frozenset[str] = frozenset()
        self._awaited_name = ""
        self._warned_name = ""

    # Drawing

    @property
    def crumb(self) -> str:
        return "Edit" if self._team is not None else "New team"

    def compose_body(self) -> ComposeResult:
        team = self._team
        labels = write_labels(team.labels) if team is not None else ""
        with VerticalScroll(classes="page", can_focus=False):
            title = f"Edit team {team.name}" if team is not None else "New team"
            yield Static(title, classes="title", markup=False)
            with Horizontal(classes="fact"):
                yield Static("Where", classes="caption", markup=False)
                yield Static(place(self.host, team), classes="value", markup=False)
            for caption, name, value in (
                ("Name", "team-name", team.name if team else ""),
                ("Purpose", "team-description", team.description if team else ""),
                ("Labels", "team-labels", labels),
            ):
                with Horizontal(classes="field spaced" if name == "team-name" else "field"):
                    yield Static(caption, classes="caption", markup=False)
                    yield Input(value, id=name, compact=True, placeholder=_hint(name))
            yield Static(id="message", classes="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Review", id="review", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
            yield Static(_KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False
        if self._team is not None and not self._can_edit_labels:
            self.query_one("#team-labels", Input).disabled = True
            self.tell("Its labels cannot be edited here: they do not fit on one line.", tone="warn")
        self.query_one("#team-name", Input).focus()

    @property
    def _can_edit_labels(self) -> bool:
        """Whether the team's labels can be written in the field and read back."""
        if self._team is None:
            return True
        if "labels" in self._team.unreadable:
            return False
        try:
            return read_labels(write_labels(self._team.labels)) == dict(self._team.labels)
        except ValueError:
            return False

    def _typed(self, name: str) -> str:
        before = getattr(self._team, name, "") if name != "labels" else ""
        return trimmed(self.query_one(f"#team-{name}", Input).value, before=before)

    # Reviewing

    @on(Input.Changed)
    def _changed(self) -> None:
        self._awaited_name = self._warned_name = ""

    @on(Input.Submitted)
    @on(Button.Pressed, "#review")
    def _review(self) -> None:
        if self._awaited_name:
            read_teams(self.host, again=True)
            return
        name, description = self._typed("name"), self._typed("description")
        try:
            labels = read_labels(self._typed("labels")) if self._can_edit_labels else None
            check_team(name, description, self._team)
        except ValueError as error:
            self.tell(str(error))
            return
        if (namesake := self._namesake(name)) is not None and self._warned_name != name:
            self._warned_name = name
            self.tell(
                f"There is a team {name} already, id {namesake.id}. Enter again goes on: "
                "only their ids will tell the two apart.",
                tone="warn",
            )
        elif (alike_name := self._alike(name)) is not None and self._warned_name != name:
            self._warned_name = name
            self.tell(f"{alike_words(alike_name)} Enter again goes on.", tone="warn")
        elif changes := self._changes(name, description, labels):
            self._known = frozenset(self._ids(name))
            self._ask(changes)
        else:
            self.tell("Nothing is changed: there is nothing to send.", tone="warn")

    def _namesake(self, name: str) -> Team | None:
        """Another team that has this name already."""
        if self._team is not None and self._team.name == name:
            return None
        return next((team for team in self.host.snapshot.teams.rows if team.name == name), None)

    def _alike(self, name: str) -> str | None:
        """Another team's name that could be mistaken for this new one."""
        edited, rows = self._team, self.host.snapshot.teams.rows
        if edited is not None and edited.name == name:
            return None
        return looks_like(name, (row.name for row in rows if edited is None or row.id != edited.id))

    def _ids(self, name: str) -> list[str]:
        return [team.id for team in self.host.snapshot.teams.rows if team.name == name]

    def _changes(
        self, name: str, description: str, labels: Mapping[str, str] | None
    ) -> list[Change]:
        from sa_tui.org.changes.teams import create_team, update_team

        if (team := self._team) is None:
            return [create_team(name, description=description, labels=labels or {})]
        changed_labels: dict[str, str | None] = {}
        if labels is not None:
            removed_labels = dict.fromkeys(key for key in team.labels if key not in labels)
            changed_labels = {
                **removed_labels,
                **{key: value for key, value in labels.items() if team.labels.get(key) != value},
            }
        current = self._now or team
        # What somebody else changed in the same way need not be sent.
        changed_labels = {
            key: value for key, value in changed_labels.items() if current.labels.get(key) != value
        }
        is_renamed = name not in (team.name, current.name)
        is_described = description not in (team.description, current.description)
        if not (is_renamed or is_described or changed_labels):
            return []
        return [
            update_team(
                current,
                name=name if is_renamed else None,
                description=description if is_described else None,
                labels=changed_labels or None,
            )
        ]

    @property
    def _now(self) -> Team | None:
        """The team as it was read last; the fields were filled from `_team`."""
        return self.host.snapshot.team(self._team.id) if self._team is not None else None

    def _ask(self, changes: list[Change]) -> None:
        """Reviews the changes, with what to know before they are sent."""
        if (team := self._team) is None:
            self.host.review("", changes, then=self._reviewed)
            return
        notes = _changed_meanwhile(team, changes[0])
        self.host.review("", changes, notes=notes, then=self._reviewed)

    # After the review

    def _reviewed(self, outcomes: tuple[Outcome, ...] | None) -> None:
        if not outcomes or not all(outcome.is_good for outcome in outcomes):
            return
        if self._team is not None:
            self.dismiss(self._team.id)
        else:
            self._arrive(self._typed("name"))

    def show(self, snapshot: Snapshot) -> None:
        if self._awaited_name:
            self._arrive(self._awaited_name)

    def _arrive(self, name: str) -> None:
        """Leaves with the new team's id once Konnect lists it."""
        new_ids = [team_id for team_id in self._ids(name) if team_id not in self._known]
        if new_ids:
            self._awaited_name = ""
            self.dismiss(new_ids[0])
        else:
            self._awaited_name = name
            self.tell(
                f"{name} is created, but is not in the list that was read last. Enter reads again.",
                tone="warn",
            )

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leaves without a change."""
        self.dismiss(None)


def _changed_meanwhile(opened: Team, change: Change) -> tuple[str, ...]:
    """What somebody else changed while the form was open, a sentence for each field."""
    was = {"name": opened.name, "description": opened.description}
    was |= {f"label {key}": value for key, value in opened.labels.items()}
    return tuple(
        f"Somebody changed the {field.name} meanwhile: it was {was.get(field.name) or 'none'}, "
        f"and is {field.before or 'none'} now."
        for field in change.fields
        if (field.before or "") != was.get(field.name, "")
    )


def _hint(name: str) -> str:
    return "env=prod, kind=machines" if name == "team-labels" else ""
