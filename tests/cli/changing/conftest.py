"""A small organisation in which every verb finds what it is to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from tests.cli.changing.answered import entity_id

if TYPE_CHECKING:
    from datetime import datetime


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journals are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "sa-tui"


@pytest.fixture
def fake(now: datetime) -> FakeKonnect:
    """`probe` holds a role, is in team `crew` and has a token; `other` has nothing."""
    fake = FakeKonnect(build_organisation(now, accounts=2), clock=lambda: now)
    probe = fake.add_account("probe", description="what it is for")
    fake.add_account("other")
    fake.add_token(probe, "ci")
    fake.add_role(probe, "Viewer", entity_id=entity_id(fake, "prod-us"), entity_region="us")
    fake.join(fake.add_team("crew"), probe)
    return fake
