"""Leaves a server alone that has failed several times in a row, and tries it again after a while."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Breaker:
    """Closed: calls go through. Open: none does, until `rest` seconds later one may try."""

    clock: Callable[[], float]
    most: int = 3  # failures in a row
    rest: float = 30.0
    _failed: int = 0
    _until: float = -math.inf
    _trying: bool = False

    def enter(self) -> bool:
        """Whether a call may begin. Whoever was let in must `leave`."""
        if self._failed < self.most:
            return True
        if self._trying or self.clock() < self._until:
            return False
        self._trying = True
        return True

    def leave(self, *, well: bool | None) -> None:
        """A call ended: well, or not; None where that says nothing of the server."""
        self._trying = False
        if well:
            self._failed = 0
        elif well is False:
            self._failed += 1
            self._until = max(self._until, self.clock() + self.rest)

    def shut(self) -> None:
        """Not to be tried again until the settings change."""
        self._failed, self._until = self.most, math.inf

    @property
    def is_shut(self) -> bool:
        """Whether nothing but a change of the settings helps."""
        return self._until == math.inf
