"""Each kind of field as a Slack input, and what a person put into it back as a value."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from adapters.slack.fit import cut
from coaching.sealed import Sealed, Words
from coaching.values import Field, FieldValue, Form, Kind, Option, Picked
from coaching.when import zones

_OPEN, _SEALED = "field", "sealed"
_MOST_TEXT = 3000
_MOST_OPTIONS = 100
_MOST_BUTTONS = 10  # radio buttons and checkboxes; more options become a menu

Json = dict[str, Any]


def literal(text: str, limit: int) -> Json:
    """A text object that Slack shows as it is, with no markup."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


# --------------------------------------------------------------------------- out


def block_id(form: Form, field: Field) -> str:
    """Says which field of which form it is, and whether its text is sealed: the way back reads it."""
    return f"{_SEALED if field.sealed else _OPEN}|{form.id}|{field.name}"


def element(field: Field) -> Json:
    """The input element of a field."""
    match field.kind:
        case Kind.LINE | Kind.TEXT:
            made = _typed(field)
        case Kind.ONE | Kind.MANY:
            made = _options(field)
        case Kind.ZONE:
            made = _zone(field)
        case Kind.CHANNEL:
            made = {"type": "conversations_select", "filter": _CHANNELS}
            made |= {"initial_conversation": field.picked[0]} if field.picked else {}
        case Kind.TIME:
            made = {"type": "timepicker"} | ({"initial_time": field.picked[0]} if field.picked else {})
        case Kind.DATE:
            made = {"type": "datepicker"} | ({"initial_date": field.picked[0]} if field.picked else {})
    return made | {"action_id": field.kind.value}


_CHANNELS: Json = {
    "include": ["public", "private"],
    "exclude_external_shared_channels": True,
    "exclude_bot_users": True,
}


def _typed(field: Field) -> Json:
    limit = max(1, min(field.limit, _MOST_TEXT))
    made: Json = {"type": "plain_text_input", "multiline": field.kind is Kind.TEXT, "max_length": limit}
    text = "" if field.text is None else cut(field.text.reveal(), limit)
    return made | ({"initial_value": text} if text.strip() else {})


def _options(field: Field) -> Json:
    few, one = len(field.options) <= _MOST_BUTTONS, field.kind is Kind.ONE
    kinds = {(True, True): "radio_buttons", (True, False): "checkboxes"}
    kind = kinds.get((few, one), "static_select" if one else "multi_static_select")
    offered = [_option(option) for option in field.options[:_MOST_OPTIONS]]
    picked = [option for option in offered if option["value"] in field.picked]
    made: Json = {"type": kind, "options": offered}
    if picked:
        made |= {"initial_option": picked[0]} if one else {"initial_options": picked}
    return made


def _option(option: Option) -> Json:
    return {"text": literal(option.label, 75), "value": option.id}


def _zone(field: Field) -> Json:
    """All zones in one menu, by region, no group with more options than Slack takes."""
    groups: list[Json] = []
    for region, names in groupby(zones(), key=lambda name: name.partition("/")[0]):
        offered = [_option(Option(name, name.replace("_", " "))) for name in names]  # found by either half
        parts = [offered[i : i + _MOST_OPTIONS] for i in range(0, len(offered), _MOST_OPTIONS)]
        for number, part in enumerate(parts, 1):
            label = region if len(parts) == 1 else f"{region} {number}"
            groups.append({"label": literal(label, 75), "options": part})
    picked = [o for group in groups for o in group["options"] if o["value"] in field.picked]
    return {"type": "static_select", "option_groups": groups} | (
        {"initial_option": picked[0]} if picked else {}
    )


# --------------------------------------------------------------------------- in


def read_fields(values: Mapping[str, Any]) -> dict[str, FieldValue]:
    """What was put in, by field name: `values` is view.state.values of a submit, never of a tap."""
    found: dict[str, FieldValue] = {}
    for key, elements in values.items():
        mark, _, rest = key.partition("|")
        name = rest.rpartition("|")[2]
        if mark not in (_OPEN, _SEALED) or not name or not isinstance(elements, dict):
            continue
        for state in elements.values():
            value = _value(state, hidden=mark == _SEALED) if isinstance(state, dict) else None
            if value is not None:
                found[name] = value
    return found


def _value(state: Json, *, hidden: bool) -> FieldValue | None:
    """One element's state as a value; None where it is empty."""
    if state.get("type") == "plain_text_input":
        text = state.get("value")
        if not isinstance(text, str) or not text:
            return None
        return Sealed(text) if hidden else Words(text)
    return _picked(state) or None


def _picked(state: Json) -> Picked:
    for key in ("selected_time", "selected_date"):
        if isinstance(state.get(key), str):
            return (state[key],)
    channel = state.get("selected_conversation")
    if channel is not None:  # our picker offers channels only: anything else was not picked there
        return (channel,) if isinstance(channel, str) and channel[:1] in ("C", "G") else ()
    chosen = state.get("selected_options") or [state.get("selected_option")]
    if not isinstance(chosen, list):
        return ()
    return tuple(o["value"] for o in chosen if isinstance(o, dict) and isinstance(o.get("value"), str))
