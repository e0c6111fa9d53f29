"""Keep the memory of this process off the disk; whatever the system refuses is left as it was."""

from __future__ import annotations

import sys
from dataclasses import dataclass

_PR_SET_DUMPABLE = 4


@dataclass(frozen=True, kw_only=True)
class Hardening:
    """What the system agreed to."""

    core_limit_is_zero: bool
    is_undumpable: bool


def disable_core_dumps() -> Hardening:
    """Forbid core dumps (RLIMIT_CORE 0) and, on Linux, attaching a debugger without privilege.

    Child processes inherit the limit; the second part ends with `exec`.
    """
    return Hardening(core_limit_is_zero=_limit_core_to_zero(), is_undumpable=_become_undumpable())


def _limit_core_to_zero() -> bool:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return False
    return True


def _become_undumpable() -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    except (AttributeError, OSError):
        return False
