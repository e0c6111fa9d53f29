"""The arguments of `plan`, `apply`, `export` and `restore`; none of them takes a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.arguments.changing import add_sending

if TYPE_CHECKING:
    from argparse import ArgumentParser

_FORM = """\
The files have kongctl's declarative form: organization.system-accounts[] and organization.teams[],
each with their roles. An account has a description too, and a role can name its entity by
entity_name instead of entity_id. What a file does not say is left alone: an account without `roles`
keeps its own. Exit code 8 means that nothing has to change."""

_EXPORT = """\
The file is what `apply` reads: every system account and team with its roles and memberships, in the
same order each time. What Konnect manages is a comment. What could not be read is left out and said
in the file: exit code 3."""

_RESTORE = """\
Accounts, descriptions, roles, memberships and teams become as they were. Tokens do not come back.
What was made since then loses its access, and what the snapshot does not know is left alone."""


def add_plan(plan: ArgumentParser) -> None:
    """Adds those of `plan`."""
    plan.epilog = _FORM
    _add_files(plan)
    plan.add_argument(
        "-o", "--output", metavar="json|FILE", default="table",
        help="json, or a new private file for the plan, which `apply` sends exactly",
    )  # fmt: skip


def add_apply(apply: ArgumentParser) -> None:
    """Adds those of `apply`."""
    _add_files(apply)
    add_sending(apply, more=_FORM)


def _add_files(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="a YAML file; - for standard input"
    )
    parser.add_argument(
        "--prune",
        action="store_true",
        help="from the accounts and teams that the files name, take away the roles, memberships "
        "and labels that the files do not have",
    )
    parser.add_argument(
        "--scope", metavar="SCOPE", action="append", default=[],
        help="with --prune, what it may take from: accounts=PATTERN or teams=PATTERN, where it "
        "deletes what is in no file; or named, the default; repeatable",
    )  # fmt: skip


def add_export(export: ArgumentParser) -> None:
    """Adds those of `export`."""
    export.epilog = _EXPORT
    export.add_argument(
        "-o", "--output", dest="to_path", metavar="DIR|FILE",
        help="a new private file, or a directory for all files; standard output is the default",
    )  # fmt: skip
    export.add_argument(
        "--kongctl",
        action="store_true",
        help="write descriptions of system accounts as comments, so that kongctl can read it",
    )
    export.add_argument(
        "--terraform",
        action="store_true",
        help="Terraform resources, with import blocks for accounts and teams; into a directory "
        "both",
    )


def add_restore(restore: ArgumentParser) -> None:
    """Adds those of `restore`."""
    restore.add_argument(
        "--to", metavar="SNAPSHOT", required=True, help="a file that `snapshot` has written"
    )
    restore.add_argument("--account", metavar="ACCOUNT", help="restore this account alone")
    restore.add_argument(
        "--prune",
        action="store_true",
        help="delete the accounts and teams that were made since; otherwise the accounts lose "
        "their access only",
    )
    add_sending(restore, more=_RESTORE)
