"""The secret that must never turn up and what it belongs to, as for the hand-over."""

from ..handover.conftest import SENTINEL, environ, label, no_file_beyond, secret

__all__ = ["SENTINEL", "environ", "label", "no_file_beyond", "secret"]
