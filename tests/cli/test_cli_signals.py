"""Signals are cancellations: what was not sent is not sent, what was sent is answered for."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.base.label import Label
from sa_tui.cli.interruption import Gate
from sa_tui.cli.signals import Signals
from sa_tui.handover.delivery import Delivery

from .line import Line
from .signalled import Order, issue_and_signal, seconds_of_an_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

SA_TUI = (sys.executable, "-m", "sa_tui")
ISSUE = ("token", "issue", "probe", "--name", "ci", "--lifetime", "30d")
LABEL = Label(
    "1", account_name="probe", token_id="2", token_name="ci", expires_at=None, base_url="https://x"
)
NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journals are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "sa-tui"


@pytest.fixture
def account_id(fake: FakeKonnect) -> str:
    return fake.add_account("probe")


@pytest.fixture
def line(signed_in: Command, fake: FakeKonnect, account_id: str) -> Line:
    line = Line(fake.transport(), lambda: signed_in.signals)
    signed_in.env = replace(signed_in.env, transport=line)
    return line


def names(fake: FakeKonnect, account_id: str) -> list[str]:
    return [token["name"] for token in fake.tokens_of(account_id)]


def events(state: Path) -> list[str]:
    lines = (state / "handover.jsonl").read_text().splitlines()
    return [json.loads(line)["event"] for line in lines]


def test_before_anything_is_sent_nothing_is_sent(signed_in: Command, fake: FakeKonnect) -> None:
    fake.add_account("probe")

    class Reading(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            signed_in.signals.take(signal.SIGHUP)
            await asyncio.sleep(0)
            return await fake.transport().handle_async_request(request)

    signed_in.env = replace(signed_in.env, transport=Reading())

    ended = signed_in(*ISSUE, "--stdout")

    assert (ended.code, ended.out) == (129, "")
    assert ended.err.endswith("Interrupted.\n")
    assert "Traceback" not in ended.err
    assert fake.received == [] or {each.method for each in fake.received} == {"GET"}


def test_an_answer_that_comes_after_a_signal_leaves_no_token(
    signed_in: Command, line: Line, fake: FakeKonnect, account_id: str, state: Path
) -> None:
    line.before = 1

    ended = signed_in(*ISSUE, "--stdout")

    assert (ended.code, ended.out) == (6, "")
    assert "waiting for the answer" in ended.err
    assert "The new token, which nobody has, is revoked." in ended.err
    assert names(fake, account_id) == []
    assert events(state) == ["intended", "minted", "revoked"]


@pytest.mark.parametrize("more", [(), ("--revoke-lost",)])
def test_a_token_whose_answer_nobody_waited_for_is_named_or_revoked(
    signed_in: Command,
    line: Line,
    fake: FakeKonnect,
    account_id: str,
    state: Path,
    more: tuple[str, ...],
) -> None:
    line.after = 2

    ended = signed_in(*ISSUE, "--stdout", *more)

    assert (ended.code, ended.out) == (6, "")
    assert "The second signal ended the wait." in ended.err
    assert "its secret was in the lost answer" in ended.err
    assert names(fake, account_id) == ([] if more else ["ci"])
    assert ("--yes" in ended.err) == (not more)
    assert events(state) == ["intended", *(["revoked"] if more else [])]


def test_a_token_that_konnect_may_still_make_is_said_to_be_unknown(
    signed_in: Command, line: Line, account_id: str, state: Path
) -> None:
    line.before = 2

    ended = signed_in(*ISSUE, "--stdout")

    assert (ended.code, ended.out) == (6, "")
    assert "No token was made" not in ended.err
    assert f"Look for ci: sa-tui token list {account_id}" in ended.err
    assert line.methods == []
    assert events(state) == ["intended"]


async def test_a_file_that_is_being_written_is_finished_and_a_program_is_not() -> None:
    class Slow:
        """Takes a secret when it is told to."""

        def __init__(self, kind: str) -> None:
            self.kind = kind
            self.go = asyncio.Event()

        def filled(self, label: Label) -> Slow:
            return self

        def describe(self) -> str:
            return self.kind

        async def check(self) -> None:
            return None

        async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
            await self.go.wait()
            return Delivery("delivered", message="")

    async def delivered_to(kind: str) -> str:
        slow = Slow(kind)
        gate = Gate(slow)
        delivery = asyncio.create_task(gate.deliver(SecretStr("spat_x"), LABEL))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gate.close()
        slow.go.set()
        return (await delivery).status

    assert await delivered_to("file") == "delivered"
    assert await delivered_to("command") == "failed"


def test_a_proof_that_is_interrupted_keeps_both_tokens_and_says_so(
    signed_in: Command, fake: FakeKonnect, account_id: str
) -> None:
    fake.add_token(account_id, "gha-3")
    secret: list[bool] = []

    class Proving(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if secret and request.url.path == "/v3/organizations/me":
                signed_in.signals.take(signal.SIGTERM)
                await asyncio.sleep(1)
            response = await fake.transport().handle_async_request(request)
            if request.method == "POST":
                secret.append(True)
            return response

    signed_in.env = replace(signed_in.env, transport=Proving())

    ended = signed_in("token", "rotate", "probe", "gha-3", "--stdout", "--lifetime", "1d")

    assert ended.code == 143
    assert "gha-4 is not proven: keep gha-3." in ended.err
    assert names(fake, account_id) == ["gha-3", "gha-4"]


@pytest.mark.parametrize("is_late", [True, False])
def test_after_the_last_word_a_signal_changes_nothing(is_late: bool) -> None:
    signals = Signals()

    async def work() -> int:
        if not is_late:  # it comes first, and is noticed only afterwards
            signals.take(signal.SIGTERM)
        signals.conclude(6)
        if is_late:
            signals.take(signal.SIGTERM)
        for _ in range(5):
            await asyncio.sleep(0)
        return 6

    assert signals.run(work()) == 6
    assert signals.number == (None if is_late else signal.SIGTERM)


# In a process of its own


RAISED_AT_AN_IMPORT = """
import os, sys
class Raising:
    def find_spec(self, name, *_):
        if name == sys.argv[1]:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), int(sys.argv[2]))
sys.meta_path.insert(0, Raising())
from sa_tui.cli import main
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "module",
    ["sa_tui.cli.command", "argparse", "sa_tui.cli.environment", "asyncio", "httpx", "pydantic"],
)
def test_a_signal_during_an_import_prints_no_traceback(
    module: str, number: signal.Signals, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", RAISED_AT_AN_IMPORT, module, str(int(number))]
    run = subprocess.run(
        [*program, "--demo", "accounts", "--quick"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert run.returncode == 128 + number
    assert (run.stdout, run.stderr.splitlines()[-1]) == ("", "Interrupted.")
    assert "Traceback" not in run.stderr


def test_ctrl_c_prints_no_traceback_before_signals_are_taken(tmp_path: Path) -> None:
    program = [sys.executable, "-c", RAISED_AT_AN_IMPORT, "sa_tui.cli.signals", "2"]

    run = subprocess.run(
        [*program, "--demo", "accounts", "--quick"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert (run.returncode, run.stdout, run.stderr) == (130, "", "Interrupted.\n")


def test_a_signal_that_its_parent_ignores_is_ignored(tmp_path: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    program = [sys.executable, "-c", ignoring + RAISED_AT_AN_IMPORT, "httpx", "1"]

    run = subprocess.run(
        [*program, "--demo", "accounts", "--quick"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        timeout=30,
    )

    assert run.returncode == 0
    assert run.stdout


def test_output_that_nobody_takes_can_be_interrupted(tmp_path: Path) -> None:
    source, sink = os.pipe()
    with os.fdopen(source), os.fdopen(sink) as full:
        run = subprocess.Popen(
            [*SA_TUI, "--demo", "--accounts", "400", "accounts", "--quick", "-o", "json"],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.read(source, 1)  # from here on it is writing into a pipe that fills up
        run.send_signal(signal.SIGTERM)
        _, err = run.communicate(timeout=20)

    assert run.returncode == 143
    assert err.endswith("Interrupted.\n")
    assert "Traceback" not in err


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, str]]:
    """A demo organisation on a socket, and how to sign in to it."""
    run = subprocess.Popen(
        [*SA_TUI, "demo", "serve", "-o", "json", "--accounts", "7", "--latency", "15"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert run.stdout is not None
    address = json.loads(run.stdout.readline())
    yield {"KONNECT_TOKEN": address["token"], "KONNECT_SERVER_URL": address["base_url"]}
    run.terminate()
    run.communicate(timeout=20)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_token_whose_delivery_is_interrupted_is_revoked_and_the_program_ended(
    served: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    mark = tmp_path / "begun"
    os.mkfifo(mark)
    wait = f"import os, pathlib, time; pathlib.Path({str(mark)!r}).write_text(str(os.getpid()))"
    order = Order(f"interrupted-{number}", tmp_path, served)
    run = order.start("--exec", sys.executable, "-c", f"{wait}; time.sleep(60)")
    pid = int(mark.read_text())
    run.send_signal(number)
    _, told = run.communicate(timeout=60)

    assert run.returncode == 6
    assert "The new token, which nobody has, is revoked." in told
    assert order.listed() == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.fixture(scope="module")
def seconds(served: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an order takes here and now."""
    home = tmp_path_factory.mktemp("undisturbed")
    return seconds_of_an_order(Order("undisturbed", home, served))


@pytest.mark.parametrize("seed", range(6))
def test_whenever_a_signal_comes_the_exit_code_is_the_truth(
    served: dict[str, str], tmp_path: Path, seed: int, seconds: float
) -> None:
    issue_and_signal(Order(f"any-{seed}", tmp_path, served), seed=seed, seconds=seconds)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_program_that_gives_no_token_is_ended_with_the_command(
    tmp_path: Path, number: signal.Signals
) -> None:
    mark = tmp_path / "begun"
    os.mkfifo(mark)
    wait = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    profiles = tmp_path / "profiles.toml"
    profiles.touch(mode=0o600)
    command = json.dumps([sys.executable, "-c", wait])
    profiles.write_text(f"[profiles.p]\ntoken = {{ command = {command} }}\n")
    run = subprocess.Popen(
        [*SA_TUI, "--config", str(tmp_path), "accounts"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE,
        text=True,
    )
    pid = int(mark.read_text())
    run.send_signal(number)
    _, err = run.communicate(timeout=20)

    assert run.returncode == 128 + number
    assert "Traceback" not in err
    assert err.endswith("Interrupted.\n")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
