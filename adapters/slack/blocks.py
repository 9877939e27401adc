"""The coach's blocks and buttons as Slack's: literal text wherever Slack has it, within every limit."""

import json
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from typing import Any

from adapters.slack.fields import literal
from adapters.slack.fit import JOINER, cut, escaped, marked, needs_markup, plain, size, split
from coaching.picture import Picture
from coaching.playbook.wording import Wording
from coaching.values import Block, Choice, Draft, Heading, Item, Note, Para, Points, Quote, Reply, Text

MESSAGE, VIEW = 50, 100  # how many blocks each takes
SECTION, HEADER, NOTE, BUTTON, VALUE, FALLBACK = 3000, 150, 2000, 75, 2000, 3000
WHOLE = 200_000  # bytes; a view takes 250 kB, all of it counted
_SURELY = 20  # blocks that cannot be too long together, whatever is in them
_MARKED = 2900  # leaves room for the signs around it
_MARKUP = re.compile(r"[*~`]|(?<!\w)_|_(?!\w)|:[\w+-]+:")
_PER_ROW = 25  # buttons of one block; Slack wraps them
_ALIKE = 3  # from so many on, buttons of one action stand together, apart from the others
FEEDBACK, UP, DOWN = "slack.feedback", "up", "down"
_DIVIDER = {"type": "divider"}

Json = dict[str, Any]


def rendered(replies: Iterable[Reply], wording: Wording, most: int = MESSAGE) -> list[Json]:
    """All these replies as one list of blocks, at most so many; buttons stay where it gets tight."""
    made: list[Json] = []
    for reply in replies:
        content = [slack for block in reply.blocks for slack in _block(block)]
        listed = reply.choices and any(isinstance(block, Item) and block.choices for block in reply.blocks)
        made += [_DIVIDER] if made and content else []
        made += [*content, *([_DIVIDER] if listed else []), *actions(reply.choices)]
    return numbered(fitted(made, wording, most))


def fitted(made: list[Json], wording: Wording, most: int) -> list[Json]:
    """As many and as long as Slack takes: text at the end gives way, and a line says so; buttons stay."""
    if len(made) <= min(most, _SURELY):
        return made
    must = [n for n, block in enumerate(made) if block["type"] in ("actions", "input")][: most - 1]
    may = [n for n, block in enumerate(made) if block["type"] not in ("actions", "input")]
    room = WHOLE - sum(_weight(made[n]) for n in must)
    weights = accumulate(_weight(made[n]) for n in may)
    fits = [n for n, weight in zip(may, weights, strict=True) if weight <= room]
    if len(fits) == len(may) and len(made) <= most:
        return made
    kept = {*must, *fits[: most - 1 - len(must)]}
    return [*(block for n, block in enumerate(made) if n in kept), _note(wording.say("slack.more"))]


def _weight(block: Json) -> int:
    return len(json.dumps(block, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def numbered(made: list[Json]) -> list[Json]:
    """Every row of buttons gets a block_id of its own, the same each time."""
    row = 0
    for block in made:
        if block["type"] == "actions":
            row += 1
            block["block_id"] = f"row|{row}"
    return made


def fallback(replies: Iterable[Reply]) -> str:
    """The words alone, for notifications and screen readers."""
    lines = [
        marked(text)
        for reply in replies
        for block in reply.blocks
        for text in (block.items if isinstance(block, Points) else (block.text,))
    ]
    labels = [escaped(choice.label) for reply in replies for choice in reply.choices]
    return cut("\n".join(line for line in lines if line.strip()) or ", ".join(labels), FALLBACK)


def empty(reply: Reply) -> bool:
    """Whether there is nothing to show."""
    return not fallback((reply,)).strip()


# --------------------------------------------------------------------------- blocks


def _block(block: Block) -> list[Json]:  # noqa: C901 - one case a kind of block
    match block:
        case Heading(text=text):
            made = [{"type": "header", "text": literal(plain(text), HEADER)}]
        case Para(text=text):
            made = _sections(text)
        case Quote(text=text, meant=meant) if meant:
            made = [_marked_quote(text, meant)]
        case Quote(text=text) | Draft(text=text):
            made = [_quote(piece) for piece in split(plain(text), _MARKED)]
        case Points(items=items):
            return _points(items)
        case Note(text=text):
            made = [_note(text)]
        case Item(text=text, choices=choices):
            calm = [replace(choice, style="plain") for choice in choices]  # red in every line would shout
            return [*_sections(text), *actions(calm)]
        case Picture(text=text):
            made = [_signs(plain(text))]  # an image would need a place where everybody can fetch it
    return made if plain(block.text).strip() else []


def _sections(text: Text) -> list[Json]:
    named = _named(text, SECTION)
    if named is not None:
        return [{"type": "section", "text": named}]
    return [_section(piece) for piece in split(plain(text), SECTION)]


def _named(text: Text, limit: int) -> Json | None:
    """A text in which somebody or an instant is named, if no letter of it would change; else None."""
    if not needs_markup(text) or _MARKUP.search(plain(text)):
        return None
    named = marked(text)
    return {"type": "mrkdwn", "text": named, "verbatim": True} if size(named) <= limit else None


def _section(text: str) -> Json:
    return {"type": "section", "text": literal(text, SECTION)}


def _quote(text: str) -> Json:
    """A quotation, letter by letter: markup where the text has none of its own, else rich text."""
    lines = "\n".join(f"> {line}" for line in escaped(text).split("\n"))
    return _markup(text, lines) or {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}],
    }


def _marked_quote(text: Text, meant: Container[int]) -> Json:
    """A quotation in which the words that are meant stand out."""
    pieces = [(index, cut(plain((piece,)), _MARKED // len(text))) for index, piece in enumerate(text)]
    runs: list[Json] = [
        {"type": "text", "text": said} | ({"style": {"bold": True}} if index in meant else {})
        for index, said in pieces
        if said
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": runs}]}


def _markup(text: str, made: str) -> Json | None:
    """A section of markup; None where it would change a letter of the text or is too long."""
    if _MARKUP.search(text) or size(made) > SECTION or JOINER in made:
        return None
    return {"type": "section", "text": {"type": "mrkdwn", "text": made, "verbatim": True}}


def _points(items: Sequence[Text]) -> list[Json]:
    named = _named(tuple(piece for item in items for piece in ("• ", *item, "\n"))[:-1], SECTION)
    if named is not None:
        return [{"type": "section", "text": named}]
    lists: list[list[str]] = [[]]
    for line in (cut(plain(item), SECTION // 3) for item in items if plain(item).strip()):
        if sum(size(other) + 3 for other in (*lists[-1], line)) > SECTION:
            lists.append([])
        lists[-1].append(line)
    return [_list(lines) for lines in lists if lines]


def _list(lines: Sequence[str]) -> Json:
    """A short list: markup where the text has none of its own, else rich text."""
    text = "\n".join(f"• {line}" for line in lines)
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": line}]} for line in lines]
    rich = {"type": "rich_text_list", "style": "bullet", "elements": items}
    return _markup(text, escaped(text)) or {"type": "rich_text", "elements": [rich]}


def _signs(text: str) -> Json:
    """Lines of signs, one below the other."""
    inside = [{"type": "text", "text": cut(text, SECTION)}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": inside}]}


def _note(text: Text) -> Json:
    """Small print."""
    return {"type": "context", "elements": [_named(text, NOTE) or literal(plain(text), NOTE)]}


# --------------------------------------------------------------------------- buttons


def with_feedback(made: list[Json], wording: Wording) -> list[Json]:
    """A review's message with Slack's own two buttons below it; what is pressed is only counted."""
    buttons: Json = {"type": "feedback_buttons", "action_id": FEEDBACK}
    for name, value in (("positive_button", UP), ("negative_button", DOWN)):
        label = literal(wording.label(f"slack.feedback.{value}"), BUTTON)
        buttons[name] = {"text": label, "accessibility_label": label["text"], "value": value}
    return [*fitted(made, wording, MESSAGE - 1), {"type": "context_actions", "elements": [buttons]}]


def actions(choices: Sequence[Choice]) -> list[Json]:
    """Buttons in rows: many of one action, such as things to pick from, in a row of their own."""
    rows: list[list[Choice]] = [[]]
    for _, same in groupby(choices, key=lambda choice: choice.action):
        alike = list(same)
        if len(alike) >= _ALIKE:
            rows += [alike, []]
        else:
            rows[-1] += alike
    parts = [row[i : i + _PER_ROW] for row in rows for i in range(0, len(row), _PER_ROW)]
    return [{"type": "actions", "elements": [_button(c, n) for n, c in enumerate(part)]} for part in parts]


def _button(choice: Choice, number: int) -> Json:
    """The number keeps two buttons of one action apart; `tapped` takes it off again."""
    made: Json = {
        "type": "button",
        "action_id": f"{choice.action}|{number}",
        "text": literal(choice.label, BUTTON),
    }
    made |= {"value": choice.value} if choice.value else {}
    if choice.style != "plain":
        made["style"] = choice.style
    return made


def tapped(action_id: str) -> str:
    """The action a button carried."""
    return action_id.rpartition("|")[0] or action_id
