"""Forms as dialogs (task modules): a card with inputs, whose buttons carry the form's id and state."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from adapters.teams.cards import (
    SMALL,
    WRONG,
    actions,
    attached,
    body,
    finished,
    in_dialog,
    lines,
    opener,
    rows,
)
from adapters.teams.fields import input_of
from adapters.teams.fit import cut, plain
from adapters.teams.parts import FILLED, KEPT
from coaching.playbook.wording import Wording
from coaching.review.written.card import BETTER, STOP
from coaching.sealed import Words
from coaching.values import Choice, Draft, Field, Form, Kind, Para, Reply

Json: TypeAlias = dict[str, Any]

TITLE = 64
_MOST_INSERTED = 6000  # bytes of a draft that a button, or a field, can carry
_SLOT = re.compile(r"[\[\]]")
_NO_SLOT = r"^[^\[\]]*$"  # the client itself keeps the button from sending what still has a slot


def dialog(form: Form, wording: Wording, above: Sequence[Reply] = (), here: str = "") -> Json:
    """A form as a dialog, with replies to the same message above it."""
    state = form.state
    made = body((*above, Reply(form.blocks)), wording, state)
    for field in form.fields:
        made += _field(field, wording, here)
    buttons = [_send(form, wording)] if form.fields or form.submit else []
    if form.close:
        buttons.append(in_dialog(Choice(form.close, "teams.close"), ""))
    made += [*rows(buttons), *actions(form.choices, state)]
    return _task(form.title.strip() or wording.label("teams.title"), finished(made, wording))


def _send(form: Form, wording: Wording) -> Json:
    """The one button that takes what is typed along."""
    kept = {"do": "send", "form": form.id} | ({"state": form.state} if form.state else {})
    title = form.submit or wording.label("teams.send")
    return {"type": "Action.Submit", "title": title, "style": "positive", "data": {KEPT: kept}}


def shown(replies: Sequence[Reply], wording: Wording, *, compose: bool = False) -> Json:
    """Replies as a dialog. Asked for from the compose box, a draft can be put back into it.

    What stands in the compose box as a card cannot be edited there: slots are filled in here first.
    """
    made = body(replies, wording, "")
    drafts = [block for reply in replies for block in reply.blocks if isinstance(block, Draft)]
    if compose and drafts:
        put = _insert(drafts[-1], wording)
        shows = [n for n, element in enumerate(made) if element.get("style") == "accent"]
        if drafts[-1].open and put and shows:
            made[shows[-1] : shows[-1] + 1] = put  # in place of the draft
        else:
            made += put
    return _task(wording.label("teams.title"), finished(made, wording))


def inserted(draft: Words, wording: Wording) -> Json:
    """A draft as a card in the compose box; one that still has a slot is asked to be filled in once more."""
    if _SLOT.search(plain((draft,))):
        return shown((Reply((Draft((draft,), open=True),)),), wording, compose=True)
    made = finished(body((Reply((Para((draft,)),)),), wording), wording)
    result = {"type": "result", "attachmentLayout": "list", "attachments": [attached(made)]}
    return {"composeExtension": result}


def waiting(wording: Wording, kept: Json) -> Json:
    """The button behind which a form waits, where no dialog can be opened at once."""
    choice = Choice(wording.label("teams.open"), "teams.open", style="primary")
    return opener(choice, {KEPT: {"do": "tap", "action": "teams.open", **kept}})


def _task(title: str, made: Json) -> Json:
    value = {"title": cut(title, TITLE), "height": "medium", "width": "medium", "card": attached(made)}
    return {"task": {"type": "continue", "value": value}}


def _insert(block: Draft, wording: Wording) -> list[Json]:
    """A button that carries the draft; a draft too long for it is copied by hand."""
    draft = plain(block.text)
    if len(draft.encode("utf-8", "replace")) > _MOST_INSERTED:
        return []
    button = in_dialog(Choice(wording.label("teams.insert"), "teams.insert", style="primary"), "")
    if block.open:
        del button["associatedInputs"]  # this one takes along what was typed
        return [_filling(draft, wording), *rows([button])]
    button["data"][KEPT]["draft"] = draft
    return rows([button])


def _filling(draft: str, wording: Wording) -> Json:
    """The draft as a field. It goes nowhere before the button is pressed."""
    return {
        "type": "Input.Text",
        "id": FILLED,
        "label": wording.label("teams.fill"),
        "isMultiline": True,
        "isRequired": True,
        "maxLength": _MOST_INSERTED,
        "regex": _NO_SLOT,
        "errorMessage": wording.label("teams.fill_first"),
        "value": draft,
    }


def _field(field: Field, wording: Wording, here: str) -> list[Json]:
    """The input, with its hint and what to mend below it."""
    made = [input_of(field, wording, here)]
    if field.hint and field.kind not in (Kind.LINE, Kind.TEXT):
        made += lines((field.hint,), SMALL, wording)
    if field.problem:
        made += lines((field.problem,), WRONG, wording)
    return made


def to_come_for(replies: tuple[Reply, ...], wording: Wording) -> tuple[Reply, ...]:
    """Nobody but its reader can change an open dialog: a button there gets the better words."""
    return tuple(
        replace(reply, choices=tuple(_come(choice, wording) for choice in reply.choices)) for reply in replies
    )


def _come(choice: Choice, wording: Wording) -> Choice:
    if choice.action != STOP:
        return choice
    return Choice(wording.label("teams.better"), BETTER, choice.value, "primary")
