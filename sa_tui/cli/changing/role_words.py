"""The type, the roles and the regions that a command line names, as Konnect names them.

The rule it keeps: a word that is certainly wrong is refused with the nearest that is right. What
Konnect's own lists would have to say, and could not, is taken as it was given.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import canonical_key, find_type, offered_types, type_key
from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError
from sa_tui.konnect.regions import EVERY
from sa_tui.org.reading.entities import regions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.snapshot import Snapshot


def find_type_name(text: str, snapshot: Snapshot, held: Iterable[AssignedRole] = ()) -> str:
    """The name of an entity type, given by Kong's name in any spelling or by its short name.

    The type of a role that is `held` may be one that Konnect no longer offers. Raises UsageError.
    """
    offered = {type_key(row.name): row.name for row in offered_types(snapshot.catalogue.value)}
    known = find_type(text)
    old = {type_key(role.entity_type_name or ""): role.entity_type_name for role in held}
    key = canonical_key(known.name if known is not None else text)
    name = offered.get(key) or old.get(type_key(text))
    if name is not None:
        return name
    if snapshot.catalogue.value is None:
        return text
    shorts = [kind.short for kind in map(find_type, offered.values()) if kind is not None]
    raise _unknown("entity type", text, [*offered.values(), *shorts], shown=offered.values())


def find_role_names(
    words: Sequence[str], type_name: str, snapshot: Snapshot, held: Iterable[AssignedRole] = ()
) -> tuple[str, ...]:
    """The names of these roles on a type. Raises UsageError for one that the type does not have."""
    offered = offered_types(snapshot.catalogue.value)
    names = [role.name for row in offered if row.name == type_name for role in row.roles]
    names += [role.role_name for role in held if role.role_name]
    return tuple(dict.fromkeys(_role_name(word, type_name, names, snapshot) for word in words))


def _role_name(text: str, type_name: str, names: Sequence[str], snapshot: Snapshot) -> str:
    if text in names:
        return text
    same = {name for name in names if name.casefold() == text.casefold()}
    if len(same) == 1:
        return same.pop()
    if snapshot.catalogue.value is None:  # Konnect may know more roles than the own table
        return text
    raise _unknown(f"role on {type_name}", text, names, shown=names)


def check_regions(regions: Sequence[str], snapshot: Snapshot) -> None:
    """Raises UsageError for a region that Konnect does not list; `*` is every one."""
    known = (*regions_of(snapshot), EVERY)
    for region in regions if snapshot.regions.value is not None else ():
        if region not in known:
            raise _unknown("region", region, known, shown=known)


def _unknown(what: str, text: str, names: Iterable[str], *, shown: Iterable[str]) -> UsageError:
    by_fold = {name.casefold(): name for name in names}
    near = get_close_matches(text.casefold(), by_fold, n=1, cutoff=0.6)
    guess = f'Did you mean "{by_fold[near[0]]}"? ' if near else ""
    listed = ", ".join(dict.fromkeys(shown)) or "none"
    return UsageError(f'There is no {what} "{one_line(text)}". {guess}There are: {listed}.')
