"""Who holds which grants in one snapshot; sentences say what was not read.

The rule it keeps: a subject is `is_complete` only if none of its access can be missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from sa_tui.access.answer import Answer, any_of
from sa_tui.access.catalogue import TYPES
from sa_tui.access.grants import Grant, has, mints
from sa_tui.access.lists import Lists, wanted_lists
from sa_tui.access.query.grant_terms import kinds_named
from sa_tui.base.text import sought
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sa_tui.access.grants import Question
    from sa_tui.access.query.language import Query
    from sa_tui.access.team_grants import TeamGrants
    from sa_tui.konnect.models import AccessToken, Entity, Listing, Row, Team
    from sa_tui.org.reading.entities import Pair
    from sa_tui.org.snapshot import Part

Kind = Literal["account", "person", "team"]


class Source(NamedTuple):
    """What a subject was made from: its row, its details, and what its teams give."""

    row: Row
    read: object
    teams: tuple[TeamGrants, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """An account, a person or a team, with everything that gives it access.

    `missing` says which roles, teams and team roles could not be read. `teams` and `tokens` are
    those that were read: `roles_missing`, `teams_missing` and `tokens_missing` say why some may be
    missing. `is_managed` is None if that is not known; Konnect manages only accounts.
    `can_sign_in` is whether it needs no token, as an active person. A bare word of a query looks
    in `texts`. With `token` the subject stands for that one token in a list of tokens.
    `other_names` are those of a predefined team besides the one that is shown.
    """

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    description: str = ""
    created_at: datetime | None = None
    kind: Kind = "account"
    is_managed: bool | None = False
    can_sign_in: bool | None = False
    texts: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    missing: tuple[str, ...] = ()
    roles_missing: str | None = None
    teams: tuple[Team, ...] = ()
    teams_missing: str | None = None
    tokens: tuple[AccessToken, ...] = ()
    tokens_missing: str | None = None
    token: AccessToken | None = None
    made_from: Source | None = field(default=None, repr=False)

    @cached_property
    def haystack(self) -> str:
        """The casefolded texts, one on each line."""
        return sought(*self.texts)

    @property
    def is_complete(self) -> bool:
        """Whether the grants are all there are."""
        return not self.missing

    def has(self, question: Question) -> Answer:
        """Whether its grants give what the question asks for."""
        return has(self.grants, question, is_complete=self.is_complete)

    @property
    def can_mint(self) -> Answer:
        """Whether it can issue tokens for any account, and so act as it."""
        return any_of((*map(mints, self.grants), Answer(0 if self.is_complete else 1)))

    def live_tokens(self, now: datetime) -> tuple[int, bool]:
        """How many tokens work now, and whether that is certain."""
        states = [token_state(token, now) for token in self.tokens]
        is_sure = not self.tokens_missing and "unknown" not in states
        return states.count("live"), is_sure

    def is_armed(self, now: datetime) -> Answer:
        """Whether its access can be used now: with a token that works, or by signing in.

        A person who is not active was disabled, or has not confirmed their e-mail address: only
        their tokens count.
        """
        live, is_sure = self.live_tokens(now)
        if live or self.can_sign_in:
            return Answer.YES
        return Answer.NO if is_sure and self.can_sign_in is False else Answer.UNKNOWN

    @property
    def last_used_at(self) -> datetime | None:
        """When one of its tokens was last used, as far as tokens were read."""
        used_at = (token.last_used_at for token in self.tokens if token.last_used_at)
        return max(used_at, default=None)

    def without(self, *removed: Grant) -> Subject:
        """The subject without these grants; grants that are equal to them stay."""
        ids = set(map(id, removed))
        return replace(self, grants=tuple(grant for grant in self.grants if id(grant) not in ids))

    def for_token(self, token: AccessToken, now: datetime) -> Subject:
        """The subject for a list of tokens: terms about a token are asked of this one only.

        A bare word looks in names and ids, in the state, and in `unused` for one never used.
        """
        is_unused = token.last_used_at is None and "last_used_at" not in token.unreadable
        unused = ("unused",) if is_unused else ()
        texts = (self.name, token.name, self.id, token.id, token_state(token, now), *unused)
        return replace(self, token=token, texts=texts)


@dataclass(frozen=True, kw_only=True, eq=False)
class Access:
    """Who holds what in one organisation, by one snapshot.

    `missing` says why accounts or people may be missing from it, `teams_missing` why teams may.
    """

    subjects: tuple[Subject, ...]
    missing: str | None = None
    entities: Mapping[tuple[str, str], Part[Listing[Entity]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    regions: tuple[str, ...] = ()
    teams: tuple[Team, ...] = ()
    teams_missing: str | None = "not read"

    @cached_property
    def _by_id(self) -> dict[str, Subject]:
        return {subject.id: subject for subject in self.subjects}

    def subject(self, subject_id: str) -> Subject | None:
        """The subject with this id."""
        return self._by_id.get(subject_id)

    @cached_property
    def lists(self) -> Lists:
        """The lists that name entities."""
        return Lists(
            parts=self.entities,
            regions=self.regions,
            held=lambda: (
                (grant.kind, grant.entity_id, grant.region)
                for subject in self.subjects
                for grant in subject.grants
            ),
        )

    @property
    def entities_by_id(self) -> Mapping[str, Entity]:
        """Every entity whose name could be read."""
        return self.lists.by_id

    @cached_property
    def has_strays(self) -> bool:
        """Whether a grant names a region where its entity is not."""
        return any(grant.is_stray for subject in self.subjects for grant in subject.grants)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The keys of all types on which a role is held."""
        return frozenset(grant.kind for subject in self.subjects for grant in subject.grants)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role that is held, and those in the table."""
        held = {grant.role for subject in self.subjects for grant in subject.grants if grant.role}
        return frozenset(held.union(*(entity_type.roles for entity_type in TYPES)))

    def kinds_named(self, value: str) -> frozenset[str]:
        """The keys of the types that a value of a query names."""
        return kinds_named(value, known=self.kinds)

    def lists_for(self, query: Query) -> tuple[Pair, ...]:
        """The lists that a query needs before its answers about names are certain."""
        return wanted_lists(query, self.regions, kinds_named=self.kinds_named)

    def entity_name(self, entity_id: str | None) -> str | None:
        """The name of an entity; None if it is not visible."""
        entity = self.entities_by_id.get(entity_id or "")
        return entity.name if entity else None

    @cached_property
    def is_complete(self) -> bool:
        """Whether no subject and no access of a subject can be missing."""
        return self.missing is None and all(subject.is_complete for subject in self.subjects)
