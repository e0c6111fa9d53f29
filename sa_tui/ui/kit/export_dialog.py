"""The dialog that writes out what a page shows: in which format, and where to.

The rule it keeps: what is missing is said before anything is written, and in what is written.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.containers import Horizontal, VerticalScroll

from sa_tui.answers.command_line import command_line
from sa_tui.answers.formats import json_text
from sa_tui.answers.problems import sentences
from sa_tui.answers.saving import NotSavedError, free_path, save
from sa_tui.base.secrets import is_secret_inside, redact
from sa_tui.base.words import plural
from sa_tui.ui.kit.choice_line import ChoiceLine
from sa_tui.ui.kit.clipboard import send_text
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.export_choice import ENDINGS, FORMS, PLACES, ExportChoice
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.answers.problems import Problem
    from sa_tui.answers.report import Report
    from sa_tui.ui.kit.export_choice import Form
    from sa_tui.ui.kit.exporting import Export

_MOST_SENTENCES = 2
_NOT_READ = "not read."


class ExportDialog(Dialog[None]):
    """Says how much is written and what is missing of it, then writes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.OPEN, "write", "Write", "Write it, and close", priority=True),
        bind(Means.BACK, "cancel", "Cancel", "Leave without writing", only="escape"),
    ]

    def __init__(self, export: Export) -> None:
        super().__init__()
        self._export = export
        self._reports: dict[str, Report] = {}
        self._forms = [form for form in FORMS if form != "command" or export.words is not None]
        self._proposed = ""
        self._is_writing = False

    @property
    def crumb(self) -> str:
        return "Export"

    def compose_body(self) -> ComposeResult:
        choice = self.host.export_choice
        with VerticalScroll(classes="page", can_focus=False):
            yield Static(f"Export: {self._export.name}", classes="title", markup=False)
            yield Static("Counting what is shown…", id="how-much", markup=False)
            with Horizontal(classes="fact spaced"):
                yield Static("As", classes="caption", markup=False)
                forms: dict[str, str] = {form: FORMS[form] for form in self._forms}
                yield ChoiceLine(forms, chosen=self._first(choice), id="form")
            with Horizontal(classes="fact"):
                yield Static("To", classes="caption", markup=False)
                yield ChoiceLine(PLACES, chosen=choice.place, id="to")
            with Horizontal(classes="field", id="for-file"):
                yield Static("Name", classes="caption", markup=False)
                yield Input(id="path", compact=True, select_on_focus=False)
            yield Static(id="line", classes="hint spaced", markup=False)
            yield Static(id="message", classes="message", markup=False)
            yield Static(
                "Arrows choose · Tab moves · Enter writes · Esc cancels",
                classes="hint",
                markup=False,
            )

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#path", Input).cursor_blink = False
        self.query_one("#form").focus()
        self.run_worker(self._count(), group="export", exclusive=True)

    def begin(self) -> None:
        super().begin()
        self._show_choice()

    # What is written

    def _first(self, choice: ExportChoice) -> Form:
        return choice.form if choice.form in self._forms else "csv"

    @property
    def _form(self) -> Form:
        return cast("Form", self.query_one("#form", ChoiceLine).chosen)

    @property
    def _is_to_file(self) -> bool:
        return self.query_one("#to", ChoiceLine).chosen == "file"

    @property
    def _output(self) -> str:
        """The format of the answer, also of the one that a command line asks for."""
        return self.host.export_choice.output if self._form == "command" else self._form

    @property
    def _command_line(self) -> str:
        """The command line for what is shown; empty where there is no command."""
        export, profile = self._export, self.host.profile
        if export.words is None or profile is None:
            return ""
        words = (*self.host.dependencies.opened_by(profile), *export.words)
        return command_line(*words, output=self._output, last=export.last)

    async def _report(self, output: str) -> Report:
        if output not in self._reports:
            # Ten thousand rows take a second, in which the keys are to be answered.
            self._reports[output] = await asyncio.to_thread(self._export.report, output)
        return self._reports[output]

    async def _text(self, form: Form) -> str:
        return await asyncio.to_thread(_written, await self._report(form), form)

    async def _count(self) -> None:
        """Says how many rows there are, and what could not be read."""
        await self._report("csv")
        self._say_how_much()

    def _say_how_much(self) -> None:
        if (report := self._reports.get("csv")) is None:
            return
        lines = [f"{plural(len(report.rows), 'row')}, as shown."]
        if missing := _missing(report.head.problems):
            lines += [f"INCOMPLETE: {missing[0]}", *missing[1:], self._where_it_says_so(report)]
            self.query_one("#how-much").add_class("warn")
        self.set_text("#how-much", "\n".join(filter(None, lines)))

    def _where_it_says_so(self, report: Report) -> str:
        match self._form:
            case "command":
                return ""
            case "csv" if not report.rows:
                return "A CSV without rows cannot say so: JSON and Markdown do."
            case "csv":
                return "Each line of the CSV says that it is not complete."
            case form:
                return f"The {FORMS[form]} says so."

    # The choice

    @on(ChoiceLine.Changed)
    def _changed(self) -> None:
        self.when_ready(self._show_choice)

    def _show_choice(self) -> None:
        """Proposes a name that is free, unless another was typed, and shows the command line."""
        field = self.query_one("#path", Input)
        self.query_one("#for-file").display = self._is_to_file
        if field.value == self._proposed:
            field.value = self._proposed = self._proposal()
            field.cursor_position = len(field.value)
        line = self._command_line
        text = f"From a shell: {line}" if line else ""
        self._say_how_much()
        self.set_text("#line", "\n".join(filter(None, (text, self._export.note))))

    def _proposal(self) -> str:
        directory = self.host.dependencies.directory
        today = f"{self.host.now():%Y-%m-%d}"
        path = directory / f"{self._export.name}-{today}.{ENDINGS[self._form]}"
        return str(free_path(path))

    # What the operator does

    def action_cancel(self) -> None:
        """Leaves without writing."""
        self.dismiss()

    def action_write(self) -> None:
        """Writes it, unless that goes on already; closing the dialog does not stop it."""
        if self._is_writing:
            return
        self._is_writing = True
        path = Path(self.query_one("#path", Input).value.strip())
        place = "file" if self._is_to_file else "clipboard"
        choice = ExportChoice(self._form, place, self._output)
        # All of it is asked for now: the dialog may be closed before it is written.
        work = self._write(choice, path, line=self._command_line)
        self.host.run_worker(work, group="export")

    async def _write(self, choice: ExportChoice, path: Path, *, line: str) -> None:
        name, form = self._export.name, choice.form
        try:
            text = f"{line}\n" if form == "command" else await self._text(form)
            is_to_file = choice.place == "file"
            where = await (self._to_file(path, text) if is_to_file else self._to_clipboard(text))
        except NotSavedError as error:
            self._refuse(error)
        else:
            self.host.export_choice = choice
            self.dismiss()
            what = "The command line" if form == "command" else FORMS[form]
            self.host.say(f"{what} of {name}: {where}")
        finally:
            self._is_writing = False

    async def _to_file(self, path: Path, text: str) -> str:
        if not path.name:
            raise NotSavedError("Name the file.")
        return f"written to {await asyncio.to_thread(save, path, text)}."

    async def _to_clipboard(self, text: str) -> str:
        delivery = await send_text(self.app, text, environ=self.host.dependencies.environ)
        if delivery is None:
            raise NotSavedError("No clipboard can be reached from here: choose a file.")
        if delivery.status == "failed":
            raise NotSavedError(f"{delivery.message} {delivery.detail}".strip())
        return delivery.message

    def _refuse(self, error: NotSavedError) -> None:
        if not self.is_ready:  # closed meanwhile
            self.host.say(str(error), is_error=True)
            return
        if error.free is not None:
            field = self.query_one("#path", Input)
            field.value = self._proposed = str(error.free)
        self.tell(str(error))


def _written(report: Report, form: Form) -> str:
    """The text of the answer; a token that somebody put into a name or a description is left out.

    Names that only begin like a token stay as they are.
    """
    text = _as_text(report, form)
    return redact(text) if is_secret_inside(text) else text


def _as_text(report: Report, form: Form) -> str:
    match form:
        case "json":
            return f"{json_text(report.record())}\n"
        case "csv":
            return report.csv()
        case _:
            return report.markdown()


def _missing(problems: Sequence[Problem]) -> list[str]:
    """What could not be read, in few lines: accounts that were not read are only counted."""
    unread = {
        problem.subject.id
        for problem in problems
        if problem.reason == _NOT_READ and problem.subject is not None
        if problem.subject.type == "system_account"
    }
    # Without the request and its trace id, which would fill the dialog.
    others = [
        replace(problem, error=None)
        for problem in problems
        if problem.subject is None or problem.subject.id not in unread
    ]
    lines = [f"{plural(len(unread), 'account')} not read in full (+ reads on)."] if unread else []
    told = sentences(others)
    lines += told[:_MOST_SENTENCES]
    if len(told) > _MOST_SENTENCES:
        lines.append(f"And {len(told) - _MOST_SENTENCES} more.")
    return lines
