"""Plays one person in Slack: signed requests over HTTP to the real gate, a small Slack as the other end."""

import json
import re
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

from tests.players.dialog import Screen
from tests.players.slack_api import NOW, SlackApi, interactive, post

VISIBLE = (
    "title",
    "blocks",
    "label",
    "text",
    "elements",
    "element",
    "options",
    "option_groups",
    "hint",
    "submit",
)
DATE = re.compile(r"<!date\^\d+\^[^|>]+\|([^>]*)>")
TEAM, USER, DM, CHANNEL = "T1", "U1PLAYER", "D1", "C1"


def words(value):
    """All visible text of blocks or a view, in order; buttons and options too."""
    if isinstance(value, list):
        for part in value:
            yield from words(part)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str) and value.get("type") in ("plain_text", "mrkdwn", "text"):
            yield DATE.sub(r"\1", value["text"])  # a client shows the reader's own clock instead
        for key in VISIBLE:
            if isinstance(value.get(key), dict | list):
                yield from words(value[key])


def buttons(blocks):
    for block in blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button":
                yield {**element, "block_id": block.get("block_id")}


@dataclass
class SlackPlayer:
    gate: str  # the gate's address
    api: SlackApi
    channel: bool = False
    modal: dict | None = None  # the modal that is open
    home: dict | None = None
    seen: list = field(default_factory=list)  # (button, container) outside modals, oldest first
    ids: count = field(default_factory=lambda: count(1))
    name: str = field(default_factory=lambda: uuid4().hex)  # a repeated id is not heard twice
    installed: object = None  # what happens when somebody installs the coach
    user: str = USER
    sealed: bool = False  # the app is given no messages: everything is typed behind the command
    answers: list = field(default_factory=list)  # what came back in the responses themselves

    # ----------------------------------------------------------------- what a person does

    async def say(self, text):
        if self.channel or self.sealed:
            return await self.command(text)  # the coach does not read channels
        event = {
            "type": "message",
            "channel": DM,
            "channel_type": "im",
            "user": self.user,
            "text": _typed(text),
        }
        return await self._event({**event, "ts": f"{next(self.ids)}.000100"})

    async def command(self, line):
        where = CHANNEL if self.channel else DM
        body = {
            "command": "/coach",
            "text": _typed(line),
            "user_id": self.user,
            "team_id": TEAM,
            "channel_id": where,
            "channel_name": "general" if self.channel else "directmessage",
            "trigger_id": self._trigger(),
            "response_url": f"{self.api.url}/respond/{next(self.ids)}",
        }
        self.modal = None
        return await self._send(urlencode(body).encode(), ephemeral=where)

    async def tap(self, label):
        inside = list(buttons(self.modal["blocks"])) if self.modal else []
        for button in reversed(inside):
            if button["text"]["text"] == label:
                return await self._press(button, {"view": self._with_state({"leave": "me alone"})})
        self.modal = None
        for button, container in reversed(self.seen):
            if button["text"]["text"] == label:
                return await self._press(button, container)
        raise AssertionError(
            f"no button {label!r}; there are {[b['text']['text'] for b in inside]}"
            f" and {[b['text']['text'] for b, _ in self.seen]}"
        )

    async def _press(self, button, container):
        keys = ("action_id", "block_id", "value", "type", "text")
        action = {key: button[key] for key in keys if key in button} | {"action_ts": f"{next(self.ids)}.5"}
        payload = {"type": "block_actions", **self._base(), **container, "actions": [action]}
        if "view" not in container:
            payload["response_url"] = f"{self.api.url}/respond/{next(self.ids)}"
        return await self._send(interactive(payload), ephemeral=CHANNEL if self.channel else DM)

    async def fill(self, values):
        view = self._with_state(filled(self.modal, values))
        payload = {"type": "view_submission", **self._base(), "view": view, "response_urls": []}
        return await self._send(interactive(payload), submitted=True)

    async def open(self, surface):
        if surface == "install":
            calls = len(self.api.calls)
            await self.installed(TEAM, self.user, NOW)
            return self._drawn(calls).done()
        tab = "home" if surface == "home" else "messages"
        return await self._event({"type": "app_home_opened", "user": self.user, "channel": DM, "tab": tab})

    async def hand(self, text, *, own, remark=False):
        payload = {
            "type": "message_action",
            "callback_id": "note_remark" if remark else "review_reply",
            **self._base(),
            "channel": {"id": CHANNEL, "name": "general"},
            "message": {
                "type": "message",
                "user": self.user if own else "U2OTHER",
                "text": _typed(text),
                "ts": "1.2",
            },
            "response_url": f"{self.api.url}/respond/{next(self.ids)}",
        }
        return await self._send(interactive(payload))

    async def press(self, action):
        self.modal = None
        container = {"channel": {"id": CHANNEL if self.channel else DM}}
        button = {"action_id": f"{action}|0", "block_id": "b1", "type": "button"}
        return await self._press(button, container)

    async def wait(self, happens):
        calls = len(self.api.calls)
        await happens()
        return self._drawn(calls).done()

    def become(self, name):
        self.user = name

    # ----------------------------------------------------------------- how it travels

    def _trigger(self):
        return f"{next(self.ids)}.{self.name}.abc"

    def _base(self):
        user = {"id": self.user, "username": "player", "team_id": TEAM}
        return {"team": {"id": TEAM}, "user": user, "trigger_id": self._trigger(), "api_app_id": "A1"}

    def _with_state(self, values):
        return {**self.modal, "state": {"values": values}}

    async def _event(self, event):
        self.modal = None
        payload = {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{self._trigger()}",
            "event": event,
        }
        return await self._send(json.dumps(payload).encode(), form=False)

    async def _send(self, body, *, form=True, ephemeral="", submitted=False):
        calls, responses = len(self.api.calls), len(self.api.responses)
        answer = await post(self.gate, body, form=form)
        assert answer.status == 200, f"the gate answered {answer.status}"
        self.answers += [answer.json] if answer.json else []
        screen = self._drawn(calls)
        for sent in self.api.responses[responses:]:
            screen.message(sent, ephemeral or DM, hidden=True)
        screen.answered(answer.json, ephemeral, submitted=submitted)
        opener = [b for b, _ in screen.fresh if b["action_id"].startswith("slack.open")]
        if opener:  # a person follows the one button that shows the form
            return screen.and_then(await self.tap(opener[0]["text"]["text"]))
        return screen.done()

    def _drawn(self, calls):
        screen = _Drawn(self)
        for method, sent, _ in self.api.calls[calls:]:
            screen.called(method, sent)
        return screen


class _Drawn:
    """What one step brought to the screen."""

    def __init__(self, player):
        self.player, self.texts, self.fresh, self.posted = player, [], [], []

    def called(self, method, sent):
        if method in ("views.open", "views.update"):
            self.window({**sent["view"], "id": sent.get("view_id", "V1")})
        elif method == "views.publish":
            self.player.home = sent["view"]
            self._blocks(sent["view"]["blocks"], {"view": {**sent["view"], "id": "VHOME", "hash": "h0"}})
        elif method == "chat.postMessage":
            self.message(sent, sent["channel"])
        elif method == "chat.postEphemeral":
            self.message(sent, sent["channel"], hidden=True)

    def message(self, sent, channel, *, hidden=False):
        self.posted += list(words(sent["blocks"])) if channel.startswith("C") and not hidden else []
        container = {
            "channel": {"id": channel},
            "container": {"type": "message", "channel_id": channel, "is_ephemeral": hidden},
            "message": {"ts": "1.1", "user": "U0BOT"},
        }
        self._blocks(sent["blocks"], container)

    def window(self, view):
        number = next(self.player.ids)
        self.player.modal = {"id": "V1", **view, "hash": f"h{number}"}
        self.texts += words(view)

    def answered(self, body, channel, *, submitted):
        if submitted and body is None:
            self.player.modal = None
        elif submitted and body["response_action"] == "errors":
            self.texts += [*words(self.player.modal), *body["errors"].values()]
        elif submitted:
            assert body["response_action"] == "update"
            self.window(body["view"])
        elif body is not None:
            assert body["response_type"] == "ephemeral"
            self.message(body, channel, hidden=True)

    def _blocks(self, blocks, container):
        self.texts += words(blocks)
        made = [(button, container) for button in buttons(blocks)]
        self.fresh += made
        self.player.seen += made

    def done(self):
        modal = self.player.modal
        read_only = modal is not None and modal["callback_id"] == "reply"
        labels = [b["text"]["text"] for b, _ in self.fresh]
        inputs = []
        if modal is not None:
            labels += [b["text"]["text"] for b in buttons(modal["blocks"])]
            inputs = [b["label"]["text"] for b in modal["blocks"] if b["type"] == "input"]
        return Screen(
            "\n".join(self.texts),
            tuple(labels),
            modal["title"]["text"] if modal and not read_only else None,
            tuple(inputs),
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


def filled(modal, values):
    """The state of an open modal once these fields are filled in."""
    assert modal is not None, "no form is open"
    assert "submit" in modal, "the open form has nothing to send"
    inputs = {b["block_id"].rpartition("|")[2]: b for b in modal["blocks"] if b["type"] == "input"}
    unknown = set(values) - set(inputs)
    assert not unknown, f"no fields {unknown}; there are {sorted(inputs)}"
    return {
        block["block_id"]: {block["element"]["action_id"]: _filled(block["element"], values.get(name))}
        for name, block in inputs.items()
    }


def _typed(text):
    """As Slack sends what a person typed; JSON carries no lone surrogates over the wire."""
    safe = text.encode("utf-8", "replace").decode()
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _filled(element, value):
    """The state of one input: what was filled in, else what it was prefilled with."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": element.get("initial_value") if value is None else value}
    if kind in ("checkboxes", "multi_static_select"):
        if value is None:
            return {"type": kind, "selected_options": element.get("initial_options", [])}
        ids = value if isinstance(value, list) else [value]
        return {"type": kind, "selected_options": [{"value": one} for one in ids]}
    chosen = value[0] if isinstance(value, list) else value
    keys = {
        "timepicker": ("selected_time", "initial_time"),
        "datepicker": ("selected_date", "initial_date"),
        "conversations_select": ("selected_conversation", "initial_conversation"),
    }
    if kind in keys:
        selected, initial = keys[kind]
        return {"type": kind, selected: element.get(initial) if chosen is None else chosen}
    option = element.get("initial_option") if chosen is None else {"value": chosen}
    return {"type": kind, "selected_option": option}
