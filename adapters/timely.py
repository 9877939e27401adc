"""A request that leaves in time or not at all: looked at last of all, where its body is written."""

from collections.abc import Callable

from aiohttp import BytesPayload
from aiohttp.abc import AbstractStreamWriter


class LateError(Exception):
    """It was too late, and nothing was sent."""


class Timely(BytesPayload):
    """The body of a request. A process may stand still anywhere before it, while whoever took over speaks."""

    def __init__(self, value: bytes, content_type: str, late: Callable[[], bool]) -> None:
        super().__init__(value, content_type=content_type)
        self._late = late
        self.stopped = False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write it now, or never: nobody acts on a request whose body does not come."""
        if self._late():
            self.stopped = True
            raise LateError
        await super().write_with_length(writer, content_length)
