"""Starts, tells and ends the process in which the coach runs for the proof; keeps what it prints."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.proof import trace
from bot.proof.house import DONE, HELD, LISTENING, SETTLE

_ROOT = Path(__file__).parent.parent.parent
_WRITING = "write,pwrite64,writev,pwritev,?pwritev2,sendto,sendmsg,sendmmsg,sendfile,?vmsplice,"
_NAMING = "?open,?creat,openat,?openat2,?mkdir,mkdirat,?link,linkat,?symlink,symlinkat,?memfd_create,"
_MOVING = "?rename,?renameat,renameat2,setxattr,lsetxattr,fsetxattr,execve,execveat"
_CALLS = f"trace={_WRITING}{_NAMING}{_MOVING}"
# Whole: every argument and the environment (-v), every byte of a string, and as digits, so that none is lost.
_STRACE = ("strace", "-f", "-v", "-qq", "-e", _CALLS, "-e", "signal=none", "-xx", "-s", "1000000")
_PATIENCE = 60.0  # seconds until it does what it is told
_MODULE = "bot.proof.house"
_KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START")


class ProcessError(Exception):
    """The coach could not be started for the proof; the message says where to look."""


@dataclass(slots=True, eq=False)
class Process:
    """The running coach. `folder` is where everything it writes lands."""

    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    traced: bool = False
    module: str = _MODULE
    url: str = ""
    printed: list[bytes] = field(default_factory=list, repr=False)
    _process: asyncio.subprocess.Process | None = None

    @property
    def calls(self) -> Path:
        """What strace saw; not in the folder that is searched as it stands, for it is written in hex."""
        return self.folder.parent / "calls.txt"

    @property
    def seen(self) -> int:
        """How much strace has seen so far."""
        return trace.size(self.calls) if self.traced else 0

    def deeds(self, since: int) -> frozenset[str]:
        """What it saw opened for writing and started since; nothing where it does not look."""
        return trace.deeds(self.calls, since, self.folder) if self.traced else frozenset()

    async def start(self) -> None:
        """Start it and wait until it listens. Raises ProcessError."""
        words: Sequence[str] = (sys.executable, "-m", self.module)
        if self.traced:
            words = (*_STRACE, "-o", str(self.calls), *words)
        with (self.folder / "stderr.txt").open("ab") as err:
            self._process = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=err,
                env=self._environment(),
                cwd=self.folder,
                limit=2**24,
            )
        told = await self._line(LISTENING)
        self.url = f"http://127.0.0.1:{told.split()[-1].decode()}"

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        kept |= {name: value for name, value in os.environ.items() if name.startswith("COV")}
        paths = [str(_ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.folder))
        path = os.pathsep.join(filter(None, paths))
        return {**kept, **folders, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **self.environment}

    async def _line(self, wanted: str) -> bytes:
        """The next line that begins so; what comes between is kept with the rest that is printed."""
        if self._process is None or self._process.stdout is None:
            raise ProcessError("the coach does not run")
        async with asyncio.timeout(_PATIENCE):
            while line := await self._process.stdout.readline():
                self.printed.append(line)
                if line.split()[:1] == [wanted.encode()]:
                    return line
        raise ProcessError(f"the coach ended before it was ready: see {self.folder / 'stderr.txt'}")

    async def tell(self, name: str) -> None:
        """Turn a switch, and wait until it is turned."""
        if self._process is None or self._process.stdin is None:
            raise ProcessError("the coach does not run")
        self._process.stdin.write(f"{name}\n".encode())
        await self._process.stdin.drain()
        await self._line(DONE)

    async def settle(self) -> None:
        """Wait until it has handled whatever it took on."""
        await self.tell(SETTLE)

    async def held(self, number: int) -> None:
        """Wait until so many vents are in its hands."""
        for _ in range(number):
            await self._line(HELD)

    async def stop(self) -> None:
        """Let it end by itself; what it prints last is kept too."""
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            return
        with suppress(ConnectionError):
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_PATIENCE):
                self.printed.append(await self._process.stdout.read())
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def kill(self) -> None:
        """As a machine kills it: nothing is put away."""
        if self._process is None or self._process.stdout is None:
            return
        self._process.kill()
        self.printed.append(await self._process.stdout.read())
        await self._process.wait()
