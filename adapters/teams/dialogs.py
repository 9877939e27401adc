"""Forms as dialogs (task modules): a card with inputs, whose buttons carry the form's id and state."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from adapters.teams.cards import (
    KEPT,
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
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.values import Choice, Draft, Field, Form, Kind, Para, Reply

Json: TypeAlias = dict[str, Any]

TITLE = 64
_MOST_INSERTED = 6000  # characters of a draft that a button can carry


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
    """Replies as a dialog. Asked for from the compose box, a draft can be put back into it."""
    made = body(replies, wording, "")
    drafts = [block for reply in replies for block in reply.blocks if isinstance(block, Draft)]
    if compose and drafts:
        made += _insert(drafts[-1], wording)
    return _task(wording.label("teams.title"), finished(made, wording))


def inserted(draft: Words, wording: Wording) -> Json:
    """A draft as a card in the compose box."""
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
    button["data"][KEPT]["draft"] = draft
    return rows([button])


def _field(field: Field, wording: Wording, here: str) -> list[Json]:
    """The input, with its hint and what to mend below it."""
    made = [input_of(field, wording, here)]
    if field.hint and field.kind not in (Kind.LINE, Kind.TEXT):
        made += lines((field.hint,), SMALL, wording)
    if field.problem:
        made += lines((field.problem,), WRONG, wording)
    return made
