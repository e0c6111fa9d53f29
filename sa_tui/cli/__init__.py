"""The command `sa-tui`: its arguments, and the only place where objects are wired together."""

from sa_tui.cli.command import main

__all__ = ["main"]
