"""The schemas of `plan`, `apply` and `restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.schemas.changes import CHANGED
from sa_tui.cli.schemas.kinds import many, record, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.cli.schemas.kinds import Schema

_PLANNED: Schema = CHANGED | {
    "unchanged": many(
        "What is as it is wished for.",
        record(
            "A system account, a team, a role or a membership.",
            {
                "subject": text("The name of the account or team."),
                "what": text("What is so, in words."),
            },
        ),
    )
}
PLANNING: Mapping[str, Schema] = dict.fromkeys(("plan", "apply", "restore"), _PLANNED)
