"""`whose` names a found token and its account, by the journal, by Konnect, or by using it."""

from __future__ import annotations

import io
import json
import os
import pty
import secrets
import string
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.exits import Exit
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.organisation import stamp
from sa_tui.demo.seed import build_organisation

from .conftest import NOW, Command, Ended, Time

ACCOUNT = "ci-eu-deployer"
LETTERS = string.ascii_letters + string.digits
STRANGE = "spat_7Hq2LxWvB9mZrT4cNfKpYd8sJgEaUo3iXk6VbQ1nMwRtFhDzCy"


WATCHED = """
import io, sys
from pathlib import Path
from sa_tui.cli import main
from tests.served import digest_of, in_own_memory

class Watch(io.StringIO):
    encoding, seen = "utf-8", []

    def write(self, text):
        self.seen.append(in_own_memory(digest, 55))
        return len(text)

digest, out, sys.stdout = digest_of(Path(sys.argv[1])), sys.stdout, Watch()
main(["whose", "--offline", sys.argv[1]])
print(any(Watch.seen) or not Watch.seen, file=out, flush=True)
"""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journal is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def fake(time: Time) -> FakeKonnect:
    """A small Konnect whose time passes while somebody sleeps."""
    clock = lambda: NOW + timedelta(seconds=time.seconds)  # noqa: E731
    return FakeKonnect(build_organisation(NOW, accounts=8, odd=True), clock=clock)


@dataclass
class Whose:
    """Issues tokens, and asks whose they are; no answer may have a secret."""

    command: Command
    fake: FakeKonnect
    secrets: list[str]

    def issue(self, account: str = ACCOUNT, name: str = "ci") -> str:
        """A token that was issued here."""
        ended = self.command(
            "token", "issue", account, "--name", name, "--lifetime=30d", "--stdout"
        )
        assert ended.code == 0, ended.err
        self.secrets.append(ended.out)
        return ended.out

    def strange(self, account: str = ACCOUNT, name: str = "theirs", days: int = 30) -> str:
        """A token that was issued by somebody else."""
        organisation = self.fake.organisation
        expires_at = stamp(NOW + timedelta(days=days))
        row = {"id": organisation.new_id(), "name": name, "expires_at": expires_at}
        secret = organisation.issue_token(self.fake.account_named(account)["id"], row)
        self.secrets.append(secret)
        return secret

    def __call__(self, *argv: str, stdin: str = "") -> Ended:
        env = self.command.env
        self.fake.received.clear()
        self.command.env = replace(env, stdin=io.StringIO(stdin))
        ended = self.command("whose", *argv)
        self.command.env = env
        for secret in self.secrets:
            assert secret[5:25] not in ended.out + ended.err
        return ended

    def one(self, *argv: str, stdin: str = "") -> Any:
        """The one token of a JSON answer, which is as its schema says."""
        ended = self(*argv, "-o", "json", stdin=stdin)
        schema = self.command("schema", "whose").json
        Draft202012Validator(schema).validate(ended.json)
        (token,) = ended.json["found_tokens"]
        return token


@pytest.fixture
def whose(command: Command, fake: FakeKonnect, time: Time) -> Whose:
    command.env = replace(
        command.env,
        now=lambda: NOW + timedelta(seconds=time.seconds),
        monotonic=time.monotonic,
        sleep=time.sleep,
    )
    command.environ["KONNECT_TOKEN"] = fake.operator_token
    return Whose(command, fake, [fake.operator_token])


# By the journal


def test_an_issued_token_is_recognised_without_a_network_and_without_a_profile(
    whose: Whose,
) -> None:
    secret = whose.issue()
    del whose.command.environ["KONNECT_TOKEN"]

    ended = whose("--offline", stdin=secret)

    assert whose.fake.received == []
    assert ended.code == Exit.INCOMPLETE
    account = whose.fake.account_named(ACCOUNT)
    assert f"of {ACCOUNT} ({account['id']}), organisation Meridian Freight" in ended.out
    assert "state    not known. Whether it still lives was not asked." in ended.out
    assert "life     expires in 30 d" in ended.out
    assert "revoke   sa-tui --profile KONNECT_TOKEN token revoke" in ended.out


def test_with_the_organisation_it_says_that_it_lives_what_it_can_do_and_how_it_ends(
    whose: Whose,
) -> None:
    account = whose.fake.account_named(ACCOUNT)["id"]
    team = whose.fake.add_team("Deployers")
    whose.fake.join(team, account)
    whose.fake.add_role(team, "Viewer")
    whose.fake.add_role(
        account, "Admin", entity_type_name="Identity", entity_id="*", entity_region="*"
    )
    secret = whose.issue()

    ended = whose(stdin=f"export TOKEN={secret}\n")
    token = whose.one(stdin=secret)

    assert ended.code == Exit.FINDINGS
    assert "state    LIVE" in ended.out
    assert "can      issue tokens for any account" in ended.out
    assert "Viewer on * in *, via Deployers" in ended.out
    assert "last used never" in ended.out
    assert token["access_token"]["name"] == "ci"
    assert token["system_account"] == {"id": account, "name": ACCOUNT}
    assert (token["state"], token["can_mint"], token["unknown"]) == ("live", True, [])
    assert {grant["via"] for grant in token["grants"]} == {"direct", "team"}
    assert "Deployers" in [team["name"] for team in token["teams"]]
    used_with = {each.method for each in whose.fake.received}
    assert used_with == {"GET"}


def test_the_command_that_it_prints_revokes_the_token(whose: Whose) -> None:
    secret = whose.issue()
    printed = whose.one(stdin=secret)["revoke"]
    assert printed.startswith("sa-tui ")

    revoked = whose.command(*printed.split()[1:])

    assert revoked.code == 0, revoked.err
    ended = whose(stdin=secret)
    assert ended.code == Exit.DONE
    assert "dead. It is deleted." in ended.out
    assert "revoke" not in ended.out.replace("A revoked token may work", "")


def test_a_token_that_is_over_by_the_journal_is_dead_without_a_question(
    whose: Whose, time: Time
) -> None:
    secret = whose.issue()
    time.seconds = 31 * 86_400.0

    token = whose.one(stdin=secret)

    assert (token["state"], token["revoke"]) == ("dead", None)
    assert token["reason"].startswith("Expired 2026-04-01")
    assert whose.fake.received == []


def test_a_deleted_account_makes_its_tokens_dead(whose: Whose) -> None:
    secret = whose.issue()
    whose.fake.organisation.remove_account(whose.fake.account_named(ACCOUNT)["id"])

    assert whose.one(stdin=secret)["reason"] == "Its system account is gone."
    assert whose(stdin=secret).code == Exit.DONE


def test_a_token_of_another_organisation_says_with_which_profile_to_ask(
    whose: Whose, state: Path
) -> None:
    secret = whose.issue()
    (journal,) = state.rglob("handover.jsonl")
    organization_id = whose.fake.organisation.record["id"]
    journal.write_text(journal.read_text().replace(organization_id, "org-2"))

    ended = whose(stdin=secret)

    assert ended.code == Exit.INCOMPLETE
    assert "It is of organisation Meridian Freight: ask with --profile KONNECT_TOKEN." in ended.out


@pytest.mark.parametrize("kind", ["403", "404", "429", "500", "503", "cut-before", "cut-after"])
@pytest.mark.parametrize("path", ["/v3/system-accounts", "*/access-tokens", "/v3/organizations/me"])
def test_what_konnect_does_not_say_is_not_known_and_never_dead(
    whose: Whose, kind: Any, path: str
) -> None:
    secret = whose.issue()
    whose.fake.inject(Fault(kind, path=path, times=None))

    ended = whose(stdin=secret)

    is_told = path == "/v3/organizations/me"  # the account and the token are there all the same
    assert ended.code in ({Exit.FINDINGS} if is_told else {Exit.INCOMPLETE})
    assert "dead" not in ended.out
    assert f"of {ACCOUNT}" in ended.out


def test_a_damaged_journal_is_told_and_what_it_still_says_counts(whose: Whose, state: Path) -> None:
    secret = whose.issue()
    (journal,) = state.rglob("handover.jsonl")
    journal.write_text(journal.read_text() + "no json\n")

    ended = whose("--offline", stdin=secret)

    assert f"of {ACCOUNT}" in ended.out
    assert "1 line of" in ended.err


def test_an_older_journal_without_fingerprints_is_fine(whose: Whose, state: Path) -> None:
    secret = whose.issue()
    (journal,) = state.rglob("handover.jsonl")
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    for line in lines:
        line.pop("fingerprint", None)
    journal.write_text("".join(f"{json.dumps(line)}\n" for line in lines))

    ended = whose("--offline", stdin=secret)

    assert ended.code == Exit.INCOMPLETE
    assert "not among the tokens that sa-tui issued here" in ended.out
    assert ended.err.count("WARNING") == 0


def test_a_file_says_what_was_so_when_it_was_made(whose: Whose, tmp_path: Path, time: Time) -> None:
    secret = whose.issue()
    file = str(tmp_path / "snapshot.json")
    assert whose.command("snapshot", "-o", file).code == 0
    time.seconds = 3_600.0
    later = whose.issue(name="later")
    del whose.command.environ["KONNECT_TOKEN"]

    ended = whose("--from", file, stdin=secret)
    token = whose.one("--from", file, stdin=later)

    assert whose.fake.received == []
    assert ended.code == Exit.FINDINGS
    assert "LIVE. This was so when the file was made" in ended.out
    assert "revoke   sa-tui --profile KONNECT_TOKEN token revoke" in ended.out
    assert token["reason"] == "It was issued after the file was made."
    assert whose("--from", file, "--probe", stdin=secret).code == Exit.USAGE


# By the token itself


def test_another_token_is_not_asked_about_unless_it_may_be_used(whose: Whose) -> None:
    ended = whose(stdin=whose.strange())

    assert ended.code == Exit.INCOMPLETE
    assert whose.fake.received == []
    assert "which one is not known" in ended.out


def test_a_probe_names_the_token_and_its_account_and_says_that_it_used_it(whose: Whose) -> None:
    secret = whose.strange()

    ended = whose("--probe", stdin=secret)
    token = whose.one("--probe", stdin=secret)

    assert ended.code == Exit.FINDINGS
    assert "PROBE: 1 token will be used for GET /v3/organizations/me" in ended.err
    assert f"theirs ({token['access_token']['id']}) of {ACCOUNT}" in ended.out
    assert (token["recognised_by"], token["state"]) == ("probe", "live")
    assert token["probe_calls"] == 3
    assert token["grants"]
    assert "token revoke" in token["revoke"]


def test_a_probe_of_a_dead_token_ends_in_0(whose: Whose) -> None:
    ended = whose("--probe", stdin=f"{STRANGE}\n{whose.strange(days=-1)}")

    assert ended.code == Exit.DONE
    assert ended.out.count("dead. Konnect refuses it:") == 2
    assert "renew it where the profile reads it" not in ended.out


def test_a_probe_of_a_personal_token_names_its_person(whose: Whose) -> None:
    token = whose.one("--probe", stdin=whose.fake.operator_token)

    assert token["user"]["id"] == whose.fake.organisation.operator_id
    assert token["reason"] == "It is the token that this profile uses itself."
    assert (token["kind"], token["probe_calls"], token["can_mint"]) == ("user", 0, True)
    assert token["revoke"] is None  # the recipe gives what is there to a shell
    text = whose("--probe", stdin=whose.fake.operator_token).out
    assert "revoke   the person does it in Konnect, under Personal Access Tokens" in text


def test_a_probe_names_the_personal_token_and_what_the_person_can_do(whose: Whose) -> None:
    organisation = whose.fake.organisation
    user = next(row for row in organisation.users if row["id"] != organisation.operator_id)
    row = {"id": organisation.new_id(), "name": "laptop", "user_id": user["id"]}
    row |= {"state": "ACTIVE", "expires_at": stamp(NOW + timedelta(days=9))}
    secret = organisation.issue_token(user["id"], row)
    whose.secrets.append(secret)

    token = whose.one("--probe", stdin=secret)
    ended = whose("--probe", stdin=secret)

    assert ended.code == Exit.FINDINGS
    assert f"laptop ({row['id']}) of {user['full_name']} <{user['email']}>" in ended.out
    assert "life     expires in 9 d" in ended.out
    assert (token["user"]["id"], token["access_token"]["name"]) == (user["id"], "laptop")
    assert (token["system_account"], token["revoke"]) == (None, None)


def test_several_tokens_that_it_may_be_are_listed_and_none_is_taken_for_it(
    whose: Whose, time: Time
) -> None:
    secret = whose.strange()
    whose.strange("argo-rollouts", "twin")
    tokens = whose.fake.organisation.tokens
    account, other = (whose.fake.account_named(name)["id"] for name in (ACCOUNT, "argo-rollouts"))
    leaked = next(row for row in tokens(account) if row["name"] == "theirs")
    twin = next(row for row in tokens(other) if row["name"] == "twin")
    passes = time.sleep

    async def sleep(seconds: float) -> None:
        await passes(seconds)
        twin["last_used_at"] = leaked.get("last_used_at")

    whose.command.env = replace(whose.command.env, sleep=sleep)

    token = whose.one("--probe", stdin=secret)
    ended = whose("--probe", stdin=secret)

    assert ended.code == Exit.FINDINGS  # it lives, whosever it is
    assert "which one is not known" in ended.out
    assert ended.out.count("perhaps  ") == 2
    assert {each["access_token"]["name"] for each in token["candidates"]} == {"theirs", "twin"}
    assert (token["system_account"], token["revoke"]) == (None, None)
    assert "system_account" in token["unknown"]


def test_what_is_no_token_of_konnect_is_never_sent_to_it(whose: Whose) -> None:
    ended = whose("--probe", stdin="ghp_4cNfKpYd8sJgEaUo3iXk6VbQ1nMwRtFhDzCy")

    assert ended.code == Exit.INCOMPLETE
    assert "not shaped like a token of Konnect" in ended.out
    assert all("users/me" in each.path or each.method == "GET" for each in whose.fake.received)
    assert "PROBE" not in ended.err


def test_a_probe_needs_a_profile(whose: Whose) -> None:
    del whose.command.environ["KONNECT_TOKEN"]

    assert whose("--probe", stdin=STRANGE).code == Exit.USAGE
    assert whose("--probe", "--offline", stdin=STRANGE).code == Exit.USAGE


# What is looked into


@pytest.mark.parametrize(
    "argv",
    [
        (STRANGE,),
        ("--probe", STRANGE),
        ("--", STRANGE),
        (f"--token={STRANGE}",),
        ("--token", STRANGE, "-o", "json"),
        (f"a/{STRANGE}",),
        (f"-{STRANGE}",),
    ],
)
def test_a_token_among_the_arguments_is_refused_and_not_repeated(
    whose: Whose, argv: tuple[str, ...]
) -> None:
    whose.secrets.append(STRANGE)

    ended = whose(*argv)

    assert ended.code == Exit.USAGE
    assert whose.fake.received == []


def test_the_refusal_says_to_revoke_it_and_how_to_give_one(whose: Whose) -> None:
    err = whose(STRANGE).err

    assert "Treat it as leaked and revoke it." in err
    assert "sa-tui whose < FILE" in err


def test_a_log_on_standard_input_is_read_line_by_line(whose: Whose) -> None:
    secret = whose.issue()

    token = whose.one("--offline", stdin=f"a\nb {secret}\n\nAuthorization: Bearer {secret}\n")

    assert [place["line"] for place in token["found"]] == [2, 4]
    assert token["found"][0]["path"] == "standard input"


@pytest.mark.parametrize(
    ("stdin", "code"),
    [("", Exit.USAGE), (" \n", Exit.USAGE), ("nothing here\n", Exit.DONE), ("x\ny" * 9_999, 0)],
)
def test_without_a_token_nothing_is_found_and_without_a_text_it_is_a_slip(
    whose: Whose, stdin: str, code: int
) -> None:
    assert whose(stdin=stdin).code == code


def test_folders_are_looked_into_and_what_is_not_is_said(whose: Whose, tmp_path: Path) -> None:
    secret = whose.issue()
    root = tmp_path / "repository"
    (root / ".git" / "objects").mkdir(parents=True)
    (root / ".git" / "refs").mkdir()
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    state = {"outputs": {"token": {"value": secret, "sensitive": True}}}
    (root / "terraform.tfstate").write_text(json.dumps(state, indent=1))
    (root / "link").symlink_to("/etc")
    (root / f"{secret}\x1b[31m.txt").write_text("odd")

    ended = whose("--offline", str(root))
    answer = whose("--offline", str(root), "-o", "json").json

    assert "terraform.tfstate:4" in ended.out
    assert "\x1b" not in ended.out + ended.err
    assert "git -C DIR log -p --all | sa-tui whose" in ended.err
    assert {each["reason"] for each in answer["left_out"]} == {
        "a link",
        "the compressed history of git",
    }
    assert answer["files"] == 3


def test_a_file_that_cannot_be_read_makes_the_answer_incomplete(
    whose: Whose, tmp_path: Path
) -> None:
    (tmp_path / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00")

    ended = whose(str(tmp_path / "cut.gz"))

    assert ended.code == Exit.INCOMPLETE
    assert "INCOMPLETE: content of" in ended.err
    assert "0 tokens found" in ended.err


def test_a_file_that_is_not_there_is_a_slip(whose: Whose, tmp_path: Path) -> None:
    assert whose(str(tmp_path / "none")).code == Exit.USAGE


@pytest.fixture
def home(tmp_path: Path, whose: Whose, state: Path) -> dict[str, str]:
    """Where a process finds the journal of a token that is in the file `leak`."""
    (tmp_path / "leak").write_text(f"{whose.issue()}\n{STRANGE}\n")
    return {"HOME": str(tmp_path), "XDG_STATE_HOME": str(state), "PATH": os.environ["PATH"]}


def test_a_reader_that_goes_away_does_not_change_the_exit_code(
    home: dict[str, str], tmp_path: Path
) -> None:
    program = f"{sys.executable} -m sa_tui whose --offline {tmp_path / 'leak'}"
    script = f"set -o pipefail; ({program}; echo $? >&2) | true"
    run = subprocess.run(["bash", "-c", script], env=home, capture_output=True, text=True)

    assert run.stderr.splitlines()[-1] == str(int(Exit.INCOMPLETE))


@pytest.mark.parametrize(("target", "code"), [("&-", Exit.USAGE), ("/dev/full", Exit.USAGE)])
def test_an_answer_that_cannot_be_written_is_a_failure(
    home: dict[str, str], tmp_path: Path, target: str, code: Exit
) -> None:
    program = f"{sys.executable} -m sa_tui whose --offline {tmp_path / 'leak'} >{target}"
    run = subprocess.run(["bash", "-c", program], env=home, capture_output=True, text=True)

    assert run.returncode == code
    assert "could not be written" in run.stderr


def test_the_journal_alone_needs_no_client_of_http(home: dict[str, str], tmp_path: Path) -> None:
    script = "import sys; from sa_tui.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    argv = [sys.executable, "-c", script, "whose", "--offline", str(tmp_path / "leak")]
    run = subprocess.run(argv, env=home, capture_output=True, text=True, check=True)

    assert not {"httpx", "textual"} & set(run.stdout.split())


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_nothing_of_a_token_is_in_memory_when_the_answer_is_written(
    home: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "leak"
    path.write_text("spat_" + "".join(secrets.choice(LETTERS) for _ in range(50)))
    run = subprocess.run(
        [sys.executable, "-c", WATCHED, str(path)],
        env=home,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == "False\n", run.stderr


def test_a_signal_ends_a_scan_at_once(home: dict[str, str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    run = subprocess.Popen(
        [sys.executable, "-m", "sa_tui", "whose", "--offline", str(tmp_path / "pipe")],
        env=home,
        stderr=subprocess.PIPE,
    )
    with (tmp_path / "pipe").open("w") as pipe:  # opens once it is read
        pipe.write("begin\n")
        pipe.flush()
        run.terminate()
        _, err = run.communicate(timeout=30)

    assert (run.returncode, err) == (143, b"Interrupted.\n")


def test_on_a_terminal_it_asks_and_does_not_show_what_is_typed(tmp_path: Path) -> None:
    main, side = pty.openpty()
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "XDG_STATE_HOME": str(tmp_path)}
    run = subprocess.Popen(
        [sys.executable, "-m", "sa_tui", "whose", "--offline"],
        stdin=side,
        stdout=subprocess.PIPE,
        stderr=side,
        env=environ,
        start_new_session=True,
    )
    os.close(side)
    shown = b""
    while b"not shown" not in shown:
        shown += os.read(main, 4_096)
    os.write(main, f"{STRANGE}\n".encode())
    out, _ = run.communicate(timeout=30)
    os.close(main)

    assert run.returncode == Exit.INCOMPLETE
    assert b"which one is not known" in out
    assert STRANGE.encode() not in shown + out
