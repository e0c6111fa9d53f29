"""An account from a pipeline: real shells, real processes, a Konnect on a socket, with faults."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.recipes import ROOT, add_profile, environ_in
from tests.served import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION = (ROOT / "README.md").read_text().partition("### An account from a pipeline")[2]
RECIPE = re.search(r"```bash\n(.*?)```", SECTION, flags=re.DOTALL)

STEPS = """\
step() { code=0; "$@" >> out 2>> err || code=$?; echo $code >> codes; }
step sa-tui account create ci-invoices --description 'Deploys invoices' --yes
printf '%s\\n' ci-invoices | step sa-tui role give - --role Viewer,Deployer --type cp \\
  --entity prod-eu,prod-us --yes
step sa-tui team join 'Release Bots' ci-invoices --yes -o json
step sa-tui token issue ci-invoices --name pipeline --lifetime 90d --to-file ci.token --revoke-lost
"""
FAULTS = (
    "cut-after:POST:/v3/system-accounts",
    "cut-after:POST:*/assigned-roles",
    "403:POST:/v3/teams/*",
    "cut-after:POST:*/access-tokens",
)


@pytest.fixture
def faults() -> tuple[str, ...]:
    return ()


@pytest.fixture
def server(faults: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    yield from serve(*(word for fault in faults for word in ("--fault", fault)))


@pytest.fixture
def environ(tmp_path: Path, server: dict[str, Any]) -> dict[str, str]:
    """An environment in which `sa-tui` is this one, and whose only profile is that server."""
    add_profile(tmp_path, server)
    return environ_in(tmp_path)


@pytest.fixture
def konnect(server: dict[str, Any]) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {server['token']}"}
    with httpx.Client(base_url=server["base_url"], headers=headers, trust_env=False) as client:
        yield client


def run(shell: str, script: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shell, "-euc", script],
        cwd=environ["HOME"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def what_there_is(konnect: httpx.Client) -> tuple[str, list[Any], list[str], list[str]]:
    """The one account of the pipeline: its id, its roles, its teams and its tokens."""
    rows = konnect.get("/v3/system-accounts?page[size]=100").json()["data"]
    (id,) = (row["id"] for row in rows if row["name"] == "ci-invoices")

    def listed(what: str) -> Any:
        return konnect.get(f"/v3/system-accounts/{id}/{what}").json()["data"]

    roles = sorted((one["role_name"], one["entity_region"]) for one in listed("assigned-roles"))
    names = [[one["name"] for one in listed(what)] for what in ("teams", "access-tokens")]
    return id, roles, *names


ROLES = [("Deployer", "eu"), ("Deployer", "us"), ("Viewer", "eu"), ("Viewer", "us")]


def test_the_recipe_of_the_readme_makes_the_account_and_can_be_run_again(
    environ: dict[str, str], konnect: httpx.Client
) -> None:
    assert RECIPE is not None

    first = run("bash", RECIPE[1], environ)
    assert first.returncode == 0, first.stderr
    id, *held = what_there_is(konnect)
    assert held == [ROLES, ["Release Bots"], ["pipeline"]]
    home = Path(environ["HOME"])
    assert (home / "account.id").read_text() == f"{id}\n"
    assert stat.S_IMODE((home / "ci.token").stat().st_mode) == 0o600
    secret = (home / "ci.token").read_text().strip()
    assert konnect.get(
        "/v3/organizations/me", headers={"Authorization": f"Bearer {secret}"}
    ).is_success
    assert secret not in first.stdout + first.stderr

    again = run("bash", RECIPE[1], environ)
    assert again.returncode == 0, again.stderr
    assert what_there_is(konnect) == (id, *held)
    assert (home / "account.id").read_text() == f"{id}\n"
    assert again.stderr.count("It was so already: nothing was sent.") == 1 + 4 + 1


@pytest.mark.parametrize("faults", [FAULTS])
def test_a_pipeline_that_met_faults_is_finished_by_running_it_again(
    environ: dict[str, str], konnect: httpx.Client
) -> None:
    home = Path(environ["HOME"])
    codes = []
    for _ in range(2):
        ended = run("/bin/sh", STEPS, environ)
        assert ended.returncode == 0, ended.stderr
        codes.append((home / "codes").read_text().split())
        (home / "codes").unlink()

    told = (home / "err").read_text()
    assert codes == [["0", "0", "4", "6"], ["8", "8", "0", "0"]], told
    assert told.count("Done, although no answer said so.") == 2
    assert what_there_is(konnect)[1:] == (ROLES, ["Release Bots"], ["pipeline"])
    secret = (home / "ci.token").read_text().strip()
    assert secret not in told + (home / "out").read_text()
