"""The schedules of the README do what it says, run as they are written there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from configparser import ConfigParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from sa_tui.rotation.file import KEYS
from tests.served import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
SECTION = README.partition("### Rotation on a schedule")[2].partition("\n### ")[0]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", SECTION, flags=re.DOTALL | re.MULTILINE)
DESTINATION = re.search(r"^\[destinations\.vault\]\n.*?(?=^```$)", README, re.DOTALL | re.MULTILINE)
ACCOUNT = "ci-prod-deployer"
VAULT = """#!/bin/sh
# vault kv put -mount=secret PATH value=- | vault kv get -mount=secret -field=value PATH
if [ "$2" = put ]
then cat > "$HOME/$(basename "$4").kept"
else cat "$HOME/$(basename "$5").kept"
fi
"""


def block(kind: str, words: str = "") -> str:
    """The one block of the section of this kind that holds these words."""
    (text,) = (text for other, text in BLOCKS if other == kind and words in text)
    return str(text)


@pytest.fixture
def server() -> Iterator[dict[str, Any]]:
    yield from serve()


@pytest.fixture
def home(tmp_path: Path, server: dict[str, Any]) -> Path:
    """A home with this sa-tui where pipx puts it, a vault, and the profile `prod`."""
    for name, text in (
        (".local/bin/sa-tui", f'#!/bin/sh\nexec {sys.executable} -m sa_tui "$@"\n'),
        ("bin/vault", VAULT),
        ("bin/logger", '#!/bin/sh\ncat >> "$HOME/events"\n'),
    ):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
    assert DESTINATION is not None
    config = tmp_path / ".config" / "sa-tui"
    config.mkdir(parents=True)
    (tmp_path / "token").touch(mode=0o600)
    (tmp_path / "token").write_text(server["token"])
    profile = f'[profiles.prod]\nbase_url = "{server["base_url"]}"\n'
    profile += f'token = {{ file = "{tmp_path / "token"}" }}\n'
    (config / "profiles.toml").write_text(f"{profile}\n{DESTINATION[0]}")
    (config / "rotations.toml").write_text(block("toml"))
    return tmp_path


@pytest.fixture
def konnect(server: dict[str, Any]) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {server['token']}"}
    with httpx.Client(base_url=server["base_url"], headers=headers, trust_env=False) as client:
        yield client


def account(konnect: httpx.Client) -> str:
    """The path of the account."""
    accounts = konnect.get("/v3/system-accounts").json()["data"]
    (id,) = (each["id"] for each in accounts if each["name"] == ACCOUNT)
    return f"/v3/system-accounts/{id}"


def tokens(konnect: httpx.Client) -> dict[str, str]:
    """The ids of the account's tokens by their names."""
    listed = konnect.get(f"{account(konnect)}/access-tokens").json()["data"]
    return {token["name"]: token["id"] for token in listed}


def make_due(konnect: httpx.Client) -> None:
    """Leaves the account one token of the family, which ends tomorrow."""
    path = f"{account(konnect)}/access-tokens"
    for id in tokens(konnect).values():
        konnect.delete(f"{path}/{id}")
    ends_at = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    body = {"name": "gha-prod-7", "expires_at": ends_at}
    assert konnect.post(path, json=body).status_code == 201


def run(command: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "HOME": str(home),
        "PATH": f"{home / 'bin'}:/usr/bin:/bin",  # as cron and systemd have it
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=home,
        env=environ | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def by_cron() -> str:
    fields = block("cron").split(maxsplit=5)
    assert re.fullmatch(r"[\d*]+", "".join(fields[:5]))
    return fields[5]


def by_systemd(home: Path) -> str:
    unit, timer = ConfigParser(interpolation=None), ConfigParser(interpolation=None)
    unit.read_string(block("ini", "[Service]"))
    timer.read_string(block("ini", "[Timer]"))
    assert timer["Timer"]["persistent"] == "true"
    return unit["Service"]["execstart"].replace("%h", str(home))


def test_the_file_of_rotations_names_every_key() -> None:
    text = block("toml")

    assert {*KEYS, "on_event"} <= set(re.findall(r"\w+", text))


@pytest.mark.parametrize("schedule", ["cron", "systemd"])
def test_a_schedule_replaces_what_is_due_and_then_has_nothing_to_do(
    schedule: str, home: Path, konnect: httpx.Client
) -> None:
    make_due(konnect)
    command = by_cron() if schedule == "cron" else by_systemd(home)

    first = run(command, home)
    log = (home / "rotate.log").read_text() if schedule == "cron" else first.stderr
    assert first.returncode == 0, log
    assert tokens(konnect).keys() == {"gha-prod-7", "gha-prod-8"}
    secret = (home / f"{ACCOUNT}.kept").read_text()
    own = {"Authorization": f"Bearer {secret}"}
    assert konnect.get("/v3/organizations/me", headers=own).status_code == 200
    assert json.loads((home / "events").read_text())["status"] == "done"

    second = run(command, home)
    assert second.returncode == 0
    assert tokens(konnect).keys() == {"gha-prod-7", "gha-prod-8"}


def test_a_ci_job_without_any_memory_does_the_same(
    home: Path, konnect: httpx.Client, server: dict[str, Any]
) -> None:
    make_due(konnect)
    job = yaml.safe_load(block("yaml"))
    step = next(each for each in job["jobs"]["rotate"]["steps"] if "run" in each)
    assert list(step["env"]) == ["KONNECT_TOKEN"]
    for night in ("1", "2"):
        checkout = home / night
        checkout.mkdir()
        (checkout / "rotations.toml").write_text(block("toml"))
        assert DESTINATION is not None
        (checkout / "profiles.toml").write_text(DESTINATION[0])

        ran = run(
            step["run"],
            checkout,
            PATH=f"{home / 'bin'}:{home / '.local/bin'}:/usr/bin:/bin",
            KONNECT_TOKEN=server["token"],
            KONNECT_SERVER_URL=server["base_url"],
        )

        assert ran.returncode == 0, ran.stdout + ran.stderr
        receipt = json.loads((checkout / "receipt.jsonl").read_text())
        assert [each["action"] for each in receipt["results"]] == ["issue"] * (night == "1")
    assert tokens(konnect).keys() == {"gha-prod-7", "gha-prod-8"}
