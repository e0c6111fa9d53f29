"""`sa-tui rotate --due` by the real command line, night after night, with what can go wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.seed import build_organisation
from sa_tui.records.lease import Lease

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Command, Ended

SECRET = re.compile(r"spat_\w{20,}")
TOKENS = "*/access-tokens"
TOKEN = "*/access-tokens/*"
ENTRY = """
[rotations.nightly]
account = "probe"
tokens = "gha-*"
to = "keep"
lifetime = "90d"
before = "14d"
idle = "24h"
"""


class Moment:
    """The time of Konnect and of this machine."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Moment:
    return Moment(now)


@pytest.fixture
def fake(now: datetime, clock: Moment) -> FakeKonnect:
    return FakeKonnect(build_organisation(now, accounts=3), clock=clock)


@pytest.fixture
def account_id(fake: FakeKonnect) -> str:
    return fake.add_account("probe")


@pytest.fixture
def old_id(fake: FakeKonnect, account_id: str, now: datetime) -> str:
    """A token that ends in 10 days, and was used two days ago."""
    return fake.add_token(
        account_id,
        "gha-3",
        created_at=stamp(now - timedelta(days=80)),
        expires_at=stamp(now + timedelta(days=10)),
        last_used_at=stamp(now - timedelta(days=2)),
    )


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class Nights:
    """A machine with a schedule: its files, and one run after the other."""

    def __init__(self, command: Command, clock: Moment, directory: Path, home: Path) -> None:
        self.command = command
        self.clock = clock
        self.home = home
        self.state = home / "state" / "sa-tui"
        self._directory = directory
        directory.mkdir()
        self.write("profiles.toml", self.destination("cat > $0.kept"))
        self.write("rotations.toml", ENTRY)

    def destination(self, shell: str, *, verify: str = "sha256sum {home}/{account}.kept") -> str:
        """The destination `keep`: a shell command with the secret on its standard input."""
        return f"""
[destinations.keep]
kind = "command"
command = ["sh", "-c", "cd {self.home} && {shell}", "{{account}}"]
verify = {json.dumps(verify.replace("{home}", str(self.home)))}
"""

    def write(self, name: str, text: str) -> None:
        path = self._directory / name
        path.write_text(text)
        path.chmod(0o600)

    def run(self, *more: str, later: timedelta = timedelta()) -> Ended:
        """A run, so much later; what it prints must not hold a secret."""
        self.clock.now += later
        self.command.env = replace(self.command.env, now=self.clock)
        ended = self.command("rotate", "--due", *more)
        assert not SECRET.search(ended.out + ended.err + self.kept)
        return ended

    def forget(self) -> None:
        """Empties the home of a CI runner."""
        shutil.rmtree(self.state, ignore_errors=True)

    @property
    def kept(self) -> str:
        """All that is written down beside the secret itself."""
        files = (path for path in self.home.rglob("*") if path.is_file())
        return "".join(path.read_text() for path in files if path.suffix != ".kept")

    @property
    def receipts(self) -> list[Any]:
        path = self.state / "receipts.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def nights(
    signed_in: Command,
    clock: Moment,
    directory: Path,
    tmp_path: Path,
    old_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Nights:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    signed_in.environ["PATH"] = os.environ["PATH"]
    return Nights(signed_in, clock, directory, tmp_path)


@pytest.fixture
def tokens(fake: FakeKonnect, account_id: str) -> Callable[[], list[str]]:
    """The names of the tokens that the account has."""
    return lambda: [token["name"] for token in fake.tokens_of(account_id)]


def writes(fake: FakeKonnect) -> list[str]:
    return [each.method for each in fake.received if each.method != "GET"]


def works(fake: FakeKonnect, secret: str) -> bool:
    headers = {"authorization": f"Bearer {secret}"}
    return fake.answer("GET", "/v3/organizations/me", {}, headers, b"").status == 200


DAY, HOUR = timedelta(days=1), timedelta(hours=1)


# What should happen


def test_a_token_is_replaced_and_the_old_one_goes_when_it_is_idle(
    nights: Nights, fake: FakeKonnect, tokens: Callable[[], list[str]]
) -> None:
    first = nights.run()
    assert first.code == 0, first.err
    assert tokens() == ["gha-3", "gha-4"]
    assert works(fake, (nights.home / "probe.kept").read_text())

    second = nights.run(later=23 * HOUR)
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
    nights: Nights, tokens: Callable[[], list[str]], clock: Moment
) -> None:
    nights.write("rotations.toml", ENTRY.replace("90d", "365d"))
    nights.command.env = replace(nights.command.env, now=lambda: clock.now + 3 * DAY)

    assert nights.command("rotate", "--due").code == 0
    assert tokens() == ["gha-3", "gha-4"]


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


def test_the_application_knows_of_the_rotation(nights: Nights) -> None:
    nights.run()

    told = nights.command("token", "list", "probe")

    assert "BEING REPLACED: gha-3 by gha-4" in told.err


# Where a secret cannot go


def test_a_dead_destination_is_told_each_night_and_leaves_no_token_behind(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    events = nights.home / "events"
    nights.write("rotations.toml", f'on_event = ["sh", "-c", "cat >> {events}"]\n{ENTRY}')
    nights.write("profiles.toml", nights.destination("exit 3"))
    for _ in range(5):
        ended = nights.run(later=DAY)
        assert ended.code == 6
        assert tokens() == ["gha-3"]
    told = [json.loads(line) for line in events.read_text().splitlines()]
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
    [("500", 10), ("503", 10), ("cut-before", 10), ("cut-after", 6), ("malformed", 6)],
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

    assert nights.run().code == 9
    assert tokens() == ["gha-3", "gha-4"]


def meddle(nights: Nights, fake: FakeKonnect, act: Callable[[str, str], object]) -> None:
    """Somebody else, who does something before each request arrives."""
    answer = fake.answer

    def answering(method: str, path: str, *more: Any) -> Any:
        act(method, path)
        return answer(method, path, *more)

    fake.answer = answering  # type: ignore[assignment,method-assign]
    nights.command.env = replace(nights.command.env, transport=fake.transport())


@pytest.mark.parametrize("kind", ["500", "cut-before", "cut-after"])
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


# What the entries say


def test_two_entries_for_one_token_are_both_named_and_nothing_is_done(
    nights: Nights, fake: FakeKonnect
) -> None:
    nights.write("rotations.toml", ENTRY + ENTRY.replace("nightly", "other"))

    ended = nights.run()

    assert ended.code == 1
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

    assert fake.received == []


def test_a_command_that_is_told_and_fails_is_reported_and_stops_nothing(
    nights: Nights, tokens: Callable[[], list[str]]
) -> None:
    nights.write("rotations.toml", f'on_event = ["false"]\n{ENTRY}')

    ended = nights.run()

    assert ended.code == 0
    assert "on_event: false failed with exit code 1" in ended.err
    assert tokens() == ["gha-3", "gha-4"]


# The run itself


def test_a_second_run_beside_the_first_does_nothing(
    nights: Nights, fake: FakeKonnect, clock: Moment
) -> None:
    other = Lease(nights.state / "rotate.lock", now=clock, pid=os.getpid(), host="elsewhere")
    other.take()

    ended = nights.run()
    assert ended.code == 7
    assert "Another run is at work" in ended.err
    assert fake.received == []
    assert nights.run(later=16 * timedelta(minutes=1)).code == 0


def test_a_read_only_profile_is_refused_before_anything(nights: Nights, fake: FakeKonnect) -> None:
    assert nights.run("--read-only").code == 2
    assert fake.received == []
    assert nights.run("--read-only", "--dry-run").code == 0


def test_a_receipt_that_cannot_be_kept_is_told(nights: Nights) -> None:
    ended = nights.run("--receipt", str(nights.home))

    assert ended.code == 2
    assert "The receipt" in ended.err


def test_names_that_attack_a_terminal_are_harmless(
    nights: Nights, fake: FakeKonnect, account_id: str, now: datetime
) -> None:
    name = "gha-\x1b[31m\u202e\n=cmd 'x' \"y\"-3"
    fake.add_token(account_id, name, expires_at=stamp(now + DAY))
    place = nights.destination("cat > $0.kept").replace("{account}", "{account}-{token}")
    nights.write("profiles.toml", place)

    ended = nights.run()

    assert "\x1b" not in ended.out + ended.err
    assert "\u202e" not in ended.out + ended.err


# Several tokens


@pytest.fixture
def several(nights: Nights, fake: FakeKonnect, clock: Moment) -> list[str]:
    """The ids of five accounts, each with a token that ends; the later, the further down."""
    place = nights.destination("cat > $0.kept").replace("{account}", "{account}-{token}")
    nights.write("profiles.toml", place)
    nights.write(
        "rotations.toml",
        ENTRY.replace('account = "probe"', "").replace(
            'tokens = "gha-*"', "query = 'name:several token:gha'"
        ),
    )
    accounts = [fake.add_account(f"several-{number}") for number in range(5)]
    for days, id in enumerate(reversed(accounts), start=2):
        fake.add_token(id, "gha", expires_at=stamp(clock.now + days * DAY))
    return accounts


def test_the_token_that_ends_first_goes_first_and_one_failure_stops_no_other(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    fake.inject(Fault("500", method="POST", path=f"*/{several[2]}/*", times=None))

    ended = nights.run("-o", "json")

    assert ended.code == 11
    statuses = [(each["system_account"]["id"], each["status"]) for each in ended.json["results"]]
    expected = [(id, "unknown" if id == several[2] else "done") for id in reversed(several)]
    assert statuses == expected


def test_a_konnect_that_cannot_be_asked_is_not_asked_for_every_token(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    fake.inject(Fault("429", method="POST", retry_after_seconds=9999, times=None))

    ended = nights.run("-o", "json")

    assert ended.code == 5
    assert len(ended.json["results"]) == 3
    assert ended.json["not_tried"] == 2


def test_a_file_with_the_token_in_its_path_is_a_place_too(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    path = nights.home / "{account}-{token}.kept"
    nights.write("profiles.toml", f'[destinations.keep]\nkind = "file"\npath = "{path}"\n')

    assert nights.run().code == 0
    second = nights.run(later=25 * HOUR)
    assert second.code == 0, second.out

    kept = sorted(file.name for file in nights.home.glob("*.kept"))
    assert kept == [f"several-{number}-gha-2.kept" for number in range(5)]
    assert [len(fake.tokens_of(id)) for id in several] == [1] * 5


# Signals and streams


def test_a_signal_in_the_middle_ends_the_run_in_order(
    nights: Nights, fake: FakeKonnect, several: list[str]
) -> None:
    def act(method: str, _: str) -> None:
        if method == "POST" and not writes(fake):
            nights.command.signals.take(signal.SIGTERM)

    meddle(nights, fake, act)

    ended = nights.run()

    assert ended.code == 143
    assert sum(len(fake.tokens_of(id)) for id in several) <= 6
    assert nights.receipts[-1]["exit_code"] == 143
    assert nights.run(later=13 * HOUR).code == 0


def test_without_a_home_there_is_a_sentence(nights: Nights, tmp_path: Path) -> None:
    nights.command.env = replace(nights.command.env, home=Path(os.devnull))
    del nights.command.environ["SA_TUI_CONFIG"]

    ended = nights.command("rotate", "--due")

    assert ended.code == 2
    assert "set HOME, or XDG_CONFIG_HOME" in ended.err


def test_due_has_to_be_said(nights: Nights) -> None:
    ended = nights.command("rotate")

    assert ended.code == 2
    assert "--due" in ended.err
