"""Tokens without the application: real files, real commands, lost answers, and no secret astray."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.base.label import Label
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.records.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Command, Ended

ACCOUNT = "probe"
ISSUE = ("token", "issue", ACCOUNT, "--name", "ci", "--lifetime", "30d")
SECRET = re.compile(r"spat_\w{20,}")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journals are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture(autouse=True)
def account_id(fake: FakeKonnect) -> str:
    return fake.add_account(ACCOUNT)


@pytest.fixture
def old_id(fake: FakeKonnect, account_id: str, now: datetime) -> str:
    used = (now - timedelta(days=2)).isoformat().replace("+00:00", "Z")
    return fake.add_token(account_id, "gha-3", last_used_at=used)


@pytest.fixture
def rotated(signed_in: Command, old_id: str, tmp_path: Path) -> Ended:
    """A rotation whose successor is in a file."""
    return signed_in("token", "rotate", ACCOUNT, "gha-3", "--to-file", str(tmp_path / "new"))


def names(fake: FakeKonnect, account_id: str) -> list[str]:
    return [token["name"] for token in fake.tokens_of(account_id)]


def writes(fake: FakeKonnect) -> list[str]:
    return [each.method for each in fake.received if each.method != "GET"]


def kept(state: Path) -> str:
    """All that was written down."""
    return "".join(path.read_text() for path in state.rglob("*") if path.is_file())


def works(fake: FakeKonnect, secret: str) -> bool:
    headers = {"authorization": f"Bearer {secret}"}
    return fake.answer("GET", "/v3/organizations/me", {}, headers, b"").status == 200


def test_a_token_goes_to_a_file_that_its_owner_alone_can_read(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path, state: Path
) -> None:
    path = tmp_path / "token.env"

    ended = signed_in(
        *ISSUE, "--to-file", str(path), "--format", "env", "--variable", "SPAT", "-o", "json"
    )

    assert ended.code == 0
    found = re.fullmatch(r"SPAT='(spat_\w+)'\n", path.read_text())
    assert found
    assert works(fake, found[1])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ended.json["access_token"]["name"] == "ci"
    assert not SECRET.search(ended.out + ended.err + kept(state))


def test_a_command_gets_the_token_on_its_standard_input(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path, state: Path
) -> None:
    store = "import sys, json; json.dump([sys.stdin.read(), sys.argv], open(sys.argv[1], 'w'))"
    out = tmp_path / "got"

    ended = signed_in(*ISSUE, "--exec", sys.executable, "-c", store, str(out), "--force", "-x")

    assert ended.code == 0
    secret, argv = json.loads(out.read_text())
    assert argv[2:] == ["--force", "-x"]
    assert works(fake, secret)
    assert not SECRET.search(json.dumps(argv) + ended.out + ended.err + kept(state))


@pytest.fixture
def places(signed_in: Command, tmp_path: Path, directory: Path) -> Path:
    """Destinations in the file of profiles: one that works, one that proves nothing."""
    signed_in.environ["PATH"] = os.environ["PATH"]
    directory.mkdir()
    (directory / "profiles.toml").write_text(
        f"""
[destinations.keep]
kind = "command"
command = ["sh", "-c", "cat > {tmp_path}/$0.kept", "{{account}}"]
verify = "sha256sum {tmp_path}/{{account}}.kept"

[destinations.lies]
kind = "command"
command = ["sh", "-c", "cat > {tmp_path}/$0.kept", "{{account}}"]
verify = "echo nothing"

[destinations.nightly]
kind = "file"
path = "{tmp_path}/{{account}}-{{token}}.env"
format = "env"

[destinations.look]
kind = "show"
"""
    )
    return tmp_path


def test_a_destination_that_is_written_down_wrongly_is_named_when_it_is_used(
    signed_in: Command, fake: FakeKonnect, places: Path, directory: Path
) -> None:
    path = directory / "profiles.toml"
    path.write_text(f"{path.read_text()}\n[destinations.vault]\nkind = 'comand'\n")
    number = path.read_text().splitlines().index("kind = 'comand'") + 1

    refused = signed_in(*ISSUE, "--to", "vault")  # not the ready-made one of the same name
    told = signed_in("info", "-o", "json").json["destinations"]

    assert refused.code == 2
    assert f"line {number}, destinations.vault.kind" in refused.err
    assert told["keep"] == "command"
    assert f"cannot be used: {path}, line {number}" in told["vault"]
    assert signed_in("accounts", "--quick").code == 0
    assert signed_in(*ISSUE, "--to", "keep").code == 0


def test_a_destination_is_known_by_its_name(
    signed_in: Command, fake: FakeKonnect, places: Path
) -> None:
    ended = signed_in(*ISSUE, "--to", "keep")

    assert ended.code == 0
    assert "Its verify command gave back this token." in ended.err
    assert works(fake, (places / "probe.kept").read_text())

    assert signed_in(*ISSUE[:4], "night", "--lifetime", "1d", "--to", "nightly").code == 0
    assert (places / "probe-night.env").read_text().startswith("KONNECT_TOKEN='spat_")


def test_a_delivery_that_nothing_proves_is_none_and_its_token_is_revoked(
    signed_in: Command, fake: FakeKonnect, places: Path, account_id: str
) -> None:
    ended = signed_in(*ISSUE, "--to", "lies")

    assert ended.code == 6
    assert "It could not be proved: what it gave back is not this token" in ended.err
    assert names(fake, account_id) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("keeb", "Did you mean keep?"),
        ("qqq", "There are: keep, lies, nightly, look, vault, gopass"),
        ("look", "Use --stdout here."),
        ("gh", "Put OWNER/NAME in place of {repository}"),
    ],
)
def test_a_destination_that_cannot_be_used_is_refused_before_anything_is_created(
    signed_in: Command, fake: FakeKonnect, places: Path, name: str, says: str
) -> None:
    ended = signed_in(*ISSUE, "--to", name)

    assert ended.code == 2
    assert says in ended.err
    assert writes(fake) == []


def test_standard_output_gets_the_token_and_nothing_else(
    signed_in: Command, fake: FakeKonnect, state: Path
) -> None:
    ended = signed_in(*ISSUE, "--stdout")

    assert ended.code == 0
    assert SECRET.fullmatch(ended.out)
    assert works(fake, ended.out)
    assert not SECRET.search(ended.err + kept(state))


def test_a_dry_run_prints_the_request_and_sends_nothing(
    signed_in: Command, fake: FakeKonnect, account_id: str
) -> None:
    ended = signed_in(*ISSUE, "--stdout", "--dry-run")

    assert ended.code == 0
    assert ended.out.startswith("curl -X POST ")
    assert f"/v3/system-accounts/{account_id}/access-tokens" in ended.out
    assert '"Authorization: Bearer $KONNECT_TOKEN"' in ended.out
    assert fake.operator_token not in ended.out + ended.err
    assert writes(fake) == []


@pytest.mark.parametrize(
    "where",
    [
        (),
        ("--stdout", "-o", "json"),
        ("--stdout", "--format", "env"),
        ("--exec",),
        ("--exec", "no-such-program"),
        ("--to-file", "/nowhere/token"),
    ],
)
def test_a_destination_that_cannot_be_used_creates_nothing(
    signed_in: Command, fake: FakeKonnect, where: tuple[str, ...]
) -> None:
    assert signed_in(*ISSUE, *where).code == 2
    assert writes(fake) == []


def test_a_name_that_is_taken_creates_nothing(
    signed_in: Command, fake: FakeKonnect, account_id: str
) -> None:
    fake.add_token(account_id, "ci")

    ended = signed_in(*ISSUE, "--stdout")

    assert (ended.code, ended.out) == (9, "")
    assert "already has a token named 'ci'" in ended.err
    assert writes(fake) == []


def test_a_token_that_could_not_be_delivered_is_revoked(
    signed_in: Command, fake: FakeKonnect, account_id: str
) -> None:
    ended = signed_in(*ISSUE, "--exec", "/bin/false")

    assert ended.code == 6
    assert "The new token, which nobody has, is revoked." in ended.err
    assert names(fake, account_id) == []


@pytest.mark.parametrize(("more", "left"), [((), ["ci"]), (("--revoke-lost",), [])])
def test_a_lost_answer_that_left_a_token_ends_in_6_and_names_it(
    signed_in: Command, fake: FakeKonnect, account_id: str, more: Any, left: list[str]
) -> None:
    fake.inject(Fault("cut-after", method="POST"))

    ended = signed_in(*ISSUE, "--stdout", *more)

    assert (ended.code, ended.out) == (6, "")
    assert "its secret was in the lost answer" in ended.err
    assert ("--yes" in ended.err) == (not more)
    assert names(fake, account_id) == left


def test_an_answer_lost_before_the_change_is_not_told_as_a_token(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("cut-before", method="POST"))

    ended = signed_in(*ISSUE, "--stdout")

    assert (ended.code, ended.out) == (5, "")
    assert "most likely none was created" in ended.err


@pytest.mark.parametrize(("kind", "code"), [("403", 4), ("404", 9), ("409", 9)])
def test_an_order_that_konnect_refuses_ends_in_the_code_of_the_refusal(
    signed_in: Command, fake: FakeKonnect, kind: Any, code: int
) -> None:
    fake.inject(Fault(kind, method="POST"))

    ended = signed_in(*ISSUE, "--stdout")

    assert (ended.code, ended.out) == (code, "")


def test_a_request_that_must_wait_is_sent_once_more(
    signed_in: Command, fake: FakeKonnect, account_id: str
) -> None:
    fake.inject(Fault("429", method="POST"))

    assert signed_in(*ISSUE, "--stdout").code == 0
    assert names(fake, account_id) == ["ci"]


def test_a_read_only_run_creates_nothing(signed_in: Command, fake: FakeKonnect) -> None:
    assert signed_in("--read-only", *ISSUE, "--stdout").code == 7
    assert writes(fake) == []


def test_a_rotation_proves_the_successor_and_keeps_the_old_token(
    rotated: Ended, fake: FakeKonnect, account_id: str, tmp_path: Path, state: Path
) -> None:
    assert rotated.code == 0
    assert "gha-4 works. gha-3 stays" in rotated.err
    assert names(fake, account_id) == ["gha-3", "gha-4"]
    assert works(fake, (tmp_path / "new").read_text())
    assert not SECRET.search(rotated.out + rotated.err + kept(state))


def test_a_token_is_not_rotated_twice(
    signed_in: Command, rotated: Ended, fake: FakeKonnect
) -> None:
    ended = signed_in("token", "rotate", ACCOUNT, "gha-3", "--stdout")

    assert (ended.code, ended.out) == (2, "")
    assert "gha-3 is being replaced by gha-4 already" in ended.err
    assert writes(fake) == ["POST"]


def test_an_old_token_is_kept_until_it_is_idle(
    signed_in: Command, rotated: Ended, fake: FakeKonnect
) -> None:
    ended = signed_in("token", "retire", ACCOUNT, "gha-3")

    assert ended.code == 7
    assert "gha-4 was handed over" in ended.err
    assert "Nothing was revoked" in ended.err
    assert writes(fake) == ["POST"]


@pytest.mark.parametrize("more", [("--idle", "0m"), ("--force",)])
def test_an_old_token_that_is_idle_or_insisted_on_is_retired_once(
    signed_in: Command, rotated: Ended, fake: FakeKonnect, account_id: str, more: tuple[str, ...]
) -> None:
    ended = signed_in("token", "retire", ACCOUNT, "gha-3", *more, "-o", "json")

    assert ended.code == 0
    assert ended.json["status"] == "revoked"
    assert names(fake, account_id) == ["gha-4"]
    assert signed_in("token", "retire", ACCOUNT, "gha-3", *more).code == 2


def test_a_token_without_a_known_rotation_is_not_retired(
    signed_in: Command, old_id: str, fake: FakeKonnect
) -> None:
    assert signed_in("token", "retire", ACCOUNT, "gha-3").code == 7
    assert writes(fake) == []


def test_a_successor_that_is_not_proven_ends_in_3_and_keeps_the_old_token(
    signed_in: Command, old_id: str, fake: FakeKonnect, account_id: str
) -> None:
    store = "import sys; sys.stdin.read(); open(sys.argv[1], 'w')"
    fake.inject(Fault("503", path="/v3/organizations/me", times=None))
    ended = signed_in(
        *("token", "rotate", ACCOUNT, "gha-3", "--exec", sys.executable, "-c", store, "/dev/null")
    )

    assert ended.code == 3
    assert "gha-4 is not proven: keep gha-3." in ended.err
    fake.clear_faults()
    assert signed_in("token", "retire", ACCOUNT, "gha-3", "--idle", "0m").code == 7
    assert names(fake, account_id) == ["gha-3", "gha-4"]


def test_a_token_is_revoked_only_with_yes(
    signed_in: Command, old_id: str, fake: FakeKonnect, account_id: str
) -> None:
    assert signed_in("token", "revoke", ACCOUNT, "gha-3").code == 2
    looked = signed_in("token", "revoke", ACCOUNT, "gha-3", "--dry-run")
    assert looked.out.startswith("curl -X DELETE ")
    assert writes(fake) == []

    assert signed_in("token", "revoke", ACCOUNT, "gha-3", "--yes").code == 0
    assert names(fake, account_id) == []


@pytest.mark.parametrize(("kind", "code"), [("500", 10), ("cut-before", 10), ("cut-after", 0)])
def test_a_revocation_says_what_is_so_in_the_end(
    signed_in: Command, old_id: str, fake: FakeKonnect, kind: Any, code: int
) -> None:
    fake.inject(Fault(kind, method="DELETE"))

    assert signed_in("token", "revoke", ACCOUNT, old_id, "--yes").code == code


def test_tokens_are_listed(signed_in: Command, old_id: str) -> None:
    assert (
        signed_in("token", "list", ACCOUNT, "-o", "json").json["access_tokens"][0]["name"]
        == "gha-3"
    )


ENDED_PID = 2**22 + 1  # beyond the largest process id of any Linux


@pytest.fixture
def left_over(state: Path, fake: FakeKonnect, account_id: str, now: datetime) -> str:
    """The id of a token that a process made that has ended; nobody acknowledged it."""
    id = fake.add_token(account_id, "ci")
    label = Label(
        account_id,
        account_name=ACCOUNT,
        token_name="ci",
        token_id=None,
        expires_at=None,
        base_url="https://global.api.konghq.com",
    )
    path = state / "sa-tui" / "handover.jsonl"
    journal = Journal(path, now=lambda: now, pid=ENDED_PID, host=socket.gethostname())
    entry = journal.intend(label, destination="standard output", profile="prod")
    journal.minted(entry, id)
    return id


@pytest.mark.parametrize(
    "line",
    [
        ("accounts", "--quick"),
        ("tokens", ACCOUNT),
        ("token", "list", ACCOUNT),
        ("who", "role:Admin"),
        ("profiles", "test"),
        ("token", "revoke", ACCOUNT, "nobody", "--yes"),
    ],
)
def test_a_token_that_nobody_acknowledged_is_told_by_every_command(
    signed_in: Command, left_over: str, line: tuple[str, ...]
) -> None:
    told = signed_in(*line).err

    assert "NOT ACKNOWLEDGED: token ci of probe, ordered 2026-03-02 09:30 UTC" in told
    assert told.count("NOT ACKNOWLEDGED") == 1


def test_a_token_that_nobody_acknowledged_is_forgotten_when_it_is_revoked(
    signed_in: Command, left_over: str
) -> None:
    assert signed_in("token", "revoke", ACCOUNT, "ci", "--yes").code == 0

    assert "NOT ACKNOWLEDGED" not in signed_in("accounts", "--quick").err


def test_a_token_at_another_address_is_not_told(signed_in: Command, left_over: str) -> None:
    signed_in.environ["KONNECT_SERVER_URL"] = "https://konnect.elsewhere.example"

    assert "NOT ACKNOWLEDGED" not in signed_in("accounts", "--quick").err


def test_a_journal_that_cannot_be_read_is_told_and_stops_no_reading(
    signed_in: Command, state: Path
) -> None:
    (state / "sa-tui" / "handover.jsonl").mkdir(parents=True)

    ended = signed_in("accounts", "--quick")

    assert ended.code == 0
    assert "Whether there are tokens that nobody has is unknown." in ended.err


def test_a_line_of_the_journal_that_cannot_be_read_is_told(
    signed_in: Command, state: Path, left_over: str
) -> None:
    with (state / "sa-tui" / "handover.jsonl").open("a") as journal:
        journal.write("[" * 100_000 + "\n")

    ended = signed_in("accounts", "--quick", "-o", "json")

    assert ended.code == 0
    assert "1 line of " in ended.err
    assert "cannot be read and stayed there" in ended.json["warnings"][0]["message"]
    assert "NOT ACKNOWLEDGED: token ci of probe" in ended.err


def test_a_rotation_is_over_when_its_old_token_is_revoked(
    signed_in: Command, rotated: Ended
) -> None:
    assert signed_in("token", "revoke", ACCOUNT, "gha-3", "--yes").code == 0

    assert "BEING REPLACED" not in signed_in("token", "list", ACCOUNT).err


@pytest.mark.parametrize("words", [("token", "list"), ("tokens",)])
def test_a_list_of_tokens_tells_of_a_rotation_under_way(
    signed_in: Command, rotated: Ended, old_id: str, account_id: str, words: tuple[str, ...]
) -> None:
    listed = signed_in(*words, ACCOUNT, "-o", "json")

    assert "BEING REPLACED: gha-3 by gha-4, since 2026-03-02 09:30 UTC." in listed.err
    assert f"sa-tui token retire {account_id} {old_id}" in listed.err
    assert "gha-3 by gha-4" in listed.json["warnings"][0]["message"]


def test_a_token_of_any_name_and_shape_is_kept_from_the_command(
    command: Command, fake: FakeKonnect, directory: Path, tmp_path: Path
) -> None:
    fake.organisation.operator_token = "Acme.9f8e7d6c5b4a"
    command.environ |= {
        "ACME_ADMIN": fake.organisation.operator_token,
        "CURL_ARGS": f"-H 'X-Auth: {fake.organisation.operator_token}'",
        "VAULT_TOKEN": "hvs.mine",
        "ELSEWHERE_ADMIN": "the token of a profile that is not used",
        "PATH": os.environ["PATH"],
    }
    directory.mkdir(mode=0o700)
    (directory / "profiles.toml").write_text(
        'default = "p"\n[profiles.p]\ntoken = { env = "ACME_ADMIN" }\n'
        '[profiles.q]\ntoken = { env = "ELSEWHERE_ADMIN" }\n'
    )
    (directory / "profiles.toml").chmod(0o600)
    store = (
        "import json, os, sys; sys.stdin.read();"
        "open(sys.argv[1], 'w').write(json.dumps({**os.environ}))"
    )
    out = tmp_path / "out"

    ended = command(
        "--config", str(directory), *ISSUE, "--exec", sys.executable, "-c", store, str(out)
    )

    assert ended.code == 0, ended.err
    given = json.loads(out.read_text())
    assert given["VAULT_TOKEN"] == "hvs.mine"
    assert "CURL_ARGS" not in given
    assert "ELSEWHERE_ADMIN" not in given
    assert "Acme.9f8e7d6c5b4a" not in out.read_text()


# Who is meant


@pytest.mark.parametrize(
    "line",
    [
        ("issue", "PROBE", "--name", "ci", "--lifetime", "1d", "--stdout"),
        ("rotate", "Probe", "gha-3", "--stdout"),
        ("rotate", ACCOUNT, "GHA-3", "--stdout"),
        ("retire", "Probe", "gha-3", "--force"),
        ("retire", ACCOUNT, "Gha-3", "--force"),
        ("revoke", "Probe", "gha-3", "--yes"),
        ("revoke", ACCOUNT, "GHA-3", "--yes"),
        ("revoke", ACCOUNT, "gha", "--yes"),
    ],
)
def test_a_namesake_is_suggested_and_never_changed(
    signed_in: Command, old_id: str, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    ended = signed_in("token", *line)

    assert (ended.code, ended.out) == (2, "")
    assert "Did you mean" in ended.err
    assert writes(fake) == []


@pytest.mark.parametrize("ending", ["", "…"])
def test_as_much_of_an_id_as_the_screen_shows_names_an_account_and_a_token(
    signed_in: Command, old_id: str, fake: FakeKonnect, account_id: str, ending: str
) -> None:
    account, token = f"{account_id[:8]}{ending}", f"{old_id[:8]}{ending}"

    assert signed_in("token", "revoke", account, token, "--yes").code == 0
    assert names(fake, account_id) == []


def test_less_of_an_id_names_nothing(
    signed_in: Command, old_id: str, fake: FakeKonnect, account_id: str
) -> None:
    assert signed_in("token", "revoke", account_id[:7], old_id, "--yes").code == 2
    assert signed_in("token", "revoke", account_id, old_id[:7], "--yes").code == 2
    assert writes(fake) == []


def test_as_much_of_an_id_retires_a_token_by_its_rotation(
    signed_in: Command, rotated: Ended, old_id: str, fake: FakeKonnect, account_id: str
) -> None:
    assert signed_in("token", "retire", ACCOUNT, old_id[:8], "--idle", "0m").code == 0
    assert names(fake, account_id) == ["gha-4"]


@pytest.mark.parametrize("words", [("tokens",), ("token", "list"), ("access",)])
def test_a_command_that_reads_takes_a_namesake_and_says_so(
    signed_in: Command, account_id: str, words: tuple[str, ...]
) -> None:
    ended = signed_in(*words, "PROBE")

    assert ended.code == 0
    assert f'"PROBE" is taken for probe ({account_id})' in ended.err


def test_an_old_token_whose_successor_is_gone_is_kept(
    signed_in: Command, rotated: Ended, fake: FakeKonnect, account_id: str
) -> None:
    assert signed_in("token", "revoke", ACCOUNT, "gha-4", "--yes").code == 0
    ended = signed_in("token", "retire", ACCOUNT, "gha-3", "--idle", "0m")
    assert ended.code == 7
    assert "gha-4 was not found: nothing replaces it." in ended.err
    assert names(fake, account_id) == ["gha-3"]
