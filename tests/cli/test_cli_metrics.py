"""What `metrics` writes is read by Prometheus' own parsers, and knows what it does not know."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from sa_tui.cli.exits import Exit
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.organisation import stamp
from sa_tui.demo.seed import build_organisation

from .conftest import NOW, Command

HOSTILE = '=cmd|"\\ [/x]\x1b[31m\u202e\n,;\u0085{}#\\n\\'
EXPIRY = "sa_tui_token_expiry_timestamp_seconds"

Samples = dict[str, list[tuple[dict[str, str], float]]]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journal is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "sa-tui"


@pytest.fixture
def fake() -> FakeKonnect:
    return FakeKonnect(build_organisation(NOW, accounts=3), clock=lambda: NOW)


def samples(text: str) -> Samples:
    """The samples by name, as both of Prometheus' parsers read them."""
    read: list[Samples] = []
    for parser in (openmetrics_parser, text_parser):
        found: Samples = {}
        for family in parser.text_string_to_metric_families(text):
            assert family.type == "gauge"
            assert family.documentation
            for sample in family.samples:
                assert sample.timestamp is None
                found.setdefault(sample.name, []).append((sample.labels, sample.value))
        read.append(found)
    assert read[0] == read[1]
    return read[0]


def of(found: Samples, name: str, **labels: str) -> list[float]:
    return [value for each, value in found.get(name, []) if labels.items() <= each.items()]


def test_each_token_has_its_expiry_its_last_use_and_its_idle_days(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("one")
    used = stamp(NOW - timedelta(days=2))
    made = stamp(NOW - timedelta(days=9))
    fake.add_token(account, "used", created_at=made, last_used_at=used)
    fake.add_token(account, "never", created_at=made)
    fake.add_token(account, "over", expires_at=stamp(NOW - timedelta(days=1)), last_used_at=used)

    ended = signed_in("metrics")

    assert ended.code == 0, ended.err
    found = samples(ended.out)
    ninety = (NOW + timedelta(days=90)).timestamp()
    assert of(found, EXPIRY, account="one", token="used") == [ninety]
    assert of(found, EXPIRY, token="over") == [(NOW - timedelta(days=1)).timestamp()]
    last_used = "sa_tui_token_last_used_timestamp_seconds"
    assert of(found, last_used, account="one", token="used") == [(NOW - timedelta(2)).timestamp()]
    assert of(found, last_used, account="one", token="never") == []
    assert of(found, "sa_tui_token_idle_days", account="one", token="used") == [2]
    assert of(found, "sa_tui_token_idle_days", account="one", token="never") == [9]
    assert of(found, "sa_tui_token_idle_days", account="one", token="over") == []
    assert of(found, "sa_tui_account_live_tokens", account="one", account_id=account) == [2]
    assert of(found, "sa_tui_accounts") == [4]
    assert of(found, "sa_tui_complete") == [1]
    assert of(found, "sa_tui_read_timestamp_seconds") == [NOW.timestamp()]
    assert ended.out.endswith("\n# EOF\n")


def test_hostile_names_are_labels_and_drive_no_terminal(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_token(fake.add_account(HOSTILE), HOSTILE)

    out = signed_in("metrics").out

    (labels,) = [each for each, _ in samples(out)[EXPIRY] if each["account"].startswith("=cmd")]
    assert labels["token"] == labels["account"]
    assert '"\\' in labels["token"]
    assert labels["token"].endswith("{}#\\n\\")
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert out.isprintable() or set(filter(lambda c: not c.isprintable(), out)) == {"\n"}


def test_an_empty_organisation_is_a_whole_text(command: Command) -> None:
    empty = build_organisation(NOW, accounts=0)
    fake = FakeKonnect(empty, clock=lambda: NOW)
    command.env = replace(command.env, transport=fake.transport())
    command.environ["KONNECT_TOKEN"] = fake.operator_token

    found = samples(command("metrics").out)

    assert of(found, "sa_tui_accounts") == [0]
    assert EXPIRY not in found


def test_what_cannot_be_read_has_no_sample_and_is_counted(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("one")
    fake.add_token(account, "odd", expires_at="some day", last_used_at="some time")
    other = fake.add_account("two")
    fake.add_token(other, "hidden")
    path = f"/v3/system-accounts/{other}/access-tokens"
    fake.inject(Fault("403", path=path, times=None))

    ended = signed_in("metrics")

    assert ended.code == Exit.INCOMPLETE
    found = samples(ended.out)
    for name in (EXPIRY, "sa_tui_token_idle_days", "sa_tui_account_live_tokens"):
        assert of(found, name, account="one") == of(found, name, account="two") == []
    assert of(found, "sa_tui_complete") == [0]
    counts = {each["what"]: value for each, value in found["sa_tui_unread"]}
    assert counts == {"access_tokens": 1, "expires_at": 1, "last_used_at": 1}


def test_the_tokens_of_this_machine_that_nobody_has_are_counted(
    signed_in: Command, fake: FakeKonnect, state: Path
) -> None:
    for name in ("a", "b"):
        argv = ("--name", name, "--lifetime", "30d", "--stdout")
        assert signed_in("token", "issue", "ci-eu-deployer", *argv).code == 0
    journal = state / "handover.jsonl"
    lines = [line for line in journal.read_text().splitlines() if '"acknowledged"' not in line]
    journal.write_text(
        "".join(f"{line}\n".replace(f'"pid": {os.getpid()}', '"pid": 4194305') for line in lines)
    )

    found = samples(signed_in("metrics").out)

    assert of(found, "sa_tui_tokens_unacknowledged") == [2]


def test_rotations_under_way_are_counted_with_the_oldest(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.account_named("ci-eu-deployer")["id"]
    token = fake.add_token(account, "ci")
    assert signed_in("token", "rotate", "ci-eu-deployer", "ci", "--stdout").code == 0

    found = samples(signed_in("metrics").out)

    assert of(found, "sa_tui_rotations_under_way") == [1]
    assert of(found, "sa_tui_rotation_oldest_timestamp_seconds") == [NOW.timestamp()]

    fake.organisation.remove_token(account, token)
    assert of(samples(signed_in("metrics").out), "sa_tui_rotations_under_way") == [0]


def test_records_that_cannot_be_read_are_unknown_and_not_zero(
    signed_in: Command, state: Path
) -> None:
    state.mkdir(parents=True)
    (state / "rotations.jsonl").mkdir()
    (state / "handover.jsonl").mkdir()

    ended = signed_in("metrics")

    assert ended.code == Exit.INCOMPLETE
    found = samples(ended.out)
    assert "sa_tui_rotations_under_way" not in found
    assert "sa_tui_tokens_unacknowledged" not in found
    assert of(found, "sa_tui_complete") == [0]


def test_a_snapshot_file_gives_the_same_metrics_as_konnect(
    signed_in: Command, tmp_path: Path
) -> None:
    file = str(tmp_path / "snapshot.json")
    assert signed_in("snapshot", "-o", file).code == 0
    live = signed_in("metrics").out
    del signed_in.environ["KONNECT_TOKEN"]

    assert signed_in("--from", file, "metrics").out == live


# The file


def test_the_file_is_for_everybody_to_read_and_is_replaced_whole(
    signed_in: Command, tmp_path: Path
) -> None:
    path = tmp_path / "sa_tui.prom"
    umask = os.umask(0o077)
    try:
        first = signed_in("metrics", "--to", str(path))
        inode = path.stat().st_ino
        second = signed_in("metrics", "--to", str(path))
    finally:
        os.umask(umask)

    assert (first.code, second.code, second.out) == (0, 0, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert path.stat().st_ino != inode
    assert samples(path.read_text())
    assert [each.name for each in tmp_path.glob("*sa_tui*")] == ["sa_tui.prom"]


@pytest.mark.parametrize("kind", ["text", "link", "folder", "pipe"])
def test_what_is_not_its_own_is_not_replaced(signed_in: Command, tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "x.prom", tmp_path / "other"
    other.write_text("theirs\n")
    makers: dict[str, Any] = {
        "text": lambda: path.write_text("theirs\n"),
        "link": lambda: path.symlink_to(other),
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
    }
    makers[kind]()
    before = path.lstat()

    ended = signed_in("metrics", "--to", str(path))

    assert ended.code == Exit.USAGE
    assert "is not written" in ended.err
    assert path.lstat().st_ino == before.st_ino
    assert other.read_text() == "theirs\n"


def test_a_folder_that_is_not_there_is_said(signed_in: Command, tmp_path: Path) -> None:
    ended = signed_in("metrics", "--to", str(tmp_path / "none" / "x.prom"))

    assert ended.code == Exit.USAGE
    assert "No such file or directory" in ended.err


@pytest.mark.parametrize("kind", ["403", "500", "cut-before", "429"])
def test_without_an_answer_the_file_stays_as_it_was(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path, kind: Any
) -> None:
    path = tmp_path / "sa_tui.prom"
    signed_in("metrics", "--to", str(path))
    before = path.read_text(), path.stat().st_mtime_ns
    fake.inject(Fault(kind, path="/v3/system-accounts", times=None))

    ended = signed_in("metrics", "--to", str(path))

    assert ended.code in (Exit.REFUSED, Exit.UNREACHABLE)
    assert (path.read_text(), path.stat().st_mtime_ns) == before


def test_nothing_in_it_is_secret(signed_in: Command, fake: FakeKonnect) -> None:
    argv = ("--name", "ci", "--lifetime", "30d", "--stdout")
    secret = signed_in("token", "issue", "ci-eu-deployer", *argv).out

    out = signed_in("metrics").out

    assert secret[5:25] not in out
    assert fake.operator_token[5:25] not in out


def test_a_name_that_is_a_token_is_not_handed_on(signed_in: Command, fake: FakeKonnect) -> None:
    pasted = "spat_" + "Ab1" * 16
    fake.add_token(fake.add_account(f"ci {pasted}"), pasted)

    out = signed_in("metrics").out

    assert pasted[5:] not in out
    names = {(each["account"], each["token"]) for each, _ in samples(out)[EXPIRY]}
    assert ("ci spat_…", "spat_…") in names


def test_a_dash_is_standard_output_and_no_file(
    signed_in: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert signed_in("metrics", "--to", "-").out.endswith("\n# EOF\n")
    assert signed_in("snapshot", "-o", "-").code == 2
    assert list(tmp_path.glob("-")) == []
