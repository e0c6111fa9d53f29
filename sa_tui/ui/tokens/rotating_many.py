"""The run that rotates several tokens: their successors are issued one after the other.

Each goes the way of a single rotation; the first that does not end well stops the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sa_tui.ui.tokens.issuing import OrderPage
from sa_tui.ui.tokens.rotating import issue_successor, redraw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from sa_tui.org.issuing import Issued, Order
    from sa_tui.org.rotating import Old
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host


class RunPage(OrderPage, Protocol):
    """The page of a run, which says what is next and is told what became of it."""

    def begin_next(self) -> int | None:
        """The number of the next; None when the run has to stop."""

    def finish(self, successor: Issued | None, problem: str) -> None:
        """Says what became of the one under way."""

    def ended(self) -> None:
        """Says how the run ended."""


@dataclass(frozen=True, kw_only=True)
class Rotating:
    """A token that is rotated, and the order for its successor."""

    old: Old
    order: Order


def taken_names(snapshot: Snapshot, olds: Sequence[Old]) -> dict[str, set[str]]:
    """The names of the tokens that the accounts have, by account id."""
    ids = {old.account.id for old in olds}
    return {id: {row.name for row in snapshot.details_of(id).tokens.rows} for id in ids}


async def rotate_many(
    host: Host, rotating: Sequence[Rotating], *, org: Org, idle_for: timedelta, page: RunPage
) -> None:
    """Issues the successors that the page has not seen yet, until one does not end well."""
    done: set[str] = set()
    while (number := page.begin_next()) is not None:
        row = rotating[number]
        done.add(row.old.account.id)
        successor, problem = await issue_successor(
            host,
            row.order,
            org=org,
            old=row.old.token,
            idle_for=idle_for,
            form=page,
            shows_delivered=False,
        )
        page.finish(successor, problem)
        del successor  # and with it the secret, where this process had it
    await org.read_details(done, again=True)
    page.ended()
    redraw(host)
