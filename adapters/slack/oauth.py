"""Installing from a link: the page with the button, the way to Slack and back, and how each try ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from adapters.slack.calls import UNKNOWN, UNREACHABLE, Calls
from adapters.slack.grants import granted
from adapters.slack.manifest import Kind, scopes
from adapters.slack.pages import button, page, para, points
from adapters.slack.settings import INSTALL, REDIRECT
from adapters.slack.states import LASTS, State, States
from adapters.slack.tenants import Grant, Tenants
from coaching.playbook.wording import Wording

COOKIE = "__Host-breather-install"
_SEES = {
    Kind.AGENT: ("commands", "windows", "chat", "handed"),
    Kind.SEALED: ("commands", "windows", "handed"),
}
_LATER = {UNKNOWN, UNREACHABLE, "ratelimited"}  # Slack's trouble, not the person's
_MOST_CODE = 512
_LOG = logging.getLogger(__name__)

Hello = Callable[[str, str, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class App:
    """The app at Slack, and where people meet it."""

    client_id: str
    client_secret: str = field(repr=False)
    kind: Kind
    slack: str  # https://slack.com/


@dataclass(frozen=True, slots=True)
class Installing:
    """The two addresses that a person visits with a browser."""

    app: App
    calls: Calls
    tenants: Tenants
    states: States
    wording: Wording
    hello: Hello
    now: Callable[[], datetime]

    def routes(self) -> tuple[Route, ...]:
        """What to serve."""
        return (
            Route(INSTALL, self.invite, methods=["GET"]),
            Route(REDIRECT, self.back, methods=["GET"]),
        )

    async def invite(self, request: Request) -> HTMLResponse:
        """What the coach is, what it can see, and the button."""
        browser = self.states.browser(request.cookies.get(COOKIE, ""))
        asked = {"client_id": self.app.client_id, "scope": ",".join(scopes(self.app.kind))}
        asked["state"] = self.states.issue(browser)
        label = self.wording.label
        answer = page(
            label("slack.install.title"),
            (
                para(label("slack.install.intro")),
                button(
                    label("slack.install.button"), f"{self.app.slack}oauth/v2/authorize?{urlencode(asked)}"
                ),
                para(label("slack.install.sees")),
                points([label(f"slack.install.can.{part}") for part in _SEES[self.app.kind]]),
                para(label("slack.install.cannot"), "quiet"),
            ),
        )
        answer.set_cookie(
            COOKIE, browser, max_age=int(LASTS.total_seconds()), secure=True, httponly=True, samesite="lax"
        )
        return answer

    async def back(self, request: Request) -> HTMLResponse:
        """Slack sent somebody back: with a code, or without."""
        if request.method == "HEAD":  # somebody looks whether there is a page: nothing is done
            return self._ended("strange", 400)
        if "error" in request.query_params:
            return self._ended("cancelled", 200)
        state, code = _one(request, "state"), _one(request, "code")
        try:
            worth = await self.states.redeem(state, request.cookies.get(COOKIE, ""))
            if worth is not State.GOOD:
                return self._ended(worth.value, 400)
            if not code or len(code) > _MOST_CODE:
                return self._ended("refused", 400)
            return await self._install(code)
        except Exception as error:  # noqa: BLE001 - the database or the vault; nothing of it is for a page
            _LOG.warning("an install could not be kept: %s", type(error).__name__)
            return self._ended("unkept", 503)

    async def _install(self, code: str) -> HTMLResponse:
        called = await self.calls.exchange(
            client_id=self.app.client_id, client_secret=self.app.client_secret, code=code
        )
        if called.error in _LATER:
            return self._ended("busy", 503)
        grant = granted(called.data, self.now()) if called.ok else None
        if grant is None:
            return self._ended("refused", 400)
        await self.tenants.save(grant)
        await self._greet(grant)
        where = urlencode({"app": grant.app, "team": grant.tenant})
        label = self.wording.label
        return page(
            label("slack.install.done"),
            (
                para(label("slack.install.next")),
                button(label("slack.install.open"), f"{self.app.slack}app_redirect?{where}"),
                para(label("slack.install.others"), "quiet"),
            ),
        )

    async def _greet(self, grant: Grant) -> None:
        """Hello to who installed it. Whatever becomes of it, it is installed."""
        try:
            async with asyncio.timeout(5):
                await self.hello(grant.tenant, grant.installed_by, self.now())
        except Exception as error:  # noqa: BLE001 - told by its kind; the page says that all is well
            _LOG.warning("the first hello failed: %s", type(error).__name__)

    def _ended(self, how: str, status: int) -> HTMLResponse:
        label = self.wording.label
        told = para(label(f"slack.install.ended.{how}.text"))
        again = button(label("slack.install.again"), INSTALL)
        return page(label(f"slack.install.ended.{how}.title"), (told, again), status)


def _one(request: Request, name: str) -> str:
    """A parameter that stands there once; empty otherwise."""
    found = request.query_params.getlist(name)
    return found[0] if len(found) == 1 else ""
