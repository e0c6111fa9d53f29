"""The name, the description and the labels of a team, as Konnect accepts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sa_tui.base.typable import is_typable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.konnect.models import Team

LONGEST = 250
MOST_LABELS = 50

_KEY = re.compile(r"(?!kong|konnect|mesh|kic|_)[^\x00-\x1f]{1,63}")
_VALUE = re.compile(r"(?=.{1,63}$)[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?")
_LABELS = "Labels: env=prod, kind=machines"


def write_labels(labels: Mapping[str, str]) -> str:
    """The labels as they are typed."""
    return ", ".join(f"{key}={value}" for key, value in sorted(labels.items()))


def read_labels(text: str) -> dict[str, str]:
    """The labels that were typed as `key=value, key=value`.

    Raises ValueError with a text for the operator.
    """
    labels: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ValueError(f"{part} is not a label. {_LABELS}")
        if key in labels:
            raise ValueError(f"The label {key} is there twice.")
        labels[key] = value
    check_labels(labels)
    return labels


def check_labels(labels: Mapping[str, str]) -> None:
    """Raises ValueError for labels that Konnect would refuse."""
    for key, value in labels.items():
        if not _KEY.fullmatch(key):
            raise ValueError(
                f"The key {key} cannot be used: 1 to 63 characters, "
                "not beginning with kong, konnect, mesh, kic or _."
            )
        if not _VALUE.fullmatch(value):
            raise ValueError(
                f"The value of {key} cannot be used: 1 to 63 letters, digits, "
                "dots, dashes and underscores, with a letter or digit at both ends."
            )
    if len(labels) > MOST_LABELS:
        raise ValueError(f"A team has no more than {MOST_LABELS} labels.")


def check_team(name: str, description: str, team: Team | None) -> None:
    """Raises ValueError for a changed field that Konnect would refuse; the others are not sent."""
    before = (team.name, team.description) if team is not None else ("", "")
    if (name != before[0] or not name) and not _is_usable(name, before[0], least=1):
        raise ValueError(f"Give the team a name of 1 to {LONGEST} printable characters.")
    if description != before[1] and not _is_usable(description, before[1], least=0):
        raise ValueError(f"Describe the team in at most {LONGEST} printable characters.")
    if before[1] and not description:
        raise ValueError("Konnect does not accept an empty description: write another one.")


def _is_usable(text: str, before: str, *, least: int) -> bool:
    return least <= len(text) <= LONGEST and is_typable(text, before=before)
