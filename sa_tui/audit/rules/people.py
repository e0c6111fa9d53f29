"""Rules about the personal access tokens of people; a system account may not read those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sa_tui.audit.controls import NHI1, NHI10, nist
from sa_tui.audit.finding import Hit
from sa_tui.audit.rule import rule
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Results
    from sa_tui.audit.things import PersonFacts


@rule(
    "H01",
    "Disabled user with an active personal token",
    severity="high",
    about="person",
    when="A user is not active and has a personal access token that works.",
    remedy="Revoke it in Konnect.",
    mistakes=(
        "A user younger than new_account_days, whose tokens were never used, was only invited.",
    ),
    maps_to=(NHI1, *nist("AC-2(3)")),
    needs=("expiry",),
    reads=("tokens",),
    limits=("new_account_days",),
    opt_in=True,
)
def is_disabled(person: PersonFacts, _: Facts) -> Results:
    """Somebody who may not sign in, and whose token works."""
    user = person.user
    live = [each for each in person.details.tokens.rows if token_state(each, person.now) == "live"]
    if user.active is not False or not live:
        return
    age = (person.now - user.created_at).days if user.created_at else None
    was_used = any(each.last_used_at for each in live)
    if age is not None and age <= person.limits.new_account_days and not was_used:
        return
    yield Hit(
        evidence={
            "email": user.email,
            "tokens": tuple(each.name for each in live),
            "token_ids": tuple(each.id for each in live),
        }
    )


@rule(
    "H02",
    "Personal token used as that of a machine",
    severity="medium",
    about="person",
    when="The name of a live personal access token matches machine_pattern, such as github or ci.",
    remedy="Give that job a system account, then revoke the token.",
    mistakes=("Somebody named the token after a tool that they run by hand: mute it.",),
    maps_to=(NHI10, "Kong's documentation: automation breaks when its user leaves"),
    needs=("expiry",),
    reads=("tokens",),
    limits=("machine_pattern",),
    opt_in=True,
)
def is_of_a_machine(person: PersonFacts, _: Facts) -> Results:
    """A person's token that a job seems to use."""
    for token in person.details.tokens.rows:
        is_live = token_state(token, person.now) == "live"
        if is_live and re.search(person.limits.machine_pattern, token.name, re.IGNORECASE):
            yield Hit(
                token_id=token.id,
                evidence={"token": token.name, "last_used_at": token.last_used_at},
            )
