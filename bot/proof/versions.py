"""What the proof ran with: the versions of everything that handles what people write."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from shutil import which

PACKAGES = (
    "breather",
    "slack-bolt",
    "slack-sdk",
    "botbuilder-core",
    "aiohttp",
    "starlette",
    "uvicorn",
    "sqlalchemy",
    "asyncpg",
    "apscheduler",
    "openai",
)


def versions() -> str:
    """One line; what is not installed is left out."""
    found = [f"Python {platform.python_version()}", f"{platform.system()} {platform.release()}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    strace = which("strace")
    if strace is not None:
        told = subprocess.run([strace, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        found.append(told.stdout.splitlines()[0].replace(" -- version", "") if told.stdout else "strace")
    return ", ".join(found)
