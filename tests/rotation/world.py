"""A world in which tokens are rotated for years: Konnect, destinations, consumers, and their ills.

It carries out what `decide` says as a run does, and notes what must never happen. Everything comes
from one seed: the same seed is the same world.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sa_tui.konnect.models import SystemAccount
from sa_tui.org.rotating import family_of
from sa_tui.records.rotations import Rotation
from sa_tui.rotation.due import Family, Known, decide
from sa_tui.rotation.policy import Policy

if TYPE_CHECKING:
    from sa_tui.rotation.due import Action

BEGIN = datetime(2026, 1, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LAG = 6 * HOUR
"""How late Konnect tells of a use, at most."""
POLICIES = (
    Policy("months", to="v", lifetime=90 * DAY, before=30 * DAY, overlap=DAY, idle_for=2 * DAY),
    Policy("weeks", to="v", lifetime=45 * DAY, before=28 * DAY, overlap=DAY, idle_for=2 * DAY),
    Policy("year", to="v", lifetime=365 * DAY, before=30 * DAY, overlap=7 * DAY, idle_for=3 * DAY),
)
NAMES = ("gha-{}", "ci-2025-12-{:02}", "deploy", "n" * 249 + "{}", "x" * 250, "gha-{:06}")


@dataclass(eq=False)
class Token:
    """A token of this Konnect, as `decide` looks at one; `given` is whether anybody ever had it."""

    id: str
    _: KW_ONLY
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    given: bool = False
    runs_after: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    kept_state: str = "ACTIVE"


@dataclass(eq=False)
class Chain:
    """One account with one consumer of one token, and the place where its successors are put.

    `held` is what the consumer uses; it looks at the place every `looks_after`, or at each use.
    Since it is due, `chances` counts the runs in which a successor could have been delivered,
    `runs` all of them, and `orders` the successors that were ordered.
    """

    number: int
    _: KW_ONLY
    account: SystemAccount
    policy: Policy
    key: str
    uses_after: timedelta
    looks_after: timedelta
    tokens: dict[str, Token]
    place: Token
    held: Token
    used_at: datetime
    looked_at: datetime
    told_use: datetime | None = None
    chances: int = 0
    runs: int = 0
    orders: int = 0
    rotations: list[Rotation] = field(default_factory=list)


@dataclass
class World:
    """Everything, day by day; `wrong` is what must never happen, and did."""

    seed: int
    _: KW_ONLY
    chains: int = 20
    days: int = 730
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.now = BEGIN
        self._ids = 0
        self.is_forgetful = self.random.random() < 0.6
        self.all = [self._chain(number) for number in range(self.chains)]
        self._dead_until = [BEGIN] * 5
        self._off_until = BEGIN

    def _chain(self, number: int) -> Chain:
        pick = self.random
        policy = pick.choice(POLICIES)
        name = pick.choice(NAMES).format(pick.randrange(1, 28))
        token = Token(
            self._id(),
            name=name,
            created_at=BEGIN - pick.randrange(1, 20) * DAY,
            expires_at=BEGIN + pick.randrange(3, 90) * DAY,
            last_used_at=BEGIN - HOUR if pick.random() < 0.8 else None,
            given=True,
        )
        is_rare = pick.random() < 0.3
        return Chain(
            number,
            account=SystemAccount(id=f"a{number}", name=f"account-{number}", konnect_managed=False),
            policy=policy,
            key=family_of(name),
            uses_after=pick.choice((7 * DAY, 30 * DAY)) if is_rare else 5 * HOUR,
            looks_after=timedelta() if is_rare else pick.choice((0, 1, 2, 3)) * DAY,
            tokens={token.id: token},
            place=token,
            held=token,
            used_at=BEGIN,
            looked_at=BEGIN,
        )

    def _id(self) -> str:
        self._ids += 1
        return f"t{self._ids:08}"

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens now."""
        return self.random.random() < probability

    # Time

    def live(self) -> World:
        """Lives through all days; a run each night, or two, or none for some weeks."""
        for day in range(self.days):
            self.now = BEGIN + day * DAY + self.random.randrange(0, 50) * timedelta(minutes=1)
            if self.now >= self._off_until and self.chance(1 / 200):
                self._off_until = self.now + self.random.randrange(2, 22) * DAY
            for place in range(len(self._dead_until)):
                if self.now >= self._dead_until[place] and self.chance(1 / 150):
                    self._dead_until[place] = self.now + self.random.randrange(1, 22) * DAY
            for chain in self.all:
                self._consume(chain)
            if self.now >= self._off_until:
                for chain in self.all:
                    self._visit(chain)
        return self

    def _consume(self, chain: Chain) -> None:
        """The consumer's day: it looks for a new token, and uses what it has."""
        if self.now - chain.used_at < chain.uses_after:
            return
        if self.now - chain.looked_at >= chain.looks_after:
            chain.held, chain.looked_at = chain.place, self.now
        token, chain.used_at = chain.held, self.now
        if token.id in chain.tokens and token.expires_at > self.now:
            token.last_used_at = self.now
            self.counts["uses"] += 1
            return
        chain.held, chain.looked_at = chain.place, self.now  # a failure makes it look
        why = "revoked" if token.id not in chain.tokens else "expired"
        self.counts[f"uses of what was {why}"] += 1
        if why == "revoked" and token.given:
            self._wrong(chain, f"{token.id} was revoked while in use")

    # A run

    def _visit(self, chain: Chain) -> None:
        """One run looks at a chain, or two do at the same moment."""
        self._expire(chain)
        is_sure = not self.chance(0.01)
        now = self.now if is_sure else self.now + self.random.choice((-30, 30)) * HOUR
        known = Known(
            rotations=() if self.is_forgetful else tuple(chain.rotations), is_clock_sure=is_sure
        )
        plans = [self._plan(chain, known, now)]
        has_ended = chain.place.expires_at <= self.now
        if has_ended and is_sure and not any(action.kind == "alarm" for action in plans[0]):
            self._wrong(chain, f"{chain.place.id} has ended, and nobody is told")
        if self.chance(0.05):  # another scheduler, without memory, has read the same
            plans.append(self._plan(chain, replace(known, rotations=()), now))
            self.counts["runs at once"] += 1
        for plan in plans:
            for action in plan:
                if not self._carry_out(chain, action):
                    break
        live = [token for token in chain.tokens.values() if token.expires_at > self.now]
        lost = [token for token in live if not token.given]
        for token in lost:
            token.runs_after += chain.place.created_at > token.created_at
        if len(lost) > 4 or any(token.runs_after > 60 for token in lost):
            self._wrong(chain, f"{len(lost)} live tokens that nobody has")
        if len(live) > 6:
            self._wrong(chain, f"{len(live)} live tokens")

    def _plan(self, chain: Chain, known: Known, now: datetime) -> tuple[Action, ...]:
        tokens: Any = tuple(map(self._as_told, chain.tokens.values()))
        taken = frozenset(token.name for token in tokens)
        family = Family(
            chain.key, policy=chain.policy, account=chain.account, tokens=tokens, taken=taken
        )
        return decide(family, known, now=now).actions

    def _as_told(self, token: Token) -> Token:
        """The token as Konnect tells of it, perhaps late."""
        if token.last_used_at is None or self.now - token.last_used_at >= LAG:
            return token
        late = max(token.last_used_at - LAG, token.created_at)
        return replace(token, last_used_at=late) if self.chance(0.3) else token

    def _expire(self, chain: Chain) -> None:
        """Notes a token that has ended although a successor could have been delivered."""
        given, lead = chain.place, chain.policy.before
        is_alive = self.now >= self._dead_until[self._place_of(chain)]
        if given.id not in chain.tokens or given.expires_at - self.now > lead:
            return
        chain.chances += is_alive
        chain.runs += 1
        if given.expires_at > self.now:
            return
        self.counts["ended, and nobody could help it"] += 1
        if chain.chances > 7:
            self._wrong(chain, f"{given.id} ended without a successor")
        # After an order that went wrong, one run at most waits for what became of it.
        if 2 * chain.orders < chain.runs - 1:
            self._wrong(chain, f"{given.id} was due in {chain.runs} runs: {chain.orders} orders")

    def _place_of(self, chain: Chain) -> int:
        return chain.number % len(self._dead_until)

    def _carry_out(self, chain: Chain, action: Action) -> bool:
        """Does what a run does; returns whether it goes on with this chain."""
        self.counts[action.kind] += 1
        token = chain.tokens.get(action.token.id)
        match action.kind:
            case "issue":
                chain.orders += 1
                self._issue(chain, action)
            case "retire" | "remove" | "revoke":
                if self.chance(0.02):
                    self.counts["refused"] += 1
                    return action.kind != "revoke"
                if token is not None:
                    self._end(chain, action, token)
        return True

    def _end(self, chain: Chain, action: Action, token: Token) -> None:
        used_at, is_live = token.last_used_at, token.expires_at > self.now
        if action.kind == "retire" and used_at and self.now - used_at < chain.policy.idle_for - LAG:
            self._wrong(chain, f"{token.id} was retired in use")
        if action.kind == "retire" and token is chain.place:
            self._wrong(chain, f"{token.id} was retired, and is what consumers read")
        if action.kind == "remove" and is_live:
            self._wrong(chain, f"{token.id} was removed alive")
        if action.kind == "revoke" and used_at is not None:
            self._wrong(chain, f"{token.id} was revoked although somebody has used it")
        del chain.tokens[token.id]

    def _issue(self, chain: Chain, action: Action) -> None:
        if any(token.name == action.name for token in chain.tokens.values()) or self.chance(0.03):
            self.counts["not issued"] += 1  # the name is taken, or Konnect refuses
            return
        newest = max(chain.tokens.values(), key=lambda token: (token.created_at, token.id))
        is_due = newest.expires_at - self.now <= chain.policy.before + 2 * DAY
        if newest.last_used_at and not is_due:
            self._wrong(chain, f"{newest.id} has a second successor")
        token = Token(
            self._id(),
            name=action.name,
            created_at=self.now.replace(microsecond=0),
            expires_at=self.now + chain.policy.lifetime,
        )
        chain.tokens[token.id] = token
        if self.chance(0.03):  # the answer is lost
            self.counts["answers lost"] += 1
            if self.chance(0.5):
                del chain.tokens[token.id]  # it was found, and revoked
            return
        self._deliver(chain, action, token)

    def _deliver(self, chain: Chain, action: Action, token: Token) -> None:
        if self.now < self._dead_until[self._place_of(chain)]:
            self.counts["undelivered"] += 1
            if not self.chance(0.05):  # revoked at once, unless that fails too
                del chain.tokens[token.id]
            return
        if self.chance(0.02):  # nobody can tell whether it arrived: it stays
            self.counts["unclear deliveries"] += 1
            if self.chance(0.5):
                chain.place, token.given = token, True
            return
        chain.place, token.given = token, True
        chain.chances = chain.runs = chain.orders = 0
        rotation = Rotation(
            token.id,
            base_url="",
            account_id=chain.account.id,
            account_name=chain.account.name,
            old_id=action.token.id,
            old_name=action.token.name,
            begun_at=self.now,
            new_id=token.id,
            new_name=token.name,
            handed_over_at=self.now,
        )
        if self.chance(0.97):
            token.last_used_at = self.now
            rotation = replace(rotation, verified_at=self.now)
        chain.rotations = [*chain.rotations[-3:], rotation]

    def _wrong(self, chain: Chain, what: str) -> None:
        where = f"{chain.account.name} ({chain.policy.name}), {self.now:%Y-%m-%d}"
        self.wrong.append(f"seed {self.seed}, {where}: {what}")
