"""Keeps the memory of this process off the disk; whatever the system refuses is left as it was."""

from __future__ import annotations

import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def disable_core_dumps() -> None:
    """Forbids core dumps (RLIMIT_CORE 0) and, on Linux, attaching a debugger without privilege.

    Child processes inherit the limit; the second part ends with `exec`.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
