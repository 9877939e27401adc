"""The whole install against a Slack nobody here wrote: OAuth, strict scopes, and a first conversation."""

import functools
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from adapters.slack.manifest import manifest
from bot import assembly
from storage.tables import slack_installation
from storage.vault import open_vault
from storage.workspaces import StoredInstallations
from tests.players import emulate
from tests.players.installing import Browser
from tests.players.workspaces import KEYS, process

pytestmark = pytest.mark.skipif(
    not emulate.INSTALLED.is_dir() or shutil.which("node") is None,
    reason=f"needs node and emulate: {emulate.INSTALL}",
)
SCOPES = manifest()["oauth_config"]["scopes"]["bot"]


@pytest.fixture
async def running(sqlite_url, playbook, monkeypatch):
    """Breather and emulate, joined in both directions."""
    monkeypatch.setattr(assembly, "read", lambda: playbook)
    async with emulate.joined(functools.partial(process, sqlite_url), SCOPES) as both:
        yield both


async def installed(breather, slack):
    """Through both sites' pages, as a person goes; the page it ends on, and the address it came back by."""
    browser = Browser(breather.address)
    first = await browser.get("/slack/install")
    back = urlsplit(await slack.allow(first.link, f"{breather.address}/slack/oauth_redirect"))
    return await browser.get(f"{back.path}?{back.query}"), back, browser


async def token(breather):
    stored = StoredInstallations(breather.house.database, open_vault(KEYS[:1]), assembly.now)
    rows = await stored.database.transact(lambda c: c.execute(select(slack_installation)).all())
    return (await stored.find(rows[0].tenant)).tokens.bot, rows


async def test_from_the_link_to_the_first_answer(running, playbook):
    """Installed with exactly our scopes, greeted in the private chat, and answered there."""
    breather, slack = running
    page, _, _ = await installed(breather, slack)
    assert (page.status, page.title) == (200, playbook.wording.label("slack.install.done"))
    bot, (row,) = await token(breather)
    assert row.scopes.split(",") == SCOPES
    person = (await slack.call("auth.test"))["user_id"]
    assert row.installed_by == person
    opened = await slack.call("conversations.open", bot, users=person)
    chat = opened["channel"]["id"]
    (hello,) = (await slack.call("conversations.history", channel=chat))["messages"]
    asked = await slack.call("chat.postMessage", channel=chat, text="help")  # done when it was delivered
    thread = await slack.call("conversations.replies", channel=chat, ts=asked["ts"])
    assert hello["user"] == row.bot_user
    assert [one["user"] for one in thread["messages"]] == [person, row.bot_user]


async def test_no_more_than_its_scopes(running):
    """With the token of the install, this Slack refuses to show members, channels and their history."""
    breather, slack = running
    await installed(breather, slack)
    bot, _ = await token(breather)
    channels = (await slack.call("conversations.list"))["channels"]
    refused = [
        await slack.call("users.list", bot),
        await slack.call("conversations.list", bot),
        await slack.call("conversations.history", bot, channel=channels[0]["id"]),
    ]
    assert [answer.get("error") for answer in refused] == ["missing_scope"] * 3


async def test_a_code_is_good_once(running, playbook):
    """The same way back again, and the same code with a new state: nothing more is installed."""
    breather, slack = running
    _, back, browser = await installed(breather, slack)
    again = await browser.get(f"{back.path}?{back.query}")
    assert again.title == playbook.wording.label("slack.install.ended.used.title")
    code = parse_qs(back.query)["code"][0]
    fresh = await browser.install(code)
    assert fresh.title == playbook.wording.label("slack.install.ended.refused.title")


async def test_installing_again_takes_the_place(running):
    """One row, and the newest token."""
    breather, slack = running
    await installed(breather, slack)
    first, _ = await token(breather)
    await installed(breather, slack)
    second, rows = await token(breather)
    assert len(rows) == 1
    assert first != second
    assert (await slack.call("auth.test", second))["ok"]
