"""Starts and ends the processes: demo, serve, work. Each says what it does, and ends cleanly on Ctrl-C."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec

from bot import assembly, web
from bot.assembly import House
from bot.hush import RefusedError, hush
from bot.logs import event, start_logging
from bot.progress import Progress
from bot.settings import Settings
from coaching.playbook.tables import PlaybookError
from storage.db import StorageError, check, open_database
from storage.migrate import migrate
from storage.move import NotEmptyError, move


class StartError(Exception):
    """Breather could not start; the message says why and what to do."""


def demo(settings: Settings, port: int) -> int:
    """The playground on this computer, everything in one process."""
    kept = _prepare(settings)

    def platforms(house: House) -> None:
        house.add(assembly.playground(house.coach))

    def started(port: int) -> None:
        print(f"Breather is ready: http://127.0.0.1:{port}", flush=True)
        print(f"Open it in your browser. {kept} Ctrl-C ends it.", flush=True)

    with _socket("127.0.0.1", port) as listener:
        _run(_serving(settings, listener, partial(_house, settings, demo=True), platforms, started))
    print("\nBreather has stopped. See you next time.")
    return 0


def serve(
    settings: Settings, host: str, port: int, *, socket_mode: bool = False, reminders: bool = True
) -> int:
    """Every platform that is set up. Without `reminders` those are left to `work`."""
    if not reminders and settings.sqlite_path is not None:
        raise StartError(
            "on SQLite nobody else can send the reminders. Leave --no-reminders out, or set DATABASE_URL to"
            " a PostgreSQL database and run `breather work` beside it: see docs/deploy.md"
        )
    slack, teams = _platforms(settings)
    _prepare(settings)

    def platforms(house: House) -> None:
        if slack:
            house.add(assembly.slack(house, settings, socket_mode=socket_mode))
        if teams:
            house.add(assembly.teams(house, settings, host))

    def started(port: int) -> None:
        on = {"slack": slack, "teams": teams, "socket_mode": slack and socket_mode, "reminders": reminders}
        event("serving", port=port, **on)

    with _socket(host, port) as listener:
        _run(_serving(settings, listener, partial(_house, settings, reminders=reminders), platforms, started))
    return 0


def work(settings: Settings) -> int:
    """Clock and courier alone, beside `serve` on a database server."""
    if settings.sqlite_path is not None:
        raise StartError(
            "on SQLite `breather serve` sends reminders itself. Set DATABASE_URL to a PostgreSQL database"
            " to run `work` beside it: see docs/deploy.md"
        )
    _platforms(settings)
    _prepare(settings)
    _run(_working(settings))
    return 0


def bring_up_to_date(settings: Settings, source: str) -> int:
    """Bring the database to this version, then fill it from another if one is given; say what was done."""
    _folder(settings)
    try:
        steps = migrate(settings.database_url)
        print(f"The database is at this version ({len(steps)} steps taken).")
        if source:
            print(f"Copied {asyncio.run(_filled(settings, source))} rows. The old database is as it was.")
    except StorageError as error:
        raise StartError(str(error)) from error
    return 0


async def _filled(settings: Settings, source: str) -> int:
    """Everything from `source`, which has to be there and of this version."""
    path = replace(settings, database_url=source).sqlite_path
    if path is not None and not path.is_file():
        raise StartError(f"there is no database at {path}.")
    old, new = open_database(source), open_database(settings.database_url)
    try:
        if path is not None and not await old.alone():
            raise StartError(
                "a Breather still runs on the old database, and nothing was copied. Stop it first."
            )
        await old.transact(check)
        return await move(old, new)
    except NotEmptyError as error:
        raise StartError("the new database is not empty, so nothing was copied into it.") from error
    finally:
        await old.close()
        await new.close()


def _platforms(settings: Settings) -> tuple[bool, bool]:
    """Which are set up: Slack, Teams. Raises StartError where none is, or packages are missing."""
    slack, teams = settings.slack_on, settings.teams.on
    if not slack and not teams:
        raise StartError(
            "no platform is set up. See docs/slack.md and docs/teams.md, or try it here first: breather demo"
        )
    if teams and not assembly.teams_installed():
        raise StartError("Teams needs more packages. Install them with: pip install 'breather[teams]'")
    return slack, teams


def _prepare(settings: Settings) -> str:
    """Make the database ready on this machine; the sentence that says where things are kept."""
    start_logging(sys.stderr)
    _quieten()
    _folder(settings)
    try:
        if settings.sqlite_path is not None:
            migrate(settings.database_url)
            return f"Settings and reminders are kept in {settings.sqlite_path}."
        asyncio.run(_checked(settings))
    except StorageError as error:
        raise StartError(str(error)) from error
    return "Settings and reminders are kept in your database."


def _quieten() -> None:
    """Raises StartError where something in this process would report what people write."""
    try:
        hush(os.environ)
    except RefusedError as error:
        raise StartError(str(error)) from error


async def _checked(settings: Settings) -> None:
    database = open_database(settings.database_url)
    try:
        await database.transact(check)
    finally:
        await database.close()


def _folder(settings: Settings) -> None:
    path = settings.sqlite_path
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"the folder {path.parent} cannot be made. Set DATABASE_URL to another.") from error


def _socket(host: str, port: int) -> socket.socket:
    try:
        return web.open_socket(host, port)
    except web.PortTakenError as error:
        raise StartError(str(error)) from error


def _house(settings: Settings, *, demo: bool = False, reminders: bool = True) -> House:
    try:
        database = open_database(settings.database_url)
        return assembly.build_house(settings, database, demo=demo, reminders=reminders)
    except (PlaybookError, StorageError) as error:
        raise StartError(str(error)) from error


async def _to_itself(house: House, settings: Settings) -> None:
    """Raises StartError where another process sends from the same SQLite file: ours would be one too many."""
    no_locks = find_spec("fcntl") is None  # Windows: there nobody can tell
    if settings.sqlite_path is None or no_locks or await house.database.alone():
        return
    await house.database.close()
    raise StartError(
        "another Breather runs on this database already. Stop that one first, or give this one its own"
        " DATABASE_URL; several processes need PostgreSQL: see docs/deploy.md"
    )


async def _serving(
    settings: Settings,
    listener: socket.socket,
    build: Callable[[], House],
    platforms: Callable[[House], None],
    started: Callable[[int], None],
) -> None:
    house = build()
    platforms(house)
    await _to_itself(house, settings)
    await house.start()  # here, so that a platform's fault ends the process with its sentence

    @contextlib.asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        started(listener.getsockname()[1])
        try:
            yield
        finally:
            await house.stop()

    routes = [route for platform in house.platforms for route in platform.routes]
    metrics = None if house.demo else house.metrics
    await web.listen(web.application(routes, house.ready, lifespan, metrics), listener, house.leave)


async def _working(settings: Settings) -> None:
    house = _house(settings)
    if settings.slack_on:
        house.add(assembly.slack(house, settings, socket_mode=False))
    if settings.teams.on:
        house.add(assembly.teams(house, settings, "127.0.0.1"))
    over = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    progress = Progress(sys.stdout, house.standing, house.courier.tally)
    house.clock.ticks = (*house.clock.ticks, progress.tick())
    await house.start()
    event("working")
    await over.wait()
    await house.stop()
    progress.end()


def _run(process: "asyncio.Coroutine[None, None, None]") -> None:
    with contextlib.suppress(KeyboardInterrupt):  # asked to end: everything was put away before
        asyncio.run(process, debug=False)  # whatever was asked for: asyncio's debug quotes what waits
