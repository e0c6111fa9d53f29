"""What is due for a token and its successors: one pure function, for every run and every machine.

Konnect's names and times are enough for it, so that a run needs no memory of its own. The rules it
keeps: a successor counts once it was used, because a run uses it only after it was delivered, and
before that nobody else can. One that stays unused gets a successor too, and stays until that one
works, because it may have arrived all the same. The old token goes last: when the successor works,
the overlap is over, and nobody has used the old one for as long as its rotation asks.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from sa_tui.base.times import ago, in_words, until, utc
from sa_tui.org.rotating import NAME_CHARACTERS, family_of, next_name
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.records.rotations import Rotation
    from sa_tui.rotation.policy import Policy

PATIENCE = timedelta(hours=12)
"""How long a successor may stay unused: a run may be delivering it, or Konnect may tell late."""
LEAST_PATIENCE = timedelta(hours=1)
"""The same when the token before it ends within a day."""
LATE_BY = timedelta(hours=1)
"""How much shorter or longer than ordered the life of a successor may be: Konnect can be slow."""
MOST_UNUSED = 3
"""How many successors in a row may stay unused before the first of them is revoked."""
FORGOTTEN_AFTER = timedelta(days=90)
"""When the last token of a family has expired for so long, nobody waits for another."""

Kind = Literal["issue", "revoke", "retire", "remove", "wait", "alarm"]
"""`revoke` ends what nobody has, `retire` what was replaced, `remove` what has expired."""


@dataclass(frozen=True)
class Family:
    """A token and its successors in one account; `taken` are all names of tokens there."""

    key: str
    _: KW_ONLY
    policy: Policy
    account: SystemAccount
    tokens: tuple[AccessToken, ...]
    taken: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What this machine knows besides: its rotations, and the tokens being handed over right now.

    `is_clock_sure` is False when Konnect does not tell its time.
    """

    rotations: tuple[Rotation, ...] = ()
    held: frozenset[str] = frozenset()
    is_clock_sure: bool = True


@dataclass(frozen=True)
class Action:
    """One thing to do, or not yet, with a token.

    `name` is that of the successor to be issued; `by` is the one that replaces what is to end.
    """

    kind: Kind
    _: KW_ONLY
    token: AccessToken
    reason: str
    name: str = ""
    by: AccessToken | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is to be done now, in this order, and when the next successor is due if nothing is."""

    actions: tuple[Action, ...]
    due_at: datetime | None


def decide(family: Family, known: Known, *, now: datetime) -> Decision:
    """What is due; `now` is by Konnect's clock."""
    case = _Case(family, known, now)
    if unclear := tuple(case.unclear()):
        return Decision(actions=unclear, due_at=None)
    leftovers = tuple(case.leftovers())
    is_waiting = any(action.kind == "wait" for action in leftovers)
    issuing = () if is_waiting else tuple(case.issuing())
    return Decision(actions=(*leftovers, *issuing, *case.endings()), due_at=case.due_at)


class _Case:
    """One family at one moment."""

    def __init__(self, family: Family, known: Known, now: datetime) -> None:
        self._family = family
        self._policy = family.policy
        self._known = known
        self._now = now
        self._tokens = sorted(family.tokens, key=_by_age)
        self._rotations = {rotation.new_id: rotation for rotation in known.rotations}

    def unclear(self) -> Iterator[Action]:
        """Why nothing can be decided: the order of the tokens, or their end, is not known."""
        for token in self._tokens:
            if token_state(token, self._now) == "unknown":
                yield _alarm(token, f"When {token.name} ends cannot be read.")
            elif token.created_at is None and len(self._tokens) > 1:
                reason = "its place among the others is not known"
                yield _alarm(token, f"When {token.name} was made cannot be read: {reason}.")
            elif "last_used_at" in token.unreadable and token is not self._tokens[0]:
                reason = "whether anybody has it is not known"
                yield _alarm(token, f"When {token.name} was used cannot be read: {reason}.")

    @cached_property
    def _current(self) -> AccessToken:
        """The newest token that was delivered, of those that live if any does."""
        delivered = [token for token in self._tokens if self._is_delivered(token)]
        return next(filter(self._is_live, reversed(delivered)), delivered[-1])

    def _is_live(self, token: AccessToken) -> bool:
        return token_state(token, self._now) == "live"

    def _is_delivered(self, token: AccessToken) -> bool:
        """Whether somebody has it; the first one counts as delivered."""
        rotation = self._rotations.get(token.id)
        return (
            token is self._tokens[0]
            or token.last_used_at is not None
            or (rotation is not None and rotation.handed_over_at is not None)
        )

    @property
    def due_at(self) -> datetime | None:
        """When the current token needs a successor; None if it never expires."""
        ends_at = self._current.expires_at
        return None if ends_at is None else ends_at - self._policy.before

    # Successors that nobody has used

    @cached_property
    def _unused(self) -> list[AccessToken]:
        """The live tokens that are newer than the current one: nobody has used them."""
        newer = self._tokens[self._tokens.index(self._current) + 1 :]
        return list(filter(self._is_live, newer))

    def leftovers(self) -> Iterator[Action]:
        """What to do with the tokens that nobody has used.

        The last ones may be what consumers will read, so they are replaced before they go.
        """
        stale = [token for token in self._unused if self._is_stale(token)]
        for token in self._unused:
            if token.id in self._known.held:
                yield _wait(token, f"{token.name} is being handed over on this machine.")
            elif not self._is_old_enough(token):
                yield _wait(token, f"{self._never_used(token)}: it may be on its way.")
            elif token not in stale:
                text = f"{self._never_used(token)}, and no run made it: use it or revoke it."
                yield _alarm(token, text)
            elif token in stale[:-MOST_UNUSED]:
                reason = f"{self._never_used(token)}: nobody has it."
                yield Action("revoke", token=token, reason=reason)

    def _is_stale(self, token: AccessToken) -> bool:
        return self._is_of_a_run(token) and self._is_old_enough(token)

    def _is_old_enough(self, token: AccessToken) -> bool:
        """Whether it should have been used by now."""
        return self._now - (token.created_at or self._now) >= self._patience

    def _never_used(self, token: AccessToken) -> str:
        made = ago(token.created_at or self._now, self._now)
        return f"{token.name} was made {made} and never used"

    def _is_of_a_run(self, token: AccessToken) -> bool:
        """Whether a run can have made it: a person's would have another lifetime."""
        if token.created_at is None or token.expires_at is None:
            return False
        lifetime = token.expires_at - token.created_at
        return abs(lifetime - self._policy.lifetime) <= LATE_BY

    @property
    def _patience(self) -> timedelta:
        ends_at = self._current.expires_at
        is_urgent = ends_at is not None and ends_at - self._now < timedelta(days=1)
        return LEAST_PATIENCE if is_urgent else PATIENCE

    # The next successor

    def issuing(self) -> Iterator[Action]:
        """The order for a successor, if it is due or the last one never came into use."""
        current, due_at, now = self._current, self.due_at, self._now
        ends_at = current.expires_at or now
        ends = "ends " if ends_at > now else ""
        reason = f"{current.name} {ends}{until(ends_at, now)} ({utc(ends_at)})."
        if stale := [token for token in self._unused if self._is_stale(token)]:
            reason = f"{self._never_used(stale[-1])}; {reason}"
        elif due_at is None or now < due_at:
            return
        if now - ends_at > FORGOTTEN_AFTER and not stale:
            yield _wait(current, f"{reason} Nobody waits for another one.")
            return
        if due_at is not None and ends_at <= now:
            yield _alarm(current, f"{reason} Whoever uses it has been without a token since.")
        name = self._next_name()
        if len(name) > NAME_CHARACTERS:
            text = f"{reason} Its successor's name would be too long: give it a shorter one."
            yield _alarm(current, text)
        else:
            yield Action("issue", token=current, name=name, reason=reason)

    def _next_name(self) -> str:
        """The name after that of the newest token; another run would choose the same one.

        A successor with a name of its own does not count.
        """
        key = self._family.key
        of_family = (each for each in reversed(self._tokens) if family_of(each.name) == key)
        named = next(of_family, self._current)
        return next_name(named.name, taken=self._family.taken, now=self._now)

    # The end of what was replaced

    def endings(self) -> Iterator[Action]:
        """What to do with the tokens before the current one, and with those that have expired."""
        current = self._current
        if not self._is_live(current):
            return
        is_sure = self._known.is_clock_sure
        is_older = True
        for token in self._tokens:
            if token is current:
                is_older = False
            elif not self._is_live(token) and is_sure:
                ends_at = token.expires_at or self._now
                reason = f"{token.name} {until(ends_at, self._now)}; {current.name} replaces it."
                yield Action("remove", token=token, reason=reason, by=current)
            elif is_older and not is_sure:
                yield _wait(token, "Konnect does not tell the time: nothing is retired.")
            elif is_older:
                yield self._ending(token)

    def _ending(self, old: AccessToken) -> Action:
        current, policy, now = self._current, self._policy, self._now
        rotation = self._rotations.get(current.id)
        given_at = (rotation and rotation.handed_over_at) or current.created_at or now
        is_proven = current.last_used_at is not None or (rotation and rotation.verified_at)
        quiet_from = max(old.last_used_at or given_at, given_at)
        idle_for = policy.idle_for
        if rotation is not None and rotation.old_id == old.id:
            idle_for = max(idle_for, rotation.idle_for)
        if not is_proven:
            return _wait(old, f"{current.name} was never seen to work.")
        if "last_used_at" in old.unreadable:
            return _wait(old, f"When {old.name} was last used cannot be read.")
        if now - quiet_from < idle_for:
            return self._still_in_use(old, quiet_from, idle_for)
        if now - given_at < policy.overlap:
            over_at = utc(given_at + policy.overlap)
            return _wait(old, f"{current.name} replaces {old.name}, which stays until {over_at}.")
        idle = f"{old.name} was not used since {utc(quiet_from)}"
        reason = f"{idle}; {current.name} replaces it."
        return Action("retire", token=old, reason=reason, by=current)

    def _still_in_use(self, old: AccessToken, since: datetime, idle_for: timedelta) -> Action:
        """A wait, which becomes an alarm in the last quarter of the time that was left for it."""
        current, ends_at = self._current, old.expires_at
        idle = f"can count as idle {in_words(idle_for)} after that"
        if old.last_used_at is None or since > old.last_used_at:
            return _wait(old, f"{current.name} came {utc(since)}: {old.name} {idle}.")
        used = f"{old.name} was last used {utc(since)}"
        if ends_at is not None and ends_at - self._now < self._policy.before / 4:
            text = f"{used} and ends {until(ends_at, self._now)}: its user has not taken up"
            return _alarm(old, f"{text} {current.name}.")
        return _wait(old, f"{used}: it {idle}.")


def _by_age(token: AccessToken) -> tuple[datetime, int, str]:
    """Orders by age; of two made in the same second, the one with the higher number is newer."""
    made_at = token.created_at or datetime.min.replace(tzinfo=UTC)
    return made_at, len(token.name), token.name


def _wait(token: AccessToken, reason: str) -> Action:
    return Action("wait", token=token, reason=reason)


def _alarm(token: AccessToken, reason: str) -> Action:
    return Action("alarm", token=token, reason=reason)
