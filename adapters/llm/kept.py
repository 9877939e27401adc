"""What a model answered lately, by a hash of what it was asked: the same question costs once."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Kept(Generic[T]):
    """In memory only, for ten minutes: then it is gone, whether anybody asks again or not."""

    clock: Callable[[], float]
    bound: int = 256
    seconds: float = 600.0
    _values: OrderedDict[str, tuple[float, T]] = field(default_factory=OrderedDict, repr=False)

    def get(self, key: str) -> T | None:
        """What was kept, if it is not too old."""
        self.forget()
        found = self._values.get(key)
        return None if found is None else found[1]

    def put(self, key: str, value: T) -> None:
        """Keep it; the oldest make room."""
        self._values.pop(key, None)
        self._values[key] = (self.clock(), value)
        if len(self._values) > self.bound:
            self._values.popitem(last=False)
        asyncio.get_running_loop().call_later(self.seconds, self.forget)

    def forget(self) -> None:
        """What is too old is gone."""
        while self._values and next(iter(self._values.values()))[0] <= self.clock() - self.seconds:
            self._values.popitem(last=False)


def key_of(*parts: str) -> str:
    """A name for what was asked, from which it cannot be read."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
