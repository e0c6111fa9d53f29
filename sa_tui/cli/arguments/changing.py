"""The arguments of `account`, `role`, `team`, `log` and `undo`; none of them takes a secret."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import JSON, LISTED, add_command, add_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from sa_tui.cli.arguments.common import Commands

SENDING = """\
What is changed has to be named exactly, or by its id, of which 8 characters will do; - reads names
from standard input, one on each line. --dry-run shows the effect and sends nothing. On a terminal
the effect is shown, and a question asked; without a terminal nothing is sent unless --yes is given.
Exit code 8 means that it was so already."""

_ROLE = """\
--role, --entity and --region can be given several times, or several values with commas between
them. An entity is named exactly or by its id; * is every one. Without --region, the region is that
of the entity."""


def add_account(account: ArgumentParser) -> None:
    """Adds those of `account` and its verbs."""
    verbs = account.add_subparsers(dest="verb", metavar="VERB", required=True)
    listing = add_command(verbs, "list", "list the system accounts, as `accounts` does")
    from sa_tui.cli.arguments.listings import add_accounts

    add_accounts(listing)
    show = add_command(verbs, "show", "show a system account with its tokens, roles and teams")
    show.epilog = JSON
    show.add_argument("name", metavar="ACCOUNT", help="name or id of the account")
    add_output(show)
    create = add_command(verbs, "create", "create system accounts")
    _add_names(create, "the name of a new account")
    create.add_argument("--description", metavar="TEXT", help="what it is for")
    add_sending(create)
    edit = add_command(verbs, "edit", "rename or describe a system account")
    edit.add_argument("name", metavar="ACCOUNT", help="name or id of the account")
    edit.add_argument("--name", metavar="NAME", dest="new_name", help="its new name")
    edit.add_argument("--description", metavar="TEXT", help="its new description; may be empty")
    add_sending(edit)
    delete = add_command(verbs, "delete", "delete system accounts, with all their tokens")
    _add_names(delete, "name or id of an account")
    add_sending(delete)
    clone = add_command(verbs, "clone", "create an account with the roles and teams of another")
    clone.add_argument("name", metavar="ACCOUNT", help="name or id of the account to copy")
    clone.add_argument(
        "--name", metavar="NAME", dest="new_name", required=True, help="the new account's name"
    )
    clone.add_argument(
        "--description", metavar="TEXT", help="what it is for; by default the text of the other"
    )
    clone.add_argument(
        "--existing",
        action="store_true",
        help="if an account already has the name, give it what it lacks",
    )
    add_sending(clone)


def add_role(role: ArgumentParser) -> None:
    """Adds those of `role` and its verbs."""
    verbs = role.add_subparsers(dest="verb", metavar="VERB", required=True)
    listing = add_command(verbs, "list", "list the roles that accounts or teams hold directly")
    listing.epilog = JSON
    _add_owners(listing)
    add_output(listing, formats=LISTED)
    give = add_command(verbs, "give", "give roles to system accounts or teams")
    take = add_command(verbs, "take", "remove roles from system accounts or teams")
    for parser in (give, take):
        _add_owners(parser)
        what = parser.add_argument_group("which roles")
        what.add_argument(
            "--role", dest="roles", metavar="ROLE", action="append", required=True,
            help="such as Viewer, as Konnect names it",
        )  # fmt: skip
        what.add_argument(
            "--type", metavar="TYPE", required=True, help='the entity type: "Control Planes" or cp'
        )
        what.add_argument(
            "--entity", dest="entities", metavar="ENTITY", action="append", required=True,
            help="name or id of an entity; * for every one",
        )  # fmt: skip
        what.add_argument(
            "--region", dest="regions", metavar="REGION", action="append", default=[],
            help="such as eu; * for every one",
        )  # fmt: skip
        add_sending(parser, more=_ROLE)


def add_team(team: ArgumentParser) -> None:
    """Adds those of `team` and its verbs."""
    verbs = team.add_subparsers(dest="verb", metavar="VERB", required=True)
    listing = add_command(verbs, "list", "list the teams")
    listing.epilog = JSON
    listing.add_argument(
        "--quick",
        action="store_true",
        help="leave out roles and members, which take three requests for each team",
    )
    add_output(listing, formats=LISTED)
    show = add_command(verbs, "show", "show a team with its roles and members")
    show.epilog = JSON
    show.add_argument("name", metavar="TEAM", help="name or id of the team")
    add_output(show)
    create = add_command(verbs, "create", "create teams")
    _add_names(create, "the name of a new team")
    create.add_argument("--description", metavar="TEXT", help="what it is for")
    _add_labels(create)
    add_sending(create)
    edit = add_command(verbs, "edit", "rename, describe or label a team")
    edit.add_argument("name", metavar="TEAM", help="name or id of the team")
    edit.add_argument("--name", metavar="NAME", dest="new_name", help="its new name")
    edit.add_argument("--description", metavar="TEXT", help="its new description")
    _add_labels(edit)
    edit.add_argument(
        "--no-label", dest="removed_labels", metavar="KEY", action="append", default=[],
        help="a label to take away; repeatable",
    )  # fmt: skip
    add_sending(edit)
    delete = add_command(verbs, "delete", "delete teams")
    _add_names(delete, "name or id of a team")
    add_sending(delete)
    _add_members(verbs)


def add_log(log: ArgumentParser) -> None:
    """Adds those of `log`."""
    log.formatter_class = RawDescriptionHelpFormatter
    log.epilog = f"{_LOG}\n\n{JSON}"
    log.add_argument(
        "query", metavar="QUERY", nargs="?", default="", help="such as 'status:failed since:<7d'"
    )
    log.add_argument("--account", metavar="ACCOUNT", help="only what was sent about this account")
    log.add_argument(
        "--since", metavar="TIME", help="only what was sent since: 7d, 36h, or a date in UTC"
    )
    add_output(log, formats=LISTED)


def add_undo(undo: ArgumentParser) -> None:
    """Adds those of `undo`."""
    undo.add_argument(
        "id", metavar="ID", nargs="?", help="of the change, as `sa-tui log` shows it; else the last"
    )
    add_sending(undo)


def add_sending(parser: ArgumentParser, *, more: str = "") -> None:
    """Adds what decides whether changes are sent, and the format of what is told of them."""
    parser.epilog = "\n\n".join(filter(None, (more, SENDING)))
    parser.add_argument(
        "--dry-run", action="store_true", help="show the effect and the requests, send nothing"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="send without asking")
    parser.add_argument(
        "--confirm", metavar="NAME", help="with --yes, where a change has far-reaching effects"
    )
    add_output(parser)


def _add_names(parser: ArgumentParser, help: str, *, is_optional: bool = False) -> None:
    """Adds the names of several things, also behind the options."""
    parser.add_argument(
        "names", metavar="NAME", nargs="*" if is_optional else "+", help=f"{help}; - for a list"
    )
    if is_optional:
        parser.set_defaults(takes_rest="names")


def _add_members(verbs: Commands) -> None:
    for name, help in (
        ("join", "put system accounts or people into a team"),
        ("leave", "take system accounts or people out of a team"),
    ):
        parser = add_command(verbs, name, help)
        parser.add_argument("team", metavar="TEAM", help="name or id of the team")
        _add_names(parser, "name or id of an account", is_optional=True)
        parser.add_argument(
            "--person", dest="people", metavar="PERSON", action="append", default=[],
            help="e-mail address, full name or id of a person; repeatable",
        )  # fmt: skip
        add_sending(parser)


_LOG = """\
A query has words and the fields status (done, already, failed, unknown, undone, 409, 4*), verb
(such as delete-account, or a part), who, since (<7d, >12h) and profile; - leaves out, OR joins."""


def _add_owners(parser: ArgumentParser) -> None:
    _add_names(parser, "name or id of an account", is_optional=True)
    parser.add_argument(
        "--team", dest="teams", metavar="TEAM", action="append", default=[],
        help="name or id of a team that holds the roles; repeatable",
    )  # fmt: skip


def _add_labels(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--label", dest="labels", metavar="KEY=VALUE", action="append", default=[],
        help="a label; repeatable",
    )  # fmt: skip
