"""Opens what was jumped to: each kind of name has its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.jumps import Jump
from sa_tui.access.query.language import Term
from sa_tui.access.query.language import show as as_text
from sa_tui.ui.kit import go
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.jump import JumpDialog
from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.sections import SECTIONS
from sa_tui.ui.kit.too_small import TooSmall

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.ui.kit.host import Host
    from sa_tui.ui.session import Session

_HANDOVERS, _CALENDAR = "handovers", "calendar"


def why_not_now(app: Session) -> str:
    """Why nothing else can be opened: a secret is on the screen, or something is being sent."""
    stay = (page.must_stay for page in reversed(app.screen_stack) if isinstance(page, Page))
    return next(filter(None, stay), "")


def is_possible(app: Session) -> bool:
    """Whether the page on top lets another one be opened by name."""
    top = app.screen
    is_deaf = isinstance(top, Dialog) and top.is_without_focus
    return not (is_deaf or isinstance(top, JumpDialog | TooSmall))


def page_jumps() -> tuple[Jump, ...]:
    """The pages that are to be found by their names: the sections, and those of tokens."""
    sections = (Jump("page", item.name, item.label, item.help) for item in SECTIONS)
    return (
        *sections,
        Jump("page", _HANDOVERS, "Hand-overs", "See those and the rotations under way"),
        Jump("page", _CALENDAR, "Calendar", "See when tokens end"),
    )


def open_jump(
    host: Host,
    jump: Jump,
    *,
    open_section: Callable[[str], None],
    open_handovers: Callable[[], None],
) -> None:
    """Opens the page of what was chosen."""
    match jump.kind:
        case "page" if jump.id == _HANDOVERS:
            open_handovers()
        case "page" if jump.id == _CALENDAR:
            host.post_message(go.ShowCalendar())
        case "page":
            open_section(jump.id)
        case "account":
            host.post_message(go.OpenAccount(jump.id))
        case "token":
            host.post_message(go.OpenAccount(jump.of, token_id=jump.id))
        case "team":
            host.post_message(go.OpenTeam(jump.id))
        case "person":
            if not host.access.with_people:  # else nothing is known of anybody
                host.access.count_people(with_people=True)
            host.post_message(go.Explain(jump.id))
        case "role":
            host.post_message(go.AskWho(as_text(Term("role", ":", jump.id))))
        case "query":
            host.post_message(go.AskWho(jump.id))
        case "entity":
            _open_entity(host, jump.id)


def _open_entity(host: Host, entity_id: str) -> None:
    from sa_tui.ui.access.entity import EntityScreen

    if (entity := host.snapshot.entity(entity_id)) is not None:
        host.push_screen(EntityScreen(entity))
