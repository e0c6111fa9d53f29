"""A found token is named when it alone was used at each call, and otherwise never guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, FakeKonnect, Fault
from sa_tui.demo.organisation import stamp
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.probing import Probed, Prober
from sa_tui.org.store import Org

ACCOUNT = "ci-eu-deployer"


@dataclass
class World:
    """A small Konnect, its time, and what happens in it while somebody waits."""

    fake: FakeKonnect
    clock: Any
    happens: list[Callable[[], None]] = field(default_factory=list)
    instead: Callable[[httpx.Request], httpx.Response | None] = lambda _: None

    async def sleep(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.clock.advance(seconds=1)
            for happens in self.happens:
                happens()
        self.clock.advance(seconds=seconds - int(seconds))

    def secret_of(self, account: str, name: str) -> SecretStr:
        expires_at = stamp(self.clock() + timedelta(days=30))
        row = {"id": self.fake.organisation.new_id(), "name": name, "expires_at": expires_at}
        account_id = self.fake.account_named(account)["id"]
        return SecretStr(self.fake.organisation.issue_token(account_id, row))

    def token(self, account: str, name: str) -> dict[str, Any]:
        tokens = self.fake.organisation.tokens(self.fake.account_named(account)["id"])
        return next(row for row in tokens if row["name"] == name)

    async def probe(self, *secrets: SecretStr, other_ids: tuple[str, ...] = ()) -> Any:
        settings = Settings(
            base_url=BASE_URL, transport=Line(self), sleep=self.sleep, now=self.clock
        )
        client = KonnectClient(SecretStr(self.fake.operator_token), settings)
        async with Org(client, now=self.clock) as org:
            await org.load()
            prober = Prober(org, sleep=self.sleep)
            return await prober.probe(secrets, other_ids=other_ids), prober


class Line(httpx.AsyncBaseTransport):
    """The line to the Konnect of a world; `instead` may answer in its place."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._inner = world.fake.transport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._world.instead(request) or await self._inner.handle_async_request(request)


@pytest.fixture
def world(now: Any, clock: Any) -> World:
    return World(FakeKonnect(build_organisation(now, accounts=8), clock=clock), clock)


def names(probed: Probed) -> list[str]:
    return [
        f"{getattr(each.owner, 'name', '') or each.owner.id}/{each.token.name}"
        for each in probed.candidates
    ]


@pytest.mark.parametrize("phase", [0.0, 0.3, 0.5, 0.999])
async def test_the_token_that_alone_was_used_at_both_calls_is_named(
    world: World, phase: float
) -> None:
    world.clock.advance(seconds=phase)
    secret = world.secret_of(ACCOUNT, "leaked")

    (probed,), _ = await world.probe(secret)

    assert (probed.state, probed.is_sure, names(probed)) == ("live", True, [f"{ACCOUNT}/leaked"])
    assert probed.calls == 3
    calls = [each for each in world.fake.received if each.method != "GET"]
    assert calls == []


async def test_two_found_tokens_are_told_apart(world: World) -> None:
    first, second = world.secret_of(ACCOUNT, "a"), world.secret_of("argo-rollouts", "b")

    (one, other), _ = await world.probe(first, second)

    assert (names(one), names(other)) == ([f"{ACCOUNT}/a"], ["argo-rollouts/b"])
    assert one.is_sure
    assert other.is_sure


@pytest.mark.parametrize("every_seconds", [1, 3, 5, 11])
async def test_a_token_that_is_in_use_all_the_time_is_not_taken_for_it(
    world: World, every_seconds: int
) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    world.secret_of("argo-rollouts", "busy")
    busy, ticks = world.token("argo-rollouts", "busy"), iter(range(10_000))

    def use() -> None:
        if next(ticks) % every_seconds == 0:
            busy["last_used_at"] = stamp(world.clock())

    world.happens.append(use)

    (probed,), _ = await world.probe(secret)

    assert f"{ACCOUNT}/leaked" in names(probed)
    if probed.is_sure:
        assert names(probed) == [f"{ACCOUNT}/leaked"]


async def test_a_token_that_is_always_used_together_with_it_leaves_both_open(world: World) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    world.secret_of("argo-rollouts", "twin")
    twin, leaked = world.token("argo-rollouts", "twin"), world.token(ACCOUNT, "leaked")
    world.happens.append(lambda: twin.update(last_used_at=leaked.get("last_used_at")))

    (probed,), _ = await world.probe(secret)

    assert not probed.is_sure
    assert names(probed) == ["argo-rollouts/twin", f"{ACCOUNT}/leaked"]
    assert probed.reason == "Each of these tokens was used at the moment of every call."


async def test_a_token_that_was_used_together_with_it_once_only_is_ruled_out(world: World) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    world.secret_of(ACCOUNT, "sibling")
    sibling, leaked = world.token(ACCOUNT, "sibling"), world.token(ACCOUNT, "leaked")
    uses: list[str] = []

    def use() -> None:
        used_at = leaked.get("last_used_at")
        if used_at is not None and used_at not in uses:
            uses.append(used_at)
        if len(uses) > 2:  # at the second of the calls that count
            sibling["last_used_at"] = uses[2]

    world.happens.append(use)

    (probed,), _ = await world.probe(secret)

    assert (probed.is_sure, names(probed)) == (True, [f"{ACCOUNT}/leaked"])
    assert probed.calls == 3  # no further call is needed


async def test_a_token_whose_secret_is_known_to_be_another_is_not_taken_for_it(
    world: World,
) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    world.secret_of("argo-rollouts", "twin")
    twin, leaked = world.token("argo-rollouts", "twin"), world.token(ACCOUNT, "leaked")
    world.happens.append(lambda: twin.update(last_used_at=leaked.get("last_used_at")))

    (probed,), _ = await world.probe(secret, other_ids=(twin["id"],))

    assert (probed.is_sure, names(probed)) == (True, [f"{ACCOUNT}/leaked"])


@pytest.mark.parametrize("late_seconds", [4, 12, 40])
async def test_a_use_that_is_noted_late_is_waited_for(world: World, late_seconds: int) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    row, shown = world.token(ACCOUNT, "leaked"), []
    noted: list[tuple[float, str]] = []

    def hide() -> None:
        """Shows each use only after a while."""
        used_at = row.get("last_used_at")
        if used_at is not None and used_at not in shown:
            noted.append((world.clock().timestamp() + late_seconds, used_at))
            shown.append(used_at)
        due = [used for at, used in noted if at <= world.clock().timestamp()]
        row["last_used_at"] = due[-1] if due else None

    world.happens.append(hide)

    (probed,), _ = await world.probe(secret)

    assert names(probed) == [f"{ACCOUNT}/leaked"]
    assert probed.is_sure


async def test_a_use_that_konnect_never_notes_names_nobody(world: World) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    row = world.token(ACCOUNT, "leaked")
    world.happens.append(lambda: row.update(last_used_at=None))

    (probed,), _ = await world.probe(secret)

    assert (probed.state, probed.is_sure, names(probed)) == ("live", False, [])
    assert "Konnect may note it later" in probed.reason


async def test_a_use_that_is_noted_once_alone_is_told_as_chance(world: World) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    row, seen = world.token(ACCOUNT, "leaked"), []

    def once() -> None:
        used_at = row.get("last_used_at")
        if used_at is not None and used_at not in seen:
            seen.append(used_at)
        if seen:
            row["last_used_at"] = seen[min(len(seen), 2) - 1]

    world.happens.append(once)

    (probed,), _ = await world.probe(secret)

    assert (probed.is_sure, names(probed)) == (False, [f"{ACCOUNT}/leaked"])
    assert "it may be chance" in probed.reason


async def test_a_token_that_konnect_refuses_is_dead_and_is_used_once(world: World) -> None:
    (probed,), _ = await world.probe(SecretStr("spat_7Hq2LxWvB9mZrT4cNfKpYd8sJgEaUo3iXk6VbQ1nM"))

    assert (probed.state, probed.calls) == ("dead", 1)
    assert "401" in probed.reason


@pytest.mark.parametrize("kind", ["403", "404", "500", "cut-before", "cut-after", "malformed"])
async def test_whether_it_lives_is_unknown_when_konnect_does_not_say(
    world: World, kind: Any
) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if secret.get_secret_value() in request.headers["authorization"] and not world.happens:
            world.fake.inject(Fault(kind, path="/v3/organizations/me", times=None))
            world.happens.append(lambda: None)
        return None

    world.instead = refuse

    (probed,), _ = await world.probe(secret)

    assert (probed.state, names(probed)) == ("unknown", [])
    assert probed.reason
    assert secret.get_secret_value() not in probed.reason


async def test_the_token_of_another_organisation_is_said_to_be_that(world: World) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")

    def elsewhere(request: httpx.Request) -> httpx.Response | None:
        if secret.get_secret_value() in request.headers["authorization"]:
            return httpx.Response(200, json={"id": "org-2", "name": "Elsewhere"})
        return None

    world.instead = elsewhere

    (probed,), _ = await world.probe(secret)

    assert (probed.state, probed.is_sure, probed.calls) == ("live", False, 1)
    assert probed.organization is not None
    assert probed.organization.name == "Elsewhere"


async def test_a_personal_token_names_its_person(world: World) -> None:
    (probed,), _ = await world.probe(SecretStr(world.fake.operator_token))

    assert probed.state == "live"
    assert probed.person is not None
    assert probed.person.id == world.fake.organisation.operator_id


async def test_a_persons_token_is_told_among_their_own(world: World) -> None:
    """Broken when the tokens of accounts count as well: one is used at the same moments."""
    organisation = world.fake.organisation
    user = next(row["id"] for row in organisation.users if row["id"] != organisation.operator_id)
    expires_at = stamp(world.clock() + timedelta(days=9))
    made: dict[str, Any] = {"user_id": user, "state": "ACTIVE", "expires_at": expires_at}
    rows = [made | {"id": organisation.new_id(), "name": name} for name in ("laptop", "other")]
    secret = SecretStr(organisation.issue_token(user, rows[0]))
    organisation.issue_token(user, rows[1])
    world.secret_of(ACCOUNT, "twin")
    twin, leaked = world.token(ACCOUNT, "twin"), rows[0]
    world.happens.append(lambda: twin.update(last_used_at=leaked.get("last_used_at")))

    (probed, account), prober = await world.probe(secret, world.secret_of(ACCOUNT, "leaked"))

    assert probed.person is not None
    assert probed.person.id == user
    assert names(account) == [f"{ACCOUNT}/leaked"]
    assert (probed.is_sure, [each.token.name for each in probed.candidates]) == (True, ["laptop"])
    assert prober.unread == {}


async def test_lists_that_cannot_be_read_are_told(world: World) -> None:
    secret = world.secret_of(ACCOUNT, "leaked")
    account_id = world.fake.account_named("argo-rollouts")["id"]
    path = f"/v3/system-accounts/{account_id}/access-tokens"
    world.fake.inject(Fault("403", path=path, times=None))

    (probed,), prober = await world.probe(secret)

    assert names(probed) == [f"{ACCOUNT}/leaked"]
    assert list(prober.unread) == [account_id]
