"""The fields of a profile; none of them ever takes or shows a token."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import RadioSet

from sa_tui.base.secrets import looks_like_token
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.mapping import profile_from_mapping, profile_to_mapping, source_to_mapping
from sa_tui.profiles.model import COLOURS, check_name
from sa_tui.profiles.urls import GLOBAL_URL, regional_pattern
from sa_tui.ui.kit.patches.radio import Radio
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from sa_tui.profiles.model import Profile


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """One way to keep a token: its name, its fields as (key, caption, example), a hint."""

    name: str
    fields: tuple[tuple[str, str, str], ...]
    hint: str


_KINDS = (
    _Kind(
        name="env",
        fields=(("env", "Variable", "KONNECT_SPAT"),),
        hint="The name of an environment variable, without $; never its value.",
    ),
    _Kind(
        name="file",
        fields=(("file", "File", "~/.konnect-token"),),
        hint="Holds the token alone; owned by you, and closed to others (chmod 600).",
    ),
    _Kind(
        name="command",
        fields=(("command", "Command", "pass show konnect/prod"),),
        hint="The first line that it prints is the token. It runs without a shell.",
    ),
    _Kind(
        name="keyring",
        fields=(("keyring", "Service", "konnect"), ("username", "User", "me")),
        hint="The system's keyring; needs the Python package keyring.",
    ),
    _Kind(
        name="kongctl",
        fields=(("kongctl", "Profile", "default"),),
        hint="A profile of kongctl's own configuration, which is read where it is.",
    ),
)
_KEPT = ("page_size", "timeout_seconds", "concurrency", "ca_bundle")
"""Settings without a field, carried over from the profile that is edited or copied."""

_COLUMNS_FOR_ONE_ROW = 74
"""So many columns are needed to show the ways to keep a token side by side."""


class GuardedInput(Input):
    """Refuses text that looks like a token, and forgets it before it is drawn."""

    @dataclass
    class Refused(Message):
        """A token was typed or pasted, and forgotten."""

        field: GuardedInput

    def validate_value(self, value: str) -> str:
        """The text, or nothing if it looks like a token."""
        if not looks_like_token(value):
            return value
        self.post_message(self.Refused(self))
        return ""


class ProfileFields(Vertical):
    """The fields of a profile, filled in from `like` if there is one."""

    DEFAULT_CSS: ClassVar[str] = """
    ProfileFields { height: auto; }
    ProfileFields Input { width: 1fr; }
    ProfileFields .hint { padding-left: 10; }
    """

    def __init__(self, like: Profile | None = None) -> None:
        super().__init__()
        self._values: dict[str, Any] = profile_to_mapping(like) if like else {}
        self._profile_name = like.name if like else ""
        token = source_to_mapping(like.source) if like else {"env": ""}
        self._token = {key: _written(value) for key, value in token.items()}

    def compose(self) -> ComposeResult:
        values = self._values
        yield from _field(
            "name", "Name", self._profile_name, "a word for this organisation, such as prod"
        )
        with Horizontal(classes="fact"):
            yield Static("Token in", classes="caption", markup=False)
            with RadioSet(id="source", compact=True, classes="across"):
                for kind in _KINDS:
                    yield Radio(kind.name, value=kind.name in self._token, compact=True)
        for kind in _KINDS:
            with Vertical(id=f"for-{kind.name}", classes="fields"):
                for key, caption, example in kind.fields:
                    text = self._token.get(key, "")
                    yield from _field(f"token-{key}", caption, text, f"such as {example}")
                yield Static(kind.hint, classes="hint", markup=False)
        yield from _field("base-url", "Server", values.get("base_url", GLOBAL_URL), GLOBAL_URL)
        yield from _field("regional-url", "Regional", values.get("regional_url", ""), "")
        regions = ", ".join(values.get("regions", ()))
        yield from _field("regions", "Regions", regions, "such as us, eu; empty for all")
        yield from _field(
            "label", "Label", values.get("label", ""), "such as PROD; always in sight"
        )
        colour = values.get("colour", "none")
        yield from _field("colour", "Colour", colour, ", ".join(COLOURS), suggest=COLOURS)
        is_read_only = bool(values.get("read_only"))
        with Horizontal(classes="field"):
            yield Static("Mode", classes="caption", markup=False)
            with RadioSet(id="mode", compact=True, classes="across"):
                yield Radio("changes allowed", value=not is_read_only, compact=True)
                yield Radio("read-only", value=is_read_only, compact=True)

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False
        self._show_source()

    def on_resize(self) -> None:
        self.query_one("#source").set_class(self.size.width >= _COLUMNS_FOR_ONE_ROW, "across")

    @on(RadioSet.Changed, "#source")
    def _show_source(self) -> None:
        for kind in _KINDS:
            self.query_one(f"#for-{kind.name}").display = kind is self._kind

    @on(Input.Changed, "#base-url")
    def _show_pattern(self) -> None:
        pattern = regional_pattern(self._text("base_url") or GLOBAL_URL)
        self.query_one("#regional-url", Input).placeholder = pattern

    @property
    def _kind(self) -> _Kind:
        return _KINDS[max(0, self.query_one("#source", RadioSet).pressed_index)]

    def _text(self, key: str) -> str:
        return self.query_one(f"#{_id(key)}", Input).value.strip()

    def draft(self, *, home: Path | None) -> Profile:
        """The profile as typed, `~/` below home. Raises ProfileError whose `key` names a field."""
        name = self._text("name")
        check_name(name)
        values = {key: self._values[key] for key in _KEPT if key in self._values}
        values["token"] = {key: self._source_value(key) for key, *_ in self._kind.fields}
        values["regions"] = self._text("regions").replace(",", " ").split()
        values["read_only"] = self.query_one("#mode", RadioSet).pressed_index == 1
        for key in ("base_url", "regional_url", "label", "colour"):
            if text := self._text(key):
                values[key] = text
        return profile_from_mapping(name, values, home=home)

    def _source_value(self, key: str) -> str | list[str]:
        text = self._text(f"token.{key}")
        if key != "command":
            return text
        try:
            return shlex.split(text)
        except ValueError:
            raise ProfileError(
                "A quotation mark is not closed.", key="token.command", mend="Close it."
            ) from None

    def mark(self, key: str | None) -> None:
        """Marks the field that is at fault and focuses it; None removes the mark."""
        for caption in self.query(".caption.at-fault"):
            caption.remove_class("at-fault", "bad")
            if isinstance(caption, Static):
                caption.update(str(caption.content).removeprefix("! "))
        if not key or not key.isascii():
            return
        for field in self.query(f"#{_id(key)}").results(Input):
            caption = self.query_one(f"#caption-{field.id}", Static)
            caption.add_class("at-fault", "bad")
            caption.update(f"! {caption.content}")
            field.focus()


def _field(
    id: str, caption: str, text: str, example: str, *, suggest: tuple[str, ...] = ()
) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Static(caption, id=f"caption-{id}", classes="caption", markup=False)
        suggester = SuggestFromList(suggest) if suggest else None
        yield GuardedInput(text, placeholder=example, id=id, compact=True, suggester=suggester)


def _id(key: str) -> str:
    """The id of the field for a key of a profile."""
    return key.replace(".", "-").replace("_", "-")


def _written(value: object) -> str:
    return shlex.join(value) if isinstance(value, list) else str(value)
