"""Plans what files wish for, and sends it, or a plan that was saved: `plan` and `apply`.

The rule it keeps: a plan goes the way of every other change, with the same guards, the same
question and the same exit codes. What could not be read is never taken away.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import FORMATS
from sa_tui.cli.changing.run import run_wanted
from sa_tui.cli.exits import UsageError
from sa_tui.cli.planning.files import read_files, wished_in
from sa_tui.cli.planning.keeping import keep, refuse_taken
from sa_tui.cli.planning.saved import saved_plan_in, wanted_again
from sa_tui.cli.planning.wanting import wanted_of
from sa_tui.plans.scope import NOTHING, Scope, scope_of
from sa_tui.plans.wished import Wished

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.changing.command import ChangeCommand, Wanted
    from sa_tui.cli.environment import Environment


def run_plan(options: Namespace, env: Environment) -> int:
    """Shows what `apply` would change, or saves it, and sends nothing."""
    options.dry_run, options.yes, options.confirm = True, False, None
    options.to_file = None
    if options.output not in FORMATS:
        options.to_file, options.output = options.output, "table"
        refuse_taken(Path(options.to_file))  # before thousands of calls
    return run_apply(options, env)


def run_apply(options: Namespace, env: Environment) -> int:
    """Changes what is not as the files wish. Raises UsageError before anything is asked."""
    scope = scope_in(options)
    files = read_files(options.files, env.stdin)
    plan = saved_plan_in(files)
    if plan is not None and options.prune:
        raise UsageError("A saved plan says itself what it takes away: it goes without --prune.")
    wished = wished_in(files) if plan is None else Wished()
    if env.run.command == "plan" and hasattr(options, "from_file") and plan is None:
        from sa_tui.cli.planning.offline import plan_offline

        return plan_offline(options, env, wished, scope)

    async def make(command: ChangeCommand) -> Wanted:
        if plan is not None:
            return await wanted_again(command, plan)
        wanted = await wanted_of(command, wished, scope)
        if getattr(options, "to_file", None) is not None:
            keep(command, wanted, Path(options.to_file))
        return wanted

    return run_wanted(options, env, make)


def scope_in(options: Namespace) -> Scope:
    """What may be taken away from: nothing without --prune. Raises UsageError."""
    if options.scope and not options.prune:
        raise UsageError("--scope says what --prune may take away: add --prune.")
    if not options.prune:
        return NOTHING
    try:
        return scope_of(tuple(options.scope))
    except ValueError as error:
        raise UsageError(f"{error}.") from None
