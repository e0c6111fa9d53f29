"""The rule about the audit itself: what could not be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sa_tui.audit.controls import nist
from sa_tui.audit.finding import Hit
from sa_tui.audit.rule import rule

if TYPE_CHECKING:
    from sa_tui.audit.facts import Facts
    from sa_tui.audit.rule import Results


@rule(
    "C01",
    "Audit incomplete",
    severity="high",
    about="organization",
    when="A list that the audit needs could not be read, or not in full.",
    remedy="Run it again, with a token that may read this.",
    mistakes=("Something that was deleted during the run is not a gap.",),
    maps_to=("SOC 2, completeness and accuracy", *nist("AC-2j")),
    of_managed=True,
)
def is_incomplete(facts: Facts, _: Facts) -> Results:
    """Each list that was not read in full."""
    for missing in facts.missing:
        error = missing.error
        yield Hit(
            object=json.dumps((missing.what, missing.kind, missing.id)),
            evidence={
                "what": missing.what,
                "of": missing.name or None,
                "reason": missing.reason,
                "status": getattr(error, "status", None),
                "request": (error.request or None) if error else None,
                "trace": error.trace if error else None,
            },
        )
