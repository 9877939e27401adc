"""The page: all its words from the playbook, nothing inline, nothing from outside."""

import logging
import re
from importlib.resources import files

import pytest

from adapters.web.inbox import Inbox
from adapters.web.shell import page_files
from tests.adapters.web.conftest import TOKEN
from tests.players.web import Tree

FOLDER = files("adapters.web") / "page"
CODE = [f for f in files("adapters.web").iterdir() if f.name.endswith(".py")]


@pytest.fixture(scope="module")
def page(playbook):
    return page_files(playbook.wording, TOKEN)


@pytest.fixture(scope="module")
def shell(page):
    html = page["index.html"][0]
    for void in ("<!doctype html>", ">\n<"):
        html = html.replace(void, void.replace("<!doctype html>", ""))
    html = re.sub(r"<(option value=\"[^\"]*\")>(?=<option|</datalist)", r"<\1></option>", html)
    return Tree(re.sub(r"<path([^>]*)/>", r"<path\1></path>", html)).root


def test_every_sentence_is_used_and_none_is_missing(playbook):
    """The wording file and what the page and its code ask for are the same set."""
    asked = set()
    for file in [FOLDER / "index.html", *CODE]:
        asked |= set(re.findall(r"\bweb\.[a-z_]+(?:\.[a-z_]+)?\b", file.read_text(encoding="utf-8")))
    asked -= {f"web.{f.name.removesuffix('.py')}" for f in CODE} | {"web.page"}
    assert asked == {key for key in playbook.wording.lines if key.startswith("web.")}


def test_the_scripts_say_nothing_of_their_own(page, shell):
    """Every text a script shows is one the page was given."""
    given = {n.attributes["data-key"] for n in shell.all("p") if n.has("data-key")}
    used = set()
    for name, (text, _) in page.items():
        if name.endswith(".js"):
            used |= set(re.findall(r'\btext\("(\w+)"\)', text))
            assert not re.search(r"alert\(|confirm\(|prompt\(|document\.write|eval\(", text), name
    assert used == given


def test_nothing_is_inline_and_nothing_comes_from_outside(page, shell):
    """What the strict policy would refuse is not there in the first place."""
    for node in shell.all():
        assert not [a for a in node.attributes if a.startswith("on") or a == "style"], node.tag
        assert node.tag not in ("style", "iframe", "a")
        assert not (node.tag == "script" and node.text().strip())
    for name, (text, _) in page.items():
        found = re.findall(r"https?://[^\s\"'()]+", text.replace("http://www.w3.org/2000/svg", ""))
        assert found == [], name
    assert {n.attributes["src"] for n in shell.all("script")} == {"app.js"}


def test_the_notice_is_two_honest_lines(shell):
    """What this is, what is kept, and that a reload starts fresh."""
    notice = next(n for n in shell.all("p") if n.attributes.get("class") == "notice")
    assert len(list(notice.all("br"))) == 1
    for promise in ("local playground", "Nothing you type leaves this computer", "starts fresh"):
        assert promise in notice.text()


def test_the_menu_lists_what_the_coach_can_do(shell):
    """Every command, with a few words on it."""
    menu = {n.attributes["data-command"]: n.text() for n in shell.all("li") if n.has("data-command")}
    assert set(menu) == {
        "help", "review", "vent", "practice", "tip", "mine", "heard", "promises", "remind", "team",
        "privacy", "settings",
    }  # fmt: skip
    assert all(text.startswith(f"/{name} ") and len(text) > 15 for name, text in menu.items())


def test_every_zone_can_be_chosen(shell):
    """The list of zones is in the page once."""
    zones = [n.attributes["value"] for n in shell.all("option")]
    assert {"Europe/Berlin", "Asia/Manila", "UTC"} <= set(zones)


def test_the_token_is_in_the_page_only(page):
    """The page knows it; no script or style holds it."""
    assert [name for name, (text, _) in page.items() if TOKEN in text] == ["index.html"]


def test_every_id_that_is_pointed_to_is_there(shell):
    """What a label or a tab names for the ear exists."""
    ids = [n.attributes["id"] for n in shell.all() if n.has("id")]
    assert len(ids) == len(set(ids))
    for node in shell.all():
        for attribute in ("aria-controls", "aria-labelledby", "aria-describedby", "for"):
            assert set(node.attributes.get(attribute, "").split()) <= set(ids)


async def test_no_log_holds_what_was_typed(coach, playing, caplog):
    """With every logger at its loudest: texts, vents and drafts are in none of them, nor in an address."""
    caplog.set_level(logging.DEBUG)
    async with playing(coach, Inbox()) as player:
        await player.say("canary-in-the-chat")
        await player.command("review canary-in-the-draft")
        await player.hand("canary-in-the-hand", own=True)
    assert "canary" not in caplog.text
