"""The command `sa-tui`: its arguments, and the only place where objects are wired together."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # a signal could arrive while `typing` is imported
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.environment import Environment


def main(argv: Sequence[str] | None = None, *, env: Environment | None = None) -> int:
    """Runs `sa-tui` with these arguments and returns its exit code; raises nothing.

    Without `env` it handles the signals of this process, before it loads anything else.
    """
    try:
        from sa_tui.cli.signals import Signals
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return 130

    signals = Signals() if env is None else env.signals
    if env is None:
        signals.catch()
    from sa_tui.cli.command import run

    code = run(argv, signals=signals, env=env)
    if env is None:
        signals.leave(code)
    return code
