"""In which format and where to the operator last exported; the next export proposes the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["csv", "json", "md", "command"]
FORMS: dict[Form, str] = {"csv": "CSV", "json": "JSON", "md": "Markdown", "command": "Command"}
ENDINGS: dict[Form, str] = {"csv": "csv", "json": "json", "md": "md", "command": "sh"}
PLACES = {"file": "File", "clipboard": "Clipboard"}


@dataclass(frozen=True)
class ExportChoice:
    """A format and a destination; `output` is the format that a command line asks for."""

    form: Form = "csv"
    place: str = "file"
    output: str = "csv"
