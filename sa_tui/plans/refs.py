"""Names that other tools take for resources: made of the names of Konnect, each used once.

The rule it keeps: the same names give the same refs, and kongctl and Terraform take all of them.
"""

from __future__ import annotations

import hashlib
import re

_LONGEST = 63
"""kongctl's own limit."""

_DIGEST = 6
_NOT_TAKEN = re.compile(r"[^a-z0-9]+")


class Refs:
    """The refs that are given; `joint` stands between the words of one."""

    def __init__(self, *, joint: str = "-") -> None:
        self._joint = joint
        self._taken: set[str] = set()

    def of(self, *words: str) -> str:
        """A ref of these words that was not given before."""
        slugs = (_NOT_TAKEN.sub("-", word.casefold()).strip("-") for word in words)
        text = "-".join(filter(None, slugs)) or "x"
        if len(text) > _LONGEST:
            digest = hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()
            text = f"{text[: _LONGEST - _DIGEST - 1].rstrip('-')}-{digest[:_DIGEST]}"
        ref, number = text, 1
        while ref in self._taken:
            number += 1
            ref = f"{text[: _LONGEST - len(str(number)) - 1]}-{number}"
        self._taken.add(ref)
        return ref.replace("-", self._joint)
