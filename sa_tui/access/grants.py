"""Grants, questions about access, and their answers; grants only add to each other.

The rule it keeps: a field that could not be read is taken neither for `*` nor for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sa_tui.access.answer import Answer, any_of
from sa_tui.access.catalogue import canonical_key, is_documented, may_reach, tier_of
from sa_tui.access.roles import ANY, ORGANIZATION_ADMIN, implied_tier, includes
from sa_tui.konnect.predefined import names_of, title_of
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sa_tui.access.catalogue import Tier


class Via(NamedTuple):
    """The team that a grant comes through."""

    team_id: str
    name: str
    is_predefined: bool

    @property
    def title(self) -> str:
        """The name of the team as it is shown; predefined teams have their documented names."""
        return title_of(self.name, is_predefined=self.is_predefined)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a query finds the team."""
        return names_of(self.name, is_predefined=self.is_predefined)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A role on an entity in a region, held directly or `via` a team.

    Fields are as Konnect spells them, None where they are not known. `kind` is the key that all
    spellings of the type share, empty where the type is not known. An implied grant is documented
    for its team, not read from the API, and has no `assignment_id`. A stray grant names a region
    where its entity is not: it reaches nothing.
    """

    role: str | None
    type_name: str | None
    entity_id: str | None
    region: str | None
    kind: str
    tier: Tier
    assignment_id: str | None = None
    via: Via | None = None
    is_implied: bool = False
    is_stray: bool = False

    @property
    def scope(self) -> tuple[str, str | None, str | None, str | None]:
        """What the grant gives, without its path; equal for duplicates."""
        return (self.kind, self.role, self.entity_id, self.region)

    @property
    def is_known(self) -> bool:
        """Whether every field that decides about access could be read."""
        return None not in self.scope and self.kind != ""


def kind_and_tier(type_name: str | None, role: str | None) -> tuple[str, Tier]:
    """The key of a type, empty if unknown, and the tier of a role on it."""
    return canonical_key(type_name) if type_name else "", tier_of(type_name, role)


def make_grant(
    role: str | None,
    *,
    type_name: str | None,
    entity_id: str | None = EVERY,
    region: str | None = EVERY,
    assignment_id: str | None = None,
    via: Via | None = None,
) -> Grant:
    """The grant with these fields."""
    kind, tier = kind_and_tier(type_name, role)
    return Grant(
        role=role,
        type_name=type_name,
        entity_id=entity_id,
        region=region,
        kind=kind,
        tier=tier,
        assignment_id=assignment_id,
        via=via,
    )


def implied_grant(role: str, type_name: str, *, via: Via | None) -> Grant:
    """A grant that Kong documents for a predefined team; without `via`, that of the team itself."""
    return Grant(
        role=role,
        type_name=type_name,
        entity_id=EVERY,
        region=EVERY,
        kind=ANY if type_name == ANY else canonical_key(type_name),
        tier=implied_tier(role, type_name),
        via=via,
        is_implied=True,
    )


@dataclass(frozen=True, kw_only=True)
class Question:
    """Whether a subject can do something; a field that is None may have any value.

    `entity_id="*"` asks for every entity, which only a grant on every entity gives.
    """

    role: str | None = None
    type_name: str | None = None
    entity_id: str | None = None
    region: str | None = None


MINT = Question(role="Admin", type_name="Identity")
"""The power to create tokens and change roles of anybody: one step away from all access."""


def question_of(grant: Grant) -> Question:
    """The question whether a subject has what this grant gives."""
    return Question(
        role=grant.role,
        type_name=grant.type_name,
        entity_id=grant.entity_id,
        region=grant.region,
    )


def covers(grant: Grant, question: Question) -> Answer:
    """Whether the grant alone gives what the question asks for."""
    if grant.is_stray:
        return Answer.NO
    asked_kind = canonical_key(question.type_name) if question.type_name else None
    return min(
        covers_kind(grant.kind, asked_kind),
        covers_role(grant.kind, grant.role, question.role, asked_kind=asked_kind),
        covers_part(grant.entity_id, question.entity_id),
        covers_part(grant.region, question.region),
    )


_MINTING = frozenset({canonical_key("Identity"), ANY, ""})
"""The keys of the types on which a grant may give MINT; "" is a type that is not known."""


def mints(grant: Grant) -> Answer:
    """Whether the grant gives MINT."""
    return covers(grant, MINT) if grant.kind in _MINTING else Answer.NO


def covers_kind(kind: str, asked: str | None) -> Answer:
    """Whether a grant on a type reaches the type that is asked for; both are keys."""
    if asked is None or kind in (asked, ANY):
        return Answer.YES
    return Answer.UNKNOWN if not kind or may_reach(kind, asked) else Answer.NO


def covers_role(
    kind: str, role: str | None, asked: str | None, *, asked_kind: str | None = None
) -> Answer:
    """Whether a role on a type (its key) is the role that is asked for, or includes it.

    `asked_kind` is the type of the role that is asked for; None means any.
    """
    if asked is None or role == asked:
        return Answer.YES
    if role is None or (kind != ANY and not is_documented(kind)):
        return Answer.UNKNOWN
    return includes(kind, role, asked, asked_kind=asked_kind)


def covers_part(held: str | None, asked: str | None) -> Answer:
    """Whether the entity or region of a grant is the one that is asked for, or every one."""
    if asked is None or held == EVERY:
        return Answer.YES
    if held is None:
        return Answer.UNKNOWN
    return Answer.YES if held == asked else Answer.NO


def gives(held: Grant, other: Grant) -> Answer:
    """Whether a grant gives all that another one gives; fields of both may not be known.

    A field that could not be read may be anything: only a grant on everything covers it.
    """
    if held is other:
        return Answer.YES
    if held.is_stray:
        return Answer.NO
    if other.is_known:
        return covers(held, question_of(other))
    return min(
        _gives_kind(held, other),
        _gives_role(held, other),
        _gives_part(held.entity_id, other.entity_id),
        _gives_part(held.region, other.region),
    )


def _gives_kind(held: Grant, other: Grant) -> Answer:
    if other.kind:
        return covers_kind(held.kind, other.kind)
    return Answer.YES if held.kind == ANY else Answer.UNKNOWN


def _gives_role(held: Grant, other: Grant) -> Answer:
    if held.kind == ANY and held.role == ORGANIZATION_ADMIN:
        return Answer.YES
    if other.role is None or not other.kind:
        return Answer.UNKNOWN
    return covers_role(held.kind, held.role, other.role, asked_kind=other.kind)


def _gives_part(held: str | None, other: str | None) -> Answer:
    is_unknown = other is None and held != EVERY
    return Answer.UNKNOWN if is_unknown else covers_part(held, other)


class Verdict(StrEnum):
    """Whether and how a subject can do what the question asks for."""

    DIRECT = "direct"
    VIA_TEAM = "via team"
    CAN_BECOME = "can become"
    UNKNOWN = "unknown"
    NO = "no"

    @property
    def has(self) -> bool:
        """Whether the subject has the access now."""
        return self in (Verdict.DIRECT, Verdict.VIA_TEAM)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The verdict, and the grants that give the access, or that may."""

    verdict: Verdict
    grants: tuple[Grant, ...] = ()


def rule(grants: Iterable[Grant], question: Question, *, is_complete: bool) -> Ruling:
    """The verdict on a subject with these grants; unless `is_complete`, some may be missing."""
    grants = tuple(grants)
    answers = [covers(grant, question) for grant in grants]
    giving = tuple(_with(Answer.YES, grants, answers))
    if giving:
        is_direct = any(grant.via is None for grant in giving)
        return Ruling(verdict=Verdict.DIRECT if is_direct else Verdict.VIA_TEAM, grants=giving)
    minting = tuple(grant for grant in grants if mints(grant) is Answer.YES)
    if minting:
        return Ruling(verdict=Verdict.CAN_BECOME, grants=minting)
    unclear = tuple(_with(Answer.UNKNOWN, grants, answers))
    if unclear or not is_complete:
        return Ruling(verdict=Verdict.UNKNOWN, grants=unclear)
    return Ruling(verdict=Verdict.NO)


def _with(answer: Answer, grants: tuple[Grant, ...], answers: list[Answer]) -> Iterator[Grant]:
    return (grant for grant, given in zip(grants, answers, strict=True) if given is answer)


def has(grants: Iterable[Grant], question: Question, *, is_complete: bool) -> Answer:
    """Whether some grant gives what is asked for; unless `is_complete`, no is unknown."""
    return any_of((*(covers(grant, question) for grant in grants), Answer(0 if is_complete else 1)))
