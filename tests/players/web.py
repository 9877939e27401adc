"""Plays dialogs through the playground's HTTP: a real server, its HTML parsed."""

import asyncio
import contextlib
import re
import socket
from html.parser import HTMLParser
from itertools import count
from uuid import uuid4

import uvicorn

from tests.players.dialog import Screen

APART = {
    "p",
    "h2",
    "h3",
    "li",
    "blockquote",
    "div",
    "article",
    "label",
    "legend",
    "form",
    "option",
    "fieldset",
}
VOID = {"input", "br", "meta", "link", "img"}


class Node:
    """An element: its tag, attributes, children (nodes and texts)."""

    def __init__(self, tag, attributes, parent=None):
        self.tag, self.parent, self.inside = tag, parent, []
        self.attributes = {name: value if value is not None else "" for name, value in attributes}

    def has(self, name):
        return name in self.attributes

    def all(self, *tags):
        for child in self.inside:
            if isinstance(child, Node):
                if child.tag in tags or not tags:
                    yield child
                yield from child.all(*tags)

    def text(self, *, skip=lambda node: False):
        pieces = []
        for child in self.inside:
            if isinstance(child, str):
                pieces.append(child)
            elif not skip(child):
                inner = child.text(skip=skip)
                pieces.append(f"\n{inner}\n" if child.tag in APART else inner)
        return "".join(pieces)


class Tree(HTMLParser):
    """The elements of a fragment; refuses tags that are not closed in order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Node("", ())
        self.feed(html)
        self.close()
        assert self.at is self.root, f"<{self.at.tag}> is not closed"

    def handle_starttag(self, tag, attrs):
        node = Node(tag, attrs, self.at)
        self.at.inside.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag):
        assert tag == self.at.tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.inside.append(data)


def tree(html):
    return Tree(html).root


def said(node):
    """What the coach says in it: all text but button labels, except the one that sends."""

    def button(inner):
        return (inner.tag == "button" and not inner.has("data-send")) or (
            "seen" in inner.attributes.get("class", "").split()
        )

    return re.sub(r"\n{2,}", "\n", node.text(skip=button)).strip()


def choices(node):
    return [b for b in node.all("button") if b.has("data-action")]


class WebPlayer:
    """One person with the page open: in their chat, or in the #team pane."""

    def __init__(self, address, http, token, *, channel=False, letters=None):
        self.address, self.http, self.token = address, http, token
        self.letters, self.read = letters, 0  # how many letters there are, and how many the page has shown
        self.name = uuid4().hex  # an address in memory may come again, and a repeated id is not heard twice
        self.place, self.ids = "team" if channel else "chat", count(1)
        self.dialog, self.where = None, self.place
        self.seen = []  # (place, fragment) of everything said outside dialogs, oldest first

    async def do(self, what, place=None):
        """One thing a person did, as the page sends it; returns what the answer brought to the screen."""
        where = place or self.place
        body = {"id": f"play-{self.name}-{next(self.ids)}", "place": where, "zone": "Europe/Berlin", **what}
        async with self.http.post(
            f"{self.address}/do", json=body, headers={"X-Breather-Token": self.token}
        ) as answer:
            assert answer.status == 200, await answer.text()
            return self._screen(await answer.json(), where, what, await self._letters())

    async def _letters(self):
        """(place, fragment) of what the coach said unasked and the page has not shown yet."""
        if self.letters is None or self.letters.count == self.read:
            return []
        ask = {
            "url": f"{self.address}/letters?after={self.read}",
            "headers": {"X-Breather-Token": self.token},
        }
        async with self.http.get(**ask) as answer:
            assert answer.status == 200, await answer.text()
            letters = await answer.json()
        self.read = letters[-1]["number"]
        return [(letter["place"], tree(letter["html"])) for letter in letters]

    def _screen(self, answer, where, what, letters):
        said_here = [(where, tree(html)) for html in answer["chat"]] + letters
        self.seen += said_here
        fragments = [fragment for _, fragment in said_here]
        if answer["dialog"] is not None:
            self.dialog, self.where = tree(answer["dialog"]), where
            fragments.append(self.dialog)
        elif what["do"] in ("tap", "send"):
            self.dialog = None
        form = next(iter(self.dialog.all("form")), None) if self.dialog else None
        text = "\n".join(said(fragment) for fragment in fragments)
        public = [a for fragment in fragments for a in fragment.all("article") if a.has("data-public")]
        return Screen(
            _named(text),
            tuple(button.text() for fragment in fragments for button in choices(fragment)),
            next(form.all("h2")).text() if form else None,
            tuple(self._labels(form)) if form else (),
            bool(public),
            _named("\n".join(said(node) for node in public)),
        )

    @staticmethod
    def _labels(form):
        def optional(node):
            return node.attributes.get("class") == "optional"

        for node in form.all("label", "legend"):
            if node.attributes.get("class") != "chip":
                yield node.text(skip=optional).strip()

    async def say(self, text):
        return await self.do({"do": "say", "text": text})

    async def command(self, line):
        return await self.do({"do": "say", "text": f"/coach {line}"})

    async def tap(self, label):
        if self.dialog is not None:
            for button in reversed(choices(self.dialog)):
                if button.text() == label:
                    return await self._tap(button, self.where, form=self._handle())
        self.dialog = None
        for place, fragment in reversed(self.seen):
            for button in reversed(choices(fragment)):
                if button.text() == label:
                    return await self._tap(button, place)
        there = [b.text() for _, fragment in self.seen for b in choices(fragment)]
        raise AssertionError(f"no button {label!r}; there are {there}")

    async def _tap(self, button, place, **more):
        action, value = button.attributes["data-action"], button.attributes["data-value"]
        return await self.do({"do": "tap", "action": action, "value": value, **more}, place)

    def _handle(self):
        return next(n.attributes["data-form"] for n in self.dialog.all() if n.has("data-form"))

    async def fill(self, values):
        assert self.dialog is not None, "no form is open"
        held = filled(self.dialog)
        unknown = set(values) - set(held)
        assert not unknown, f"no fields {unknown}; there are {sorted(held)}"
        kinds = {n.attributes["name"]: n for n in self.dialog.all("select")}
        for name, value in values.items():
            channel = name in kinds and any(
                o.attributes["value"] == "team" for o in kinds[name].all("option")
            )
            held[name] = "team" if channel else value
        fields = {name: value for name, value in held.items() if value is not None}
        return await self.do({"do": "send", "form": self._handle(), "fields": fields}, self.where)

    async def press(self, action):
        self.dialog = None
        return await self.do({"do": "tap", "action": action, "value": ""})

    async def wait(self, happens):
        await happens()
        return self._screen({"chat": [], "dialog": None}, self.place, {"do": "wait"}, await self._letters())

    def become(self, name):
        raise AssertionError(f"the playground has one person, so {name} cannot come in")

    async def open(self, surface):
        return await self.do({"do": "open", "surface": surface}, "home" if surface == "home" else self.place)

    async def hand(self, text, *, own, remark=False):
        return await self.do({"do": "hand", "text": text, "own": own, "remark": remark})


def _named(text):
    """With the names the dialogs know channel and person by."""
    return text.replace("#team", "#C1").replace("by you", "by @U1")


def filled(dialog):
    """Every field's name and what it holds, as a browser would send it; None where nothing is chosen."""
    held = {}
    for node in dialog.all("input", "textarea", "select"):
        name, sort = node.attributes["name"], node.attributes.get("type", "")
        if node.tag == "textarea":
            held[name] = node.text().removeprefix("\n")
        elif node.tag == "select":
            held[name] = next((o.attributes["value"] for o in node.all("option") if o.has("selected")), "")
        elif sort == "checkbox":
            held.setdefault(name, [])
            held[name] += [node.attributes["value"]] if node.has("checked") else []
        elif sort == "radio":
            held[name] = node.attributes["value"] if node.has("checked") else held.get(name)
        else:
            held[name] = node.attributes["value"]
    return held


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: the test decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self):
        yield


@contextlib.asynccontextmanager
async def served(app, inbox):
    """The app on a free port of this machine; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=2)
        server = Server(config)
        running = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event to wait for
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            inbox.close()
            server.should_exit = True
            await running
