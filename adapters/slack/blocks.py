"""The coach's blocks and buttons as Slack's: literal text wherever Slack has it, within every limit."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from adapters.slack.fields import literal
from adapters.slack.fit import cut, escaped, plain, split
from coaching.playbook.wording import Wording
from coaching.values import Block, Choice, Draft, Heading, Item, Note, Para, Points, Quote, Reply, Text

MESSAGE, VIEW = 50, 100  # how many blocks each takes
SECTION, HEADER, NOTE, BUTTON, VALUE, FALLBACK = 3000, 150, 2000, 75, 2000, 3000
_PER_ROW = 5  # buttons beside each other
_MEMBER = re.compile(r"[UW][A-Z0-9]{5,20}")

Json = dict[str, Any]


def rendered(replies: Iterable[Reply], wording: Wording, most: int = MESSAGE) -> list[Json]:
    """All these replies as one list of blocks, at most so many; buttons stay where it gets tight."""
    made: list[Json] = []
    for reply in replies:
        content = [slack for block in reply.blocks for slack in _block(block)]
        buttons = actions(reply.choices)
        made += [{"type": "divider"}] if made and content else []
        made += [*content, *buttons]
    return numbered(fitted(made, wording, most))


def fitted(made: list[Json], wording: Wording, most: int) -> list[Json]:
    """At most so many blocks: text in the middle gives way, and a line says so; buttons stay."""
    if len(made) <= most:
        return made
    rows = [block for block in made if block["type"] in ("actions", "input")][: most - 2]
    room = most - 1 - len(rows)
    texts = [block for block in made if block["type"] not in ("actions", "input")][:room]
    kept = {id(block) for block in [*rows, *texts]}
    return [
        *(block for block in made if id(block) in kept),
        _note(wording.say("slack.more")),
    ]


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
        plain(text)
        for reply in replies
        for block in reply.blocks
        for text in (block.items if isinstance(block, Points) else (block.text,))
    ]
    labels = [choice.label for reply in replies for choice in reply.choices]
    text = "\n".join(line for line in lines if line.strip()) or ", ".join(labels)
    return escaped(cut(text, FALLBACK))


def empty(reply: Reply) -> bool:
    """Whether there is nothing to show."""
    return not fallback((reply,)).strip()


# --------------------------------------------------------------------------- blocks


def _block(block: Block) -> list[Json]:
    match block:
        case Heading(text=text):
            made = [{"type": "header", "text": literal(plain(text), HEADER)}]
        case Para(text=text):
            made = _sections(text)
        case Quote(text=text):
            made = [_rich("rich_text_quote", piece) for piece in split(plain(text), SECTION)]
        case Draft(text=text):
            made = [_rich("rich_text_preformatted", piece) for piece in split(plain(text), SECTION)]
        case Points(items=items):
            return _points(items)
        case Note(text=text):
            made = [_note(text)]
        case Item(text=text, choices=choices):
            return [*_sections(text), *actions(choices)]
    return made if plain(block.text).strip() else []


def _sections(text: Text) -> list[Json]:
    return [{"type": "section", "text": literal(piece, SECTION)} for piece in split(plain(text), SECTION)]


def _rich(kind: str, text: str) -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": [_run(text)]}]}


def _run(text: str) -> Json:
    return {"type": "text", "text": text}


def _points(items: Sequence[Text]) -> list[Json]:
    lines = [cut(plain(item), SECTION // 3) for item in items if plain(item).strip()]
    rows = [{"type": "rich_text_section", "elements": [_run(line)]} for line in lines]
    listed = {"type": "rich_text_list", "style": "bullet", "elements": rows}
    return [{"type": "rich_text", "elements": [listed]}] if rows else []


def _note(text: Text) -> Json:
    """Small print. A piece of the coach's own that is a member's id is shown as that member."""
    if not any(isinstance(piece, str) and _MEMBER.fullmatch(piece) for piece in text):
        return {"type": "context", "elements": [literal(plain(text), NOTE)]}
    pieces = [
        f"<@{piece}>"
        if isinstance(piece, str) and _MEMBER.fullmatch(piece)
        else escaped(cut(plain((piece,)), 300))
        for piece in text[:8]
    ]
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "".join(pieces), "verbatim": True}]}


# --------------------------------------------------------------------------- buttons


def actions(choices: Sequence[Choice]) -> list[Json]:
    """Buttons in rows."""
    rows = [choices[i : i + _PER_ROW] for i in range(0, len(choices), _PER_ROW)]
    return [{"type": "actions", "elements": [_button(c, n) for n, c in enumerate(row)]} for row in rows]


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
