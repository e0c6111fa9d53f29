"""The secret that must never turn up, as for the hand-over."""

from ..handover.conftest import secret

__all__ = ["secret"]
