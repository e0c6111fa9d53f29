"""Commands: real programs, their arguments, their environment and how they end."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sa_tui.base.destination import NamedDestination
from sa_tui.handover.command import CommandDestination, parse_command, takes_item
from sa_tui.handover.filling import fill
from sa_tui.handover.presets import PRESETS, named_destinations
from sa_tui.handover.process import run, scrubbed

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

    from sa_tui.base.label import Label


def python(
    script: str, environ: dict[str, str], *, timeout_seconds: float = 60.0
) -> CommandDestination:
    return CommandDestination(
        (sys.executable, "-c", script), environ=environ, timeout_seconds=timeout_seconds
    )


async def test_a_command_gets_exactly_the_token_on_its_standard_input(
    tmp_path: Path, secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    script = f"import sys; open({str(tmp_path / 'got')!r}, 'w').write(sys.stdin.read())"

    delivery = await python(script, environ).deliver(secret, label)

    assert delivery.status == "delivered"
    assert (tmp_path / "got").read_text() == secret.get_secret_value()


async def test_a_command_can_open_its_standard_input_by_name(
    secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    script = "import sys; sys.exit(len(open('/dev/stdin').read()) != 55)"

    assert (await python(script, environ).deliver(secret, label)).status == "delivered"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
async def test_the_token_is_in_no_argument_and_in_no_variable_of_the_command(
    tmp_path: Path, secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    value = secret.get_secret_value()
    inherited = {
        **environ,
        "KONNECT_TOKEN": "kpat_0000000000000000",
        "DECK_KONNECT_TOKEN": "opaque",
        "OTHER": f"x={value}",
    }
    script = (
        "import json, sys; sys.stdin.read()\n"
        "seen = [open(f'/proc/self/{name}').read() for name in ('cmdline', 'environ')]\n"
        f"json.dump(seen, open({str(tmp_path / 'seen')!r}, 'w'))"
    )

    await python(script, inherited).deliver(secret, label)

    arguments, variables = json.loads((tmp_path / "seen").read_text())
    assert value not in arguments
    assert [pair.split("=")[0] for pair in variables.split("\0") if pair] == ["PATH"]


def test_a_scrubbed_environment_keeps_other_logins() -> None:
    kept = {
        "PATH": "/bin",
        "VAULT_TOKEN": "hvs.CAESIJ",
        "KUBECONFIG": "/k",
        "KONNECT_REGION": "eu",
        "KONNECT_PATH": "/x",
        "GH_TOKEN": "ghp_x",
    }
    dropped = {
        "KONNECT_SPAT": "x",
        "KONNECT_ACCESS_TOKEN": "x",
        "ACME_KONNECT_TOKEN": "x",
        "TF_VAR_konnect_token": "x",
        "KONGCTL_DEFAULT_KONNECT_PAT": "x",
        "DECK_AUTH_TOKEN": "x",
        "NOTES": "the old one was kpat_abc",
    }

    assert scrubbed(kept | dropped) == kept


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import sys; sys.stdin.read(); sys.exit(3)", "failed with exit code 3"),
        ("pass", "did not read all of it (55 bytes unread)"),
        ("import os; os.read(0, 50)", "did not read all of it (5 bytes unread)"),
        ("import os; os.close(0)", "did not read all of it (55 bytes unread)"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL"),
    ],
)
async def test_only_a_command_that_read_everything_and_exited_with_0_is_a_success(
    secret: SecretStr, label: Label, environ: dict[str, str], script: str, words: str
) -> None:
    delivery = await python(script, environ).deliver(secret, label)

    assert delivery.status == "failed"
    assert words in delivery.message


async def test_what_a_command_prints_is_shown_without_the_token_and_without_escape_sequences(
    secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    script = (
        "import base64, sys; t = sys.stdin.read()\n"
        "print('got', t, t[:30], '\\n'.join(t[n:n+12] for n in range(0, 55, 12)))\n"
        "print(base64.b64encode(b'a' + t.encode()).decode(), 'kpat_0123456789')\n"
        "print('\\x1b[31mdenied\\x1b[0m\\x1b]0;title\\x07', flush=True)\n"
        "sys.exit(1)"
    )

    delivery = await python(script, environ).deliver(secret, label)

    value = secret.get_secret_value()
    assert not any(value[at : at + 6] in delivery.detail for at in range(len(value) - 5))
    assert "kpat_…" in delivery.detail
    assert delivery.detail.startswith("got …")
    assert delivery.detail.endswith("denied")
    assert "\x1b" not in delivery.detail


async def test_a_flood_of_output_neither_blocks_nor_is_kept(
    secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    script = "import sys; sys.stdin.read(); print('noise ' * 500_000); print('the end')"

    delivery = await python(script, environ).deliver(secret, label)

    assert delivery.status == "delivered"
    assert delivery.detail.endswith("the end")
    assert len(delivery.detail) <= 2_000


async def test_a_text_longer_than_a_pipe_arrives_whole(environ: dict[str, str]) -> None:
    script = "import sys; print(len(sys.stdin.read()))"

    ended = await run(
        (sys.executable, "-c", script),
        text="x" * 300_000,
        secret="",
        environ=environ,
        timeout_seconds=30,
    )

    assert (ended.code, ended.unread_bytes, ended.output) == (0, 0, "300000")


async def test_a_long_text_that_nobody_reads_is_counted_as_unread(environ: dict[str, str]) -> None:
    ended = await run(
        (sys.executable, "-c", ""),
        text="x" * 300_000,
        secret="",
        environ=environ,
        timeout_seconds=30,
    )

    assert (ended.code, ended.unread_bytes, ended.is_success) == (0, 300_000, False)


async def test_a_child_that_stays_behind_does_not_hold_up_the_hand_over(
    tmp_path: Path, secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    os.mkfifo(tmp_path / "stay")
    script = f"cat >/dev/null; cat {tmp_path / 'stay'} & echo copied"
    destination = CommandDestination(("sh", "-c", script), environ=environ)

    delivery = await destination.deliver(secret, label)

    # Opening the other end both proves that the child is still there and lets it go.
    os.close(os.open(tmp_path / "stay", os.O_WRONLY))
    assert (delivery.status, delivery.detail) == ("delivered", "copied")


async def test_the_time_limit_kills_the_whole_process_group(
    tmp_path: Path, secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    os.mkfifo(tmp_path / "held")
    reader = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)
    script = f"exec 3>{tmp_path / 'held'}; cat >/dev/null; sleep 600 & wait"
    destination = CommandDestination(("sh", "-c", script), environ=environ, timeout_seconds=0.3)

    delivery = await destination.deliver(secret, label)

    assert delivery.status == "failed"
    assert "did not end in time and was killed" in delivery.message
    assert "may have kept the token" in delivery.message
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""  # ends only when no process holds the other end
    os.close(reader)


async def test_cancelling_kills_the_command(
    tmp_path: Path, secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    os.mkfifo(tmp_path / "alive")
    script = (
        f"import os, time; os.write(os.open({str(tmp_path / 'alive')!r}, 1), b'!')\ntime.sleep(600)"
    )
    handing_over = asyncio.create_task(python(script, environ).deliver(secret, label))
    reader = await asyncio.to_thread(os.open, tmp_path / "alive", os.O_RDONLY)
    assert await asyncio.to_thread(os.read, reader, 1) == b"!"

    handing_over.cancel()
    with pytest.raises(asyncio.CancelledError):
        await handing_over

    assert os.read(reader, 1) == b""
    os.close(reader)


async def test_a_command_has_no_terminal_to_draw_on(
    secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    script = "import os, sys; sys.stdin.read(); print(os.getsid(0) == os.getpid())"

    assert (await python(script, environ).deliver(secret, label)).detail == "True"


async def test_a_program_that_is_not_there_is_found_out_before_a_token_is_made(
    tmp_path: Path, secret: SecretStr, label: Label
) -> None:
    (tmp_path / "plain").touch()
    missing = CommandDestination(("no-such-vault",), environ={"PATH": str(tmp_path)})
    plain = CommandDestination((str(tmp_path / "plain"),), environ={"PATH": str(tmp_path)})

    assert "no-such-vault was not found on PATH: install it" in str(await missing.check())
    assert "not a program that can be run" in str(await plain.check())
    assert "could not be started" in (await missing.deliver(secret, label)).message
    assert (await plain.deliver(secret, label)).status == "failed"


async def test_checking_runs_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    destination = CommandDestination(("touch", str(tmp_path / "ran")), environ=environ)

    assert await destination.check() is None
    assert not (tmp_path / "ran").exists()


async def test_neither_description_nor_repr_holds_a_secret(
    secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    value = secret.get_secret_value()
    destination = CommandDestination(("cat",), environ={**environ, "KONNECT_TOKEN": value})

    delivery = await destination.deliver(secret, label)

    assert value not in repr(destination) + destination.describe() + repr(delivery)


def test_a_command_line_is_split_without_a_shell() -> None:
    assert parse_command("vault kv put 'a b' value=-") == ("vault", "kv", "put", "a b", "value=-")
    assert parse_command("echo '$(id)' `id`") == ("echo", "$(id)", "`id`")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("vault 'kv", "no closing quotation"),
        ("cat | vault", "| means something only to a shell"),
        ("cat > file", "> means something only to a shell"),
    ],
)
def test_a_command_line_that_cannot_work_is_explained(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("|", r"\|")):
        parse_command(text)


@pytest.mark.parametrize(
    "name", ["--force", "a b; rm -rf /", "$(id)", "../..", "{token}", "", "\0"]
)
def test_a_hostile_name_stays_inside_its_argument(label: Label, name: str) -> None:
    template = ("pass", "konnect/{account}/{token}", "{account}")

    argv = fill(template, replace(label, account_name=name))

    assert len(argv) == 3
    assert argv[1].endswith("/github-actions")
    assert argv[1].count("/") == 2
    assert not argv[2].startswith("-")
    assert set(argv[2]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


async def test_names_are_filled_in_when_the_command_runs(
    secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    destination = CommandDestination(
        ("sh", "-c", "cat >/dev/null; echo $0", "{account}/{token}"), environ=environ
    )

    assert (await destination.deliver(secret, label)).detail == "ci-deployer/github-actions"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gh", "Put OWNER/NAME in place of {repository} in the command."),
        ("age", "Put the recipient's key in place of {recipient} in the command."),
        ("gpg", "Put the recipient's key in place of {recipient} in the command."),
    ],
)
async def test_a_preset_with_something_to_fill_in_says_so_before_a_token_is_made(
    name: str, says: str
) -> None:
    preset = next(preset for preset in PRESETS if preset.name == name)

    assert await CommandDestination(preset.command, environ={"PATH": ""}).check() == says


async def test_an_organisation_that_is_not_known_stops_a_command_before_a_token_is_made(
    label: Label, environ: dict[str, str]
) -> None:
    command = CommandDestination(("cat", "{organisation}/{account}"), environ=environ)

    assert command.filled(label).argv == ("cat", "acme-37036cd8/ci-deployer")
    assert await command.filled(label).check() is None
    nowhere = command.filled(replace(label, organization_name=None))
    assert "The name of the organisation is not known" in str(await nowhere.check())


@pytest.mark.parametrize(
    ("verify", "status", "says"),
    [
        ("cat {kept}", "delivered", "Its verify command gave back this token."),
        ("sha256sum < {kept}", "delivered", "Its verify command gave back this token."),
        ("echo spat_another", "failed", "what it gave back is not this token"),
        ("true", "failed", "what it gave back is not this token"),
        ("cat {kept}; exit 4", "failed", "sh failed with exit code 4"),
    ],
)
async def test_only_what_the_verify_command_gives_back_proves_a_delivery(
    tmp_path: Path,
    secret: SecretStr,
    label: Label,
    environ: dict[str, str],
    verify: str,
    status: str,
    says: str,
) -> None:
    kept = tmp_path / "kept"
    destination = CommandDestination(
        ("sh", "-c", f"cat > {kept}"),
        environ=environ,
        verify=("sh", "-c", verify.format(kept=kept)),
    )

    delivery = await destination.deliver(secret, label)

    assert (delivery.status, says in delivery.message) == (status, True)
    assert bool(delivery.proof) == (status == "delivered")
    assert secret.get_secret_value()[5:15] not in repr(delivery)


async def test_a_command_can_get_a_format(
    tmp_path: Path, secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    command = ("sh", "-c", f"cat > {tmp_path}/got")

    await CommandDestination(command, environ=environ, format="json").deliver(secret, label)

    assert json.loads((tmp_path / "got").read_text())["token"] == secret.get_secret_value()


def test_an_own_destination_takes_the_place_of_a_ready_made_one() -> None:
    own = NamedDestination("vault", kind="command", command=("my-vault",))

    named = named_destinations([own])

    assert named[0] == own
    assert [each.name for each in named].count("vault") == 1
    assert len(named) == len(PRESETS)


async def test_1password_gets_an_item_that_holds_the_token(
    tmp_path: Path, secret: SecretStr, label: Label, environ: dict[str, str]
) -> None:
    op = tmp_path / "op"
    op.write_text(f"#!/bin/sh\ncat > {tmp_path}/item\ncat {tmp_path}/item\n")
    op.chmod(0o700)
    preset = next(preset for preset in PRESETS if preset.name == "op")
    destination = CommandDestination((str(op), *preset.command[1:]), environ=environ)

    delivery = await destination.deliver(secret, label)

    item = json.loads((tmp_path / "item").read_text())
    values = {field["id"]: field["value"] for field in item["fields"]}
    assert item["category"] == "API_CREDENTIAL"
    assert item["title"] == f"Konnect {label.account_name} {label.token_name}"
    assert values["credential"] == secret.get_secret_value()
    assert "item with the token on its standard input" in destination.describe()
    assert delivery.status == "delivered"
    assert label.account_name in delivery.detail
    assert secret.get_secret_value()[5:15] not in delivery.detail


@pytest.mark.parametrize(
    "argv", [("op", "read", "-"), ("op", "item", "create", "credential=-"), ("cat", "-")]
)
def test_any_other_command_gets_the_token_alone(argv: tuple[str, ...]) -> None:
    assert not takes_item(argv)


def test_no_preset_takes_the_token_as_an_argument() -> None:
    names = "vault gopass op pass kubectl gh age gpg vault-wrap"
    assert [preset.name for preset in PRESETS] == names.split()
    for preset in PRESETS:
        assert parse_command(" ".join(preset.command)) == preset.command
        assert preset.note
