"""The thresholds and patterns of the rules; every one of them can be set in audit.toml."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWNER = r"owner\s*[:=]\s*\S+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w-]+|(?<![\w.])@[\w-]{2,}"
_PRODUCTION = r"(?<![a-z0-9])(?:prod|production|live|prd)(?![a-z])"
_OTHER = r"(?<![a-z0-9])(?:dev|test|qa|stage|staging|sandbox|preview|nonprod|non-prod)(?![a-z])"
_READS = r"(?<![a-z0-9])(?:ro|read-?only|reader|viewer|monitor|monitoring|metrics)(?![a-z0-9])"
_UNTOLD = r"(?:test|tmp|token|new|key)[-_ 0-9]*"
_MACHINE = r"(?<![a-z0-9])(?:ci|github|gitlab|jenkins|terraform|deck)(?![a-z0-9])"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The thresholds of all rules: days and counts, patterns (regular expressions), and lists.

    A number is the last one that is still fine. Patterns are looked for in any case.
    """

    max_lifetime_days: int = 365
    expiring_days: int = 30
    urgent_days: int = 7
    in_use_days: int = 7
    expired_grace_days: int = 7
    outage_days: int = 30
    never_used_days: int = 30
    stale_days: int = 90
    rotation_days: int = 90
    overlap_days: int = 14
    max_live_tokens: int = 2
    tokens_on_one_day: int = 4
    new_account_days: int = 7
    idle_days: int = 90
    temporary_days: int = 30
    review_days: int = 90
    fleet_size: int = 3
    max_written_types: int = 3
    max_token_uses: int = 2
    max_creator_types: int = 2
    max_privileged: int = 3
    max_privileged_percent: int = 10
    max_direct_roles: int = 10
    max_admins_by_team: int = 10

    owner_pattern: str = _OWNER
    production_pattern: str = _PRODUCTION
    other_environment_pattern: str = _OTHER
    reader_name_pattern: str = _READS
    token_name_pattern: str = _UNTOLD
    machine_pattern: str = _MACHINE

    outside_owners: tuple[str, ...] = ()
    """Domains, or whole addresses, of owners who are not users of Konnect."""
    managed_roles: tuple[str, ...] = ("Mesh Control Planes/Connector",)
    """What accounts that Konnect manages may hold, as TYPE/ROLE."""
    allowed_pairs: tuple[str, ...] = ()
    """The pairs of duties of P09 that one account may have."""


BASELINE = Limits()
STRICT = replace(BASELINE, max_lifetime_days=90, stale_days=45, expiring_days=14)

PROFILES: Mapping[str, Limits] = MappingProxyType({"baseline": BASELINE, "strict": STRICT})
STRICT_RULES = ("A06", "A08", "P09")
"""The rules that are on in the profile strict, besides those that are always on."""
