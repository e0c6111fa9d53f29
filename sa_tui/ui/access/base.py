"""What the pages about access share: they have everything read, and say what was not read.

Their rows are about subjects: system accounts, and people when those are counted in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.ui.kit import go
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import LEAVING, ListScreen

if TYPE_CHECKING:
    from textual.binding import BindingType

    from sa_tui.access.subjects import Access
    from sa_tui.access.why import Explanation
    from sa_tui.org.snapshot import Snapshot

COMMON: list[BindingType] = [
    *LEAVING,
    bind(
        Means.BACK,
        "back",
        help="Back to where it was opened",
        only="q,backspace",
        in_footer=False,
    ),
    bind(Means.PEOPLE_TOO, "people", name="people"),
    bind(Means.COMPARE, "compare", help="Compare two marked, or one with this", takes_marked=True),
    bind(Means.COPY, "copy_id", "Copy id", "Copy its id", name="copy-id", only="y"),
    bind(Means.REFRESH, "refresh", help="Read everything again"),
    bind(
        Means.REST,
        "read_on",
        "Read on",
        "Read what was not read",
        name="read-all",
        in_footer=False,
    ),
]


class AccessScreen(ListScreen):
    """A list about access; `chosen_id` and `marked_ids` are subjects."""

    WITH_ARGUMENT: ClassVar[dict[str, str]] = ListScreen.WITH_ARGUMENT
    UNREAD: ClassVar[str] = "Nothing could be read"
    """The message while the accounts could not be read."""

    def left(self) -> None:
        self.host.reading.pause()

    @property
    def access(self) -> Access:
        """Who can do what."""
        return self.host.access.current

    @property
    def chosen_id(self) -> str | None:
        """The subject under the cursor."""
        return self.table.cursor_key

    @property
    def marked_ids(self) -> tuple[str, ...]:
        """The subjects that are marked, in the order of the list."""
        return tuple(key for key in self.order if key in self.table.marks)

    def show(self, snapshot: Snapshot) -> None:
        self.host.reading.ensure(self.filter.query if self._filter is not None else None)
        self.show_access()

    def show_access(self) -> None:
        """Shows the access that is known now."""
        raise NotImplementedError

    def why_unread(self) -> str:
        """Why there is nothing to show yet; empty when everything was read."""
        snapshot = self.host.snapshot
        if snapshot.accounts.value is None and snapshot.accounts.error is not None:
            return f"{snapshot.accounts.error}\n\nr tries again"
        if self.host.reading.is_reading or snapshot.accounts.is_reading:
            return "Reading the organisation…"
        return "Not read yet: press + to read on." if self.host.reading.is_stopped else ""

    def why(self, why: Explanation, about: str) -> Text:
        """The paths of a subject, for the space beside the list."""
        from sa_tui.access.words import as_role
        from sa_tui.ui.access.why_words import why_text
        from sa_tui.ui.roles.entity_words import read_names

        if not self.host.reading.is_reading:
            read_names(self.host, [as_role(path.grant) for path in why.paths])
        return why_text(why, about, self.host.snapshot, self.host.now())

    def counted(self, count: int) -> str:
        """This many subjects, in words."""
        noun = "account or person" if self.host.access.with_people else "system account"
        return plural(count, noun, "accounts and people" if "person" in noun else None)

    def read_at_text(self) -> str:
        """When the accounts were read; empty if they were not."""
        read_at = self.host.snapshot.accounts.read_at
        return f" · read {utc(read_at)}" if read_at is not None else ""

    def trouble(self, snapshot: Snapshot) -> Text | None:
        access, accounts = self.access, snapshot.accounts
        if accounts.value is None and accounts.error is not None and not accounts.is_reading:
            return Text(f"{self.UNREAD}: r tries again.", "bold yellow")
        if access.is_complete or not access.subjects or accounts.is_reading:
            return None
        unread = [subject for subject in access.subjects if not subject.is_complete]
        why = access.missing or f"{unread[0].name}: {unread[0].missing[0]}"
        incomplete_text = f" · INCOMPLETE: {len(unread):,} not read in full · {why}"
        return Text.assemble(self.summary(snapshot), (incomplete_text, "bold yellow"))

    # What the operator does

    def clear(self) -> bool:
        """Stops the reading, before anything else that Esc may mean."""
        if self.host.reading.hold():
            self.say_that_reading_stopped("Reading stops once the list is there.")
            return True
        return super().clear()

    def action_back(self) -> None:
        self.dismiss()

    def action_refresh(self) -> None:
        self.host.load()

    def action_read_on(self) -> None:
        self.host.reading.read()

    def action_people(self) -> None:
        self.host.reading.count_people(with_people=not self.host.access.with_people)
        self.show(self.host.snapshot)
        self.update_status()

    def action_copy_id(self) -> None:
        if (subject_id := self.chosen_id) is not None:
            self.post_message(go.Copy(subject_id))

    def action_compare(self) -> None:
        from sa_tui.ui.access.compare import compare

        compare(self.host, self.marked_ids, self.chosen_id)
