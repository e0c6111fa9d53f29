"""Many nights by the real command line and the demo Konnect, with ills that a seed chooses."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault

from .conftest import DAY, HOUR, TOKEN, TOKENS, Moment, Nights, stamp, works

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.demo.faults import FaultKind

NIGHTS = 50
KINDS: tuple[FaultKind, ...] = ("429", "500", "503", "cut-before", "cut-after", "malformed")
SICK = ("exit 3", "cat > /dev/null; kill -9 $$")
ROTATIONS = """
[rotations.nightly]
query = 'name:nightly'
to = "keep"
lifetime = "12d"
before = "8d"
overlap = "0m"
idle = "30h"
"""


@dataclass
class Consumer:
    """Whoever uses a token of an account, and looks for another one every second night."""

    path: Path
    secret: str

    def use(self, fake: FakeKonnect, night: int) -> bool:
        """Uses the token; whether Konnect takes it."""
        if night % 2:
            self.secret = self.path.read_text()
        return works(fake, self.secret)


@pytest.fixture
def consumers(nights: Nights, fake: FakeKonnect, clock: Moment) -> dict[str, Consumer]:
    """The consumers by the ids of their accounts; each has a token that ends some day soon."""
    consumers = {}
    for number, name in enumerate(("gha", "ci-2026-02-28")):
        id = fake.add_account(f"nightly-{number}")
        row = {"id": f"first-{number}", "name": name, "created_at": stamp(clock.now - DAY)}
        row |= {"expires_at": stamp(clock.now + (9 + number) * DAY)}
        path = nights.home / f"nightly-{number}.kept"
        path.write_text(fake.organisation.issue_token(id, row))
        consumers[id] = Consumer(path, path.read_text())
    return consumers


def night(nights: Nights, fake: FakeKonnect, chance: random.Random) -> None:
    """One night: perhaps something fails, perhaps the runner has forgotten everything."""
    fake.clear_faults()
    if chance.random() < 0.3:
        method, path = chance.choice((("POST", TOKENS), ("DELETE", TOKEN), ("GET", TOKENS)))
        fake.inject(Fault(chance.choice(KINDS), method=method, path=path))
    sick = chance.choice(SICK) if chance.random() < 0.2 else "cat > $0.kept"
    verify = "echo other" if chance.random() < 0.05 else "sha256sum {home}/{account}.kept"
    nights.write("profiles.toml", nights.destination(sick, verify=verify))
    if chance.random() < 0.5:
        nights.forget()
    nights.run(later=DAY - HOUR + chance.randrange(120) * HOUR / 60)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.complete) for seed in range(2, 12))]
)
def test_who_uses_a_token_never_notices(
    seed: int, nights: Nights, fake: FakeKonnect, consumers: dict[str, Consumer]
) -> None:
    chance = random.Random(seed)
    nights.write("rotations.toml", ROTATIONS)
    for number in range(NIGHTS):
        for id, consumer in consumers.items():
            assert consumer.use(fake, number), f"night {number}: {fake.tokens_of(id)}"
        night(nights, fake, chance)
        for id in consumers:
            assert len(fake.tokens_of(id)) <= 6

    for id in consumers:
        made = [each for each in fake.received if each.method == "POST" and id in each.path]
        assert len(made) > 3
