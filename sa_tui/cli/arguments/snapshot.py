"""The arguments of `sa-tui snapshot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_snapshot(snapshot: ArgumentParser) -> None:
    """Adds those of `snapshot`."""
    snapshot.epilog = "`sa-tui schema snapshot` prints the JSON Schema of the file."
    snapshot.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        dest="to_file",
        required=True,
        help="a new file, for its owner alone; none is overwritten",
    )
    snapshot.add_argument(
        "--people", action="store_true", help="people with their tokens, roles and teams as well"
    )
