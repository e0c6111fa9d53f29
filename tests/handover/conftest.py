"""A secret that must never turn up, what it belongs to, and a limit on the size of files."""

from __future__ import annotations

import contextlib
import os
import resource
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.base.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SENTINEL = "spat_q7Zk2mVt9XcW4bNp8LrY6sHd3GfJ5aQe1UiOoTzBnMvCxKlPw0"


@pytest.fixture(scope="session")
def secret() -> SecretStr:
    return SecretStr(SENTINEL)


@pytest.fixture(scope="session")
def label() -> Label:
    return Label(
        "11111111-2222-3333-4444-555555555555",
        account_name="ci-deployer",
        token_name="github-actions",
        token_id="66666666-7777-8888-9999-000000000000",
        expires_at=datetime(2026, 6, 1, 12, tzinfo=UTC),
        base_url="https://global.api.konghq.com",
        organization_name="Acme",
        organization_id="org-1",
    )


@pytest.fixture
def environ() -> dict[str, str]:
    return {"PATH": os.environ["PATH"]}


@contextlib.contextmanager
def _no_file_beyond(limit_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def no_file_beyond() -> Callable[[int], contextlib.AbstractContextManager[None]]:
    """The disk fills up: writing past this many bytes of a file fails."""
    return _no_file_beyond
