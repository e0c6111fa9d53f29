"""What was never sent is read back as it was written, and of old lines the titles at least."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sa_tui.records.batches import Batches, Planned

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://global.api.konghq.com"
NOBODY = 2**22 + 1
"""No process has such a number."""


def batches_at(path: Path) -> Batches:
    return Batches(path, now=lambda: datetime(2026, 11, 23, tzinfo=UTC), pid=NOBODY, host="here")


def test_a_planned_change_keeps_its_verb_and_the_ids_it_touches(tmp_path: Path) -> None:
    planned = Planned(
        "Rename token gha of ci to new",
        verb="rename-token",
        ids={"account_id": "A", "token_id": "K"},
        body={"name": "new"},
    )
    batches = batches_at(tmp_path / "batches.jsonl")
    batches.begin([planned], profile="prod", base_url=ADDRESS, organization_id=None)

    (unsent,) = batches.unsent(base_url=ADDRESS, organization_id=None)

    assert unsent.never_sent == (planned,)


def test_a_line_of_an_earlier_version_still_tells_what_was_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "batches.jsonl"
    batches_at(path).begin(
        [Planned("Delete team X", verb="delete-team", ids={"team_id": "T"})],
        profile="prod",
        base_url=ADDRESS,
        organization_id=None,
    )
    record = json.loads(path.read_text())
    old = {"title": "Delete team X", "method": "DELETE", "path": "/v3/teams/T", "body": None}
    path.write_text(json.dumps(record | {"changes": [old]}) + "\n")

    (unsent,) = batches_at(path).unsent(base_url=ADDRESS, organization_id=None)

    assert unsent.never_sent == (Planned("Delete team X", verb="", ids={}),)
    assert batches_at(path).notices == ()


def test_what_was_not_sent_has_the_ids_that_were_made_before_the_end(tmp_path: Path) -> None:
    batches = batches_at(tmp_path / "batches.jsonl")
    create = Planned("Create A", verb="create-account", ids={}, body={}, makes="new:account:A")
    give = Planned("Give", verb="give-role", ids={"account_id": "new:account:A"}, body={})
    id = batches.begin([create, give], profile="prod", base_url=ADDRESS, organization_id=None)
    batches.sending(id, 0)
    (before,) = batches.unsent(base_url=ADDRESS, organization_id=None)

    batches.answered(id, 0, made="the-id")

    (unsent,) = batches.unsent(base_url=ADDRESS, organization_id=None)
    assert [dict(change.ids) for change in before.never_sent] == [dict(give.ids)]
    assert [dict(change.ids) for change in unsent.never_sent] == [{"account_id": "the-id"}]
