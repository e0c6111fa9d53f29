"""Three lines for a first start: what to try. They go when another page opens, or by Esc."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text

from sa_tui.ui.kit.safe import Static

LINES = (
    ("i", " issues a token · ", "Enter", " opens an account · ", "Space", " marks several"),
    ("4", " asks who can do what, such as ", "role:Admin type:cp entity:prod*"),
    ("g", " jumps to anything by its name · ", "?", " explains this page · ", "Esc", " hides this"),
)
"""What to try: keys, or what is to be typed, and words in turn."""


class Welcome(Static):
    """The lines, below the list; not on a terminal where the list needs the room."""

    DEFAULT_CSS: ClassVar[str] = """
    Welcome { height: 3; padding: 0 1; background: $surface; }
    """
    LEAST_HEIGHT: ClassVar[int] = 20

    def __init__(self) -> None:
        text = Text(no_wrap=True, overflow="ellipsis")
        for number, parts in enumerate(LINES):
            text.append("\n" if number else "")
            for part in parts:
                text.append(part, style="" if part.startswith(" ") else "bold")
        super().__init__(text, markup=False)

    def on_mount(self) -> None:
        self.display = self.app.size.height >= self.LEAST_HEIGHT
