"""Lets `python -m sa_tui` do what the command `sa-tui` does."""

from sa_tui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
