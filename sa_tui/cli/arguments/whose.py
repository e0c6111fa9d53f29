"""The arguments of the command about found tokens."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

_ABOUT = """\
It reads a token, or a log with tokens in it, from standard input, or looks into the files and
folders that are given: texts, state files of Terraform, binaries and gzip, also for tokens in
UTF-16 and base64. Folders are looked into whole, without following links. Other archives and the
packed history of git are left out, which is said: git -C DIR log -p --all | sa-tui whose

A token that this sa-tui issued is recognised without a network, by the SHA-256 of its secret in the
journal. Konnect is then asked, with the profile, whether it lives and what it can do. Any other
token is named with --probe alone, which uses the found token itself, and then looks whose last use
has moved. No secret is written anywhere.

exit codes: 0 no token, or dead ones only; 1 a token that lives; 3 a token of which that is not
known, or a file that could not be read; 2, 4, 5 and 130 as everywhere."""


def add_whose(whose: ArgumentParser) -> None:
    """Adds those of `whose`."""
    whose.formatter_class = RawDescriptionHelpFormatter
    whose.epilog = _ABOUT
    whose.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="files and folders to look into; without any, or with -, standard input",
    )
    whose.add_argument(
        "--offline", action="store_true", help="ask the journal alone; nothing is sent"
    )
    whose.add_argument(
        "--probe",
        action="store_true",
        help="use unknown tokens for a harmless call each; this leaves traces in Konnect",
    )
    add_output(whose)
