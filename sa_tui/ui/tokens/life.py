"""The life of a token as one line of text, readable without colour.

    2026-09-19 ├━━━━━━━━━━●━━━◆━│┄┄┄┄┄┄┄┤ 2026-12-18

Solid is the past, broken the time to come; ● is the last use, ◆ the making of its successor, │ now.
Konnect does not tell the first use. What is not known is a `?`, and is not drawn.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from rich.text import Text

if TYPE_CHECKING:
    from sa_tui.konnect.models import AccessToken

MIN_WIDTH: Final = 36
"""The fewest cells in which a life can be drawn: two dates and a dozen cells between them."""

_DATE_WIDTH: Final = 10
_BEGIN, _USED, _SUCCESSOR, _NOW, _END, _ENDLESS = "├●◆│┤→"
_PAST, _FUTURE = "━┄"
_SHORTEST: Final = timedelta(minutes=1)


def life_line(
    token: AccessToken, now: datetime, *, width: int, successor: AccessToken | None = None
) -> Text:
    """The life of the token in exactly `width` cells; empty below MIN_WIDTH."""
    if width < MIN_WIDTH:
        return Text()
    begins_at, ends_at = token.created_at, token.expires_at
    moments = [moment for moment in (begins_at, token.last_used_at, now) if moment is not None]
    scale_start = min(moments)
    scale_end = ends_at or now + (now - scale_start) / 4
    scale_end = max(scale_end, scale_start + _SHORTEST)
    room = width - 2 * (_DATE_WIDTH + 1)

    def cell(moment: datetime) -> int:
        share = (moment - scale_start) / (scale_end - scale_start)
        return min(max(round(share * (room - 1)), 0), room - 1)

    over = cell(min(now, scale_end))
    line = list(_PAST * over + _FUTURE * (room - over))
    if now < scale_end:
        line[over] = _NOW
    if successor is not None and successor.created_at is not None:
        line[cell(successor.created_at)] = _SUCCESSOR
    if token.last_used_at is not None:
        line[cell(token.last_used_at)] = _USED
    if begins_at is not None and line[0] != _USED:
        line[0] = _BEGIN
    if line[-1] != _USED:
        line[-1] = _end(token)
    return Text.assemble(
        (_date(token, "created_at", absent="?"), "dim"),
        " ",
        "".join(line),
        " ",
        (_date(token, "expires_at", absent="never ends"), "dim"),
        no_wrap=True,
    )


def _end(token: AccessToken) -> str:
    if "expires_at" in token.unreadable:
        return "?"
    return _ENDLESS if token.expires_at is None else _END


def _date(token: AccessToken, field: str, *, absent: str) -> str:
    """The date of a moment in UTC, in ten cells."""
    moment: datetime | None = getattr(token, field)
    if field in token.unreadable:
        text = "?"
    else:
        text = absent if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d}"
    return text.ljust(_DATE_WIDTH) if field == "expires_at" else text.rjust(_DATE_WIDTH)
