"""How an optional package is added to the environment that this program runs in."""

from __future__ import annotations

import shlex
import sys
from importlib.util import find_spec


def install_command(package: str, *, has_pip: bool | None = None) -> str:
    """The command that installs a package where this program finds it, a clone included.

    `has_pip` says whether the environment has pip in it, which those that uv makes do not.
    """
    has_pip = find_spec("pip") is not None if has_pip is None else has_pip
    python = shlex.quote(sys.executable)
    if has_pip:
        return f"{python} -m pip install {package}"
    return f"uv pip install --python {python} {package}"
