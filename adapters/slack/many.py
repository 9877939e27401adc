"""One app in many workspaces: the adapter, the install pages, and the job that keeps tokens fresh."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.routing import Route

from adapters.slack.app import Slack, build_slack
from adapters.slack.manifest import Kind
from adapters.slack.oauth import App, Installing
from adapters.slack.rotation import Rotation
from adapters.slack.seen import Seen
from adapters.slack.settings import SlackSettings
from adapters.slack.states import States, signing_key
from adapters.slack.tenants import Shelf, Tenants
from coaching.coach import Coach


@dataclass(frozen=True, slots=True)
class Many:
    """What runs."""

    slack: Slack
    pages: tuple[Route, ...]
    rotation: Rotation


def build_many(
    coach: Coach,
    settings: SlackSettings,
    now: Callable[[], datetime],
    shelf: Shelf,
    seen: Seen | None = None,
) -> Many:
    """The adapter over a shelf of installations. Raises SlackSettingsError."""
    tenants = Tenants(shelf)
    slack = build_slack(coach, settings, now, tenants, seen)
    slack.desk.tenants = tenants
    kind = Kind.SEALED if settings.sealed else Kind.AGENT
    app = App(settings.client_id, settings.client_secret, kind, settings.api_url.removesuffix("api/"))
    states = States(signing_key(settings.client_secret), now, shelf.spend)
    wording = coach.playbook.wording
    door = Installing(app, slack.calls, tenants, states, wording, slack.installed, now)
    rotation = Rotation(slack.calls, shelf, tenants, settings.client_id, settings.client_secret, now)
    return Many(slack, door.routes(), rotation)
