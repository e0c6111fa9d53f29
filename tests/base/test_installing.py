"""The command that a message names installs into this very environment."""

from __future__ import annotations

import shlex
import sys

from sa_tui.base.installing import install_command


def test_the_command_is_one_of_this_environment() -> None:
    assert shlex.split(install_command("uvicorn", has_pip=True)) == [
        *(sys.executable, "-m", "pip", "install", "uvicorn")
    ]


def test_an_environment_without_pip_is_left_to_uv() -> None:
    assert shlex.split(install_command("uvicorn", has_pip=False)) == [
        *("uv", "pip", "install", "--python", sys.executable, "uvicorn")
    ]
