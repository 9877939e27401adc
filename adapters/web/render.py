"""The coach's values → HTML: all of it escaped; the one file of the page that reveals words."""

import re
from collections import Counter
from collections.abc import Container
from dataclasses import replace
from html import escape
from typing import assert_never

from adapters.web.fields import field_html
from adapters.web.picture import picture_html
from adapters.web.places import YOU
from coaching.picture import Picture
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.values import (
    Block,
    Choice,
    Draft,
    Form,
    Heading,
    Item,
    Note,
    Para,
    Points,
    Quote,
    Reply,
    Text,
)

_YOU = re.compile(rf"@{YOU.user}\b")  # the one person here, as the coach names people in a channel
_MANY = 3  # choices of one action: from here on they are answers to one question, and stand together
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # control characters; tab and line end stay


def shown(text: Text) -> str:
    """A text as HTML. Words stand in <bdi>, so that their direction never turns the coach's sentence."""
    return "".join(
        f"<bdi>{_plain(piece.reveal())}</bdi>"
        if isinstance(piece, Words)
        else _YOU.sub(YOU.user, _plain(piece))
        for piece in text
    )


def _plain(text: str) -> str:
    return escape(_UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def block_html(block: Block, wording: Wording) -> str:  # noqa: C901 - one case a kind of block
    """One block."""
    match block:
        case Heading(text=text):
            made = f"<h3>{shown(text)}</h3>"
        case Para(text=text):
            made = f"<p>{shown(text)}</p>"
        case Quote(text=text, meant=meant):
            made = f'<blockquote dir="auto">{_with_marks(text, meant)}</blockquote>'
        case Draft(text=text):
            made = _draft(text, wording)
        case Points(items=items):
            made = "<ul>" + "".join(f"<li>{shown(item)}</li>" for item in items) + "</ul>"
        case Note(text=text):
            made = f'<p class="note">{shown(text)}</p>'
        case Item(text=text, choices=choices):
            made = f'<div class="item"><p>{shown(text)}</p>{choices_html(choices)}</div>'
        case Picture():
            made = picture_html(block)
        case _:
            assert_never(block)
    return made


def _with_marks(text: Text, meant: Container[int]) -> str:
    return "".join(
        f"<mark>{shown((piece,))}</mark>" if index in meant else shown((piece,))
        for index, piece in enumerate(text)
    )


def _draft(text: Text, wording: Wording) -> str:
    return (
        f'<div class="draft"><div class="draft-text" dir="auto">{shown(text)}</div>'
        f'<button type="button" class="copy" data-copy>{escape(wording.label("web.copy"))}</button></div>'
    )


def choices_html(choices: tuple[Choice, ...]) -> str:
    """Buttons, each with its action and value; the answers to one question have a row of their own."""
    actions = Counter(choice.action for choice in choices)
    answers = tuple(choice for choice in choices if actions[choice.action] >= _MANY)
    others = tuple(choice for choice in choices if choice not in answers)
    return _row(answers, "choices answers") + _row(others, "choices")


def _row(choices: tuple[Choice, ...], look: str) -> str:
    if not choices:
        return ""
    buttons = "".join(
        f'<button type="button" class="choice {choice.style}" data-action="{escape(choice.action)}"'
        f' data-value="{escape(choice.value)}">{_plain(choice.label)}</button>'
        for choice in choices
    )
    return f'<div class="{look}">{buttons}</div>'


def reply_html(reply: Reply, wording: Wording, *, channel: bool) -> str:
    """An answer in the chat. In a channel it says who can see it."""
    seen = ""
    if channel:
        key = "web.seen.only_you" if reply.only_you else "web.seen.team"
        seen = f'<p class="seen">{escape(wording.label(key))}</p>'
    public = " data-public" if channel and not reply.only_you else ""
    return (
        f'<article class="from-coach"{public}{_later(reply)}>{seen}{_blocks(reply.blocks, wording)}'
        f"{choices_html(reply.choices)}</article>"
    )


def _later(reply: Reply) -> str:
    """What a card is called until another takes its place."""
    return f' data-later="{escape(reply.later)}"' if reply.later else ""


def form_html(form: Form, handle: str, wording: Wording) -> str:
    """A form as the inside of a dialog."""
    mixed = not all(spec.optional for spec in form.fields)  # else "optional" at each one is only noise
    fields = "".join(
        field_html(spec, handle, wording, "" if spec.text is None else _plain(spec.text.reveal()), mark=mixed)
        for spec in form.fields
    )
    send = f'<button class="choice primary" data-send>{_plain(form.submit)}</button>' if form.submit else ""
    return (
        f'<form class="screen" data-form="{handle}" novalidate autocomplete="off"'
        f' aria-labelledby="{handle}-title">'
        f'<h2 id="{handle}-title" tabindex="-1">{_plain(form.title)}</h2>'
        f'<div class="inside">{_blocks(form.blocks, wording)}{fields}{choices_html(form.choices)}</div>'
        f"{_foot(form.close or wording.label('web.close'), send)}"
        "</form>"
    )


def answer_html(replies: tuple[Reply, ...], handle: str, wording: Wording) -> str:
    """Private answers in the place of the form that was sent; a leading heading becomes the title."""
    blocks = tuple(block for reply in replies for block in reply.blocks)
    title = escape(wording.label("web.answer"))
    match blocks:
        case (Heading(text=text), *_):
            title, replies = shown(text), (replace(replies[0], blocks=replies[0].blocks[1:]), *replies[1:])
        case _:
            pass
    inside = "".join(
        f"<div{_later(reply)}>{_blocks(reply.blocks, wording)}{choices_html(reply.choices)}</div>"
        if reply.later
        else _blocks(reply.blocks, wording) + choices_html(reply.choices)
        for reply in replies
    )
    return (
        f'<div class="screen answer" data-form="{handle}" role="group" aria-labelledby="{handle}-title">'
        f'<h2 id="{handle}-title" tabindex="-1">{title}</h2><div class="inside">{inside}</div>'
        f"{_foot(wording.label('web.close'))}</div>"
    )


def _foot(close: str, send: str = "") -> str:
    button = f'<button type="button" class="choice plain" data-close>{_plain(close)}</button>'
    return f'<div class="foot">{button}{send}</div>'


def _blocks(blocks: tuple[Block, ...], wording: Wording) -> str:
    return "".join(block_html(block, wording) for block in blocks)
