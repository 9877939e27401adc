"""Whether the database can be used; a disk may have room for a small row and none for what is needed."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from coaching.ports import Trouble
from storage.db import Database, Fault, StorageError, usable

LATELY = 10.0  # seconds; whatever fails with each tick of the clock is not forgotten between them
PATIENCE = 4.0  # seconds; who asks whether we are ready does not wait for ever

_STAYS = frozenset(
    {Fault.FULL, Fault.READ_ONLY, Fault.DISK, Fault.OLDER, Fault.LOCKED}
)  # others are seen by a look


@dataclass(slots=True)
class Ailing:
    """Passes trouble on, and remembers for a while what of it a look at the database may not show."""

    tell: Trouble
    clock: Callable[[], float] = field(default=time.monotonic)
    _refused: tuple[Fault, float] | None = None

    def __call__(self, where: str, error: BaseException) -> None:
        """Something failed."""
        self.tell(where, error)
        if isinstance(error, StorageError) and error.fault in _STAYS:
            self._refused = error.fault, self.clock() + LATELY

    def lately(self) -> str:
        """What was refused a moment ago, with the remedy; nothing where nothing was."""
        if self._refused is None or self._refused[1] < self.clock():
            return ""
        return self._refused[0].value


async def ready(database: Database, ailing: Ailing) -> str:
    """What is wrong with the database, with the remedy; nothing where it can be used."""
    try:
        async with asyncio.timeout(PATIENCE):
            await database.transact(usable)
    except StorageError as error:
        return str(error)
    except TimeoutError:
        return Fault.SLOW.value
    return ailing.lately()
