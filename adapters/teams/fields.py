"""Each kind of field as inputs of an Adaptive Card, and what a person put into them back as a value."""

import re
from typing import Any, TypeAlias
from urllib.parse import unquote

from coaching.playbook.wording import Wording
from coaching.sealed import Sealed, Words
from coaching.values import Field, FieldValue, Kind, Picked
from coaching.when import zones

Json: TypeAlias = dict[str, Any]

_OPEN, _SEALED = "open", "sealed"
_FEW = 7  # options that are shown beside each other; more become a menu
_LONGEST = 200  # characters of something picked
_CHANNEL = re.compile(r"19:[\w.-]{1,150}@thread\.(?:tacv2|skype|v2)")
_IDS = re.compile(r"([a-z]{4,6})\.([a-z]{3,7})\.(\w{1,40})")


def field_id(field: Field) -> str:
    """Says which kind of field it is and whether its text is sealed: the way back reads it."""
    return f"{_SEALED if field.sealed else _OPEN}.{field.kind.value}.{field.name}"


def input_of(field: Field, wording: Wording, here: str = "") -> Json:
    """The input element of a field. `here` is the channel the form was asked for in, if it was in one."""
    made: Json = {
        "id": field_id(field),
        "label": field.label.strip() or field.name,
        "isRequired": not field.optional,
        "errorMessage": field.problem or wording.label("teams.required"),
    }
    match field.kind:
        case Kind.LINE | Kind.TEXT:
            made |= _typed(field)
        case Kind.ONE | Kind.MANY:
            made |= _options(field)
        case Kind.TIME | Kind.DATE:
            made |= {"type": "Input.Time" if field.kind is Kind.TIME else "Input.Date"} | _value(field)
        case Kind.ZONE:
            made |= {"type": "Input.Text", "placeholder": wording.label("teams.zone"), "maxLength": _LONGEST}
            made |= _value(field)
        case Kind.CHANNEL:
            made |= _channel(field, wording, here)
    return made


def _value(field: Field) -> Json:
    return {"value": field.picked[0]} if field.picked else {}


def _typed(field: Field) -> Json:
    made: Json = {
        "type": "Input.Text",
        "isMultiline": field.kind is Kind.TEXT,
        "maxLength": max(1, field.limit),
    }
    value = "" if field.text is None else field.text.reveal()[: field.limit]
    made |= {"placeholder": field.hint} if field.hint else {}
    return made | ({"value": value} if value.strip() else {})


def _options(field: Field) -> Json:
    offered = [{"title": option.label, "value": option.id} for option in field.options]
    picked = [option.id for option in field.options if option.id in field.picked]
    many = field.kind is Kind.MANY
    made: Json = {
        "type": "Input.ChoiceSet",
        "isMultiSelect": many,
        "style": "expanded" if many or len(offered) <= _FEW else "compact",
        "wrap": True,
        "choices": offered,
    }
    return made | ({"value": ",".join(picked if many else picked[:1])} if picked else {})


def _channel(field: Field, wording: Wording, here: str) -> Json:
    """Cards have no channel picker: the channel at hand is the option, elsewhere its link is pasted."""
    if here:
        offered = [{"title": wording.label("teams.this_channel"), "value": here}]
        return {
            "type": "Input.ChoiceSet",
            "style": "expanded",
            "wrap": True,
            "choices": offered,
            "value": here,
        }
    return {
        "type": "Input.Text",
        "placeholder": wording.label("teams.channel_link"),
        "maxLength": 2000,
    } | _value(field)


# --------------------------------------------------------------------------- in


def read_fields(data: Json) -> dict[str, FieldValue]:
    """What was put in, by field name; keys that are not ids of ours are not looked at."""
    found: dict[str, FieldValue] = {}
    for key, value in data.items():
        known = _IDS.fullmatch(key)
        if known is None or not isinstance(value, str) or not value:
            continue
        mark, kind, name = known.groups()
        if mark == _SEALED:
            found[name] = Sealed(value)
        elif mark == _OPEN and kind in _READ:
            picked = _read(_READ[kind], value)
            if picked:
                found[name] = picked
    return found


_READ = {kind.value: kind for kind in Kind}


def _read(kind: Kind, value: str) -> FieldValue:
    match kind:
        case Kind.LINE | Kind.TEXT:
            return Words(value)
        case Kind.MANY:
            return tuple(one[:_LONGEST] for one in value.split(",") if one)
        case Kind.ZONE:
            return _zone(value)
        case Kind.CHANNEL:
            linked = _CHANNEL.search(unquote(value[:2000]))
            return (linked[0] if linked else value[:_LONGEST],)
        case _:
            return (value[:_LONGEST],)


def _zone(typed: str) -> Picked:
    """A zone by its name or by its city, however it is written; anything else as it is."""
    wanted = "_".join(typed.lower().split())
    names = {name.lower(): name for name in zones()}
    cities = [name for low, name in names.items() if low.rpartition("/")[2] == wanted]
    return (names.get(wanted) or (cities[0] if cities else typed[:_LONGEST]),)
