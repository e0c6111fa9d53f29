"""The sections of the application: each has a digit that goes to it from everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section; `page` is where its page is, in a module that is loaded when it is opened."""

    name: str
    digit: str
    label: str
    help: str
    page: str


ACCOUNTS: Final = "accounts"
PROFILES: Final = "profiles"

SECTIONS: Final = tuple(
    Section(name=name, digit=str(number), label=name.capitalize(), help=help, page=page)
    for number, (name, help, page) in enumerate(
        (
            (ACCOUNTS, "Show the system accounts", "accounts.list:AccountsScreen"),
            ("tokens", "Show the tokens of all accounts", "tokens.list:TokensScreen"),
            ("teams", "Show the teams", "teams.list:TeamsScreen"),
            ("who", "Ask who can do what", "access.who:WhoScreen"),
            ("matrix", "Show who holds what, in a table", "access.matrix:MatrixScreen"),
            (
                "entities",
                "Show control planes, APIs, … and who reaches them",
                "access.entities:EntitiesScreen",
            ),
            ("log", "Show what was changed and undo it", "log.list:LogScreen"),
            (PROFILES, "Switch to another organisation", "profiles.list:ProfilesScreen"),
        ),
        start=1,
    )
)
