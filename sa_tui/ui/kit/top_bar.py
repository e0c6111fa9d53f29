"""The line at the top: where the operator is, as whom, what may be done, how old the data is.

The label of the profile and the age of a file are never cut. What has no room gives way in this
order: the end of the token, the region, ids, the age, the organisation, the caller, the profile's
name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from sa_tui.base.text import ELLIPSIS, one_line
from sa_tui.base.times import ago, until
from sa_tui.org.summary import token_state
from sa_tui.ui.kit.safe import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.host import Host

PROGRAM = " sa-tui"
NAME_SHARE = 4
"""The name of a profile takes at most one in so many cells of the line."""

LEAST_CELLS = 6
"""A text that is cut keeps so many cells, or is left out."""

WIDE_COLUMNS = 120
"""A terminal of this width shows the organisation's id."""

BREAK, DOT = "  ", " · "


class _Part(NamedTuple):
    """One text of the line; with `short` in place of `text` where there is little room."""

    text: str
    rank: int
    short: str = ""


class TopBar(Line):
    """Shows the profile, its label, READ-ONLY, the organisation, the caller and the age."""

    def __init__(self) -> None:
        super().__init__(PROGRAM, markup=False)

    def show(self, host: Host, *, width: int) -> None:
        """Shows the present state; an unchanged text is not sent again."""
        profile = host.profile
        self.set_classes(f"colour-{profile.colour}" if profile else "")
        if self.content != (text := _line(host, width)):
            self.update(text, layout=False)


def _line(host: Host, width: int) -> Text:
    text = Text(PROGRAM, style="bold", no_wrap=True, overflow="ellipsis")
    if (profile := host.profile) is None:
        return text.append(f"{BREAK}no profile", style="not bold")
    # The colour's name in place of a label: not everybody sees colours.
    label = profile.label or (profile.colour if profile.colour != "none" else "")
    flags = [f"[{one_line(label)}]"] if label else []
    if host.file_age:
        flags.append(f"FROM FILE {host.file_age}")
    elif host.is_read_only:
        flags.append("READ-ONLY")
    room = width - cell_len(PROGRAM + BREAK) - sum(cell_len(flag) + 1 for flag in flags)
    name = cut(one_line(profile.name), min(width // NAME_SHARE, room))
    text.append(f"{BREAK}{name}", style="bold")
    for flag in flags:
        text.append(" ").append(flag, style="bold reverse")
    state = DOT.join(_fitting(tuple(_state(host, width)), room - cell_len(name + BREAK)))
    return text.append(f"{BREAK}{state}" if state else "", style="not bold")


def _state(host: Host, width: int) -> Iterator[_Part]:
    """What is said after the profile; the lowest rank is the last to be left out."""
    snapshot, now = host.snapshot, host.now()
    if host.problem:
        yield _Part("not connected", 0)
        return
    organization, me = snapshot.organization, snapshot.me
    if (value := organization.value) is not None:
        yield _Part(one_line(value.name or value.id), 1)
        if value.name and width >= WIDE_COLUMNS:
            yield _Part(one_line(value.id), 3)
    else:
        yield _Part("organisation unknown" if organization.error else "connecting…", 1)
    if host.profile is not None and host.profile.regions:
        yield _Part(" ".join(host.profile.regions), 4)
    if me.value is not None:
        caller = one_line(me.value.email or me.value.full_name or me.value.id)
        local, at, _ = caller.partition("@")
        yield _Part(caller, 0, f"{local}{at}{ELLIPSIS}" if at else "")
    elif not snapshot.has_person:
        yield _Part("a system account", 0)
    elif me.error is not None:
        yield _Part("caller unknown", 0)
    if (read_at := snapshot.accounts.read_at) is not None and not host.file_age:
        yield _Part(f"read {ago(read_at, now)}", 2)
    if (ends_at := _own_end(snapshot, now)) is not None:
        yield _Part(f"your token ends {until(ends_at, now)}", 5)


def _own_end(snapshot: Snapshot, now: datetime) -> datetime | None:
    """When the caller's token ends; None unless it is certain which token that is.

    Konnect does not say which token asks. It can only be the one that is live if all the others of
    the caller are known and over.
    """
    if (me := snapshot.me.value) is None:
        return None
    tokens = snapshot.user_details_of(me.id).tokens
    usable = [token for token in tokens.rows if token_state(token, now) in ("live", "unknown")]
    is_certain = tokens.is_whole and len(usable) == 1
    return usable[0].expires_at if is_certain else None


def _fitting(parts: tuple[_Part, ...], room: int) -> Iterator[str]:
    """The parts that have room, in their order, first as short as they can be."""
    texts: dict[int, str] = {}
    by_rank = sorted(range(len(parts)), key=lambda number: parts[number].rank)
    for number in by_rank:
        part = parts[number]
        cells = room - (cell_len(DOT) if texts else 0)
        text = part.short or part.text
        if cell_len(text) > cells:
            if cells < LEAST_CELLS or part.rank > 1:
                break
            text = cut(text, cells)
        texts[number] = text
        room = cells - cell_len(text)
    for number in by_rank:
        more = cell_len(parts[number].text) - cell_len(texts.get(number, ""))
        if number in texts and parts[number].short and more <= room:
            texts[number] = parts[number].text
            room -= more
    return (texts[number] for number in sorted(texts))


def cut(text: str, cells: int) -> str:
    """The text in so many cells at most; what is cut ends with an ellipsis."""
    if cell_len(text) <= cells:
        return text
    return f"{set_cell_size(text, max(0, cells - 1)).rstrip()}{ELLIPSIS}" if cells > 0 else ""
