"""Hardening, in a process of its own since it cannot be undone."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

SCRIPT = """
import resource
from sa_tui.handover.harden import disable_core_dumps
disable_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE))
import ctypes
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_hardened_process_leaves_no_core_dump() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)

    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert said.stdout.splitlines() == ["(0, 0)", "0"]
    assert resource.getrlimit(resource.RLIMIT_CORE) == (soft, hard)
