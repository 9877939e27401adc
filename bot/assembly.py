"""Builds the coach, its memory, the clock and the platforms; the only file that knows them all."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Mount, Route

from bot import forgetting
from bot.ailing import Ailing, ready
from bot.asking import Asking
from bot.clock import Clock, Tick
from bot.courier import Courier
from bot.logs import trouble
from bot.metrics import exposition
from bot.posts import Posts
from bot.sealing import persons_keys
from bot.settings import Settings, SettingsError
from bot.spacing import Fsrs
from coaching.coach import Coach
from coaching.playbook.overlay import read_overlaid
from coaching.playbook.reader import Playbook, read
from coaching.playbook.tables import PlaybookError
from coaching.ports import Post
from coaching.rounds import Rounds
from coaching.turn import Setup
from storage import figures
from storage.conversations import StoredConversations
from storage.db import Database, StorageError
from storage.engines import engine_on
from storage.memory import StoredMemory
from storage.seen import StoredEvents

if TYPE_CHECKING:
    from bot.model import Connected
    from bot.slack import KeptEvents


_A_MOMENT = 0.05  # seconds


def now() -> datetime:
    """The time, aware, in UTC: the only clock the coach's answers depend on."""
    return datetime.now(UTC)


async def _nothing() -> None:
    """For a platform that has nothing to start or stop."""


def _leave() -> None:
    """For a platform that keeps nobody waiting."""


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform, ready to run: what it serves, how it sends, how it starts, and how it lets go."""

    name: str
    post: Post
    routes: tuple[BaseRoute, ...] = ()
    start: Callable[[], Awaitable[None]] = _nothing
    stop: Callable[[], Awaitable[None]] = _nothing
    ticks: tuple[Tick, ...] = ()  # what it wants to be woken for
    leave: Callable[[], None] = _leave  # called at once when the process is told to end


@dataclass(slots=True)
class House:
    """The coach with everything around it. Platforms are added before it starts."""

    database: Database
    coach: Coach
    courier: Courier
    clock: Clock
    posts: dict[str, Post]
    ailing: Ailing
    demo: bool = False
    platforms: list[Platform] = field(default_factory=list)
    model: "Connected | None" = None

    def add(self, platform: Platform) -> None:
        """Let the coach speak and be heard on one more platform."""
        self.posts[platform.name] = platform.post
        self.platforms.append(platform)
        self.clock.ticks = (*self.clock.ticks, *platform.ticks)

    async def start(self) -> None:
        """Platforms first, then the clock, so that a letter that is due has a way out."""
        for platform in self.platforms:
            await platform.start()
        self.courier.alone = await self.database.alone()
        await self.courier.start()
        self.clock.start()

    async def stop(self) -> None:
        """The clock first, then what is on its way, then the platforms, then the database."""
        stopped = asyncio.ensure_future(self.clock.stop())
        while not stopped.done():  # an engine's tick lasts until it is told; one that just begins, too
            await self.courier.landed()
            await asyncio.wait([stopped], timeout=_A_MOMENT)
        await self.courier.landed()  # what a last tick has set on its way
        if self.model is not None:
            await self.model.stop()
        for platform in self.platforms:
            await platform.stop()
        await self.database.close()

    async def ready(self) -> str:
        """What is wrong with the database, with the remedy; nothing where it can be used."""
        return await ready(self.database, self.ailing)

    async def standing(self) -> figures.Queue:
        """What is due by now. Raises StorageError."""
        return await self.database.transact(lambda c: figures.queue(c, now()))

    async def metrics(self) -> str:
        """How deliveries stand, for Prometheus."""
        standing = None
        with suppress(StorageError):
            standing = await self.standing()
        return exposition(standing, self.courier.tally, well=not self.ailing.lately())

    def leave(self) -> None:
        """Send everybody home who waits for news, or for a model."""
        if self.model is not None:
            self.model.wishes.end()
        for platform in self.platforms:
            platform.leave()


def playbooks(settings: Settings) -> Mapping[str, Playbook]:
    """Every playbook by name: the company's own in the order of the setting, then ours, which is "".

    The first is the one in use where nobody chose: ours, where many companies share this installation.
    Raises PlaybookError with the faults of all of them.
    """
    ours, faults = read(), list[str]()
    found: dict[str, Playbook] = {}
    for name, folder in settings.playbooks.items():
        try:
            found[name] = read_overlaid(folder, ours)
        except PlaybookError as error:
            faults.extend(f"{name}: {fault}" for fault in error.faults)
    if faults:
        raise PlaybookError(faults)
    return {"": ours, **found} if settings.slack_for_many else {**found, "": ours}


def build_house(
    settings: Settings, database: Database, *, demo: bool = False, reminders: bool = True
) -> House:
    """The coach, its memory and its clock. Raises PlaybookError where the playbook has faults.

    Without `reminders` other processes send them, and its clock wakes nobody for that.
    """
    posts: dict[str, Post] = {}
    ailing = Ailing(trouble)
    setup = Setup(settings.contacts, settings.country, demo)
    memory = StoredMemory(database, Fsrs(), persons_keys(settings))
    rounds, books = Rounds(secrets.token_bytes(32)), playbooks(settings)
    first = next(iter(books.values()))
    coach = Coach(first, memory, Posts(posts), ailing, rounds, setup, settings.admins, books)
    model = _model(settings, books[""])
    coach.wishes = None if model is None else model.wishes
    engine = engine_on(settings.database_url, now)
    courier = Courier(database, coach.remind, posts, ailing, now, secrets.token_bytes(32), engine=engine)
    asking = Asking(database, coach.ask_to_stay, posts, ailing, now)
    brief = forgetting.ticks(database, rounds, now)
    ticks = (*brief, *courier.ticks(), asking.tick()) if reminders else brief
    return House(database, coach, courier, Clock(ticks, ailing), posts, ailing, demo, model=model)


def _model(settings: Settings, playbook: Playbook) -> "Connected | None":
    """The language model, if one is switched on. Raises SettingsError for what is missing."""
    if not settings.llm.on:
        return None
    from bot.model import connect

    return connect(settings.llm, playbook, trouble)


def playground(coach: Coach) -> Platform:
    """The page in the browser."""
    from adapters.web.app import build
    from adapters.web.inbox import Inbox

    inbox = Inbox()
    app = build(coach, inbox, secrets.token_urlsafe(32), now)
    return Platform("web", inbox, (Mount("/", app),), leave=inbox.close)


def slack(house: House, settings: Settings, *, socket_mode: bool) -> Platform:
    """Slack, over HTTP or Socket Mode: one workspace, or all that install it.

    Raises SettingsError for what is missing and, at the start, for what Slack or the vault refuses.
    """
    from adapters.slack.app import build_slack
    from adapters.slack.gate import PATH
    from adapters.slack.settings import SlackSettingsError
    from bot.slack import KeptEvents
    from bot.workspaces import known

    app_token = settings.slack_app_token if socket_mode else ""
    try:
        seen = KeptEvents(StoredEvents(house.database))
        if settings.slack_for_many:
            return _many(house, settings, app_token, seen)
        built = build_slack(house.coach, known(settings, app_token), now, seen=seen)
    except SlackSettingsError as error:
        raise SettingsError(str(error)) from error
    routes = () if app_token else (Route(PATH, built.asgi),)
    ticks = (seen.tick(now), forgetting.forms("slack", built.desk.answers.waiting.sweep, now))
    return Platform("slack", built.post, routes, _started(built.start), built.stop, ticks)


def _many(house: House, settings: Settings, app_token: str, seen: "KeptEvents") -> Platform:
    """One Slack app in many workspaces."""
    from adapters.slack.gate import PATH
    from adapters.slack.many import build_many
    from bot import workspaces
    from storage.workspaces import StoredInstallations

    stored = StoredInstallations(house.database, workspaces.vault(settings), now)
    shelf = workspaces.KeptInstallations(stored)
    built = build_many(house.coach, workspaces.known(settings, app_token), now, shelf, seen)

    async def start() -> None:
        await workspaces.openable(stored)
        await built.slack.start()

    routes: tuple[BaseRoute, ...] = (
        built.pages if app_token else (Route(PATH, built.slack.asgi), *built.pages)
    )
    forms = forgetting.forms("slack", built.slack.desk.answers.waiting.sweep, now)
    ticks = (*workspaces.ticks(stored, built.rotation, settings.slack_grace), seen.tick(now), forms)
    return Platform("slack", built.slack.post, routes, _started(start), built.slack.stop, ticks)


def _started(start: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """The same start, with the adapter's fault as ours."""
    from adapters.slack.settings import SlackSettingsError

    async def begin() -> None:
        try:
            await start()
        except SlackSettingsError as error:
            raise SettingsError(str(error)) from error

    return begin


def teams_installed() -> bool:
    """Whether the packages of the extra [teams] are there."""
    return all(find_spec(name) for name in ("botbuilder", "botframework", "jwt"))


def teams(house: House, settings: Settings, host: str) -> Platform:
    """One Teams app. Raises SettingsError where something is missing or would leave a door open."""
    from adapters.teams.app import build_teams
    from adapters.teams.door import PATH
    from adapters.teams.settings import TeamsSettingsError
    from bot.teams import KeptReferences, known

    kept = KeptReferences(StoredConversations(house.database, now))
    try:
        built = build_teams(house.coach, known(settings.teams, host), now, kept)
    except TeamsSettingsError as error:
        raise SettingsError(str(error)) from error
    ticks = (forgetting.forms("teams", built.desk.answers.waiting.sweep, now),)
    return Platform("teams", built.post, (Route(PATH, built.asgi),), built.start, built.stop, ticks)
