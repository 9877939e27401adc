"""Installing from a link: bound to one browser, good once and for ten minutes; every failure has its page."""

import asyncio
import hashlib
import html
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette

from adapters.slack.grants import granted, tokens_of
from adapters.slack.manifest import Kind, manifest
from adapters.slack.many import build_many
from adapters.slack.oauth import COOKIE
from adapters.slack.settings import Installation, SlackSettings
from adapters.slack.states import State, States, signing_key
from adapters.slack.tenants import Tokens
from tests.players.installing import Browser
from tests.players.serving import served
from tests.players.slack_api import CLIENT, NOW, SECRET, Issued


@dataclass
class Shelf:
    """What storage would keep. `error` is raised instead."""

    saved: list = field(default_factory=list)
    spent: set = field(default_factory=set)
    error: Exception | None = None

    async def find(self, tenant):
        kept = next((one for one in self.saved if one.tenant == tenant), None)
        return kept and Installation(tenant, kept.tokens.bot, kept.bot_user)

    async def save(self, grant):
        if self.error is not None:
            raise self.error
        self.saved.append(grant)

    async def spend(self, fingerprint, until):
        fresh = fingerprint not in self.spent
        self.spent.add(fingerprint)
        return fresh


class Clock:
    def __init__(self):
        self.time = NOW

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
async def address(coach, api, clock, shelf):
    settings = SlackSettings("", (SECRET,), "", f"{api.url}/api/", *CLIENT)
    made = build_many(coach, settings, clock, shelf)
    await made.slack.start()
    async with served(Starlette(routes=list(made.pages))) as url:
        yield url
    await made.slack.stop()


@pytest.fixture
def browser(address):
    return Browser(address)


def title(playbook, how):
    return playbook.wording.label(f"slack.install.ended.{how}.title")


# --------------------------------------------------------------------------- the pages


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


SEES = {Kind.AGENT: ("commands", "windows", "chat", "handed"), Kind.SEALED: ("commands", "windows", "handed")}


@pytest.mark.parametrize("kind", Kind)
async def test_the_first_page(kind, coach, api, playbook):
    """A button to Slack that asks for the manifest's scopes, and a line on each thing the coach can see."""
    settings = SlackSettings("", (SECRET,), "", f"{api.url}/api/", *CLIENT, sealed=kind is Kind.SEALED)
    made = build_many(coach, settings, Clock(), Shelf())
    async with served(Starlette(routes=list(made.pages))) as url:
        page = await Browser(url).get("/slack/install")
    assert (page.status, page.title) == (200, playbook.wording.label("slack.install.title"))
    seen = [html.unescape(line) for line in re.findall(r"<li>(.*?)</li>", page.text)]
    assert seen == [playbook.wording.label(f"slack.install.can.{part}") for part in SEES[kind]]
    reads = "message.im" in manifest(kind=kind)["settings"]["event_subscriptions"]["bot_events"]
    assert reads == ("chat" in SEES[kind])
    asked = parse_qs(urlsplit(page.link).query)
    assert sorted(asked) == ["client_id", "scope", "state"]
    assert asked["client_id"] == [CLIENT[0]]
    assert asked["scope"][0].split(",") == manifest(kind=kind)["oauth_config"]["scopes"]["bot"]
    assert urlsplit(page.link).path == "/oauth/v2/authorize"
    assert CLIENT[1] not in page.text


@pytest.mark.parametrize("path", ["/slack/install", "/slack/oauth_redirect", "/slack/oauth_redirect?error=x"])
async def test_every_page_is_closed_tight(browser, path):
    """No script, no frame, no form, no referrer, no copy; the one style is named by its hash."""
    page = await browser.get(path)
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)[1]
    policy = page.headers["content-security-policy"]
    assert f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    tags = Tags(page.text).found
    assert not {tag for tag, _ in tags} & {"script", "form", "iframe", "img", "link", "object"}
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on") or name == "style"]


async def test_the_cookie(browser):
    """For this host alone, unreadable by scripts, sent over TLS alone, and back from Slack's page."""
    await browser.begin()
    kept = {part.strip().lower() for part in browser.set_cookie.split(";")[1:]}
    assert kept == {"httponly", "max-age=600", "path=/", "samesite=lax", "secure"}
    assert COOKIE.startswith("__Host-")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_but_get(browser, method):
    """The pages are to be read."""
    assert await browser.status(method, "/slack/install") == 405
    assert await browser.status(method, "/slack/oauth_redirect") == 405


# --------------------------------------------------------------------------- there and back


async def test_a_whole_install(browser, api, shelf, playbook):
    """Kept, greeted, and a way back into Slack."""
    api.codes["good"] = Issued("T1", expires_in=43200)
    page = await browser.install("good")
    assert (page.status, page.title) == (200, playbook.wording.label("slack.install.done"))
    assert page.link == f"{api.url}/app_redirect?app=A1&team=T1"
    (grant,) = shelf.saved
    assert (grant.tenant, grant.installed_by, grant.bot_user) == ("T1", "U01ALICE", "UBOT")
    assert grant.tokens == Tokens("xoxb-canary-T1-1", "xoxe-1-canary-T1-1", NOW + timedelta(hours=12))
    assert "canary" not in repr(grant) + page.text
    assert [body["users"] for body in api.named("conversations.open")] == ["U01ALICE"]
    assert len(api.named("chat.postMessage")) == 1


async def test_a_whole_organisation(browser, api, shelf):
    """Kept under the organisation, without a team."""
    api.codes["good"] = Issued("", "E1")
    page = await browser.install("good")
    assert page.link.endswith("?app=A1&team=E1")
    assert [(grant.enterprise, grant.team, grant.tenant) for grant in shelf.saved] == [("E1", "", "E1")]


async def test_the_hello_may_fail(browser, api, shelf):
    """It is installed all the same."""
    api.codes["good"] = Issued("T1")
    api.status["conversations.open"] = 500
    assert (await browser.install("good")).status == 200
    assert len(shelf.saved) == 1


async def test_two_windows_of_one_browser(browser, api, shelf):
    """The second page does not spoil the first."""
    api.codes |= {"one": Issued("T1"), "two": Issued("T2")}
    first, second = await browser.begin(), await browser.begin()
    assert first != second
    assert (await browser.back(state=first, code="one")).status == 200
    assert (await browser.back(state=second, code="two")).status == 200
    assert [grant.tenant for grant in shelf.saved] == ["T1", "T2"]


# --------------------------------------------------------------------------- every way it fails


async def test_another_browser(browser, address, api, shelf, playbook):
    """A link that somebody else prepared installs nothing: without their cookie, and with one's own."""
    api.codes["theirs"] = Issued("T1")
    state = await browser.begin()
    visited = Browser(address)
    await visited.begin()
    for victim in (Browser(address), visited):
        page = await victim.back(state=state, code="theirs")
        assert (page.status, page.title) == (400, title(playbook, "strange"))
    assert (shelf.saved, api.calls) == ([], [])


async def test_a_state_is_good_once(browser, api, shelf, playbook):
    """The same address again, also at the same moment, installs nothing more."""
    api.codes |= {"one": Issued("T1"), "two": Issued("T2"), "three": Issued("T3")}
    state = await browser.begin()
    pages = await asyncio.gather(*(browser.back(state=state, code=code) for code in ("one", "two")))
    assert sorted(page.status for page in pages) == [200, 400]
    page = await browser.back(state=state, code="three")
    assert (page.status, page.title) == (400, title(playbook, "used"))
    assert len(shelf.saved) == 1


async def test_ten_minutes(browser, api, clock, shelf, playbook):
    """Then it is too late, and the page leads to a new start."""
    api.codes |= {"good": Issued("T1"), "late": Issued("T1")}
    first, second = await browser.begin(), await browser.begin()
    clock.time += timedelta(minutes=10)
    assert (await browser.back(state=first, code="good")).status == 200
    clock.time += timedelta(seconds=1)
    page = await browser.back(state=second, code="late")
    assert (page.status, page.title, page.link) == (400, title(playbook, "old"), "/slack/install")
    assert len(shelf.saved) == 1


CHANGES = {
    "none": lambda s: "",
    "shorter": lambda s: s[:-1],
    "longer": lambda s: s + "0",
    "last": lambda s: s[:-1] + ("0" if s[-1] != "0" else "1"),
    "later": lambda s: "9999999999" + s[10:],
    "parts": lambda s: s.replace(".", "", 1),
    "digits": lambda s: "٣" + s[1:],
    "twice": lambda s: [s, s],
    "long": lambda s: "x" * 5000,
    "address": lambda s: "https://evil.example/",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_state_that_was_changed(browser, shelf, playbook, change):
    """Anything but the state as it was given out."""
    page = await browser.back(state=change(await browser.begin()), code="good")
    assert (page.status, page.title) == (400, title(playbook, "strange"))
    assert shelf.saved == []


@pytest.mark.parametrize("parameters", [{}, {"code": ""}, {"code": ["a", "b"]}, {"code": "x" * 513}])
async def test_no_code(browser, api, playbook, parameters):
    """Slack is not asked."""
    page = await browser.back(state=await browser.begin(), **parameters)
    assert (page.status, page.title) == (400, title(playbook, "refused"))
    assert api.calls == []


async def test_who_says_no(browser, playbook):
    """Nobody is blamed; whatever the address says is not shown."""
    page = await browser.back(
        error="<script>alert(1)</script>", state="<b>", error_description="evil.example"
    )
    assert (page.status, page.title) == (200, title(playbook, "cancelled"))
    assert not any(word in page.text for word in ("alert", "evil", "<b>"))


@pytest.mark.parametrize("word", ["invalid_code", "fatal_error"])
async def test_slack_says_no(browser, api, shelf, playbook, word):
    """A code that Slack does not take, and a Slack in trouble."""
    api.refuse["oauth.v2.access"] = word
    page = await browser.install("any")
    how, status = ("refused", 400) if word == "invalid_code" else ("busy", 503)
    assert (page.status, page.title) == (status, title(playbook, how))
    assert shelf.saved == []


async def test_slack_is_away(browser, api, playbook):
    """Nobody answers there, or too often asked."""
    api.status["oauth.v2.access"] = 429
    assert (await browser.install("any")).title == title(playbook, "busy")
    state = await browser.begin()
    await api.stop()
    assert (await browser.back(state=state, code="any")).title == title(playbook, "busy")


async def test_our_database_is_away(browser, api, shelf, playbook, caplog):
    """A page that says so; the log has the kind of error and no more."""
    api.codes["good"] = Issued("T1")
    shelf.error = RuntimeError("xoxb-canary")
    page = await browser.install("good")
    assert (page.status, page.title) == (503, title(playbook, "unkept"))
    assert "RuntimeError" in caplog.text
    assert "canary" not in caplog.text + page.text


async def test_no_open_redirect(browser):
    """No page leads where its address says."""
    for name in ("redirect_uri", "next", "url", "return_to", "team", "app"):
        answer = await browser.back(**{name: "https://evil.example/", "error": "x"})
        assert answer.status == 200
        assert "location" not in answer.headers
        assert answer.link == "/slack/install"


# --------------------------------------------------------------------------- what Slack grants


@pytest.mark.parametrize(
    "part",
    [
        {"access_token": None},
        {"access_token": ""},
        {"access_token": "a b"},
        {"access_token": "x" * 501},
        {"token_type": "user"},
        {"refresh_token": 5},
        {"expires_in": -1},
        {"expires_in": "43200"},
        {"refresh_token": None},
        {"app_id": "../"},
        {"bot_user_id": None},
        {"scope": "<b>"},
        {"team": None},
        {"team": {"id": "t1"}},
        {"team": "T1"},
        {"authed_user": {}},
        {"is_enterprise_install": True},
    ],
)
def test_an_odd_grant_is_none(part):
    """Nothing half is kept."""
    whole = {"ok": True, **Issued("T1", expires_in=60).grant()}
    assert granted(whole, NOW).tenant == "T1"
    assert granted(whole | part, NOW) is None


def test_tokens_that_do_not_end():
    """An app without rotation has the bot token alone."""
    assert tokens_of(Issued("T1").tokens(), NOW) == Tokens("xoxb-canary-T1-1")


async def test_another_app_s_state(clock, shelf):
    """The key comes from the client secret: another app's states are strange here."""
    ours, theirs = (States(signing_key(secret), clock, shelf.spend) for secret in ("s3cret", "other"))
    browser = ours.browser("")
    assert ours.browser(browser) == browser
    assert ours.browser("short") != "short"
    state = theirs.issue(browser)
    assert await ours.redeem(state, browser) is State.STRANGE
    assert await theirs.redeem(state, browser) is State.GOOD
    assert "s3cret" not in repr(ours)
    assert str(ours.key) not in repr(ours)
