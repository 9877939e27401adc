"""The wire between workers and a database server, which can be cut."""

import asyncio
import contextlib
import random
from dataclasses import dataclass, field


@dataclass
class Wire:
    """Passes bytes between whoever connects here and the server's socket in the file system."""

    path: str
    flows: dict = field(default_factory=dict)  # number: the two ends of one connection
    port: int = 0
    made: int = 0

    async def start(self):
        self.server = await asyncio.start_server(self.join, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self):
        self.server.close()
        for number in list(self.flows):
            self.cut(number)

    async def join(self, reader, writer):
        self.made += 1
        number = self.made
        try:
            there = await asyncio.open_unix_connection(self.path)
        except OSError:  # the server is down
            writer.transport.abort()
            return
        self.flows[number] = (writer, there[1])
        await asyncio.gather(self.flow(reader, there[1]), self.flow(there[0], writer))
        self.flows.pop(number, None)

    async def flow(self, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.transport.abort()

    def cut(self, number):
        for writer in self.flows.pop(number, ()):
            writer.transport.abort()

    def cut_any(self, chance: random.Random):
        """Cut one connection. False: there is none."""
        if self.flows:
            self.cut(chance.choice(list(self.flows)))
            return True
        return False
