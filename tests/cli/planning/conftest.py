"""The commands about a wished state, run against the demo; no name in it attacks a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

from ..conftest import NOW


@pytest.fixture
def fake() -> FakeKonnect:
    return FakeKonnect(build_organisation(NOW), clock=lambda: NOW)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journals are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"
