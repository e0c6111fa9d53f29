"""Prints the JSON Schema of what a command writes as JSON, of a snapshot file and a plan file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.output import put_json
from sa_tui.cli.schemas.commands import COMMANDS, schema_of

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.environment import Environment


def run_schema(options: Namespace, env: Environment) -> int:
    """Prints the schema of a command, or of all. Raises UsageError for a command without one."""
    command = " ".join(options.of)
    if command == "snapshot":
        from sa_tui.cli.schemas.snapshot import schema_of_file

        put_json(env, schema_of_file())
        return Exit.DONE
    if command == "plan file":
        from sa_tui.cli.schemas.planning import schema_of_plan_file

        put_json(env, schema_of_plan_file())
        return Exit.DONE
    if command and command not in COMMANDS:
        raise UsageError(f'"{command}" writes no JSON. These do: {", ".join(COMMANDS)}.')
    put_json(env, schema_of(command) if command else {name: schema_of(name) for name in COMMANDS})
    return Exit.DONE
