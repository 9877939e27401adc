"""Slack's payloads as Messages, with what is needed to answer them. Pure: a payload in, a value out."""

import hashlib
import math
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from adapters.slack.blocks import tapped
from adapters.slack.fields import read_fields
from adapters.slack.fit import unescaped
from adapters.slack.gate import identity
from adapters.slack.views import read_kept
from coaching.intent import COMMANDS
from coaching.people import Person, Place, Room
from coaching.sealed import Words
from coaching.values import Command, Content, Handed, Message, Opened, Said, Submitted, Tapped

COMMAND = "/coach"
REVIEW_SHORTCUT, REMARK_SHORTCUT, VENT_SHORTCUT = "review_reply", "note_remark", "open_vent"
_GLOBAL = {VENT_SHORTCUT: "vent", "open_review": "review"}
_TYPED = {"", "file_share", "thread_broadcast"}  # what a person typed; a file beside it is not looked at
_WORD = re.compile(r"[a-z][a-z_-]{0,19}")

Json = dict[str, Any]


class Way(Enum):
    """How it came, which decides how it can be answered."""

    SLASH = "slash"  # the answer rides in the response, seen by nobody else
    TALK = "talk"  # a message in the DM, or its first look: answered by a message
    HOME = "home"  # the Home page was opened, or a button on it tapped
    SHORTCUT = "shortcut"  # can open a modal
    TAP = "tap"  # a button in a message
    MODAL_TAP = "modal_tap"  # a button in a modal
    SUBMIT = "submit"  # a modal was sent


@dataclass(frozen=True, slots=True)
class Inbound:
    """A Message and the handles for answering it."""

    message: Message
    way: Way
    trigger: str = ""
    response_url: str = field(default="", repr=False)
    channel: str = ""  # where a visible answer goes
    thread: str = ""
    top: bool = False  # said at the top of the DM, not in a thread: `thread` is its own time
    said: str = ""  # the message's own time, in Slack's form
    until: float = math.inf  # by our clock: later than this, no visible answer may begin
    ephemeral: bool = False  # the tapped message is one that only this person sees
    view: Json = field(default_factory=dict, repr=False, compare=False)  # the modal as it stands, unread


def read(payload: Json, at: datetime) -> Inbound | None:
    """The message in a payload; None for what is not meant for the coach (bots, edits, joins, ...)."""
    kind = _text(payload, "type")
    if "command" in payload and not kind:
        return _slash(payload, at)
    if kind == "event_callback":
        return _event(payload, at)
    if kind in ("message_action", "shortcut"):
        return _shortcut(payload, at)
    if kind == "block_actions":
        return _tap(payload, at)
    return _submit(payload, at) if kind == "view_submission" else None


def opener(action: str) -> bool:
    """Whether a button is the adapter's own, which shows a waiting form."""
    return action == "slack.open"


# --------------------------------------------------------------------------- each kind


def _slash(payload: Json, at: datetime) -> Inbound | None:
    user, channel = _text(payload, "user_id"), _text(payload, "channel_id")
    if not user:
        return None
    text = unescaped(_text(payload, "text")).strip()
    first, _, rest = text.partition(" ")
    name = first.lower()
    content: Content = Said(Words(text))
    if name in COMMANDS or not text or (not rest and _WORD.fullmatch(name)):
        content = Command(name, Words(rest.strip()))
    who = Person("slack", team_of(payload), user)
    return Inbound(
        replace(_message(payload, who, _place(who, channel), at, content), posted=False),
        Way.SLASH,
        trigger=_text(payload, "trigger_id"),
        response_url=_text(payload, "response_url"),
        channel=channel,
    )


def _event(payload: Json, at: datetime) -> Inbound | None:
    event = _part(payload, "event")
    user = _text(event, "user")
    who = Person("slack", team_of(payload), user)
    channel = _text(event, "channel")
    if not user or _text(event, "bot_id") or event.get("hidden"):
        return None
    if _text(event, "subtype") not in _TYPED:
        return None
    if _text(event, "type") == "app_home_opened":
        chat = _text(event, "tab") == "messages"
        where = _direct(who) if chat else Place("slack", who.tenant, user, Room.HOME)
        content: Content = Opened("tab" if chat else "home")
        message = _message(payload, who, where, at, content)
        return Inbound(message, Way.TALK if chat else Way.HOME, channel=channel)
    in_dm = _text(event, "channel_type") == "im" or channel.startswith("D")
    text = unescaped(_text(event, "text"))
    if _text(event, "type") != "message" or not in_dm or not (text.strip() or event.get("files")):
        return None
    thread, said = _text(event, "thread_ts"), _text(event, "ts")
    message = _message(payload, who, _direct(who), at, Said(Words(text)))
    return Inbound(message, Way.TALK, channel=channel, thread=thread or said, top=not thread, said=said)


def _shortcut(payload: Json, at: datetime) -> Inbound | None:
    who = _acting(payload)
    callback = _text(payload, "callback_id")
    if who is None:
        return None
    if callback in (REVIEW_SHORTCUT, REMARK_SHORTCUT):
        handed = _part(payload, "message")
        own = _text(handed, "user") == who.user and not _text(handed, "bot_id")
        remark = callback == REMARK_SHORTCUT
        content: Content = Handed(Words(unescaped(_text(handed, "text"))), own, remark)
    elif callback in _GLOBAL:
        content = Command(_GLOBAL[callback], Words(""))
    else:
        return None
    return Inbound(
        _message(payload, who, _direct(who), at, content),
        Way.SHORTCUT,
        trigger=_text(payload, "trigger_id"),
        response_url=_text(payload, "response_url"),
    )


def _tap(payload: Json, at: datetime) -> Inbound | None:
    """A button. The state of the view it stood in holds what is typed so far: it is not read."""
    who, pressed = _acting(payload), payload.get("actions")
    action = pressed[0] if isinstance(pressed, list) and pressed and isinstance(pressed[0], dict) else {}
    if who is None or _text(action, "type") != "button" or not _text(action, "action_id"):
        return None
    view, handed = _part(payload, "view"), _part(payload, "message")
    container, channel = _part(payload, "container"), _text(_part(payload, "channel"), "id")
    kept = read_kept(view.get("private_metadata"))
    way = Way.TAP if not view else Way.HOME if _text(view, "type") == "home" else Way.MODAL_TAP
    where = _place(who, kept.channel or channel)
    if way is Way.HOME:
        where = Place("slack", who.tenant, who.user, Room.HOME)
    content = Tapped(tapped(_text(action, "action_id")), _text(action, "value"), kept.state)
    thread = _text(handed, "thread_ts") or _text(container, "thread_ts")
    return Inbound(
        _message(payload, who, where, at, content),
        way,
        trigger=_text(payload, "trigger_id"),
        response_url=_text(payload, "response_url"),
        channel=kept.channel or channel,
        thread=thread,
        ephemeral=container.get("is_ephemeral") is True or _text(handed, "subtype") == "ephemeral",
        view=_handles(view),
    )


def _submit(payload: Json, at: datetime) -> Inbound | None:
    who, view = _acting(payload), _part(payload, "view")
    if who is None:
        return None
    kept = read_kept(view.get("private_metadata"))
    form = kept.form or _text(view, "callback_id")
    fields = read_fields(_part(_part(view, "state"), "values"))
    return Inbound(
        _message(payload, who, _place(who, kept.channel), at, Submitted(form, fields, kept.state)),
        Way.SUBMIT,
        trigger=_text(payload, "trigger_id"),
        channel=kept.channel,
        view=_handles(view),
    )


def _handles(view: Json) -> Json:
    """A view without what is typed into it."""
    return {key: view[key] for key in ("id", "hash", "blocks", "private_metadata") if key in view}


# --------------------------------------------------------------------------- parts


def _message(payload: Json, who: Person, where: Place, at: datetime, content: Content) -> Message:
    """A submit that is sent again after mending has the same view and hash: its trigger tells them apart."""
    told = (
        identity(payload),
        _text(payload, "trigger_id"),
        _text(payload, "action_ts"),
        who.tenant,
        who.user,
    )
    number = hashlib.blake2b("\0".join(told).encode("utf-8", "replace"), digest_size=16).hexdigest()
    return Message(number, who, where, at, content)


def _acting(payload: Json) -> Person | None:
    user = _text(_part(payload, "user"), "id")
    return Person("slack", team_of(payload), user) if user else None


def team_of(payload: Json) -> str:
    """The workspace, or the organisation where the coach is installed in all of it."""
    if for_organisation(payload) and enterprise_of(payload):
        return enterprise_of(payload)
    found = (
        _text(_part(payload, "team"), "id"),
        _text(payload, "team_id"),
        _text(_part(payload, "user"), "team_id"),
    )
    return next((team for team in found if team), enterprise_of(payload))


def enterprise_of(payload: Json) -> str:
    """The organisation, if the workspace belongs to one."""
    found = _text(_part(payload, "enterprise"), "id"), _text(payload, "enterprise_id")
    return next((one for one in (*found, _text(_authorization(payload), "enterprise_id")) if one), "")


def for_organisation(payload: Json) -> bool:
    """Whether it is meant for an installation in a whole organisation; a command says so in a word."""
    told = payload.get("is_enterprise_install", _authorization(payload).get("is_enterprise_install"))
    return told is True or told == "true"


def _authorization(payload: Json) -> Json:
    all_of_them = payload.get("authorizations")
    first = all_of_them[0] if isinstance(all_of_them, list) and all_of_them else None
    return first if isinstance(first, dict) else {}


def _direct(who: Person) -> Place:
    """The person's private chat, by the person's own id: the same from every surface."""
    return Place("slack", who.tenant, who.user)


def _place(who: Person, channel: str) -> Place:
    if not channel or channel.startswith("D"):
        return _direct(who)
    return Place("slack", who.tenant, channel, Room.CHANNEL)


def _part(value: Json, key: str) -> Json:
    part = value.get(key)
    return part if isinstance(part, dict) else {}


def _text(value: Json, key: str) -> str:
    text = value.get(key)
    return text if isinstance(text, str) else ""
