"""A person who installs the coach with a browser: the page with the button, Slack's yes, and the way back."""

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from adapters.slack.oauth import COOKIE


@dataclass
class Page:
    status: int
    headers: dict
    text: str

    @property
    def title(self):
        return html.unescape(re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)[1])

    @property
    def link(self):
        """Where the button leads."""
        return html.unescape(re.search(r'class="button" href="([^"]+)"', self.text)[1])


@dataclass
class Browser:
    """One browser with its own cookie; it keeps and sends Slack's back-and-forth by hand."""

    url: str
    cookie: str = ""
    set_cookie: str = ""

    async def get(self, path):
        headers = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(f"{self.url}{path}", headers=headers, allow_redirects=False) as answer,
        ):
            self.set_cookie = answer.headers.get("Set-Cookie", "")
            if self.set_cookie:
                self.cookie = re.match(rf"{COOKIE}=([^;]+)", self.set_cookie)[1]
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Page(answer.status, headers, await answer.text())

    async def status(self, method, path):
        async with aiohttp.ClientSession() as session, session.request(method, f"{self.url}{path}") as answer:
            return answer.status

    async def begin(self):
        """Open the first page; the state that its button carries to Slack."""
        page = await self.get("/slack/install")
        assert page.status == 200
        return parse_qs(urlsplit(page.link).query)["state"][0]

    async def back(self, **parameters):
        """Slack sends the browser back."""
        return await self.get(f"/slack/oauth_redirect?{urlencode(parameters, doseq=True)}")

    async def install(self, code):
        """The whole way, with the code that Slack gives."""
        return await self.back(state=await self.begin(), code=code)
