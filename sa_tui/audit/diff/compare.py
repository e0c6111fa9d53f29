"""Compares two snapshots of one organisation: what each holds, by id and by what roles give.

The rules it keeps: what one side did not read in full is not compared, and said so. Whatever is
compared one way is compared the other way as well, so that a difference mirrors its reverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from sa_tui.audit.diff.access import changed_access, scopes_of, unreadable
from sa_tui.audit.diff.findings import changed_findings
from sa_tui.audit.diff.model import About, Change, Code, Diff, NotCompared
from sa_tui.audit.diff.rows import changed_rows, changed_tokens
from sa_tui.audit.gaps import why_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sa_tui.access.subjects import Subject
    from sa_tui.audit.diff.model import AboutKind, Pair, Side, What
    from sa_tui.konnect.models import Listing, Row
    from sa_tui.org.snapshot import Part

_CODES = get_args(Code)
_LISTS: dict[AboutKind, What] = {
    "system_account": "system_accounts",
    "team": "teams",
    "user": "users",
}
_MADE: dict[AboutKind, Pair] = {
    "system_account": ("account_new", "account_gone"),
    "team": ("team_new", "team_gone"),
    "user": ("user_new", "user_gone"),
}


def compare_sides(old: Side, new: Side) -> Diff:
    """What changed from one side to the other. Both are of one organisation."""
    comparison = _Comparison(old, new)
    comparison.run()
    changes = tuple(sorted(comparison.changes, key=_order))
    return Diff(changes=changes, not_compared=tuple(comparison.gaps), unasked=comparison.unasked)


class _Comparison:
    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.changes: list[Change] = []
        self.gaps: list[NotCompared] = []
        self.unasked = 0
        self._open: set[AboutKind] = set()

    def run(self) -> None:
        """Compares everything that both sides have."""
        old, new = self.old.snapshot, self.new.snapshot
        is_known = self._is_whole("organization", None, old.organization, new.organization)
        for about, *rows in self._pairs("team", old.teams, new.teams):
            self._team(about, *rows)
        for about, *rows in self._pairs("system_account", old.accounts, new.accounts):
            self._member(about, (old.details_of, new.details_of), rows)
        if self.old.with_people and self.new.with_people:
            for about, *rows in self._pairs("user", old.people, new.people):
                self._member(about, (old.user_details_of, new.user_details_of), rows)
        if is_known:
            found = changed_findings(self.old, self.new, is_open=self._open)
            self.changes += found.changes
            self.gaps += found.not_compared
            self.unasked = found.unasked

    def _pairs(
        self, kind: AboutKind, old: Part[Listing[Any]], new: Part[Listing[Any]]
    ) -> Iterator[tuple[About, Any, Any]]:
        """Each thing with its two rows; it lacks one only if both lists are whole."""
        is_whole = self._is_whole(_LISTS[kind], None, old, new)
        if not is_whole:
            self._open.add(kind)
        befores = {row.id: row for row in old.rows}
        afters = {row.id: row for row in new.rows}
        for id in dict.fromkeys((*befores, *afters)):
            before, after = befores.get(id), afters.get(id)
            about = About(kind=kind, id=id, name=_name(after or before))
            if before is not None and after is not None:
                changes, gaps = changed_rows(about, before, after)
                self.changes += changes
                self.gaps += gaps
            elif is_whole:
                self.changes.append(Change(code=_MADE[kind][before is not None], about=about))
            else:
                continue
            yield about, before, after

    def _is_whole(
        self, what: What, about: About | None, old: Part[Any] | None, new: Part[Any] | None
    ) -> bool:
        """Whether both sides read it in full; None for something that was not there."""
        is_whole = True
        for part, is_old in ((old, True), (new, False)):
            reason = why_missing(part) if part is not None else None
            if part is not None and reason:
                is_whole = False
                gap = NotCompared(
                    what=what, about=about, is_old=is_old, reason=reason, error=part.error
                )
                self.gaps.append(gap)
        return is_whole

    def _team(self, about: About, before: Row | None, after: Row | None) -> None:
        sides = (self.old, before), (self.new, after)
        parts = [
            side.snapshot.team_details_of(about.id).roles if row is not None else None
            for side, row in sides
        ]
        if self._is_whole("assigned_roles", about, *parts):
            held = [side.teams[about.id] if row is not None else None for side, row in sides]
            self._roles(about, *held)

    def _roles(self, about: About, before: Subject | None, after: Subject | None) -> None:
        """The roles of its own."""
        befores, afters = scopes_of(before, is_own=True), scopes_of(after, is_own=True)
        self._unreadable(about, before, after)
        ways: tuple[tuple[Code, Any, Any, Side], ...] = (
            ("role_given", befores, afters, self.new),
            ("role_taken", afters, befores, self.old),
        )
        for code, here, there, side in ways:
            counts = side.accounts_by_team if about.kind == "team" else None
            reached = counts.get(about.id, 0) if counts is not None else None
            for scope, grants in there.items():
                if scope not in here:
                    self.changes.append(
                        Change(code=code, about=about, grant=grants[0], system_accounts=reached)
                    )

    def _member(
        self, about: About, details_of: tuple[Callable[[str], Any], ...], rows: Sequence[Any]
    ) -> None:
        """The tokens, roles, teams and access of an account or a person."""
        old, new = (
            find(about.id) if row is not None else None
            for find, row in zip(details_of, rows, strict=True)
        )
        tokens: What = "personal_access_tokens" if about.kind == "user" else "access_tokens"
        if self._is_whole(tokens, about, old and old.tokens, new and new.tokens):
            sides = (old and old.tokens, self.old.now), (new and new.tokens, self.new.now)
            changes, gaps = changed_tokens(about, *sides)
            self.changes += changes
            self.gaps += gaps
        before = self.old.access.subject(about.id) if rows[0] is not None else None
        after = self.new.access.subject(about.id) if rows[1] is not None else None
        has_roles = self._is_whole("assigned_roles", about, old and old.roles, new and new.roles)
        if has_roles:
            self._roles(about, before, after)
        has_teams = self._is_whole("teams", about, old and old.teams, new and new.teams)
        if has_teams:
            self._memberships(about, before, after)
        if has_roles and has_teams and self._has_access(about, before, after):
            self.changes += changed_access(about, before, after)

    def _memberships(self, about: About, before: Subject | None, after: Subject | None) -> None:
        befores = {team.id: team for team in before.teams} if before else {}
        afters = {team.id: team for team in after.teams} if after else {}
        ways: tuple[tuple[Code, Any, Any], ...] = (
            ("team_joined", befores, afters),
            ("team_left", afters, befores),
        )
        for code, here, there in ways:
            self.changes += [
                Change(code=code, about=about, team=team)
                for id, team in there.items()
                if id not in here
            ]

    def _has_access(self, about: About, before: Subject | None, after: Subject | None) -> bool:
        """Whether both sides know all that it can do; its own lists are whole."""
        is_known = True
        for subject, is_old in ((before, True), (after, False)):
            if subject is not None and subject.missing:
                is_known = False
                reason = " ".join(subject.missing)
                gap = NotCompared(what="access", about=about, is_old=is_old, reason=reason)
                self.gaps.append(gap)
        return is_known

    def _unreadable(self, about: About, before: Subject | None, after: Subject | None) -> None:
        """Adds roles that could not be read in full, unless both sides have the same ones."""
        kept = unreadable(before), unreadable(after)
        if kept[0] != kept[1]:
            reason = "a role could not be read in full"
            self.gaps += [
                NotCompared(what="assigned_roles", about=about, is_old=not index, reason=reason)
                for index, ids in enumerate(kept)
                if ids
            ]


def _name(row: Any) -> str:
    """The name of an account or a team, or that of a person."""
    if hasattr(row, "email"):
        return str(row.full_name or row.email or row.id)
    return str(row.name)


def _order(change: Change) -> tuple[object, ...]:
    """By kind, then by name; what else there is makes it the same in each run."""
    grant, token = change.grant, change.token
    scope = tuple(part or "" for part in grant.scope) if grant else ()
    return (
        _CODES.index(change.code),
        change.about.name.casefold(),
        change.about.id,
        scope,
        change.team.id if change.team else "",
        token.id if token else "",
        change.field or "",
        change.finding.fingerprint if change.finding else "",
    )
