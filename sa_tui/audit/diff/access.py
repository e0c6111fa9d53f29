"""Which access is gained or lost, and by which raw change.

The rule it keeps: what another role gave before is not gained, and what one still gives is not
lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.grants import gives
from sa_tui.audit.diff.model import Cause, Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Subject
    from sa_tui.audit.diff.model import About, Code

    Scope = tuple[str, str | None, str | None, str | None]


def scopes_of(subject: Subject | None, *, is_own: bool = False) -> Mapping[Scope, list[Grant]]:
    """What it holds, with every grant that gives it; with `is_own` the roles assigned to itself.

    Roles that could not be read in full are left out.
    """
    found: dict[Scope, list[Grant]] = {}
    for grant in subject.grants if subject is not None else ():
        if grant.is_known and not (is_own and (grant.via is not None or grant.is_implied)):
            found.setdefault(grant.scope, []).append(grant)
    return found


def unreadable(subject: Subject | None) -> frozenset[str | None]:
    """The assignments of its own that could not be read in full."""
    grants = subject.grants if subject is not None else ()
    own = (grant for grant in grants if grant.via is None and not grant.is_known)
    return frozenset(grant.assignment_id for grant in own)


def changed_access(about: About, before: Subject | None, after: Subject | None) -> Iterator[Change]:
    """What an account or a person can do that it could not, and the other way round."""
    yield from _more(about, before, after, code="access_gained")
    yield from _more(about, after, before, code="access_lost")


def _more(
    about: About, here: Subject | None, there: Subject | None, *, code: Code
) -> Iterator[Change]:
    """What it can do there, and not here."""
    held = scopes_of(here)
    for scope, grants in scopes_of(there).items():
        # A list of entities that only one side has makes a role stray on that side alone.
        giving = [grant for grant in grants if not grant.is_stray]
        if scope in held or not giving or _is_given(here, giving[0]):
            continue
        yield Change(code=code, about=about, grant=giving[0], causes=_causes(here, giving))


def _is_given(subject: Subject | None, grant: Grant) -> bool:
    """Whether something else that it holds gives the same."""
    held = subject.grants if subject is not None else ()
    return any(gives(other, grant) is Answer.YES for other in held)


def _causes(here: Subject | None, grants: Iterable[Grant]) -> tuple[Cause, ...]:
    """Why it has these grants there, each path once."""
    team_ids = {team.id for team in here.teams} if here is not None else set()
    causes: dict[tuple[str, str | None], Cause] = {}
    for grant in grants:
        via = grant.via
        if here is None:
            cause = Cause(raw="made", via=via)
        elif via is not None and via.team_id not in team_ids:
            cause = Cause(raw="member", via=via)
        else:
            cause = Cause(raw="role", via=via)
        causes.setdefault((cause.raw, via.team_id if via else None), cause)
    return tuple(causes[key] for key in sorted(causes, key=lambda key: (key[0], key[1] or "")))
