"""Entities in words: the name if it is known, else a short id and what is known about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.base.words import short_id
from sa_tui.org.reading.entities import Sight, listings_of, look_up, unread_listings
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.host import Host


def read_names(host: Host, roles: Iterable[AssignedRole], *, again: bool = False) -> None:
    """Reads the lists that name the entities of these roles; lists read before only if `again`."""
    if host.org is None:
        return
    roles = tuple(roles)
    if again:
        pairs = tuple(pair for role in roles for pair in listings_of(role, host.snapshot))
    else:
        pairs = unread_listings(roles, host.snapshot)
    if pairs:
        from sa_tui.org.reading.naming import read_lists

        reading = read_lists(host.org, pairs, roles, again=again)
        host.run_worker(reading, group=DETAILS)


def entity_cell(role: AssignedRole, snapshot: Snapshot) -> Text:
    """The entity of a role in a table."""
    sighting = look_up(role, snapshot)
    if sighting.sight is Sight.EVERYTHING:
        return Text("* (all)")
    if sighting.sight is Sight.NAMED:
        return Text(sighting.name)
    if sighting.sight is Sight.ELSEWHERE:
        return Text.assemble(sighting.name, (" reaches nothing", "bad"))
    if role.entity_id is None:
        return Text("?", style="bad")
    text = Text(short_id(role.entity_id))
    if sighting.sight is Sight.GONE:
        text.append(" does not exist", style="bad")
    elif sighting.sight is not Sight.UNREAD:
        text.append(f" {sighting.sight}", style="quiet")
    return text
