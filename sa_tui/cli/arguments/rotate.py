"""The arguments of `sa-tui rotate`."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

_EPILOG = """\
For cron, a systemd timer or a CI job, once a day or more often. It does what rotations.toml says
is due by now, and nothing that was done already; it needs no memory of its own. "Nothing is due" is
one line and exit code 0. Try it with --dry-run first.
Exit codes: 6 a token was issued and not delivered, 11 some of it was done, 3 not everything could
be read or proven, 1 somebody has to look at something, 7 another run is at work."""


def add_rotate(rotate: ArgumentParser) -> None:
    """Adds those of `rotate`."""
    rotate.epilog = _EPILOG
    rotate.formatter_class = RawDescriptionHelpFormatter
    rotate.add_argument(
        "--due", action="store_true", required=True, help="rotate what rotations.toml says is due"
    )
    rotate.add_argument(
        "--rotations", metavar="FILE", help="instead of rotations.toml beside profiles.toml"
    )
    rotate.add_argument(
        "--receipt", metavar="FILE", help="add the receipt to this file, a line of JSON per run"
    )
    rotate.add_argument(
        "--dry-run", action="store_true", help="say what would be done and send nothing"
    )
    add_output(rotate)
