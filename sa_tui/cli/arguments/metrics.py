"""The arguments of the command that writes metrics."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

_ABOUT = """\
It is an OpenMetrics text, and Prometheus text format as well: expiry, last use and idle days of
each token, live tokens of each account, rotations under way, tokens that nobody is known to have,
when this was read, and whether it is complete. What is not known has no sample, and is counted in
sa_tui_unread. Names are labels; there is no secret in it.

With --to, the file is replaced as a whole, with mode 0644: node_exporter runs as another user. When
Konnect cannot be asked, it stays as it was, and sa_tui_read_timestamp_seconds tells its age."""


def add_metrics(metrics: ArgumentParser) -> None:
    """Adds those of `metrics`."""
    metrics.formatter_class = RawDescriptionHelpFormatter
    metrics.epilog = _ABOUT
    metrics.add_argument(
        "--to",
        metavar="FILE",
        help="a file to replace, such as /var/lib/node_exporter/textfile/sa_tui.prom",
    )
