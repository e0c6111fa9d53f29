"""`sa-tui rotate --due` by the real command line: what it does, and for which tokens."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.konnect import FakeKonnect, Fault

from .conftest import DAY, ENTRY, HOUR, Moment, Nights, works, writes

if TYPE_CHECKING:
    from collections.abc import Callable


# What should happen


def test_a_token_is_replaced_and_the_old_one_goes_when_it_is_idle(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]]
) -> None:
    first = nights.run()
    assert first.code == 0, first.err
    assert tokens() == ["gha-3", "gha-4"]
    assert works(fake, (nights.home / "probe.kept").read_text())

    second = nights.run(later=23 * HOUR)
    assert "NOT ACKNOWLEDGED" not in second.err
    assert (second.code, len(second.out.splitlines())) == (0, 1)
    assert second.out.startswith("Nothing is due: ")
    assert tokens() == ["gha-3", "gha-4"]

    third = nights.run(later=2 * HOUR)
    assert third.code == 0
    assert tokens() == ["gha-4"]
    done = [(each["action"], each["status"]) for each in nights.receipts[-1]["results"]]
    assert done == [("retire", "done")]


def test_a_runner_without_any_memory_does_the_same(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    for _ in range(9):
        nights.forget()
        assert nights.run(later=12 * HOUR).code == 0

    assert tokens() == ["gha-4"]


def test_nothing_is_done_twice(nights: Nights, fake: FakeKonnect) -> None:
    nights.run()
    sent = len(writes(fake))
    for _ in range(3):
        nights.run()

    assert len(writes(fake)) == sent


def test_a_dry_run_says_it_all_and_sends_and_leaves_nothing(
    nights: Nights, fake: FakeKonnect
) -> None:
    ended = nights.run("--dry-run")

    assert ended.code == 0
    assert "gha-4" in ended.out
    assert "curl -X POST" in ended.out
    assert writes(fake) == []
    assert not (nights.state / "receipts.jsonl").exists()
    assert not (nights.state / "rotate.lock").exists()


def test_the_receipt_is_private_and_can_go_elsewhere(nights: Nights) -> None:
    path = nights.home / "mine" / "receipt.jsonl"

    assert nights.run("--receipt", str(path)).code == 0

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    receipt = json.loads(path.read_text())
    assert receipt["exit_code"] == 0
    assert receipt["results"][0]["successor"]["name"] == "gha-4"
    assert not (nights.state / "receipts.jsonl").exists()


def test_lifetimes_go_by_the_clock_of_konnect(
    nights: Nights, fake: FakeKonnect, account_id: str, clock: Moment
) -> None:
    nights.command.env = replace(nights.command.env, now=lambda: clock.now + 3 * DAY)

    ended = nights.command("rotate", "--due")

    assert ended.code == 0
    expires_at = datetime.fromisoformat(fake.tokens_of(account_id)[-1]["expires_at"])
    assert abs(expires_at - clock.now - 90 * DAY) <= timedelta(seconds=1)


def test_the_longest_lifetime_is_never_a_second_too_long(
    nights: Nights, fake: FakeKonnect, account_id: str, clock: Moment
) -> None:
    nights.write("rotations.toml", ENTRY.replace("90d", "365d"))
    nights.command.env = replace(nights.command.env, now=lambda: clock.now + 3 * DAY)

    assert nights.command("rotate", "--due").code == 0
    expires_at = datetime.fromisoformat(fake.tokens_of(account_id)[-1]["expires_at"])
    assert timedelta(minutes=-2) < expires_at - clock.now - 365 * DAY <= timedelta()


@pytest.mark.parametrize("output", [(), ("--dry-run",)])
def test_the_json_is_as_its_schema_says(nights: Nights, output: tuple[str, ...]) -> None:
    answer = nights.run("-o", "json", *output).json

    Draft202012Validator(schema_of("rotate")).validate(answer)
    assert [each["action"] for each in answer["results"]] == ["issue"]


# The application and this run


def test_a_rotation_of_the_application_is_respected_and_finished(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    new = str(nights.home / "new.kept")
    begun = nights.command("token", "rotate", "probe", "gha-3", "--name", "odd", "--to-file", new)
    assert begun.code == 0, begun.err

    assert nights.run().out.startswith("Nothing is due")
    assert nights.run(later=25 * HOUR).code == 0

    assert tokens() == ["odd"]
    assert "No rotation of" in nights.command("token", "retire", "probe", "odd").err


def test_somebody_may_retire_the_old_token_of_a_run(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    nights.run()
    assert nights.command("token", "retire", "probe", "gha-3").code == 7
    nights.clock.now += 25 * HOUR

    assert nights.command("token", "retire", "probe", "gha-3").code == 0
    assert tokens() == ["gha-4"]
    assert nights.run().out.startswith("Nothing is due")


def test_the_application_knows_of_the_rotation_until_its_end(nights: Nights) -> None:
    nights.run()
    told = nights.command("token", "list", "probe")
    assert "BEING REPLACED: gha-3 by gha-4" in told.err

    nights.run(later=25 * HOUR)
    told = nights.command("token", "list", "probe")
    assert "BEING REPLACED" not in told.err


def test_a_rotation_that_another_machine_has_finished_is_over_here_too(
    nights: Nights, fake: FakeKonnect, account_id: str, old_id: str
) -> None:
    nights.run()
    fake.organisation.remove_token(account_id, old_id)

    nights.run(later=25 * HOUR)

    assert "BEING REPLACED" not in nights.command("token", "list", "probe").err


# What the entries say


def test_two_entries_for_one_token_are_both_named_and_nothing_is_done(
    nights: Nights, fake: FakeKonnect
) -> None:
    nights.write("rotations.toml", ENTRY + ENTRY.replace("nightly", "other"))

    ended = nights.run()

    assert ended.code == 2
    assert "nightly and other both claim gha-3 of probe" in ended.out
    assert writes(fake) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"probe"', '"prob"', "no account with the name or id prob. Did you mean probe?"),
        ('"gha-*"', '"jenkins-*"', "It claims no token."),
    ],
)
def test_an_entry_that_claims_nothing_is_told(
    nights: Nights, old: str, new: str, words: str
) -> None:
    nights.write("rotations.toml", ENTRY.replace(old, new))

    ended = nights.run()

    assert ended.code == 1
    assert words in ended.out


def test_a_managed_account_is_left_to_somebody(nights: Nights, fake: FakeKonnect) -> None:
    fake.account_named("probe")["konnect_managed"] = True

    ended = nights.run()

    assert ended.code == 1
    assert "Konnect manages probe for a mesh zone" in ended.out
    assert writes(fake) == []


def test_a_query_chooses_and_what_it_cannot_know_it_leaves_alone(
    nights: Nights, fake: FakeKonnect, account_id: str, tokens: Callable[[], list[str]]
) -> None:
    fake.join(fake.add_team("Pipelines"), account_id)
    query = "query = 'team:Pipelines token:gha'"
    entry = ENTRY.replace('account = "probe"\ntokens = "gha-*"', query)
    nights.write("rotations.toml", entry)
    fake.inject(Fault("500", method="GET", path="*/teams", times=None))
    doubtful = nights.run()
    assert doubtful.code == 3
    assert writes(fake) == []

    fake.clear_faults()
    assert nights.run().code == 0
    assert tokens() == ["gha-3", "gha-4"]


def test_a_destination_that_needs_somebody_or_is_not_there_is_refused_before_anything(
    nights: Nights, fake: FakeKonnect
) -> None:
    nights.write("rotations.toml", ENTRY.replace('"keep"', '"kep"'))
    assert "Did you mean keep?" in nights.run().err
    nights.write("profiles.toml", '[destinations.keep]\nkind = "show"\n')
    nights.write("rotations.toml", ENTRY)
    assert "needs somebody" in nights.run().err
    nights.write("profiles.toml", '[destinations.keep]\nkind = "file"\npath = "/tmp/x"\n')
    assert "put {token} into its path" in nights.run().err
    nights.write("profiles.toml", '[destinations.keep]\nkind = "comand"\n')
    assert "profiles.toml, line 2" in nights.run().err

    assert fake.received == []


def test_a_run_that_fails_as_a_whole_is_told_too(nights: Nights, fake: FakeKonnect) -> None:
    nights.told()
    nights.command.environ["KONNECT_TOKEN"] = "kpat_expired"

    assert nights.run().code == 4

    (told,) = nights.events()
    assert (told["action"], told["status"]) == ("run", "failed")
    assert "401" in told["message"]


def test_a_word_of_a_query_that_nothing_has_is_warned_of(nights: Nights) -> None:
    query = "query = 'team:Pipelins name:probe'"
    nights.write("rotations.toml", ENTRY.replace('account = "probe"\ntokens = "gha-*"', query))

    ended = nights.run()

    assert ended.code == 1
    assert "WARNING" in ended.err


def test_a_command_that_is_told_and_fails_is_reported_and_stops_nothing(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    nights.write("rotations.toml", f'on_event = ["false"]\n{ENTRY}')

    ended = nights.run()

    assert ended.code == 0
    assert "on_event: false failed with exit code 1" in ended.err
    assert tokens() == ["gha-3", "gha-4"]
