"""Builds the coach, its memory, the clock and the platforms; the only file that knows them all."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Mount, Route

from bot import forgetting
from bot.ailing import Ailing
from bot.asking import Asking
from bot.clock import Clock
from bot.courier import Courier
from bot.house import House, Platform
from bot.logs import trouble
from bot.posts import Posts
from bot.sealing import persons_keys
from bot.settings import Settings, SettingsError
from bot.spacing import Fsrs
from coaching.coach import Coach
from coaching.playbook.overlay import read_overlaid
from coaching.playbook.reader import Playbook, read
from coaching.playbook.tables import PlaybookError
from coaching.rounds import Rounds
from coaching.turn import Setup
from storage.conversations import StoredConversations
from storage.db import Database
from storage.engines import engine_on
from storage.memory import StoredMemory
from storage.seen import StoredEvents

if TYPE_CHECKING:
    from bot.model import Connected
    from bot.slack import KeptEvents
    from coaching.ports import Post


def now() -> datetime:
    """The time, aware, in UTC: the only clock the coach's answers depend on."""
    return datetime.now(UTC)


def playbooks(settings: Settings) -> Mapping[str, Playbook]:
    """Every playbook by name: the company's own in the order of the setting, then ours, which is "".

    The first is the one in use where nobody chose: ours, where many companies share this installation.
    Raises PlaybookError with the faults of all of them.
    """
    ours, faults, found = read(), list[str](), dict[str, Playbook]()
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
    return House(database, coach, courier, Clock(ticks, ailing), posts, ailing, now, demo, model=model)


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
