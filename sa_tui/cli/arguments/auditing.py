"""The arguments of `audit` and `diff`."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import JSON, LISTED, add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

SEVERITIES = ("info", "low", "medium", "high", "critical")

_TEXT = """\
  sa-tui audit                  every account, team and token, by all rules that are on
  sa-tui audit 'team:platform*' the accounts that a query finds; see sa-tui who --help
  sa-tui audit explain T07      what a rule says, and its known false positives
  sa-tui audit rules -o md      all rules as a page

audit.toml and mutes.toml in the directory of profiles.toml, or where --limits and --mutes say, set
limits and accept findings until a day. A mute always ends, at most 366 days after its creation.

Exit codes, the first that holds: 4 not allowed, 5 unreachable, 2 usage or a file that is wrong,
3 incomplete (not with --allow-partial), 1 an open finding of --fail-on or more (high), 0 otherwise.
What a rule needs and could not be read is "not checked", and never fine."""


_DIFF = """\
OLD and NEW are files of `sa-tui snapshot`; without NEW it is what Konnect says now. People are
compared if OLD has them (snapshot --people). What a token was last used at is no difference.

Exit codes: 7 they are of two organisations, 1 something changed and --fail-on-change is given, 3 a
part could not be compared, because one side did not read it in full, 0 otherwise."""


def add_diff(diff: ArgumentParser) -> None:
    """Adds those of `diff`."""
    diff.formatter_class = RawDescriptionHelpFormatter
    diff.epilog = f"{_DIFF}\n\n{JSON}"
    diff.add_argument("old", metavar="OLD", help="the file of the earlier snapshot")
    diff.add_argument("new", metavar="NEW", nargs="?", help="the file of the later one")
    diff.add_argument("--fail-on-change", action="store_true", help="exit 1 if something changed")
    diff.add_argument(
        "--limits", metavar="FILE", help="limits and rules of findings, instead of audit.toml"
    )
    diff.set_defaults(rules=(), strict=False)
    add_output(diff, formats=LISTED)


def add_audit(audit: ArgumentParser) -> None:
    """Adds those of `audit`."""
    audit.formatter_class = RawDescriptionHelpFormatter
    audit.epilog = _TEXT
    audit.add_argument(
        "words",
        metavar="QUERY",
        nargs="*",
        help="the accounts to show; or explain RULE, or rules",
    )
    audit.add_argument(
        "--fail-on", choices=SEVERITIES, default="high", help="exit 1 from this severity on: high"
    )
    audit.add_argument(
        "--new-only",
        metavar="FILE",
        help="count only findings that an earlier answer with -o json does not have",
    )
    audit.add_argument(
        "--allow-partial", action="store_true", help="an incomplete audit may end in 0 or 1"
    )
    audit.add_argument(
        "--exit-zero", action="store_true", help="end in 0 whatever is found, even if incomplete"
    )
    audit.add_argument(
        "--rule",
        metavar="ID",
        dest="rules",
        type=str.upper,
        action="append",
        default=[],
        help="show only these rules, even those that are off; repeatable",
    )
    audit.add_argument(
        "--strict", action="store_true", help="shorter limits and more rules: see rules --strict"
    )
    audit.add_argument("--limits", metavar="FILE", help="limits and rules, instead of audit.toml")
    audit.add_argument("--mutes", metavar="FILE", help="accepted findings, instead of mutes.toml")
    add_output(audit, formats=(*LISTED, "junit"))
