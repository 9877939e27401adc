"""One request of the page → one Message. A form's own field kinds decide what is Sealed, Words or Picked."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.web.forms import OpenForms
from adapters.web.places import HOME, PLACES, YOU
from coaching.intent import COMMANDS
from coaching.people import Place, Zone
from coaching.sealed import Sealed, Words
from coaching.values import (
    Command,
    Content,
    Field,
    FieldValue,
    Form,
    Handed,
    Kind,
    Message,
    Opened,
    Said,
    Submitted,
    Tapped,
)
from coaching.when import UnknownZoneError, zone

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_SHORT = 200  # characters of an id, a time, a zone name: anything longer is not one of ours


class UnreadableError(Exception):
    """The request is not one the page sends. Carries no part of it."""


class FormGoneError(Exception):
    """The form was not shown by this start of the playground, so its fields cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and whether it was sent from a dialog, whose place the answer then takes."""

    message: Message
    in_dialog: bool


def read(body: bytes, forms: OpenForms, at: datetime) -> Heard:
    """The message in a request body. Raises UnreadableError or FormGoneError, neither with any text."""
    data = _object(body)
    name = _text(data, "id")
    if not _ID.fullmatch(name):
        raise UnreadableError
    where = PLACES.get(_text(data, "place"))
    if where is None:
        raise UnreadableError
    form = _form(data, forms)
    content = _content(data, form)
    message = Message(f"web-{name}", YOU, where, at, content, _zone(data))
    return Heard(message, _in_dialog(form, where, content))


def _in_dialog(form: Form | None, where: Place, content: Content) -> bool:
    """A form's answer takes its place, the settings have no chat; an answer's buttons lead to the chat."""
    asked = form is not None and form.id != ""
    return asked or (where == HOME and not isinstance(content, Opened))


def _object(body: bytes) -> Mapping[str, object]:
    broken = False
    data: object = None
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        broken = True  # raised again outside: the decoder's error quotes the whole body
    if broken or not isinstance(data, dict):
        raise UnreadableError
    return data


def _text(data: Mapping[str, object], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise UnreadableError
    return value


def _form(data: Mapping[str, object], forms: OpenForms) -> Form | None:
    handle = _text(data, "form")
    if not handle:
        return None
    form = forms.find(handle)
    if form is None:
        raise FormGoneError
    return form


def _zone(data: Mapping[str, object]) -> Zone | None:
    try:
        return zone(_text(data, "zone"))
    except UnknownZoneError:
        return None


def _content(data: Mapping[str, object], form: Form | None) -> Content:
    match _text(data, "do"):
        case "say":
            return _said(_text(data, "text"))
        case "tap":
            action, value = _text(data, "action")[:_SHORT], _text(data, "value")[:_SHORT]
            return Tapped(action, value, form.state if form else "")
        case "send" if form is not None:
            return Submitted(form.id, _fields(data, form), form.state)
        case "open":
            return _opened(_text(data, "surface"))
        case "hand":
            return Handed(
                Words(_text(data, "text")), own=data.get("own") is True, remark=data.get("remark") is True
            )
        case _:
            raise UnreadableError


def _said(text: str) -> Content:
    """A line that starts with "/" is a command, with or without "/coach" before the sub-word."""
    if not text.startswith("/"):
        return Said(Words(text))
    name, rest = _word(text[1:])
    if name.casefold() == "coach":
        name, rest = _word(rest)
    known = name.casefold() in COMMANDS  # any other word may begin a sentence and stays as it is
    return Command(name.casefold() if known else name, Words(rest))


def _word(text: str) -> tuple[str, str]:
    pieces = text.split(maxsplit=1)
    return (pieces[0] if pieces else "", pieces[1] if len(pieces) > 1 else "")


def _opened(surface: str) -> Opened:
    match surface:
        case "home" | "chat" | "install":
            return Opened(surface)
        case _:
            raise UnreadableError


def _fields(data: Mapping[str, object], form: Form) -> Mapping[str, FieldValue]:
    """Only the fields the form had; what arrives under any other name is dropped unread."""
    sent = data.get("fields", {})
    if not isinstance(sent, dict):
        raise UnreadableError
    found = {spec.name: _value(spec, sent[spec.name]) for spec in form.fields if spec.name in sent}
    return {name: value for name, value in found.items() if value is not None}


def _value(spec: Field, value: object) -> FieldValue | None:
    if spec.kind in (Kind.LINE, Kind.TEXT):
        if not isinstance(value, str):
            return None
        return Sealed(value) if spec.sealed else Words(value)
    several = value if isinstance(value, list) else [value]
    picked = tuple(one.strip()[:_SHORT] for one in several[:_SHORT] if isinstance(one, str) and one.strip())
    if spec.kind in (Kind.ONE, Kind.MANY):
        offered = {option.id for option in spec.options}
        picked = tuple(one for one in picked if one in offered)
    return picked if spec.kind is Kind.MANY or picked else None
