"""Who reaches an entity, in words: those who administer it first, each with the role and path.

What could not be read is said to be unknown.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sa_tui.access.why import reaching
from sa_tui.base.text import one_line
from sa_tui.ui.roles.grant_words import TIERS, path_cell, subject_name

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.access.subjects import Access
    from sa_tui.access.why import Reach
    from sa_tui.konnect.models import Entity

MOST_NAMES: Final = 12
"""How many are named for each tier; the page of the entity has all."""


def reached_by(access: Access, entity: Entity, now: datetime, *, is_coming: bool) -> Text:
    """The entity and everybody who reaches it; `is_coming` while others are still being read."""
    text = Text.assemble((one_line(entity.name) or "(no name)", "bold"))
    text.append(f"\n{one_line(f'{entity.entity_type_name} in {entity.region}')}")
    text.append(f"\n{one_line(entity.id)}")
    # A role that only creates does not reach an entity that exists.
    reaches = [reach for reach in reaching(access, entity) if reach.tier != "C"]
    if is_coming:
        reaches = [reach for reach in reaches if reach.tier != "?"]
    for tier, group in groupby(reaches, key=lambda reach: reach.tier):
        members = sorted(group, key=lambda reach: reach.subject.name.casefold())
        title = "May reach it: not all is known" if tier == "?" else TIERS[tier].capitalize()
        text.append("\n\n").append(f"{title} · {len(members):,}", "bold")
        for reach in members[:MOST_NAMES]:
            text.append("\n").append_text(_line(reach, now))
        if (more := len(members) - MOST_NAMES) > 0:
            text.append(f"\nand {more:,} more: Enter", "dim")
    if access.missing is not None:
        doubt = "Others are still being read." if is_coming else "Others may reach it: not all"
        text.append(f"\n\n{doubt if is_coming else f'{doubt} was read.'}", "yellow")
    elif not reaches:
        text.append("\n\nNobody reaches it.")
    return text


def _line(reach: Reach, now: datetime) -> Text:
    """One of them, by which role, and whether it has a token that works."""
    text = Text(one_line(subject_name(reach.subject)))
    if reach.grants:
        grant = reach.grants[0]
        text.append(f" · {one_line(grant.role or '?')}, {one_line(path_cell(grant).plain)}", "dim")
    live_count, is_sure = reach.subject.live_tokens(now)
    if reach.subject.kind == "account" and not live_count:
        text.append(" · no live token" if is_sure else " · tokens unknown", "dim")
    return text
