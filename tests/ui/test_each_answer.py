"""Each change meets each answer: refused, put off, lost before it was made or after; all is told.

What the pages say besides is proven where each of them is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.seed import build_organisation

ACCOUNT, TOKEN, TEAM, OTHER_TEAM = "probe", "gha", "Pilots", "Tolls"
MEMBER, GUEST = "Lin Ott", "Bo Aas"
PASSING = ("403", "404")
CONFLICT = "409"
LOST = {
    "500": "500",
    "cut-before": "was lost",
    "cut-after": "Done, although no answer said so.",
}
"""How an answer is lost, and what is said of it."""
REFUSALS = (*PASSING, CONFLICT)
TRACE = "konnect:trace:4711"

Words = dict[str, str]


@pytest.fixture
def fake(now: Any, clock: Any) -> FakeKonnect:
    """A small organisation: here it matters how it answers, not what it holds."""
    return FakeKonnect(build_organisation(now, accounts=1), clock=clock)


@pytest.fixture(autouse=True)
def ids(fake: FakeKonnect) -> Words:
    """An account with a token, in a team with a role and a person; another of each outside."""
    made = {ACCOUNT: fake.add_account(ACCOUNT), "outsider": fake.add_account("outsider")}
    made[TOKEN] = fake.add_token(made[ACCOUNT], TOKEN)
    made |= {name: fake.add_team(name) for name in (TEAM, OTHER_TEAM)}
    for name in (MEMBER, GUEST):
        row = {"id": fake.organisation.new_id(), "email": f"{name[:2]}@x.test", "full_name": name}
        made[name] = fake.organisation.users.add(row | {"active": True, "preferred_name": ""})["id"]
    fake.add_role(made[TEAM], "Viewer")
    fake.join(made[TEAM], made[ACCOUNT])
    fake.join(made[TEAM], made[MEMBER])
    return made


# The ways to a review


async def in_accounts(driver: Any, *keys: str) -> None:
    await driver.hit("slash")
    await driver.paste(ACCOUNT)
    await driver.press("enter", *keys)


async def in_teams(driver: Any, *keys: str) -> None:
    await driver.press("3", "slash")
    await driver.paste(TEAM)
    await driver.press("enter", *keys)


async def fill(driver: Any, text: str) -> None:
    await driver.fill(text)
    await driver.press("enter")


async def mark(driver: Any, words: str) -> None:
    """Marks in a picker what has these words."""
    await driver.paste(words)
    await driver.press("tab", "space", "enter")


async def make_account(driver: Any) -> None:
    await driver.press("n")
    await fill(driver, "fresh")


async def edit_account(driver: Any) -> None:
    await in_accounts(driver, "E")
    await fill(driver, "renamed")


async def rename_token(driver: Any) -> None:
    await in_accounts(driver, "enter", "N")
    await fill(driver, "renamed")


async def revoke_token(driver: Any) -> None:
    await in_accounts(driver, "enter", "x")


async def make_team(driver: Any) -> None:
    await driver.press("3", "n")
    await fill(driver, "Fresh")


async def edit_team(driver: Any) -> None:
    await in_teams(driver, "E")
    await fill(driver, "Renamed")


async def delete_team(driver: Any) -> None:
    await in_teams(driver, "D")


async def join_a_team(driver: Any) -> None:
    await in_accounts(driver, "enter", "m")
    await mark(driver, OTHER_TEAM)


async def leave_a_team(driver: Any) -> None:
    await in_accounts(driver, "enter", "m")
    await mark(driver, TEAM)


async def add_an_account(driver: Any) -> None:
    await in_teams(driver, "m")
    await mark(driver, "outsider")


async def take_an_account(driver: Any) -> None:
    await in_teams(driver, "enter", "tab", "x")


async def add_a_person(driver: Any) -> None:
    await in_teams(driver, "p")
    await mark(driver, GUEST)


async def take_a_person(driver: Any) -> None:
    await in_teams(driver, "enter", "tab", "tab", "x")


async def give_the_team_a_role(driver: Any) -> None:
    await in_teams(driver, "enter", "a")
    for words in ("identity", "admin", "*", "*"):
        await fill(driver, words)


async def take_a_role_of_the_team(driver: Any) -> None:
    await in_teams(driver, "enter", "x")


# What they come to


@dataclass(frozen=True)
class Flow:
    """A way to a review of one change, what is sent for it, and how to see that it was made.

    `word` has to be typed to confirm it.
    """

    lead: Callable[[Any], Awaitable[None]]
    method: str
    path: str
    is_made: Callable[[FakeKonnect, Words], bool]
    word: str = ""

    def sent(self, fake: FakeKonnect) -> int:
        """How often the request was sent."""
        return sum(
            each.method == self.method and fnmatchcase(each.path, self.path)
            for each in fake.received
        )


def _tokens(fake: FakeKonnect, ids: Words) -> list[str]:
    return [token["name"] for token in fake.tokens_of(ids[ACCOUNT])]


def _in_team(name: str, team: str = TEAM) -> Callable[[FakeKonnect, Words], bool]:
    def belongs(fake: FakeKonnect, ids: Words) -> bool:
        organisation = fake.organisation
        of_kind = organisation.account_teams if name in organisation.account_ids else None
        members = of_kind or organisation.user_teams
        return bool(members.has(ids[team], ids[name]))

    return belongs


def _not(is_so: Callable[[FakeKonnect, Words], bool]) -> Callable[[FakeKonnect, Words], bool]:
    return lambda fake, ids: not is_so(fake, ids)


def _team_names(fake: FakeKonnect) -> list[str]:
    return [row["name"] for row in fake.organisation.teams.rows]


FLOWS = (
    Flow(
        make_account,
        "POST",
        "/v3/system-accounts",
        lambda fake, _: "fresh" in fake.organisation.account_ids,
    ),
    Flow(
        edit_account,
        "PATCH",
        "/v3/system-accounts/*",
        lambda fake, _: "renamed" in fake.organisation.account_ids,
    ),
    Flow(
        rename_token,
        "PATCH",
        "*/access-tokens/*",
        lambda fake, ids: _tokens(fake, ids) == ["renamed"],
    ),
    Flow(revoke_token, "DELETE", "*/access-tokens/*", lambda fake, ids: _tokens(fake, ids) == []),
    Flow(make_team, "POST", "/v3/teams", lambda fake, _: "Fresh" in _team_names(fake)),
    Flow(edit_team, "PATCH", "/v3/teams/*", lambda fake, _: "Renamed" in _team_names(fake)),
    Flow(
        delete_team,
        "DELETE",
        "/v3/teams/*",
        lambda fake, _: TEAM not in _team_names(fake),
        word=TEAM,
    ),
    Flow(join_a_team, "POST", "/v3/teams/*/system-accounts", _in_team(ACCOUNT, OTHER_TEAM)),
    Flow(leave_a_team, "DELETE", "/v3/teams/*/system-accounts/*", _not(_in_team(ACCOUNT))),
    Flow(add_an_account, "POST", "/v3/teams/*/system-accounts", _in_team("outsider")),
    Flow(take_an_account, "DELETE", "/v3/teams/*/system-accounts/*", _not(_in_team(ACCOUNT))),
    Flow(add_a_person, "POST", "/v3/teams/*/users", _in_team(GUEST)),
    Flow(take_a_person, "DELETE", "/v3/teams/*/users/*", _not(_in_team(MEMBER))),
    Flow(
        give_the_team_a_role,
        "POST",
        "/v3/teams/*/assigned-roles",
        lambda fake, ids: len(fake.roles_of(ids[TEAM])) == 2,
        word=TEAM,
    ),
    Flow(
        take_a_role_of_the_team,
        "DELETE",
        "/v3/teams/*/assigned-roles/*",
        lambda fake, ids: fake.roles_of(ids[TEAM]) == [],
    ),
)
EACH_FLOW = pytest.mark.parametrize("flow", FLOWS, ids=[flow.lead.__name__ for flow in FLOWS])


def befall(kind: Any, flow: Flow, fake: FakeKonnect, line: Any) -> None:
    """Lets the next sending of this request go wrong so."""
    is_refusal = kind in REFUSALS
    # Konnect leaves all as it was, and the line tells another reason for it.
    fake.inject(Fault("500" if is_refusal else kind, method=flow.method, path=flow.path))
    body = {"status": int(kind), "detail": "not for you", "instance": TRACE} if is_refusal else {}

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_meant = is_refusal and request.method == flow.method and response.status_code == 500
        return httpx.Response(int(kind), json=body) if is_meant else response

    line.rewrite = rewrite


async def confirm(driver: Any, flow: Flow, clock: Any, sleep: Any) -> None:
    """Says yes, and lets time pass until all is sent and read again."""
    if flow.word:
        await driver.paste(flow.word)
    await driver.hit("enter" if flow.word else "Y")
    for _ in range(500):
        if not any(worker.group == "writes" for worker in driver.app.workers):
            return
        clock.advance(seconds=60)
        sleep.wake()
        await driver.turn()
    raise AssertionError(driver.text)


@EACH_FLOW
async def test_what_was_not_made_is_told_with_the_reason_until_it_is_made(
    running: Any, fake: FakeKonnect, line: Any, clock: Any, sleep: Any, ids: Words, flow: Flow
) -> None:
    async with running() as driver:
        await flow.lead(driver)
        for sendings, kind in enumerate(PASSING, start=1):
            befall(kind, flow, fake, line)
            await confirm(driver, flow, clock, sleep)

            assert "0 changes done, 1 failed. f tries it again" in driver.words
            assert kind in driver.words
            assert TRACE in driver.words
            assert (flow.sent(fake), flow.is_made(fake, ids)) == (sendings, False)
            await driver.hit("f")

        befall("429", flow, fake, line)
        await confirm(driver, flow, clock, sleep)
        assert "1 change done" in driver.words
        assert (flow.sent(fake), flow.is_made(fake, ids)) == (len(PASSING) + 2, True)


@pytest.mark.parametrize(
    ("flow", "kinds"),
    [
        pytest.param(flow, kinds, id="-".join((flow.lead.__name__, *kinds)))
        for flow in FLOWS
        # Of a second team with the same name nobody can tell which of the two was made.
        for kinds in ([(kind,) for kind in LOST] if flow.lead is make_team else [tuple(LOST)])
    ],
)
async def test_what_no_answer_tells_of_is_looked_up_and_never_made_twice(
    running: Any,
    fake: FakeKonnect,
    line: Any,
    clock: Any,
    sleep: Any,
    ids: Words,
    flow: Flow,
    kinds: tuple[str, ...],
) -> None:
    async with running() as driver:
        await flow.lead(driver)
        for sendings, kind in enumerate(kinds, start=1):
            befall(kind, flow, fake, line)
            await confirm(driver, flow, clock, sleep)

            is_made = kind == "cut-after"
            assert LOST[kind] in driver.words
            assert ("1 unknown: look before you try again. f looks" in driver.words) != is_made
            assert (flow.sent(fake), flow.is_made(fake, ids)) == (sendings, is_made)
            await driver.hit("escape" if is_made else "f")

        assert "1 change done" not in driver.words


@EACH_FLOW
async def test_what_another_attempt_cannot_mend_is_not_offered_again(
    running: Any, fake: FakeKonnect, line: Any, clock: Any, sleep: Any, ids: Words, flow: Flow
) -> None:
    async with running() as driver:
        await flow.lead(driver)
        befall(CONFLICT, flow, fake, line)
        await confirm(driver, flow, clock, sleep)

        assert "0 changes done, 1 failed. Esc leaves." in driver.words
        assert TRACE in driver.words
        await driver.press("f")
        assert (flow.sent(fake), flow.is_made(fake, ids)) == (1, False)
