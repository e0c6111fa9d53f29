"""Yes, no or unknown: the answers to every question about access."""

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
        """Yes for no, no for yes; unknown stays unknown."""
        return _OPPOSITES[self]


_OPPOSITES = (Answer.YES, Answer.UNKNOWN, Answer.NO)


def answer(is_so: bool) -> Answer:
    """Yes or no, for what is certain."""
    return Answer.YES if is_so else Answer.NO


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes when one is; no only when every one is. Of none at all: no."""
    return max(answers, default=Answer.NO)


def all_of(answers: Iterable[Answer]) -> Answer:
    """No when one is; yes only when every one is. Of none at all: yes."""
    return min(answers, default=Answer.YES)


def signed(ask: Callable[[T], Answer], *, is_negative: bool) -> Callable[[T], Answer]:
    """The question, or its negation."""
    return (lambda value: ask(value).opposite) if is_negative else ask
