"""The controls of other catalogues that rules map to, by name and edition.

The rule it keeps: the numbers of benchmarks for other clouds are analogies, and say so.
"""

from __future__ import annotations

from typing import Final

NHI1: Final = "OWASP NHI 2025, NHI1 Improper Offboarding"
NHI5: Final = "OWASP NHI 2025, NHI5 Overprivileged NHI"
NHI7: Final = "OWASP NHI 2025, NHI7 Long-Lived Secrets"
NHI8: Final = "OWASP NHI 2025, NHI8 Environment Isolation"
NHI9: Final = "OWASP NHI 2025, NHI9 NHI Reuse"
NHI10: Final = "OWASP NHI 2025, NHI10 Human Use of NHI"
NOT_COMPUTABLE: Final = ("NHI2", "NHI3", "NHI4", "NHI6")
"""What of OWASP NHI 2025 cannot be told from this API."""

AVAILABILITY: Final = "availability"
SOC2: Final = "SOC 2, CC6.1 to CC6.3"
GITHUB: Final = "GitHub, default lifetime of 366 days"


def nist(*controls: str) -> tuple[str, ...]:
    """Controls of NIST SP 800-53 revision 5."""
    return tuple(f"NIST 800-53r5, {control}" for control in controls)


def cis(*safeguards: str) -> tuple[str, ...]:
    """Safeguards of the CIS Controls, version 8."""
    return tuple(f"CIS Controls v8, {safeguard}" for safeguard in safeguards)


def like(benchmark: str, *numbers: str) -> tuple[str, ...]:
    """Recommendations of a benchmark for another cloud, which are analogies here."""
    return tuple(f"like CIS {benchmark}, {number}" for number in numbers)
