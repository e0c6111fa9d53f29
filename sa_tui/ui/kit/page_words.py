"""What the help says beside keys: each page in words, its signs, and what Konnect means by a word.

The rule it keeps: no key is named here, since the tables of keys name them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.access.query.account_terms import IDLE_AFTER

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "AccountsScreen": "The system accounts of the organisation, with how many live tokens each "
        "has, when the next one expires, when one was last used, and how many roles and teams it "
        "has. What an account holds is read when its row comes into view; on a wide terminal the "
        "account under the cursor stands beside the list.",
        "AccountScreen": "One system account: its access tokens, the roles that it holds itself, "
        "and the teams that it is in. Roles that it has through a team are on the page of all that "
        "it can do.",
        "TokensScreen": "The access tokens of all accounts, as far as they were read. The line "
        "below the list has the exact dates of the token under the cursor.",
        "CalendarScreen": "When the live tokens end: a line for every seven days from now, with "
        "how many tokens and whose, a ■ for each. Expired tokens that Konnect still lists come "
        "first; those that never end, and those whose end cannot be read, come last.",
        "TeamsScreen": "The teams, with what kind they are and how many accounts, people and "
        "roles each has. A team gives its roles to everybody in it.",
        "TeamScreen": "One team: the roles that it gives, and the accounts and people that it "
        "gives them to.",
        "WhoScreen": "Who can do what the query asks, one line for each grant that answers it. "
        "→ stands before an account that cannot do it itself but can make a token for one that "
        "can. ? stands before an answer that rests on something that could not be read. @ "
        "stands before a person.",
        "MatrixScreen": "Who holds what, at a glance: an account on each line, and in the columns "
        "the entity types, the roles of one type, or the regions. The letter is the strongest "
        "access, the signs beside it how far it reaches; both are explained below the table.",
        "EntitiesScreen": "Control planes, APIs, portals and all other entities whose names could "
        "be read, and how many accounts can administer, write, create or read each.",
        "EntityScreen": "Who reaches one entity, the strongest access first, and by which roles. "
        "Who can make tokens for anybody is one step away from it.",
        "WhyScreen": "Every path by which somebody has access: held directly, or through which "
        "team. For the path under the cursor it says what would be lost without it. “duplicate” "
        "and “covered” mark a path that adds nothing, “no effect” one that reaches nothing.",
        "CompareScreen": "Two accounts, people or teams side by side, and where they differ in "
        "what they can do.",
        "HandoversScreen": "The tokens that were handed over from this machine, and the rotations "
        "under way: what became of each, and what is due. What waits for somebody comes first.",
        "LogScreen": "What this program has sent to Konnect, and what became of it. “unknown” "
        "means that no answer came: the change may have been made.",
        "ProfilesScreen": "The organisations that can be opened: saved profiles, and what is "
        "configured for kongctl, decK or in the environment. A profile says where its token is "
        "kept; the token itself is never stored here.",
    }
)
"""Class of a page -> what it shows, and what its signs mean, in a sentence or three."""

SIGNS = (
    ("…", "not read yet"),
    ("?", "could not be read, or is not certain: unknown, never zero"),
    ("!", "a live token expires within 14 days"),
    ("x", f"beside a count of live tokens: none was used for {IDLE_AFTER.days} days"),
)

KONNECT = (
    (
        "system account",
        (
            "an identity for a program. It cannot sign in; whoever has one of its access tokens"
            " can do all that it can."
        ),
    ),
    (
        "access token",
        (
            "the secret of a system account, shown once, when it is made. It ends at the moment"
            " that was chosen then, at most a year later; it can be revoked and renamed, not "
            "extended."
        ),
    ),
    (
        "role",
        (
            "what may be done with entities of one type. It is assigned to an account, a person"
            " or a team, on one entity or on all, in one region or in all."
        ),
    ),
    (
        "managed",
        (
            "Konnect made the account for a mesh zone and looks after it: a change that could "
            "break the zone is refused."
        ),
    ),
    (
        "predefined",
        (
            "a team that Konnect made, such as Organization Admin. Its name and its roles are "
            "fixed, and Konnect does not list all of what it may do; its members can be "
            "changed."
        ),
    ),
    ("* as entity", "every entity of the type, also those that are made later."),
    ("* as region", "every region, also those that Konnect opens later."),
    (
        "region",
        (
            "where an entity lives, such as eu or us. A role reaches an entity only if it is "
            "for the region of that entity: for another one it reaches nothing."
        ),
    ),
    (
        "global",
        ("the region of entities that live in none, such as the identities of the organisation."),
    ),
    (
        "IdP mapping",
        (
            "the groups of the identity provider decide which teams people are in. While it is "
            "on, a change of a person's teams may last only until they sign in again."
        ),
    ),
    (
        "can:mint",
        (
            "a role on the identities of the organisation lets its holder make a token for any "
            "system account, and so do all that this one can."
        ),
    ),
)
"""What Konnect means by a word."""


def words_of(page: type) -> str:
    """What the help says of a page; empty for one without words."""
    return next((PAGES[each.__name__] for each in page.__mro__ if each.__name__ in PAGES), "")
