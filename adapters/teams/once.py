"""Tells a repeat from something new: every activity is handled once."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

SECONDS = 600  # how long a repeat is known as one
# Here one id stands for a message that may change, or be reacted to, many times over.
_ABOUT_A_MESSAGE = ("messageUpdate", "messageDelete", "messageReaction")


@dataclass(frozen=True, slots=True)
class Answer:
    """What Teams gets back: a status and, perhaps, a JSON body."""

    status: int = 200
    body: Json | None = field(default=None, repr=False)
    again: int = 0  # after how many seconds to come again, where that would help


@dataclass(slots=True)
class Once:
    """Remembers hashes of ids, never bodies; bounded, in memory."""

    now: Callable[[], datetime]
    bound: int = 50_000
    _seen: OrderedDict[bytes, float] = field(default_factory=OrderedDict, repr=False)

    def new(self, key: bytes) -> bool:
        """Whether this was not seen in the last ten minutes; from now on it has been."""
        now = self.now().timestamp()
        while self._seen and (len(self._seen) >= self.bound or self._oldest() <= now - SECONDS):
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True

    def forget(self, key: bytes) -> None:
        """It was not taken in after all: the next one like it is new."""
        self._seen.pop(key, None)

    def _oldest(self) -> float:
        return next(iter(self._seen.values()))


def identity(activity: Json, raw: bytes) -> bytes:
    """What tells this activity from any other and a repeat shares; empty where it carries no id."""
    number, kind, conversation = activity.get("id"), activity.get("type"), activity.get("conversation")
    if not isinstance(number, str) or not number:
        return b""
    place = conversation.get("id") if isinstance(conversation, dict) else None
    told = "\0".join((str(kind), str(place), number)).encode("utf-8", "replace")
    if kind in _ABOUT_A_MESSAGE:
        told += raw
    return blake2b(told, digest_size=16).digest()
