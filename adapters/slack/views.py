"""Forms as modals, replies as read-only modals, and the Home page."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.blocks import VIEW, fitted, numbered, rendered
from adapters.slack.fields import block_id, element, literal
from adapters.slack.fit import plain, size
from coaching.playbook.wording import Wording
from coaching.values import Field, Form, Heading, Para, Reply

TITLE, LABEL, HINT = 24, 2000, 2000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a modal carries for the way back: ids and a step of ours, never a word anybody wrote."""

    form: str = ""
    state: str = ""
    channel: str = ""  # where the form was asked for, when others read along there

    def written(self) -> str:
        """As private_metadata."""
        kept = {"form": self.form, "state": self.state, "channel": self.channel}
        return json.dumps({key: value for key, value in kept.items() if value})


def read_kept(metadata: object) -> Kept:
    """From private_metadata; empty where it is not ours."""
    found: object = None
    if isinstance(metadata, str):
        with suppress(ValueError, RecursionError):
            found = json.loads(metadata)
    if not isinstance(found, dict):
        return Kept()
    return Kept(*(str(found.get(key, "")) for key in ("form", "state", "channel")))


def modal(form: Form, wording: Wording, above: Sequence[Reply] = (), channel: str = "") -> Json:
    """A form as a modal, with replies to the same message above it."""
    vent = form.id.startswith("vent.")
    kept = Kept(form.id, form.state, "" if vent else channel)
    made = rendered((*above, Reply(form.blocks)), wording, VIEW)
    for field in form.fields:
        made += _field(form, field, wording)
    made += rendered((Reply((), form.choices),), wording, VIEW)
    view = _view(form.title, fitted(made, wording, VIEW), wording, kept)
    if form.fields or form.submit:
        view["submit"] = literal(form.submit or wording.label("slack.send"), TITLE)
    if form.close:
        view["close"] = literal(form.close, TITLE)
    return view


def shown(replies: Sequence[Reply], wording: Wording, channel: str = "") -> Json:
    """Replies as a modal with nothing to send; a short heading at the top becomes its title."""
    title = wording.label("slack.title")
    match replies:
        case [Reply(blocks=(Heading(text=text), _, *_)) as first, *rest] if size(plain(text)) <= TITLE:
            title, replies = plain(text), (replace(first, blocks=first.blocks[1:]), *rest)
        case _:
            pass
    made = rendered(replies, wording, VIEW)
    return _view(title, made, wording, Kept(channel=channel)) | {
        "close": literal(wording.label("slack.close"), TITLE)
    }


def home(replies: Sequence[Reply], wording: Wording) -> Json:
    """Replies as the person's Home page."""
    return {"type": "home", "blocks": rendered(replies, wording, VIEW)}


def problems(form: Form) -> dict[str, str]:
    """What to mend, by block_id."""
    return {block_id(form, field): field.problem[:HINT] for field in form.fields if field.problem}


def same_but_problems(form: Form, wording: Wording, view: Json) -> bool:
    """Whether the open view already shows this form, so that only the problems are new."""
    if read_kept(view.get("private_metadata")) != replace(
        read_kept(modal(form, wording)["private_metadata"]),
        channel=read_kept(view.get("private_metadata")).channel,
    ):
        return False
    clean = replace(form, fields=tuple(replace(field, problem="") for field in form.fields))
    return _texts(modal(clean, wording)) == _texts(view)


def _texts(view: Json) -> list[str]:
    """The words of a view's blocks, without what Slack adds to them."""
    found: list[str] = []
    for block in view.get("blocks") or []:
        _collect(block, found)
    return found


def _collect(value: object, found: list[str]) -> None:
    if isinstance(value, dict):
        for key in sorted(value):
            if key == "text" and isinstance(value[key], str):
                found.append(value[key])
            elif key not in ("element", "accessory"):
                _collect(value[key], found)
    elif isinstance(value, list):
        for part in value:
            _collect(part, found)


def _view(title: str, made: list[Json], wording: Wording, kept: Kept) -> Json:
    return {
        "type": "modal",
        "callback_id": kept.form or "reply",
        "title": literal(title.strip() or wording.label("slack.title"), TITLE),
        "blocks": numbered(made),
        "private_metadata": kept.written(),
    }


def _field(form: Form, field: Field, wording: Wording) -> list[Json]:
    block: Json = {
        "type": "input",
        "block_id": block_id(form, field),
        "label": literal(field.label.strip() or field.name, LABEL),
        "element": element(field),
        "optional": field.optional,
    }
    if field.hint:
        block["hint"] = literal(field.hint, HINT)
    mend = rendered((Reply((Para((field.problem,)),)),), wording, VIEW) if field.problem else []
    return [block, *mend]
