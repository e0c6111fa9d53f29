"""The order of the rows of a list: by rank; what is unknown or absent comes last, either way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from _typeshed import SupportsRichComparison

    Rank = SupportsRichComparison | None


def ordered(
    keys: Collection[str], rank: Callable[[str], Rank], *, reverse: bool
) -> tuple[list[str], list[str]]:
    """The keys that have a rank, in its order, and those that have none, as they came."""
    ranks = {key: value for key in keys if (value := rank(key)) is not None}
    unranked = [key for key in keys if key not in ranks]
    return sorted(ranks, key=ranks.__getitem__, reverse=reverse), unranked
