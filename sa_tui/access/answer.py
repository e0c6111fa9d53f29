"""Yes, no, or not known: the three answers that everything here is given in."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


class Answer(IntEnum):
    """Ordered so that "any of" is the greatest and "all of" the least."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def opposite(self) -> Answer:
        """Yes for no, no for yes; what is not known stays so."""
        return _OPPOSITES[self]


_OPPOSITES = (Answer.YES, Answer.UNKNOWN, Answer.NO)


def answer(is_so: bool) -> Answer:
    """What is known for sure, as an answer."""
    return Answer.YES if is_so else Answer.NO


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes when one is; no only when every one is. Of none at all: no."""
    return max(answers, default=Answer.NO)


def all_of(answers: Iterable[Answer]) -> Answer:
    """No when one is; yes only when every one is. Of none at all: yes."""
    return min(answers, default=Answer.YES)


def signed(ask: Callable[[T], Answer], *, is_negative: bool) -> Callable[[T], Answer]:
    """The question, or whether it is not so."""
    return (lambda of: ask(of).opposite) if is_negative else ask
