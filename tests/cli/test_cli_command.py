"""One run of the command: where options may stand, where errors end, how it is ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.cli.arguments.common import faults_of
from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.commands import COMMANDS, load
from sa_tui.cli.commands import Command as CommandRow
from sa_tui.cli.exits import MEANINGS, Exit

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime
    from pathlib import Path

    from .conftest import Command

README = Path(__file__).parents[2] / "README.md"
SA_TUI = (sys.executable, "-m", "sa_tui")


def test_an_option_means_the_same_before_and_after_a_command() -> None:
    options = ["--demo", "--read-only", "--config", "d", "--accounts", "3", "--seed", "2"]
    parse = build_parser().parse_args

    assert parse([*options, "tokens", "a"]) == parse(["tokens", "a", *options])
    assert parse([*options, "profiles", "list"]) == parse(["profiles", *options, "list"])
    assert parse([*options, "profiles", "list"]) == parse(["profiles", "list", *options])


def test_what_was_given_before_a_command_is_not_forgotten_after_it(command: Command) -> None:
    listing = command("--demo", "--accounts", "3", "accounts", "-o", "json", "--seed", "7").json

    assert len(listing["system_accounts"]) == 3


def test_faults_are_kept_wherever_they_stand() -> None:
    argv = ["--demo", "--fault", "429", "accounts", "--fault", "500:GET", "--fault", "503::/v3/*:*"]

    faults = faults_of(build_parser().parse_args(argv))

    assert [each.kind for each in faults] == ["429", "500", "503"]


@pytest.mark.parametrize(
    "argv",
    [
        ["--fault", "plague", "--demo"],
        ["--latency", "-5", "--demo"],
        ["accounts", "-o", "xml"],
        ["demo"],
        ["frobnicate"],
        ["--dem"],
        ["--seed", "2", "accounts"],
    ],
)
def test_wrong_usage_ends_in_2(command: Command, argv: list[str]) -> None:
    assert command(*argv).code == 2


def test_the_help_explains_every_exit_code() -> None:
    text = build_parser().format_help()

    codes = {line.split()[0] for line in text.partition("exit codes:\n")[2].splitlines()}
    assert {str(code.value) for code in Exit} <= codes


def test_the_readme_has_the_same_table_of_exit_codes() -> None:
    table = README.read_text().partition("| exit code | |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]

    assert {int(code): meaning for code, meaning in rows} == MEANINGS
    assert list(MEANINGS) == list(Exit)


def test_an_error_that_nobody_knows_ends_in_70_without_its_secrets(command: Command) -> None:
    def now() -> datetime:
        raise LookupError("spat_0123456789abcdef0123")

    command.env = replace(command.env, now=now)

    ended = command("--demo", "accounts")

    assert ended.code == 70
    assert "LookupError" in ended.err
    assert "spat_0123456789abcdef0123" not in ended.err


def test_a_reader_that_stops_early_is_no_error() -> None:
    run = subprocess.Popen(
        [*SA_TUI, "--demo", "accounts"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    run.stdout.close()

    assert run.stderr is not None
    err = run.stderr.read()
    run.stderr.close()

    assert run.wait(timeout=20) == 0
    assert "Traceback" not in err
    assert "Broken" not in err


def test_a_full_disk_is_said() -> None:
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [*SA_TUI, "--demo", "accounts"], stdout=full, stderr=subprocess.PIPE, text=True
        )

    assert run.returncode == 2
    assert "No space left" in run.stderr
    assert "Traceback" not in run.stderr


def test_output_that_cannot_be_encoded_degrades() -> None:
    environ = {"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin"}
    run = subprocess.run(
        [*SA_TUI, "--demo", "--odd", "accounts", "--quick"], env=environ, capture_output=True
    )

    assert run.returncode == 0
    assert rb"\U0001f69a parcel-bot" in run.stdout
    assert run.stdout.isascii()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serving_ends_in_order_on_a_signal(number: signal.Signals) -> None:
    run = subprocess.Popen(
        [*SA_TUI, "demo", "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline().startswith("base URL      http://127.0.0.1:")

    run.send_signal(number)
    _, err = run.communicate(timeout=20)

    assert run.returncode == 128 + number
    assert err.endswith("Interrupted.\n")
    assert "Traceback" not in err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_a_completion_script_knows_the_commands(command: Command, shell: str) -> None:
    ended = command("completion", shell)

    assert ended.code == 0
    assert all(word in ended.out for word in ("accounts", "profiles", "token-file"))


def test_bash_completes_a_command(command: Command) -> None:
    script = command("completion", "bash").out
    ask = "COMP_WORDS=(sa-tui accou); COMP_CWORD=1; _shtab_sa_tui; echo ${COMPREPLY[@]}"

    run = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True)

    assert sorted(run.stdout.split()) == ["account", "accounts"]


@pytest.mark.parametrize("way", ["source <(cat {0})", "source {0}", 'eval "$(cat {0})"'])
def test_zsh_takes_the_script_whichever_way_it_is_read(
    command: Command, way: str, tmp_path: Path
) -> None:
    script = tmp_path / "script"
    script.write_text(command("completion", "zsh").out)
    assert "[[ $zsh_eval_context[-1] == (eval|file|filecode) ]]" in script.read_text()
    if shutil.which("zsh") is None:
        pytest.skip("no zsh here")

    ask = f"{way.format(script)} && echo ${{_comps[sa-tui]}}"
    run = subprocess.run(["zsh", "-f", "-c", ask], cwd=tmp_path, capture_output=True, text=True)

    assert (run.stdout, run.stderr) == ("_shtab_sa_tui\n", "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
def test_fish_completes_a_command_and_its_options(command: Command, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(command("completion", "fish").out)

    def completed(line: str) -> list[str]:
        ask = f"source {script}; complete -C '{line}'"
        environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        fish = ["fish", "--no-config", "-c", ask]
        run = subprocess.run(fish, env=environ, capture_output=True, text=True)
        return [each.split("\t")[0] for each in run.stdout.splitlines()]

    assert completed("sa-tui accou") == ["account", "accounts"]
    assert completed("sa-tui token is") == ["issue"]
    assert "--to-file" in completed("sa-tui token issue a --to")


def test_info_names_the_paths_and_reads_no_token(command: Command) -> None:
    command.environ |= {"KONNECT_SPAT": "spat_0123456789abcdef0123", "TERM": "xterm"}

    ended = command("info", "-o", "json")

    assert ended.json["paths"]["profiles"] == command.environ["SA_TUI_CONFIG"] + "/profiles.toml"
    assert ended.json["paths"]["schedule"] == command.environ["SA_TUI_CONFIG"] + "/rotations.toml"
    assert ended.json["terminal"]["TERM"] == "xterm"
    assert "OSC 52" in ended.json["clipboard"][0]
    assert "spat_0123456789abcdef0123" not in ended.out + command("info").out


def test_info_names_the_proxy_without_its_password_and_what_no_proxy_says_in_vain(
    command: Command,
) -> None:
    command.environ["HTTPS_PROXY"] = "http://me:hunter2@proxy.example:3128"
    command.environ["NO_PROXY"] = "localhost,fd00::/8,x y"

    ended = command("info", "-o", "json")

    assert ended.json["network"] == {
        "https_proxy": "http://proxy.example:3128",
        "no_proxy_unusable": "fd00::/8, x y",
    }
    assert "hunter2" not in ended.out + command("info").out


@pytest.mark.parametrize(
    "line", ["accounts --quick", "who role:Admin", "profiles test", "token list ci-eu-deployer"]
)
def test_a_command_that_has_a_token_leaves_no_core_dump(line: str, tmp_path: Path) -> None:
    program = f"""
import ctypes, sys
from sa_tui.cli import main
code = main({["--demo", *line.split()]!r})
sys.exit(code or ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))  # PR_GET_DUMPABLE
"""
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    run = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True)

    assert run.returncode == 0


def test_an_address_from_the_environment_is_shown(signed_in: Command) -> None:
    signed_in.environ["KONNECT_SERVER_URL"] = "https://konnect.elsewhere.example"

    ended = signed_in("accounts", "--quick")

    assert "profile KONNECT_TOKEN, https://konnect.elsewhere.example, token from" in ended.err


def test_a_file_for_session_keys_is_not_obeyed_and_that_is_said(signed_in: Command) -> None:
    signed_in.environ["SSLKEYLOGFILE"] = "/tmp/keys"

    ended = signed_in("accounts", "--quick", "-o", "json")

    assert "SSLKEYLOGFILE is ignored" in ended.err
    assert "SSLKEYLOGFILE" in ended.json["warnings"][0]["message"]


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_a_parser_for_one_command_line_knows_its_command_as_the_whole_one_does(
    row: CommandRow,
) -> None:
    def help_of(parser: ArgumentParser) -> str:
        (commands,) = (each for each in parser._actions if isinstance(each.choices, dict))
        choices: Any = commands.choices
        return str(choices[row.name].format_help())

    assert help_of(build_parser([row.name])) == help_of(build_parser())
    assert callable(load(row.run))


def test_a_mistake_in_a_command_line_is_judged_with_every_command_in_view(command: Command) -> None:
    for line in (["frobnicate"], ["--profile", "who", "frobnicate"]):
        ended = command(*line)

        assert ended.code == 2
        assert all(repr(row.name) in ended.err for row in COMMANDS)


def test_the_options_of_the_demo_are_told_once_and_work_everywhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "--latency" in build_parser().format_help()
    assert build_parser(["accounts"]).parse_args(["accounts", "--latency", "9"]).latency == 9
    with pytest.raises(SystemExit):
        build_parser(["accounts"]).parse_args(["accounts", "--help"])
    assert "--latency" not in capsys.readouterr().out
