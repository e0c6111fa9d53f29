"""The arguments of `sa-tui profiles`."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser

from sa_tui.cli.arguments.common import add_command, add_output


def add_profiles(profiles: ArgumentParser) -> None:
    """Adds those of `profiles` and its verbs."""
    verbs = profiles.add_subparsers(dest="verb", metavar="VERB", required=True)
    add_output(add_command(verbs, "list", "list the profiles, and what other tools use"))
    test = add_command(verbs, "test", "ask Konnect whose token a profile has")
    test.add_argument(
        "name", metavar="NAME", nargs="?", help="the profile; by default the one that is chosen"
    )
    add_output(test)
    remove = add_command(verbs, "remove", "forget a profile; its token stays where it is")
    remove.add_argument("name", metavar="NAME")
    _add_new_profile(add_command(verbs, "add", "test a new profile and keep it"))


def _add_new_profile(add: ArgumentParser) -> None:
    add.add_argument("name", metavar="NAME")
    add.add_argument("--base-url", metavar="URL", default=SUPPRESS, help="Konnect's global address")
    add.add_argument(
        "--regional-url", metavar="URL", default=SUPPRESS, help="the pattern with {region}"
    )
    add.add_argument(
        "--region",
        metavar="REGION",
        dest="regions",
        action="append",
        default=SUPPRESS,
        help="a region to use, such as eu; repeatable",
    )
    add.add_argument("--label", default=SUPPRESS, help="shown at the top, such as PROD")
    add.add_argument("--colour", "--color", dest="colour", default=SUPPRESS)
    add.add_argument("--page-size", type=int, metavar="ROWS", default=SUPPRESS)
    add.add_argument(
        "--timeout", type=float, metavar="SECONDS", dest="timeout_seconds", default=SUPPRESS
    )
    add.add_argument(
        "--concurrency", type=int, metavar="N", default=SUPPRESS, help="reads at once, 1 to 16"
    )
    add.add_argument("--ca-bundle", metavar="FILE", default=SUPPRESS)
    add.add_argument("--default", action="store_true", help="make it the default profile")
    add.add_argument("--no-test", action="store_true", help="keep it without asking Konnect")
    where = add.add_argument_group("where the token is kept (one of)")
    source = where.add_mutually_exclusive_group(required=True)
    source.add_argument("--env", metavar="VARIABLE", help="an environment variable")
    source.add_argument("--token-file", metavar="FILE", help="a file that you alone may read")
    source.add_argument(
        "--command",
        metavar="COMMAND",
        dest="token_command",
        help="a program and its arguments in one quoted text; no shell",
    )
    source.add_argument("--keyring", metavar="SERVICE", help="the system's keyring")
    source.add_argument("--kongctl", metavar="PROFILE", help="a profile of kongctl, read in place")
    where.add_argument("--username", metavar="USER", help="with --keyring")
