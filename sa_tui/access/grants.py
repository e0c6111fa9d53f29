"""One grant, the question it may answer, and what its subject can do; grants only ever add up.

The rule it keeps: a field that could not be read is never taken for `*` nor for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sa_tui.access.answer import Answer, any_of
from sa_tui.access.catalogue import canonical_key, is_documented, may_reach, tier_of
from sa_tui.access.roles import ANY, ORGANIZATION_ADMIN, implied_tier, includes
from sa_tui.konnect.predefined import names_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sa_tui.access.catalogue import Tier

EVERY = "*"
"""Every entity of a type, those to come included; every region."""


class Via(NamedTuple):
    """The team that a grant comes through."""

    team_id: str
    name: str
    is_predefined: bool

    @property
    def title(self) -> str:
        """The team's name to show: of Konnect's own teams the documented one."""
        return title_of(self.name, is_predefined=self.is_predefined)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the team is found by."""
        return names_of(self.name, is_predefined=self.is_predefined)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A role on an entity in a region, and the path it comes by.

    Fields are as Konnect spells them, None where that is not known. `kind` is the key that all
    spellings of the type share, empty where the type is not known. `via` None means that it is
    held directly. An implied grant is documented for its team, not read from the API, and has no
    `assignment_id`. A stray one is on an entity that is known to be in another region than the one
    that is written: it reaches nothing.
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
        """What it gives, whatever the path; equal for duplicates."""
        return (self.kind, self.role, self.entity_id, self.region)

    @property
    def is_known(self) -> bool:
        """Whether every field that decides about access could be read."""
        return None not in self.scope and self.kind != ""


def kind_and_tier(type_name: str | None, role: str | None) -> tuple[str, Tier]:
    """The key of a type, empty for none, and the tier of a role on it."""
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
    """The grant of these fields, one that is held or one that may be given."""
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
    """A grant that a predefined team is documented to give; of the team itself without `via`."""
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
    """Can somebody do this? What is left out means "for some value".

    `entity_id="*"` asks for everything of the type, which only a grant on everything gives.
    """

    role: str | None = None
    type_name: str | None = None
    entity_id: str | None = None
    region: str | None = None


MINT = Question(role="Admin", type_name="Identity")
"""Can create tokens and change roles of anybody: one step away from everything."""


def question_of(grant: Grant) -> Question:
    """Whether somebody has what this grant gives."""
    return Question(
        role=grant.role,
        type_name=grant.type_name,
        entity_id=grant.entity_id,
        region=grant.region,
    )


def covers(grant: Grant, question: Question) -> Answer:
    """Whether the grant alone gives what is asked for."""
    if grant.is_stray:
        return Answer.NO
    wanted = canonical_key(question.type_name) if question.type_name else None
    return min(
        covers_kind(grant.kind, wanted),
        covers_role(grant.kind, grant.role, question.role, wanted_kind=wanted),
        covers_part(grant.entity_id, question.entity_id),
        covers_part(grant.region, question.region),
    )


_MINTING = frozenset({canonical_key("Identity"), ANY, ""})
"""The types, by their keys, of which a grant may give that; "" is one that is not known."""


def mints(grant: Grant) -> Answer:
    """Whether the grant gives power over anybody's tokens."""
    return covers(grant, MINT) if grant.kind in _MINTING else Answer.NO


def covers_kind(kind: str, wanted: str | None) -> Answer:
    """Whether a grant on a type (its key) is one on the wanted type."""
    if wanted is None or kind in (wanted, ANY):
        return Answer.YES
    return Answer.UNKNOWN if not kind or may_reach(kind, wanted) else Answer.NO


def covers_role(
    kind: str, role: str | None, wanted: str | None, *, wanted_kind: str | None = None
) -> Answer:
    """Whether a role on a type (its key) is the wanted one or includes it.

    `wanted_kind` is the type that the wanted role is on; None means any.
    """
    if wanted is None or role == wanted:
        return Answer.YES
    if role is None or (kind != ANY and not is_documented(kind)):
        return Answer.UNKNOWN
    return includes(kind, role, wanted, wanted_kind=wanted_kind)


def covers_part(held: str | None, wanted: str | None) -> Answer:
    """Whether an entity or a region that is held is the wanted one, or every one."""
    if wanted is None or held == EVERY:
        return Answer.YES
    if held is None:
        return Answer.UNKNOWN
    return Answer.YES if held == wanted else Answer.NO


def gives(held: Grant, other: Grant) -> Answer:
    """Whether one grant gives all that another one gives; of either, fields may not be known.

    What could not be read may be anything: only a grant that reaches whatever it is gives it.
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
    return covers_role(held.kind, held.role, other.role, wanted_kind=other.kind)


def _gives_part(held: str | None, other: str | None) -> Answer:
    is_open = other is None and held != EVERY
    return Answer.UNKNOWN if is_open else covers_part(held, other)


class Verdict(StrEnum):
    """Whether somebody can do what was asked, and how; UNKNOWN comes before NO."""

    DIRECT = "direct"
    VIA_TEAM = "via team"
    CAN_BECOME = "can become"
    UNKNOWN = "unknown"
    NO = "no"

    @property
    def has(self) -> bool:
        """Whether the access is there now."""
        return self in (Verdict.DIRECT, Verdict.VIA_TEAM)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The verdict, and the grants that it rests on: those that give it, or those that might."""

    verdict: Verdict
    grants: tuple[Grant, ...] = ()


def rule(grants: Iterable[Grant], question: Question, *, is_complete: bool) -> Ruling:
    """What somebody with these grants can do; `is_complete` is False when some may be missing."""
    grants = tuple(grants)
    answers = [covers(grant, question) for grant in grants]
    given = tuple(_with(Answer.YES, grants, answers))
    if given:
        direct = any(grant.via is None for grant in given)
        return Ruling(verdict=Verdict.DIRECT if direct else Verdict.VIA_TEAM, grants=given)
    minting = tuple(grant for grant in grants if mints(grant) is Answer.YES)
    if minting:
        return Ruling(verdict=Verdict.CAN_BECOME, grants=minting)
    perhaps = tuple(_with(Answer.UNKNOWN, grants, answers))
    if perhaps or not is_complete:
        return Ruling(verdict=Verdict.UNKNOWN, grants=perhaps)
    return Ruling(verdict=Verdict.NO)


def _with(wanted: Answer, grants: tuple[Grant, ...], answers: list[Answer]) -> Iterator[Grant]:
    return (grant for grant, found in zip(grants, answers, strict=True) if found is wanted)


def has(grants: Iterable[Grant], question: Question, *, is_complete: bool) -> Answer:
    """Whether some grant gives what is asked for; what may be missing is not known."""
    return any_of((*(covers(grant, question) for grant in grants), Answer(0 if is_complete else 1)))
