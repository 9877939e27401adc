"""A Post that keeps to a pace, as Slack's does."""

from functools import cache
from typing import Protocol, TypeGuard, runtime_checkable

from coaching.people import Place
from coaching.ports import Post


@runtime_checkable
class Paced(Protocol):
    """A Post that keeps to a pace: a letter's turn is taken before its words are asked for."""

    async def turn(self, to: Place) -> float:
        """Take a turn for a letter: 0, or the seconds after which there will be one."""
        ...


def paced(post: Post) -> TypeGuard[Paced]:
    """Whether it keeps to one."""
    return _with_turns(type(post))


@cache
def _with_turns(kind: type) -> bool:
    """Whether posts of this kind are Paced: to find it out takes as long as the rest of a letter."""
    return issubclass(kind, Paced)
