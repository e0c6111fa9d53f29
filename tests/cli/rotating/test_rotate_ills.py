"""`sa-tui rotate --due` while destinations and Konnect fail, and others meddle."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.records.rotations import Rotations

from .conftest import DAY, ENTRY, HOUR, TOKEN, TOKENS, Moment, Nights, meddle, stamp, writes

if TYPE_CHECKING:
    from collections.abc import Callable


# Where a secret cannot go


def test_a_dead_destination_is_told_each_night_and_leaves_no_token_behind(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    nights.told()
    nights.write("profiles.toml", nights.destination("exit 3"))
    for _ in range(5):
        ended = nights.run(later=DAY)
        assert ended.code == 6
        assert tokens() == ["gha-3"]
    told = nights.events()
    assert [each["status"] for each in told] == ["undelivered"] * 5
    assert "exit code 3" in told[0]["message"]

    nights.write("profiles.toml", nights.destination("cat > $0.kept"))
    assert nights.run(later=DAY).code == 0
    assert tokens() == ["gha-3", "gha-4"]


def test_a_program_that_is_not_there_makes_no_token(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]]
) -> None:
    nights.write("profiles.toml", nights.destination("true").replace('"sh"', '"nowhere"'))

    ended = nights.run()

    assert ended.code == 2
    assert "nowhere was not found" in ended.out
    assert writes(fake) == []
    assert tokens() == ["gha-3"]


def test_a_secret_that_may_have_arrived_stays_until_another_one_works(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    nights.write("profiles.toml", nights.destination("cat > $0.kept", verify="echo other"))
    assert nights.run().code == 6
    assert tokens() == ["gha-3", "gha-4"]
    nights.forget()
    nights.write("profiles.toml", nights.destination("cat > $0.kept"))

    assert nights.run(later=HOUR).out.startswith("Nothing is due")
    assert nights.run(later=12 * HOUR).code == 0
    assert tokens() == ["gha-3", "gha-4", "gha-5"]
    assert nights.run(later=25 * HOUR).code == 0
    assert tokens() == ["gha-5"]


def test_a_proof_that_always_fails_is_told_each_night_and_makes_no_pile_of_tokens(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    nights.write("profiles.toml", nights.destination("cat > $0.kept", verify="echo other"))
    for _ in range(9):
        assert nights.run(later=DAY).code == 6
        nights.forget()
        assert len(tokens()) <= 5
    nights.write("profiles.toml", nights.destination("cat > $0.kept"))

    for _ in range(3):
        nights.run(later=DAY)
    assert len(tokens()) == 1


def test_the_destination_is_read_back_before_the_old_token_goes(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    nights.run()
    kept = nights.home / "probe.kept"
    secret = kept.read_text()
    kept.write_text("something else")

    ended = nights.run(later=25 * HOUR)
    assert ended.code == 1
    assert "gha-4 is not where it was delivered: what it gave back is not this token" in ended.out
    assert tokens() == ["gha-3", "gha-4"]

    kept.write_text(secret)
    assert nights.run().code == 0
    assert tokens() == ["gha-4"]


def test_two_tokens_for_one_place_are_not_issued(
    nights: Nights, fake: FakeKonnect, account_id: str, now: datetime
) -> None:
    fake.add_token(account_id, "jenkins", expires_at=stamp(now + DAY))
    nights.write("rotations.toml", ENTRY.replace('"gha-*"', '"*"'))

    ended = nights.run()

    assert ended.code == 2
    assert "goes to command" in ended.out
    assert "put {account} and {token} into it" in ended.out
    assert writes(fake) == []


# What Konnect can do


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        *(("403", 4), ("404", 9), ("409", 9), ("500", 10), ("503", 10)),
        *(("cut-before", 10), ("cut-after", 6), ("malformed", 6)),
    ],
)
def test_whatever_becomes_of_the_order_no_token_is_left_that_nobody_has(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]], kind: Any, code: int
) -> None:
    fake.inject(Fault(kind, method="POST", path=TOKENS))

    assert nights.run().code == code
    assert tokens() == ["gha-3"]
    nights.forget()
    assert nights.run(later=DAY).code == 0
    assert tokens() == ["gha-3", "gha-4"]


def test_a_token_of_which_nothing_is_known_is_found_by_a_later_run(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]]
) -> None:
    fake.inject(Fault("cut-after", method="POST", path=TOKENS))
    fake.inject(Fault("500", method="DELETE", path=TOKEN, times=None))
    assert nights.run().code == 6
    assert tokens() == ["gha-3", "gha-4"]
    nights.forget()
    fake.clear_faults()

    assert nights.run(later=13 * HOUR).code == 0
    assert nights.run(later=25 * HOUR).code == 0
    assert tokens() == ["gha-5"]


def test_a_rotation_that_a_dead_run_left_on_record_gives_way_to_another(
    nights: Nights,
    fake: FakeKonnect,
    account_id: str,
    old_id: str,
    tokens: Callable[[], list[str]],
    clock: Moment,
) -> None:
    new_id = fake.add_token(account_id, "gha-4", expires_at=stamp(clock.now + 90 * DAY))
    rotations = Rotations(nights.state / "rotations.jsonl", now=clock)
    about: dict[str, Any] = {"account_id": account_id, "account_name": "probe", "old_id": old_id}
    id = rotations.begin(base_url="https://global.api.konghq.com", old_name="gha-3", **about)
    rotations.issued(id, token_id=new_id, name="gha-4")

    assert nights.run(later=HOUR).out.startswith("Nothing is due")
    assert nights.run(later=12 * HOUR).code == 0
    assert tokens() == ["gha-3", "gha-4", "gha-5"]
    assert nights.run(later=25 * HOUR).code == 0
    assert tokens() == ["gha-5"]


def test_a_wait_that_is_too_long_is_told_and_costs_nothing(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]]
) -> None:
    fake.inject(Fault("429", method="POST", path=TOKENS, retry_after_seconds=9999, times=None))

    assert nights.run().code == 5
    assert tokens() == ["gha-3"]


def test_a_name_that_another_run_takes_in_the_meantime_is_left_to_it(
    nights: Nights, fake: FakeKonnect, account_id: str, tokens: Callable[[], list[str]]
) -> None:

    def other_run(method: str, _: str) -> None:
        if method == "POST":
            fake.add_token(account_id, "gha-4")

    meddle(nights, fake, other_run)
    ended = nights.run("-o", "json")

    assert ended.code == 0, ended.err
    assert [each["status"] for each in ended.json["results"]] == ["waiting"]
    assert tokens() == ["gha-3", "gha-4"]


@pytest.mark.parametrize("kind", ["403", "409", "429", "500", "cut-before", "cut-after"])
def test_an_old_token_is_retired_once_or_by_a_later_run(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]], kind: Any
) -> None:
    nights.run()
    fake.inject(Fault(kind, method="DELETE", path=TOKEN))
    nights.run(later=25 * HOUR)

    assert nights.run(later=HOUR).code == 0
    assert tokens() == ["gha-4"]
    assert nights.run(later=HOUR).out.startswith("Nothing is due")


def test_an_old_token_that_is_used_at_the_last_moment_stays(
    nights: Nights,
    fake: FakeKonnect,
    account_id: str,
    old_id: str,
    tokens: Callable[[], list[str]],
    clock: Moment,
) -> None:
    nights.run()
    reads: list[str] = []

    def user(_: str, path: str) -> None:
        reads.append(path)
        if sum(each.endswith("/access-tokens") for each in reads) == 2:
            fake.organisation.tokens(account_id)[old_id]["last_used_at"] = stamp(clock.now)

    meddle(nights, fake, user)

    assert nights.run(later=25 * HOUR).code == 0
    assert tokens() == ["gha-3", "gha-4"]


def test_a_successor_that_somebody_has_revoked_is_made_again(
    nights: Nights, fake: FakeKonnect, account_id: str, tokens: Callable[[], list[str]]
) -> None:
    nights.run()
    fake.organisation.remove_token(account_id, fake.tokens_of(account_id)[-1]["id"])

    assert nights.run(later=DAY).code == 0
    assert tokens() == ["gha-3", "gha-4"]
    assert nights.run(later=25 * HOUR).code == 0
    assert tokens() == ["gha-4"]


def test_a_token_that_somebody_revokes_in_the_meantime_gets_no_successor(
    nights: Nights,
    fake: FakeKonnect,
    account_id: str,
    old_id: str,
    tokens: Callable[[], list[str]],
) -> None:
    reads: list[str] = []

    def somebody(_: str, path: str) -> None:
        reads.append(path)
        if reads.count(f"/v3/system-accounts/{account_id}/access-tokens") == 2 and tokens():
            fake.organisation.remove_token(account_id, old_id)

    meddle(nights, fake, somebody)

    ended = nights.run("-o", "json")
    assert ended.code == 0
    assert tokens() == []
    (result,) = ended.json["results"]
    assert "Somebody has revoked it" in result["message"]


@pytest.mark.parametrize(("status", "code"), [("500", 5), ("cut-before", 5)])
def test_without_accounts_there_is_an_error_and_a_receipt(
    nights: Nights, fake: FakeKonnect, status: Any, code: int
) -> None:
    fake.inject(Fault(status, method="GET", path="/v3/system-accounts", times=None))

    ended = nights.run("-o", "json")

    assert (ended.code, ended.json["error"]["exit_code"]) == (code, code)
    assert nights.receipts[-1]["error"]


def test_tokens_that_cannot_be_read_are_left_alone(nights: Nights, fake: FakeKonnect) -> None:
    fake.inject(Fault("500", method="GET", path=TOKENS, times=None))

    ended = nights.run()

    assert ended.code == 3
    assert "could be read" in ended.out
    assert writes(fake) == []


def test_a_token_that_is_taken_for_none_of_ours_is_one_error_not_many(
    nights: Nights, fake: FakeKonnect
) -> None:
    nights.command.environ["KONNECT_TOKEN"] = "kpat_revoked"

    assert nights.run().code == 4


def test_nothing_ends_while_konnect_does_not_tell_the_time(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]]
) -> None:
    nights.run()
    answer = fake.answer

    def timeless(*asked: Any) -> Any:
        reply = answer(*asked)
        headers = {name: value for name, value in reply.headers.items() if name != "date"}
        return replace(reply, headers=headers)

    fake.answer = timeless  # type: ignore[assignment,method-assign]
    nights.command.env = replace(nights.command.env, transport=fake.transport())

    ended = nights.run(later=25 * HOUR)

    assert ended.code == 0
    assert "Konnect does not tell the time" in ended.err
    assert tokens() == ["gha-3", "gha-4"]
