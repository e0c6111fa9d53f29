"""Every command: its name, what it is for, and where its arguments and its code are.

Both are places in text, `module:function`, and loaded only when that command is run.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple


class Command(NamedTuple):
    """One command; its code gets the options and the environment, and returns the exit code."""

    name: str
    help: str
    arguments: str
    run: str
    takes_query: bool = False
    """Whether an argument may be a query, which can begin with a `-`."""


COMMANDS = (
    Command(
        "accounts",
        "list the system accounts",
        "cli.arguments.listings:add_accounts",
        "cli.reading.accounts:run_accounts",
        takes_query=True,
    ),
    Command(
        "tokens",
        "list the access tokens of a system account, or those that match a query",
        "cli.arguments.listings:add_tokens",
        "cli.reading.tokens:run_tokens",
        takes_query=True,
    ),
    Command(
        "who",
        "find the accounts that can do something, and through what",
        "cli.arguments.access:add_who",
        "cli.reading.who:run_who",
        takes_query=True,
    ),
    Command(
        "access",
        "list everything that an account can do, and why",
        "cli.arguments.access:add_access",
        "cli.access:run_access",
    ),
    Command(
        "why",
        "explain why an account matches a query, or what is nearest to it",
        "cli.arguments.reading:add_why",
        "cli.reading.why:run_why",
        takes_query=True,
    ),
    Command(
        "compare",
        "show what two accounts or teams can do, side by side",
        "cli.arguments.reading:add_compare",
        "cli.reading.compare:run_compare",
    ),
    Command(
        "entity",
        "find who reaches an entity, and through what",
        "cli.arguments.reading:add_entity",
        "cli.reading.entity:run_entity",
    ),
    Command(
        "entities",
        "list the entities, and how many reach each",
        "cli.arguments.reading:add_entities",
        "cli.reading.entities:run_entities",
        takes_query=True,
    ),
    Command(
        "matrix",
        "show the accounts by type, role or region",
        "cli.arguments.access:add_matrix",
        "cli.access:run_access",
        takes_query=True,
    ),
    Command(
        "snapshot",
        "keep all that can be read in a file, for --from",
        "cli.arguments.snapshot:add_snapshot",
        "cli.reading.snapshot:run_snapshot",
    ),
    Command(
        "token",
        "list, issue, rotate, retire, rename and revoke access tokens",
        "cli.arguments.token:add_token",
        "cli.token:run_token",
    ),
    Command(
        "whose",
        "say whose a found token is, and how to revoke it",
        "cli.arguments.whose:add_whose",
        "cli.reading.whose:run_whose",
    ),
    Command(
        "metrics",
        "write expiry and use of the tokens as metrics for Prometheus",
        "cli.arguments.metrics:add_metrics",
        "cli.reading.metrics:run_metrics",
    ),
    Command(
        "account",
        "list, show, create, edit, delete and clone system accounts",
        "cli.arguments.changing:add_account",
        "cli.changing.run:run_verb",
    ),
    Command(
        "role",
        "list, give and take the roles of system accounts and teams",
        "cli.arguments.changing:add_role",
        "cli.changing.run:run_verb",
    ),
    Command(
        "team",
        "list, show, create, edit and delete teams, and change their members",
        "cli.arguments.changing:add_team",
        "cli.changing.run:run_verb",
    ),
    Command(
        "log",
        "list the changes that were sent from this machine",
        "cli.arguments.changing:add_log",
        "cli.changing.log:run_log",
        takes_query=True,
    ),
    Command(
        "undo",
        "undo a change of the log",
        "cli.arguments.changing:add_undo",
        "cli.changing.run:run_verb",
    ),
    Command(
        "plan",
        "show what has to change for accounts and teams to be as in files",
        "cli.arguments.planning:add_plan",
        "cli.planning.command:run_plan",
    ),
    Command(
        "apply",
        "change accounts and teams to be as in files, or send a saved plan",
        "cli.arguments.planning:add_apply",
        "cli.planning.command:run_apply",
    ),
    Command(
        "export",
        "write accounts and teams as files for apply, kongctl and Terraform",
        "cli.arguments.planning:add_export",
        "cli.planning.export:run_export",
    ),
    Command(
        "restore",
        "give accounts and teams back the access that they had in a snapshot",
        "cli.arguments.planning:add_restore",
        "cli.planning.restore:run_restore",
    ),
    Command(
        "rotate",
        "replace the access tokens whose time has come, unattended",
        "cli.arguments.rotate:add_rotate",
        "cli.rotating.command:run_rotate",
    ),
    Command(
        "audit",
        "find what is wrong, and say what to do",
        "cli.arguments.auditing:add_audit",
        "cli.auditing.audit:run_audit_command",
        takes_query=True,
    ),
    Command(
        "diff",
        "show what changed since a snapshot, or between two",
        "cli.arguments.auditing:add_diff",
        "cli.auditing.diff:run_diff",
    ),
    Command(
        "profiles",
        "list, add, test and remove profiles",
        "cli.arguments.profiles:add_profiles",
        "cli.profiles:run_profiles",
    ),
    Command(
        "demo",
        "serve the demo organisation to any Konnect client",
        "cli.arguments.others:add_demo",
        "cli.serving:run_serve",
    ),
    Command(
        "completion",
        "print a completion script for a shell",
        "cli.arguments.others:add_completion",
        "cli.completion:run_completion",
    ),
    Command(
        "man",
        "print the manual page: sa-tui man | man -l -",
        "cli.arguments.others:add_man",
        "cli.man:run_man",
    ),
    Command(
        "info",
        "show paths, versions and the features of this terminal",
        "cli.arguments.others:add_info",
        "cli.info:run_info",
    ),
    Command(
        "schema",
        "print the JSON Schema of what a command writes as JSON",
        "cli.arguments.others:add_schema",
        "cli.schema:run_schema",
    ),
)


def load(place: str) -> Any:
    """The function at a place such as `cli.access:run_access`."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"sa_tui.{module}"), name)
