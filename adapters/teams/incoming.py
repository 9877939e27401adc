"""Activities of Teams as Messages, with what is needed to answer them. Pure: a dict in, a value out."""

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from adapters.teams.fields import read_fields
from adapters.teams.parts import (
    FILLED,
    KEPT,
    Json,
    handed,
    part,
    reference_of,
    spoken,
    tenant_of,
    text,
    user_of,
    zone_of,
)
from adapters.teams.references import Reference
from coaching.intent import COMMANDS
from coaching.people import Person, Place, Room
from coaching.sealed import Words
from coaching.values import Command, Content, Handed, Message, Opened, Said, Submitted, Tapped

REVIEW, REMARK, VENT = (
    "reviewReply",
    "noteRemark",
    "ventSpace",
)  # the message-extension actions of the manifest
OPEN, CLOSE, INSERT = "teams.open", "teams.close", "teams.insert"  # buttons that are the adapter's own
_EXTENSIONS = {REVIEW: "review", REMARK: "heard", VENT: "vent"}
_HOME = "home"
_WORD = re.compile(r"[a-z][a-z_-]{0,19}")
_ID = re.compile(r"[a-z][a-z_]{0,39}(?:\.[a-z][a-z_]{0,39}){1,3}")
_MOST_VALUE, _MOST_STATE = 500, 60


class Way(Enum):
    """How it came, which decides how it can be answered."""

    TALK = "talk"  # a message, or the chat's first look: answered by a message
    TAP = "tap"  # a button of a card in a chat: answered by a message
    DIALOG = "dialog"  # a dialog is asked for: answered by one
    SENT = "sent"  # a button of a dialog: the next one, or none to close it


@dataclass(frozen=True, slots=True)
class Inbound:
    """A Message and the handles for answering it."""

    message: Message
    way: Way
    reference: Reference
    sender: str  # Teams' own id of the person
    invoke: bool = False  # the answer rides in the response
    compose: bool = False  # the dialog stands over the compose box, which can take the result
    key: str = ""  # the form that waits behind a tapped "Open" ...
    again: Content | None = None  # ... and what it was asked for with, if that holds nobody's words
    draft: Words | None = field(default=None, repr=False)  # what is to be put into the compose box


@dataclass(frozen=True, slots=True)
class _Told:
    """An activity and what every kind of it tells."""

    activity: Json
    who: Person
    reference: Reference
    at: datetime


def read(activity: Json, at: datetime) -> Inbound | None:
    """The message in an activity; None for what is not meant for the coach (bots, edits, typing, ...)."""
    reference, tenant = reference_of(activity), tenant_of(activity)
    if reference is None or not text(part(activity, "from"), "id") or not tenant or _bot(activity):
        return None
    told = _Told(activity, Person("teams", tenant, user_of(activity)), reference, at)
    match text(activity, "type"):
        case "message":
            return _message(told)
        case "installationUpdate" | "conversationUpdate":
            return _opened(told)
        case "invoke":
            return _invoke(told)
        case _:
            return None


def removed(activity: Json) -> bool:
    """Whether the coach was taken out of this conversation."""
    gone = text(activity, "action") in ("remove", "remove-upgrade")
    return text(activity, "type") == "installationUpdate" and gone


# --------------------------------------------------------------------------- each kind


def _message(told: _Told) -> Inbound | None:
    """Typed text; or, from clients that know no Action.Execute, a button."""
    activity = told.activity
    if isinstance(activity.get("value"), dict):
        return _acted(told, activity["value"], Way.TAP)
    typed = spoken(activity)
    if told.reference.kind != "personal":
        return _inbound(told, _command(typed), Way.TALK)
    if typed.lower().removeprefix("/") == _HOME:
        return _inbound(told, Opened("home"), Way.TALK)
    if not typed:
        return None
    targeted = part(activity, "recipient").get("isTargeted") is True
    whole = typed.lower() in COMMANDS
    content: Content = _command(typed) if targeted or whole or typed.startswith("/") else Said(Words(typed))
    return _inbound(told, content, Way.TALK)


def _command(typed: str) -> Content:
    """A command and what follows it; a sentence stays a sentence."""
    said = typed.removeprefix("/").strip()
    first, _, rest = said.partition(" ")
    name = first.lower()
    if name in COMMANDS or not said or (not rest and _WORD.fullmatch(name)):
        return Command(name, Words(rest.strip()))
    return Said(Words(said))


def _opened(told: _Told) -> Inbound | None:
    """The coach came into a private chat; in a team nothing is said unasked."""
    coach, added = text(part(told.activity, "recipient"), "id"), told.activity.get("membersAdded")
    joined = isinstance(added, list) and coach in [text(m, "id") for m in added if isinstance(m, dict)]
    installed = text(told.activity, "action") == "add"
    if told.reference.kind != "personal" or not (installed or joined):
        return None
    return _inbound(told, Opened("install" if installed else "tab"), Way.TALK)


def _invoke(told: _Told) -> Inbound | None:
    value = part(told.activity, "value")
    match text(told.activity, "name"):
        case "adaptiveCard/action":
            return _acted(told, part(part(value, "action"), "data"), Way.TAP)
        case "task/fetch":
            return _acted(told, part(value, "data"), Way.DIALOG)
        case "task/submit" | "composeExtension/submitAction":
            return _acted(told, part(value, "data"), Way.SENT)
        case "composeExtension/fetchTask":
            return _extended(told, value)
        case _:
            return None


def _extended(told: _Told, value: Json) -> Inbound | None:
    """A message-extension action, on a message or not: between the person and the coach, wherever it is."""
    name = _EXTENSIONS.get(text(value, "commandId"))
    payload = part(value, "messagePayload")
    if name is None:
        return None
    content: Content = Command(name, Words(""))
    if name != "vent" and payload and text(value, "commandContext") == "message":
        content = Handed(Words(handed(payload)), _own(payload, told.activity), name == "heard")
    return _inbound(told, content, Way.DIALOG)


def _own(payload: Json, activity: Json) -> bool:
    """Whether the person who asks wrote the message: anybody else's is the customer's, or a colleague's."""
    writer, asking = part(part(payload, "from"), "user"), part(activity, "from")
    theirs = {text(writer, "id"), text(writer, "aadObjectId")} - {""}
    return bool(theirs & {text(asking, "id"), text(asking, "aadObjectId")})


def _acted(told: _Told, data: Json, way: Way) -> Inbound | None:
    """A button: what our own part of its data says. Fields are read where a form is sent, and only there."""
    kept = part(data, KEPT)
    state, value = text(kept, "state")[:_MOST_STATE], text(kept, "value")
    action, form = text(kept, "action"), text(kept, "form")
    if text(kept, "do") == "send" and _ID.fullmatch(form):
        return _inbound(told, Submitted(form, read_fields(data), state), way)
    if text(kept, "do") != "tap" or not _ID.fullmatch(action) or len(value) > _MOST_VALUE:
        return None
    made = _inbound(told, Tapped(action, value, state), way)
    draft = text(kept, "draft") or text(data, FILLED)
    return replace(
        made,
        key=text(kept, "key")[:_MOST_STATE],
        again=_again(part(kept, "again")),
        draft=Words(draft) if draft else None,
    )


# --------------------------------------------------------------------------- parts


def _inbound(told: _Told, content: Content, way: Way) -> Inbound:
    activity = told.activity
    extension = text(activity, "name").startswith("composeExtension/")
    where = _place(told, content, extension)
    return Inbound(
        Message(_number(activity), told.who, where, told.at, content, zone_of(activity)),
        way,
        told.reference,
        text(part(activity, "from"), "id"),
        invoke=text(activity, "type") == "invoke",
        compose=extension and text(part(activity, "value"), "commandContext") == "compose",
    )


def _again(kept: Json) -> Content | None:
    """What a form was asked for with."""
    name, action, value = text(kept, "command"), text(kept, "action"), text(kept, "value")
    if "command" in kept and name in COMMANDS:
        return Command(name, Words(""))
    return Tapped(action, value[:_MOST_VALUE]) if _ID.fullmatch(action) else None


def _place(told: _Told, content: Content, extension: bool) -> Place:
    """Where it was said. The message extension and the vent are the person's own, wherever opened."""
    who, reference = told.who, told.reference
    vent = (isinstance(content, Submitted) and content.form.startswith("vent.")) or (
        isinstance(content, Tapped) and content.action.startswith("vent.")
    )
    if isinstance(content, Opened) and content.surface == "home":
        return Place("teams", who.tenant, who.user, Room.HOME)
    if extension or vent or reference.kind == "personal":
        return Place("teams", who.tenant, who.user)
    return Place("teams", who.tenant, reference.conversation_id, Room.CHANNEL)


def _number(activity: Json) -> str:
    """The same for the same activity. What anybody typed has no part in it."""
    told = [
        tenant_of(activity),
        text(part(activity, "conversation"), "id"),
        *(text(activity, key) for key in ("id", "type", "name", "timestamp", "localTimestamp", "replyToId")),
        text(part(activity, "from"), "id"),
    ]
    return hashlib.blake2b("\0".join(told).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _bot(activity: Json) -> bool:
    """Whether another bot speaks, or the coach itself. The notice of an installation may come from either."""
    who = part(activity, "from")
    spoke = text(activity, "type") in ("message", "invoke")
    return spoke and (text(who, "role") == "bot" or text(who, "id").startswith("28:"))
