"""The arguments of the commands that ask about accounts, teams and entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.arguments.access import QUERY, add_people
from sa_tui.cli.arguments.common import JSON

if TYPE_CHECKING:
    from argparse import ArgumentParser

_ENTITIES = """\
Words in a query find names, types, regions and ids; name: id: type: region: and entity: work too.
Lists that nobody may see are left out with a warning."""


def add_compare(compare: ArgumentParser) -> None:
    """Adds those of `compare`."""
    compare.epilog = JSON
    for name in ("left", "right"):
        compare.add_argument(
            name, metavar="NAME", help="name or id of an account or a team; see --people"
        )
    compare.add_argument("--only-differences", action="store_true", help="leave out what both have")
    add_people(compare)


def add_entity(entity: ArgumentParser) -> None:
    """Adds those of `entity`."""
    entity.epilog = JSON
    entity.add_argument("entity", metavar="NAME", help="name or id of the entity")
    entity.add_argument("--type", metavar="TYPE", help="its type, such as cp or portal")
    entity.add_argument("--region", metavar="REGION", help="its region, such as eu")
    add_people(entity)


def add_entities(entities: ArgumentParser) -> None:
    """Adds those of `entities`."""
    entities.epilog = f"{_ENTITIES}\n\n{JSON}"
    entities.add_argument(
        "query", metavar="QUERY", nargs="?", default="", help="such as 'prod type:cp region:eu'"
    )
    add_people(entities)


def add_why(why: ArgumentParser) -> None:
    """Adds those of `why`."""
    why.epilog = f"{QUERY}\n\n{JSON}"
    why.add_argument(
        "account", metavar="ACCOUNT", help="name or id; with --people also an e-mail address"
    )
    why.add_argument("query", metavar="QUERY", help="such as 'role:Admin type:cp region:eu'")
    add_people(why)
