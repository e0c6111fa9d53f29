"""The arguments of the commands about sa-tui itself and its demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import add_demo_options, add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

SHELLS = ("bash", "zsh", "fish", "tcsh")


def add_demo(demo: ArgumentParser) -> None:
    """Adds those of `demo`."""
    verbs = demo.add_subparsers(dest="verb", metavar="VERB", required=True)
    serve = verbs.add_parser(
        "serve", help="serve on a loopback socket until interrupted", allow_abbrev=False
    )
    serve.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    add_demo_options(serve, level=2)
    add_output(serve)


def add_completion(completion: ArgumentParser) -> None:
    """Adds those of `completion`."""
    completion.add_argument("shell", choices=SHELLS)


def add_man(_: ArgumentParser) -> None:
    """Adds nothing: the manual has no arguments."""


def add_info(info: ArgumentParser) -> None:
    """Adds those of `info`."""
    add_output(info)


def add_schema(schema: ArgumentParser) -> None:
    """Adds those of `schema`."""
    schema.add_argument(
        "of", metavar="COMMAND", nargs="*", help="such as who or token list; all of them by default"
    )
