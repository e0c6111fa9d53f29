"""The table of keys: a key has one meaning, and has it on every page.

Every binding is made from a row of this table, by `bind` in `keys.py`; a key that is in no row
cannot be bound. The footer, the help and the README's table follow from it.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Row(NamedTuple):
    """The keys of one meaning, as Textual names them, its label in the footer, and it in words.

    `place` orders the footer, lowest first; an action without one is in the help alone.
    """

    keys: str
    label: str
    words: str
    place: int = 0


class Means(Row, Enum):
    """What keys mean; the order is that of the README's table."""

    # Going
    OPEN = Row("enter", "Open", "open; go on with what is chosen; leave a finished hand-over", 10)
    BACK = Row(
        "escape,q,backspace",
        "Back",
        "one step back: stop, clear marks or filter, close, leave; on the first page `q` quits",
        90,
    )
    SECTION = Row("1,2,3,4,5,6,7,8", "Section", "the sections, or the destinations of a form", 22)
    BEFORE = Row("minus", "Page before", "the page before")
    HISTORY_BACK = Row("left_square_bracket", "Earlier page", "back through the pages")
    HISTORY_ON = Row("right_square_bracket", "Later page", "forward again through the pages")
    JUMP = Row("g,ctrl+k", "Jump", "jump to anything by its name", 70)
    UP = Row("up,k", "Up", "up; in a line for text, what was typed before")
    DOWN = Row("down,j", "Down", "down; in a line for text, what was typed after it")
    LEFT = Row("left,h", "Left", "to the left: a column, the side before, or back")
    RIGHT = Row("right,l", "Right", "to the right: a column, or the other side")
    PAGE_UP = Row("pageup,ctrl+u", "Page up", "up by a screen")
    PAGE_DOWN = Row("pagedown,ctrl+f", "Page down", "down by a screen")
    TOP = Row("less_than_sign,home", "Top", "the top of a list")
    BOTTOM = Row("greater_than_sign,end", "Bottom", "the bottom of a list")
    DETAIL_DOWN = Row("J", "Detail down", "down by a screen in what stands beside a list")
    DETAIL_UP = Row("K", "Detail up", "up by a screen in what stands beside a list")
    NEXT = Row("tab", "Next part", "the next part or the other side; complete what is typed", 58)
    PREVIOUS = Row("shift+tab", "Part before", "the part before")
    # Looking
    FILTER = Row("slash", "Filter", "filter by words and by access; `Tab` completes", 23)
    SORT = Row("s", "Sort", "sort by the next column", 35)
    REVERSE = Row("S", "Reverse", "reverse the order")
    REFRESH = Row("r", "Refresh", "read again", 60)
    REST = Row("plus", "The rest", "the rest: what was not read, or is not shown", 62)
    ACCESS = Row("v", "Access", "see all that it can do, and why", 30)
    WHO = Row("w", "Who", "see who has this", 30)
    BY = Row("b", "By", "other columns: by type, role or region", 36)
    PEOPLE_TOO = Row("at", "People", "count people in, or leave them out", 44)
    COMPARE = Row("equals_sign", "Compare", "compare two", 46)
    DIFFERENCES = Row("exclamation_mark", "Differences", "only what differs", 36)
    COPY = Row(
        "y,f3",
        "Copy",
        "copy: the id, the trace id, the requests, or the secret (`F3` in a form)",
        52,
    )
    REQUESTS = Row("dollar_sign,f2", "Requests", "the requests as curl (`F2` in a form)", 14)
    EXPORT = Row("e", "Export", "export what is shown", 64)
    CALENDAR = Row("C", "Calendar", "the calendar of expiries", 66)
    HANDOVERS = Row("H", "Hand-overs", "the hand-overs and rotations under way", 66)
    # Marking
    MARK = Row("space", "Mark", "mark a row; switch an option on or off", 48)
    MARK_TO = Row("M,shift+up,shift+down", "Mark to here", "mark from the last mark to here", 49)
    MARK_ALL = Row("A", "Mark all", "mark all that the filter shows", 50)
    INVERT = Row("I", "Invert", "mark the others instead", 51)
    # Changing
    SEND = Row("Y", "Send", "send: go on with what was asked", 5)
    RETRY = Row("f", "Try again", "try again what failed", 15)
    UNDO = Row("u", "Undo", "undo", 16)
    ISSUE = Row("i", "Issue token", "issue a token", 20)
    ROTATE = Row("o", "Rotate", "rotate a token, or all marked", 24)
    RETIRE = Row("R", "Retire", "retire the old token of a rotation")
    TAKE_AWAY = Row(
        "x",
        "Take away",
        "take away the row or all marked: tokens, roles, members, a profile",
        22,
    )
    REVOKE_ALL = Row("X", "Revoke all", "revoke all tokens here", 54)
    ASSIGN = Row("a", "Assign", "assign roles, also to all marked", 26)
    MEMBERSHIPS = Row("m", "Memberships", "an account's teams, a team's accounts", 32)
    PEOPLE = Row("p", "People", "a team's people", 34)
    NEW = Row("n", "New", "a new account, team or profile", 37)
    CLONE = Row("c", "Clone", "a new one like this")
    EDIT = Row("E", "Edit", "edit the account, team or profile", 38)
    RENAME = Row("N", "Rename", "rename the token", 28)
    DELETE = Row("D", "Delete", "delete the account or the team, or all marked")
    # The secret of a new token, and tests
    DELIVER = Row("d", "Deliver", "deliver the secret", 17)
    SHOW = Row("asterisk", "Show", "show the secret or mask it", 70)
    BARE = Row("P", "Bare page", "the secret alone on a bare page", 72)
    VERIFY = Row("V", "Verify", "verify the new token with one call", 74)
    TEST = Row("t", "Test", "test the profile or the clipboard", 76)
    BLANK = Row("B", "Blank", "blank the clipboard", 78)
    # The program
    COMMAND = Row("colon", "Command", "a command by its name, such as `:issue`", 80)
    HELP = Row("question_mark", "Help", "this page in words, its keys, queries to try", 91)
    PALETTE = Row("ctrl+p", "Palette", "choose among all actions")
    REDRAW = Row("ctrl+l", "Redraw", "draw the screen again")
    SUSPEND = Row("ctrl+z", "Suspend", "back to the shell; `fg` returns")
    LEAVE = Row("ctrl+q", "Quit", "leave as soon as the change under way has its answer")

    @property
    def command(self) -> str:
        """What can be typed after `:` for it, unless a page names it more exactly."""
        return self.name.lower().replace("_", "-")


ALWAYS_TOLD = frozenset({Means.BACK, Means.HELP})
"""What the footer tells however narrow it is."""


def meaning_of(key: str) -> Means | None:
    """What a key means, by its name in Textual; None for a key that the table does not have."""
    return _BY_KEY.get(key)


_BY_KEY = {key: meaning for meaning in Means for key in meaning.keys.split(",")}
