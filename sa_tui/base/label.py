"""What an access token belongs to; never the secret itself."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Label:
    """What an access token belongs to; `token_id` is None until Konnect has made the token."""

    account_id: str
    _: KW_ONLY
    account_name: str
    token_name: str
    token_id: str | None
    expires_at: datetime | None
    base_url: str
    organization_name: str | None = None
    organization_id: str | None = None
