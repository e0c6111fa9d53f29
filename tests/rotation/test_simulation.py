"""Years of unattended rotation, in virtual time: what must never happen does not."""

from __future__ import annotations

import pytest

from .world import World

SEEDS = (0, 1, 2, *(pytest.param(seed, marks=pytest.mark.complete) for seed in range(3, 30)))


@pytest.mark.parametrize("seed", SEEDS)
def test_in_two_years_of_ills_no_token_is_lost_doubled_or_ended_in_use(seed: int) -> None:
    """Replay one: python tests/benchmarks/sim_rotation.py --seeds SEED --chains 20 --days 730."""
    world = World(seed, chains=20, days=730).live()

    assert world.wrong == []
    assert world.counts["uses of what was revoked"] == 0


def test_the_ills_do_happen() -> None:
    counts = World(3, chains=20, days=730).live().counts

    ills = ("answers lost", "undelivered", "unclear deliveries", "refused", "runs at once")
    assert all(counts[ill] for ill in (*ills, "not issued"))
    assert all(counts[kind] for kind in ("issue", "retire", "remove", "wait"))


def test_the_same_seed_is_the_same_world() -> None:
    first, second = (World(8, chains=5, days=200).live() for _ in range(2))

    assert first.counts == second.counts
