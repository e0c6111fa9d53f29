"""A rule with the record that documents it; a decorator puts both together.

The rule it keeps: a rule is a pure function of what it is about. What it needs and could not be
read makes it "not checked", before the function is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sa_tui.audit.facts import Facts
    from sa_tui.audit.finding import Gap, Hit
    from sa_tui.audit.needs import About, Need
    from sa_tui.audit.severity import Severity

    Results = Iterable[Hit | Gap]

T_contra = TypeVar("T_contra", contravariant=True)


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[T_contra]):
    """A rule: what it says, and the function that finds it.

    Without what it `needs` it is not asked. Without what it `reads` it is asked, and may miss
    something. `hides` are the rules whose findings about the same thing (token, account) have the
    same cause, and are left out; `folds` are those that become evidence of this one. `mistakes` are
    the known false positives, and how each is handled. `maps_to` are controls of other catalogues.
    Accounts that Konnect manages are asked only `of_managed`. Unless `is_default` it is opt-in.
    """

    id: str
    title: str
    severity: Severity
    about: About
    when: str
    remedy: str
    mistakes: tuple[str, ...]
    maps_to: tuple[str, ...]
    needs: frozenset[Need]
    reads: frozenset[Need]
    hides: tuple[str, ...]
    folds: tuple[str, ...]
    limits: tuple[str, ...]
    is_default: bool
    of_managed: bool
    check: Callable[[T_contra, Facts], Results]

    @property
    def family(self) -> str:
        """The letter of its family."""
        return self.id[0]


_ID = re.compile(r"[A-Z]\d\d")


def rule(
    id: str,
    title: str,
    *,
    severity: Severity,
    about: About,
    when: str,
    remedy: str,
    mistakes: tuple[str, ...] = (),
    maps_to: tuple[str, ...],
    needs: tuple[Need, ...] = (),
    reads: tuple[Need, ...] = (),
    hides: tuple[str, ...] = (),
    folds: tuple[str, ...] = (),
    limits: tuple[str, ...] = (),
    opt_in: bool = False,
    of_managed: bool = False,
) -> Callable[[Callable[[Any, Facts], Results]], Rule[Any]]:
    """Makes a rule of the function below; the registry finds it in its module.

    `limits` are the thresholds that it asks for. Raises ValueError for an id such as `t7`.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"{id} is not the id of a rule")

    def made(check: Callable[[Any, Facts], Results]) -> Rule[Any]:
        return Rule(
            id=id,
            title=title,
            severity=severity,
            about=about,
            when=when,
            remedy=remedy,
            mistakes=mistakes,
            maps_to=maps_to,
            needs=frozenset(needs),
            reads=frozenset(reads),
            hides=hides,
            folds=folds,
            limits=limits,
            is_default=not opt_in,
            of_managed=of_managed,
            check=check,
        )

    return made
