"""Plays one person in Teams: signed activities over HTTP to the real door, a small connector behind it."""

import json
from dataclasses import dataclass, field

from tests.players.dialog import Screen
from tests.players.teams_api import TeamsApi, channel

KEPT = "breather"
CHANNEL = "C1"


def words(value):
    """All visible text of a card, in order; labels, choices and buttons too."""
    if isinstance(value, list):
        for part in value:
            yield from words(part)
    elif isinstance(value, dict):
        for key in ("label", "text", "title", "placeholder"):
            if isinstance(value.get(key), str):
                yield value[key]
        for key in ("body", "items", "columns", "inlines", "choices", "actions"):
            yield from words(value.get(key, []))


def elements(value):
    """Every element of a card, in order."""
    if isinstance(value, list):
        for part in value:
            yield from elements(part)
    elif isinstance(value, dict):
        yield value
        for key in ("body", "items", "columns"):
            yield from elements(value.get(key, []))


def buttons(card):
    return [action for element in elements(card) for action in element.get("actions", [])]


def inputs(card):
    return [element for element in elements(card) if element.get("type", "").startswith("Input.")]


@dataclass
class TeamsPlayer:
    """`settle` waits until the door has handled what it was sent."""

    api: TeamsApi
    settle: object
    channel: bool = False
    dialog: dict | None = None  # the dialog that is open: title and card
    extension: dict | None = None  # what the message extension carries along, when it opened the dialog
    inserted: list = field(default_factory=list)  # what was put into the compose box
    seen: list = field(default_factory=list)  # (button, replyToId) in chats, oldest first
    user: str = "U1"

    # ----------------------------------------------------------------- what a person does

    async def say(self, text):
        self._leave()
        if self.channel:
            return await self._mention(text)
        return await self._send(self._activity("message", text=_typed(text), textFormat="plain"))

    async def command(self, line):
        self._leave()
        if self.channel:
            return await self._mention(line)
        return await self._send(self._activity("message", text="/" + _typed(line)))

    async def _mention(self, line):
        mention = {
            "type": "mention",
            "text": "<at>Breather</at>",
            "mentioned": {"id": "28:breather", "name": "Breather"},
        }
        sent = self._activity("message", text=f"<at>Breather</at> {_typed(line)}")
        return await self._send({**sent, "entities": [*sent["entities"], mention]})

    async def tap(self, label, values=None):
        """A button; one of a dialog that takes what is typed along is given it in `values`."""
        inside = buttons(self.dialog["card"]) if self.dialog else []
        for button in reversed(inside):
            if button["title"] == label:
                return await self._press_inside(button, values or {})
        self._leave()
        for button, message in reversed(self.seen):
            if button["title"] == label:
                return await self._press(button, message)
        raise AssertionError(
            f"no button {label!r}; there are {[b['title'] for b in inside]}"
            f" and {[b['title'] for b, _ in self.seen]}"
        )

    async def _press(self, button, message):
        """A button of a card in a chat."""
        sent = {"replyToId": message}
        if button["type"] == "Action.Execute":
            action = {"type": "Action.Execute", "verb": button["verb"], "data": button["data"]}
            return await self._invoke("adaptiveCard/action", {"action": action, "trigger": "manual"}, **sent)
        assert button["data"]["msteams"] == {"type": "task/fetch"}
        value = {"data": button["data"], "context": {"theme": "default"}}
        return await self._invoke("task/fetch", value, **sent)

    async def _press_inside(self, button, values):
        """A button of a dialog. Only one that takes inputs along brings what is typed so far."""
        typed = {} if button.get("associatedInputs") == "none" else filled(self.dialog["card"], values)
        return await self._submit({**button["data"], **typed})

    async def fill(self, values):
        assert self.dialog is not None, "no form is open"
        sends = [b for b in buttons(self.dialog["card"]) if b["data"][KEPT]["do"] == "send"]
        assert sends, "the open form has nothing to send"
        return await self._submit({**sends[0]["data"], **filled(self.dialog["card"], values)})

    async def _submit(self, data):
        if self.extension is None:
            return await self._invoke("task/submit", {"data": data, "context": {"theme": "default"}})
        return await self._invoke("composeExtension/submitAction", {**self.extension, "data": data})

    async def open(self, surface):
        self._leave()
        if surface == "home":
            return await self._send(self._activity("message", text="home"))
        if surface == "install":
            return await self._send(self._activity("installationUpdate", action="add"))
        members = [{"id": "28:breather"}, {"id": self.user}]
        return await self._send(self._activity("conversationUpdate", membersAdded=members))

    async def hand(self, text, *, own, remark=False):
        payload = {
            "id": "1",
            "body": {"contentType": "html", "content": f"<div><p>{_html(text)}</p></div>"},
            "from": {"user": {"id": self.user if own else "U9", "displayName": "Somebody"}},
        }
        return await self.extend("noteRemark" if remark else "reviewReply", "message", messagePayload=payload)

    async def extend(self, command, context="compose", **more):
        """The message extension is opened."""
        self._leave()
        value = {"commandId": command, "commandContext": context, "context": {"theme": "default"}}
        return await self._invoke("composeExtension/fetchTask", {**value, **more}, extension=value)

    async def press(self, action):
        self._leave()
        data = {KEPT: {"do": "tap", "action": action}}
        return await self._press({"type": "Action.Execute", "verb": action, "data": data}, "m1")

    async def wait(self, happens):
        start = len(self.api.connector.posted)
        await happens()
        return (await self._posted(start)).done()

    def become(self, name):
        self.user = name

    # ----------------------------------------------------------------- how it travels

    def _leave(self):
        self.dialog = self.extension = None

    def _activity(self, kind, **more):
        """From somebody whose directory id is the name a dialog knows; Teams' own id is another."""
        where = channel(CHANNEL) if self.channel else None
        who = {"id": f"29:{self.user}", "aadObjectId": self.user, "name": "A Person"}
        return self.api.activity(kind, conversation=where, sender=self.user, **{"from": who}, **more)

    async def _invoke(self, name, value, *, extension=None, **more):
        sent = self._activity("invoke", name=name, value=value, **more)
        start = len(self.api.connector.posted)
        status, body = await self.api.proxy.send(sent)
        assert status == 200, f"the door answered {status}"
        screen = await self._posted(start)
        screen.answered(name, json.loads(body) if body else None, extension or self.extension)
        return await self._followed(screen)

    async def refreshed(self, card):
        """What this person sees of a card in the channel: their client asks if it is told to."""
        refresh = card.get("refresh")
        if refresh is None or f"29:{self.user}" not in refresh["userIds"]:
            return card
        value = {"action": refresh["action"], "trigger": "automatic"}
        sent = self._activity("invoke", name="adaptiveCard/action", value=value, replyToId="m1")
        status, body = await self.api.proxy.send(sent)
        told = json.loads(body)
        assert (status, told["statusCode"]) == (200, 200)
        assert told["type"] == "application/vnd.microsoft.card.adaptive"
        assert told["value"]["refresh"] == refresh, "the view would not be asked for again"
        return told["value"]

    async def _send(self, activity):
        start = len(self.api.connector.posted)
        status, body = await self.api.proxy.send(activity)
        assert (status, body) == (202, b""), f"the door answered {status}"
        await self.settle()
        return await self._followed(await self._posted(start))

    async def _posted(self, start):
        screen = _Drawn(self)
        for conversation, activity, targeted in self.api.connector.posted[start:]:
            cards = [attachment["content"] for attachment in activity["attachments"]]
            everybody = conversation.partition(";")[0] == CHANNEL and not targeted
            screen.message([await self.refreshed(card) for card in cards], everybody=everybody)
        return screen

    async def _followed(self, screen):
        """A person follows the one button that shows the form."""
        waiting = [b for b, _ in screen.fresh if b["data"][KEPT].get("action") == "teams.open"]
        if not waiting:
            return screen.done()
        return screen.and_then(await self._press(waiting[-1], "m1"))


class _Drawn:
    """What one step brought to the screen."""

    def __init__(self, player):
        self.player, self.texts, self.fresh, self.posted = player, [], [], []

    def message(self, cards, *, everybody):
        for card in cards:
            told = self.posted if everybody else self.texts
            told += words(card)
            made = [(button, "m1") for button in buttons(card)]
            self.fresh += made
            self.player.seen += made

    def answered(self, name, body, extension):
        if name == "adaptiveCard/action":
            assert body["statusCode"] == 200
            assert body["type"] == "application/vnd.microsoft.activity.message"
            return
        self.player._leave()
        if body and "composeExtension" in body:
            self.player.inserted.append(body["composeExtension"]["attachments"][0]["content"])
        elif body:
            value = body["task"]["value"]
            assert body["task"]["type"] == "continue", f"a plain message: {value}"
            self.player.dialog = {"title": value["title"], "card": value["card"]["content"]}
            self.player.extension = extension
            self.texts += [value["title"], *words(self.player.dialog["card"])]

    def done(self):
        dialog = self.player.dialog
        card = dialog["card"] if dialog else {}
        labels = [*(b["title"] for b, _ in self.fresh), *(b["title"] for b in buttons(card))]
        return Screen(
            "\n".join(self.texts),
            tuple(labels),
            dialog["title"] if dialog and dialog["title"] != "Breather" else None,
            tuple(element["label"] for element in inputs(card)),
            bool(self.posted),
            "\n".join(self.posted),
        )

    def and_then(self, after):
        first = self.done()
        return Screen(
            first.text + "\n" + after.text,
            first.choices + after.choices,
            after.form,
            after.fields,
            first.public or after.public,
            first.posted + after.posted,
        )


def filled(card, values):
    """What the inputs of a card send once these fields are filled in; else what they were prefilled with."""
    by_name = {element["id"].rpartition(".")[2]: element for element in inputs(card)}
    unknown = set(values) - set(by_name)
    assert not unknown, f"no fields {unknown}; there are {sorted(by_name)}"
    sent = {}
    for name, element in by_name.items():
        value = values.get(name, element.get("value", ""))
        sent[element["id"]] = ",".join(value) if isinstance(value, list) else value
    return sent


def _typed(text):
    """JSON carries no lone surrogates over the wire."""
    return text.encode("utf-8", "replace").decode()


def _html(text):
    safe = _typed(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("\n", "<br>")
