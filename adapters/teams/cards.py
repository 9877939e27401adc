"""Replies as Adaptive Cards 1.5: what people wrote stays literal, every button comes back, all of it fits."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from adapters.teams.fit import CARD, calm, clean, cut, plain, safe, size
from adapters.teams.names import worded
from adapters.teams.parts import KEPT
from adapters.teams.picture import strips
from coaching.picture import Picture
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.values import Block, Choice, Draft, Heading, Item, Note, Para, Points, Quote, Reply, Text

Json: TypeAlias = dict[str, Any]

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
BUTTON, SUMMARY = 60, 300
_PER_ROW = 4  # buttons beside each other
_SHORTEST = 80  # characters a text keeps when a card is too big
_STYLES = {"plain": "default", "primary": "positive", "danger": "destructive"}
# Buttons that open a dialog in one step; whatever the coach answers is then shown in it.
_DIALOGS = frozenset(
    {"vent.help", "schedules.settings", "schedules.team", "schedules.change", "schedules.theme", "setup.add"}
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text is shown."""

    size: str = "Default"
    weight: str = "Default"
    subtle: bool = False
    color: str = "Default"


PLAIN, TITLE, SMALL = Look(), Look("Medium", "Bolder"), Look("Small", subtle=True)
WRONG = Look(color="Attention")


def card(replies: Iterable[Reply], wording: Wording, state: str | None = None) -> Json:
    """All these replies as one card. `state` is that of the dialog it stands in; None is a chat."""
    return finished(body(replies, wording, state), wording)


def body(replies: Iterable[Reply], wording: Wording, state: str | None = None) -> list[Json]:
    """The elements of these replies, one after the other."""
    made: list[Json] = []
    for reply in replies:
        content = [element for block in reply.blocks for element in _block(block, wording, state)]
        if made and content:
            content[0]["separator"] = True
        made += [*content, *actions(reply.choices, state)]
    return made


def finished(elements: list[Json], wording: Wording) -> Json:
    """A card of these elements, small enough for Teams."""
    made: Json = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": elements,
        "msteams": {"width": "Full"},
    }
    return fitted(made, wording)


def attached(made: Json) -> Json:
    """A card as an attachment."""
    return {"contentType": ADAPTIVE, "content": made}


def fallback(replies: Iterable[Reply]) -> str:
    """The words alone, short: for notifications and screen readers."""
    lines = [
        plain(text)
        for reply in replies
        for block in reply.blocks
        for text in (block.items if isinstance(block, Points) else (block.text,))
    ]
    labels = [choice.label for reply in replies for choice in reply.choices]
    return calm(
        cut(" ".join(" ".join(line.split()) for line in lines if line.strip()), SUMMARY)
    ) or ", ".join(labels)


def empty(reply: Reply) -> bool:
    """Whether there is nothing to show."""
    return not fallback((reply,)).strip()


# --------------------------------------------------------------------------- blocks


def _block(block: Block, wording: Wording, state: str | None) -> list[Json]:  # noqa: PLR0911 - one a kind
    match block:
        case Heading(text=text):
            return lines(text, TITLE, wording)
        case Para(text=text):
            return lines(text, PLAIN, wording)
        case Quote() | Draft():
            return _boxed(block, wording)
        case Points(items=items):
            return [line for item in items for line in lines(("• ", *item), PLAIN, wording, "• ")]
        case Note(text=text):
            return lines(text, SMALL, wording)
        case Item(text=text, choices=choices):
            return [*lines(text, PLAIN, wording), *actions(choices, state)]
        case Picture():
            return strips(block)


def lines(text: Text, look: Look, wording: Wording, bare: str = "") -> list[Json]:
    """One element for each line that is not blank: text where it is harmless, else runs without markup."""
    written = any(isinstance(piece, Words) for piece in text)
    shown = clean(plain(worded(text, wording)))
    if shown.strip() == bare.strip():
        return []
    made = [_line(line, look, literal=written) for line in shown.split("\n") if line.strip()]
    for element in made[1:]:
        element["spacing"] = "Small"
    return made


def _boxed(block: Quote | Draft, wording: Wording) -> list[Json]:
    """A draft, or a quotation: calmer, and with the words that are meant marked."""
    if isinstance(block, Draft):
        inside, style = lines(block.text, PLAIN, wording), "accent"
    elif block.meant:
        inside, style = _marked_lines(block.text, block.meant), "emphasis"
    else:
        inside, style = lines(block.text, Look(subtle=True), wording), "emphasis"
    return [{"type": "Container", "style": style, "items": inside}] if inside else []


def _marked_lines(text: Text, meant: Container[int]) -> list[Json]:
    """Lines of runs, in which the words that are meant stand out."""
    runs: list[list[Json]] = [[]]
    for index, piece in enumerate(text):
        look = {"highlight": True, "weight": "Bolder"} if index in meant else {"isSubtle": True}
        for number, line in enumerate(clean(plain((piece,))).split("\n")):
            if number:
                runs.append([])
            if line.strip():
                runs[-1].append({"type": "TextRun", "text": line, **look})
            elif runs[-1]:  # a blank alone is no run
                runs[-1][-1]["text"] += line
    return [{"type": "RichTextBlock", "inlines": line} for line in runs if line]


def _line(line: str, look: Look, *, literal: bool) -> Json:
    styled: Json = {"size": look.size, "weight": look.weight, "color": look.color, "isSubtle": look.subtle}
    styled = {key: value for key, value in styled.items() if value not in ("Default", False)}
    if literal or not safe(line):
        return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line, **styled}]}
    heading = {"style": "heading"} if look is TITLE else {}
    return {"type": "TextBlock", "text": line, "wrap": True, **styled, **heading}


# --------------------------------------------------------------------------- buttons


def actions(choices: Sequence[Choice], state: str | None) -> list[Json]:
    """Buttons in rows."""
    made = [in_chat(choice) if state is None else in_dialog(choice, state) for choice in choices]
    return rows(made)


def rows(buttons: Sequence[Json]) -> list[Json]:
    """Buttons that are made, in rows."""
    cut_up = [buttons[i : i + _PER_ROW] for i in range(0, len(buttons), _PER_ROW)]
    return [{"type": "ActionSet", "actions": list(row)} for row in cut_up]


def in_chat(choice: Choice) -> Json:
    """A button of a card in a chat: it opens a dialog, or runs with a fallback for older clients."""
    kept = {KEPT: _tap(choice)}
    if choice.action.endswith(".open") or choice.action in _DIALOGS:
        return opener(choice, kept)
    submit = {"type": "Action.Submit", **_face(choice), "data": kept, "associatedInputs": "none"}
    return {**submit, "type": "Action.Execute", "verb": choice.action, "fallback": submit}


def opener(choice: Choice, kept: Json) -> Json:
    """A button that asks for a dialog."""
    data = {"msteams": {"type": "task/fetch"}, **kept}
    return {"type": "Action.Submit", **_face(choice), "data": data, "associatedInputs": "none"}


def in_dialog(choice: Choice, state: str) -> Json:
    """A button of a dialog: what is typed so far stays where it is."""
    kept = {KEPT: _tap(choice) | ({"state": state} if state else {})}
    return {"type": "Action.Submit", **_face(choice), "data": kept, "associatedInputs": "none"}


def _tap(choice: Choice) -> Json:
    return {"do": "tap", "action": choice.action} | ({"value": choice.value} if choice.value else {})


def _face(choice: Choice) -> Json:
    made: Json = {"title": cut(clean(choice.label), BUTTON)}
    return made if choice.style == "plain" else made | {"style": _STYLES[choice.style]}


# --------------------------------------------------------------------------- size


def fitted(made: Json, wording: Wording) -> Json:
    """The card within its size: the longest text gives way first, then whole lines; buttons stay."""
    shortened = False
    while (over := size(made) - CARD) > 0:
        held = list(_texts(made["body"]))
        longest = max((len(holder[key]) for holder, key in held), default=0)
        if longest > _SHORTEST:
            most = max(_SHORTEST, longest * 2 // 3)
            for holder, key in held:
                holder[key] = cut(holder[key], most)
        elif not _drop(made["body"], over):
            break
        shortened = True
    if shortened:
        made["body"].append(_line(wording.label("teams.more"), SMALL, literal=False))
    return made


def _drop(elements: list[Json], over: int) -> bool:
    """Take out the last elements that only tell something, as many as are over; False where there is none."""
    gone = 0
    for index in range(len(elements) - 1, -1, -1):
        if gone < over and elements[index]["type"] in ("TextBlock", "RichTextBlock", "Container"):
            gone += size(elements.pop(index)) + 1
    return gone > 0


def _texts(value: object) -> Iterable[tuple[Json, str]]:
    """Every text that may be shortened, as its holder and key."""
    if isinstance(value, dict):
        if value.get("type") in ("TextBlock", "TextRun"):
            yield value, "text"
        elif value.get("type") == "Input.Text" and "value" in value:
            yield value, "value"
        for key in ("items", "inlines"):
            yield from _texts(value.get(key))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
