"""Runs a program as a user without a home directory, and as one that can write no file."""

from __future__ import annotations

import resource
import shutil
import subprocess

UNKNOWN_USER = ("unshare", "--user", "--map-user=54321", "--map-group=54321")


def can_be_unknown() -> bool:
    """Whether a program can run as a user that is in no list of users."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNKNOWN_USER, "true"], capture_output=True).returncode == 0


def without_files() -> None:
    """Lets a process write no file, as if every disk was full or read-only."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
