"""How serious a finding is."""

from __future__ import annotations

from typing import Literal

Severity = Literal["info", "low", "medium", "high", "critical"]

SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
"""From the least serious to the most."""

_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def rank(severity: Severity) -> int:
    """The place of a severity among all, 0 for the least serious."""
    return _RANKS[severity]


def raised(severity: Severity) -> Severity:
    """The next more serious one; nothing is above critical."""
    return SEVERITIES[min(_RANKS[severity] + 1, len(SEVERITIES) - 1)]
