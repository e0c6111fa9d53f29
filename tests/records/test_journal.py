"""The journal: real files, other processes that die, and a disk that fills up."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sa_tui.records.journal import FILE_NAME, Journal, JournalError, default_directory

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pydantic import SecretStr

    from sa_tui.base.label import Label

HOST = "bastion"
ENDED_PID = 2**22 + 1  # beyond the largest process id of any Linux

OTHER_PROCESS = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sa_tui.base.label import Label
from sa_tui.records.journal import Journal

def journal():
    path = Path(sys.argv[1])
    return Journal(path, now=lambda: datetime.now(UTC), pid=os.getpid(), host="bastion")

def intend(name):
    label = Label("a-1", account_name="ci", token_name=name, token_id=None, expires_at=None,
                  base_url="https://global.api.konghq.com")
    return journal().intend(label, destination="file", profile="prod")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / FILE_NAME


@pytest.fixture
def start(path: Path) -> Callable[..., Journal]:
    """Start the program: by default as a process that has ended when the next one looks."""

    def open_journal(pid: int = ENDED_PID, host: str = HOST, after_days: int = 0) -> Journal:
        now = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=after_days)
        return Journal(path, now=lambda: now, pid=pid, host=host)

    return open_journal


def names(journal: Journal, **filters: str) -> list[str]:
    return [entry.label.token_name for entry in journal.unfinished(**filters)]


def intend(journal: Journal, label: Label, **changes: Any) -> str:
    return journal.intend(replace(label, **changes), destination="file /x", profile="prod")


def test_every_directory_that_is_made_is_private_under_any_umask(
    tmp_path: Path, label: Label
) -> None:
    journal = Journal(
        tmp_path / ".local" / "state" / "handover.jsonl",
        now=lambda: datetime(2026, 5, 1, tzinfo=UTC),
        pid=1,
        host="jump",
    )
    before = os.umask(0)
    try:
        intend(journal, label)
    finally:
        os.umask(before)
    made = (tmp_path / ".local", tmp_path / ".local" / "state")
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o700] * 2
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_an_intent_is_dated_by_the_clock_it_is_given(
    start: Callable[..., Journal], label: Label
) -> None:
    konnects = datetime(2026, 4, 28, tzinfo=UTC)
    journal = start()
    journal.intend(label, destination="file /x", profile="prod", at=konnects)
    (entry,) = journal.unfinished()
    assert entry.intended_at == konnects


def test_an_intent_is_on_the_disk_when_it_returns_and_only_its_owner_can_read_it(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    intend(start(), label)

    assert json.loads(path.read_text())["label"]["token_name"] == "github-actions"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_next_start_finds_what_a_crash_left(
    start: Callable[..., Journal], label: Label
) -> None:
    id = intend(start(), label, token_id=None)
    start().minted(id, "token-1")
    start().delivered(id, "Written to /x.")

    (left,) = start().unfinished()

    assert left.id == id
    assert left.label == replace(label, token_id="token-1")
    assert (left.destination, left.profile, left.host) == ("file /x", "prod", HOST)
    assert left.intended_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert left.delivery == "Written to /x."


def test_a_lost_answer_leaves_an_entry_without_a_token_id(
    start: Callable[..., Journal], label: Label
) -> None:
    intend(start(), label, token_id=None)

    assert start().unfinished()[0].label.token_id is None


@pytest.mark.parametrize("end", ["acknowledged", "revoked", "failed"])
def test_what_is_finished_is_not_left_over_and_is_dropped_after_ninety_days(
    start: Callable[..., Journal], path: Path, label: Label, end: str
) -> None:
    journal = start()
    finished = intend(journal, label)
    intend(journal, label, token_name="another")

    getattr(journal, end)(finished, *(["Konnect said no"] if end == "failed" else []))

    assert names(journal) == ["another"]
    assert names(start(after_days=89)) == ["another"]
    assert [each.end for each in start(after_days=89).history()] == [end, None]
    assert names(start(after_days=91)) == ["another"]
    assert finished not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_is_known_by_its_fingerprint_until_ninety_days_after_its_life(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    journal = start()
    known = intend(journal, label, expires_at=at + timedelta(days=365), token_id=None)
    journal.minted(known, "token-1", fingerprint="ab" * 32)
    journal.acknowledged(known)
    without = intend(journal, label, token_name="made by an older version")
    journal.minted(without, "token-2")

    for after_days in (0, 91, 200, 454):
        journal = start(after_days=after_days)
        (handover,) = journal.by_fingerprint().values()
        assert list(journal.by_fingerprint()) == ["ab" * 32]
        assert handover.entry.label.token_id == "token-1"
        assert handover.end == "acknowledged"
        assert (known in path.read_text()) == (after_days < 90)  # what is read often stays short
    ids = [each.entry.id for each in start(after_days=91).history()]
    assert ids == [without]
    later = start(after_days=460)
    second = intend(later, label, expires_at=at + timedelta(days=900))
    later.minted(second, "token-3", fingerprint="cd" * 32)
    later.acknowledged(second)
    assert list(start(after_days=560).by_fingerprint()) == ["cd" * 32]
    assert stat.S_IMODE(path.with_name("issued.jsonl").stat().st_mode) == 0o600
    assert known not in path.with_name("issued.jsonl").read_text()


def test_a_token_stays_in_the_journal_while_the_other_file_cannot_be_kept(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    journal = start()
    known = intend(journal, label, expires_at=datetime(2027, 5, 1, tzinfo=UTC), token_id=None)
    journal.minted(known, "token-1", fingerprint="ab" * 32)
    journal.acknowledged(known)
    path.with_name("issued.jsonl").symlink_to(path.parent / "elsewhere")

    assert names(start(after_days=91)) == []
    assert known in path.read_text()
    intend(start(after_days=92), label, token_name="still possible")

    path.with_name("issued.jsonl").unlink()
    assert list(start(after_days=93).by_fingerprint()) == ["ab" * 32]
    assert known not in path.read_text()


def test_a_fingerprint_of_a_wrong_type_is_a_damaged_line(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    id = intend(start(), label, token_id=None)
    with path.open("a") as file:
        file.write(json.dumps({"event": "minted", "id": id, "token_id": "t", "fingerprint": 3}))
        file.write("\n")

    journal = start()

    assert journal.by_fingerprint() == {}
    assert [notice.split(" of ")[0] for notice in journal.notices] == ["1 line"]


def test_a_thousand_finished_entries_leave_an_empty_file(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    id = intend(start(), label)
    start().acknowledged(id)
    entry = path.read_text()
    path.write_text("".join(entry.replace(id, f"entry-{n}") for n in range(1000)))

    assert names(start(after_days=91)) == []
    assert path.read_text() == ""


def test_the_history_tells_what_became_of_each(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    journal = start()
    id = intend(journal, label, token_id=None)
    journal.minted(id, "token-1")
    journal.delivered(id, "Written to /x.")
    journal.put_off(id)
    path.write_text(path.read_text() + '{"event": "acknowledged", "id": 3}\nno json\n')

    (handover,) = start().history(base_url=label.base_url)

    assert handover.entry.label.token_id == "token-1"
    assert handover.entry.delivery == "Written to /x."
    assert (handover.delivered_at, handover.put_off_at) == (handover.entry.intended_at,) * 2
    assert (handover.end, handover.is_under_way) == (None, False)
    assert names(start()) == ["github-actions"]  # to put it off is no end
    assert start().history(base_url="https://elsewhere.example") == ()


def test_a_hand_over_of_a_living_process_is_under_way(
    start: Callable[..., Journal], label: Label
) -> None:
    journal = start(pid=os.getpid())
    id = intend(journal, label)
    assert [each.is_under_way for each in journal.history()] == [True]
    journal.acknowledged(id)
    assert [each.is_under_way for each in journal.history()] == [False]


def test_only_the_asked_konnect_and_organisation_are_answered_for(
    start: Callable[..., Journal], label: Label
) -> None:
    journal = start()
    intend(journal, label, token_name="here")
    moved = {"base_url": "http://127.0.0.1:8000"}
    intend(journal, label, token_name="other-konnect", organization_id=None, **moved)
    intend(journal, label, token_name="other-address", **moved)
    intend(journal, label, token_name="other-organisation", organization_id="org-2")
    intend(journal, label, token_name="unknown-organisation", organization_id=None)

    found = names(start(), base_url=label.base_url, organization_id="org-1")

    assert found == ["here", "other-address", "unknown-organisation"]


def test_what_this_process_has_open_is_not_left_over(
    start: Callable[..., Journal], label: Label
) -> None:
    journal = start(pid=os.getpid())
    intend(journal, label)

    assert names(journal) == []
    assert names(start(pid=ENDED_PID)) == []


def test_what_another_host_left_is_reported_with_its_name(
    start: Callable[..., Journal], label: Label
) -> None:
    intend(start(pid=os.getpid(), host="laptop"), label)

    assert [entry.host for entry in start().unfinished()] == ["laptop"]


def test_an_open_dialog_of_another_process_is_left_over_once_that_process_has_died(
    start: Callable[..., Journal], path: Path
) -> None:
    script = OTHER_PROCESS + "intend('theirs'); print('ready', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"ready\n"
        assert names(start()) == []
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert names(start()) == ["theirs"]  # dead, though its parent has not noticed yet

    assert names(start()) == ["theirs"]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_process_id_that_was_given_to_another_process_does_not_hide_an_entry(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    intend(start(pid=os.getpid()), label)
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"started": "1"}) + "\n")

    assert names(start()) == ["github-actions"]


def test_where_no_start_time_is_known_a_living_process_id_counts(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    intend(start(pid=os.getpid()), label)
    record = json.loads(path.read_text()) | {"started": None}
    path.write_text(json.dumps(record) + "\n" + json.dumps(record | {"id": "b", "pid": ENDED_PID}))

    assert [entry.id for entry in start().unfinished()] == ["b"]


DAMAGE = [
    b"not json",
    b'{"event": "intended", "id": "x"}',
    b"[1, 2]",
    b"\xff\xfe",
    b"null",
    b'{"event": "intended", "id": ["x"], "label": {}}',
    b'{"event": "acknowledged", "id": []}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
]
INTENDED = {
    "event": "intended",
    "id": "x",
    "at": "2026-05-01T00:00:00+00:00",
    "host": HOST,
    "pid": ENDED_PID,
    "started": None,
    "destination": "file",
    "profile": "prod",
}
LABEL = {
    "account_id": "a-1",
    "account_name": "ci",
    "token_name": "gha",
    "token_id": None,
    "expires_at": None,
    "base_url": "https://global.api.konghq.com",
    "organization_name": None,
    "organization_id": None,
}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("0001-01-01T00:00:00+14:00"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)


@pytest.mark.parametrize("line", DAMAGE)
def test_a_damaged_line_is_skipped_counted_and_kept(
    start: Callable[..., Journal], path: Path, label: Label, line: bytes
) -> None:
    finished = intend(start(), label)
    start().acknowledged(finished)
    with path.open("ab") as file:
        file.write(line + b"\n")
    intend(start(), label, token_name="after")

    journal = start()

    assert names(journal) == ["after"]
    assert [notice.split(" of ")[0] for notice in journal.notices] == ["1 line"]
    assert line in path.read_bytes()


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    record=st.dictionaries(st.sampled_from(sorted(INTENDED)), ANYTHING, max_size=3),
    about=st.dictionaries(st.sampled_from(sorted(LABEL)), ANYTHING, max_size=2),
)
def test_no_line_ends_a_start_and_what_is_read_can_be_shown(
    tmp_path: Path, record: dict[str, Any], about: dict[str, Any]
) -> None:
    path = tmp_path / "journal"
    path.write_text(json.dumps({**INTENDED, "label": {**LABEL, **about}, **record}) + "\n")
    journal = Journal(path, now=lambda: datetime(2026, 5, 1, tzinfo=UTC), pid=1, host=HOST)

    for entry in journal.unfinished():
        texts = (entry.destination, entry.profile, entry.label.account_name, entry.label.base_url)
        assert all(isinstance(text, str) for text in texts)
        assert entry.intended_at <= datetime.max.replace(tzinfo=UTC)
    assert path.read_text()


def test_a_line_torn_by_a_crash_does_not_take_the_next_one_with_it(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    intend(start(), label, token_name="before")
    with path.open("ab") as file:
        file.write(b'{"event": "minted", "id": "')
    intend(start(), label, token_name="after")

    journal = start()

    assert names(journal) == ["before", "after"]
    assert [notice.split(" of ")[0] for notice in journal.notices] == ["1 line"]


def test_a_file_and_a_directory_that_are_too_open_are_closed_and_that_is_said(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    intend(start(), label)
    path.chmod(0o644)
    path.parent.chmod(0o755)

    journal = start()
    journal.unfinished()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert journal.repairs == (
        f"{path.parent} had mode 0755; it is 0700 now.",
        f"{path} had mode 0644; it is 0600 now.",
    )


def test_a_journal_that_is_a_link_is_refused(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    path.parent.mkdir()
    target = path.parent / "elsewhere"
    path.symlink_to(target)

    with pytest.raises(JournalError, match="symbolic link"):
        intend(start(), label)
    assert not target.exists()


def test_a_journal_that_cannot_be_written_stops_the_token_before_it_is_made(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    path.parent.write_text("in the way")

    with pytest.raises(JournalError, match="no token is created") as raised:
        intend(start(), label)
    assert str(path) in str(raised.value)


def test_a_full_disk_leaves_no_half_record(
    start: Callable[..., Journal],
    path: Path,
    label: Label,
    no_file_beyond: Callable[[int], AbstractContextManager[None]],
) -> None:
    journal = start()
    intend(journal, label)
    before = path.read_bytes()

    with no_file_beyond(len(before) + 20), pytest.raises(JournalError):
        intend(journal, label)

    assert path.read_bytes() == before


def test_no_secret_reaches_the_journal(
    start: Callable[..., Journal], path: Path, label: Label, secret: SecretStr
) -> None:
    value = secret.get_secret_value()
    journal = start()
    id = intend(journal, label)
    journal.failed(id, f"refused: Bearer {value}")
    journal.delivered(id, f"got {value}")

    with pytest.raises(JournalError, match="seems to hold a token") as raised:
        intend(journal, label, token_name=value)

    assert value not in str(raised.value)
    assert value not in path.read_text()
    assert "spat_…" in json.loads(path.read_text().splitlines()[1])["reason"]


def test_programs_that_start_and_write_at_once_lose_nothing(
    start: Callable[..., Journal], path: Path
) -> None:
    script = OTHER_PROCESS + (
        "for turn in range(15):\n"
        "    journal().acknowledged(intend(f'{sys.argv[2]}-{turn}'))\n"
        "intend(sys.argv[2])"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", script, path, name]) for name in ("a", "b", "c")
    ]
    assert [other.wait() for other in others] == [0, 0, 0]

    journal = start()

    assert sorted(names(journal)) == ["a", "b", "c"]
    assert journal.notices == ()


def test_the_journal_lies_in_the_users_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    assert default_directory().is_relative_to(tmp_path)
    assert default_directory().name == "sa-tui"
